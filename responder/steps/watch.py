"""Watch: read a sent reply back a few times; networks cut, hide and double what they took."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from responder.connector import Account, Exhausted, Receipt, Shown
from responder.model.delivery import Delivery
from responder.model.difference import difference
from responder.model.visible import one_line
from responder.steps.look import problem_of
from responder.steps.report import Report, Stop
from responder.store.errors import StoreError
from responder.store.settling import FIRST_WATCH
from responder.store.store import Store

#: When a sent reply is read back, counted from when it was sent: what a network hides it hides within
#: minutes, and what it does late it does within hours.
_WATCHES = (FIRST_WATCH, timedelta(minutes=15), timedelta(hours=2), timedelta(hours=24))
#: A network that could not be asked is asked again after this, and after that where it asks for money.
_LATER, _WITHOUT_MONEY = timedelta(minutes=10), timedelta(hours=1)


def watch(store: Store, accounts: Mapping[str, Account], now: datetime, stop: Stop) -> Report:
    """Read back the sent replies that are due; what is not as approved becomes an alarm for a person."""
    report, silent = Report(), set()
    for one in store.watching.due(now, sorted(accounts)):
        if stop():
            break
        if one.account in silent:
            continue
        connector = accounts[one.account].connector
        if not connector.limits.sees_answers:  # it went out by hand, and nobody can look from here
            store.watching.watched(one, "", None, now)
            continue
        try:
            found = connector.find_sent(one.message, one.target)
            ours = _ours(one, found)
            shown = connector.shown(ours, one.target) if ours else Shown(text=None)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 (reading sends nothing: it is safe to come back)
            later = _WITHOUT_MONEY if isinstance(error, Exhausted) else _LATER
            store.watching.put_off(one, now + later)
            report += Report({}, (f"c-{one.case_id} could not be read back: {problem_of(error)}",))
            silent.add(one.account)
            continue
        alarm = alarm_of(one, found, shown)
        store.watching.watched(one, alarm, _next(one, now), now)
        report += Report({"alarms": 1}, (f"c-{one.case_id}: {alarm}",)) if alarm else Report()
    return report


def alarm_of(one: Delivery, found: tuple[Receipt, ...], shown: Shown) -> str:
    """Return what is not as it should be about a sent reply, in words; "" when all is."""
    if len(found) > 1:
        places = ", ".join(one_line(receipt.url or receipt.remote_id, 200) for receipt in found)
        return f"it is public {len(found)} times; delete all but one: {places}"
    if shown.text is None:
        return "it is not there any more"
    if shown.text.strip() != one.message.text.strip():
        return f"the network shows other words than were approved: {difference(one.message.text, shown.text)}"
    if shown.to_strangers is False and one.watches:  # a cache may need some minutes
        return "nobody but us can see it: the network hides it"
    return ""


def _ours(one: Delivery, found: tuple[Receipt, ...]) -> Receipt | None:
    """Return the reply to read back: the one whose id we know, else (a person sent it) the first."""
    known = [receipt for receipt in found if one.receipt and receipt.remote_id == one.receipt.remote_id]
    return next(iter(known or found), None)


def _next(one: Delivery, now: datetime) -> datetime | None:
    """Return when to read a reply back after this time; None when it was the last."""
    done = one.watches + 1
    return now + (_WATCHES[done] - _WATCHES[one.watches]) if done < len(_WATCHES) else None
