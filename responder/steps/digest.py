"""Digest: what is open, late and unsettled, and what happened since."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from responder.model.budget import Allowance, Budget
from responder.model.digest import AccountHealth, Day, Digest, Theme
from responder.model.search import Search
from responder.model.term import LATE, Term
from responder.model.times import times
from responder.store.store import Store

#: How far back the chart and the themes go, and how many themes are told.
_WEEK, _THEMES = timedelta(days=7), 6
_A_DAY = timedelta(days=1)
#: How far back letters are told that did not go out.
_UNSENT = timedelta(days=2)
_ANSWERED = ("answered", "answered by hand")


def digest(
    store: Store,
    since: datetime,
    now: datetime,
    *,
    lines: int = 10,
    accounts: Mapping[str, Allowance] | None = None,
    search: Search | None = None,
) -> Digest:
    """Return the desk as it is at `now`, with what happened since `since`; `lines` cases a section.

    Its days are those of the time zone of `now`.

    `accounts` are those of the settings, by name, with what their calls may cost: no other can be blind, and
    one that was never polled is told too. `search` limits the two lists of cases, not the figures; which
    stage and what is due is the lists' own.
    """
    views, pause = store.views, store.control.pausing()
    money = {
        name: Budget(allowance=allowance, ledger=store.money.ledger(name, now), now=now)
        for name, allowance in (accounts or {}).items()
        if allowance.month
    }
    if search:
        only, late_ones = search.but("stage", "due"), Term(key="due", value=LATE)
        beyond = Search((*only.told("stage", "waiting").terms, replace(late_ones, negated=True)))
        late = store.finding.page(Search((*only.told("stage", "open").terms, late_ones)), now, limit=lines)
        waiting = store.finding.page(beyond, now, limit=lines)
    else:
        late, waiting = views.overdue(now, lines), views.waiting(now, lines)
    told = times(store.statistics.answers(Search(), since, now)[0])
    return Digest(
        at=now,
        since=since,
        figures=views.figures(now, since),
        overdue=tuple(late),
        waiting=tuple(waiting),
        search=str(search or ""),
        unsettled=tuple(views.unsettled()),
        alarmed=tuple(store.watching.alarmed()),
        health=_health(store, accounts or ()),
        blind=tuple(one for one in store.blindness.blind(now) if accounts is None or one.account in accounts),
        asleep=store.lists.count_asleep(now),
        incidents=tuple(store.incidents.listed()),
        promises=tuple(store.promises.owed(lines, before=now + _A_DAY)),
        follow_ups=tuple(store.follow_ups.due(lines, before=now + _A_DAY)),
        grants=tuple(store.grants.asked(lines)),
        debriefs=tuple(store.debriefs.pending(lines)),
        by_hand=tuple(store.lists.by_hand()),
        paused=bool(pause),
        pause=pause,
        money=money,
        head=store.audit.head(),
        first=told.first,
        reopened=told.reopened,
        private=store.recent.private(since, now),
        unsent=tuple(store.notices.failing(now - _UNSENT)),
        week=_week(store, now),
        themes=_themes(store, now),
    )


def _health(store: Store, accounts: Iterable[str]) -> tuple[AccountHealth, ...]:
    """Return how each account is, also those that nobody polled yet."""
    known = store.views.health()
    fresh = sorted(set(accounts).difference(one.name for one in known))
    new = AccountHealth(name="", network="", heard_at=None, polled_at=None, problem="", stopped=False)
    return (*known, *(replace(new, name=name) for name in fresh))


def _week(store: Store, now: datetime) -> tuple[Day, ...]:
    """Return the last seven days, by the time zone of `now`; an hour belongs to the day it begins on."""
    today = now.date()
    days = [today - timedelta(days=back) for back in reversed(range(_WEEK.days))]
    # a day more than that: it may have 25 hours, and begin elsewhere
    happened = store.recent.happened(("heard", *_ANSWERED), now - _WEEK - timedelta(days=1), now)
    heard: Counter[date] = Counter()
    answered: Counter[date] = Counter()
    for (hour, action), n in happened.items():
        (answered if action in _ANSWERED else heard)[hour.astimezone(now.tzinfo).date()] += n
    return tuple(Day(day, heard[day], answered[day]) for day in days)


def _themes(store: Store, now: datetime) -> tuple[Theme, ...]:
    """Return what most complaints of the last seven days are about, with the seven days before."""
    lately, before = store.recent.topics(now - _WEEK, now), store.recent.topics(now - 2 * _WEEK, now - _WEEK)
    most = sorted(lately, key=lambda topic: (-lately[topic], topic))
    return tuple(Theme(topic, lately[topic], before[topic]) for topic in most[:_THEMES])
