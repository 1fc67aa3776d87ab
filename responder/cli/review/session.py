"""Session: one person going through what waits. All that a key may do and says, and no terminal.

A face gives it keys (`keys.press`), shows the card and what was told, and puts questions in its own way.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import random
from typing import TYPE_CHECKING

from responder.cli import failures, words
from responder.cli.card import CardSheet, unsettled
from responder.cli.review import planting
from responder.cli.review.listing import Listing, Place
from responder.cli.review.questions import Told
from responder.cli.show import card_of
from responder.model.case import Case, Stage
from responder.model.draft import Draft
from responder.model.moved import told as who_moved
from responder.model.pause import Pause
from responder.model.search import Search
from responder.store.errors import Conflict, NotFound, StoreError

if TYPE_CHECKING:
    from responder.cli.desk import Desk

#: Cases read at a time.
PAGE = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """A card as a person has it before them."""

    sheet: CardSheet
    #: Since when they have had this case before them, and since when it looks as it does.
    since: datetime
    fresh: datetime
    #: The case whose reply stands here in the place of its own draft; "" where it is its own.
    planted: str = ""

    @property
    def case(self) -> Case:
        """The case as it was read."""
        return self.sheet.card.case

    @property
    def draft(self) -> Draft | None:
        """The draft that waits."""
        return self.sheet.card.draft


@dataclass(frozen=True, slots=True)
class Undo:
    """How to take the last thing back: each case with what does it."""

    steps: tuple[tuple[int, Callable[[], str]], ...]


class Session:
    """What stands at one desk: a place in the queue, a card, what was chosen, written and done."""

    def __init__(
        self, desk: "Desk", *, least: timedelta = timedelta(0), chance: Callable[[], float] = random
    ) -> None:
        """`least` is how long a card must have been there before one key approves it.

        `chance` (0 to 1) decides which cards get words planted on them, where the settings want some.
        """
        self.desk = desk
        self.least = least
        self._chance = chance
        #: What is gone through; None: all that waits.
        self.search: Search | None = None
        self.listing = Listing(self._page)
        #: Cases chosen for one deed, each with the fingerprint of the draft that was seen; "" without one.
        self.chosen: dict[int, str] = {}
        #: Words that were written and not stored, by case.
        self.unsaved: dict[int, str] = {}
        self.done: list[Undo] = []
        #: The draft whose warnings were told, so that the next `a` means it.
        self.warned = ""
        #: A draft that came up under their eyes, while they read another: `a` is asked for once more.
        self.unread = ""
        #: The fingerprints of words that they put there themselves.
        self.own: set[str] = set()
        #: Whether the person is done.
        self.over = False
        self.shown: Shown | None = None
        #: Who or what stops all sending.
        self.pause = Pause()
        self.left = 0
        #: The case that others are told is open here.
        self._open: int | None = None
        self.refresh()

    def refresh(self) -> None:
        """Read the card anew, or the next one that is still to be done."""
        shown = None
        while shown is None and (number := self.listing.current) is not None:
            shown = self.read(number)
            if shown is None or not self._to_be_done(shown):
                self.listing.drop([number])
                shown = None
        self._show(shown)
        self.left = self._count()
        self.pause = shown.sheet.pause if shown else self.desk.store.control.pausing()

    def read(self, number: int) -> Shown | None:
        """Return a case as it is now; None when there is none."""
        try:
            sheet = card_of(self.desk, number)
        except NotFound:
            return None
        return Shown(sheet, sheet.now, sheet.now)

    def whole(self, shown: Shown) -> Case:
        """Return the case of a card with all that rules want to know; Conflict when it moved since."""
        case = self.desk.store.casework.get(shown.case.id)
        if case.version != shown.case.version:
            raise Conflict(f"{case.name} moved while you looked")
        return case

    def step(self, by: int) -> bool:
        """Go one card on (1) or back (-1); False where there is none."""
        if self.shown is None:
            self.listing.look_up()
        elif not self.listing.step(by):
            return False
        self.refresh()
        return self.shown is not None

    def go_on(self, done: Sequence[int]) -> str:
        """Leave these cases behind and show the next; return what is worth saying about it."""
        self.listing.drop(done)
        for number in done:
            self.chosen.pop(number, None)
        came = self.listing.look_up()
        self.refresh()
        if self.shown is None:
            return " Nothing else waits for you."
        return f" {words.many(came, 'new case')} came in and is next." if came else ""

    def go_to(self, number: int) -> None:
        """Show a case, whether it is in the list or not."""
        self.listing.stand_at(self.desk.store.casework.get(number))
        self.refresh()

    def look_for(self, search: Search | None) -> bool:
        """Go through the cases that `search` describes (None: all that wait); False where there are none."""
        before = self.search, self.listing
        self.search = search and search.in_stage("waiting")
        self.listing = Listing(self._page)
        found = search is None or self.listing.current is not None
        if not found:
            self.search, self.listing = before
        self.refresh()
        return found

    def look_again(self) -> Told | None:
        """Read the card again when somebody moved it meanwhile; return what they did, or None."""
        if self.shown is None:
            return None
        self._look_at(self.shown.case.id)
        case = self.desk.store.casework.get(self.shown.case.id)
        if case.version == self.shown.case.version:
            if now := self.read(case.id):  # who looks at it, and how late it is
                self._show(now)
                self.pause = now.sheet.pause
            return None
        return self.overtaken(Conflict(f"{case.name} is {words.STAGES[case.stage]} now"), "")

    def leave(self) -> None:
        """Tell others that no card is open here any more."""
        self._look_at(None)

    def too_early(self) -> bool:
        """Whether the card has only just come up; asking puts the moment off, so that no held key gets by."""
        now, shown = self.desk.now(), self.shown
        early = shown is not None and timedelta(0) <= now - shown.fresh < self.least
        if shown and early:
            self.shown = replace(shown, fresh=now)
        return early

    def uproot(self) -> None:
        """Show the card with its own draft again."""
        if self.shown and (own := self.read(self.shown.case.id)):
            self.shown, self.warned = own, ""

    def _show(self, shown: Shown | None) -> None:
        before = self.shown
        if before and shown and before.case.id == shown.case.id:
            same = before.case.version == shown.case.version
            shown = replace(shown, since=before.since, fresh=before.fresh if same else shown.fresh)
            if before.planted and same:
                shown = planting.kept(before, shown)
            elif shown.draft and (
                before.draft is None or shown.draft.fingerprint != before.draft.fingerprint
            ):
                self.unread = "" if shown.draft.fingerprint in self.own else shown.draft.fingerprint
        else:
            self.warned = ""
            if shown and not self.chosen:
                shown = planting.planted(self.desk, shown, self._chance)
        self.shown = shown
        if shown is None or shown.case.id != self._open:
            self._look_at(shown.case.id if shown else None)

    def overtaken(self, error: Conflict, after: str = " Nothing of yours was done.") -> Told:
        """Show the card as it is now, and say who was quicker."""
        before = self.shown
        now = self.read(before.case.id) if before else None
        if before is None or now is None:
            self.refresh()
            return Told(failures.sentence(str(error)), "care")
        self._show(now)
        last = self.desk.store.tending.last_move(now.case)
        said = f"{now.case.name}: {who_moved(last, now.sheet.now)}" if last else str(error)
        kept = (
            " What you wrote is kept, here and as a note on the case: e goes on with it."
            if now.case.id in self.unsaved
            else ""
        )
        return Told(f"{failures.sentence(said)}{after}{kept}", "care")

    def _page(self, after: Place | None) -> Sequence[Case]:
        now, store = self.desk.now(), self.desk.store
        if self.search is None:
            return store.views.page(Stage.WAITING, after=after, limit=PAGE, now=now)
        return store.finding.page(self.search, self._local(now), after=after, limit=PAGE)

    def _count(self) -> int:
        """Return how many cases there are to go through; of a search's at most 1,000 are counted."""
        now, store = self.desk.now(), self.desk.store
        if self.search is None:
            return store.lists.count(Stage.WAITING)
        return store.finding.count(self.search, self._local(now))

    def _local(self, now: datetime) -> datetime:
        return now.astimezone(self.desk.settings.company.timezone)  # days end where the people are

    def _to_be_done(self, shown: Shown) -> bool:
        """Whether a case is one for a person here: it waits and is not put off, or is to be sent by hand.

        Of a search that names other stages, all are.
        """
        if self.search and any(one.value != "waiting" for one in self.search.of("stage")):
            return True
        awake = shown.case.stage is Stage.WAITING and not shown.case.sleeps(shown.sheet.now)
        return awake or unsettled(shown.sheet.card) is not None

    def _look_at(self, number: int | None) -> None:
        """Tell others which card is open here; a courtesy, and no matter where it fails."""
        looking, by, now = self.desk.store.looking, self.desk.user, self.desk.now()
        lease = self.desk.settings.review.lease
        with suppress(StoreError):
            if number is not None:
                looking.hold(number, by, now, lease, left=None if self._open == number else self._open)
            elif self._open is not None:
                looking.release(self._open, by)
        self._open = number
