"""Post: send approved words at most once, and look for those of which nobody knows whether they went out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import ndiff
from enum import StrEnum

from responder.connector import (
    Account,
    ConnectorError,
    Exhausted,
    Look,
    Refused,
    Sight,
    Unauthorised,
    Unavailable,
)
from responder.model.delivery import Delivery, DeliveryStage
from responder.model.visible import one_line
from responder.steps.report import Report, Stop, never
from responder.store.errors import ApprovalEnded, Conflict, StoreError
from responder.store.outbox import Outcome
from responder.store.store import Store


class Mode(StrEnum):
    """Whether anything is sent."""

    OFF = "off"  # nothing; the default
    DRY_RUN = "dry-run"  # nothing, but what would be is told
    ON = "on"  # what a person approved


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait and look where a network leaves us in doubt."""

    #: Between two looks for a reply that may be public.
    look_after: timedelta = timedelta(minutes=2)
    #: How long to look before a person is asked.
    give_up_after: timedelta = timedelta(minutes=10)
    #: The first wait after a network could not be reached; doubled each time up to an hour.
    back_off: timedelta = timedelta(minutes=1)


#: A reply that a person was asked about is still looked for this often: it may appear late.
_LATE_LOOK = timedelta(hours=1)
#: Looks that found nothing before a person may be asked.
_LOOKS = 2
_LONGEST = timedelta(hours=1)


def post(
    store: Store,
    accounts: Mapping[str, Account],
    mode: Mode,
    now: datetime,
    *,
    patience: Patience | None = None,
    stop: Stop = never,
) -> Report:
    """Look for what may be public, then (mode on) send what is approved, one delivery at a time.

    Nothing is ever sent again while it may be public; see ARCHITECTURE.md, "exactly once".
    """
    patience = patience or Patience()
    names = sorted(accounts)
    expired = store.outbox.expire(now, now + patience.look_after)
    report = Report({"unsure": expired} if expired else {})
    for unsure in store.outbox.unsure(now, names):
        report += _look_for(store, accounts[unsure.account], unsure, patience, now)
    if mode is Mode.DRY_RUN:
        waiting = store.outbox.due(now, names, limit=50)
        told = tuple(f"c-{one.case_id} would be sent: {one_line(one.message.text)}" for one in waiting)
        return report + Report({"would send": len(waiting)} if waiting else {}, told)
    while mode is Mode.ON and not stop() and (due := store.outbox.due(now, names)):
        report += _send(store, accounts[due[0].account], due[0], patience, now)
    return report


def _send(store: Store, account: Account, planned: Delivery, patience: Patience, now: datetime) -> Report:
    """Read the target again, claim, send once, settle: in this order, each step on disk before the next."""
    try:
        look = account.connector.look(planned.target)
    except Exception as error:  # noqa: BLE001 (reading sends nothing: it is safe to come back)
        problem = _words(error)
        store.outbox.postpone(planned, now + _wait(planned, patience, error), problem)
        return Report({"postponed": 1}, (f"c-{planned.case_id}: {problem}",))
    if look.sight is not Sight.PRESENT:
        return _void(store, planned, look, now)
    try:
        claimed = store.outbox.claim(planned, now)
    except ApprovalEnded as error:
        store.outbox.void(planned, str(error), now)
        return Report({"void": 1}, (f"c-{planned.case_id}: {error}",))
    except Conflict:  # another process is sending on this account
        claimed = None
    if claimed is None:  # or paused, or somebody else was quicker
        store.outbox.postpone(planned, now + patience.back_off, "")
        return Report()
    outcome = _attempt(store, account, claimed, patience, now)
    store.outbox.settle(claimed, outcome, now)
    said = (f"c-{claimed.case_id}: {outcome.problem}",) if outcome.problem else ()
    return Report({outcome.stage.lower(): 1}, said)


def _attempt(store: Store, account: Account, claimed: Delivery, patience: Patience, now: datetime) -> Outcome:
    """Make the one call and say what became of it; what is not surely unsent is UNSURE."""
    if not store.outbox.may_send(claimed):
        problem = "stopped just before sending"
        return Outcome(stage=DeliveryStage.PLANNED, problem=problem, not_before=now + patience.back_off)
    try:
        receipt = account.connector.send(claimed.message, claimed.target)
    except (Unavailable, Unauthorised, Exhausted) as error:
        return Outcome(
            stage=DeliveryStage.PLANNED,
            problem=_words(error),
            not_before=now + _wait(claimed, patience, error),
            stop_account=isinstance(error, Unauthorised),
        )
    except Refused as error:
        return Outcome(stage=DeliveryStage.REFUSED, problem=_words(error))
    except Exception as error:  # noqa: BLE001 (whatever else happened, the words may be public)
        return Outcome(
            stage=DeliveryStage.UNSURE, problem=_words(error), not_before=now + patience.look_after
        )
    return Outcome(stage=DeliveryStage.SENT, receipt=receipt)


def _look_for(store: Store, account: Account, unsure: Delivery, patience: Patience, now: datetime) -> Report:
    """Ask the network whether an UNSURE reply is public; only a found one settles it."""
    try:
        found = account.connector.find_sent(unsure.message, unsure.target)
    except StoreError:
        raise
    except Exception as error:  # noqa: BLE001 (looking sends nothing: it is safe to come back)
        store.outbox.postpone(unsure, now + patience.look_after, _words(error))
        return Report({}, (f"c-{unsure.case_id}: {_words(error)}",))
    if found:
        store.outbox.looked(unsure, Outcome(stage=DeliveryStage.SENT, receipt=found), now)
        return Report({"found": 1})
    waited = now - (unsure.unsure_since or now)
    ask = unsure.looks + 1 >= _LOOKS and waited >= patience.give_up_after
    problem = f"not found after {unsure.looks + 1} looks" if ask else unsure.problem
    again = now + (_LATE_LOOK if ask else patience.look_after)
    outcome = Outcome(stage=DeliveryStage.UNSURE, problem=problem, not_before=again)
    store.outbox.looked(unsure, outcome, now, ask=ask)
    return Report({"looked": 1})


def _void(store: Store, planned: Delivery, look: Look, now: datetime) -> Report:
    """The target is not as it was approved: nothing is sent, and a person sees the difference."""
    if look.sight is Sight.CHANGED:
        words_now = look.now.text if look.now else ""
        why = f"the complaint was edited: {difference(planned.target.text, words_now)}"
        store.outbox.void(planned, why, now)
        if look.now:
            store.intake.seen_again(look.now, now)
    elif look.sight is Sight.GONE:
        why = "the complaint is gone"
        store.outbox.void(planned, why, now)
        store.intake.gone(planned.target, now)
    else:
        why = f"it was answered already: {look.detail}"
        store.outbox.void(planned, why, now)
    return Report({"void": 1}, (f"c-{planned.case_id}: {why}",))


def difference(before: str, after: str) -> str:
    """Return what changed between two texts, word by word: [-gone-] and {+new+}."""
    marks = {"- ": "[-{}-]", "+ ": "{{+{}+}}", "  ": "{}"}
    words = ndiff(before.split(), after.split())
    return " ".join(marks[word[:2]].format(word[2:]) for word in words if word[:2] in marks)[:2000]


def _words(error: Exception) -> str:
    if isinstance(error, ConnectorError):
        return one_line(str(error), 300)
    return f"this is a bug in the connector: {type(error).__name__}: {one_line(str(error), 200)}"


def _wait(one: Delivery, patience: Patience, error: Exception) -> timedelta:
    if isinstance(error, Unavailable) and error.retry_after is not None:
        return timedelta(seconds=error.retry_after)
    if isinstance(error, Exhausted):
        return _LONGEST
    return min(patience.back_off * (1 << min(one.tries, 10)), _LONGEST)
