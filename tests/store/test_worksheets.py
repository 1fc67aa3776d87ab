"""Worksheets are kept with who wrote them, one after the other, and a reply goes by their words for it."""

from dataclasses import replace

import pytest

from responder.model.decision import Verdict
from responder.model.facts import Facts
from responder.model.worksheet import Option, Worksheet
from responder.steps.approve import decide
from responder.store.errors import Conflict
from responder.store.store import Store
from tests.desk import seen, waiting
from tests.network import at, mention

SHEET = Worksheet(
    happened=("The kettle left without its base.", "Nobody weighed the parcel."),
    effect="No tea for a week.",
    why="The packing list was of the old model.",
    goal="Tea at the office every morning.",
    informed=("warehouse",),
    options=(Option(what="send the base at once", remedy="replacement", authorised_by="bo"),),
    legal="no",
    longer="The new model came in March.",
    reply=Facts(solution="we send the base today", promised="a kettle by Friday"),
)


def test_a_worksheet_comes_back_as_it_went_in_with_who_wrote_it_and_when(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    case, _ = seen(any_store)
    assert any_store.worksheets.of(case.id) is None
    kept = any_store.worksheets.write(case, SHEET, "ana", at(3))
    assert any_store.worksheets.of(case.id) == kept == replace(SHEET, by="ana", at=at(3), version=1)


def test_what_may_be_said_is_laid_on_the_case_and_what_people_told_with_a_redo_wins(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    any_store.worksheets.write(seen(any_store)[0], SHEET, "ana", at(3))
    case, _ = seen(any_store)
    assert case.facts == Facts()
    assert case.known == SHEET.facts() == replace(SHEET.reply, remedy="replacement")
    decide(any_store, case, Verdict.REDO, ("ana", ""), at(4), news=Facts(solution="we send a new one"))
    case = any_store.casework.get(case.id)
    assert case.known == replace(SHEET.facts(), solution="we send a new one")
    assert case.facts == Facts(solution="we send a new one")  # what the worksheet said is not copied


def test_of_two_who_write_at_once_the_second_is_told_who_was_first(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    any_store.worksheets.write(seen(any_store)[0], SHEET, "ana", at(3))
    with pytest.raises(Conflict, match="ana wrote the worksheet of c-1 meanwhile"):
        any_store.worksheets.write(seen(any_store)[0], SHEET, "bo", at(4))
    kept = any_store.worksheets.of(1)
    assert kept
    assert kept.by == "ana"


def test_the_journal_says_which_answers_are_filled_in_and_none_of_their_words(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    any_store.worksheets.write(seen(any_store)[0], Worksheet(effect="No tea."), "ana", at(3))
    event = any_store.views.card(1).events[-1]
    assert (event.action, event.by) == ("worksheet written", "ana")
    assert event.detail == {"version": "1", "told": "effect"}


def test_what_no_database_keeps_does_not_stop_a_worksheet(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    odd = Worksheet(effect="a\0b", informed=("c\ud800",), reply=Facts(owner="d\0"))
    any_store.worksheets.write(seen(any_store)[0], odd, "an\0a", at(3))
    kept = any_store.worksheets.of(1)
    assert kept
    assert kept.answers() == {"effect": "a\ufffdb", "informed": "c?", "reply.owner": "d\ufffd"}
    assert kept.by == "an\ufffda"
