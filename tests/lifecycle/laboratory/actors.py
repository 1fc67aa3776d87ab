"""Who acts: daemons that ring as the real one does, people at the queue, customers and the weather."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from responder.connector import Account
from responder.model.case import Case
from responder.model.case import Stage as CaseStage
from responder.model.decision import Verdict
from responder.model.draft import Draft
from responder.model.mention import Mention
from responder.model.people import NotAllowed
from responder.steps.approve import Blocked, Yes, approve, decide, edit, settle
from responder.steps.draft import draft
from responder.steps.follow_up import follow_up
from responder.steps.look import Patience
from responder.steps.poll import poll
from responder.steps.post import Mode, post
from responder.steps.triage import triage
from responder.store.errors import Conflict, NotFound, StoreError
from tests.lifecycle.laboratory.laws import Laws
from tests.lifecycle.laboratory.networks import Net, Reply, Wishes
from tests.lifecycle.laboratory.stage import Actor
from tests.lifecycle.laboratory.watched import WatchedStore
from tests.lifecycle.world import TARGETS
from tests.network import mention
from tests.policies import PlainPolicy

ACCOUNT = "shop"
POLICY = PlainPolicy()
_QUIET = timedelta(days=3)
#: So many posts were heard and drafted before a schedule begins.
FIRST = 3
#: The most posts of customers in one schedule.
_POSTS = 9


def first_post(number: int) -> Mention:
    """Return the post number 0, 1 ... with which every schedule begins."""
    return mention(f"p{number + 1}", f"words {number + 1}", thread=f"t{number}", author=f"a{number}")


@dataclass
class Machine:
    """A daemon: one ring after the other, each in its own time, until the schedule is calm."""

    store: WatchedStore
    account: Account
    laws: Laws
    #: How long the feed was when it was last read.
    heard: int = 0

    def live(self, actor: Actor) -> None:
        """Ring until all is calm."""
        stage = actor.stage
        while not stage.dice.calm:
            name = stage.dice.of_event.choices(list(_RINGS), _HOW_OFTEN)[0]
            # what would find nothing to do is mostly left out: it would only cost time
            feed = len(self.laws.net.feed)
            news = feed > self.heard if name == "poll" else self.laws.stands(*_RINGS[name])
            if news or stage.dice.of_event.random() < 0.1:
                self.ring(actor, name)
            actor.sleep(stage.dice.of_event.uniform(1, 20))

    def ring(self, actor: Actor, name: str) -> None:
        """Do one ring's work; a database that fails ends it, anything else is a bug of ours."""
        now, began = actor.stage.clock.wall(actor.name), actor.stage.clock.seconds
        try:
            if name == "poll" and self.store.intake.due([ACCOUNT], now):
                heard = len(self.laws.net.feed)
                poll(self.store, self.account, now)
                self.heard = heard
            elif name == "think":
                triage(self.store, POLICY, TARGETS, now)
                draft(self.store, POLICY, {ACCOUNT: self.account}, now)
            elif name == "post":
                post(self.store, {ACCOUNT: self.account}, Mode.ON, now)
                self.laws.posted(began)
            elif name == "follow up":
                follow_up(self.store, _QUIET, now)
        except StoreError as error:
            actor.stage.note(actor.name, f"{name} ended", type(error).__name__)
        except Exception as error:  # noqa: BLE001 (whatever it is, it is a finding)
            actor.stage.broken.append(f"{name} ended with {type(error).__name__}: {error}")


#: The rings, with the stages in which they find something to do.
_RINGS: dict[str, tuple[str, ...]] = {
    "poll": (),
    "think": ("NEW", "NEEDS_REPLY"),
    "post": ("PLANNED", "SENDING", "UNSURE"),
    "follow up": (),
}
_HOW_OFTEN = (2, 3, 8, 0.3)


@dataclass
class Person:
    """Somebody at the queue, perhaps with an old card before them."""

    store: WatchedStore
    account: Account
    net: Net
    wishes: Wishes
    laws: Laws
    cards: list[tuple[Case, Draft]] = field(default_factory=list)

    def live(self, actor: Actor) -> None:
        """Do one thing after the other until all is calm."""
        while not actor.stage.dice.calm:
            try:
                self.do(actor, self._choice(actor))
                if self.laws.stands("UNSURE"):
                    self.settle(actor)
            except (Conflict, Blocked, NotAllowed, NotFound, StoreError) as error:
                actor.stage.note(actor.name, "is told", type(error).__name__)
            actor.intent = None
            actor.sleep(actor.stage.dice.of_event.uniform(2, 60))

    def _choice(self, actor: Actor) -> str:
        """Return what to do: mostly what there is to do, and mostly to approve."""
        dice = actor.stage.dice
        if self.wishes.paused and dice.of_event.random() < 0.3:
            return "resume"
        act = dice.fault("people") or "approve"
        possible = act in {"pause", "old card"} or self.laws.stands(_WHERE[act])
        return act if possible else "approve" if self.laws.stands("WAITING") else ""

    def do(self, actor: Actor, act: str) -> None:
        """Do one thing, as a face would: read, show, decide."""
        if not act:
            return
        if act in {"pause", "resume"}:
            self._pause(actor, on=act == "pause")
        elif act in {"approve", "edit", "old card"}:
            self._work_on_a_card(actor, act)
        else:
            self._decide(actor, act)

    def _pause(self, actor: Actor, *, on: bool) -> None:
        """Stop all sending by the switch or, where the event says so, by the file; or let it go on."""
        file = self.store.pause_file
        assert file is not None
        if self.wishes.filed if not on else actor.stage.dice.event % 3 == 0:
            actor.moment("reaches for the file")
            file.touch() if on else file.unlink(missing_ok=True)
            self.wishes.filed = on
            return
        actor.intent = lambda: setattr(self.wishes, "switched", on)
        self.store.control.pause(actor.name, actor.stage.clock.wall(actor.name), on=on)

    def _work_on_a_card(self, actor: Actor, act: str) -> None:
        chance = actor.stage.dice.of_event
        if act != "old card" or not self.cards:
            for case in _some(self.store.views.page(CaseStage.WAITING, limit=10), chance.random()):
                if shown := self.store.casework.draft(case):
                    self.cards = [*self.cards[-2:], (case, shown)]
                    break
            else:
                return
        seen = self.cards[0 if act == "old card" else -1]
        if act == "edit":
            self._edit(actor, seen)
        else:
            self._approve(actor, seen)

    def _approve(self, actor: Actor, seen: tuple[Case, Draft]) -> None:
        case, shown = seen
        wanted = (case.target.external_id, shown.text, case.target.text)
        actor.intent = lambda: self.wishes.yes(case.id, wanted, actor.name)
        undo = Yes(undo=timedelta(seconds=20 * (case.id % 2)))
        approve(self.store, self.account, seen, actor.name, actor.stage.clock.wall(actor.name), undo)

    def _edit(self, actor: Actor, seen: tuple[Case, Draft]) -> None:
        case, shown = seen
        words = (f"{shown.text} Better.", actor.name)
        actor.intent = lambda: self.wishes.wrote(case.id, words[0], actor.name)
        edit(self.store, POLICY, self.account, seen, words, actor.stage.clock.wall(actor.name))

    def _decide(self, actor: Actor, act: str) -> None:
        chance = actor.stage.dice.of_event.random()
        for case in _some(self.store.views.page(_WHERE[act], limit=10), chance):
            actor.intent = lambda number=case.id: self.wishes.ended(number)
            said = (actor.name, "because")
            decide(self.store, case, Verdict(act), said, actor.stage.clock.wall(actor.name))
            return

    def settle(self, actor: Actor) -> None:
        """Look on the network, for each reply this person is asked about, and say what is there."""
        unsettled = self.store.views.unsettled()
        latest = {one.case_id: one.id for one in unsettled}  # what people say is said of a case's latest
        for one in unsettled:
            if latest[one.case_id] != one.id or not one.problem.startswith("not found after"):
                continue  # nobody has asked yet: the machine still looks
            case = self.store.casework.get(one.case_id)
            actor.moment("looks on the network")
            post = one.target.external_id
            public = self.net.ours(post, actor.stage.clock.seconds - self.net.lag)
            url = f"https://net.example/{public[0].id}" if public else None
            actor.moment("makes up their mind")
            actor.intent = self._said(case.id, post, public)
            now = actor.stage.clock.wall(actor.name)
            settle(self.store, case, url, actor.name, now, patience=Patience().give_up_after)

    def _said(self, number: int, post: str, public: list[Reply]) -> Callable[[], None]:
        def noted() -> None:
            self.wishes.settled(number, post)
            if not public:
                self.wishes.denied[post] = len(self.net.writes)

        return noted


#: In which stage of a case there is something to do.
_WHERE = {
    "approve": CaseStage.WAITING,
    "edit": CaseStage.WAITING,
    "withdraw": CaseStage.APPROVED,
    "redo": CaseStage.WAITING,
    "dismiss": CaseStage.WAITING,
    "reopen": CaseStage.SET_ASIDE,
}


def _some(cases: list[Case], chance: float) -> list[Case]:
    """Return one of these cases, or none when there is none."""
    return [cases[int(chance * len(cases))]] if cases else []


@dataclass
class Weather:
    """Customers, a colleague on the network itself, and the clocks on the walls."""

    net: Net
    machines: list[Actor] = field(default_factory=list)
    posts: int = FIRST

    def happens(self) -> None:
        """Let requests arrive, and perhaps something happen in the world."""
        stage = self.net.stage
        fault = stage.dice.fault("weather")
        chance = stage.dice.of_event.random()
        if fault == "long while":
            stage.clock.seconds += 60 + 900 * chance
        self.net.arrive_late()
        if not fault:
            return
        stage.note("world", fault)
        if fault in {"clock jumps", "clock is set right", "restart"}:
            self._tamper(fault, chance)
        elif fault == "says more":
            self.write(int(chance * 3))
        elif fault in {"edits", "removes", "colleague"} and (living := self.net.living()):
            self._change(fault, living[int(chance * len(living))])

    def _tamper(self, fault: str, chance: float) -> None:
        """Set the clocks on the walls, or switch the machine off and on."""
        clock = self.net.stage.clock
        if fault == "clock jumps":
            clock.jumped += 3_600 if chance < 0.5 else -3_600
        elif fault == "clock is set right":
            clock.set_right()
        else:
            clock.restart()
            for machine in self.machines:
                machine.dies, machine.wakes = True, 0.0

    def write(self, thread: int) -> None:
        """Let a customer write, in a thread of their own or (again) in an old one."""
        if self.posts >= _POSTS:
            return
        self.posts += 1
        name = f"p{self.posts}"
        words = f"words {self.posts}" if self.posts % 5 else f"thanks {self.posts}"
        said = mention(name, words, thread=f"t{thread}", author=f"a{thread}")
        self.enter(replace(said, created_at=self.net.stage.clock.true()))

    def _change(self, what: str, post: str) -> None:
        was = self.net.now(post)
        if what == "removes" or was is None:
            self.enter(post)
        elif what == "edits":
            self.enter(replace(was, text=f"{was.text} and more", edit_mark=f"{was.edit_mark}e"))
        else:
            number, at = len(self.net.replies) + 1, self.net.stage.clock.seconds
            self.net.replies.append(Reply(f"r{number}", post, "by hand", "", at, None))

    def enter(self, entry: Mention | str, at: float | None = None) -> None:
        """Let this stand in the feed from now (or that second) on."""
        what = f"{entry} is gone" if isinstance(entry, str) else f"{entry.external_id} reads: {entry.text}"
        self.net.stage.note("world", what)
        self.net.feed.append((self.net.stage.clock.seconds if at is None else at, entry))
