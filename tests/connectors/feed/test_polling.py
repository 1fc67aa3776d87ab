"""What an account hears of several feeds, poll by poll."""

import json
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.feed import entries
from responder.connector import Answerable, Sight, Unavailable
from responder.model.mention import Mention
from tests.connectors.feed.stage import Entry, InFolder, OverHttp
from tests.connectors.stage import heard
from tests.standins.proxy import Fault, says


def test_a_feed_that_is_not_new_is_one_request_and_no_feed(stage: OverHttp) -> None:
    stage.say("Late!")
    connector = stage.connector()
    first = connector.poll(None)
    again = connector.poll(first.cursor)
    assert (again.mentions, again.cursor) == ((), first.cursor)
    assert len(stage.site.asked) == 2
    assert stage.site.asked[1][1].get("if-none-match")


def test_a_feed_that_is_always_new_tells_nothing_twice(stage: OverHttp) -> None:
    stage.site.conditional = False
    stage.say("Late!")
    connector = stage.connector()
    first = connector.poll(None)
    stage.site.headers = {"ETag": "another"}
    assert connector.poll(first.cursor).mentions == ()


def test_the_first_poll_hears_what_was_said_in_the_last_days(stage: OverHttp) -> None:
    stage.say("Long ago")
    stage.site.now += timedelta(days=8)
    lately = stage.say("Lately")
    assert [one.external_id for one in heard(stage.connector())] == [lately]
    assert len(heard(stage.connector(history=0))) == 2


def test_after_the_first_poll_nothing_is_too_old(stage: OverHttp) -> None:
    cursor = stage.connector().poll(None).cursor
    post = stage.say("Late!")
    stage.site.now += timedelta(days=30)
    assert [one.external_id for one in heard(stage.connector(), cursor)] == [post]


@pytest.mark.parametrize(
    "date", ["Mon, 02 Mar 99999999999999999999 09:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 -2359", "soon", ""]
)
def test_a_server_may_tell_any_time_of_day(stage: OverHttp, date: str) -> None:
    stage.say("Late!")
    stage.site.headers = {"Date": date, "Last-Modified": date}
    assert [one.text for one in heard(stage.connector())] == ["Late!"]


def test_a_feed_may_be_older_than_all_calendars(stage: OverHttp) -> None:
    stage.say("Late!")
    stage.site.entries[0].at = stage.site.now.replace(year=1)
    stage.site.headers = {"Date": "", "Last-Modified": ""}
    assert stage.connector().poll(None).malformed == ()


def test_other_words_are_an_edit_with_a_mark(stage: OverHttp) -> None:
    post = stage.say("Late!")
    connector = stage.connector()
    cursor = connector.poll(None).cursor
    stage.edit(post, "It came.")
    page = connector.poll(cursor)
    (mention,) = page.mentions
    assert (mention.external_id, mention.text) == (post, "It came.")
    assert mention.edit_mark.startswith("text ")
    assert connector.look(mention).sight is Sight.PRESENT
    assert connector.poll(page.cursor).mentions == ()


def _calling_all_alike(stage: OverHttp, *said: str) -> None:
    """Let the feed hold these, the newest last, each by an author of its own and all under one name."""
    at = stage.site.now
    stage.site.entries = [Entry("the-page", text, f"@{text.split()[0]}", at) for text in said]


def test_entries_that_a_feed_calls_by_one_name_are_all_heard_and_none_is_taken_for_an_edit(
    stage: OverHttp,
) -> None:
    connector, cursor, told = stage.connector(), None, list[Mention]()
    said = ["Ana: it never came.", "Ben: no refund.", "Cid: it broke.", "Dea: too late."]
    for first, last in ((0, 1), (0, 2), (0, 2), (0, 4), (1, 4), (2, 3), (1, 4), (3, 4)):
        _calling_all_alike(stage, *said[first:last])
        page = connector.poll(cursor)
        told, cursor = [*told, *page.mentions], page.cursor
    assert [one.text for one in told] == said
    assert len({one.external_id for one in told}) == len({one.author.id for one in told}) == 4
    assert {one.edit_mark for one in told} == {""}


def test_entries_that_a_feed_calls_by_one_name_are_looked_at_apart(stage: OverHttp) -> None:
    _calling_all_alike(stage, "Ana: it never came.")
    connector = stage.connector()
    first = connector.poll(None)
    _calling_all_alike(stage, "Ana: it never came.", "Ben: no refund.")
    heard_of = [*first.mentions, *connector.poll(first.cursor).mentions]
    assert [connector.look(one).sight for one in heard_of] == [Sight.PRESENT, Sight.PRESENT]
    assert [connector.look(one).now for one in heard_of] == heard_of


def test_nobodys_entries_of_one_name_are_two_strangers(stage: OverHttp) -> None:
    stage.site.entries = [Entry("the-page", text, "", stage.site.now) for text in ("Late!", "Broken!")]
    late, broken = heard(stage.connector())
    assert late.thread != broken.thread
    assert late.author.id != broken.author.id


def test_an_entry_that_comes_and_goes_is_told_once(stage: OverHttp) -> None:
    stage.say("Late!")
    connector = stage.connector()
    cursor = connector.poll(None).cursor
    kept = stage.site.entries.pop()
    stage.say("Me too!")
    cursor = connector.poll(cursor).cursor
    stage.site.entries.insert(0, kept)
    assert connector.poll(cursor).mentions == ()


def _calling_anew(stage: OverHttp, mark: str) -> None:
    """Let the feed call each of its entries by another name, under the address it had."""
    for one in stage.site.entries:
        one.more = f'<link href="https://forum.example/{one.text[:5]}"/>'
        one.id = f"{mark}-{one.text}"


@pytest.mark.slow
def test_a_feed_that_calls_its_entries_by_other_names_each_time_is_heard_once(stage: OverHttp) -> None:
    for number in range(entries.MOST // 4):
        stage.say(f"{number:05} is late.")
    connector, cursor, heard_of = stage.connector(), None, list[Mention]()
    for mark in ("one", "two", "three"):
        _calling_anew(stage, mark)
        page = connector.poll(cursor)
        heard_of, cursor = [*heard_of, *page.mentions], page.cursor
    assert len(heard_of) == entries.MOST // 4
    assert connector.look(heard_of[0]).sight is Sight.PRESENT
    stage.say("And me!")
    _calling_anew(stage, "four")
    assert [one.text for one in connector.poll(cursor).mentions] == ["And me!"]
    stage.site.entries[1].text = "00001 came."
    assert connector.look(heard_of[1]).sight is Sight.GONE


def test_who_says_the_same_again_beside_what_they_said_is_heard_again(stage: OverHttp) -> None:
    site = stage.site
    site.entries = [Entry("one", "Late!", "Ana", site.now, '<link href="https://forum.example/p"/>')]
    connector = stage.connector()
    cursor = connector.poll(None).cursor
    site.entries.append(replace(site.entries[0], id="two"))
    assert [one.text for one in connector.poll(cursor).mentions] == ["Late!"]


def test_what_another_says_in_the_same_words_is_heard(stage: OverHttp) -> None:
    site = stage.site
    site.entries = [Entry("one", "Late!", "Ana", site.now, '<link href="https://forum.example/p"/>')]
    connector = stage.connector()
    cursor = connector.poll(None).cursor
    site.entries = [replace(site.entries[0], id="two", author="Ben")]
    assert [one.author.name for one in connector.poll(cursor).mentions] == ["Ben"]


@pytest.mark.parametrize(
    ("days", "counted"), [(-20_000, 0), (-366, 0), (-364, -364), (-10, -10), (20_000, 20_000)]
)
def test_a_date_that_is_too_old_to_be_true_is_taken_for_that_of_the_poll(
    stage: OverHttp, days: int, counted: int
) -> None:
    connector = stage.connector()
    cursor = connector.poll(None).cursor
    stage.site.entries = [Entry("one", "Late!", "Ana", stage.site.now + timedelta(days=days))]
    (mention,) = connector.poll(cursor).mentions
    assert mention.created_at == stage.site.now + timedelta(days=counted)
    assert connector.look(mention).sight is Sight.PRESENT


def test_what_is_only_out_of_the_feed_by_its_age_is_not_gone(stage: OverHttp) -> None:
    stage.say("Late!")
    (mention,) = heard(stage.connector())
    stage.site.entries.clear()
    for number in range(3):
        stage.say(f"Later {number}")
    assert stage.connector().look(mention).sight is Sight.PRESENT
    stage.site.entries.insert(0, Entry("tag:old", "Older", "Bo", mention.created_at - timedelta(days=1)))
    assert stage.connector().look(mention).sight is Sight.GONE


def test_what_came_from_a_feed_that_is_read_no_more_is_gone(stage: OverHttp) -> None:
    stage.say("Late!")
    (mention,) = heard(stage.connector())
    other = stage.connector(feeds=[f"{stage.proxy.url}/other"])
    assert other.look(mention).sight is Sight.GONE


def test_an_entry_that_says_nothing_is_set_aside_once(stage: OverHttp) -> None:
    stage.site.entries.append(Entry("tag:empty", "", "Bo", stage.site.now))
    post = stage.say("Late!")
    connector = stage.connector()
    first = connector.poll(None)
    assert [one.external_id for one in first.mentions] == [post]
    assert [(one.place, one.problem) for one in first.malformed] == [("127.0.0.1", "it says nothing")]
    stage.say("Me too!")
    assert connector.poll(first.cursor).malformed == ()


def test_a_feed_that_cannot_be_read_is_told_once_and_the_others_are_heard(
    stage: OverHttp, stack: ExitStack
) -> None:
    other = OverHttp(stack)
    both = {"feeds": [f"{stage.proxy.url}/feed", f"{other.proxy.url}/feed"]}
    stage.say("Late!")
    connector = stage.connector(**both)
    before = connector.poll(None).cursor
    missed, told = stage.say("Missed"), other.say("Told")
    stage.proxy.fault = lambda _: Fault(says(500, ""))
    failed = connector.poll(before)
    assert [one.text for one in failed.mentions] == ["Told"]
    assert failed.gap == "127.0.0.1: 127.0.0.1 answered 500."
    assert connector.poll(failed.cursor).gap == ""
    stage.proxy.fault = lambda _: None
    (later,) = connector.poll(failed.cursor).mentions
    assert later.external_id == missed
    assert told


def test_where_no_feed_can_be_read_the_poll_fails(stage: OverHttp) -> None:
    feeds = [f"{stage.proxy.url}/{name}" for name in ("one", "two")]
    with stage.proxy.away(), pytest.raises(Unavailable):
        stage.connector(feeds=feeds).poll(None)


def test_a_private_address_that_is_not_allowed_is_told_and_not_asked(stage: OverHttp, box: InFolder) -> None:
    box.say("Late!")
    connector = box.connector(feeds=[f"{stage.proxy.url}/feed"])
    page = connector.poll(None)
    assert len(page.mentions) == 1
    assert "name it in `private`" in page.gap
    assert stage.proxy.requests == []


@pytest.mark.parametrize("junk", ["junk", "[]", "{}", '{"kept":5,"problems":{}}'])
def test_a_cursor_of_somebody_else_is_told_and_reading_begins_anew(stage: OverHttp, junk: str) -> None:
    stage.say("Late!")
    page = stage.connector().poll(junk)
    assert len(page.mentions) == 1
    assert page.gap.startswith("the cursor is none of ours")


def test_a_cursor_may_hold_a_source_of_another_shape(stage: OverHttp) -> None:
    stage.say("Late!")
    cursor = json.dumps({"kept": {f"{stage.proxy.url}/feed": [1], "inbox": {}}, "problems": {}})
    assert len(stage.connector().poll(cursor).mentions) == 1


def test_an_answer_is_given_where_it_was_written(stage: OverHttp) -> None:
    stage.say("Late!")
    (mention,) = heard(stage.connector())
    may = stage.connector().eligibility(mention)
    assert (may.answerable, may.detail) == (Answerable.BY_HAND, "https://forum.example/tag:forum.example,1")
    assert stage.connector().eligibility(replace(mention, url="")).answerable is Answerable.NO
    assert stage.connector().eligibility(replace(mention, account="other")).answerable is Answerable.NO
