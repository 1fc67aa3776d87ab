"""Vary: another wording of our own reply, as its next draft."""

from datetime import datetime

from responder.connector import Account
from responder.model.case import Case
from responder.model.draft import Draft
from responder.model.people import Right
from responder.policy.policy import Policy
from responder.steps.draft import RECENT, as_asked, ours
from responder.store.store import Store


class NoOther(Exception):
    """There is no other wording of this reply. Edit it, or ask for another draft."""


def vary(
    store: Store, policy: Policy, account: Account, seen: tuple[Case, Draft], by: str, now: datetime
) -> Draft:
    """Store our next wording as the next draft, for `by`, and return it; what was approved is void.

    `seen` is a whole case and its draft. Raises NoOther, Conflict when the case is not as it was seen, and
    NotAllowed.
    """
    (case, before), by = seen, store.roster.allowed(by, Right.REDO)
    had = [one.text for one in store.views.card(case.id).drafts if one.target_id == case.target.id]
    words = policy.write(
        case, account.connector.limits, now, recent=(*had, *store.views.recent_drafts(RECENT))
    )
    if words.text == before.text:
        raise NoOther("there is no other wording of this reply")
    draft = ours(policy, case, words, now, as_asked(case, words.text))
    store.casework.follow(case, draft, "another wording", by)
    return draft
