"""Account checks: can it be had, who is it there, what may it do, what does it cost, when was it heard."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from responder.cli.doctor_checks import Check, fail, note, ok, warn
from responder.cli.words import ago
from responder.model.budget import Budget
from responder.model.span import span
from responder.model.visible import one_line

if TYPE_CHECKING:
    from responder.cli.desk import Desk
    from responder.connector import Connector
    from responder.model.digest import AccountHealth
    from responder.settings.sections import AccountSection
    from responder.store.store import Store

#: An account is read at least this often, however little money there is; three times that is a silence.
_SELDOM = timedelta(minutes=30)
#: Gaps of so long ago are told.
_GAPS_OF = timedelta(days=7)


def of_account(desk: "Desk", store: "Store | None", one: "AccountSection") -> Iterator[Check]:
    """Build its connector, ask the network who we are, and look at its money and at when it was heard."""
    from responder.plugins import PluginError, build, setups
    from responder.settings import SettingsError

    again = (
        f"Set it up anew: responder connect {one.connector} --account {one.name}"
        if one.connector in setups()
        else "See: docs/connectors.md"
    )
    try:
        connector = build(one.connector, one.name, one.options, desk.settings.secret.of(one.name))
    except PluginError as error:
        yield from (
            fail(one.name, one_line(says, 300), "See: responder config check")
            for says in str(error).splitlines()
        )
    except SettingsError as error:
        yield from (fail(one.name, f"{problem.key}: {problem.says}", again) for problem in error.problems)
    else:
        yield from _standing(desk, store, (one.name, connector), again)
        yield from _money(store, one, connector, desk.now())
    if store:
        health = next((known for known in store.views.health() if known.name == one.name), None)
        yield _heard(one, health, desk.now())
        yield from _gaps(store, one.name, desk.now())


def _gaps(store: "Store", name: str, now: datetime) -> Iterator[Check]:
    """Tell when it was blind of late, and whether what was said meanwhile has been read."""
    for gap in store.blindness.gaps(now - _GAPS_OF, name=name, limit=3):
        if gap.until is None:
            says = f"blind since {ago(gap.since, now)} ({gap.cause}): {one_line(gap.says, 200)}"
            yield fail(name, says, "More: responder status")
        elif gap.missing:
            says = f"posts may be missing from {span(gap.until - gap.since)} until {ago(gap.until, now)}"
            yield warn(name, f"{says}: {one_line(gap.missing, 200)}", "Look there yourself")
        else:
            says = f"it was blind for {span(gap.until - gap.since)} until {ago(gap.until, now)} ({gap.cause})"
            yield note(name, f"{says}; all of it was read since")


def _standing(
    desk: "Desk", store: "Store | None", account: "tuple[str, Connector]", again: str
) -> Iterator[Check]:
    """Have the network say who we are; what asking cost is the one thing that is written down."""
    from responder.connector import Introduces, Priced, Unauthorised
    from responder.steps.look import problem_of

    name, connector = account
    if not isinstance(connector, Introduces):
        yield ok(name, f"on {connector.network}; it has no login to look at")
        return
    try:
        standing = connector.whoami()
    except Exception as error:  # noqa: BLE001 (a connector is not ours: the other checks go on)
        refused = isinstance(error, Unauthorised)
        yield fail(
            name, problem_of(error), again if refused else "Try again; is the network reachable from here?"
        )
        return
    finally:
        if store and isinstance(connector, Priced) and (charges := connector.spent()):
            store.money.note(name, [(each.kind, each.units, each.micros) for each in charges], desk.now())
    may = f"; may {', '.join(standing.may)}" if standing.may else ""
    here = f"signed in as @{standing.handle} on" if standing.handle else "without a login on"
    yield ok(name, f"{here} {connector.network}{may}")
    yield from (fail(name, f"lacks {missing}", again) for missing in standing.lacks)
    yield from (note(name, says) for says in standing.notes)


def _money(
    store: "Store | None", one: "AccountSection", connector: "Connector", now: datetime
) -> Iterator[Check]:
    """Look at what it may spend, and at what is left."""
    from responder.connector import Priced

    if not isinstance(connector, Priced):
        return
    if not one.allowance.month:
        yield warn(
            one.name, "its calls cost money, and nothing stops them", "Set budget_month in its [[accounts]]"
        )
    if store is None:
        return
    stands = Budget(allowance=one.allowance, ledger=store.money.ledger(one.name, now), now=now)
    more = f"More: responder budget {one.name}"
    if halt := stands.halt(reading=False):
        yield fail(one.name, f"nothing is read or sent: {halt.why}", more)
    elif halt := stands.halt(reading=True):
        yield warn(one.name, f"nothing is read: {halt.why}", more)
    elif stands.short:
        month = stands.allowance.rounded(stands.forecast)
        yield warn(one.name, f"at this pace the month would cost {month}, more than it may", more)


def _heard(one: "AccountSection", health: "AccountHealth | None", now: datetime) -> Check:
    """Say when it was heard last, and what came between."""
    if health is None or health.polled_at is None:
        return warn(one.name, "it was never read", f"Read it: responder poll {one.name}")
    heard = f"heard {ago(health.heard_at, now)}" if health.heard_at else "never heard"
    if health.stopped:
        return fail(one.name, f"nothing is sent on it: {one_line(health.problem, 200)} ({heard})")
    if health.problem:
        return warn(one.name, f"the last poll failed: {one_line(health.problem, 200)} ({heard})")
    if now - health.polled_at > 3 * max(one.every, _SELDOM):
        read = f"it was read {ago(health.polled_at, now)}"
        return warn(one.name, read, "Is the daemon running? responder daemon")
    return ok(one.name, heard)
