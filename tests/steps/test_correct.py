"""Correct: a person's word holds at once, and when the case is weighed again."""

import pytest

from responder.connector import Account
from responder.model.case import Case, Stage
from responder.model.clocks import Clocks, Targets
from responder.model.correction import What
from responder.steps.correct import NothingToCorrect, Said, correct
from responder.steps.draft import draft
from responder.steps.triage import triage
from responder.store.errors import Conflict
from responder.store.store import Store
from tests.desk import seen, stage, street, waiting
from tests.lifecycle.world import TARGETS
from tests.network import ScriptedNetwork, at, mention
from tests.policies import PlainPolicy
from tests.steps.deciding import approves, posts

TIERS = Clocks(targets=Targets(first={tier: at(60 - 10 * tier) - at(0) for tier in range(6)}))


def says(store: Store, what: What, language: str = "", *, minutes: float = 3, reason: str = "") -> Case:
    case = store.casework.get(1)
    return correct(store, TIERS, case, Said(what, "Sam", reason, language), at(minutes))


def writes(store: Store, network: ScriptedNetwork, accounts: dict[str, Account], text: str) -> None:
    network.say(mention("more", text, thread="1", minutes=5))
    street(store, accounts, 6)


def reasons(store: Store) -> list[str]:
    return [one.says for one in store.views.card(1).reasons if one.rule == "corrected"]


def test_not_a_complaint_is_set_aside_and_can_be_called_back(store: Store) -> None:
    _, accounts = waiting(store, mention("1"))
    assert says(store, What.NOT_A_COMPLAINT).stage is Stage.SET_ASIDE
    assert says(store, What.COMPLAINT, minutes=4).stage is Stage.NEEDS_REPLY
    street(store, accounts, 5)
    assert (stage(store), seen(store)[1].number) == (Stage.WAITING, 2)
    assert reasons(store) == ["Sam: not a complaint", "Sam: complaint"]


def test_more_urgent_moves_the_deadline_at_once_and_says_who(store: Store) -> None:
    waiting(store, mention("1"))
    after = says(store, What.MORE_URGENT, reason="a child is waiting")
    case = store.casework.get(1)
    assert (after.tier, case.tier, case.due_at) == (2, 2, at(40))
    assert case.rank == after.rank < -20_000
    assert (case.stage, reasons(store)) == (Stage.WAITING, ["Sam: more urgent"])
    assert store.views.card(1).reasons[-1].why == "a child is waiting"


def test_more_urgent_outlives_the_next_word_of_the_customer(any_store: Store) -> None:
    network, accounts = waiting(any_store, mention("1"))
    says(any_store, What.MORE_URGENT)
    says(any_store, What.MORE_URGENT, minutes=4)
    writes(any_store, network, accounts, "Any news?")
    assert any_store.casework.get(1).tier == 3
    assert reasons(any_store) == ["Sam: more urgent"] * 2
    network.say(mention("fire", "A fire!", thread="1", minutes=7))
    street(any_store, accounts, 8)
    assert any_store.casework.get(1).tier == 5


def test_less_urgent_outlives_it_too_but_not_new_grave_harm(store: Store) -> None:
    network, accounts = waiting(store, mention("1", "My fireplace looks great in the photo, yours is late."))
    says(store, What.LESS_URGENT)
    triage(store, PlainPolicy(), TARGETS, at(4))
    assert store.casework.get(1).tier == 4
    writes(store, network, accounts, "Any news?")
    assert store.casework.get(1).tier == 1
    network.say(mention("fire", "Now there is a fire!", thread="1", minutes=7))
    street(store, accounts, 8)
    assert store.casework.get(1).tier == 5


def test_a_post_called_less_urgent_that_is_edited_into_grave_harm_is_not_lowered(store: Store) -> None:
    network, accounts = waiting(store, mention("1", "The fire place is late."))
    says(store, What.LESS_URGENT)
    network.edit("1", "A fire, it burns!", "e1")
    street(store, accounts, 4)
    assert store.casework.get(1).tier == 5


def test_up_and_down_again_is_where_it_began_also_when_weighed_anew(store: Store) -> None:
    network, accounts = waiting(store, mention("1"))
    says(store, What.MORE_URGENT)
    assert says(store, What.LESS_URGENT, minutes=4).tier == 1
    writes(store, network, accounts, "Any news?")
    assert store.casework.get(1).tier == 1


def test_beyond_the_scale_nothing_is_kept(store: Store) -> None:
    waiting(store, mention("1", "A fire!"), mention("2", author="bo"))
    with pytest.raises(NothingToCorrect, match="c-1 is of tier 5, the most urgent there is"):
        says(store, What.MORE_URGENT)
    low = store.casework.get(2)
    with pytest.raises(NothingToCorrect, match="none is less urgent"):
        correct(store, TIERS, low, Said(What.LESS_URGENT, "Sam"), at(3))
    assert store.casework.get(1).corrections == ()


def test_a_language_told_is_used_from_then_on(any_store: Store) -> None:
    network, accounts = waiting(any_store, mention("1"))
    approves(any_store, accounts)
    assert says(any_store, What.LANGUAGE, "de").stage is Stage.NEW
    street(any_store, accounts, 4)
    assert (stage(any_store), any_store.casework.get(1).language) == (Stage.WAITING, "de")
    assert reasons(any_store) == ["Sam: written in de"]
    posts(any_store, accounts, 5)
    assert network.public == []
    writes(any_store, network, accounts, "Any news?")
    assert any_store.casework.get(1).language == "de"


def test_a_language_that_is_unknown_or_known_already_changes_nothing(store: Store) -> None:
    waiting(store, mention("1"))
    with pytest.raises(NothingToCorrect, match="none of our languages: bg, de, en, es, fr, hr, sl, sv"):
        says(store, What.LANGUAGE, "xx")
    with pytest.raises(NothingToCorrect, match="taken for en already"):
        says(store, What.LANGUAGE, "en")
    assert stage(store) is Stage.WAITING


def test_what_is_answered_is_noted_and_not_weighed_anew(store: Store) -> None:
    _, accounts = waiting(store, mention("1"))
    approves(store, accounts)
    posts(store, accounts, 3)
    for what, language in ((What.LANGUAGE, "de"), (What.NOT_A_COMPLAINT, ""), (What.MORE_URGENT, "")):
        assert says(store, what, language, minutes=4).stage is Stage.ANSWERED
    assert len(store.casework.get(1).corrections) == 3


def test_a_post_called_a_complaint_is_not_set_aside_again(store: Store) -> None:
    network, accounts = waiting(store, mention("1", "Many thanks!"))
    assert stage(store) is Stage.SET_ASIDE
    says(store, What.COMPLAINT)
    says(store, What.LANGUAGE, "de", minutes=4)
    street(store, accounts, 5)
    assert (stage(store), store.views.card(1).case.tier) == (Stage.WAITING, 1)
    writes(store, network, accounts, "All is well, many thanks!")
    assert stage(store) is Stage.SET_ASIDE


def test_what_was_called_no_complaint_is_weighed_anew_when_the_customer_writes(store: Store) -> None:
    network, accounts = waiting(store, mention("1"))
    says(store, What.NOT_A_COMPLAINT)
    writes(store, network, accounts, "And now it burns!")
    assert stage(store) is Stage.WAITING


def test_who_looks_at_an_old_card_is_told_so(store: Store) -> None:
    waiting(store, mention("1"))
    case = store.casework.get(1)
    says(store, What.MORE_URGENT)
    with pytest.raises(Conflict, match="moved while you looked"):
        correct(store, TIERS, case, Said(What.MORE_URGENT, "Ana"), at(4))
    assert store.casework.get(1).tier == 2


def test_a_correction_while_the_machine_weighs_is_not_lost(store: Store) -> None:
    _, accounts = waiting(store, mention("1"))
    says(store, What.LANGUAGE, "de")

    class Slow(PlainPolicy):
        def weigh(self, *args: object, **more: object):  # type: ignore[no-untyped-def]
            if store.casework.get(1).corrections[-1].language == "de":
                says(store, What.LANGUAGE, "fr", minutes=4)
            return super().weigh(*args, **more)  # type: ignore[arg-type]

    assert triage(store, Slow(), TARGETS, at(5)).done == {}
    triage(store, Slow(), TARGETS, at(6))
    draft(store, PlainPolicy(), accounts, at(5))
    assert (stage(store), store.casework.get(1).language) == (Stage.WAITING, "fr")
