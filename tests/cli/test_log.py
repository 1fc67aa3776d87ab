"""The log: one case's story, from the first word to the last, in each of the three forms."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from responder.cli.log import LogSheet, events_of
from responder.connector import Account
from responder.model.decision import Verdict
from responder.steps.approve import approve, decide, edit
from responder.steps.post import Mode, post
from responder.steps.snooze import snooze
from responder.store.store import Store
from tests.cli.scene import ACTING, Scene
from tests.cli.test_json import DOCS, documented
from tests.desk import seen, street, waiting
from tests.network import at, mention
from tests.policies import PlainPolicy


def life(store: Store) -> dict[str, Account]:
    """Let a case live from a complaint to an answer, and the customer write again."""
    network, accounts = waiting(store, mention("1", "My parcel is lost."))
    decide(store, seen(store)[0], Verdict.REDO, ("sam", "too stiff"), at(2))
    street(store, accounts, 3)
    edit(store, PlainPolicy(), accounts["shop"], seen(store), ("On its way.", "sam"), at(4))
    approve(store, accounts["shop"], seen(store), "ana", at(5))
    post(store, accounts, Mode.ON, at(6))
    network.say(mention("2", "Thanks, but no.", thread="1", minutes=7))
    street(store, accounts, 8)
    return accounts


def test_a_life_is_told_from_its_first_word_to_its_last(store: Store) -> None:
    life(store)
    told = events_of(store.views.card(1), "mastodon", UTC)
    assert [f"{one.event.at:%H:%M} {one.says}" for one in told] == [
        "09:01 Heard on mastodon from @ana: “My parcel is lost.”",
        "09:01 Triaged as a complaint, tier 1, urgency 10.",
        "09:01 Draft 1 was written: “We got this wrong and we are sorry (c-1, 1, draft 1).”",
        "09:02 Sam asked for another draft: too stiff.",
        "09:03 Draft 2 was written: “We got this wrong and we are sorry (c-1, 1, draft 2).”",
        "09:04 Sam put other words in its place, draft 3: “On its way.”",
        "09:05 Ana approved draft 3, the words: “On its way.”",
        "09:06 The reply is being sent, try 1.",
        "09:06 The reply is public at https://net.example/r1: “On its way.”; the network shows “On its way.”",
        "09:08 @ana wrote again: “Thanks, but no.”",
        "09:08 Triaged as a complaint, tier 1, urgency 10: a complaint.",
        "09:08 Draft 4 was written: “We got this wrong and we are sorry (c-1, 2, draft 4).”",
    ]


def test_until_when_a_case_was_put_off_is_told_in_the_time_zone_of_who_reads(store: Store) -> None:
    waiting(store, mention("1"))
    snooze(store, seen(store)[0], at(60), "sam", at(2))
    told = events_of(store.views.card(1), "x", ZoneInfo("Europe/Ljubljana"))
    assert told[-1].says.startswith("Sam put it off until Mon 2 Mar 2026 11:00")


def test_a_pipe_gets_time_action_who_and_sentence(scene: Scene) -> None:
    scene.call("dismiss", "c-2", "--reason", "spam")
    rows = scene.call("log", "c-2").rows
    assert [row[1] for row in rows] == ["heard", "triaged", "drafted", "dismissed"]
    assert rows[-1] == [
        "2026-03-02T10:00:00+00:00", "dismissed", "sam", "Sam decided that it needs no reply: spam."
    ]  # fmt: skip


def test_a_person_reads_days_and_times_where_they_are(scene: Scene) -> None:
    scene.configure()
    text = scene.config.read_text().replace('name = "Acme"', 'name = "Acme"\ntimezone = "Asia/Tokyo"')
    scene.config.write_text(text)
    drawn = scene.call("log", "c-1", answers="", width=100).out
    assert drawn.splitlines()[0] == "Mon 2 Mar 2026"
    assert drawn.splitlines()[1].startswith("  19:00  Heard on bluesky from @customer1: “My parcel")
    assert all(len(line) <= 100 for line in drawn.splitlines())


def test_a_program_gets_the_fields_that_are_documented(scene: Scene) -> None:
    document = scene.call("log", "c-1", "--json").document
    assert document["schema"] == "responder.log/1"
    item = document["items"][1]
    assert item["detail"].keys() == {"tier", "urgency"}
    assert set(item) == documented("responder.log/1")
    assert "responder.log/1" in DOCS


def test_the_card_tells_its_history_in_the_same_sentences(scene: Scene) -> None:
    says = [row[3] for row in scene.call("log", "c-1").rows]
    history = scene.call("show", "c-1", "--history")
    assert [row[4] for row in history.rows if row[0] == "journal"] == says


def test_what_a_stranger_wrote_does_nothing_to_a_terminal(store: Store) -> None:
    waiting(store, mention("1", "\x1b[2Jfire\u202e\n\nnow"))
    (heard, *_) = events_of(store.views.card(1), "x", UTC)
    assert heard.says == "Heard on x from @ana: “<U+001B>[2Jfire<U+202E> now”."
    assert not ACTING.search(
        "\t".join(str(cell) for row in LogSheet(events=[heard], zone=UTC).rows() for cell in row)
    )


def test_a_case_that_is_none_is_told_plainly(scene: Scene) -> None:
    said = scene.call("log", "c-99")
    assert said.code == 1
    assert "There is no case c-99." in said.err


@pytest.mark.parametrize("tokens", [["log"], ["log", "x"]])
def test_a_case_must_be_named(scene: Scene, tokens: list[str]) -> None:
    assert scene.call(*tokens).code == 2
