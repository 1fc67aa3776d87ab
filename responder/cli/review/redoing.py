"""Redoing: another draft, at once, by what a person says is wrong and by what they know about the case."""

from responder.cli import failures
from responder.cli.known import playbook_of, remedy_of
from responder.cli.review.approving import LONGEST_REASON
from responder.cli.review.questions import NOTHING, Choice, Dialogue, Line, Told
from responder.cli.review.session import Session
from responder.cli.review.writing import can_be_undone
from responder.model.case import Case, Stage
from responder.model.decision import Verdict
from responder.model.facts import BROKEN, FAULTS, Facts
from responder.steps.approve import decide
from responder.steps.draft import draft_one

_WRITE = "w"
#: What a person may know: the fact, how it is called, and what of it they type.
_FACTS = {
    "f": ("fault", "whose fault it is", f"Whose fault is it? ({', '.join(filter(None, FAULTS))})"),
    "s": ("solution", "what we will do", "What will we do? (like: we send a new one on Monday)"),
    "c": ("prevention", "what we changed", "What did we change so that it does not happen again?"),
    "t": ("since", "since when it is down", "Since when? (like 13:10)"),
    "p": ("promised", "what was promised", "What was promised? (like: a new phone by Friday)"),
    "b": ("broke", "how a promise broke", f"How was it broken? ({', '.join(filter(None, BROKEN))})"),
    "o": ("owner", "who looks after it", "Who looks after it, by the name customers may hear?"),
    "r": ("remedy", "the remedy", "The id of the remedy that was approved?"),
    "k": ("kind", "the kind of reply", "Which kind of reply? (like closed, vendor_fault)"),
    "n": ("number", "the number to call", "Which number do we call back?"),
    "h": ("window", "when we call", "When do we call? (like: between 10:00 and 12:00)"),
}


def redo(session: Session) -> Dialogue:
    """Ask what is wrong and what is known, and write another draft by that."""
    shown, desk = session.shown, session.desk
    if shown is None:
        return NOTHING
    reason = yield Line("What is wrong with this draft? (nothing: leave)")
    if not reason:
        return NOTHING
    told: dict[str, str] = {}
    while True:
        letter = yield Choice("What do you know about it, in the reply's language?", _options(told))
        if letter is None:
            return NOTHING
        if letter == _WRITE:
            break
        name, _, asks = _FACTS[letter]
        told[name] = _checked(session, name, (yield Line(asks)) or "")
    said = desk.user, reason[:LONGEST_REASON]
    before = desk.store.casework.draft(shown.case)
    decide(desk.store, shown.case, Verdict.REDO, said, desk.now(), news=Facts(**told))
    says = draft_now(session, shown.case.id)
    ours = desk.store.casework.draft(desk.store.casework.get(shown.case.id))
    if before and ours:
        can_be_undone(session, ours, before)
        return Told(f"{says} u puts the one before back.", "good")
    session.refresh()
    return Told(says, "good")


def draft_now(session: Session, number: int) -> str:
    """Draft a case that needs a reply, without waiting for the daemon; return what became of it."""
    desk, case = session.desk, session.desk.store.casework.get(number)
    if case.stage is not Stage.NEEDS_REPLY:
        return f"{case.name} will be weighed anew by the daemon."
    draft = draft_one(desk.store, desk.app.policy, desk.account(case), case, desk.now())
    return _drafted(case, draft.number if draft else 0)


def _drafted(case: Case, number: int) -> str:
    if not number:
        return f"{case.name} cannot be answered here; it waits for you without a draft."
    return f"Draft {number} of {case.name} waits for you."


def _options(told: dict[str, str]) -> tuple[tuple[str, str], ...]:
    facts = tuple(
        (letter, f"{says}: {told[name]}" if told.get(name) else says)
        for letter, (name, says, _) in _FACTS.items()
    )
    return ((_WRITE, "that is all: write it"), *facts)


def _checked(session: Session, name: str, said: str) -> str:
    """Return what was told as it is kept; Trouble for what the rules do not know."""
    if name == "remedy":
        return remedy_of(said, session.desk.app.policy, session.desk.now())
    known = {"fault": FAULTS, "broke": BROKEN}.get(name)
    if known is not None and said not in known:
        names = ", ".join(filter(None, known))
        raise failures.Trouble(failures.USAGE, f"{said!r} is not known here.", todo=f"Say one of: {names}.")
    return playbook_of(said) if name == "kind" else said
