"""Another wording is a draft like any other, and the words before can be put back."""

from dataclasses import replace

import pytest

from responder.model.case import Stage
from responder.model.decision import Verdict
from responder.model.delivery import DeliveryStage
from responder.model.draft import Draft, Origin
from responder.model.triage import Finding, Level
from responder.steps.approve import approve, decide
from responder.steps.put_back import put_back
from responder.steps.vary import NoOther, vary
from responder.store.errors import Conflict
from responder.store.store import Store
from tests.desk import seen, stage, street, waiting
from tests.network import at, mention
from tests.policies import PlainPolicy
from tests.steps.deciding import approves, deliveries, edits, posts


class Stubborn(PlainPolicy):
    """Writes the same whatever was written before."""

    def write(self, case, limits, now, *, recent=()):  # type: ignore[no-untyped-def]
        return super().write(replace(case, draft_number=0), limits, now)


def varied(store: Store, accounts: dict, minutes: float = 3) -> Draft:  # type: ignore[type-arg]
    return vary(store, PlainPolicy(), accounts["shop"], seen(store), "sam", at(minutes))


def test_another_wording_waits_as_the_next_draft_of_ours(any_store: Store) -> None:
    _, accounts = waiting(any_store, mention("1"))
    first = seen(any_store)[1]
    second = varied(any_store, accounts)
    case, current = seen(any_store)
    assert current == second
    assert (current.number, current.origin, current.by) == (2, Origin.OURS, "")
    assert current.text != first.text
    event = any_store.views.card(1).events[-1]
    assert (event.action, event.by, event.detail) == ("another wording", "sam", {"draft": "2"})
    assert case.stage is Stage.WAITING


def test_what_is_approved_is_the_stored_wording_and_it_goes_out(store: Store) -> None:
    net, accounts = waiting(store, mention("1"))
    second = varied(store, accounts)
    approves(store, accounts)
    posts(store, accounts, 9)
    assert net.public == [("1", second.text)]


def test_another_wording_ends_an_approval(store: Store) -> None:
    net, accounts = waiting(store, mention("1"))
    approves(store, accounts)
    varied(store, accounts)
    assert deliveries(store) == [DeliveryStage.VOID]
    posts(store, accounts, 9)
    assert net.public == []


def test_where_there_is_no_other_wording_nothing_is_stored(store: Store) -> None:
    _, accounts = waiting(store, mention("1"))
    with pytest.raises(NoOther, match="no other wording"):
        vary(store, Stubborn(), accounts["shop"], seen(store), "sam", at(3))
    assert seen(store)[1].number == 1


def test_who_was_slower_varies_nothing(any_store: Store) -> None:
    _, accounts = waiting(any_store, mention("1"))
    old = seen(any_store)
    edits(any_store, accounts, "better words")
    with pytest.raises(Conflict):
        vary(any_store, PlainPolicy(), accounts["shop"], old, "sam", at(3))
    assert seen(any_store)[1].text == "better words"


def test_words_that_are_put_back_are_the_draft_again_with_their_author(any_store: Store) -> None:
    _, accounts = waiting(any_store, mention("1"))
    edits(any_store, accounts, "my own words")
    mine = seen(any_store)[1]
    varied(any_store, accounts)
    case = any_store.casework.get(1)
    back = put_back(any_store, PlainPolicy(), accounts["shop"], (case, mine), "eva", at(4))
    assert (back.text, back.number, back.origin, back.by) == ("my own words", 4, Origin.PERSON, "sam")
    assert seen(any_store)[1] == back
    event = any_store.views.card(1).events[-1]
    assert (event.action, event.by) == ("words put back", "eva")
    assert approve(any_store, accounts["shop"], seen(any_store), "eva", at(5))


def test_a_case_that_was_reopened_waits_again_with_the_words_it_had(any_store: Store) -> None:
    _, accounts = waiting(any_store, mention("1"))
    case, had = seen(any_store)
    decide(any_store, case, Verdict.DISMISS, ("sam", "spam"), at(3))
    decide(any_store, any_store.casework.get(1), Verdict.REOPEN, ("sam", ""), at(4))
    assert stage(any_store) is Stage.NEEDS_REPLY
    put_back(any_store, PlainPolicy(), accounts["shop"], (any_store.casework.get(1), had), "sam", at(4))
    assert stage(any_store) is Stage.WAITING
    assert seen(any_store)[1].text == had.text
    assert any_store.views.verify() == []


def test_an_edit_cannot_follow_on_a_case_without_a_draft(store: Store) -> None:
    _, accounts = waiting(store, mention("1"))
    case, had = seen(store)
    decide(store, case, Verdict.REDO, ("sam", ""), at(3))
    with pytest.raises(Conflict, match="NEEDS_REPLY"):
        vary(store, PlainPolicy(), accounts["shop"], (store.casework.get(1), had), "sam", at(4))


def test_words_for_an_earlier_post_are_not_put_back(store: Store) -> None:
    net, accounts = waiting(store, mention("1"))
    had = seen(store)[1]
    net.say(mention("2", "Still nothing!", thread="1", minutes=5))
    street(store, accounts, 6)
    with pytest.raises(Conflict, match="wrote again"):
        put_back(store, PlainPolicy(), accounts["shop"], (store.casework.get(1), had), "sam", at(7))


def test_what_was_only_known_while_writing_still_blocks_words_that_are_put_back(store: Store) -> None:
    _, accounts = waiting(store, mention("1"))
    case, had = seen(store)
    guess = Finding(rule="unknown-language", level=Level.BLOCK, says="a guess")
    back = put_back(
        store, PlainPolicy(), accounts["shop"], (case, replace(had, findings=(guess,))), "sam", at(3)
    )
    assert back.blocked
