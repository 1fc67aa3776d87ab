"""Measure: the desk's figures, and those of one person."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from responder.model.decision import Verdict
from responder.model.search import Search
from responder.model.statistics import (
    OFFLINE_KINDS,
    OFFLINE_RULE,
    OPEN_CAP,
    PersonStatistics,
    Statistics,
    by_day,
    spread,
    streaks,
    words_changed,
)
from responder.model.times import times
from responder.store.store import Store

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def measure(store: Store, search: Search, since: datetime, now: datetime) -> Statistics:
    """Return the desk's figures from `since` to `now`, of the cases that `search` describes.

    They rest on the latest 20,000 answers and 5,000 replies: that takes the same time among a million cases.
    """
    found = store.statistics
    answers, more = found.answers(search, since, now)
    replies = found.replies(search, since, now)
    told = times(answers)
    public = [one for one in replies if not one.private and one.playbook in OFFLINE_KINDS]
    tiers: Counter[int] = Counter()
    networks: Counter[str] = Counter()
    for (tier, network), n in ({} if search.terms else found.open()).items():
        tiers[tier] += n
        networks[network] += n
    waiting = search.but("stage").told("stage", "open")
    return Statistics(
        at=now,
        since=since,
        search=str(search),
        open=store.finding.count(waiting, now, cap=OPEN_CAP) if search.terms else tiers.total(),
        open_by_tier=dict(sorted(tiers.items(), reverse=True)),
        open_by_network=dict(sorted(networks.items())),
        answered=told.answered,
        more=more,
        first=told.first,
        first_by_tier=told.first_by_tier,
        first_by_network=told.first_by_network,
        in_time=told.in_time.n,
        timed=told.in_time.of,
        settled=told.settled.n,
        to_settle=told.settled.of,
        resolution=told.resolution,
        reopened=told.reopened,
        replies=len(replies),
        in_private=sum(one.private for one in replies),
        to_invite=len(public),
        invited=sum(OFFLINE_RULE not in one.rules for one in public),
        overrides=dict(found.overrides(search, since, now).most_common()),
        by_day=by_day((_EPOCH + timedelta(microseconds=one.at) for one in answers), since, now),
    )


def measure_person(store: Store, name: str, since: datetime) -> PersonStatistics:
    """Return how one person reviewed since then, by their latest 2,000 decisions."""
    made, more = store.statistics.decided(name, since)
    approvals = [one for one in made if one.verdict is Verdict.APPROVE]
    changed = [
        words_changed(one.before, one.after) if one.before is not None and one.after is not None else 1.0
        for one in approvals
    ]
    cases = {one.case_id for one in made}
    corrected = store.statistics.corrected(name, since)
    now, longest = streaks(changed)
    noticed, planted = store.planted.noticed(name, since)
    return PersonStatistics(
        name=name,
        since=since,
        decided=Counter(one.verdict for one in made),
        seconds=spread(one.seconds for one in made if one.seconds is not None),
        approved=len(approvals),
        untouched=sum(not one for one in changed),
        changed=spread(one for one in changed if one),
        streak=now,
        longest=longest,
        cases=len(cases | corrected),
        corrected=len(corrected),
        noticed=noticed,
        planted=planted,
        more=more,
    )
