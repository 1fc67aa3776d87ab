"""Measure: the desk's figures, and those of one person."""

from collections import Counter
from datetime import datetime

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
    spreads,
    streaks,
    words_changed,
)
from responder.store.store import Store


def measure(store: Store, search: Search, since: datetime, now: datetime) -> Statistics:
    """Return the desk's figures from `since` to `now`, of the cases that `search` describes.

    They rest on the latest 20,000 answers and 5,000 replies: that takes the same time among a million cases.
    """
    found = store.statistics
    answers, more = found.answers(search, since, now)
    replies = found.replies(search, since, now)
    first = [(one, one.took.total_seconds()) for one in answers if one.took is not None]
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
        answered=len(answers),
        more=more,
        first=spread(took for _, took in first),
        first_by_tier=dict(sorted(spreads((one.tier, took) for one, took in first).items(), reverse=True)),
        first_by_network=dict(sorted(spreads((one.network, took) for one, took in first).items())),
        in_time=sum(one.in_time is True for one in answers),
        timed=sum(one.in_time is not None for one in answers),
        resolution=spread(one.closed_after.total_seconds() for one in answers if one.closed_after),
        reopened=sum(one.reopened for one in answers),
        replies=len(replies),
        in_private=sum(one.private for one in replies),
        to_invite=len(public),
        invited=sum(OFFLINE_RULE not in one.rules for one in public),
        overrides=dict(found.overrides(search, since, now).most_common()),
        by_day=by_day((one.at for one in answers), since, now),
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
