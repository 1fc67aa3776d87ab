"""Several: the same deed on the card or on all chosen cases, and taking the last one back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from responder.cli import failures, words
from responder.cli.review.questions import NOTHING, Told
from responder.cli.review.session import Session, Shown, Undo
from responder.model.case import Case
from responder.model.correction import What
from responder.model.decision import Verdict
from responder.store.errors import Conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something that is done to one card after the other."""

    do: Callable[[Shown], None]
    #: What was done to these cases, as a sentence or two.
    says: Callable[[Sequence[Case]], str]
    #: Takes it back from a card that looked so before, and says that it did; None: nothing takes it back.
    back: Callable[[Shown], str] | None = None
    #: Whether the case is done with by that, and leaves the list.
    leaves: bool = True


def meant(session: Session) -> list[Shown]:
    """Return the chosen cases as they are now, or the one on the card where none is chosen."""
    if session.chosen:
        return [one for number in session.chosen if (one := session.read(number))]
    return [session.shown] if session.shown else []


def called(seen: Sequence[Shown]) -> str:
    """Return "c-101", or "these 3 cases"."""
    return seen[0].case.name if len(seen) == 1 else f"these {words.many(len(seen), 'case')}"


def names(cases: Sequence[Case]) -> str:
    """Return "c-101, c-102 and c-103"."""
    *others, last = [case.name for case in cases]
    return f"{', '.join(others)} and {last}" if others else last


def each(session: Session, seen: Sequence[Shown], deed: Deed) -> Told:
    """Do a deed to each and show what comes next; tell of all.

    Of several, one that cannot be done does not stop the others. Of one alone what goes wrong is raised.
    """
    done: list[Shown] = []
    failed: list[str] = []
    for one in seen:
        try:
            deed.do(one)
            done.append(one)
        except Exception as error:
            failure = failures.known(error)
            if failure is None or len(seen) == 1:
                raise
            failed.append(f"{one.case.name}: {failure.sentences()}")
    session.chosen.clear()
    if not done:
        session.refresh()
        return Told("Nothing was done.", "care", tuple(failed))
    if deed.back:
        steps = tuple((one.case.id, partial(deed.back, one)) for one in done)
        session.done.append(Undo(steps))
    cases = [one.case for one in done]
    said = deed.says(cases)  # before the next card comes: it may ask the clock
    more = ""
    if deed.leaves:
        more = session.go_on([case.id for case in cases])
    elif len(seen) > 1 or not session.step(1):
        session.refresh()
    return Told(f"{said}{more}", "care" if failed else "good", tuple(failed))


def at_once(session: Session, do: Callable[[Shown], str]) -> Told:
    """Do something to the card that asks nothing and is not taken back, and say what `do` says."""
    if session.shown is None:
        return NOTHING
    says = do(session.shown)
    session.refresh()
    return Told(says, "good")


def decided_by_us(session: Session, number: int, verdict: Verdict) -> Case:
    """Return a case about which the last word was our `verdict`; Conflict where somebody's came after it."""
    desk = session.desk
    case = desk.store.casework.get(number)
    said = desk.store.views.card(number).decisions
    if not said or (said[-1].verdict, said[-1].by) != (verdict, desk.user) or case.merged_into:
        raise overruled(session, case)
    return case


def no_complaint_by_us(session: Session, case: Case) -> bool:
    """Whether triage was last told by us that it is none, and nobody else had a word about it since."""
    told = case.corrections[-1] if case.corrections else None
    if told is None or (told.what, told.by) != (What.NOT_A_COMPLAINT, session.desk.user) or case.merged_into:
        return False
    since = [one for one in session.desk.store.views.card(case.id).decisions if one.at > told.at]
    return all(one.by == told.by for one in since)


def overruled(session: Session, case: Case) -> Conflict:
    """Return what is said where somebody did something since, so that `u` would take back what is theirs."""
    return Conflict(
        f"{case.name} is not as you left it{session.desk.last_move(case)}; nothing was taken back"
    )


def undo(session: Session) -> Told:
    """Take the last thing back that was done here, as long as that is possible."""
    last = session.done[-1]
    said: list[str] = []
    failed: list[str] = []
    for number, step in last.steps:
        try:
            said.append(step())
        except Conflict as error:  # it cannot be taken back any more, and never will be
            failed.append(failures.sentence(str(error)))
            continue
        session.go_to(number)
    session.done.pop()
    session.refresh()
    return Told(" ".join([*said, *failed]), "care" if failed else "good")
