"""Search: where something was said, promised, noted or written down, in all cases, also in closed ones."""

# ruff: noqa: D417 (the desk is no argument that people give)

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter, validators

from responder.cli.desk import AtDesk
from responder.cli.failures import USAGE, Trouble
from responder.cli.queue import moment
from responder.cli.words import CaseId
from responder.model.archive import Hit, Kind, Wanted, excerpt, wanted
from responder.model.visible import one_line

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas

#: What each kind of text is called before its words.
_SAYS = {
    Kind.SAID: "@{by} wrote",
    Kind.ANSWERED: "we answered",
    Kind.PROMISED: "we promised",
    Kind.NOTED: "{by} noted",
    Kind.FOLLOWED: "{by} said what came of it",
    Kind.PREPARED: "in {by}'s worksheet",
    Kind.LEARNED: "in {by}'s debrief",
}
#: Texts that are listed, and characters that are shown of each.
_SHOWN, _WIDTH = 20, 160
_FOR = "This is for knowing what was said, and for keeping our word; never to prove a customer wrong."


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSheet:
    """What was found, the latest first."""

    hits: Sequence[Hit]
    asked: Wanted
    zone: tzinfo = UTC
    schema: str = "responder.search/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return each text whole, as plain data: times in ISO 8601 UTC."""
        return [
            {
                "case": f"c-{one.case_id}",
                "kind": str(one.kind),
                "at": moment(one.at),
                "by": one.by or None,
                "text": one.text,
            }
            for one in self.hits
        ]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return case, kind, time, who, text."""
        for one in self.hits:
            yield f"c-{one.case_id}", str(one.kind), moment(one.at), one.by, one.text

    def draw(self, canvas: "Canvas") -> None:
        """Draw each with its case and its day, and its words around what was found."""
        for one in self.hits:
            day = f"{one.at.astimezone(self.zone):%Y-%m-%d}"
            says = _SAYS[one.kind].format(by=one_line(one.by, 30) or "nobody known")
            canvas.line((f"c-{one.case_id}", "strong"), f"  {day}  ", (says, "faint"))
            canvas.quote(excerpt(one.text, self.asked, _WIDTH))


def search(
    *words: str,
    in_: Annotated[Sequence[Kind], Parameter(name="--in")] = (),
    case: CaseId | None = None,
    limit: Annotated[int, Parameter(validator=validators.Number(gte=1, lte=1000))] = _SHOWN,
    desk: AtDesk,
) -> None:
    """Find words in all that customers wrote, we answered and promised, and colleagues wrote down.

    All words must be there, whatever their case and the marks on their letters. A word is found by its
    beginning too; "words in quotation marks" only as they stand, and never with -this one.

    Args:
        words: What to look for.
        in_: Only what was said, answered, promised or noted, what followed, or what was prepared in a
            worksheet or learned in a debrief; may be given again.
        case: Only in this case, like c-101.
        limit: How many texts, at most 1000, the latest first.
    """
    try:
        asked = wanted(" ".join(map(_quoted, words)))
    except ValueError:
        what = "There is no word to look for."
        raise Trouble(USAGE, what, todo='Say what was said: responder search refund "lost parcel"') from None
    hits = desk.store.archive.find(asked, kinds=in_, case_id=case, limit=limit)
    desk.screen.show(SearchSheet(hits=hits, asked=asked, zone=desk.settings.company.timezone))
    if not hits:
        desk.screen.hint(
            "Nothing was found. What an author removed, and what was never sent, is not looked in."
        )
    elif len(hits) == limit:
        desk.screen.hint(f"There may be more: --limit {min(1000, limit * 5)}")
    desk.screen.hint(_FOR)


def _quoted(word: str) -> str:
    """Return what a shell gave as one word as it was meant: with blanks in it, it was in quotation marks."""
    return f'"{word}"' if " " in word and '"' not in word else word
