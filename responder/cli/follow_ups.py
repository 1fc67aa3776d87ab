"""Follow-ups: what is due after an answer, and what a person says became of it."""

# ruff: noqa: D417 (the desk is no argument that people give)

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from responder.cli import failures, words
from responder.cli.deeds import Deed, carry_out
from responder.cli.desk import AtDesk
from responder.cli.edit import refuse_hidden
from responder.cli.when import until
from responder.cli.words import CaseId, many
from responder.letter import span
from responder.model.case import Case
from responder.model.follow_up import BY_HAND, FollowUp, FollowUpKind, FollowUpState
from responder.model.promise import Promise
from responder.model.triage import Finding, Level
from responder.model.visible import one_line
from responder.steps import afterwards as steps
from responder.store.errors import Conflict

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas, Words
    from responder.cli.desk import Desk

_MOST, _LONGEST = 200, 4_000
#: Two who say within so long that the same thing is done mean the same one.
_AT_ONCE = timedelta(minutes=5)
#: What each is about, for a person.
WHAT = {
    FollowUpKind.UPDATE: "the public word we promised",
    FollowUpKind.CALL: "call them",
    FollowUpKind.RECAP: "write down what was agreed",
    FollowUpKind.STATUS: "tell them where it stands",
    FollowUpKind.BROKEN_PROMISE: "own the promise we did not keep",
    FollowUpKind.CHECK: "is it really fixed?",
    FollowUpKind.QUALITY: "has it stayed fixed?",
    FollowUpKind.CLOSING: "the public closing note",
}


@dataclass(frozen=True, slots=True)
class FollowUpsSheet:
    """Tasks, the soonest first; alone, one with its words."""

    found: Sequence[FollowUp]
    now: datetime
    #: The promise that each is about, by its number.
    promises: Mapping[int, Promise]
    #: What the rules say about the words of the only one.
    findings: Sequence[Finding] = ()
    whole: bool = False
    schema: str = "responder.follow-ups/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return each as plain data."""
        return [
            {
                "case": f"c-{one.case_id}",
                "kind": str(one.kind),
                "state": str(one.state).lower(),
                "due_at": one.due_at.isoformat(),
                "overdue": one.overdue(self.now),
                "owner": one.owner or None,
                "promise": f"p-{one.promise_id}" if one.promise_id else None,
                "text": one.text,
                "language": one.language or None,
                "ended_at": one.ended_at.isoformat() if one.ended_at else None,
                "ended_by": one.ended_by or None,
                "said": one.said or None,
            }
            for one in self.found
        ]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return case, kind, state, when it is due, owner, the words."""
        for one in self.found:
            yield (
                f"c-{one.case_id}", str(one.kind), str(one.state).lower(), one.due_at.isoformat(), one.owner,
                one.text,
            )  # fmt: skip

    def draw(self, canvas: "Canvas") -> None:
        """Draw a table; one alone with its words, and how it can be said."""
        cells: list[Sequence[Words]] = [
            (
                (f"c-{one.case_id}", "strong"),
                str(one.kind),
                (when(one, self.now), "care" if one.overdue(self.now) else "plain"),
                one_line(one.owner, 16) or "nobody",
                WHAT[one.kind],
            )
            for one in self.found
        ]
        canvas.table(("", "kind", "due", "owner", "what"), cells)
        if self.whole:
            for one in self.found:
                self._whole(one, canvas)

    def _whole(self, one: FollowUp, canvas: "Canvas") -> None:
        owed = self.promises.get(one.promise_id or 0)
        canvas.blank()
        if owed:
            canvas.line(provenance(owed))
        canvas.quote(one.text or "(nobody drafted words for it)")
        for finding in self.findings:
            if finding.level is not Level.NOTE:
                canvas.item((finding.level, "care"), words.about(finding), indent=2, hang=7)
        canvas.line((how(one), "faint"))


def provenance(owed: Promise) -> str:
    """Return who promised what, when and by when: for our own people, never for the customer."""
    due = f", due {owed.due_at:%d %b %H:%M} UTC" if owed.due_at else ""
    who = one_line(owed.owner, 40) or "somebody"
    return f"{owed.name}: {who} promised on {owed.made_at:%d %b}{due}: “{one_line(owed.quote, 200)}”"


def how(one: FollowUp) -> str:
    """Return who brings it to the customer."""
    told = f"responder follow-up c-{one.case_id} {one.kind} --done"
    if one.kind in BY_HAND:
        return (
            f"A post is answered once here: post it by hand, or say it in private or by phone. Then: {told}"
        )
    return f"Nothing is sent by itself: say it by phone, mail or message. Then: {told}"


def follow_ups(id: str = "", /, *, desk: AtDesk) -> None:  # noqa: A002 (what people type)
    """List what is due after our answers, the soonest first: what to say, and to whom.

    Args:
        id: A case, like c-101: also what was done there.
    """
    store, now = desk.store, desk.now()
    found = store.follow_ups.of_case(_number(id)) if id else store.follow_ups.due(_MOST)
    desk.screen.show(FollowUpsSheet(found, now, {}))
    late = sum(one.overdue(now) for one in found)
    if not found:
        desk.screen.hint("Nothing is to be followed up.")
    elif late:
        desk.screen.hint(f"{many(late, 'follow-up')} overdue: responder follow-up CASE KIND shows the words.")


def follow_up(  # noqa: PLR0913 (what people may say of one)
    id: CaseId,  # noqa: A002 (what people type)
    kind: FollowUpKind,
    /,
    *,
    done: bool = False,
    said: str = "",
    skip: bool = False,
    why: str = "",
    to: Annotated[str, Parameter(name="--move")] = "",
    desk: AtDesk,
) -> int:
    """Show what is due after an answer with its words, or say what became of it.

    Args:
        id: The case, like c-101.
        kind: Which: update, call, recap, status, broken-promise, check, quality or closing.
        done: It was said or done as it is drafted; also something that nobody had planned.
        said: It was said in these words, which are read for promises.
        skip: It is not needed.
        why: With --skip: why not.
        to: Put it to another time: 2h, tomorrow, 14:00, '2026-03-02 14:00'.
    """
    told = [bool(done or said), skip, bool(to)]
    if sum(told) > 1:
        raise failures.Trouble(
            failures.USAGE, "Say one thing: --done (with --said WORDS), --skip or --move TIME."
        )
    if why and not skip:
        raise failures.Trouble(failures.USAGE, "--why goes with --skip; what was said goes with --said.")
    if said and not said.strip():
        raise failures.Trouble(failures.USAGE, "Nothing stands in --said; as it is drafted is --done.")
    case = desk.store.casework.get(id)
    due = [one for one in desk.store.follow_ups.of_case(id) if one.kind == kind]
    one = next((one for one in due if one.state is FollowUpState.DUE), None)
    if done or said:
        words_ = _said(said)
        return carry_out(desk.screen, [partial(_done, desk, case, (kind, one), words_)])
    if one is None:
        raise failures.Trouble(
            failures.FAILED,
            f"No {kind} of {case.name} is due.",
            todo=f"responder follow-ups {case.name}",
        )
    if skip:
        return carry_out(desk.screen, [partial(_skipped, desk, one, why)])
    if to:
        return carry_out(desk.screen, [partial(_moved, desk, one, until(to, desk.settings, desk.now()))])
    _show(desk, case, one)
    return failures.DONE


def fixed(
    id: CaseId,  # noqa: A002 (what people type)
    /,
    *,
    how: str = "",
    no: Annotated[bool, Parameter(name="--not")] = False,
    desk: AtDesk,
) -> int:
    """Say that the matter of an answered case is put right: what is due after that begins.

    Args:
        id: The case, like c-101.
        how: How it was put right, in a few words for your colleagues.
        no: It is not put right after all.
    """
    case = desk.store.casework.get(id)

    def say() -> Deed:
        if no:
            steps.not_fixed(desk.store, desk.app.course, case, desk.user, desk.now())
            return _deed(desk, case, "not fixed", f"{case.name} is not fixed.")
        steps.fixed(desk.store, desk.app.course, case, one_line(how, 500), desk.user, desk.now())
        return _deed(desk, case, "fixed", f"{case.name} is fixed.")

    return carry_out(desk.screen, [say])


def _show(desk: "Desk", case: Case, one: FollowUp) -> None:
    ledger = desk.store.promises
    promises = {one.promise_id: ledger.get(one.promise_id)} if one.promise_id else {}
    limits = desk.limits(case)
    findings = (
        desk.app.policy.follow_up_findings(one.kind, one.text, case, limits) if limits and one.text else ()
    )
    desk.screen.show(FollowUpsSheet([one], desk.now(), promises, findings, whole=True))


def _said(told: str) -> str:
    said = told.strip()
    if len(said) > _LONGEST:
        raise failures.Trouble(failures.USAGE, f"That is longer than {_LONGEST:,} characters.")
    refuse_hidden(said)
    return said


def _done(desk: "Desk", case: Case, which: tuple[FollowUpKind, FollowUp | None], said: str) -> Deed:
    kind, one = which
    course = desk.app.course
    if not said:
        _refuse_twice(desk, case, kind, one)
    if one:
        promised = steps.done(desk.store, course, one, said, desk.user, desk.now())
    else:
        promised = steps.did(desk.store, course, case, (kind, said), desk.user, desk.now())
    told = f"The {kind} of {case.name} is done."
    more = f" It promises {many(len(promised), 'thing')}: responder promises {case.name}" if promised else ""
    return _deed(desk, case, "follow-up done", f"{told}{more}")


def _refuse_twice(desk: "Desk", case: Case, kind: FollowUpKind, one: FollowUp | None) -> None:
    """Refuse a bare "done" so soon after another: it would end the next one, which nobody has said yet."""
    now = desk.now()
    before = [
        (each.ended_at, each.ended_by)
        for each in desk.store.follow_ups.of_case(case.id)
        if each.kind is kind
        and each.state is FollowUpState.DONE
        and each.ended_at
        and each.ended_at > now - _AT_ONCE
    ]
    if before and not (one and one.due_at <= now):
        at, who = max(before)
        next_ = f", and the next one is due {when(one, now)}" if one else ""
        raise Conflict(
            f"{one_line(who, 40)} said {words.ago(at, now)} that the {kind} of {case.name} is done{next_};"
            " if there was one more, tell its words with --said"
        )


def _skipped(desk: "Desk", one: FollowUp, why: str) -> Deed:
    steps.skip(desk.store, desk.app.course, one, one_line(why, 500), desk.user, desk.now())
    case = desk.store.casework.get(one.case_id)
    return _deed(desk, case, "follow-up skipped", f"The {one.kind} of {case.name} is not needed.")


def _moved(desk: "Desk", one: FollowUp, due: datetime) -> Deed:
    new = steps.move(desk.store, one, due, desk.user, desk.now())
    local = new.due_at.astimezone(desk.settings.company.timezone)
    case = desk.store.casework.get(one.case_id)
    return _deed(
        desk, case, "follow-up moved", f"The {one.kind} of {case.name} is due {local:%a %d %b %H:%M}."
    )


def _deed(desk: "Desk", case: Case, did_: str, says: str) -> Deed:
    """Return a deed with what comes next in its case."""
    due = [one for one in desk.store.follow_ups.of_case(case.id) if one.state is FollowUpState.DUE]
    after = f"Next: {due[0].kind}, {when(due[0], desk.now())}." if due else ""
    return Deed(case=case.name, did=did_, by=desk.user, says=says, after=after)


def when(one: FollowUp, now: datetime) -> str:
    """Return when it is due, as people say it; or what became of it."""
    if one.state is not FollowUpState.DUE:
        return str(one.state).lower()
    left = one.due_at - now
    return f"in {span(left)}" if left >= timedelta(0) else f"{span(left)} late"


def _number(told: str) -> int:
    try:
        return words.number_of(told)
    except ValueError as error:
        raise failures.Trouble(failures.USAGE, f"{error}.") from None
