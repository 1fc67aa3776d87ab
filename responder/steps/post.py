"""Post: send approved words at most once, and look for those of which nobody knows whether they went out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
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
from responder.model.mention import Mention
from responder.model.visible import one_line
from responder.steps.report import Report, Stop, never
from responder.steps.wait import wait
from responder.store.errors import ApprovalEnded, Conflict, StoreError
from responder.store.outbox import Outcome
from responder.store.rows import storable
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
#: What a network that is out of order leaves in a report: it is left in peace until the next run.
_ILL = {"postponed", "planned", "unsure"}
#: Times an outcome is written down before it is given up (it is found out by looking, later).
_SETTLES = 3
#: Words of an edited complaint that are compared.
_COMPARED = 200
_LONGEST = timedelta(hours=1)
#: Failures after which nothing more is sent on an account until a poll of it works again.
_STOPS = (Unauthorised, Exhausted)


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
    silent = set()
    for unsure in store.outbox.unsure(now, names):
        if stop():
            return report
        if unsure.account in silent:
            continue
        looked = _look_for(store, accounts[unsure.account], unsure, patience, now)
        report += looked
        if looked.problems:
            silent.add(unsure.account)
    if mode is Mode.DRY_RUN:
        waiting = store.outbox.due(now, names, limit=50)
        told = tuple(f"c-{one.case_id} would be sent: {one_line(one.message.text)}" for one in waiting)
        return report + Report({"would send": len(waiting)} if waiting else {}, told)
    while mode is Mode.ON and not stop() and (due := store.outbox.due(now, names)):
        done = _send(store, accounts[due[0].account], due[0], patience, now)
        report += done
        if _ILL & done.done.keys():  # the others on it would fare the same; other accounts go on
            names.remove(due[0].account)
    return report


def _send(store: Store, account: Account, planned: Delivery, patience: Patience, now: datetime) -> Report:
    """Read the target again, claim, send once, settle: in this order, each step on disk before the next."""
    looked = store.outbox.reading()
    try:
        look = account.connector.look(planned.target)
    except Exception as error:  # noqa: BLE001 (reading sends nothing: it is safe to come back)
        problem, until = _words(error), now + _wait(planned, patience, error)
        store.outbox.postpone(planned, until, problem, stop_account=isinstance(error, _STOPS))
        return Report({"postponed": 1}, (f"c-{planned.case_id}: {problem}",))
    if look.sight is not Sight.PRESENT and not _as_kept(planned.target, look):
        return _void(store, planned, look, now)
    try:
        claimed = store.outbox.claim(planned, now, looked=looked)
    except ApprovalEnded as error:
        store.outbox.void(planned, str(error), now)
        return Report({"void": 1}, (f"c-{planned.case_id}: {error}",))
    except Conflict:  # another process is sending on this account
        claimed = None
    if claimed is None:  # or paused, or somebody else was quicker
        store.outbox.postpone(planned, now + patience.back_off, "")
        return Report()
    outcome = _attempt(store, account, claimed, patience, now)
    _settle(store, claimed, outcome, now)
    said = (f"c-{claimed.case_id}: {outcome.problem}",) if outcome.problem else ()
    return Report({outcome.stage.lower(): 1}, said)


def _settle(store: Store, claimed: Delivery, outcome: Outcome, now: datetime) -> None:
    """Write down what became of the call, again when the database fails: the deed is done, so note it."""
    for left in reversed(range(_SETTLES)):
        try:
            store.outbox.settle(claimed, outcome, now)
        except StoreError:
            if not left:
                raise
        else:
            return


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
            stop_account=isinstance(error, _STOPS),
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
    failed: Exception | None = None
    try:
        found = account.connector.find_sent(unsure.message, unsure.target)
    except StoreError:
        raise
    except Exception as error:  # noqa: BLE001 (looking sends nothing: it is safe to come back)
        found, failed = None, error
    if found:
        store.outbox.looked(unsure, Outcome(stage=DeliveryStage.SENT, receipt=found), now)
        return Report({"found": 1})
    looks = unsure.looks + (failed is None)
    ask = now - (unsure.unsure_since or now) >= patience.give_up_after and (looks >= _LOOKS or bool(failed))
    # the wall clock may have been set: a request still on its way must not be called lost
    ask = ask and store.outbox.waited(unsure) >= patience.give_up_after
    problem = f"not found after {looks} looks" if ask else unsure.problem
    if failed:
        problem = f"it could not be looked for: {_words(failed)}"
    again = now + (_LATE_LOOK if ask else max(patience.look_after, _asked_to_wait(failed)))
    outcome = Outcome(stage=DeliveryStage.UNSURE, problem=problem, not_before=again)
    store.outbox.looked(unsure, outcome, now, ask=ask, seen=failed is None)
    return Report({}, (f"c-{unsure.case_id}: {problem}",)) if failed else Report({"looked": 1})


def _void(store: Store, planned: Delivery, look: Look, now: datetime) -> Report:
    """The target is not as it was approved: nothing is sent, and a person sees the difference."""
    if look.sight is Sight.CHANGED:
        words_now = look.now.text if look.now else ""
        why = f"the complaint was edited: {difference(planned.target.text, words_now)}"
        store.outbox.void(planned, why, now)
        if look.now:
            store.intake.seen_again(look.now, now, before=planned.target)
    elif look.sight is Sight.GONE:
        why = "the complaint is gone"
        store.outbox.void(planned, why, now)
        store.intake.gone(planned.target, now)
    else:
        why = f"it was answered already: {one_line(look.detail, 300)}"
        store.outbox.void(planned, why, now)
    return Report({"void": 1}, (f"c-{planned.case_id}: {why}",))


def _as_kept(target: Mention, look: Look) -> bool:
    """Whether a target that CHANGED did so only in what no database keeps: it was stored without."""
    now = look.now if look.sight is Sight.CHANGED else None
    return now is not None and (target.text, target.edit_mark, target.audience) == (
        storable(now.text),
        storable(now.edit_mark),
        now.audience,
    )


def difference(before: str, after: str) -> str:
    """Return what changed between two texts: [-gone-] and {+new+} words; one line, safe to show.

    Of long ones at most 200 words from where they part: the time to compare grows with the square.
    """
    old, new, start = before.split(), after.split(), 0
    if max(len(old), len(new)) > _COMPARED:
        same = (place for place, (one, other) in enumerate(zip(old, new, strict=False)) if one != other)
        start = max(0, next(same, min(len(old), len(new))) - 5)
        old, new = old[start : start + _COMPARED], new[start : start + _COMPARED]
    said = ["…"] if start else []
    for tag, i, to_i, j, to_j in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            said += old[i:to_i]
            continue
        said += [f"[-{' '.join(old[i:to_i])}-]"] * (i < to_i) + [f"{{+{' '.join(new[j:to_j])}+}}"] * (
            j < to_j
        )
    return one_line(" ".join(said), 2000)


def _words(error: Exception) -> str:
    if isinstance(error, ConnectorError):
        return one_line(str(error), 300)
    return f"this is a bug in the connector: {type(error).__name__}: {one_line(str(error), 200)}"


def _wait(one: Delivery, patience: Patience, error: Exception) -> timedelta:
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
