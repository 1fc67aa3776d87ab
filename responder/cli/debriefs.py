"""Debriefs: what grave and repeated cases taught us, as one form a case, and what is to change."""

# ruff: noqa: D417 (the desk is no argument that people give)

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from responder.cli import editor, failures, form_file
from responder.cli.deeds import Deed, carry_out
from responder.cli.desk import AtDesk
from responder.cli.form_file import Field, FormError, Kind
from responder.cli.words import CaseId, many
from responder.model.case import Case
from responder.model.debrief import NEEDED, QUESTIONS, Action, Debrief, DebriefState, Theme, themes
from responder.model.people import Right
from responder.model.visible import one_line
from responder.steps.debrief import changed, write
from responder.store.errors import Conflict, NotFound

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas, Words
    from responder.cli.desk import Desk

_MOST = 200
_ACTION = (
    Field(key="what", help="what is done, in a few words", kind=Kind.LINE),
    Field(key="owner", help="who does it", kind=Kind.LINE),
    Field(key="due", help="by which day: 2026-03-02", kind=Kind.DAY),
)
#: Stands in a form that began before anybody wrote the case's.
_FIRST = "none"
FIELDS = (
    Field(key="version", help="Leave this as it is: it tells which one you began from.", kind=Kind.LINE),
    *(Field(key=key, help=question, needed=key in NEEDED) for key, question in QUESTIONS.items()),
    Field(key="actions", help="What is done about it, a block each.", kind=Kind.ROWS, fields=_ACTION),
)


@dataclass(frozen=True, slots=True)
class DebriefsSheet:
    """Forms; alone, one with all that stands in it."""

    found: Sequence[Debrief]
    today: date
    whole: bool = False
    schema: str = "responder.debriefs/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return each form as plain data."""
        return [
            {
                "case": f"c-{one.case_id}",
                "state": str(one.state).lower(),
                "why": str(one.why),
                "tier": one.tier,
                "topic": one.topic,
                "made_at": one.made_at.isoformat(),
                "written_at": one.written_at.isoformat() if one.written_at else None,
                "written_by": one.written_by or None,
                "answers": {key: one.answers.get(key, "") for key in QUESTIONS},
                "actions": [
                    {
                        "number": action.number,
                        "what": action.what,
                        "owner": action.owner or None,
                        "due": action.due.isoformat() if action.due else None,
                        "overdue": action.overdue(self.today),
                        "done_at": action.done_at.isoformat() if action.done_at else None,
                        "done_by": action.done_by or None,
                    }
                    for action in one.actions
                ],
            }
            for one in self.found
        ]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return case, state, why, tier, topic, how many actions are open, how many there are."""
        for one in self.found:
            yield (
                f"c-{one.case_id}", str(one.state).lower(), str(one.why), one.tier, one.topic, len(one.open),
                len(one.actions),
            )  # fmt: skip

    def draw(self, canvas: "Canvas") -> None:
        """Draw a table, what is to change below it; one alone with its answers."""
        cells: list[Sequence[Words]] = [
            (
                (f"c-{one.case_id}", "strong"),
                (str(one.state).lower(), "care" if one.state is DebriefState.DUE else "plain"),
                str(one.why),
                one_line(one.topic, 30).replace("_", " "),
                f"{len(one.open)} of {len(one.actions)} to change" if one.actions else "",
            )
            for one in self.found
        ]
        canvas.table(("", "is", "why", "about", ""), cells)
        for one in self.found:
            if self.whole:
                _answers(one, canvas)
            _actions(one, canvas, self.today, done=self.whole)


def _answers(one: Debrief, canvas: "Canvas") -> None:
    for key, question in QUESTIONS.items():
        if said := one.answers.get(key, ""):
            canvas.blank()
            canvas.line((question, "strong"))
            canvas.quote(said)
    canvas.blank()


def _actions(one: Debrief, canvas: "Canvas", today: date, *, done: bool) -> None:
    for action in one.actions if done else one.open:
        due = f", by {action.due:%d %b %Y}" if action.due else ""
        late = " (late)" if action.overdue(today) else " (done)" if action.done_at else ""
        who = one_line(action.owner, 30) or "nobody"
        told = f"{one_line(action.what, 200)} ({who}{due}){late}"
        style = "care" if action.overdue(today) else "plain"
        canvas.item((f"c-{one.case_id} {action.number}", "strong"), (told, style), hang=10)


@dataclass(frozen=True, slots=True)
class ThemesSheet:
    """What the debriefs of a month were about."""

    found: Sequence[Theme]
    month: str
    schema: str = "responder.debrief-themes/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return each theme as plain data."""
        return [
            {
                "month": self.month,
                "topic": one.topic,
                "n": one.n,
                "before": one.before,
                "again": one.again,
                "actions": one.actions,
                "open": one.open,
            }
            for one in self.found
        ]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return month, topic, how many, how many before, actions, how many of them open."""
        for one in self.found:
            yield self.month, one.topic, one.n, one.before, one.actions, one.open

    def draw(self, canvas: "Canvas") -> None:
        """Draw a line each; what came back says so."""
        cells: list[Sequence[Words]] = [
            (
                (one_line(one.topic, 30).replace("_", " ") or "nothing we know", "strong"),
                str(one.n),
                (f"again: {one.before} before" if one.before else "", "care"),
                f"{one.open} of {one.actions} to change" if one.actions else "nothing was to change",
            )
            for one in self.found
        ]
        canvas.table((self.month, "debriefs", "", "actions"), cells)


def debriefs(
    *,
    all_: Annotated[bool, Parameter(name="--all")] = False,
    themes: bool = False,
    month: str = "",
    desk: AtDesk,
) -> None:
    """List what is to be talked over, and what was to change and is not changed yet.

    Args:
        all_: All that was ever talked over.
        themes: What they were about in a month, and what came back.
        month: With --themes: which, like 2026-11; this one if it is left out.
    """
    now = desk.now().astimezone(desk.settings.company.timezone)
    if month and not themes:
        raise failures.Trouble(
            failures.USAGE, "A month goes with --themes.", todo="responder debriefs --themes"
        )
    if themes:
        _themes(desk, month or f"{now:%Y-%m}")
        return
    found = desk.store.debriefs.since() if all_ else desk.store.debriefs.pending(_MOST)
    desk.screen.show(DebriefsSheet(found, now.date()))
    due = sum(one.state is DebriefState.DUE for one in found)
    if not found:
        desk.screen.hint("Nothing is to be talked over.")
    elif due:
        desk.screen.hint(f"{many(due, 'case')} to talk over: responder debrief c-{_first(found).case_id}")


def _first(found: Sequence[Debrief]) -> Debrief:
    return next(one for one in found if one.state is DebriefState.DUE)


def _themes(desk: "Desk", month: str) -> None:
    zone = desk.settings.company.timezone
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        what = f"{one_line(month, 20)!r} is no month."
        raise failures.Trouble(failures.USAGE, what, todo="Write one like 2026-11.") from None
    after = first + timedelta(days=monthrange(first.year, first.month)[1])
    since, until = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (first, after))
    found = themes(desk.store.debriefs.since(until=until), since, until)
    desk.screen.show(ThemesSheet(found, month))
    if not found:
        desk.screen.hint("Nothing was talked over in that month.")


def debrief(
    id: CaseId,  # noqa: A002 (what people type)
    /,
    *,
    show: bool = False,
    from_: Annotated[Path | None, Parameter(name="--from", allow_leading_hyphen=True)] = None,
    done: int = 0,
    desk: AtDesk,
) -> int:
    """Talk a case over: one form in your editor ($VISUAL, $EDITOR), with nobody to blame in it.

    Args:
        id: The case, like c-101.
        show: Show what was written.
        from_: Take the form from this file; "-" is what is piped in.
        done: What was to change is changed: the number of the action.
    """
    if sum([show, from_ is not None, bool(done)]) > 1:
        raise failures.Trouble(failures.USAGE, "Say one thing: --show, --from FILE or --done N.")
    case = desk.store.casework.get(id)
    if show:
        today = desk.now().astimezone(desk.settings.company.timezone).date()
        desk.screen.show(DebriefsSheet([desk.store.debriefs.get(id)], today, whole=True))
        return failures.DONE
    if done:
        return carry_out(desk.screen, [partial(_changed, desk, case, done)])
    desk.may(Right.DEBRIEF)
    seen = _seen(desk, id)
    text, path = (_piped(desk, from_), from_) if from_ is not None else _typed(desk, case, seen)
    return carry_out(desk.screen, [partial(_written, desk, case, seen, text, path)])


def _changed(desk: "Desk", case: Case, number: int) -> Deed:
    one = desk.store.debriefs.get(case.id)
    changed(desk.store, one, number, desk.user, desk.now())
    left = len(one.open) - 1
    after = f"{many(left, 'action')} left there: responder debrief {case.name} --show" if left else ""
    says = f"Action {number} of {case.name} is done."
    return Deed(case=case.name, did="debrief action done", by=desk.user, says=says, after=after)


def _piped(desk: "Desk", path: Path) -> str:
    return desk.screen.read() if str(path) == "-" else editor.read(path)


def _typed(desk: "Desk", case: Case, seen: Debrief | None) -> tuple[str, Path | None]:
    """Return what a person writes into the form in their editor, and where it is kept."""
    if not desk.screen.asks:
        raise failures.Trouble(
            failures.USAGE,
            "There is no terminal for an editor.",
            todo=f"Give the form: responder debrief {case.name} --from FILE",
        )
    before = form_file.printed(FIELDS, _filled(seen), _head(case))
    path, code = editor.opened(f"debrief-{case.name}", before, desk.screen.environ, ".toml")
    text = editor.read(path)
    if code:
        raise editor.not_taken(editor.ended(code), path, f"responder debrief {case.name} --from {path}")
    if text == before:
        path.unlink()
        raise failures.Trouble(failures.DECLINED, f"Nothing was written; {case.name} stays as it was.")
    return text, path


def _seen(desk: "Desk", number: int) -> Debrief | None:
    try:
        return desk.store.debriefs.get(number)
    except NotFound:
        return None


def _filled(seen: Debrief | None) -> form_file.Filled:
    """Return what stands in the form so far."""
    if seen is None:
        return {"version": _FIRST}
    rows = [{"what": each.what, "owner": each.owner, "due": each.due} for each in seen.actions]
    return {"version": _version(seen), **seen.answers, "actions": rows}


def _same(case: Case, seen: Debrief | None, began: str) -> None:
    """Refuse a form that began from another one than is `seen`: a kept file would overwrite theirs."""
    if began and seen and began != _version(seen):
        raise Conflict(f"the debrief of {case.name} was written by {seen.written_by} meanwhile")


def _version(seen: Debrief | None) -> str:
    return seen.written_at.isoformat() if seen and seen.written_at else _FIRST


def _head(case: Case) -> str:
    return (
        f"What {case.name} taught us. Write between the quotes and save; what stands behind # is left out.\n"
        "It asks what happened, never who is guilty: say what we did, not who."
    )


def _written(desk: "Desk", case: Case, seen: Debrief | None, text: str, path: Path | None) -> Deed:
    name = str(path) if path and str(path) != "-" else "the form"
    try:
        began, answers, actions = _read(text, name)
        _same(case, seen, began)
        write(desk.store, case, seen, (answers, actions), desk.user, desk.now())
    except BaseException as error:
        raise _kept(desk, case, text, path, error) from error
    if path and path.name.startswith(f"responder-debrief-{case.name}-"):
        path.unlink(missing_ok=True)
    says = f"The debrief of {case.name} is written, with {many(len(actions), 'action')}."
    after = f"When one is done: responder debrief {case.name} --done 1" if actions else ""
    return Deed(case=case.name, did="debrief written", by=desk.user, says=says, after=after)


def _read(text: str, name: str) -> tuple[str, Mapping[str, str], Sequence[Action]]:
    """Return which one a form began from ("": it does not tell), its answers and actions.

    Raises FormError with all that is wrong or missing.
    """
    filled = form_file.parsed(text, FIELDS, name)
    actions = [Action(number=0, **row) for row in filled["actions"]]
    wrong = [
        f"{name}: actions.{at}: needs what, owner and due"
        for at, one in enumerate(actions, 1)
        if not (one.what and one.owner and one.due)
    ]
    wrong += [f"{name}: {one.key}: is empty ({one.help})" for one in form_file.missing(FIELDS, filled)]
    if wrong:
        raise FormError(wrong)
    return filled["version"], {key: filled[key] for key in QUESTIONS}, actions


def _kept(desk: "Desk", case: Case, text: str, path: Path | None, error: BaseException) -> failures.Trouble:
    """Return the error for a form that was not taken; what was typed is kept, and named."""
    if path is None or str(path) == "-":
        path = editor.keep(f"debrief-{case.name}", text, desk.screen.environ, ".toml")
    todo = f"It is kept. Put it right, then: responder debrief {case.name} --from {path}"
    if isinstance(error, Conflict) and (theirs := _seen(desk, case.id)) and theirs.written_at:
        todo = (
            f"It is kept in {path}. Theirs: responder debrief {case.name} --show; take over what yours lacks,"
            f' write version = "{_version(theirs)}" in it, then: responder debrief {case.name} --from {path}'
        )
    if isinstance(error, FormError):
        what = "The form was not taken."
        return failures.Trouble(failures.FAILED, what, "", todo, tuple(f"  {one}" for one in error.problems))
    if isinstance(error, KeyboardInterrupt):
        return failures.Trouble(failures.INTERRUPTED, "Stopped before the form was stored.", todo=todo)
    told = failures.told(error, f"debrief {case.name}") if isinstance(error, Exception) else None
    return failures.Trouble(
        told.code if told else failures.FAILED, told.what if told else "It was not stored.", todo=todo
    )
