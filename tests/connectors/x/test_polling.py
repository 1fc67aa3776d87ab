"""Polling our mentions: one request a page, nothing twice, and nothing lost where X forgets or hides."""

import json

from tests.connectors.stage import heard, pages
from tests.connectors.x.stage import connector
from tests.standins.x import BRAND_ID, Answer, Fault, Server

_MENTIONS = f"/2/users/{BRAND_ID}/mentions"


def asked(x: Server) -> list[str]:
    """Return the paths that were asked for, in order."""
    return [one.path for one in x.requests]


def test_one_request_when_nothing_is_new(x: Server) -> None:
    x.world.post("ana", "@acme My parcel is late.")
    x.world.wait(minutes=5)
    *_, last = pages(connector(x))
    x.requests.clear()
    for _ in range(3):
        x.world.wait(minutes=1)
        polling = connector(x)
        page = polling.poll(last.cursor)
        assert (page.mentions, page.more, page.cursor) == ((), False, last.cursor)
        assert polling.spent() == ()
    assert asked(x) == [_MENTIONS] * 3


def test_pages_share_their_since_id_and_the_first_one_s_newest_is_where_to_go_on(x: Server) -> None:
    x.habits.page = 2
    x.world.post("ana", "@acme one")
    x.world.wait(hours=1)
    *_, last = pages(connector(x))
    numbers = []
    for text in ("@acme two", "@acme three", "@acme four", "@acme five"):
        x.world.wait(minutes=10)
        numbers.append(x.world.post("ana", text))
    x.world.wait(hours=1)
    x.requests.clear()
    polling = connector(x)
    first = polling.poll(last.cursor)
    x.world.post("bo", "@acme six, while the others are read")
    rest = pages(polling, first.cursor)
    assert first.more
    assert [one.text for one in (*rest[0].mentions, *first.mentions)] == [
        "@acme two",
        "@acme three",
        "@acme four",
        "@acme five",
    ]
    assert len({one.query["since_id"] for one in x.requests}) == 1
    assert json.loads(rest[-1].cursor)["places"]["mentions"]["since"] == numbers[-1]
    assert [one.text for one in polling.poll(rest[-1].cursor).mentions] == [
        "@acme six, while the others are read"
    ]


def test_what_x_lists_late_below_what_was_read_is_heard_all_the_same(x: Server) -> None:
    late = x.world.post("ana", "@acme listed late")
    x.world.unlisted.add(late)
    x.world.wait(seconds=5)
    x.world.post("bo", "@acme listed at once")
    polling = connector(x)
    *_, last = pages(polling)
    x.world.wait(seconds=20)
    x.world.unlisted.clear()
    assert [one.text for one in heard(polling, last.cursor)] == ["@acme listed late"]


def test_what_was_read_is_not_read_again_once_nothing_can_come_late(x: Server) -> None:
    number = x.world.post("ana", "@acme My parcel is late.")
    polling = connector(x)
    *_, at_once = pages(polling)
    assert int(json.loads(at_once.cursor)["places"]["mentions"]["since"]) < int(number)
    x.world.wait(minutes=2)
    later = polling.poll(at_once.cursor)
    assert later.mentions == ()
    assert json.loads(later.cursor)["places"]["mentions"] == {"since": number}


def test_an_edit_is_heard_under_the_first_id_with_the_newest_as_its_mark(x: Server) -> None:
    first = x.world.post("ana", "@acme My parcel is late.")
    polling = connector(x)
    *_, last = pages(polling)
    x.world.wait(minutes=3)
    newest = x.world.edit(first, "@acme My parcel is late and wet.")
    (mention,) = heard(polling, last.cursor)
    assert (mention.external_id, mention.edit_mark) == (first, newest)
    assert mention.text == "@acme My parcel is late and wet."
    assert mention.url.endswith(newest)


def test_reposts_our_own_posts_and_private_ones_are_no_mentions(x: Server) -> None:
    theirs = x.world.post("ana", "@acme My parcel is late.")
    x.world.post("bo", "RT @ana: @acme My parcel is late.", quoting=theirs, repost=True)
    x.world.post("acme", "@acme is us")
    x.world.user("cy", protected=True, followed=True)
    private = x.world.post("cy", "@acme for those who follow me")
    (page,) = pages(connector(x))
    assert [one.external_id for one in page.mentions] == [theirs]
    assert page.removed == (private,)
    assert page.own_id == BRAND_ID


def test_more_mentions_than_x_lists_leave_a_gap_that_is_told(x: Server) -> None:
    x.world.post("ana", "@acme the last one that was read")
    x.world.wait(minutes=5)
    *_, last = pages(connector(x))
    for number in range(805):
        x.world.post("ana", f"@acme {number}")
    read = pages(connector(x), last.cursor)
    assert sum(len(page.mentions) for page in read) == 800
    assert "800" in read[-1].gap
    assert not any(page.gap for page in read[:-1])
    x.world.wait(minutes=5)
    assert not connector(x).poll(read[-1].cursor).gap


def test_a_page_that_x_does_not_know_any_more_is_begun_anew(x: Server) -> None:
    x.habits.page = 2
    for number in range(5):
        x.world.post("ana", f"@acme {number}")
    polling = connector(x)
    first = polling.poll(None)
    x.habits.lost_pages = True
    lost = polling.poll(first.cursor)
    assert (lost.mentions, lost.more, lost.gap) == ((), False, "")
    x.habits.lost_pages = False
    again = {one.text for one in heard(polling, lost.cursor)}
    assert again >= {"@acme 0", "@acme 1", "@acme 2"}


def test_a_cursor_that_cannot_be_read_begins_anew_and_says_so(x: Server) -> None:
    x.world.post("ana", "@acme My parcel is late.")
    for broken in (
        "",
        "no JSON",
        "[]",
        '{"v": 2}',
        '{"v": 1, "me": "", "turn": 0, "places": {"mentions": 7}}',
    ):
        page = connector(x).poll(broken)
        assert len(page.mentions) == 1
        assert page.gap


def test_a_page_that_leads_to_itself_is_the_last_one(x: Server) -> None:
    body = {"data": [], "meta": {"result_count": 0, "next_token": "7140dibdn1"}}
    with x.broken(Fault(Answer(200, body))):
        read = pages(connector(x))
    assert [page.more for page in read] == [True, False]
