"""A network as it truly is, of one of three kinds, and the line to it, on which everything goes wrong."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from responder.connector import (
    Answerable,
    Eligibility,
    Exhausted,
    Limits,
    Look,
    Page,
    Refused,
    Sight,
    Unauthorised,
    Unavailable,
    Unsure,
)
from responder.model.delivery import Receipt, Shown
from responder.model.draft import Message
from responder.model.mention import Mention
from responder.model.people import FourEyes, Person, Role, Roster
from tests.lifecycle.laboratory.schedule import HORIZON, LONGEST, Kind
from tests.lifecycle.laboratory.stage import Actor, Stage

#: Seconds for which an unreliable key is honoured, where it is.
WINDOW = 3_600.0
#: Entries of a feed in one page.
_PAGE = 3


@dataclass(slots=True)
class Write:
    """One write request, from when it was begun."""

    number: int
    target: str
    text: str
    key: str
    began: float
    #: Whether its sender was told for sure that it had no effect.
    surely_not: bool = False
    #: Whether its effect came later than anybody has to reckon with.
    too_late: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply that is public."""

    id: str
    target: str
    text: str
    key: str
    at: float
    #: The request it came from; None where a colleague wrote it on the network itself.
    write: Write | None


PEOPLE = ("ana", "bo")
#: A desk at which two must say yes to everything.
TWO = Roster(
    people=tuple(Person(name=name, role=Role.APPROVER) for name in PEOPLE), four_eyes=FourEyes(from_tier=1)
)


@dataclass
class Wishes:
    """What people want, as far as it is committed: kept apart from the store, to judge it by."""

    #: By case: (post, words, the complaint as it was seen) while an approval stands.
    standing: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    #: Whether two people must say yes to the same words.
    two: bool = False
    #: Who wrote the words of a case, for the words they wrote.
    writers: dict[tuple[int, str], str] = field(default_factory=dict)
    #: By case: what was last said yes to, and who said so.
    yeses: dict[int, tuple[tuple[str, str, str], set[str]]] = field(default_factory=dict)
    #: Whether the switch stops all sending, and whether a file does.
    switched: bool = False
    filed: bool = False
    #: Posts of which a person said that no reply is public, with how many writes there were by then.
    denied: dict[str, int] = field(default_factory=dict)

    @property
    def paused(self) -> bool:
        """Whether anything stops all sending."""
        return self.switched or self.filed

    def yes(self, number: int, wanted: tuple[str, str, str], by: str) -> None:
        """Take a person's yes to exactly this; it stands when enough have said so."""
        said_to, names = self.yeses.get(number, (wanted, set()))
        names = names | {by} if said_to == wanted else {by}
        self.yeses[number] = wanted, names
        if len(names | {self.writers.get((number, wanted[1]), by)}) > self.two:
            self.standing[number] = wanted

    def wrote(self, number: int, words: str, by: str) -> None:
        """Take a person's own words: they have looked at them, and nothing else stands any more."""
        self.ended(number)
        self.writers[number, words] = by

    def settled(self, number: int, post: str) -> None:
        """Take it that somebody said whether the reply to a post is public; a yes to a newer post stands."""
        if self.standing.get(number, ("",))[0] != post:
            return
        self.standing.pop(number)
        if self.yeses.get(number, (("",),))[0][0] == post:
            del self.yeses[number]

    def ended(self, number: int) -> None:
        """Take it that nothing stands, nor half stands, of a case."""
        self.standing.pop(number, None)
        self.yeses.pop(number, None)


@dataclass
class Net:
    """What is true on the network, whoever knows."""

    stage: Stage
    kind: Kind
    #: Whether an UNRELIABLE one honours keys.
    honours: bool
    #: Seconds by which readings may lag behind.
    lag: float
    #: Whether a fresh look at a post shows our own replies to it.
    sees_own: bool
    feed: list[tuple[float, Mention | str]] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    #: Requests on their way: (when they arrive, the request).
    late: list[tuple[float, Write]] = field(default_factory=list)

    def now(self, post: str, at: float = float("inf")) -> Mention | None:
        """Return a post as it read at that second; None when it was gone, or not there yet."""
        found = None
        for second, entry in self.feed:
            if second > at:
                break
            if entry == post:
                found = None
            elif isinstance(entry, Mention) and entry.external_id == post:
                found = entry
        return found

    def versions(self, post: str, since: float, until: float) -> list[Mention]:
        """Return what a post read at any moment of a span."""
        moments = [since, *(at for at, _ in self.feed if since < at <= until)]
        return [one for at in moments if (one := self.now(post, at))]

    def living(self) -> list[str]:
        """Return the posts that are there, in the order they came."""
        ids = dict.fromkeys(entry.external_id for _, entry in self.feed if isinstance(entry, Mention))
        return [post for post in ids if self.now(post)]

    def ours(self, post: str, at: float = float("inf")) -> list[Reply]:
        """Return what our account answered to a post, as far as it was public at that second."""
        return [one for one in self.replies if one.target == post and one.at <= at]

    def arrive(self, write: Write, at: float) -> Reply | None:
        """Let a request have its effect; None when there is nothing (any more) to answer."""
        keeps = self.kind is Kind.OWN_KEY or (self.kind is Kind.UNRELIABLE and self.honours)
        window = float("inf") if self.kind is Kind.OWN_KEY else WINDOW
        for one in self.replies:
            if keeps and one.key == write.key and at - one.at < window:
                return one
        if self.now(write.target) is None:
            return None
        write.too_late = write.too_late or at - write.began > HORIZON
        reply = Reply(f"r{len(self.replies) + 1}", write.target, write.text, write.key, at, write)
        self.replies.append(reply)
        self.stage.note("network", f"shows {reply.id} to {write.target}: {write.text}")
        return reply

    def arrive_late(self) -> None:
        """Let what was on its way arrive, if its time has come."""
        for due in sorted(
            (one for one in self.late if one[0] <= self.stage.clock.seconds), key=lambda x: x[0]
        ):
            self.late.remove(due)
            self.arrive(due[1], due[0])


@dataclass
class Line:
    """The one place where the laboratory keeps the connector's contract: a network, from one process."""

    net: Net
    actor: Actor
    #: Called as a write begins, before anything else can happen: the moment its sender last looked.
    judge: Callable[[Message, Mention], Write]
    #: Called before each call: no transaction may be open.
    idle: Callable[[], None]
    network: str = "laboratory"
    limits: Limits = field(init=False)

    def __post_init__(self) -> None:
        self.limits = Limits(length=500, own_key=self.net.kind is Kind.OWN_KEY)

    def poll(self, cursor: str | None) -> Page:
        self._read("poll")
        until = self._lagging()
        seen = [entry for at, entry in self.net.feed if at <= until]
        start = int(cursor or 0)
        new = seen[start : start + _PAGE]
        return Page(
            mentions=tuple(one for one in new if isinstance(one, Mention)),
            removed=tuple(one for one in new if isinstance(one, str)),
            cursor=str(start + len(new)),
            more=start + len(new) < len(seen),
        )

    def eligibility(self, mention: Mention) -> Eligibility:
        return Eligibility(answerable=Answerable.API)

    def look(self, mention: Mention) -> Look:
        self._read("look")
        at = self._lagging()
        now = self.net.now(mention.external_id, at)
        self.net.stage.note(self.actor.name, f"sees {mention.external_id}: {now.text if now else 'gone'}")
        if now is None:
            return Look(sight=Sight.GONE)
        if (now.text, now.edit_mark) != (mention.text, mention.edit_mark):
            return Look(sight=Sight.CHANGED, now=replace(now, id=mention.id))
        if any(self.net.sees_own or one.write is None for one in self.net.ours(mention.external_id, at)):
            return Look(sight=Sight.ANSWERED, detail="by our own account")
        return Look(sight=Sight.PRESENT, now=replace(now, id=mention.id), since=self._since(now, at))

    def _since(self, one: Mention, at: float) -> tuple[Mention, ...]:
        """Return what the author of a post wrote in its thread after it, as far as that second knows."""
        posts = dict.fromkeys(
            entry.external_id
            for second, entry in self.net.feed
            if second <= at and isinstance(entry, Mention) and entry.thread == one.thread
        )
        there = (self.net.now(post, at) for post in posts)
        return tuple(post for post in there if post and post.created_at > one.created_at)

    def find_sent(self, message: Message, to: Mention) -> tuple[Receipt, ...]:
        self._read("find_sent")
        at = self.net.stage.clock.seconds if self.net.kind is Kind.OWN_KEY else self._lagging()
        return tuple(_receipt(one) for one in self.net.ours(to.external_id, at))

    def shown(self, receipt: Receipt, to: Mention) -> Shown:
        self._read("shown")
        found = [one.text for one in self.net.ours(to.external_id) if one.id == receipt.remote_id]
        return Shown(text=found[0] if found else None)

    def send(self, message: Message, to: Mention) -> Receipt:
        self.idle()
        stage, net, write = self.net.stage, self.net, self.judge(message, to)
        self.actor.moment("send")
        fate = stage.dice.fault("sending")
        stage.note(self.actor.name, f"sends {write.number} to {write.target}", fate or "")
        if fate in _NEVER:
            write.surely_not = True
            error = _NEVER[fate]
            raise error()
        if fate == "late":
            net.late.append((stage.clock.seconds + self._delay(write), write))
        stale = stage.clock.seconds - write.began > HORIZON and not stage.plan.beyond
        if fate in {"lost", "late"} or stale:  # stale: the process slept, and its connection did not wait
            raise Unsure("no answer in time")
        reply = net.arrive(write, stage.clock.seconds)
        if fate == "twice":
            self._again(write)
        self.actor.moment("sent")
        if fate in {"answer lost", "twice"}:
            raise TimeoutError
        if fate == "strange answer":
            raise ValueError
        if reply is None:
            write.surely_not = True
            raise Refused("there is no such post")
        return _receipt(reply)

    def _delay(self, write: Write) -> float:
        """Return how long a request takes: within the horizon, counted from when it began, or far beyond."""
        stage = self.net.stage
        if stage.plan.beyond:
            return stage.dice.of_event.uniform(1, LONGEST)
        left = HORIZON - (stage.clock.seconds - write.began)
        return stage.dice.of_event.uniform(0, max(0.0, left))

    def _again(self, write: Write) -> None:
        """Let the network repeat a request; without a key that is a second reply whatever we do."""
        beyond = self.net.stage.plan.beyond
        if self.net.kind is Kind.OWN_KEY or self.net.honours or beyond:
            again = replace(write, too_late=True)
            self.net.late.append((self.net.stage.clock.seconds + self._delay(write), again))

    def _read(self, what: str) -> None:
        self.idle()
        self.actor.moment(what)
        fault = self.net.stage.dice.fault("reading")
        if fault:
            self.net.stage.note(self.actor.name, what, fault)
            error = _READING[fault]
            raise error()

    def _lagging(self) -> float:
        return self.net.stage.clock.seconds - self.net.stage.dice.of_event.uniform(0, self.net.lag)


def _receipt(reply: Reply) -> Receipt:
    return Receipt(remote_id=reply.id, url=f"https://net.example/{reply.id}", text=reply.text)


#: What is raised where a call surely had no effect, by fault.
_NEVER: dict[str | None, Callable[[], Exception]] = {
    "refused": Refused,
    "throttled": lambda: Unavailable(retry_after=120),
    "unauthorised": Unauthorised,
    "exhausted": Exhausted,
    "unreachable": Unavailable,
}
_READING: dict[str, Callable[[], Exception]] = {
    "unreachable": Unavailable,
    "bug": lambda: KeyError("the network changed"),
    "unauthorised": Unauthorised,
    "throttled": lambda: Unavailable(retry_after=60),
}
