"""Report: what happened in some days, for a terminal, a browser, a spreadsheet or a program."""

# ruff: noqa: D417 (the desk is no argument that people give)

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from cyclopts import Parameter

from responder.cli.canvas import Canvas
from responder.cli.desk import AtDesk
from responder.cli.envelope import envelope
from responder.cli.failures import USAGE, Trouble
from responder.cli.filters import Filter, View, search_of
from responder.cli.summary.page import page
from responder.cli.summary.sheet import SummarySheet
from responder.cli.summary.whole import named_form, write_whole

if TYPE_CHECKING:
    from responder.cli.desk import Desk
    from responder.model.period import Period

Form = Literal["html", "md", "json", "csv", "text"]
#: What makes some spreadsheets read UTF-8 as what it is.
_BOM = "\ufeff"
#: How wide text is that goes into a file.
_COLUMNS = 80


def report(  # noqa: PLR0913 (one for each option)
    *filter: Filter,  # noqa: A002 (what people read in the help)
    view: View = "",
    begins: Annotated[str, Parameter(name="--from", metavar="DAY")] = "",
    ends: Annotated[str, Parameter(name="--to", metavar="DAY")] = "",
    form: Annotated[Form | None, Parameter(name="--format")] = None,
    out: Annotated[Path | None, Parameter(metavar="FILE")] = None,
    bom: bool = False,
    desk: AtDesk,
) -> None:
    """Tell what happened in some days: what came in, how fast it was answered, what came of it.

    Days are those of the company's time zone; both ends belong to it. A filter chooses the cases.

    Args:
        view: The cases of a saved view.
        begins: 2026-10-05, 2026-10, 2026, 30d, yesterday, this week, last week, last month; left out:
            the last full month.
        ends: The last day, told alike; the end of what --from names, or today, if it is left out.
        form: html (to look at and to print), md, json, csv (for a spreadsheet) or text.
        out: Write it into this file, whole or not at all; how it ends tells the format.
        bom: Begin CSV with the mark that some spreadsheets need for letters like é.
    """
    from responder.steps.sum_up import sum_up

    settings, now = desk.settings, desk.now().astimezone(desk.settings.company.timezone)
    chosen = _form(desk, form, out)
    if bom and chosen != "csv":
        raise Trouble(
            USAGE, "Only CSV begins with such a mark.", todo="Leave --bom out, or add: --format csv"
        )
    of = _period(begins, ends, desk)
    allowances = {one.name: one.allowance for one in settings.accounts}
    told = sum_up(desk.store, search_of(desk, filter, view), of, now, allowances=allowances)
    sheet = SummarySheet(told, settings.company.name)
    if chosen is None:
        desk.screen.show(sheet)
        return
    lines = _lines(sheet, chosen, bom=bom)
    if out is None:
        for line in lines:
            desk.screen.write(line, safe=True)
        return
    write_whole(out, lines)
    if not desk.screen.manner.quiet:
        desk.screen.note(f"The report is in {out}.")


def _form(desk: "Desk", form: Form | None, out: Path | None) -> Form | None:
    """Return the format that is asked for; None: as the screen shows everything."""
    json = desk.screen.manner.json
    if json and form not in {None, "json"}:
        raise Trouble(USAGE, "Two formats are asked for.", todo=f"Leave out --json or --format {form}.")
    if form or json or out is None:
        return form or ("json" if json and out else None)
    return named_form(out, get_args(Form))  # type: ignore[return-value]  # one of them


def _period(begins: str, ends: str, desk: "Desk") -> "Period":
    from responder.model.period import PeriodError, period

    now = desk.now().astimezone(desk.settings.company.timezone)
    try:
        return period(begins, ends, now)
    except PeriodError as error:
        says = str(error)
        raise Trouble(
            USAGE,
            f"{says[0].upper()}{says[1:]}.",
            todo="Write --from 2026-10-01 --to 2026-10-31, --from 2026-10, --from 30d or --from 'last week'.",
        ) from None


def _lines(sheet: SummarySheet, form: Form, *, bom: bool) -> Iterator[str]:
    match form:
        case "html":
            yield page(sheet.told, sheet.company)
        case "md":
            yield "\n".join(sheet.markdown())
        case "json":
            yield envelope(sheet.schema, sheet.items())
        case "csv":
            yield _BOM * bom
            yield from sheet.csv()
        case "text":
            drawn = StringIO()
            sheet.draw(Canvas(drawn, _COLUMNS, color=False))
            yield drawn.getvalue()
