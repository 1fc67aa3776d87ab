"""Short ways for tests to bring a store to where a test begins."""

from responder.connector import Account, Page
from responder.model.case import Case, Stage
from responder.model.decision import Decision, Verdict
from responder.model.delivery import Route
from responder.model.draft import Draft
from responder.model.mention import Mention
from responder.policy.policy import Policy
from responder.steps.draft import draft
from responder.steps.poll import poll
from responder.steps.triage import triage
from responder.store.store import Store
from tests.lifecycle.world import TARGETS
from tests.network import ScriptedNetwork, account, at
from tests.policies import PlainPolicy


def keep(store: Store, *mentions: Mention, before: str | None = None, cursor: str = "1") -> None:
    """Store mentions of account "shop" as one page."""
    store.intake.introduce({"shop": "scripted"})
    store.intake.keep("shop", before, Page(mentions=mentions, cursor=cursor), at(1))


def waiting(store: Store, *mentions: Mention) -> tuple[ScriptedNetwork, dict[str, Account]]:
    """Bring these posts to WAITING, drafted; return the network they are on and its account."""
    network = ScriptedNetwork()
    network.say(*mentions)
    accounts = {"shop": account(network)}
    street(store, accounts)
    return network, accounts


def street(
    store: Store, accounts: dict[str, Account], minutes: float = 1, policy: Policy | None = None
) -> None:
    """Let the machine do all it can: read, weigh, draft."""
    store.intake.introduce({"shop": "scripted"})
    poll(store, accounts["shop"], at(minutes))
    triage(store, policy or PlainPolicy(), TARGETS, at(minutes))
    draft(store, policy or PlainPolicy(), accounts, at(minutes))


def seen(store: Store, number: int = 1) -> tuple[Case, Draft]:
    """Return a case and its current draft, as a person sees them."""
    case = store.casework.get(number)
    current = store.casework.draft(case)
    assert current is not None
    return case, current


def approved(store: Store, number: int = 1, minutes: float = 2) -> Decision:
    """Approve the current draft of a case; its delivery is planned."""
    case, current = seen(store, number)
    said = Decision(
        case_id=case.id,
        verdict=Verdict.APPROVE,
        by="sam",
        at=at(minutes),
        draft_number=current.number,
        fingerprint=current.fingerprint,
    )
    store.casework.approve(case, current, said, Route.API)
    return said


def stage(store: Store, number: int = 1) -> Stage:
    """Return where a case stands."""
    return store.casework.get(number).stage
