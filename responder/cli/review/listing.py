"""Listing: the cases that wait, the most urgent first, read page by page while somebody goes through them."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from responder.model.case import Case

#: Where a case stands in the queue (`Case.place`).
Place = tuple[int, datetime, int]
#: Gives the cases that follow a place, at most a page of them.
Pages = Callable[[Place | None], Sequence[Case]]


class Listing:
    """A place in the queue. What is done with leaves it; what came in meanwhile stands where it belongs."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._cases: list[tuple[int, Place]] = []
        self._known: set[int] = set()
        self._at = 0
        #: After which place the next page begins; None before the first.
        self._last: Place | None = None
        self._read_on()

    @property
    def current(self) -> int | None:
        """The number of the case one stands at; None when nothing is left."""
        return self._cases[self._at][0] if self._cases else None

    @property
    def position(self) -> int:
        """How many stand before it, and itself."""
        return self._at + 1 if self._cases else 0

    def step(self, by: int) -> bool:
        """Go to the next (1) or the one before (-1); False where there is none."""
        to = self._at + by
        if to >= len(self._cases):
            self._read_on()
        if not 0 <= to < len(self._cases):
            return False
        self._at = to
        return True

    def drop(self, numbers: Iterable[int]) -> None:
        """Take out what is done with; where one stood, the next one stands, else the first."""
        gone = set(numbers)
        self._known -= gone
        self._at -= sum(number in gone for number, _ in self._cases[: self._at])
        self._cases = [one for one in self._cases if one[0] not in gone]
        if self._at >= len(self._cases):
            self._read_on()
        if self._at >= len(self._cases):
            self._at = 0

    def stand_at(self, case: Case) -> None:
        """Go to a case; it is put in here where it is not in the list."""
        numbers = [number for number, _ in self._cases]
        if case.id not in self._known:
            self._cases.insert(self._at, (case.id, case.place))
            self._known.add(case.id)
        else:
            self._at = numbers.index(case.id)

    def look_up(self) -> int:
        """Put in what came since, ahead of less urgent cases still to come; return how many came next."""
        if not self._cases:
            self._read_on()
        next_ones = 0
        for one in self._pages(None):
            if one.id in self._known or (self._last is not None and one.place > self._last):
                continue
            places = [place for _, place in self._cases[self._at :]]
            ahead = next((at for at, place in enumerate(places) if place > one.place), len(places))
            self._cases.insert(self._at + ahead, (one.id, one.place))
            self._known.add(one.id)
            next_ones += ahead == next_ones
        return next_ones

    def _read_on(self) -> None:
        """Read pages until one brings something new, or there is none."""
        while page := self._pages(self._last):
            self._last = page[-1].place
            new = [(one.id, one.place) for one in page if one.id not in self._known]
            self._cases += new
            self._known.update(number for number, _ in new)
            if new:
                return
