"""Metrics: how the daemon is, for programs; no label holds what a person said or is called."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from responder.daemon.ring import EVENTS
from responder.steps.meter import budget_of

if TYPE_CHECKING:
    from prometheus_client.core import Metric

    from responder.daemon.daemon import Daemon

#: What is missing, and what to do.
MISSING = (
    "/metrics needs prometheus-client, which is not installed: pip install 'complaint-responder[metrics]'"
)


def exposition(daemon: "Daemon") -> bytes:
    """Return everything in Prometheus' text format; raises ImportError where its library is missing."""
    from prometheus_client import CollectorRegistry, generate_latest

    class Collector:
        def collect(self) -> Iterable["Metric"]:
            return collected(daemon)

    registry = CollectorRegistry()
    registry.register(Collector())
    return generate_latest(registry)


def collected(daemon: "Daemon") -> Iterator["Metric"]:
    """Give every metric, read from the database now."""
    yield from _cases(daemon)
    yield from _accounts(daemon)
    yield from _rings(daemon)


def _cases(daemon: "Daemon") -> Iterator["Metric"]:
    from prometheus_client.core import GaugeMetricFamily

    store, now = daemon.app.store, daemon.now()
    cases = GaugeMetricFamily("responder_cases", "Cases by stage and tier.", labels=["stage", "tier"])
    for (stage, tier), n in store.statistics.by_stage_and_tier().items():
        cases.add_metric([stage, str(tier)], n)
    yield cases
    figures = store.views.figures(now, now)
    yield GaugeMetricFamily(
        "responder_cases_overdue", "Open cases that are late, at most 1000.", figures.overdue
    )
    yield GaugeMetricFamily(
        "responder_paused", "Whether all sending is stopped.", float(store.control.paused())
    )
    pending = GaugeMetricFamily("responder_deliveries", "Replies that are not settled.", labels=["stage"])
    for stage, n in store.statistics.pending().items():
        pending.add_metric([stage], n)
    yield pending


def _accounts(daemon: "Daemon") -> Iterator["Metric"]:
    from prometheus_client.core import GaugeMetricFamily

    store, now = daemon.app.store, daemon.now()
    age = GaugeMetricFamily(
        "responder_poll_age_seconds", "Since the last poll that worked.", labels=["account"]
    )
    failures = GaugeMetricFamily("responder_poll_failures", "Polls failed in a row.", labels=["account"])
    for name, sight in store.blindness.sights().items():
        if sight.heard_at:
            age.add_metric([name], (now - sight.heard_at).total_seconds())
        failures.add_metric([name], sight.failures)
    blind = GaugeMetricFamily("responder_blind", "Whether an account hears nothing.", labels=["account"])
    unseeing = {one.account for one in store.blindness.blind(now)}
    left = GaugeMetricFamily(
        "responder_budget_left", "What is left of the month.", labels=["account", "currency"]
    )
    for name, account in daemon.app.accounts.items():
        blind.add_metric([name], name in unseeing)
        if account.allowance.month:
            budget = budget_of(store, account, now)
            rest = account.allowance.month - budget.this_month
            left.add_metric([name, account.allowance.currency], rest / 1_000_000)
    yield from (age, failures, blind, left)


def _rings(daemon: "Daemon") -> Iterator["Metric"]:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

    seconds = GaugeMetricFamily("responder_ring_seconds", "How long the last run took.", labels=["ring"])
    age = GaugeMetricFamily(
        "responder_ring_well_age_seconds", "Since the last run without a problem.", labels=["ring"]
    )
    runs = CounterMetricFamily("responder_ring_runs", "Runs by outcome.", labels=["ring", "outcome"])
    for ring in list(daemon.rings):
        seconds.add_metric([ring.name], ring.seconds)
        if ring.well_at:
            age.add_metric([ring.name], (daemon.now() - ring.well_at).total_seconds())
        for outcome, n in (("well", ring.runs - ring.failed), ("problem", ring.failed)):
            runs.add_metric([ring.name, outcome], n)
    events = CounterMetricFamily("responder_events", "What rings did, since the start.", labels=["event"])
    done: Counter[str] = Counter()
    for ring in list(daemon.rings):
        done.update(ring.done)
    for what, n in done.items():
        events.add_metric([EVENTS.get(what, what)], n)
    yield from (seconds, age, runs, events)
