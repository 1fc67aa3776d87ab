"""Who may not do something is refused by the step itself, and nothing has changed."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from responder.connector import Account
from responder.model.case import Stage
from responder.model.correction import What
from responder.model.decision import Verdict
from responder.model.people import NotAllowed, Person, Role, Roster
from responder.steps.approve import approve, decide, edit, settle
from responder.steps.correct import Said, correct
from responder.store.store import Store
from tests.desk import seen, stage, waiting
from tests.lifecycle.world import TARGETS
from tests.network import ScriptedNetwork, at, mention
from tests.policies import PlainPolicy
from tests.steps.deciding import deliveries, posts, unsure

ROSTER = Roster(
    people=(
        Person(name="Ana", role=Role.APPROVER),
        Person(name="Bo", role=Role.ADMIN),
        Person(name="Kim", role=Role.AGENT),
    )
)


@dataclass
class Desk:
    """Case 1 waits at a desk of three."""

    store: Store
    net: ScriptedNetwork
    accounts: dict[str, Account]

    def approves(self, by: str) -> None:
        approve(self.store, self.accounts["shop"], seen(self.store), by, at(2))

    def edits(self, by: str) -> None:
        edit(self.store, PlainPolicy(), self.accounts["shop"], seen(self.store), ("better", by), at(2))

    def corrects(self, by: str) -> None:
        case = self.store.casework.get(1)
        correct(self.store, TARGETS, case, Said(What.MORE_URGENT, by), at(2))

    def decides(self, verdict: Verdict) -> Callable[[str], None]:
        def decided(by: str) -> None:
            decide(self.store, self.store.casework.get(1), verdict, (by, "because"), at(2))

        return decided


@pytest.fixture
def desk(store: Store) -> Desk:
    net, accounts = waiting(store, mention("1"))
    store.roster = ROSTER
    return Desk(store, net, accounts)


def test_an_agent_prepares_and_an_approver_approves(desk: Desk) -> None:
    desk.edits("Kim")
    desk.corrects("Kim")
    with pytest.raises(NotAllowed, match=r"Kim .agent. may not approve; Ana or Bo may"):
        desk.approves("Kim")
    assert (stage(desk.store), deliveries(desk.store)) == (Stage.WAITING, [])
    desk.approves("Ana")
    assert stage(desk.store) is Stage.APPROVED


def test_an_agent_takes_an_approval_back(desk: Desk) -> None:
    desk.approves("Bo")
    desk.decides(Verdict.WITHDRAW)("Kim")
    assert stage(desk.store) is Stage.WAITING


@pytest.mark.parametrize("verdict", [Verdict.REDO, Verdict.DISMISS])
def test_an_agent_asks_for_another_draft_and_puts_aside(desk: Desk, verdict: Verdict) -> None:
    desk.decides(verdict)("Kim")
    assert stage(desk.store) is not Stage.WAITING


def test_who_is_not_listed_can_do_nothing_of_it(desk: Desk) -> None:
    acts: list[Callable[[str], None]] = [desk.approves, desk.edits, desk.corrects]
    acts += [desk.decides(verdict) for verdict in (Verdict.REDO, Verdict.DISMISS, Verdict.WITHDRAW)]
    version = desk.store.casework.get(1).version
    for act in acts:
        with pytest.raises(NotAllowed, match="Mallory is not listed here"):
            act("Mallory")
    assert desk.store.casework.get(1).version == version


def test_what_is_kept_is_the_name_as_it_is_listed(desk: Desk) -> None:
    desk.edits("kim")
    desk.corrects("KIM")
    desk.approves("ana")
    card = desk.store.views.card(1)
    assert card.draft is not None
    assert card.draft.by == card.corrections[0].by == "Kim"
    assert card.decisions[0].by == "Ana"


def test_an_agent_does_not_settle_what_is_unsure(store: Store) -> None:
    unsure(store)
    store.roster = ROSTER
    with pytest.raises(NotAllowed, match=r"Kim .agent. may not settle"):
        settle(store, store.casework.get(1), "https://net.example/1", "Kim", at(20))
    settle(store, store.casework.get(1), "https://net.example/1", "Ana", at(20))
    assert stage(store) is Stage.ANSWERED


def test_anybody_stops_all_sending_and_an_approver_lets_it_go_on(desk: Desk) -> None:
    control = desk.store.control
    control.pause("Mallory", at(2))
    with pytest.raises(NotAllowed, match=r"Kim .agent. may not let sending go on"):
        control.pause("Kim", at(2), on=False)
    assert control.paused()
    control.pause("Ana", at(2), on=False)
    assert not control.paused()


def test_an_agent_does_not_let_an_account_spend_again(desk: Desk) -> None:
    with pytest.raises(NotAllowed, match=r"Kim .agent. may not let an account ask its network again"):
        desk.store.money.refilled("shop", "Kim", at(2))
    assert not desk.store.money.refilled("shop", "Ana", at(2))  # nothing was resting


def test_what_was_approved_goes_out_whoever_is_listed_by_then(desk: Desk) -> None:
    desk.approves("Ana")
    desk.store.roster = Roster(people=(Person(name="Cy", role=Role.ADMIN),))
    posts(desk.store, desk.accounts, 3)
    assert len(desk.net.public) == 1
