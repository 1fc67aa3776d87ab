"""Afterwards: what we say between an answer and the end of a matter, and what a broken promise was."""

from collections.abc import Mapping
from datetime import tzinfo

from responder.model.follow_up import FollowUpKind
from responder.model.promise import Promise, PromiseKind
from responder.policy.after_files import After
from responder.policy.filling import filled, slots_in, with_capitals
from responder.policy.planner import Playbook

#: Which are said in words of their own; the others have a playbook.
OWN_WORDS = frozenset({FollowUpKind.UPDATE, FollowUpKind.STATUS, FollowUpKind.CHECK, FollowUpKind.QUALITY})
BY_PLAYBOOK: Mapping[FollowUpKind, Playbook] = {
    FollowUpKind.CALL: Playbook.CALL,
    FollowUpKind.RECAP: Playbook.RECAP,
    FollowUpKind.BROKEN_PROMISE: Playbook.BROKEN_PROMISE,
    FollowUpKind.CLOSING: Playbook.CLOSED,
}
#: Where others read it: one paragraph.
PUBLIC = frozenset({FollowUpKind.UPDATE})


def said(kind: FollowUpKind, after: After, slots: Mapping[str, str], *, informal: bool) -> str:
    """Return the words of one kind, without the lines of which a slot is not known."""
    lines = [
        filled(line, slots, informal=informal)
        for line in after.texts[kind]
        if all(slots.get(slot) for slot in slots_in(line))
    ]
    return with_capitals((" " if kind in PUBLIC else "\n").join(lines))


def promised(one: Promise, after: After, zone: tzinfo) -> str:
    """Return what was promised and by when, as our frames go on with it: "news by 17:00 on 3 March"."""
    key = "call" if one.channel == "call" and one.kind is not PromiseKind.OUTCOME else str(one.kind)
    by = ""
    if one.due_at:
        at = one.due_at.astimezone(zone)
        moment = {
            "time": f"{at.hour}:{at.minute:02}",
            "day": str(at.day),
            "month": after.months[at.month - 1],
        }
        by = filled(after.by, moment, informal=False)
    return filled(after.promised[key], {"by": by}, informal=False).strip()
