"""An approval binds to exactly what a person saw, and an edit ends it."""

from dataclasses import replace

import pytest

from responder.connector import Answerable, Eligibility
from responder.model.case import Stage
from responder.model.decision import Verdict
from responder.model.delivery import DeliveryStage, Route
from responder.model.draft import Origin
from responder.model.triage import Finding, Level
from responder.steps.approve import Blocked, approve, edit
from responder.store.errors import Conflict
from responder.store.store import Store
from tests.desk import keep, seen, stage, street, waiting
from tests.network import at, mention
from tests.policies import PlainPolicy
from tests.steps.deciding import approves, deliveries, edits, posts


def test_an_approval_binds_to_the_words_and_names_the_person(any_store: Store) -> None:
    _, accounts = waiting(any_store, mention("1"))
    assert approves(any_store, accounts) is Route.API
    card = any_store.views.card(1)
    (said,) = card.decisions
    assert card.draft is not None
    assert (said.verdict, said.by, said.at) == (Verdict.APPROVE, "sam", at(2))
    assert said.fingerprint == card.draft.fingerprint == card.deliveries[0].fingerprint
    assert card.case.stage is Stage.APPROVED


def test_what_a_rule_blocks_no_person_can_wave_through(store: Store) -> None:
    _, accounts = waiting(store, mention("1"))
    edits(store, accounts, "a forbidden word")
    with pytest.raises(Blocked, match="a forbidden word") as told:
        approves(store, accounts)
    assert [one.rule for one in told.value.findings] == ["forbidden"]
    assert stage(store) is Stage.WAITING


def test_what_the_network_has_closed_since_cannot_be_approved(store: Store) -> None:
    net, accounts = waiting(store, mention("1"))
    net.answerable = Eligibility(answerable=Answerable.NO, detail="the thread is locked")
    with pytest.raises(Blocked, match="the thread is locked"):
        approves(store, accounts)


@pytest.mark.parametrize("level", [Level.WARN, Level.NOTE])
def test_a_warning_does_not_forbid(store: Store, level: Level) -> None:
    _, accounts = waiting(store, mention("1"))
    case, shown = seen(store)
    shown = replace(shown, findings=(Finding(rule="r", level=level, says="look twice"),))
    assert approve(store, accounts["shop"], (case, shown), "sam", at(2)) is Route.API


def test_an_old_card_cannot_approve(any_store: Store) -> None:
    _, accounts = waiting(any_store, mention("1"))
    old = seen(any_store)
    edits(any_store, accounts, "better words")
    with pytest.raises(
        Conflict,
        match=r"^c-1 moved while you looked: \w+ put other words in its place 60 s ago; it is WAITING now$",
    ):
        approve(any_store, accounts["shop"], old, "sam", at(4))


def test_words_nobody_was_shown_are_not_approved_by_another_drafts_fingerprint(any_store: Store) -> None:
    net, accounts = waiting(any_store, mention("1"))
    case, shown = seen(any_store)
    approve(any_store, accounts["shop"], (case, replace(shown, text="other words")), "sam", at(2))
    posts(any_store, accounts, 3)
    assert [words for _, words in net.public] in ([], [shown.text])


def test_a_complaint_edited_since_cannot_be_answered_by_the_old_card(any_store: Store) -> None:
    _, accounts = waiting(any_store, mention("1"))
    old = seen(any_store)
    keep(any_store, replace(mention("1"), text="And the box burnt!", edit_mark="e"), before="1", cursor="2")
    street(any_store, accounts, 3)
    with pytest.raises(Conflict, match="moved while you looked"):
        approve(any_store, accounts["shop"], old, "sam", at(4))


def test_approving_twice_is_told_and_plans_once(any_store: Store) -> None:
    _, accounts = waiting(any_store, mention("1"))
    card = seen(any_store)
    approve(any_store, accounts["shop"], card, "sam", at(2))
    with pytest.raises(Conflict, match="it is APPROVED now"):
        approve(any_store, accounts["shop"], card, "sam", at(2))
    with pytest.raises(
        Conflict,
        match=r"^c-1 is APPROVED \(sam approved it just now\); this can be done while it is WAITING$",
    ):
        approves(any_store, accounts)
    assert deliveries(any_store) == [DeliveryStage.PLANNED]


def test_an_edited_draft_must_be_approved_again(any_store: Store) -> None:
    net, accounts = waiting(any_store, mention("1"))
    approves(any_store, accounts)
    edited = edits(any_store, accounts, "  Better words.\n")
    assert (edited.number, edited.origin, edited.by, edited.text) == (
        2,
        Origin.PERSON,
        "sam",
        "Better words.",
    )
    assert stage(any_store) is Stage.WAITING
    assert deliveries(any_store) == [DeliveryStage.VOID]
    posts(any_store, accounts, 4)
    assert net.public == []
    approves(any_store, accounts, 5)
    posts(any_store, accounts, 6)
    assert net.public == [("1", "Better words.")]


def test_an_edit_is_checked_and_keeps_the_words_before(store: Store) -> None:
    _, accounts = waiting(store, mention("1"))
    first = seen(store)[1]
    edited = edits(store, accounts, "a forbidden word")
    assert edited.blocked
    assert edited.language == first.language
    assert store.views.card(1).drafts == (first, edited)


@pytest.mark.parametrize(
    "words",
    ["nul \0 inside", "half \ud83d a pair", "a byte \udce9 of another code"],
    ids=("nul", "half", "byte"),
)
def test_words_no_database_keeps_are_mended_before_they_are_approved(any_store: Store, words: str) -> None:
    net, accounts = waiting(any_store, mention("1"))
    edited = edits(any_store, accounts, words)
    assert seen(any_store)[1] == edited
    approves(any_store, accounts, 4)
    posts(any_store, accounts, 5)
    assert net.public == [("1", edited.text)]
    assert not set(edited.text) & set("\0\ud83d\udce9")


def test_an_edit_from_an_old_card_is_refused(store: Store) -> None:
    _, accounts = waiting(store, mention("1"))
    old = seen(store)
    edits(store, accounts, "mine")
    with pytest.raises(Conflict, match="moved while you looked"):
        edit(store, PlainPolicy(), accounts["shop"], old, ("theirs", "ana"), at(4))
    assert seen(store)[1].text == "mine"
