"""Approve and its kin: what a person decides about one case, each bound to exactly what they saw."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from responder.connector import Account, Answerable
from responder.model.case import Case
from responder.model.decision import Decision, Verdict
from responder.model.delivery import Delivery, DeliveryStage, Receipt, Route
from responder.model.draft import Draft, Origin, fingerprint
from responder.model.facts import Facts
from responder.model.people import Right
from responder.model.triage import Finding
from responder.policy.policy import Policy
from responder.steps.draft import eligibility_finding
from responder.steps.meter import metered
from responder.store.errors import Conflict
from responder.store.rows import storable
from responder.store.store import Store


class Blocked(Exception):
    """The draft breaks a rule that no person may wave through; `findings` says which."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(finding.says for finding in findings))
        self.findings = findings


#: What somebody must be allowed for each verdict that `decide` carries out.
_NEEDS = {
    Verdict.REDO: Right.REDO,
    Verdict.DISMISS: Right.DISMISS,
    Verdict.WITHDRAW: Right.WITHDRAW,
    Verdict.REOPEN: Right.REOPEN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Yes:
    """What goes along with an approval."""

    #: Why a warning does not hold here; it is kept and counted by rule.
    reason: str = ""
    #: Nothing is sent before this is over.
    undo: timedelta = timedelta(0)
    #: Gives what checks the words once more where what they offer ended since; None: nothing ends.
    policy: Callable[[], Policy] | None = None
    #: How many seconds the person had the card before them; None where nobody told.
    seconds: float | None = None


def approve(
    store: Store, account: Account, seen: tuple[Case, Draft], by: str, now: datetime, yes: Yes | None = None
) -> Route | None:
    """Bind `by`'s approval to the draft they saw and plan its delivery; return how it will go out.

    None where two people must say yes to these words and this was the first: nothing goes out yet.

    Raises NotAllowed where `by` may not approve, or said the first yes already, Blocked when a finding
    forbids it and Conflict when the case is not as it was seen.
    """
    yes, by = yes or Yes(), store.roster.allowed(by, Right.APPROVE)
    case, draft = seen
    may = metered(store, account, now).connector.eligibility(case.target)
    found = _found(account, seen, yes, now) + eligibility_finding(may, draft.text)
    blocking = tuple(one for one in found if one.level == "block")
    if blocking:
        raise Blocked(blocking)
    route = Route.API if may.answerable is Answerable.API else Route.BY_HAND
    said = Decision(
        case_id=case.id,
        verdict=Verdict.APPROVE,
        by=by,
        at=now,
        draft_number=draft.number,
        fingerprint=draft.fingerprint,
        reason=yes.reason,
        seconds=yes.seconds,
    )
    enough = store.casework.approve(case, draft, said, route, not_before=now + yes.undo)
    return route if enough else None


def _found(account: Account, seen: tuple[Case, Draft], yes: Yes, now: datetime) -> tuple[Finding, ...]:
    """Return what the rules say about the words: time alone changes it where they offer what has an end."""
    case, draft = seen
    policy = yes.policy() if yes.policy and case.known.remedy else None
    if policy is None or case.known.remedy not in policy.ended(now):
        return draft.findings
    return draft.findings + policy.check_again(draft, case, account.connector.limits, now)


def edit(
    store: Store,
    policy: Policy,
    account: Account,
    seen: tuple[Case, Draft],
    words: tuple[str, str],
    now: datetime,
) -> Draft:
    """Store `words` (text, who wrote them) as the next draft, checked; what was approved is void.

    Raises NotAllowed where their role does not let them, Conflict when the case is not as it was seen.
    What no database keeps (NUL, half a character) becomes U+FFFD before anybody can approve it.
    """
    case, before = seen
    text, by = storable(words[0]).strip(), store.roster.allowed(words[1], Right.EDIT)
    may = eligibility_finding(metered(store, account, now).connector.eligibility(case.target), text)
    draft = Draft(
        case_id=case.id,
        number=case.draft_number + 1,
        target_id=case.target.id or 0,
        origin=Origin.PERSON,
        by=by,
        text=text,
        language=before.language,
        playbook=before.playbook,
        audience=before.audience,
        fingerprint=fingerprint(case.target, before.audience, text),
        findings=policy.check(text, case, before, account.connector.limits, now) + may,
        created_at=now,
        rulebook=policy.version,
    )
    store.casework.edit(case, draft)
    return draft


def decide(
    store: Store,
    case: Case,
    verdict: Verdict,
    said: tuple[str, str],
    now: datetime,
    *,
    news: Facts | None = None,
) -> None:
    """Carry out a redo, dismiss, withdraw or reopen said as (by, reason); Conflict when it is too late.

    Raises NotAllowed where their role does not let them. `news` is what the person knows about the case
    beyond what was told before.
    """
    by, reason = store.roster.allowed(said[0], _NEEDS[verdict]), said[1]
    decision = Decision(case_id=case.id, verdict=verdict, by=by, at=now, reason=reason)
    store.casework.decide(case, decision, news)


def settle(
    store: Store,
    case: Case,
    url: str | None,
    by: str,
    now: datetime,
    *,
    patience: timedelta = timedelta(0),
) -> Delivery:
    """Take a person's word for a reply nobody was sure of: public at `url`, or (None) surely not sent.

    Also for replies a person sends by hand. Raises NotAllowed where `by` may not say so, Conflict when
    nothing is left to settle, and when it is called not sent before `patience` is over: networks are slow,
    and it may yet appear.
    """
    by = store.roster.allowed(by, Right.SETTLE)
    unsettled = [one for one in store.views.card(case.id).deliveries if _open(one)]
    if not unsettled:
        raise Conflict(f"no reply of {case.name} is unsure or waits to be sent by hand")
    settle_this(store, unsettled[0], url, by, now, patience=patience)  # the one that the card asks about
    return unsettled[0]


def settle_this(
    store: Store,
    one: Delivery,
    url: str | None,
    by: str,
    now: datetime,
    *,
    patience: timedelta = timedelta(0),
) -> None:
    """Take a person's word for the very reply they were asked about, as `settle` otherwise."""
    by = store.roster.allowed(by, Right.SETTLE)
    receipt = None if url is None else Receipt(remote_id=url, url=url)
    store.outbox.by_person(one, receipt, by, now, patience=patience)


def _open(one: Delivery) -> bool:
    by_hand = one.stage is DeliveryStage.PLANNED and one.route is Route.BY_HAND
    return by_hand or one.stage is DeliveryStage.UNSURE
