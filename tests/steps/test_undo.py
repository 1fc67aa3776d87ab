"""Undo: an approved reply is held back for a moment, and what was taken back in it never goes out."""

from datetime import timedelta

import pytest

from responder.connector import Account
from responder.model.decision import Verdict
from responder.steps.approve import Yes, approve, decide
from responder.store.store import Store
from tests.desk import seen, waiting
from tests.network import at, mention
from tests.steps.deciding import approves, edits, posts

UNDO = Yes(undo=timedelta(seconds=20))


def approves_with_undo(store: Store, accounts: dict[str, Account], minutes: float = 2) -> None:
    approve(store, accounts["shop"], seen(store), "sam", at(minutes), UNDO)


def test_nothing_goes_out_before_the_undo_is_over_and_then_it_does(any_store: Store) -> None:
    net, accounts = waiting(any_store, mention("1"))
    approves_with_undo(any_store, accounts)
    posts(any_store, accounts, 2)
    posts(any_store, accounts, 2.33)
    assert net.public == []
    posts(any_store, accounts, 2.34)
    assert len(net.public) == 1


def test_what_was_taken_back_and_edited_goes_out_in_the_new_words_only(any_store: Store) -> None:
    net, accounts = waiting(any_store, mention("1"))
    approves_with_undo(any_store, accounts)
    decide(any_store, seen(any_store)[0], Verdict.WITHDRAW, ("sam", ""), at(2.2))
    posts(any_store, accounts, 3)
    assert net.public == []
    edited = edits(any_store, accounts, "Other words, better ones.")
    posts(any_store, accounts, 4)
    assert net.public == []
    approves_with_undo(any_store, accounts, 5)
    posts(any_store, accounts, 6)
    posts(any_store, accounts, 60)
    assert [words for _, words in net.public] == [edited.text]


def test_what_was_edited_within_the_undo_waits_for_a_new_approval(any_store: Store) -> None:
    net, accounts = waiting(any_store, mention("1"))
    approves_with_undo(any_store, accounts)
    edited = edits(any_store, accounts, "Other words.", 2.1)
    posts(any_store, accounts, 3)
    assert net.public == []
    approves(any_store, accounts, 4)
    posts(any_store, accounts, 5)
    assert [words for _, words in net.public] == [edited.text]


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=400)])
def test_a_clock_that_is_set_back_does_not_keep_a_reply(any_store: Store, back: timedelta) -> None:
    net, accounts = waiting(any_store, mention("1"))
    ahead = at(2) + back
    approve(any_store, accounts["shop"], seen(any_store), "sam", ahead, UNDO)
    posts(any_store, accounts, 3)
    assert len(net.public) == 1
