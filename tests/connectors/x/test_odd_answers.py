"""Answers that X should not give: nothing is lost by them, and nothing is taken for sent."""

from typing import Any

import pytest

from connectors.x.wire import told
from responder.connector import Malformed, Unsure
from tests.connectors.stage import heard, message
from tests.connectors.x.stage import connector
from tests.standins.x import Answer, Fault, Server

NOTHING: list[dict[str, Any]] = [
    {},
    {"errors": [{"title": "Internal", "detail": "Something is broken."}]},
    {"meta": {"result_count": 1}},
    {"meta": {"result_count": "0"}},
    {"meta": {}},
]


@pytest.mark.parametrize("body", NOTHING)
def test_an_answer_without_posts_that_does_not_say_so_moves_nothing_on(
    x: Server, body: dict[str, Any]
) -> None:
    polling = connector(x)
    x.world.post("ana", "@acme my first parcel is lost")
    x.world.wait(minutes=2)
    cursor = polling.poll(None).cursor
    x.world.wait(minutes=60 * 30)  # longer than a feed may be quiet
    x.world.post("ben", "@acme my second parcel is lost")
    x.world.wait(minutes=5)
    with (
        x.broken(Fault(Answer(200, body))),
        pytest.raises(Malformed, match="does not say that there is none"),
    ):
        polling.poll(cursor)
    assert "my second parcel" in " ".join(one.text for one in heard(polling, cursor))


def test_a_feed_that_is_said_to_be_empty_goes_on(x: Server) -> None:
    page = connector(x).poll(None)
    assert (page.mentions, page.malformed) == ((), ())


@pytest.mark.parametrize("number", [None, {"a": 1}, "../../evil\x1b[2J", "", True, "12a"])
def test_a_reply_without_an_id_that_is_one_is_unsure(x: Server, number: object) -> None:
    x.world.post("ana", "@acme where is it?")
    x.world.wait(minutes=1)
    sending = connector(x)
    (mention,) = heard(sending)
    says = Answer(201, {"data": {"id": number, "text": "We are sorry."}})
    with x.broken(Fault(says, after=True), only=lambda one: one.writes), pytest.raises(Unsure):
        sending.send(message(mention), mention)
    assert len(x.writes) == 1


def post(**changed: object) -> dict[str, Any]:
    """Return a post as X writes it."""
    good = {"id": "2100000000000000001", "text": "@acme hello", "author_id": "7", "created_at": None}
    return {"data": [{**good, **changed}], "meta": {"result_count": 1}}


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "soon", 7])
def test_a_time_that_no_clock_shows_is_told_by_the_id(time: object) -> None:
    (read,) = told(post(created_at=time)).posts
    assert read.created_at.year == 2026


@pytest.mark.parametrize("number", ["\u0663\u00b2", "-1", "1e9", 7.5, None])
def test_a_post_whose_id_is_none_is_set_aside_alone(x: Server, number: object) -> None:
    body = post(id=number)
    body["data"].append(post()["data"][0])
    with x.broken(Fault(Answer(200, body)), only=lambda one: one.path.endswith("/mentions")):
        page = connector(x).poll(None)
    assert len(page.malformed) == 1
    assert len(page.mentions) == 1


@pytest.mark.parametrize("name", ["\ud800", "a b", "\n", "x" * 2000, 7, ["a"]])
def test_a_next_page_that_cannot_be_asked_for_stays_out_of_the_cursor(name: object) -> None:
    body = post()
    body["meta"]["next_token"] = name
    with pytest.raises(Malformed, match="next page has no name"):
        told(body)
