"""One card: always in the same order, with the exact words and what can be done."""

from dataclasses import replace
from io import StringIO

import pytest
from syrupy.assertion import SnapshotAssertion

from responder.cli.canvas import Canvas
from responder.cli.card import CardSheet
from responder.connector import Account, Answerable, Eligibility
from responder.model.clocks import Rule
from responder.model.limits import Limits
from responder.steps.approve import approve, edit
from responder.steps.post import Mode, post
from responder.store.store import Store
from tests.cli.scene import Scene
from tests.desk import keep, seen, street, waiting
from tests.network import ScriptedNetwork, at, mention
from tests.policies import PlainPolicy

POST = mention("1", "My parcel is lost.\n\nThird time!", minutes=-40)


def sheet(store: Store, *, history: bool = False, limits: Limits | None = None) -> CardSheet:
    return CardSheet(
        card=store.views.card(1),
        network="mastodon",
        now=at(60),
        limits=limits or Limits(length=500),
        history=history,
    )


def drawn(card: CardSheet, width: int = 80) -> str:
    out = StringIO()
    card.draw(Canvas(out, width, color=False))
    return out.getvalue()


def answered(store: Store) -> tuple[ScriptedNetwork, dict[str, Account]]:
    """Bring a case through approval and answer, with two posts of the customer before it."""
    network, accounts = waiting(store, mention("0", "Where is it?", thread="1", minutes=-90), POST)
    approve(store, accounts["shop"], seen(store), "sam", at(2))
    post(store, accounts, Mode.ON, at(3))
    return network, accounts


@pytest.mark.parametrize("width", [40, 80, 100])
def test_a_card_reads_as_it_did(store: Store, snapshot: SnapshotAssertion, width: int) -> None:
    waiting(store, mention("0", "Where is it?", thread="1", minutes=-90), POST)
    assert drawn(sheet(store), width) == snapshot


def test_a_card_of_a_long_thread_with_its_history_reads_as_it_did(
    store: Store, snapshot: SnapshotAssertion
) -> None:
    network, accounts = answered(store)
    network.say(mention("2", "Still nothing.", thread="1", minutes=30))
    street(store, accounts, minutes=31)
    edit(store, PlainPolicy(), accounts["shop"], seen(store), ("A forbidden word.", "sam"), at(32))
    assert drawn(sheet(store, history=True)) == snapshot


def test_its_parts_come_in_the_order_in_which_one_decides(store: Store) -> None:
    waiting(store, POST)
    said = drawn(sheet(store))
    places = [
        said.index(part) for part in ("urgency 10", "They wrote", "Why 10", "Rules", "Draft 1", "approve c-1")
    ]
    assert places == sorted(places)


def test_the_draft_is_counted_as_the_network_counts(store: Store) -> None:
    waiting(store, POST)
    short = Limits(length=20, count=lambda text: len(text.encode()), unit="bytes")
    said = drawn(sheet(store, limits=short))
    text = seen(store)[1].text
    assert f"{len(text)}/20 bytes, {len(text) - 20} over" in said


def test_what_goes_out_with_a_draft_that_nobody_typed_stands_below_it(store: Store) -> None:
    waiting(store, POST)
    limits = Limits(length=500, besides=lambda words, to: f"Under: {to.text[:9]}\x1b, {len(words)} letters")
    said = drawn(sheet(store, limits=limits))
    assert f", {len(seen(store)[1].text)} letters" in said
    assert "\x1b" not in said
    assert said.index("Draft 1") < said.index("Under: My parcel") < said.index("approve c-1")
    assert "Under" not in drawn(sheet(store))


def test_a_draft_that_is_blocked_cannot_be_approved_and_says_how_to_mend_it(store: Store) -> None:
    _, accounts = waiting(store, POST)
    edit(store, PlainPolicy(), accounts["shop"], seen(store), ("A forbidden word.", "sam"), at(2))
    said = drawn(sheet(store))
    assert "block  a forbidden word" in said
    assert "Mend it: responder edit c-1" in said
    assert "responder approve" not in said


def test_an_approval_that_ended_by_an_edit_shows_what_changed(store: Store) -> None:
    network, accounts = waiting(store, POST)
    approve(store, accounts["shop"], seen(store), "sam", at(2))
    network.edit("1", "My parcel is found.\n\nThird time!", "e1")
    street(store, accounts, minutes=3)
    said = " ".join(drawn(sheet(store)).split())
    assert "They edited it 57 min ago: My parcel is [-lost.-] {+found.+} Third time!" in said
    assert "The approval ended 57 min ago" in said


def test_a_post_that_was_removed_is_marked_as_removed(store: Store) -> None:
    network, accounts = waiting(store, mention("0", "Where is it?", thread="1", minutes=-90), POST)
    network.remove("0")
    street(store, accounts, minutes=3)
    assert "and removed it since" in drawn(sheet(store))


def test_where_only_a_person_can_answer_the_card_says_how(store: Store) -> None:
    network, accounts = waiting(store, POST)
    network.answerable = Eligibility(answerable=Answerable.BY_HAND, detail="https://net.example/1")
    approve(store, accounts["shop"], seen(store), "sam", at(2))
    said = drawn(sheet(store))
    assert "Only a person can answer here: open https://net.example/1" in said
    assert "responder settle c-1 --sent URL" in said


def test_a_reply_that_may_be_public_asks_for_a_look_before_anything_else(store: Store) -> None:
    network, accounts = waiting(store, POST)
    approve(store, accounts["shop"], seen(store), "sam", at(2))

    def lost() -> None:
        raise TimeoutError

    network.after_effect.append(lost)
    post(store, accounts, Mode.ON, at(3))
    said = drawn(sheet(store))
    assert "Look whether our reply is public" in said
    assert "responder settle c-1 --not-sent" in said


def test_an_answered_case_shows_our_words_and_leaves_nothing_to_do(store: Store) -> None:
    answered(store)
    said = drawn(sheet(store))
    assert "We answered 57 min ago" in said
    assert "Nothing is left to do here." in said


@pytest.mark.parametrize(
    ("tokens", "moves"),
    [
        ([], ["approve", "edit", "redo", "dismiss", "correct"]),
        (["approve", "c-1", "--draft", "1"], ["withdraw", "edit"]),
        (["redo", "c-1"], ["draft", "dismiss"]),
        (["dismiss", "c-1", "--reason", "spam"], ["reopen", "correct"]),
    ],
)
def test_at_every_stage_the_card_says_what_can_be_done(
    scene: Scene, tokens: list[str], moves: list[str]
) -> None:
    if tokens:
        assert scene.call(*tokens).code == 0
    rows = [row[1].split()[3] for row in scene.call("show", "c-1").rows if row[0] == "next"]
    assert rows == moves


def test_a_case_nobody_weighed_yet_can_be_weighed_or_dismissed(store: Store) -> None:
    keep(store, POST)
    assert [command.split()[1] for command, _ in sheet(store).moves()] == ["triage", "dismiss"]


def test_a_pipe_gets_the_journal_when_it_asks_for_the_history(scene: Scene) -> None:
    assert "journal" not in {row[0] for row in scene.call("show", "c-1").rows}
    rows = scene.call("show", "c-1", "--history").rows
    assert [row[2] for row in rows if row[0] == "journal"] == ["heard", "triaged", "drafted"]


def test_an_earlier_thread_is_cut_unless_the_whole_is_asked_for(store: Store) -> None:
    waiting(store, *(mention(str(n), f"word {n}", thread="t", minutes=n) for n in range(8)))
    assert "3 earlier words not shown: --history" in drawn(sheet(store))
    assert "word 0" in drawn(sheet(store, history=True))


def test_no_such_case_is_said_plainly(scene: Scene) -> None:
    said = scene.call("show", "c-99")
    assert said.code == 1
    assert "There is no case c-99." in said.err


@pytest.mark.parametrize("name", ["c-1", "1", "C-1", "c-01"])
def test_an_id_may_be_typed_as_one_likes(scene: Scene, name: str) -> None:
    assert scene.call("show", name).rows[0] == ["case", "c-1", "WAITING"]


def test_what_to_type_next_works_as_it_stands(scene: Scene) -> None:
    document = scene.call("show", "c-1", "--json").document
    assert document["items"][0]["next"][0] == f"responder --config {scene.config} approve c-1"


def test_a_card_is_shown_even_when_its_account_is_gone_from_the_config(scene: Scene) -> None:
    scene.configure(other="x")
    said = scene.call("show", "c-1", "--json")
    assert said.code == 0
    assert said.document["items"][0]["draft"]["limit"] is None


def test_a_card_tells_what_else_runs_out_and_whose_rule_it_is(store: Store) -> None:
    waiting(store, mention("1"))
    rule = Rule(id="uk-fca", says="final response", days=56, source="the handbook")
    case = replace(store.views.card(1).case, settle_by=at(0), rule_by=at(60 * 24 * 50))
    shown = replace(sheet(store), rule=rule, card=replace(store.views.card(1), case=case))
    words = drawn(shown)
    assert "to be settled 60 min late" in words
    assert "final response (uk-fca): by 21 Apr 2026, in 49 days" in words
    assert ("rule", "2026-04-21T09:00:00+00:00", "uk-fca", "the handbook") in [
        tuple(row) for row in shown.rows()
    ]
    assert shown.items()[0]["settle_by"] == "2026-03-02T09:00:00+00:00"
