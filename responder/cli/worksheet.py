"""Worksheet: what is known about a case before contact, as one form; nothing that was typed is lost."""

# ruff: noqa: D417 (the desk is no argument that people give)

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from responder.cli import editor, failures
from responder.cli.deeds import Deed, DeedSheet
from responder.cli.desk import AtDesk
from responder.cli.words import CaseId, ago
from responder.cli.worksheet_form import HELP, REPLY, About, form, line_of, read_form
from responder.model.case import Case, Stage
from responder.model.people import Right
from responder.model.visible import one_line, visible
from responder.model.worksheet import Worksheet, missing
from responder.steps.prepare import Unfit, prepare

if TYPE_CHECKING:
    from datetime import datetime

    from responder.cli.canvas import Canvas
    from responder.cli.desk import Desk


@dataclass(frozen=True, slots=True)
class WorksheetSheet:
    """The worksheet of a case; `sheet` is None while nobody began it."""

    case: str
    sheet: Worksheet | None
    now: "datetime"
    #: Whether a call or an e-mail about this case waits for it.
    gates: bool
    schema: str = "responder.worksheet/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return it as plain data, with what is still missing; every answer is there, empty or not."""
        one = self.sheet or Worksheet()
        told: dict[str, object] = {key: getattr(one, key) or None for key in HELP}
        told |= {key: list(getattr(one, key)) for key in ("happened", "informed")}
        options = [
            {"what": each.what, "remedy": each.remedy or None, "authorised_by": each.authorised_by or None}
            for each in one.options
        ]
        return [
            {
                "case": self.case,
                "version": one.version,
                "by": one.by or None,
                "at": one.at.isoformat() if one.at else None,
                **told,
                "options": options,
                "reply": {key: getattr(one.reply, key) or None for key in REPLY},
                "missing": list(missing(self.sheet)),
                "gates": self.gates,
            }
        ]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return each answer with its key, line by line, then "missing" with each key that is."""
        for key, said in (self.sheet or Worksheet()).answers().items():
            yield from ((key, line) for line in said.split("\n"))
        yield from (("missing", key) for key in missing(self.sheet))

    def draw(self, canvas: "Canvas") -> None:
        """Draw the answers, and what is missing."""
        one = self.sheet
        if one is None or one.at is None:
            canvas.line(f"Nobody began the worksheet of {self.case}.")
        else:
            canvas.line(
                (f"The worksheet of {self.case}", "strong"),
                (f", by {one_line(one.by)} {ago(one.at, self.now)}", "faint"),
            )
            for key, said in one.answers().items():
                canvas.line((called(key), "strong"))
                for line in visible(said).split("\n"):
                    canvas.line(line, indent=2)
        if lacks := missing(one):
            canvas.line((f"Missing: {', '.join(map(called, lacks))}.", "care"))


def worksheet(
    id: CaseId,  # noqa: A002 (what people type)
    /,
    *,
    show: bool = False,
    from_: Annotated[Path | None, Parameter(name="--from", allow_leading_hyphen=True)] = None,
    desk: AtDesk,
) -> int:
    """Fill in what is known about a case before anybody speaks to the customer; your editor opens.

    Only what stands under [reply] may be in words that a customer gets. The next draft goes by it.

    Args:
        id: The case, like c-101.
        show: Show it, and change nothing.
        from_: The filled-in form is in this file; "-" is what is piped in.
    """
    case = desk.store.casework.get(id)
    before = desk.store.worksheets.of(case.id)
    if show or (from_ is None and desk.screen.manner.json):
        desk.screen.show(shown(desk, case, before))
        if missing(before):
            desk.screen.hint(f"To fill it in: responder worksheet {case.name}")
        return failures.DONE
    desk.may(Right.PREPARE)
    blank = form(before, about(desk, case))
    if from_ is not None:
        said = desk.screen.read() if str(from_) == "-" else editor.read(from_)
        path = from_
    else:
        path, said = _typed(desk, case, blank)
    sheet = None
    if said != blank:
        with kept(desk, case, said, path):
            sheet = parsed(said, path, before)
    if sheet is None or sheet.answers() == (before or Worksheet()).answers():
        _forget(path, typed=from_ is None)
        raise failures.Trouble(failures.DECLINED, f"The worksheet of {case.name} stays as it was.")
    with kept(desk, case, said, path):
        stored = store_it(desk, case, sheet, (said, path))
    _forget(path, typed=from_ is None and not desk.screen.manner.rehearsed)
    after = "" if desk.screen.manner.rehearsed or not stored.facts().told() else _after(case)
    says = says_of(case, stored, before)
    deed = Deed(case=case.name, did="worksheet written", by=desk.user, says=says, after=after)
    desk.screen.confirm(DeedSheet([deed]))
    return failures.DONE


def shown(desk: "Desk", case: Case, sheet: Worksheet | None) -> WorksheetSheet:
    """Return a worksheet for people and programs."""
    from_tier = desk.settings.approval.worksheet_from_tier
    return WorksheetSheet(case.name, sheet, desk.now(), bool(from_tier) and case.tier >= from_tier)


def about(desk: "Desk", case: Case) -> About:
    """Return what the form says of a case."""
    fitting = desk.app.policy.fitting(case, desk.now())
    promised = desk.store.promises.of_case(case.id)
    return About(name=case.name, said=case.target.text, fitting=fitting, promised=promised)


def parsed(said: str, path: Path, before: Worksheet | None) -> Worksheet:
    """Return the worksheet that a form tells; Trouble with each line that is wrong."""
    sheet, problems = read_form(said, path, before)
    if problems:
        raise failures.Trouble(
            failures.USAGE, "The worksheet was not taken:", problems=tuple(map(one_line, problems))
        )
    return sheet


def store_it(desk: "Desk", case: Case, sheet: Worksheet, told: tuple[str, Path]) -> Worksheet:
    """Keep a worksheet, told as (form, file); Trouble with the line of what does not hold here."""
    try:
        return prepare(desk.store, desk.app.policy, case, sheet, desk.user, desk.now())
    except Unfit as error:
        said, path = told
        problems = [f"{path}:{line_of(said, key)}: {says}" for key, says in error.problems]
        raise failures.Trouble(
            failures.USAGE, "The worksheet was not taken:", problems=tuple(problems)
        ) from None


def says_of(case: Case, sheet: Worksheet, before: Worksheet | None) -> str:
    """Return in a sentence how far a worksheet is, and in one more what it held before and holds no more."""
    lacks = missing(sheet)
    gone = [key for key in (before.answers() if before else ()) if key not in sheet.answers()]
    left = f"; still missing: {', '.join(map(called, lacks))}" if lacks else ": all of it is filled in"
    out = f" Taken out: {', '.join(map(called, gone))}." if gone else ""
    return f"The worksheet of {case.name} is kept{left}.{out}"


def _after(case: Case) -> str:
    """Return how what may be said comes into a draft."""
    again = f"To have a draft by it: responder redo {case.name}"
    return again if case.stage is Stage.WAITING else "The next draft goes by it."


def _forget(path: Path, *, typed: bool) -> None:
    """Let go of a file that we made for an editor."""
    if typed:
        path.unlink(missing_ok=True)


def _typed(desk: "Desk", case: Case, blank: str) -> tuple[Path, str]:
    """Return the file and the form as a person left it in their editor."""
    if not desk.screen.asks:
        raise failures.Trouble(
            failures.USAGE,
            "There is no terminal for an editor.",
            todo=f"Give the form: responder worksheet {case.name} --from FILE; to see it: --show",
        )
    return editor.filled_in(case.name, blank, desk.screen.environ, again(case.name))


def again(name: str) -> str:
    """Return the command that takes a form from a file, which is still to be named."""
    return f"responder worksheet {name} --from"


@contextmanager
def kept(desk: "Desk", case: Case, said: str, path: Path) -> Iterator[None]:
    """Say where the form is kept when storing it fails, whatever the reason."""
    try:
        yield
    except BaseException as error:
        failure = failures.told(error, f"worksheet {case.name}")
        if isinstance(error, KeyboardInterrupt):
            failure = failures.Failure(code=failures.INTERRUPTED, what="Stopped before it was stored.")
        where = path
        if str(path) == "-":
            where = editor.keep(f"{case.name}-worksheet", said, desk.screen.environ, suffix=".toml")
        todo = f"What you wrote is kept. Mend it, then: {again(case.name)} {where}"
        why = f"{failure.why}\n{failure.todo}".strip()
        raise failures.Trouble(failure.code, failure.what, why, todo, failure.problems) from error


def called(key: str) -> str:
    """Return what an answer is called: "options.1" is "option 1"."""
    if key == "options.authorised_by":
        return "who authorised an option"
    return key.replace("options.", "option ").replace("reply.", "in a reply: ").replace("_", " ")
