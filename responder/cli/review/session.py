"""Session: one person going through what waits. All that a key may do and says, and no terminal.

A face gives it keys (`keys.press`), shows the card and what was told, and puts questions in its own way.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from responder.cli import failures, words
from responder.cli.card import CardSheet, unsettled
from responder.cli.review.listing import Listing, Place
from responder.cli.review.questions import Told
from responder.cli.show import card_of
from responder.model.case import Case, Stage
from responder.model.draft import Draft
from responder.model.event import Event
from responder.model.visible import one_line
from responder.store.errors import Conflict, NotFound

if TYPE_CHECKING:
    from responder.cli.desk import Desk

#: Cases read at a time.
PAGE = 50
#: What somebody did, by the journal's word.
_DID = {
    "approved": "approved this",
    "edited by hand": "put other words in its place",
    "another wording": "took another wording",
    "words put back": "put earlier words back",
    "dismissed": "set this aside",
    "redo asked": "asked for another draft",
    "reopened": "reopened this",
    "withdrawn": "took the approval back",
    "answered": "said that this is answered",
}
#: What happened without one of us.
_HAPPENED = {
    "wrote again": "They wrote again",
    "edited": "They edited their post",
    "removed by its author": "They removed their post",
    "answered": "Our reply went out",
    "drafted": "Another draft was written",
    "judged by other rules": "The rules changed, and object to these words now",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A card as a person has it before them."""

    sheet: CardSheet
    #: Since when they have had this case before them, and since when it looks as it does.
    since: datetime
    fresh: datetime

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

    def __init__(self, desk: "Desk", *, least: timedelta = timedelta(0)) -> None:
        """`least` is how long a card must have been there before one key approves it."""
        self.desk = desk
        self.least = least
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
        #: Whether the person is done.
        self.over = False
        self.shown: Shown | None = None
        self.left = 0
        self.refresh()

    def refresh(self) -> None:
        """Read the card anew, or the next one that is still to be done."""
        shown = None
        while shown is None and (number := self.listing.current) is not None:
            shown = self.read(number)
            if shown is None or not _to_be_done(shown):
                self.listing.drop([number])
                shown = None
        self._show(shown)
        now = self.desk.now()
        self.left = self.desk.store.views.figures(now, now).by_stage.get(Stage.WAITING, 0)

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

    def look_again(self) -> Told | None:
        """Read the card again when somebody moved it meanwhile; return what they did, or None."""
        if self.shown is None:
            return None
        case = self.desk.store.casework.get(self.shown.case.id)
        if case.version == self.shown.case.version:
            self.shown = replace(self.shown, sheet=replace(self.shown.sheet, now=self.desk.now()))
            return None
        return self.overtaken(Conflict(f"{case.name} is {words.STAGES[case.stage]} now"), "")

    def too_early(self) -> bool:
        """Whether the card has only just come up; asking puts the moment off, so that no held key gets by."""
        now, shown = self.desk.now(), self.shown
        early = shown is not None and timedelta(0) <= now - shown.fresh < self.least
        if shown and early:
            self.shown = replace(shown, fresh=now)
        return early

    def _show(self, shown: Shown | None) -> None:
        before = self.shown
        if before and shown and before.case.id == shown.case.id:
            same = before.case.version == shown.case.version
            shown = replace(shown, since=before.since, fresh=before.fresh if same else shown.fresh)
        else:
            self.warned = ""
        self.shown = shown

    def overtaken(self, error: Conflict, after: str = " Nothing of yours was done.") -> Told:
        """Show the card as it is now, and say who was quicker."""
        before = self.shown
        now = self.read(before.case.id) if before else None
        if before is None or now is None:
            self.refresh()
            return Told(failures.sentence(str(error)), "care")
        self._show(now)
        if now.draft and (before.draft is None or now.draft.fingerprint != before.draft.fingerprint):
            self.unread = now.draft.fingerprint
        happened = now.sheet.card.events[len(before.sheet.card.events) :]
        said = next((said for one in reversed(happened) if (said := _said(one, now))), "")
        kept = " What you wrote is kept: e goes on with it." if now.case.id in self.unsaved else ""
        return Told(f"{said or failures.sentence(str(error))}{after}{kept}", "care")

    def _page(self, after: Place | None) -> Sequence[Case]:
        return self.desk.store.views.page(Stage.WAITING, after=after, limit=PAGE)


def _to_be_done(shown: Shown) -> bool:
    """Whether a case is one for a person here: it waits, or its reply is to be sent by hand."""
    return shown.case.stage is Stage.WAITING or unsettled(shown.sheet.card) is not None


def _said(event: Event, now: Shown) -> str:
    """Return what somebody did as a sentence; "" for what is no news to a person."""
    when = words.ago(event.at, now.sheet.now)
    if event.by:
        return f"{one_line(event.by, 40)} {_DID.get(event.action, f'did this: {event.action},')} {when}."
    return f"{_HAPPENED[event.action]} {when}." if event.action in _HAPPENED else ""
