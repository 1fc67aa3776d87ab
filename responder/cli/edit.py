"""Edit: a person's own words in place of a draft; whatever goes wrong, they are never lost."""

import re

# ruff: noqa: D417 (the desk is no argument that people give)
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from unicodedata import normalize

from cyclopts import Parameter

from responder.cli import editor, failures, words
from responder.cli.card import CardSheet, draft_item
from responder.cli.card_drawing import draw_draft, draw_findings
from responder.cli.deeds import Deed, DeedSheet
from responder.cli.desk import AtDesk
from responder.cli.show import card_of
from responder.cli.words import CaseId
from responder.model.case import Case, Stage
from responder.model.draft import Draft
from responder.model.people import Right
from responder.model.visible import visible
from responder.steps.approve import edit as step
from responder.steps.note import note
from responder.store.errors import Conflict, StoreError

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas
    from responder.cli.desk import Desk

#: "-" is what is piped in, and words may begin with a dash.
_DASHES = Parameter(allow_leading_hyphen=True)


@dataclass(frozen=True, slots=True)
class EditedSheet:
    """What was stored, and what the rules say about it."""

    deed: Deed
    draft: Draft
    card: CardSheet
    schema: str = "responder.deed/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return the deed, its draft in full."""
        return [{**DeedSheet([self.deed]).items()[0], "words": draft_item(self.draft, self.card.limits)}]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return the deed, then "finding", its level, rule, words, place and remedy."""
        yield from DeedSheet([self.deed]).rows()
        for one in self.draft.findings:
            yield "finding", one.level, one.rule, one.says, one.quote, one.suggestion

    def draw(self, canvas: "Canvas") -> None:
        """Draw the deed, the findings and the words."""
        canvas.line((self.deed.says, "good"))
        mend = self.card.exact(f"responder edit {self.deed.case}")
        draw_findings(canvas, self.draft.findings, mend)
        draw_draft(self.card, canvas, self.draft)
        canvas.line(self.deed.after)


def edit(
    id: CaseId,  # noqa: A002 (what people type)
    /,
    *,
    text: Annotated[str | None, _DASHES] = None,
    file: Annotated[Path | None, _DASHES] = None,
    desk: AtDesk,
) -> None:
    """Put your own words in place of a draft; they have to be approved like any others.

    Args:
        id: The case, like c-101.
        text: The words; without this and --file, your editor opens ($VISUAL, $EDITOR).
        file: The words are in this file; "-" is what is piped in.
    """
    if text is not None and file is not None:
        raise failures.Trouble(failures.USAGE, "Give the words once: with --text or with --file.")
    desk.may(Right.EDIT)
    case, draft = _seen(desk, id)
    card = card_of(desk, id)
    account = desk.account(case)  # before anybody types: it may be missing
    if file is not None:
        text = desk.screen.read() if str(file) == "-" else editor.read(file)
    given = _typed(desk, card, draft) if text is None else text
    said = given.replace("\r\n", "\n").replace("\t", " ").strip()
    if not said or draft.text in {given, said}:
        what = "The words are the same" if said else "There are no words"
        raise failures.Trouble(failures.DECLINED, f"{what}; {case.name} stays as it was.")
    with _kept(desk, case, said, file):
        refuse_hidden(said)
        stored = step(desk.store, desk.app.policy, account, (case, draft), (said, desk.user), desk.now())
    over = " The approval of the words before is over." if case.stage is Stage.APPROVED else ""
    final = stored.blocked or desk.screen.manner.rehearsed
    deed = Deed(
        case=case.name,
        did="edited by hand",
        by=desk.user,
        draft=stored.number,
        says=f"Stored as draft {stored.number} of {case.name}.{over}",
        after="" if final else desk.screen.manner.exact(f"Next: responder approve {case.name}"),
    )
    desk.screen.confirm(EditedSheet(deed, stored, card))


def _seen(desk: "Desk", number: int) -> tuple[Case, Draft]:
    case = desk.store.casework.get(number)
    draft = desk.store.casework.draft(case)
    if case.stage not in {Stage.WAITING, Stage.APPROVED} or draft is None:
        stands = f"{words.STAGES[case.stage]}{desk.last_move(case)}"
        raise Conflict(f"{case.name} is {stands}; there is no draft to edit")
    return case, draft


def _typed(desk: "Desk", card: CardSheet, draft: Draft) -> str:
    """Return what a person writes in their editor."""
    if not desk.screen.asks:
        raise failures.Trouble(
            failures.USAGE,
            "There is no terminal for an editor.",
            todo=f"Give the words: responder edit {card.card.case.name} --text WORDS, or --file FILE",
        )
    return editor.write(card, draft, desk.screen.environ)


def refuse_hidden(said: str) -> None:
    """Refuse words of which nobody can see what they are: no person could approve exactly these."""
    said = normalize("NFC", said)
    shown = visible(said)
    if shown != said:
        hidden = next(
            (mark for mark in re.findall(r"<U\+[0-9A-F]{4,6}>", shown) if mark not in said),
            "a pile of accents",
        )
        raise failures.Trouble(
            failures.FAILED,
            f"The words were not stored: they hold something that cannot be seen, {hidden}.",
            "What is approved must be what is read.",
        )


@contextmanager
def _kept(desk: "Desk", case: Case, said: str, file: Path | None) -> Iterator[None]:
    """Keep the words in a file when storing them fails, whatever the reason."""
    try:
        yield
    except BaseException as error:
        kept = file if file and str(file) != "-" else editor.keep(case.name, said, desk.screen.environ)
        if isinstance(error, KeyboardInterrupt):
            failure = failures.Failure(
                code=failures.INTERRUPTED, what="Stopped before the words were stored."
            )
        else:
            failure = failures.told(error, f"edit {case.name}")
        noted = isinstance(error, Conflict) and keep_as_note(desk, case, said)
        also = ", also as a note on the case" if noted else ""
        todo = f"Your words are kept{also}. Again: responder edit {case.name} --file {kept}"
        raise failures.Trouble(
            failure.code, failure.what, f"{failure.why}\n{failure.todo}".strip(), todo, failure.problems
        ) from error


def keep_as_note(desk: "Desk", case: Case, said: str) -> bool:
    """Keep the words of who came too late where colleagues see them; say whether that worked."""
    try:
        note(desk.store, case, f"an edit that came too late: {said}", desk.user, desk.now())
    except StoreError:
        return False
    return True
