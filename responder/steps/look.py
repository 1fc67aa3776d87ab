"""Look: ask the network about a reply of which nobody knows whether it is public."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from responder.connector import Account, ConnectorError, Exhausted, Unauthorised, Unavailable
from responder.model.delivery import Delivery, DeliveryStage
from responder.model.visible import one_line
from responder.steps.meter import OverBudget
from responder.steps.report import Report
from responder.steps.wait import wait
from responder.store.errors import StoreError
from responder.store.settling import Outcome
from responder.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait and look where a network leaves us in doubt."""

    #: Between two looks for a reply that may be public.
    look_after: timedelta = timedelta(minutes=2)
    #: How long to look before a person is asked.
    give_up_after: timedelta = timedelta(minutes=10)
    #: The first wait after a network could not be reached; doubled each time up to an hour.
    back_off: timedelta = timedelta(minutes=1)


#: A reply that was not found, and that a person was asked about, is still looked for this often: it may
#: appear late. Where the network could not be asked, each wait is as long as all before, up to this.
_LATE_LOOK = timedelta(hours=1)
#: Looks that found nothing before a person may be asked.
_LOOKS = 2
_LONGEST = timedelta(hours=1)


def look_for(store: Store, account: Account, unsure: Delivery, patience: Patience, now: datetime) -> Report:
    """Ask whether an UNSURE reply is public; only a found one settles it.

    The report says `found` or `looked`, or has a problem when the network could not be asked.
    """
    failed: Exception | None = None
    try:
        found = account.connector.find_sent(unsure.message, unsure.target)
    except StoreError:
        raise
    except Exception as error:  # noqa: BLE001 (looking sends nothing: it is safe to come back)
        found, failed = (), error
    if found:  # a second one is told when it is read back
        store.outbox.looked(unsure, Outcome(stage=DeliveryStage.SENT, receipt=found[0]), now)
        return Report({"found": 1})
    looks = unsure.looks + (failed is None)
    silence = now - (unsure.unsure_since or now)
    ask = silence >= patience.give_up_after and (looks >= _LOOKS or bool(failed))
    # the wall clock may have been set: a request still on its way must not be called lost
    ask = ask and store.outbox.waited(unsure) >= patience.give_up_after
    problem = f"not found after {looks} looks" if ask else unsure.problem
    if failed:
        problem = f"it could not be looked for: {problem_of(failed)}"
    pause = patience.look_after
    if ask:
        pause = min(silence, _LATE_LOOK) if failed else _LATE_LOOK
    again = now + max(pause, _asked_to_wait(failed))
    outcome = Outcome(stage=DeliveryStage.UNSURE, problem=problem, not_before=again)
    store.outbox.looked(unsure, outcome, now, ask=ask, seen=failed is None)
    return Report({}, (f"c-{unsure.case_id}: {problem}",)) if failed else Report({"looked": 1})


def problem_of(error: Exception) -> str:
    """Return what a connector raised, for a person."""
    if isinstance(error, ConnectorError):
        return one_line(str(error), 300)
    return f"this is a bug in the connector: {type(error).__name__}: {one_line(str(error), 200)}"


def stops(error: Exception) -> bool:
    """Whether nothing more is sent on the account until a poll of it works again.

    Not for want of a budget: the meter lets no call out that costs, and a poll may wait for tomorrow.
    """
    return isinstance(error, Unauthorised | Exhausted) and not isinstance(error, OverBudget)


def wait_after(one: Delivery, patience: Patience, error: Exception) -> timedelta:
    """Return how long to leave a delivery alone that surely was not sent."""
    asked = _asked_to_wait(error)
    if asked:
        return asked
    if isinstance(error, Exhausted):
        return _LONGEST
    return min(patience.back_off * (1 << min(one.tries, 10)), _LONGEST)


def _asked_to_wait(error: Exception | None) -> timedelta:
    """Return how long the network asked us to stay away; 0 when it did not."""
    if isinstance(error, Unavailable) and error.retry_after is not None:
        return wait(error.retry_after)
    return timedelta(0)
