"""Sum up: what happened in some days, and in as many before."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from responder.model.budget import Allowance
from responder.model.mention import Audience
from responder.model.period import Period
from responder.model.remedy import spends
from responder.model.search import Search
from responder.model.summary import Came, Paid, Summary, reasons
from responder.steps.dismiss import REASONS
from responder.store.answers import BY_HAND
from responder.store.store import Store
from responder.store.summing import Kind

Name = TypeVar("Name", int, str)


def sum_up(
    store: Store,
    search: Search,
    of: Period,
    now: datetime,
    *,
    allowances: Mapping[str, Allowance] | None = None,
) -> Summary:
    """Return what happened in these days to the cases that `search` describes; every one is counted.

    `allowances` are those of the accounts that cost money, by name.
    """
    sums = store.summing.sums(search, of, now)
    came_before, times_before = store.summing.briefly(search, of.before, now)
    networks = {one.name: one.network for one in store.views.health()}
    return Summary(
        at=now,
        period=of,
        search=str(search),
        came=_came(sums.came, networks),
        came_before=_came(came_before, networks),
        came_by_day=sums.came_by_day,
        times=sums.times,
        times_before=times_before,
        replies=sum(sums.replies.values()),
        in_private=sums.replies.get(str(Audience.PRIVATE), 0),
        by_hand=sums.happened.get(BY_HAND, 0),
        answers_by_day=sums.answers_by_day,
        happened=sums.happened,
        dismissed=dict(reasons(sums.dismissed.items(), REASONS).most_common()),
        approved=sums.approved,
        overrides=sums.overrides,
        voided=sums.voided,
        promises=None if search.terms else store.promises.kept(of.start, of.end),
        granted=None if search.terms else spends(store.grants.granted(of.start, of.end), of.zone),
        paid=_paid(store, search, of, networks, allowances or {}),
    )


def _came(kinds: Mapping[Kind, int], networks: Mapping[str, str]) -> Came:
    complaints = {kind: n for kind, n in kinds.items() if kind[-1]}
    weighed = {kind: n for kind, n in complaints.items() if kind[-2]}
    return Came(
        cases=sum(kinds.values()),
        complaints=sum(complaints.values()),
        by_tier=_counted((kind[1], n) for kind, n in weighed.items()),
        by_network=_counted((networks.get(kind[0], ""), n) for kind, n in complaints.items()),
        by_account=_counted((kind[0], n) for kind, n in complaints.items()),
        by_language=_counted((kind[3], n) for kind, n in weighed.items()),
        by_topic=_counted((kind[2], n) for kind, n in weighed.items()),
        by_stage=_counted((kind[4], n) for kind, n in kinds.items()),
    )


def _counted(pairs: Iterable[tuple[Name, int]]) -> dict[Name, int]:
    """Return the sums by name, the largest first."""
    counts: Counter[Name] = Counter()
    for name, n in pairs:
        counts[name] += n
    return dict(sorted(counts.items(), key=lambda one: (-one[1], str(one[0]))))


def _paid(
    store: Store,
    search: Search,
    of: Period,
    networks: Mapping[str, str],
    allowances: Mapping[str, Allowance],
) -> list[Paid] | None:
    """Return what accounts cost; None where the search asks for more than some accounts."""
    if search.but("account", "network").terms:
        return None
    now, before = store.money.spent(of.first, of.last), store.money.spent(of.before.first, of.before.last)
    meant = store.finding.accounts(search)
    return [
        Paid(
            account=name,
            network=networks.get(name, ""),
            allowance=allowances.get(name, Allowance()),
            calls=now[name].units if name in now else 0,
            micros=now[name].micros if name in now else 0,
            before=before[name].micros if name in before else 0,
        )
        for name in sorted({*now, *before})
        if meant is None or name in meant
    ]
