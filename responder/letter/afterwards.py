"""Afterwards: what a digest tells of the time after an answer: what is due, asked for, and was learned."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta

from responder.letter.pieces import Fact
from responder.letter.tongue import Tongue
from responder.model.debrief import DebriefState
from responder.model.digest import Digest
from responder.model.visible import one_line


def follow_ups(digest: Digest, said: Tongue) -> Iterator[Fact]:
    """Give what is to be said or done after an answer by the next letter."""
    for one in digest.follow_ups:
        left = one.due_at - digest.at
        due = said.say("say.late" if left < timedelta(0) else "say.due", span=said.span(left))
        who = f" ({one_line(one.owner, 30)})" if one.owner else ""
        what = said.say(f"follow_up.{one.kind.name.lower()}")
        command = f"responder follow-up c-{one.case_id} {one.kind}"
        yield Fact(name=f"c-{one.case_id}", text=f"{what}{who}  {due}", command=command)


def grants(digest: Digest, said: Tongue) -> Iterator[Fact]:
    """Give what waits for the yes of a second person."""
    for one in digest.grants:
        asked = said.say("say.grant", who=one_line(one.by, 30))
        text = "  ".join(filter(None, (one.remedy, one.amount, asked)))
        yield Fact(name=f"c-{one.case_id}", text=text, command=f"responder remedy {one.name} --agree")


def debriefs(digest: Digest, said: Tongue, called: Callable[[str], str]) -> Iterator[Fact]:
    """Give what is to be talked over, and what was to change and did not; `called` names a topic."""
    for one in digest.debriefs:
        name = f"c-{one.case_id}"
        if one.state is DebriefState.DUE:
            about = f": {called(one.topic)}" if one.topic else ""
            text = f"{said.say('say.debrief')}{about}"
            yield Fact(name=name, text=text, command=f"responder debrief {name}")
        for action in one.open:
            day = f", {said.day(datetime.combine(action.due, time()))}" if action.due else ""
            text = f"{one_line(action.what, 120)} ({one_line(action.owner, 30)}{day})"
            yield Fact(name=name, text=text, command=f"responder debrief {name} --done {action.number}")
