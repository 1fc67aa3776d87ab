"""Finding: going through a part of the queue: what is searched for, or one of the usual filters."""

from responder.cli.filters import filter_of, search_typed
from responder.cli.review.questions import NOTHING, Choice, Dialogue, Line, Told
from responder.cli.review.session import Session
from responder.cli.words import many

#: Filters that are asked for every day, by letter.
_USUAL = {
    "m": ("what is mine", "owner:me"),
    "n": ("what is nobody's", "owner:nobody"),
    "u": ("the urgent: tier 4 and 5", "tier:>3"),
    "l": ("what is late", "due:late"),
    "h": ("what is sent by hand", "mark:by-hand"),
}
_EXAMPLE = "refund, network:x tier:>3 owner:me -lang:de"


def search(session: Session) -> Dialogue:
    """Go through the cases that some words describe."""
    said = yield Line(f"Search (like {_EXAMPLE}; nothing: all that waits)")
    return NOTHING if said is None else _look_for(session, said)


def choose_filter(session: Session) -> Dialogue:
    """Go through one of the usual parts of the queue, or a saved view."""
    views = dict(zip("123456789", session.desk.settings.views, strict=False))
    options = [(letter, what) for letter, (what, _) in _USUAL.items()]
    options += [(number, f"the view {name}") for number, name in views.items()]
    letter = yield Choice("Which cases?", (("a", "all that waits"), *options))
    if letter is None:
        return NOTHING
    if letter in views:
        return _look_for(session, filter_of(session.desk, views[letter]))
    return _look_for(session, _USUAL[letter][1] if letter in _USUAL else "")


def _look_for(session: Session, words: str) -> Told:
    if not words:
        session.look_for(None)
        return Told("All that waits.")
    wanted = search_typed(session.desk, words)
    if not session.look_for(wanted):
        return Told(f"There is no case for: {wanted}. You are where you were.", "care")
    return Told(f"{many(session.left, 'case')} for: {wanted}. f, then a, is all that waits again.")
