"""Sending: at most one write, one post for ever under a delivery's key, and always the truth about it."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from connectors.bluesky import Bluesky
from connectors.bluesky.words import record_key
from responder.connector import ConnectorError, Refused, Unauthorised, Unavailable, Unsure
from responder.model.delivery import Receipt
from responder.model.mention import Audience
from tests.connectors.bluesky.stage import AFTER, BlueskyStage, asked, error
from tests.connectors.bluesky.test_looking import complaint
from tests.connectors.stage import PLANNED, heard, message
from tests.standins.proxy import Fault, Request, closes, resets, says

PUT = "/xrpc/com.atproto.repo.putRecord"
HTML = "<p>Busy</p>"

#: What is done to the one write -> what the call says, and how many posts there are afterwards.
OUTCOMES: dict[str, tuple[Fault, type[ConnectorError], int]] = {
    **{name: (fault, Unsure, int(fault.after)) for name, fault in AFTER.items()},
    "closed after the effect": (Fault(closes, after=True), Unsure, 1),
    "created, then 500": (Fault(says(500, error("InternalServerError")), after=True), Unsure, 1),
    "created, then 502": (Fault(says(502, HTML, kind="text/html"), after=True), Unsure, 1),
    "created, then 504": (Fault(says(504, "", kind="text/html"), after=True), Unsure, 1),
    "created, then 408": (Fault(says(408, error("Timeout")), after=True), Unsure, 1),
    "created, then 409": (Fault(says(409, error("Conflict")), after=True), Unsure, 1),
    "created, then 302": (Fault(says(302, "", "Location: /xrpc/x"), after=True), Unsure, 1),
    "created, then 307": (Fault(says(307, "", f"Location: {PUT}"), after=True), Unsure, 1),
    "created, then junk": (Fault(says(200, "<p>Hi", kind="text/html"), after=True), Unsure, 1),
    "created, then no JSON": (Fault(says(200, "{oops"), after=True), Unsure, 1),
    "created, then a list": (Fault(says(200, "[]"), after=True), Unsure, 1),
    "created, then nothing": (Fault(says(200, ""), after=True), Unsure, 1),
    "500 before": (Fault(says(500, error("InternalServerError"))), Unsure, 0),
    "307 before": (Fault(says(307, "", f"Location: {PUT}")), Unsure, 0),
    "reset before": (Fault(resets), Unsure, 0),
    "429": (Fault(says(429, error("RateLimitExceeded"), "Retry-After: 90")), Unavailable, 0),
    "expired": (Fault(says(400, error("ExpiredToken"))), Unavailable, 0),
    "no token": (Fault(says(400, error("InvalidToken"))), Unavailable, 0),
    "another record": (Fault(says(400, error("InvalidSwap"))), Unsure, 0),
    "400": (Fault(says(400, error("InvalidRequest"))), Refused, 0),
    "401": (Fault(says(401, error("AuthenticationRequired"))), Unauthorised, 0),
    "403": (Fault(says(403, error("Forbidden"))), Refused, 0),
    "404": (Fault(says(404, HTML, kind="text/html")), Refused, 0),
    "413": (Fault(says(413, error("PayloadTooLarge"))), Refused, 0),
}


def only_puts(fault: Fault) -> Any:
    return lambda request: fault if request.path == PUT else None


def sent_by(connector: Bluesky, *words: Any) -> ConnectorError | Receipt:
    try:
        return connector.send(*words)
    except ConnectorError as raised:
        return raised


@pytest.mark.parametrize("mode", OUTCOMES)
def test_a_failing_reply_is_one_write_and_the_truth(stage: BlueskyStage, mode: str) -> None:
    fault, outcome, public = OUTCOMES[mode]
    mention, connector = complaint(stage), stage.connector()
    before = len(stage.proxy.writes)
    stage.proxy.fault = only_puts(fault)
    came = sent_by(connector, message(mention), mention)
    assert type(came) is outcome, came
    assert len(stage.proxy.writes) == before + 1
    assert len(stage.sent()) == public
    stage.proxy.fault = lambda _: None
    found = stage.connector().find_sent(message(mention), mention)
    assert len(found) == public
    assert PUT not in str(came)


def test_how_long_to_wait_is_told_and_kept_to(stage: BlueskyStage) -> None:
    mention, connector = complaint(stage), stage.connector()
    stage.proxy.fault = only_puts(Fault(says(429, error("RateLimitExceeded"), "Retry-After: 90")))
    came = sent_by(connector, message(mention), mention)
    assert isinstance(came, Unavailable)
    assert came.retry_after == 90
    writes = len(stage.proxy.writes)
    again = sent_by(connector, message(mention), mention)
    assert isinstance(again, Unavailable)
    assert 80 < (again.retry_after or 0) <= 90
    assert len(stage.proxy.writes) == writes


def test_a_lost_answer_and_the_same_message_again_are_one_post(stage: BlueskyStage) -> None:
    mention, connector = complaint(stage), stage.connector()
    with stage.broken("lost answer"), pytest.raises(Unsure):
        connector.send(message(mention), mention)
    (found,) = connector.find_sent(message(mention), mention)
    again = stage.connector().send(message(mention), mention)
    assert again.remote_id == found.remote_id
    assert len(stage.sent()) == 1


def test_eight_at_once_are_one_post(stage: BlueskyStage) -> None:
    mention = complaint(stage)
    connectors = [stage.connector() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        came = list(pool.map(lambda one: sent_by(one, message(mention), mention), connectors))
    assert {one.remote_id for one in came if isinstance(one, Receipt)} == {
        f"at://{stage.brand.did}/app.bsky.feed.post/{record_key(message(mention).key)}"
    }
    assert len(came) == 8
    assert len(stage.sent()) == 1


def test_other_words_never_replace_what_is_public(stage: BlueskyStage) -> None:
    mention, connector = complaint(stage), stage.connector()
    first = connector.send(message(mention, "It comes on Monday."), mention)
    with pytest.raises(Unsure, match="a reply of ours"):
        connector.send(message(mention, "It comes on Tuesday."), mention)
    assert stage.sent() == [(mention.external_id, "It comes on Monday.")]
    (found,) = connector.find_sent(message(mention, "It comes on Tuesday."), mention)
    assert (found.remote_id, found.text) == (first.remote_id, "It comes on Monday.")


def test_what_goes_out_is_frozen(stage: BlueskyStage) -> None:
    mention = complaint(stage)
    bodies = []

    def fault(request: Request) -> Fault | None:
        if request.path == PUT:
            bodies.append(json.loads(request.raw.partition(b"\r\n\r\n")[2]))
        return None

    stage.proxy.fault = fault
    for _ in range(2):
        stage.connector().send(
            message(mention, "See https://acme.example/a#b, @" + mention.author.handle), mention
        )
    assert bodies[0] == bodies[1]
    (body, _) = bodies
    assert body["swapRecord"] is None
    assert body["rkey"] == record_key(message(mention).key)
    assert body["record"]["createdAt"] == "2026-03-02T09:00:00.000Z"
    assert body["record"]["langs"] == ["en"]
    features = [facet["features"][0] for facet in body["record"]["facets"]]
    assert [one.get("uri") or one.get("did") for one in features] == [
        "https://acme.example/a#b",
        mention.author.id,
    ]


# --- where a reply stands


def value(stage: BlueskyStage, receipt: Receipt) -> dict[str, Any]:
    read: dict[str, Any] = stage.brand.read(receipt.remote_id)["value"]
    return read


def test_a_reply_deep_in_a_thread_names_its_first_post(stage: BlueskyStage) -> None:
    first = stage.say("We are open again.", by_us=True)
    bob, ana = stage.person(), stage.person()
    second = bob.say("At last!", answering=first)
    third = ana.say("Not for me, my parcel is late.", answering=second)
    mention = next(one for one in heard(stage.connector()) if one.external_id == third)
    receipt = stage.connector().send(message(mention), mention)
    place = value(stage, receipt)["reply"]
    assert place == {
        "root": {"uri": first, "cid": bob.read(first)["cid"]},
        "parent": {"uri": third, "cid": mention.edit_mark},
    }


def test_who_just_looked_needs_no_further_request_to_send(stage: BlueskyStage) -> None:
    first = stage.say("We are open again.", by_us=True)
    third = stage.person().say("Not for me.", answering=first)
    (mention,) = heard(stage.connector())
    connector = stage.connector()
    connector.look(mention)
    asked(stage)
    connector.send(message(mention), mention)
    assert asked(stage) == ["putRecord"]
    assert mention.external_id == third


@pytest.mark.parametrize("change", ["edited", "deleted", "blocked"])
def test_a_post_that_changed_a_moment_ago_is_not_answered(stage: BlueskyStage, change: str) -> None:
    first = stage.say("We are open again.", by_us=True)
    ana = stage.person()
    uri = ana.say("Not for me.", answering=first)
    (mention,) = heard(stage.connector())
    if change == "edited":
        ana.edit(uri, "For me too!")
    elif change == "deleted":
        ana.delete(uri)
    else:
        ana.block(stage.brand)
    with pytest.raises(Unavailable, match="not as it was"):
        stage.connector().send(message(mention), mention)
    assert stage.sent() == []


def test_a_mention_without_a_mark_is_answered_as_it_stands(stage: BlueskyStage) -> None:
    mention = complaint(stage)
    receipt = stage.connector().send(message(mention), replace(mention, edit_mark=""))
    assert value(stage, receipt)["reply"]["parent"] == {"uri": mention.external_id, "cid": mention.edit_mark}


# --- what it says


def test_handles_lead_to_their_people_and_unknown_ones_to_nobody(stage: BlueskyStage) -> None:
    mention, bob = complaint(stage), stage.person("bob")
    ana, us = mention.author.handle.replace("ana", "Ana"), stage.brand.handle
    text = f"Dear @{ana}, ask @{bob.handle}, @{us} or @nobody.test."
    connector = stage.connector()
    asked(stage)
    receipt = connector.send(message(mention, text), mention)
    assert asked(stage) == ["resolveHandle", "resolveHandle", "putRecord"]
    told = [facet["features"][0]["did"] for facet in value(stage, receipt)["facets"]]
    assert told == [mention.author.id, bob.did, stage.brand.did]


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_to_say_is_refused_without_a_request(stage: BlueskyStage, text: str) -> None:
    mention, connector = complaint(stage), stage.connector()
    asked(stage)
    with pytest.raises(Refused, match="empty"):
        connector.send(message(mention, text), mention)
    assert asked(stage) == []


def test_a_private_answer_is_never_made_public(stage: BlueskyStage) -> None:
    mention, connector = complaint(stage), stage.connector()
    asked(stage)
    with pytest.raises(Refused, match="everything we send is public"):
        connector.send(replace(message(mention), audience=Audience.PRIVATE), mention)
    assert asked(stage) == []


def test_too_many_bytes_are_too_long_however_few_the_signs(stage: BlueskyStage) -> None:
    mention, connector = complaint(stage), stage.connector()
    asked(stage)
    with pytest.raises(Refused, match="takes 325 of 300"):
        connector.send(message(mention, "👨‍👩‍👧‍👦" * 130), mention)
    assert asked(stage) == []


# --- finding what was sent


def test_an_answer_from_the_app_is_found_and_the_oldest_comes_first(stage: BlueskyStage) -> None:
    mention, connector = complaint(stage), stage.connector()
    ours = connector.send(replace(message(mention), planned_at=PLANNED + timedelta(days=3000)), mention)
    native = stage.say("A colleague answers.", by_us=True, answering=mention.external_id)
    stage.say("We are open on Sunday.", by_us=True)
    found = connector.find_sent(message(mention), mention)
    assert [one.remote_id for one in found] == [native, ours.remote_id]


def test_an_answer_is_found_behind_many_posts_of_ours(stage: BlueskyStage) -> None:
    mention = complaint(stage)
    native = stage.say("A colleague answers.", by_us=True, answering=mention.external_id)
    for number in range(120):
        stage.brand.say(f"News {number}")
    connector = stage.connector()
    asked(stage)
    found = connector.find_sent(message(mention), mention)
    assert [one.remote_id for one in found] == [native]
    assert asked(stage) == ["getRecord", *["listRecords"] * 3]


def test_looking_back_ends_where_the_complaint_was_written(stage: BlueskyStage) -> None:
    for number in range(120):
        stage.brand.say(f"News {number}")
    mention, connector = complaint(stage), stage.connector()
    asked(stage)
    assert connector.find_sent(message(mention), mention) == ()
    assert asked(stage) == ["getRecord", "listRecords"]


def test_an_older_server_that_says_it_in_a_sentence_is_understood(stage: BlueskyStage) -> None:
    mention, connector = complaint(stage), stage.connector()
    said = json.dumps({"error": "InvalidRequest", "message": "Could not locate record: at://x/y/z"})
    stage.proxy.fault = lambda one: Fault(says(400, said)) if one.path.endswith("getRecord") else None
    assert connector.find_sent(message(mention), mention) == ()
