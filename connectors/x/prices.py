"""Prices: what X's calls cost, and a count of what ours did."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock

from responder.connector import Charge


@dataclass(frozen=True, slots=True)
class Price:
    """What one of something costs."""

    #: In the words that people read.
    kind: str
    #: In millionths of a US dollar.
    micros: int


#: X's list of prices for pay-per-use, as its documentation had it on 2026-08-22 (getting-started/pricing):
#: by the name it has in the option `prices`. A post that is read is paid for once a day of UTC; failed
#: requests cost nothing. Whether what an expansion brings is charged is not said there: it is counted here.
PRICES: Mapping[str, Price] = {
    "mention": Price("mention read", 5_000),
    "own": Price("own post read", 5_000),
    "search": Price("post found", 5_000),
    "lookup": Price("post looked up", 5_000),
    "referenced": Price("post referred to", 5_000),
    "author": Price("author read", 10_000),
    "reply": Price("reply", 15_000),
    "summoned_reply": Price("summoned reply", 10_000),
    "link_reply": Price("reply with a link", 200_000),
}


#: What the same costs where the app belongs to the account that reads ("owned reads").
OWNED: Mapping[str, Price] = {
    **PRICES,
    "mention": Price("mention read", 1_000),
    "own": Price("own post read", 1_000),
}


class Meter:
    """Counts what is paid for until somebody asks; any thread may count."""

    def __init__(self, prices: Mapping[str, Price], day: Callable[[], int]) -> None:
        self._prices = prices
        #: The number of the day, in UTC.
        self._day = day
        self._lock = Lock()
        self._units: dict[str, int] = {}
        self._today = 0
        self._paid: set[tuple[str, str]] = set()

    def count(self, name: str) -> None:
        """Count one of something that is paid for each time."""
        with self._lock:
            self._units[name] = self._units.get(name, 0) + 1

    def read(self, name: str, ids: Iterable[str]) -> None:
        """Count what was read, each of it once a day."""
        with self._lock:
            if (today := self._day()) != self._today:
                self._today = today
                self._paid.clear()
            fresh = {(name, one) for one in ids} - self._paid
            self._paid |= fresh
            if fresh:
                self._units[name] = self._units.get(name, 0) + len(fresh)

    def answer(self, name: str, posts: Iterable[str], besides: Iterable[str], authors: Iterable[str]) -> None:
        """Count an answer: the posts that were asked for, under `name`, and what came with them."""
        asked = set(posts)
        self.read(name, asked)
        self.read("referenced", set(besides) - asked)
        self.read("author", authors)

    def spent(self) -> tuple[Charge, ...]:
        """Hand over what was counted since this was asked last."""
        with self._lock:
            units, self._units = self._units, {}
        return tuple(
            Charge(kind=self._prices[name].kind, units=count, micros=count * self._prices[name].micros)
            for name, count in units.items()
        )
