"""Notice: many who complain of one thing are proposed as an incident; who says the same later joins it."""

from datetime import datetime, timedelta

from responder.model.incident import Incident, IncidentStage
from responder.policy.bursts import LEAST, PAST, WINDOWS, Post, burst, joins, reasons, why
from responder.policy.likeness import Likeness
from responder.steps.report import Report
from responder.store.errors import Conflict
from responder.store.incidents import USUAL, Complaint
from responder.store.store import Store

#: After people said that a burst is none, who says the same is left alone for so long.
_NOT_AGAIN = timedelta(days=1)
#: So many of its latest members are compared with who might join an incident.
_COMPARED = 30


def notice(store: Store, now: datetime) -> Report:
    """Propose one incident for a burst of complaints, and let those join that say what its members say.

    Only cases that were weighed and never were of an incident are looked at, the newest ones. Nothing is
    drafted or told by this.
    """
    fresh = [_post(one) for one in store.incidents.latest(now - max(WINDOWS), now)]
    if not fresh:
        return Report()
    known = store.incidents.listed((IncidentStage.PROPOSED, IncidentStage.OPEN))
    ended = [
        one
        for one in store.incidents.listed((IncidentStage.DISMISSED,), limit=10)
        if one.closed_at and timedelta(0) <= now - one.closed_at < _NOT_AGAIN
    ]
    if len(fresh) < LEAST and not known:
        return Report()
    likeness = Likeness.of(store.incidents.before(now - max(WINDOWS)))
    left, joined = _join(store, known, fresh, likeness, now)
    left = [one for one in left if not any(joins(one, _said(store, other), likeness) for other in ended)]
    report = Report({"joined": joined} if joined else {})
    return report + _propose(store, left, likeness, now)


def _join(
    store: Store, known: list[Incident], fresh: list[Post], likeness: Likeness, now: datetime
) -> tuple[list[Post], int]:
    """Let posts join the incidents under way; return those that belong to none, and how many joined."""
    joined = 0
    for one in known:
        said = _said(store, one)
        members = {post.number: told for post in fresh if (told := joins(post, said, likeness))}
        if members:
            try:
                store.gathering.join(one, members, "", now)
            except Conflict:  # it ended, or one of them belongs elsewhere by now: the next round looks again
                continue
            joined += len(members)
            fresh = [post for post in fresh if post.number not in members]
    return fresh, joined


def _propose(store: Store, left: list[Post], likeness: Likeness, now: datetime) -> Report:
    began = store.incidents.began() or now

    def history(topic: str) -> tuple[list[datetime], datetime]:
        times = store.incidents.usual(topic, now - PAST - max(WINDOWS), now)
        # of more than can be read the last ones tell
        return times, times[-1] if len(times) == USUAL else began

    found = burst(left, likeness, history, now)
    if found is None:
        return Report()
    try:
        store.gathering.propose(found.topic, why(found), reasons(found), now)
    except Conflict:  # somebody was quicker
        return Report()
    return Report({"proposed": 1})


def _said(store: Store, one: Incident) -> list[Post]:
    """Return what the latest members of an incident say."""
    numbers = [member.case_id for member in one.belonging[-_COMPARED:]]
    return [_post(said) for said in store.incidents.said(numbers)]


def _post(one: Complaint) -> Post:
    return Post(
        number=one.case_id,
        author=one.author,
        at=one.at,
        language=one.language,
        topic=one.topic,
        text=one.text,
    )
