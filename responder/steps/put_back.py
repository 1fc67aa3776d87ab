"""Put back: the words of an earlier draft are the draft again, when a person takes a change back."""

from dataclasses import replace
from datetime import datetime

from responder.connector import Account
from responder.model.case import Case
from responder.model.draft import Draft, fingerprint
from responder.model.people import Right
from responder.policy.policy import WHILE_WRITING, Policy
from responder.steps.draft import as_asked
from responder.store.errors import Conflict
from responder.store.store import Store


def put_back(
    store: Store, policy: Policy, account: Account, words: tuple[Case, Draft], by: str, now: datetime
) -> Draft:
    """Store the words of an earlier draft of a whole case as its next one, for `by`, and return it.

    They are checked by the rules of now, as strictly as then. A case that was reopened waits for a person
    again. Raises Conflict when the case moved, or they answered an earlier post than the one to be answered,
    and NotAllowed.
    """
    (case, former), by = words, store.roster.allowed(by, Right.EDIT)
    if former.target_id != case.target.id:
        raise Conflict(
            f"the customer of {case.name} wrote again; draft {former.number} answered a post before"
        )
    findings = policy.check_again(former, case, account.connector.limits, now)
    findings += tuple(one for one in former.findings if one.rule in WHILE_WRITING)
    draft = replace(
        former,
        number=case.draft_number + 1,
        fingerprint=fingerprint(case.target, former.audience, former.text),
        findings=findings + as_asked(case, former.text),
        created_at=now,
        rulebook=policy.version,
    )
    store.casework.follow(case, draft, "words put back", by)
    return draft
