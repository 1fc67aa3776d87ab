"""What an account hears of several feeds and a folder, poll by poll."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.feed import Feed
from responder.connector import Answerable, Sight, Unavailable
from responder.model.mention import Audience, Mention
from tests.connectors.feed.stage import KEY, Entry, InFolder, OverHttp, signed
from tests.connectors.stage import ACCOUNT, Safe, heard, pages
from tests.standins.proxy import Fault, says


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def stage(stack: ExitStack) -> OverHttp:
    """A site with a feed."""
    return OverHttp(stack)


@pytest.fixture
def box(tmp_path: Path) -> InFolder:
    """A folder of signed posts."""
    return InFolder(tmp_path)


# --- feeds


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


# --- answering


def test_an_answer_is_given_where_it_was_written(stage: OverHttp) -> None:
    stage.say("Late!")
    (mention,) = heard(stage.connector())
    may = stage.connector().eligibility(mention)
    assert (may.answerable, may.detail) == (Answerable.BY_HAND, "https://forum.example/tag:forum.example,1")
    assert stage.connector().eligibility(replace(mention, url="")).answerable is Answerable.NO
    assert stage.connector().eligibility(replace(mention, account="other")).answerable is Answerable.NO


# --- the folder


def test_every_field_of_a_signed_post_finds_its_place(box: InFolder) -> None:
    box.post(
        id=17,
        text=" Late \n again ",
        author="@Ana",
        author_id="u1",
        name="Ana K.",
        bot=False,
        thread="t1",
        created_at="2026-03-02T10:00:00+01:00",
        url="https://reviews.example/17",
        language="en-GB",
        audience="private",
        edited="v2",
    )
    (mention,) = heard(box.connector())
    assert (mention.external_id, mention.thread, mention.text) == ("inbox 17", "inbox t1", " Late \n again ")
    assert (mention.author.id, mention.author.handle, mention.author.name) == ("u1", "Ana", "Ana K.")
    assert mention.created_at.isoformat() == "2026-03-02T09:00:00+00:00"
    assert (mention.language, mention.edit_mark, mention.audience) == ("en", "v2", Audience.PRIVATE)


def test_several_posts_may_come_in_one_file(box: InFolder) -> None:
    body = json.dumps([{"id": n, "text": f"Late {n}"} for n in (1, 2)]).encode()
    box.put(signed(body))
    assert [one.text for one in heard(box.connector())] == ["Late 1", "Late 2"]


def test_a_post_that_cannot_be_read_keeps_none_beside_it_from_being_heard(box: InFolder) -> None:
    deep = json.loads("[" * 300 + "]" * 300)
    told = [{"id": 1, "text": "Late 1"}, {"id": 2}, deep, {"id": 3, "text": "Late 3"}]
    name = box.put(signed(json.dumps(told).encode()))
    page = box.connector().poll(None)
    assert [one.text for one in page.mentions] == ["Late 1", "Late 3"]
    assert [(one.place, one.problem) for one in page.malformed] == [
        (name, "a post in it has no text"),
        (name, "a post in it is no JSON object"),
    ]
    assert page.malformed[0].body == '{"id": 2}'


def test_a_file_of_nothing_but_junk_is_not_told_post_by_post(box: InFolder) -> None:
    box.put(signed(json.dumps([1] * 50_000).encode()))
    page = box.connector().poll(None)
    assert len(page.malformed) == 21
    assert page.malformed[-1].problem == "49,980 more posts in it are none"


def test_a_folder_with_more_files_than_are_looked_at_says_so_once(box: InFolder) -> None:
    for number in range(10_001):
        (box.folder / f"{number:05}").touch()
    connector = box.connector()
    page = connector.poll(None)
    assert page.gap == (
        "inbox: it holds more than 10,000 files; clear old ones away, or the newest are not read"
    )
    assert connector.poll(page.cursor).gap == ""
    (box.folder / "00000").unlink()
    assert connector.poll(page.cursor).gap == ""


@pytest.mark.parametrize("header", ["X-Hub-Signature-256", "x-signature-256", "X-Signature"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_signatures_come_in_several_ways(box: InFolder, header: str, end: bytes) -> None:
    raw = signed(b'{"id":1,"text":"Late!\\n\\nx"}', header=header)
    head, body = raw.split(b"\n\n", 1)
    box.put(b"Content-Type: application/json" + end + head + end + end + body)
    assert len(heard(box.connector())) == 1


_BODY = b'{"id":1,"text":"Late!"}'


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (_BODY, "no empty line"),
        (b"X-Signature: 00\n\n" + _BODY, "not signed with our secret"),
        (b"Signature-Of: nobody\n\n" + _BODY, "not signed with our secret"),
        (signed(_BODY, key="another"), "not signed with our secret"),
        (signed(_BODY) + b" ", "not signed with our secret"),
        (signed(b"junk"), "not JSON"),
        (signed(b"[" * 100_000), "not JSON"),
        (signed(b'"Late!"'), "no JSON object"),
        (signed(b'{"text":"Late!"}'), "has no id"),
        (signed(b'{"id":{},"text":"Late!"}'), "its id is neither"),
        (signed(b'{"id":1}'), "has no text"),
        (signed(b'{"id":1,"text":" "}'), "has no text"),
        (signed(b'{"id":1,"text":5}'), "has no text"),
        (signed(b'{"id":1,"text":"x","created_at":"soon"}'), "no time like"),
        (signed(b'{"id":1,"text":"' + b"x" * 300_000 + b'"}'), "longer than 262,144 bytes"),
    ],
)
def test_a_file_that_is_no_signed_post_is_set_aside_once(box: InFolder, raw: bytes, problem: str) -> None:
    name = box.put(raw)
    good = box.post(id="good", text="Late!")
    connector = box.connector()
    page = connector.poll(None)
    assert [one.external_id for one in page.mentions] == [good]
    (unread,) = page.malformed
    assert unread.place == name
    assert problem in unread.problem
    assert connector.poll(page.cursor).malformed == ()
    assert KEY not in unread.problem + page.cursor


def test_half_written_files_wait(box: InFolder) -> None:
    for name in (".a.post", "b.tmp", "c.part", "d~"):
        box.put(signed(_BODY), name)
    assert pages(box.connector())[0].malformed == ()
    assert heard(box.connector()) == []
    (box.folder / "b.tmp").rename(box.folder / "b.post")
    assert len(heard(box.connector())) == 1


def test_no_link_leads_out_of_the_folder(box: InFolder, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(signed(_BODY))
    (box.folder / "link.post").symlink_to(outside)
    (box.folder / "sub").mkdir()
    page = box.connector().poll(None)
    assert page.mentions == ()
    assert sorted(one.problem for one in page.malformed) == ["it is a link", "it is no file"]
    assert all(one.body == "" for one in page.malformed)


def test_many_files_are_read_in_several_polls_in_order(box: InFolder) -> None:
    for number in range(450):
        box.say(f"Late {number}")
    read = pages(box.connector())
    assert [page.more for page in read] == [True, True, False]
    assert len({one.external_id for page in read for one in page.mentions}) == 450


def test_a_folder_may_be_cleared_away(box: InFolder) -> None:
    box.say("Late!")
    connector = box.connector()
    (mention,) = heard(connector)
    cursor = connector.poll(None).cursor
    for one in box.folder.iterdir():
        one.unlink()
    page = connector.poll(cursor)
    assert (page.mentions, page.removed) == ((), ())
    assert json.loads(page.cursor)["kept"]["inbox"] == []
    assert connector.look(mention).sight is Sight.PRESENT


def test_a_removed_post_is_told(box: InFolder) -> None:
    post = box.say("Late!")
    connector = box.connector()
    cursor = connector.poll(None).cursor
    box.remove(post)
    assert connector.poll(cursor).removed == (post,)


def test_other_words_without_a_mark_are_a_change(box: InFolder) -> None:
    box.post(id="1", text="Late!")
    (mention,) = heard(box.connector())
    box.post(id="1", text="It came.")
    look = box.connector().look(mention)
    assert (look.sight, look.now and look.now.edit_mark[:5]) == (Sight.CHANGED, "text ")
    assert look.now is not None
    assert box.connector().look(look.now).sight is Sight.PRESENT


def test_a_folder_that_is_not_there_is_told_with_what_to_do(tmp_path: Path) -> None:
    connector = Feed(ACCOUNT, {"inbox": str(tmp_path / "none")}, Safe(inbox_key=KEY))
    with pytest.raises(Unavailable, match="Correct the option `inbox`"):
        connector.poll(None)


def test_without_the_secret_nothing_is_read(box: InFolder) -> None:
    box.say("Late!")
    with pytest.raises(KeyError):
        Feed(ACCOUNT, {"inbox": str(box.folder)}, Safe()).poll(None)


# --- options


def options_problems(**options: Any) -> list[str]:
    with pytest.raises(ValueError, match=": ") as caught:
        Feed(ACCOUNT, options, Safe())
    return str(caught.value).splitlines()


def test_a_feed_or_a_folder_is_needed() -> None:
    assert options_problems() == ["feeds: is missing, and so is inbox; name at least one of them"]


@pytest.mark.parametrize(
    "address",
    ["shop.example", "ftp://shop.example/x", "file:///etc/passwd", "https://", "https://me:pw@shop.example/"],
)
def test_what_is_no_address_of_a_feed_is_refused(address: str) -> None:
    (problem,) = options_problems(feeds=[address])
    assert "is no address like" in problem


def test_every_problem_is_told_on_a_line_of_its_own() -> None:
    told = options_problems(
        feed="x", feeds="y", inbox=5, network="", own="me", private=[1], history=True, length=1
    )
    keys = "feed feeds inbox network own private history length"
    assert [line.partition(":")[0] for line in told] == keys.split()
    assert told[0] == "feed: is not known; did you mean feeds?"


def test_so_many_feeds_are_read_and_no_more() -> None:
    told = options_problems(feeds=[f"https://shop.example/{n}" for n in range(21)])
    assert told == ["feeds: 20 at the most"]


def test_it_is_built_without_a_request_and_without_a_secret() -> None:
    feed = Feed(ACCOUNT, {"feeds": ["https://A.example/x", "https://a.example/y"], "inbox": "in"}, Safe())
    assert feed.limits.hosts == ("a.example",)
    assert feed.network == "feed"
