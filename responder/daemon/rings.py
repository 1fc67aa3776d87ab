"""The rings of an App: what the clock rings for, in the order of the street."""

import time
from datetime import datetime

import structlog

from responder.connector import Account
from responder.daemon.ring import Ring, Work
from responder.model.visible import one_line
from responder.notify import send_alerts, send_digests
from responder.steps.afterwards import plan_on
from responder.steps.alert import alert
from responder.steps.draft import draft
from responder.steps.follow_up import follow_up
from responder.steps.listen import Listener
from responder.steps.meter import hurried
from responder.steps.notice import notice
from responder.steps.poll import poll
from responder.steps.post import post
from responder.steps.promise import promise
from responder.steps.report import Report, Stop
from responder.steps.tell import tell_new
from responder.steps.triage import triage
from responder.wiring import App

log = structlog.stdlib.get_logger("responder.daemon")


def rings_of(app: App) -> list[Ring]:
    """Return every ring of an App; with --once they ring in this order."""
    store, policy, accounts = app.store, app.policy, app.accounts
    listener = Listener()
    rings = [
        *(Ring(f"poll {name}", _polling(app, account)) for name, account in accounts.items()),
        Ring("listen", lambda now, stop: listener.listen(store, accounts.values(), now, stop=stop)),
        Ring("triage", lambda now, stop: triage(store, policy, app.targets, now, stop=stop)),
        Ring("draft", lambda now, stop: draft(store, policy, accounts, now, stop=stop)),
        Ring("incidents", _gathering(app)),
        # each account waits for its own network only
        *(Ring(f"post {name}", _posting(app, account)) for name, account in accounts.items()),
        Ring("follow up", _closing(app)),
        Ring("promises", lambda now, stop: promise(store, policy, now, stop=stop)),
        Ring("afterwards", lambda now, stop: plan_on(store, app.course, now, stop=stop)),
        Ring("alert", _alerting(app)),
    ]
    return [*rings, Ring("digest", _summing_up(app, rings))]


def _closing(app: App) -> Work:
    """Close what is quiet and followed up."""
    settings = app.settings
    quiet, longest = settings.response.close_after, settings.review.longest_snooze
    learn = settings.follow_up.debrief_from_tier

    def close(now: datetime, stop: Stop) -> Report:
        return follow_up(app.store, quiet, now, longest=longest, debrief_from=learn, stop=stop)

    return close


def _alerting(app: App) -> Work:
    """Find what somebody must know now, and tell them."""

    def tell(now: datetime, stop: Stop) -> Report:
        report = alert(app.store, app.targets, now, stop=stop)
        return report + send_alerts(app.store, app.settings, app.targets, app.sender, now, stop=stop)

    return tell


def _summing_up(app: App, others: list[Ring]) -> Work:
    """Write the digests that are due, once the others have rung: after a night off, with what came in it."""
    patience, began = app.settings.daemon.deadline.total_seconds(), time.monotonic()

    def tell(now: datetime, stop: Stop) -> Report:
        waits = any(not ring.runs for ring in others)
        if waits and time.monotonic() - began < patience:  # one that hangs keeps nobody's digest
            return Report()
        return send_digests(app.store, app.settings, app.sender, now, stop=stop)

    return tell


def _gathering(app: App) -> Work:
    """Propose what many complain about, and draft an incident's words for who joined it."""

    def gather(now: datetime, stop: Stop) -> Report:
        return notice(app.store, now) + tell_new(app.store, app.policy, app.accounts, now, stop=stop)

    return gather


def _polling(app: App, account: Account) -> Work:
    """Poll an account when it is due."""

    def when_due(now: datetime, stop: Stop) -> Report:
        if app.store.intake.due([account.name], now) or hurried(app.store, account, now):
            return poll(app.store, account, now, stop=stop)
        return Report()

    return when_due


def _posting(app: App, account: Account) -> Work:
    """Send what is approved on an account; what a dry run would send is said once, not at every tick."""
    accounts, said = {account.name: account}, frozenset[str]()

    def send(now: datetime, stop: Stop) -> Report:
        nonlocal said
        report = post(app.store, accounts, app.mode, now, terms=app.terms, stop=stop)
        # a dry run ends its report with what would be sent, which is no problem and nothing done
        problems = len(report.problems) - report.done.get("would send", 0)
        would = frozenset(report.problems[problems:])
        for words in sorted(would - said):
            log.info("delivery.rehearsed", says=one_line(words, 300))
        said = would
        done = {what: n for what, n in report.done.items() if what != "would send"}
        return Report(done, report.problems[:problems])

    return send
