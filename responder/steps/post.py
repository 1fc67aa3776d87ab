"""Post: send approved words at most once, when everything they rest on still holds."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from responder.connector import (
    Account,
    Exhausted,
    Look,
    Refused,
    Sight,
    Unauthorised,
    Unavailable,
)
from responder.model.caps import Caps
from responder.model.delivery import Delivery, DeliveryStage
from responder.model.difference import difference
from responder.model.draft import Draft
from responder.model.mention import Mention
from responder.model.triage import Level
from responder.model.visible import one_line
from responder.policy.policy import Policy
from responder.steps.draft import ASKED
from responder.steps.look import Patience, look_for, problem_of, stops, wait_after
from responder.steps.meter import all_metered
from responder.steps.report import Report, Stop, never
from responder.steps.watch import watch
from responder.store.engine import Reading
from responder.store.errors import ApprovalEnded, Conflict, Held, StoreError
from responder.store.rows import storable
from responder.store.settling import Outcome
from responder.store.store import Store


class Mode(StrEnum):
    """Whether anything is sent."""

    OFF = "off"  # nothing; the default
    DRY_RUN = "dry-run"  # nothing, but what would be is told
    ON = "on"  # what a person approved


class _Change(NamedTuple):
    """How a target is not as it was approved."""

    #: With the difference, for a person.
    why: str
    #: What was read of it: stored, so that the case is weighed anew.
    posts: tuple[Mention, ...] = ()
    gone: bool = False
    #: The same words as a draft that the rules of now have judged: what they object to is seen on it.
    judged: Draft | None = None


def _always(_now: datetime) -> datetime | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What sending keeps to."""

    patience: Patience = field(default_factory=Patience)
    caps: Caps = field(default_factory=Caps)
    #: Until when nothing goes out at a moment, None when something may; grave cases do not wait for it.
    closed_until: Callable[[datetime], datetime | None] = _always
    #: Gives what checks words anew where other rules judged them, or what they offer ended since; None: there
    #: is but one rulebook, and nothing ends.
    policy: Callable[[], Policy] | None = None

    def caps_at(self, now: datetime) -> Caps:
        """Return the caps with the hours of sending at a moment."""
        return replace(self.caps, closed_until=self.closed_until(now))


#: What a network that is out of order leaves in a report: it is left in peace until the next run.
_ILL = {"postponed", "planned", "unsure"}
#: Times an outcome is written down before it is given up (it is found out by looking, later).
_SETTLES = 3


def post(
    store: Store,
    accounts: Mapping[str, Account],
    mode: Mode,
    now: datetime,
    *,
    terms: Terms | None = None,
    stop: Stop = never,
) -> Report:
    """Look for what may be public, read back what is, then (mode on) send what is approved, one at a time.

    Nothing is ever sent again while it may be public; see ARCHITECTURE.md, "exactly once".
    """
    terms, accounts = terms or Terms(), all_metered(store, accounts, now)
    expired = store.outbox.expire(now, now + terms.patience.look_after)
    report = Report({"unsure": expired} if expired else {})
    report += _look(store, accounts, mode, terms, now, stop)
    report += watch(store, accounts, now, stop)
    names = sorted(accounts)
    if mode is Mode.DRY_RUN:
        waiting = store.outbox.due(now, names, limit=50)
        told = tuple(f"c-{one.case_id} would be sent: {one_line(one.message.text)}" for one in waiting)
        return report + Report({"would send": len(waiting)} if waiting else {}, told)
    while mode is Mode.ON and not stop() and (first := store.outbox.next(now, names)):
        name = first[0].account
        done = _send(store, accounts[name], first, terms, now)
        report += done
        if _ILL & done.done.keys():  # the others on it would fare the same; other accounts go on
            names.remove(name)
    return report


def _look(
    store: Store, accounts: Mapping[str, Account], mode: Mode, terms: Terms, now: datetime, stop: Stop
) -> Report:
    """Look for every reply that may be public; where the network keeps one record for it, send it again."""
    report, silent = Report(), set()
    for unsure in store.outbox.unsure(now, sorted(accounts)):
        if stop():
            break
        if unsure.account in silent:
            continue
        account = accounts[unsure.account]
        looked = look_for(store, account, unsure, terms.patience, now)
        report += looked
        if looked.problems:
            silent.add(unsure.account)
        elif mode is Mode.ON and account.connector.limits.own_key and "looked" in looked.done:
            report += _send_again(store, account, unsure, terms, now)
    return report


def _send_again(store: Store, account: Account, unsure: Delivery, terms: Terms, now: datetime) -> Report:
    """Send what was not found once more, under the record key it had: it cannot become a second reply.

    Only while the approval stands and the target is as it was; whatever comes of it but success, it stays
    UNSURE, for an earlier attempt may yet arrive.
    """
    looked = store.reading()
    try:
        look = account.connector.look(unsure.target)
        if _change_of(store, unsure, look) or _objection(store, account, unsure, terms, now):
            return Report()
        claimed = store.outbox.claim(unsure, now, terms.caps_at(now), looked=looked, again=True)
    except StoreError:
        raise
    except (ApprovalEnded, Held, Conflict):
        return Report()
    except Exception as error:  # noqa: BLE001 (reading sends nothing: it is safe to come back)
        return Report(problems=(f"c-{unsure.case_id}: {problem_of(error)}",))
    return _attempted(store, account, claimed, terms, now) if claimed else Report()


def _send(
    store: Store, account: Account, first: tuple[Delivery, Reading], terms: Terms, now: datetime
) -> Report:
    """Read the target again, claim, send once, settle: in this order, each step on disk before the next."""
    planned, _ = first
    try:
        look = account.connector.look(planned.target)
        change = _change_of(store, planned, look) or _objection(store, account, planned, terms, now)
    except StoreError:
        raise
    except Exception as error:  # noqa: BLE001 (reading sends nothing: it is safe to come back)
        problem, until = problem_of(error), now + wait_after(planned, terms.patience, error)
        store.outbox.postpone(planned, until, problem, stopped_at=now if stops(error) else None)
        return Report({"postponed": 1}, (f"c-{planned.case_id}: {problem}",))
    if change:
        return _put_back(store, planned, change, now)
    return _claimed_and_sent(store, account, first, terms, now)


def _claimed_and_sent(
    store: Store, account: Account, seen: tuple[Delivery, Reading], terms: Terms, now: datetime
) -> Report:
    """Claim a delivery whose target was looked at after that reading of the clock, and send it."""
    planned, looked = seen
    later = now + terms.patience.back_off
    try:
        claimed = store.outbox.claim(planned, now, terms.caps_at(now), looked=looked)
    except ApprovalEnded as error:
        return _put_back(store, planned, _Change(str(error)), now)
    except Held as held:
        store.outbox.postpone(planned, max(held.until, later), str(held))
        return Report({"held": 1})
    except Conflict:  # another process is sending on this account
        claimed = None
    if claimed is None:  # or paused, or somebody else was quicker
        store.outbox.postpone(planned, later, "")
        return Report()
    return _attempted(store, account, claimed, terms, now)


def _attempted(store: Store, account: Account, claimed: Delivery, terms: Terms, now: datetime) -> Report:
    """Make the one call and write down what became of it."""
    outcome = _attempt(store, account, claimed, terms.patience, now)
    _settle(store, claimed, outcome, now)
    said = (f"c-{claimed.case_id}: {outcome.problem}",) if outcome.problem else ()
    return Report({outcome.stage.lower(): 1}, said)


def _put_back(store: Store, planned: Delivery, change: _Change, now: datetime) -> Report:
    """End the approval: nothing is sent, a person sees why, and what was seen of the target is stored."""
    store.outbox.void(planned, change.why, now)
    if change.posts:
        store.intake.seen_again(change.posts, now, before=planned.target)
    if change.gone:
        store.intake.gone(planned.target, now)
    if change.judged:
        case = store.casework.get(planned.case_id)
        with suppress(Conflict):  # somebody was quicker
            again = replace(change.judged, created_at=now)
            store.casework.follow(case, again, "judged by other rules", again.by)
    return Report({"void": 1}, (f"c-{planned.case_id}: {change.why}",))


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
            problem=problem_of(error),
            not_before=now + wait_after(claimed, patience, error),
            stop_account=stops(error),
        )
    except Refused as error:
        return Outcome(stage=DeliveryStage.REFUSED, problem=problem_of(error))
    except Exception as error:  # noqa: BLE001 (whatever else happened, the words may be public)
        return Outcome(
            stage=DeliveryStage.UNSURE, problem=problem_of(error), not_before=now + patience.look_after
        )
    return Outcome(stage=DeliveryStage.SENT, receipt=receipt)


def _change_of(store: Store, one: Delivery, look: Look) -> _Change | None:
    """Return how the target is not as it was approved; None when it is."""
    if look.sight is Sight.GONE:
        return _Change(f"the complaint is gone{_told(look)}", gone=True)
    if look.sight is Sight.ANSWERED:
        return _Change(f"it was answered already{_told(look)}")
    if look.sight is Sight.CLOSED:
        return _Change(f"it cannot be answered any more{_told(look)}")
    target, read = one.target, look.now
    if edit := _edit_of(target, look):
        return _Change(edit, (read,) if read else ())
    if read and storable(read.author.handle) not in {"", target.author.handle}:
        before, after = (one_line(post.author.handle, 60) for post in (target, read))
        return _Change(f"its author is called {after} now, not {before}", (read,))
    if fresh := store.intake.unknown(look.since):
        return _Change(f"its author wrote again: “{one_line(fresh[-1].text, 200)}”", tuple(fresh))
    return None


def _told(look: Look) -> str:
    return f": {one_line(look.detail, 300)}" if look.detail else ""


def _edit_of(target: Mention, look: Look) -> str:
    """Return how the author changed the target; what no database keeps was stored without: no change."""
    read = look.now
    if look.sight is not Sight.CHANGED:
        return ""
    if read is None:
        return "the complaint was edited"
    kept = storable(read.text), storable(read.edit_mark), read.audience
    if (target.text, target.edit_mark, target.audience) == kept:
        return ""
    return f"the complaint was edited: {difference(target.text, read.text)}"


def _objection(store: Store, account: Account, one: Delivery, terms: Terms, now: datetime) -> _Change | None:
    """Return what the rules object to now that they did not when the words were approved."""
    policy = terms.policy() if terms.policy and one.rulebook else None
    if policy is None:
        return None
    changed, ended = one.rulebook != policy.version, policy.ended(now)
    if not (changed or ended):
        return None
    case = store.casework.get(one.case_id)
    if not changed and case.known.remedy not in ended:
        return None
    draft = store.casework.draft(case)
    if draft is None or draft.fingerprint != one.fingerprint:
        return None  # the claim tells
    kept = tuple(finding for finding in draft.findings if finding.rule in ASKED)
    found = (*policy.check_again(draft, case, account.connector.limits, now), *kept)
    known = {(finding.rule, finding.level, finding.quote) for finding in draft.findings}
    objections = [
        finding.says
        for finding in found
        if finding.level is not Level.NOTE and (finding.rule, finding.level, finding.quote) not in known
    ]
    if not objections:
        return None
    told = one_line("; ".join(objections), 300)
    anew = replace(draft, number=draft.number + 1, findings=found, rulebook=policy.version)
    why = "the rules changed since it was approved, and object" if changed else "its remedy ended"
    return _Change(f"{why}: {told}", judged=anew)
