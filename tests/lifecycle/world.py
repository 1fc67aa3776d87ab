"""The world of the lifecycle machine: a network that fails anywhere, two daemons, customers and two people.

The world keeps its own plain record of what the people approved, and checks at the very moment of
each write that these words for this post are what stands approved, by two of them where it tells of fire,
and that nobody pressed pause.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from responder.connector import Account
from responder.model.case import Case, Stage
from responder.model.clocks import Clocks, Targets
from responder.model.correction import What
from responder.model.decision import Verdict
from responder.model.delivery import Receipt
from responder.model.draft import Draft, Message
from responder.model.mention import Mention
from responder.model.people import FourEyes, NotAllowed, Person, Role, Roster
from responder.steps.approve import Blocked, approve, decide, edit, settle
from responder.steps.correct import NothingToCorrect, Said, correct
from responder.steps.draft import draft
from responder.steps.look import Patience
from responder.steps.poll import poll
from responder.steps.post import Mode, Terms, post
from responder.steps.triage import triage
from responder.store.errors import Conflict
from responder.store.store import Store
from responder.store.tables import delivery
from responder.store.tables import mention as mentions
from tests.network import ScriptedNetwork, at, mention
from tests.policies import PlainPolicy

TERMS = Terms(patience=Patience(look_after=timedelta(minutes=2), give_up_after=timedelta(minutes=10)))
#: Two must say yes to a reply to a fire: PlainPolicy gives it tier 5.
ROSTER = Roster(
    people=(Person(name="sam", role=Role.APPROVER, teams=("legal",)), Person(name="ana", role=Role.ADMIN)),
    four_eyes=FourEyes(from_tier=4),
)
TARGETS = Clocks(targets=Targets(first=dict.fromkeys(range(6), timedelta(hours=4))))


class Crash(BaseException):
    """The process dies here: no handler of ours may catch it."""


class Violation(AssertionError):
    """One of the laws was broken."""


@dataclass
class WatchedNetwork(ScriptedNetwork):
    """A network on which every write is judged as it begins."""

    judge: Callable[[Message, Mention], None] | None = None

    def send(self, message: Message, to: Mention) -> Receipt:
        if self.judge:
            self.judge(message, to)
        return super().send(message, to)


@dataclass
class World:
    """Everything outside the Store, and the moves that can happen in it."""

    store: Store
    network: WatchedNetwork = field(default_factory=WatchedNetwork)
    minutes: float = 0
    #: The lease clock; runs with time, survives jumps of the wall clock.
    boot: float = 0
    policy: PlainPolicy = field(default_factory=PlainPolicy)
    #: By case: (target, words, the complaint as the person saw it) while an approval stands.
    standing: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    #: Who wrote the words of a case, for the words they wrote.
    writers: dict[tuple[int, str], str] = field(default_factory=dict)
    #: By case: what was last said yes to, and the people who said so.
    yeses: dict[int, tuple[tuple[str, str, str], set[str]]] = field(default_factory=dict)
    #: By case: who called it less urgent, which is a word about it too.
    lowered: dict[int, set[str]] = field(default_factory=dict)
    #: Cards a person has open, perhaps for long.
    seen: list[tuple[Case, Draft]] = field(default_factory=list)
    #: Effects of requests that arrive after the sender gave up.
    late: list[tuple[str, str]] = field(default_factory=list)
    #: Laws that were broken in the middle of a send.
    broken: list[str] = field(default_factory=list)
    #: Authors who asked not to be answered.
    silent: set[str] = field(default_factory=set)
    posts: int = 0

    def __post_init__(self) -> None:
        self.network.judge = self._judge
        self.store.intake.introduce({"shop": "scripted"})

    @property
    def now(self) -> datetime:
        return at(self.minutes)

    @property
    def accounts(self) -> dict[str, Account]:
        return {"shop": Account(name="shop", connector=self.network, every=60)}

    # --- customers ---------------------------------------------------------------------------------

    def write(self, thread: int) -> None:
        """A customer writes, in a thread of their own or (again) in an old one."""
        self.posts += 1
        post_id = f"p{self.posts}"
        self.network.say(
            mention(
                post_id,
                f"{'fire' if thread % 2 else 'words'} {self.posts}",
                thread=f"t{thread}",
                author=f"a{thread}",
                minutes=self.minutes,
            )
        )

    def rewrite(self, number: int) -> None:
        """A customer edits a post."""
        known = self._known()
        if known:
            self.posts += 1
            post_id = known[number % len(known)]
            kind = "fire" if "fire" in self.network.now(post_id).text else "words"
            self.network.edit(post_id, f"{kind}, edited {self.posts}", f"e{self.posts}")

    def take_away(self, number: int) -> None:
        """A customer removes a post."""
        known = self._known()
        if known:
            self.network.remove(known[number % len(known)])

    def _known(self) -> list[str]:
        ids = dict.fromkeys(one.external_id for one in self.network.feed if isinstance(one, Mention))
        return [one for one in ids if not self.network.gone(one)]

    # --- the machine -------------------------------------------------------------------------------

    def hear(self) -> None:
        poll(self.store, self.accounts["shop"], self.now)

    def think(self) -> None:
        triage(self.store, self.policy, TARGETS, self.now)
        draft(self.store, self.policy, self.accounts, self.now)

    def tick(self) -> None:
        """A daemon posts."""
        with suppress(Crash):  # the next daemon finds what it left
            post(self.store, self.accounts, Mode.ON, self.now, terms=TERMS)

    def pass_time(self, minutes: float) -> None:
        self.minutes += minutes
        self.boot += minutes * 60

    def arrive_late(self) -> None:
        """Requests that were on their way have their effect now."""
        self.network.public.extend(self.late)
        self.late.clear()

    def stall(self, minutes: float) -> None:
        """The sender stalls past its lease; another daemon comes by."""
        self.pass_time(minutes)
        self.tick()

    def follow_up(self, thread: int) -> None:
        """The customer writes again and the other daemon takes it in."""
        self.write(thread)
        self.hear()
        self.think()

    # --- the people --------------------------------------------------------------------------------

    def open_card(self, number: int) -> None:
        cases = [case for stage in (Stage.WAITING, Stage.APPROVED) for case in self.store.views.page(stage)]
        if cases:
            case = cases[number % len(cases)]
            shown = self.store.casework.draft(case)
            if shown:
                self.seen.append((case, shown))

    def approve(self, number: int, by: str = "sam") -> None:
        if not self.seen:
            return
        case, shown = self.seen[number % len(self.seen)]
        try:
            approve(self.store, self.accounts["shop"], (case, shown), by, self.now)
        except (Conflict, Blocked, NotAllowed):
            return
        wanted = (case.target.external_id, shown.text, case.target.text)
        said_to, names = self.yeses.get(case.id, (wanted, set()))
        names = names | {by} if said_to == wanted else {by}
        self.yeses[case.id] = wanted, names
        lowered = case.tier < 4 and self.lowered.get(case.id, set()) - {by}
        others = names | {self.writers.get((case.id, shown.text), by)}
        if len(others) > 1 or lowered or "fire" not in case.target.text:
            self.standing[case.id] = wanted

    def edit(self, number: int, by: str = "sam") -> None:
        if not self.seen:
            return
        case, _ = seen = self.seen[number % len(self.seen)]
        try:
            stored = edit(
                self.store, self.policy, self.accounts["shop"], seen, (f"better {number}", by), self.now
            )
        except Conflict:
            return
        self.ended(case.id)
        self.writers[case.id, stored.text] = by

    def ended(self, number: int) -> None:
        """Nothing stands approved of a case any more, nor half approved."""
        self.standing.pop(number, None)
        self.yeses.pop(number, None)

    def decide(self, number: int, verdict: Verdict) -> None:
        pages = (Stage.WAITING, Stage.APPROVED, Stage.SET_ASIDE, Stage.NEEDS_REPLY)
        cases = [case for stage in pages for case in self.store.views.page(stage)]
        if not cases:
            return
        case = cases[number % len(cases)]
        try:
            decide(self.store, case, verdict, ("sam", "because"), self.now)
        except Conflict:
            return
        self.ended(case.id)

    def correct(self, number: int, what: What) -> None:
        """The person says what triage got wrong; who moves a case by that ends what was approved."""
        cases = [case for stage in Stage for case in self.store.views.page(stage)]
        if not cases:
            return
        case = self.store.casework.get(cases[number % len(cases)].id)
        language = "" if what is not What.LANGUAGE else "sl" if case.language == "de" else "de"
        try:
            after = correct(self.store, TARGETS, case, Said(what, "sam", "because", language), self.now)
        except (Conflict, NothingToCorrect):
            return
        if what is What.LESS_URGENT:
            self.lowered.setdefault(case.id, set()).add("sam")
        if after.stage is not case.stage:
            self.ended(case.id)

    def settle(self, number: int) -> None:
        """The person opens the network, looks, and says what is there."""
        unsure = [one for one in self.store.views.unsettled() if one.looks >= 2 and not self.late]
        if not unsure:
            return
        one = unsure[number % len(unsure)]
        public = any(target == one.target.external_id for target, _ in self.network.public)
        try:
            url = "https://net.example/seen" if public else None
            settle(self.store, self.store.casework.get(one.case_id), url, "sam", self.now)
        except Conflict:
            return
        self.ended(one.case_id)

    # --- the laws ----------------------------------------------------------------------------------

    def _judge(self, message: Message, to: Mention) -> None:
        """Judge a write as it begins; what is raised here a step would take for a failing network."""
        if self.store.control.paused():
            self.broken.append("sent while paused")
        if (
            to.external_id,
            message.text,
            self.network.now(to.external_id).text,
        ) not in self.standing.values():
            self.broken.append(
                f"sent without a standing approval of these words for this post: {message.text}"
            )
        if to.author.id in self.silent:
            self.broken.append("sent to somebody who asked not to be answered")
        if self.network.gone(to.external_id):
            self.broken.append("sent to a post that is gone")

    def check(self) -> None:
        """Check what must hold at every moment."""
        if self.broken:
            raise Violation(self.broken[0])
        targets = [target for target, _ in self.network.public]
        if len(targets) != len(set(targets)):
            raise Violation(f"a post was answered twice: {targets}")
        if differences := self.store.views.verify():
            raise Violation(f"the roll-up differs: {differences}")
        sent = (
            select(mentions.c.external_id)
            .join(delivery, delivery.c.target_id == mentions.c.id)
            .where(delivery.c.stage == "SENT")
        )
        with self.store.read() as connection:
            if not set(connection.scalars(sent)) <= set(targets):
                raise Violation("recorded as sent, but not public")

    def settle_down(self) -> None:
        """Let the faults end and everybody do their work, then check that nothing is stuck or lost."""
        self.network.before_effect.clear()
        self.network.after_effect.clear()
        self.network.unreachable = None
        self.arrive_late()
        self.store.control.pause("sam", self.now, on=False)
        if self.store.pause_file:
            self.store.pause_file.unlink(missing_ok=True)
        for _ in range(4):
            self.pass_time(60 * 24)
            self.hear()
            self.think()
            self.tick()
            for number in range(len(self.store.views.unsettled())):
                self.settle(number)
            for by in ("sam", "ana"):
                self.seen.clear()
                for number in range(len(self.store.views.page(Stage.WAITING))):
                    self.open_card(number)
                for number in range(len(self.seen)):
                    self.approve(number, by)
            self.tick()
            self.check()
        self._nothing_is_stuck()
        self._nothing_is_lost()

    def _nothing_is_stuck(self) -> None:
        for stage in (Stage.NEW, Stage.NEEDS_REPLY, Stage.APPROVED):
            if stuck := self.store.views.page(stage):
                raise Violation(f"{[case.name for case in stuck]} stay {stage} for ever")
        if stuck_deliveries := self.store.views.unsettled():
            raise Violation(f"nobody can settle {stuck_deliveries}")

    def _nothing_is_lost(self) -> None:
        kept = {
            post.external_id: (post.text, post.id in card.removed)
            for stage in Stage
            for case in self.store.views.page(stage, limit=10_000)
            for card in (self.store.views.card(case.id),)
            for post in card.posts
        }
        for one in self.network.feed:
            if isinstance(one, Mention):
                now = self.network.now(one.external_id)
                if kept.get(one.external_id) != (now.text, self.network.gone(one.external_id)):
                    raise Violation(f"{one.external_id} was said and is not in the store as it reads now")
