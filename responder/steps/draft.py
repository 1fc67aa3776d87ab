"""Draft: write a reply for every complaint and put it before a person."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from responder.connector import Account, Answerable, Eligibility
from responder.model.case import Case, Stage
from responder.model.draft import Draft, Origin, address_by_hand, fingerprint
from responder.model.mention import Audience
from responder.model.promise import Promise
from responder.model.triage import Finding, Level
from responder.model.visible import one_line
from responder.policy.policy import Policy, Words
from responder.steps.batch import work_through
from responder.steps.meter import all_metered
from responder.steps.report import Report, Stop, never
from responder.store.errors import Conflict
from responder.store.store import Store

#: With so many of the latest drafts a new one is compared, so that no two customers read the same.
RECENT = 12


#: Who asked not to be answered is not, whatever the network lets us do.
_SILENCE = Eligibility(answerable=Answerable.NO, detail="its author asked us not to answer")
#: Findings that the network's word makes, and no rule.
ASKED = frozenset({"by-hand", "not-answerable"})


class NoAccount(Exception):
    """The case's account is not in the config any more. Put it back, or dismiss the case."""


def draft(
    store: Store, policy: Policy, accounts: Mapping[str, Account], now: datetime, *, stop: Stop = never
) -> Report:
    """Draft a reply for each case that needs one and that the network lets us answer.

    One that nobody may answer goes before a person without a draft, with the reason.
    """
    accounts = all_metered(store, accounts, now)
    recent = deque(reversed(store.views.recent_drafts(RECENT)), maxlen=RECENT)

    def judge(case: Case) -> tuple[Case, Draft | None]:
        account = accounts.get(case.account)
        if account is None:
            raise NoAccount(f"{case.account} is not in the config")
        asked, one = _written(store, policy, account, (coded(store, policy, case), tuple(recent)), now)
        if one and case.target.audience is Audience.PUBLIC:
            recent.append(one.text)
        return asked, one

    def keep(judged: Sequence[tuple[Case, tuple[Case, Draft | None]]]) -> int:
        asked = [one for _, one in judged]
        done = store.casework.drafted([(case, draft) for case, draft in asked if draft], now)
        refused = [case for case, draft in asked if draft is None]
        return done + (store.casework.not_drafted(refused, now) if refused else 0)

    return work_through(store, Stage.NEEDS_REPLY, now, judge, keep, stop=stop).named("drafted")


def draft_one(store: Store, policy: Policy, account: Account, case: Case, now: datetime) -> Draft | None:
    """Draft a reply for one case that needs it, at once, and return it; None where nobody may answer.

    Raises Conflict when the case is not as it was seen.
    """
    metered = all_metered(store, {account.name: account}, now)[account.name]
    recent = tuple(store.views.recent_drafts(RECENT))
    asked, one = _written(store, policy, metered, (coded(store, policy, case), recent), now)
    kept = store.casework.drafted([(asked, one)], now) if one else store.casework.not_drafted([asked], now)
    if not kept:
        raise Conflict(f"{case.name} moved while it was drafted")
    return one


def coded(store: Store, policy: Policy, case: Case) -> Case:
    """Return a case with the code that its reply may name; a new one is kept with the draft."""
    if case.reference or not policy.references:
        return case
    return replace(case, reference=store.references.fresh())


def _written(
    store: Store, policy: Policy, account: Account, about: tuple[Case, tuple[str, ...]], now: datetime
) -> tuple[Case, Draft | None]:
    """Return a case with the network's word on it, and a draft where that lets us answer.

    What we promised in it and did not keep is owned first, unless a person asked for another kind of reply.
    """
    case, recent = about
    may = _SILENCE if case.opted_out else account.connector.eligibility(case.target)
    case = replace(case, answerable=str(may.answerable), answer_detail=one_line(may.detail, 500))
    if may.answerable is Answerable.NO:
        return case, None
    owed = store.promises.broken(case.id) if case.replies and not case.facts.kind else None
    told = policy.owing(case, owed) if owed else case
    words = policy.write(told, account.connector.limits, now, recent=recent)
    notes = (*eligibility_finding(may, words.text), *((_provenance(owed),) if owed else ()))
    return case, ours(policy, case, words, now, notes)


def _provenance(owed: Promise) -> Finding:
    """Return what a person should know of a promise that was not kept: who gave it, when, until when."""
    due = f", due {owed.due_at:%d %b %H:%M} UTC" if owed.due_at else ""
    return Finding(
        rule="promise-not-kept",
        level=Level.NOTE,
        says=f"{owed.name} was not kept: {owed.owner or 'somebody'} gave it on {owed.made_at:%d %b}{due}",
        quote=one_line(owed.quote, 200),
        suggestion=f"once it is: responder promise {owed.name} --kept",
    )


def ours(policy: Policy, case: Case, words: Words, now: datetime, network: tuple[Finding, ...], /) -> Draft:
    """Return words of ours as the next draft of a case; `network` is what its network makes of them."""
    audience = case.target.audience
    return Draft(
        case_id=case.id,
        number=case.draft_number + 1,
        target_id=case.target.id or 0,
        origin=Origin.OURS,
        by="",
        text=words.text,
        language=words.language,
        playbook=words.playbook,
        audience=audience,
        fingerprint=fingerprint(case.target, audience, words.text),
        findings=words.findings + network,
        created_at=now,
        rulebook=policy.version,
    )


def eligibility_finding(may: Eligibility, text: str) -> tuple[Finding, ...]:
    """Return what a person must know about whether the network lets us answer with this text."""
    if may.answerable is Answerable.API:
        return ()
    if may.answerable is Answerable.BY_HAND:
        says = "the network lets only a person answer this by hand"
        where = f"open {address_by_hand(may.detail, text)}"
        return (Finding(rule="by-hand", level=Level.NOTE, says=says, suggestion=where),)
    says = f"this cannot be answered: {may.detail}"
    todo = "dismiss it, with the reason"
    return (Finding(rule="not-answerable", level=Level.BLOCK, says=says, suggestion=todo),)


def as_asked(case: Case, text: str) -> tuple[Finding, ...]:
    """Return the same by what the network said when it was last asked; nobody is asked."""
    may = Answerable(case.answerable or Answerable.API)
    return eligibility_finding(Eligibility(answerable=may, detail=case.answer_detail), text)
