"""A room for tests of the review: the real store, a scripted network, a clock, and people who press keys."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from io import StringIO
from pathlib import Path
from typing import Literal

from responder.cli.desk import Desk
from responder.cli.review.keys import press
from responder.cli.review.plain import Talk
from responder.cli.review.questions import Question, Told
from responder.cli.review.session import Session
from responder.cli.screen import Manner, Screen, Streams
from responder.connector import Account
from responder.model.case import Case
from responder.model.draft import Draft
from responder.model.limits import Limits
from responder.model.mention import Mention
from responder.model.triage import Finding, Level
from responder.policy.policy import Policy, Words
from responder.settings.people import ApprovalSection
from responder.settings.sections import PostingSection, ReviewSection, Settings
from responder.steps.look import Patience
from responder.steps.post import Mode, Terms
from responder.steps.post import post as post_step
from responder.store.store import Store
from responder.wiring import App
from tests.cli.scene import Terminal
from tests.desk import street
from tests.network import ScriptedNetwork, account, at
from tests.policies import PlainPolicy

#: So long is the longest reply of the room's network.
LENGTH = 120


class Careful(PlainPolicy):
    """Blocks "forbidden" and what is too long, and warns of "careless", in our own words too."""

    def write(self, case: Case, limits: Limits, now: datetime, *, recent: tuple[str, ...] = ()) -> Words:
        words = super().write(case, limits, now, recent=recent)
        text = f"{words.text} careless" if "careless" in case.target.text else words.text
        text = f"{text} forbidden" if "forbidden" in case.target.text else text
        text = f"{text} {'long ' * 30}" if "endless" in case.target.text else text
        return replace(words, text=text.strip(), findings=_found(text))

    def check(
        self, text: str, case: Case, before: Draft, limits: Limits, now: datetime | None = None
    ) -> tuple[Finding, ...]:
        return _found(text)


def _found(text: str) -> tuple[Finding, ...]:
    levels = {"forbidden": Level.BLOCK, "careless": Level.WARN}
    return tuple(
        Finding(rule=word, level=level, says=f"a {word} word", quote=word, end=1)
        for word, level in levels.items()
        if word in text
    )


@dataclass(frozen=True)
class BuiltApp(App):
    """What wiring would have built, on this store."""

    held: Store
    judge: Policy

    @cached_property
    def store(self) -> Store:
        return self.held

    @cached_property
    def policy(self) -> Policy:
        return self.judge


@dataclass(frozen=True)
class RoomDesk(Desk):
    """A desk whose accounts are scripted."""

    rooms: Mapping[str, Account] = field(default_factory=dict)

    def account(self, case: Case) -> Account:
        return self.rooms[case.account]


@dataclass
class Room:
    """A store with cases that wait, the network they came from, and a clock that goes on a second a look."""

    store: Store
    folder: Path
    mode: Literal["off", "dry-run", "on"] = "on"
    network: ScriptedNetwork = field(default_factory=lambda: ScriptedNetwork(limits=Limits(length=LENGTH)))
    now: datetime = field(default_factory=lambda: at(60))
    environ: dict[str, str] = field(default_factory=dict)
    judge: Policy = field(default_factory=Careful)
    #: About one card in so many holds the words of another reply.
    planted: int = 0
    #: From which tier on calls and e-mails wait for the worksheet.
    worksheet_from_tier: int = 4

    @property
    def accounts(self) -> dict[str, Account]:
        return {"shop": account(self.network)}

    def say(self, *mentions: Mention) -> "Room":
        """Let customers write, and the machine weigh and draft."""
        self.network.say(*mentions)
        self.street()
        return self

    def street(self) -> None:
        street(
            self.store, self.accounts, minutes=(self.now - at(0)) / timedelta(minutes=1), policy=self.judge
        )

    def clock(self) -> datetime:
        """Return the time, a second later each time."""
        self.now += timedelta(seconds=1)
        return self.now

    def desk(self, who: str = "sam", answers: str = "") -> RoomDesk:
        """Return a desk at which somebody sits who types these answers."""
        environ = {"COLUMNS": "80", "TERM": "xterm", "TMPDIR": str(self.folder), **self.environ}
        streams = Streams(Terminal(), StringIO(), Terminal(answers), environ)
        settings = Settings(
            posting=PostingSection(mode=self.mode),
            review=ReviewSection(planted=self.planted),
            approval=ApprovalSection(worksheet_from_tier=self.worksheet_from_tier),
        )
        built = BuiltApp(settings, self.store, self.judge)
        screen = Screen(streams, Manner(plain=True))
        return RoomDesk(screen=screen, named=who, clock=self.clock, built=built, rooms=self.accounts)

    def session(self, who: str = "sam", least: float = 0.0) -> Session:
        """Let somebody sit down."""
        return Session(self.desk(who), least=timedelta(seconds=least))

    def talk(self, *answers: str) -> str:
        """Let somebody answer at the prompt, out of a pipe; return what was said."""
        out = StringIO()
        streams = Streams(
            out, StringIO(), StringIO("".join(f"{one}\n" for one in answers)), {"COLUMNS": "80"}
        )
        desk = replace(self.desk(), screen=Screen(streams, Manner(plain=True)))
        Talk(Session(desk), lambda _: False).talk()
        return out.getvalue()

    def send(self, minutes: float = 5) -> None:
        """Let so many minutes go by, and what is due be sent."""
        self.now += timedelta(minutes=minutes)
        seconds = self.now.timestamp()
        self.store.lease_clock = lambda: ("boot", seconds)
        patience = Patience(look_after=timedelta(minutes=2), give_up_after=timedelta(minutes=10))
        post_step(self.store, self.accounts, Mode.ON, self.now, terms=Terms(patience=patience))


#: What a person answers: words, None for leaving, or what they do when they are asked.
Answer = str | None | Callable[[Question], str | None]


def presses(session: Session, letter: str, *answers: Answer) -> Told:
    """Press a key and answer what is asked, in order; more or fewer questions than answers fail."""
    dialogue, left = press(session, letter), list(answers)
    try:
        question = next(dialogue)
        while True:
            assert left, f"nobody thought of the question {question}"
            answer = left.pop(0)
            question = dialogue.send(answer(question) if callable(answer) else answer)
    except StopIteration as end:
        assert not left, f"nobody asked for {left}"
        told: Told = end.value
        return told
