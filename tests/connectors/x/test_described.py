"""Our requests and our X's answers are those of the official descriptions, and X's own client agrees."""

import json
from dataclasses import replace
from typing import Any

import pytest
from xdk import Client

from connectors.x import X
from connectors.x.wire import told
from responder.model.delivery import Receipt
from tests.connectors.stage import heard, message
from tests.connectors.x.stage import connector
from tests.standins.x import BRAND, BRAND_ID, Answer, Exchange, Request, Server
from tests.standins.x.described import FILES, Description, description
from tests.standins.x.keys import APP_TOKEN

EVENTS = FILES["post"].with_name("event-payloads.json")
needs_files = pytest.mark.skipif(
    not FILES["post"].exists(), reason="the official descriptions are not beside this repository"
)


def everything(x: Server, calling: X) -> None:
    """Let the connector make every kind of request, over posts of every kind."""
    ours = x.world.post(BRAND, "We are open.")
    x.world.user("bot", automated=True)
    x.world.post("bot", "@acme Buy & win: https://shop.com/?a=1&b=2")
    x.world.post("ana", "@acme " + "It was a long way. " * 40, quoting=ours)
    x.world.post("bo", "RT", quoting=ours, repost=True, before="@acme ")
    number = x.world.post("ana", "And now, @acme?", answering=ours)
    x.world.edit(number, "And now, then, @acme?")
    gone = x.world.post("cy", "@acme Never again")
    x.world.post("dee", "Nor me, @acme", answering=gone)
    x.world.remove(gone)
    x.world.wait(minutes=5)
    x.habits.page = 3
    *_, mention = heard(calling)
    cursor = None
    for _ in range(6):
        cursor = calling.poll(cursor).cursor
    receipt = calling.send(message(mention), mention)
    calling.look(mention)
    calling.find_sent(message(mention), mention)
    calling.shown(receipt, mention)
    calling.shown(Receipt(remote_id="1", url=""), mention)


@needs_files
@pytest.mark.parametrize("auth", ["oauth1", "oauth2"])
@pytest.mark.parametrize("words", ["tweet", "post"])
def test_every_request_and_every_answer_is_described(x: Server, words: str, auth: str) -> None:
    x.customs.summoned_only = False
    everything(
        x, connector(x, vocabulary=words, auth=auth, queries=["acme"], enterprise=True, dm_button=True)
    )
    assert {one.endpoint for one in x.requests} >= {
        "GET /2/users/:id/mentions",
        "GET /2/tweets/search/recent",
        "GET /2/tweets",
        "POST /2/tweets",
        "GET /2/users/:id/tweets",
    }
    assert Description(words).problems(x.requests, x.exchanges) == []


GOOD = Request("GET", "/2/tweets/search/recent", {"query": "acme", "max_results": "10"}, {}, b"", "")
POSTED = replace(
    GOOD,
    method="POST",
    path="/2/tweets",
    query={},
    headers={"content-type": "application/json"},
    body=b'{"text": "Sorry", "reply": {"in_reply_to_tweet_id": "12"}}',
)


@needs_files
@pytest.mark.parametrize("words", ["tweet", "post"])
@pytest.mark.parametrize(
    "wrong",
    [
        replace(GOOD, query={"query": "acme", "max_results": "3"}),
        replace(GOOD, query={"max_results": "10"}),
        replace(GOOD, query={"query": "acme", "since_id": "yesterday"}),
        replace(GOOD, query={"query": "acme", "expansions": "author"}),
        replace(GOOD, query={"query": "acme", "since": "12"}),
        replace(POSTED, body=b'{"text": "Sorry", "reply": {"in_reply_to_tweet_id": "twelve"}}'),
        replace(POSTED, body=b'{"text": "Sorry", "in_reply_to": "12"}'),
    ],
    ids=["few", "no query", "no id", "unknown value", "unknown parameter", "no number", "unknown property"],
)
def test_a_request_that_is_not_described_is_found(words: str, wrong: Request) -> None:
    assert Description(words).problems([GOOD, POSTED], []) == []
    assert len(Description(words).problems([wrong], [])) == 1


@needs_files
def test_the_words_of_one_description_are_not_those_of_the_other() -> None:
    assert Description("post").problems([replace(GOOD, query={"query": "acme", "tweet.fields": "lang"})], [])
    assert Description("tweet").problems([replace(GOOD, query={"query": "acme", "post.fields": "lang"})], [])


@needs_files
@pytest.mark.parametrize("words", ["tweet", "post"])
@pytest.mark.parametrize(
    "body", [{"data": {}}, {"data": [{"id": "1", "text": 7}]}, {"meta": {"result_count": "7"}}]
)
def test_an_answer_that_is_not_described_is_found(words: str, body: dict[str, Any]) -> None:
    assert Description(words).problems([], [Exchange(GOOD, Answer(200, {"meta": {"result_count": 0}}))]) == []
    assert len(Description(words).problems([], [Exchange(GOOD, Answer(200, body))])) == 1


def test_x_s_own_client_reads_our_x_in_the_new_words(x: Server) -> None:
    x.world.post("ana", "@acme My parcel is late & wet.")
    reply = x.world.post("bo", "Mine too, @acme", answering=x.world.post(BRAND, "We are open."))
    x.world.wait(minutes=1)
    client = Client(base_url=x.url, bearer_token=APP_TOKEN)
    fields = ["created_at", "conversation_id", "entities"]
    (page,) = client.users.get_mentions(
        id=BRAND_ID, max_results=10, post_fields=fields, expansions=["author_id", "referenced_posts"]
    )
    assert [one.text for one in page.data] == ["@acme Mine too, @acme", "@acme My parcel is late &amp; wet."]
    (reference,) = page.data[0].model_dump()["referenced_posts"]
    assert (reference["type"], reference["id"]) == ("replied_to", x.world.by(BRAND)[0].id)
    assert {one.username for one in page.includes.users} == {"ana", "bo"}
    (found,) = client.posts.search_recent(query="parcel", max_results=10, post_fields=fields)
    assert len(found.data) == 1
    looked = client.posts.get_by_ids(ids=[reply, "1"], expansions=["edit_history_post_ids"])
    assert looked.data[0].edit_history_post_ids == [reply]
    assert looked.errors
    client.session.close()
    assert all("post.fields" in one.query or one.path == "/2/tweets" for one in x.requests)
    if official := description("post"):
        assert official.problems(x.requests, x.exchanges) == []


@pytest.mark.skipif(not EVENTS.exists(), reason="X's published payloads are not beside this repository")
def test_the_posts_that_x_publishes_as_examples_are_read() -> None:
    kinds = {"post.create", "post.mention.create", "post.reply.create", "post.quote.create"}
    read = {}
    for event in json.loads(EVENTS.read_text(encoding="utf-8")):
        data = event["payload"].get("data", {})
        if data.get("event_type") in kinds and data["payload"]:
            answer = told({"data": [data["payload"]], "includes": data.get("includes") or {}})
            assert answer.malformed == ()
            read[data["event_type"]] = answer.posts[0]
    assert read.keys() == kinds
    assert read["post.mention.create"].author.bot
    assert read["post.mention.create"].author.followers == 97
    assert not read["post.create"].author.bot
    assert read["post.reply.create"].text.startswith("G")  # without the names before it
    assert read["post.reply.create"].answers == read["post.reply.create"].thread
    assert "twitter.com/ExampleUser/status/" in read["post.quote.create"].text
    assert all(one.created_at.year == 2026 for one in read.values())
