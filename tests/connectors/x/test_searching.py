"""Saved searches: by turns with our mentions, again where X finds late, from where X still goes back to."""

import pytest

from connectors.x import X
from tests.connectors.stage import pages
from tests.connectors.x.stage import FAULTS, connector
from tests.standins.x import Server

QUERIES = ['"acme parcel" -is:retweet', "acme refund"]


def polled(polling: X, cursor: str | None, times: int) -> tuple[list[str], str | None]:
    """Poll so many times, each to its end; return the texts that were heard and the last cursor."""
    texts: list[str] = []
    for _ in range(times):
        for page in pages(polling, cursor):
            texts += [one.text for one in page.mentions]
            cursor = page.cursor
    return texts, cursor


def test_each_poll_asks_once_and_every_second_time_for_mentions(x: Server) -> None:
    polling, cursor = connector(x, queries=QUERIES), None
    for _ in range(6):
        x.world.wait(minutes=1)
        page = polling.poll(cursor)
        assert not page.more
        cursor = page.cursor
    searched = [one.query.get("query", "mentions") for one in x.requests]
    assert searched == ["mentions", QUERIES[0], "mentions", QUERIES[1], "mentions", QUERIES[0]]


def test_a_new_search_reads_its_newest_page_only(x: Server) -> None:
    x.habits.page = 3
    for number in range(7):
        x.world.post("ana", f"An acme refund, number {number}")
    x.world.wait(minutes=10)
    texts, cursor = polled(connector(x, queries=QUERIES[1:]), None, 2)
    assert sorted(texts) == [f"An acme refund, number {number}" for number in (4, 5, 6)]
    x.world.wait(minutes=5)
    for number in range(7, 14):
        x.world.post("ana", f"An acme refund, number {number}")
    x.world.wait(minutes=5)
    texts, _ = polled(connector(x, queries=QUERIES[1:]), cursor, 2)
    assert sorted(texts) == sorted(f"An acme refund, number {number}" for number in range(7, 14))


def test_what_the_index_brings_late_is_found_and_nothing_is_told_twice(x: Server) -> None:
    polling = connector(x, queries=QUERIES[1:])
    _, cursor = polled(polling, None, 2)
    x.world.wait(minutes=10)
    x.world.slow.add(x.world.post("ana", "acme refund, found late"))
    x.world.wait(seconds=5)
    x.world.post("bo", "acme refund, found at once")
    heard: list[str] = []
    for _ in range(8):
        x.world.wait(seconds=40)
        texts, cursor = polled(polling, cursor, 1)
        heard += texts
    assert sorted(heard) == ["acme refund, found at once", "acme refund, found late"]


def test_a_post_that_both_find_is_one_mention(x: Server) -> None:
    number = x.world.post("ana", "@acme I want my acme refund")
    x.world.wait(minutes=1)
    read = [page for _ in range(2) for page in pages(connector(x, queries=QUERIES[1:]))]
    assert {one.external_id for page in read for one in page.mentions} == {number}


def test_our_own_posts_are_not_found(x: Server) -> None:
    x.world.post("acme", "Your acme refund is on its way.")
    x.world.wait(minutes=1)
    assert polled(connector(x, queries=QUERIES[1:]), None, 2)[0] == []


@pytest.mark.parametrize("queries", [[], QUERIES[1:]], ids=["mentions", "search"])
def test_a_place_that_x_has_forgotten_is_left_with_a_gap_and_nothing_else_lost(
    x: Server, queries: list[str]
) -> None:
    x.habits.forgetful |= {"mentions"}
    polling = connector(x, queries=queries)
    x.world.post("ana", "@acme acme refund, read")
    x.world.wait(minutes=1)
    _, cursor = polled(polling, None, 2)
    x.world.wait(days=1)
    x.world.post("bo", "@acme acme refund, forgotten")
    x.world.wait(days=7)
    x.world.post("cy", "@acme acme refund, still there")
    x.world.wait(minutes=1)
    read = pages(polling, cursor)
    assert [one.text for page in read for one in page.mentions] == ["@acme acme refund, still there"]
    assert len([page for page in read if page.gap]) == 1
    assert "X does not go back" in read[0].gap
    assert "2026-11-03" in read[0].gap


def test_a_quiet_search_is_never_called_forgotten(x: Server) -> None:
    polling = connector(x, queries=QUERIES[1:])
    x.world.post("ana", "acme refund")
    x.world.wait(minutes=1)
    _, cursor = polled(polling, None, 2)
    for _ in range(2 * 12):
        x.world.wait(days=0.5)
        page = polling.poll(cursor)
        assert not page.gap
        cursor = page.cursor


def test_a_search_that_is_changed_begins_anew_and_the_old_one_is_forgotten(x: Server) -> None:
    x.world.post("ana", "acme refund")
    x.world.wait(minutes=1)
    _, cursor = polled(connector(x, queries=QUERIES[1:]), None, 2)
    texts, cursor = polled(connector(x, queries=["refund"]), cursor, 2)
    assert texts == ["acme refund"]
    assert (cursor or "").count("q:") == 1


def test_words_that_x_does_not_know_are_told_with_what_to_change(x: Server) -> None:
    x.habits.asked_in = frozenset({"post"})
    with pytest.raises(Exception, match="vocabulary"):
        connector(x).poll(None)
    assert connector(x, vocabulary="post").poll(None).mentions == ()


@pytest.mark.parametrize("name", ["400", "403, the app is not set up", "404"])
def test_a_search_that_x_does_not_take_is_told_once_and_holds_up_nothing(x: Server, name: str) -> None:
    polling, cursor = connector(x, queries=QUERIES), None
    told, heard = [], []
    with x.broken(FAULTS[name], lambda request: request.query.get("query") == QUERIES[0]):
        for number in range(12):
            x.world.post("ana", f"@acme, my acme refund {number}")
            x.world.wait(minutes=1)
            page = polling.poll(cursor)
            cursor = page.cursor
            told += [(one.place, one.body) for one in page.malformed]
            heard += [one.text for one in page.mentions]
    assert told == [("the option queries", QUERIES[0])]
    assert {"@acme, my acme refund 0", "@acme, my acme refund 10"} <= set(heard)
    x.world.post("bo", "The acme parcel is late")
    x.world.wait(minutes=10)
    texts, _ = polled(polling, cursor, 4)
    assert "The acme parcel is late" in texts
