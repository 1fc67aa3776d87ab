"""A person who sets an account up, played from a script: what they answer, and what they were told."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from responder.setup import Declined

#: What every walk sees on the clock.
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STATE = "state-5f0e"


@dataclass
class Guided:
    """Gives these answers one after the other; "" takes what was offered. Without more it goes away."""

    answers: Iterable[str] = ()
    #: What the browser does with an address: it returns the code it was sent back with.
    browser: Callable[[str], str] = lambda _: "code-1"
    redirect_uri: str = "http://127.0.0.1:8723/"
    #: All that was said and asked, in order.
    told: list[str] = field(default_factory=list)
    #: The questions whose answers nobody saw being typed.
    hidden: list[str] = field(default_factory=list)
    #: Where the browser was sent.
    visited: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._answers = iter(self.answers)

    def say(self, words: str) -> None:
        self.told.append(words)

    def ask(self, question: str, default: str | None = None) -> str:
        while True:
            self.told.append(question)
            answer = next(self._answers, None)
            if answer is None:
                raise Declined
            if answer or default is not None:
                return answer or default or ""

    def ask_secret(self, question: str, default: str | None = None) -> str:
        self.hidden.append(question)
        return self.ask(question, default)

    def choose(self, question: str, among: Mapping[str, str]) -> str:
        while (answer := self.ask(question, next(iter(among)))) not in among:
            self.told.append(f"not one of {', '.join(among)}")
        return answer

    def consent(self, address: Callable[[str], str]) -> str:
        self.visited.append(address(STATE))
        return self.browser(self.visited[-1])

    def now(self) -> datetime:
        return NOW
