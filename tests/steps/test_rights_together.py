"""Rights at a desk of several: what an agent may do beside preparing replies, and to whom a case can go."""

import pytest

from responder.model.people import NotAllowed, Person, Role, Roster
from responder.steps.assign import assign, escalate
from responder.steps.dismiss import answered_by_hand
from responder.steps.merge import merge, split
from responder.steps.note import note
from responder.steps.opt_out import opt_out
from responder.steps.put_back import put_back
from responder.steps.snooze import snooze
from responder.steps.vary import vary
from responder.store.store import Store
from tests.desk import seen, waiting
from tests.network import ScriptedNetwork, account, at, mention
from tests.policies import PlainPolicy

ROSTER = Roster(
    people=(Person(name="Ana", role=Role.AGENT, teams=("Night",)), Person(name="Bo", role=Role.APPROVER))
)


@pytest.fixture
def staffed(store: Store) -> Store:
    """A store with an agent and an approver, and two cases that wait."""
    waiting(store, mention("1"), mention("2", thread="other"))
    store.roster = ROSTER
    return store


@pytest.mark.parametrize("to", ["bo", "BO", "night", ""])
def test_a_case_goes_to_somebody_of_the_list_a_team_or_nobody(staffed: Store, to: str) -> None:
    assign(staffed, seen(staffed)[0], to, "ana", at(2))
    assert staffed.casework.get(1).owner == {"bo": "Bo", "night": "Night"}.get(to.lower(), "")
    assert staffed.views.card(1).events[-1].by == "Ana"


def test_a_case_cannot_get_lost_with_somebody_whom_nobody_knows(staffed: Store) -> None:
    with pytest.raises(NotAllowed, match=r"^nobody is called Bob: it is Ana, Bo or Night$"):
        assign(staffed, seen(staffed)[0], "Bob", "ana", at(2))
    with pytest.raises(NotAllowed, match=r"^nobody is called Bob"):
        escalate(staffed, seen(staffed)[0], "Bob", "please look", "ana", at(2))
    assert staffed.casework.get(1).owner == ""


def test_who_is_not_listed_does_nothing(staffed: Store) -> None:
    case, draft = seen(staffed)
    other, shop = seen(staffed, 2)[0], account(ScriptedNetwork())
    for deed in (
        lambda: assign(staffed, case, "bo", "eve", at(2)),
        lambda: note(staffed, case, "mine", "eve", at(2)),
        lambda: snooze(staffed, case, at(60), "eve", at(2)),
        lambda: merge(staffed, case, other, "eve", at(2), different_people=True),
        lambda: split(staffed, case, "eve", at(2)),
        lambda: vary(staffed, PlainPolicy(), shop, (case, draft), "eve", at(2)),
        lambda: put_back(staffed, PlainPolicy(), shop, (case, draft), "eve", at(2)),
        lambda: opt_out(staffed, case, "ana", at(2)),
        lambda: answered_by_hand(staffed, case, "https://net.example/r", ("ana", ""), at(2)),
    ):
        with pytest.raises(NotAllowed, match="may not"):
            deed()
    assert staffed.casework.get(1) == case
