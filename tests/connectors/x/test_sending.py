"""Sending: one write, whatever happens, and what each answer of X means; what goes out, and what does not."""

import json
from dataclasses import replace

import pytest

from connectors.x import X
from responder.connector import ConnectorError, Malformed, Mention, Refused, Unavailable
from responder.model.mention import Audience
from tests.connectors.stage import heard, message
from tests.connectors.x.stage import FAILURES, FAULTS, RENEWED, XStage, connector
from tests.standins.x import BRAND, BRAND_ID, Answer, Fault, Server, served
from tests.standins.x.answering import invalid

TABLES = {"oauth1": FAILURES, "oauth2": {**FAILURES, **RENEWED}}
#: What may come of a lost answer: nothing, or the reply.
PUBLIC = {"503 after it", "junk after it", "no id", "reset after it", "closed after it", "cut short after it"}


def complaint(x: Server, polling: X, text: str = "@acme My parcel is late.") -> Mention:
    """Let somebody complain, and hear it."""
    number = x.world.post("ana", text)
    return next(one for one in heard(polling) if one.external_id == number)


def bodies(x: Server) -> list[object]:
    """Return what was sent with each write."""
    return [json.loads(one.body) for one in x.writes]


@pytest.mark.parametrize(
    ("auth", "failure"),
    [(auth, name) for auth, table in TABLES.items() for name, one in table.items() if "send" in one.calls],
)
def test_a_send_is_one_write_and_its_error_tells_what_came_of_it(auth: str, failure: str) -> None:
    with served(Server()) as x:
        stage = XStage(x, auth=auth)
        stage.say("My parcel is late.")
        sending = stage.connector()
        *_, mention = heard(sending)
        with stage.broken(failure), pytest.raises(ConnectorError) as caught:
            sending.send(message(mention), mention)
        assert type(caught.value) is TABLES[auth][failure].error
        assert len(x.writes) == (0 if failure == "nobody listens" else 1)
        public = len(stage.sent())
        assert public == (failure.partition(",")[0] in PUBLIC)
        assert len(stage.connector().find_sent(message(mention), mention)) == public


# --- what goes out


def test_a_reply_goes_to_the_post_in_exactly_the_approved_words(x: Server) -> None:
    sending = connector(x)
    mention = complaint(x, sending)
    receipt = sending.send(message(mention, "We are sorry & looking into it."), mention)
    assert bodies(x) == [
        {"text": "We are sorry & looking into it.", "reply": {"in_reply_to_tweet_id": mention.external_id}}
    ]
    assert receipt.url == f"https://x.com/i/status/{receipt.remote_id}"
    assert sending.shown(receipt, mention).text == "We are sorry & looking into it."


def test_a_reply_goes_to_the_newest_version_that_was_heard(x: Server) -> None:
    sending = connector(x)
    number = x.world.post("ana", "@acme My parcel is late.")
    newest = x.world.edit(number, "@acme It is wet.")
    (mention,) = heard(sending)
    sending.send(message(mention), mention)
    assert x.world.by(BRAND)[0].answers == newest
    assert len(sending.find_sent(message(mention), mention)) == 1


def test_the_button_for_a_private_message_goes_along_where_it_is_wanted(x: Server) -> None:
    sending = connector(x, dm_button=True)
    mention = complaint(x, sending)
    receipt = sending.send(message(mention, "Please write to us."), mention)
    (body,) = bodies(x)
    assert isinstance(body, dict)
    assert body["direct_message_deep_link"] == f"https://x.com/messages/compose?recipient_id={BRAND_ID}"
    assert sending.shown(receipt, mention).text == "Please write to us."
    assert [one.text for one in sending.find_sent(message(mention), mention)] == ["Please write to us."]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("See https://acme.com/help", "acme.com/help"),
        ("See acme.de", "“acme.de”"),
        ("We are on it.In a week you hear from us.", "“it.In”"),
        ("x" * 281, "281 weighted characters"),
        ("日" * 141, "282 weighted characters"),
        ("  ", "empty"),
    ],
)
def test_what_should_not_go_out_is_refused_before_any_request(x: Server, text: str, says: str) -> None:
    sending = connector(x)
    mention = complaint(x, sending)
    x.requests.clear()
    with pytest.raises(Refused, match=says):
        sending.send(message(mention, text), mention)
    assert x.requests == []


def test_a_private_message_is_refused_before_any_request(x: Server) -> None:
    sending = connector(x)
    mention = complaint(x, sending)
    x.requests.clear()
    with pytest.raises(Refused):
        sending.send(replace(message(mention), audience=Audience.PRIVATE), mention)
    assert x.requests == []


def test_a_link_goes_out_where_it_is_allowed_and_is_read_back_in_full(x: Server) -> None:
    sending = connector(x, links=True)
    mention = complaint(x, sending)
    receipt = sending.send(message(mention, "See https://acme.com/help?a=1&b=2 please."), mention)
    assert sending.shown(receipt, mention).text == "See https://acme.com/help?a=1&b=2 please."


def test_an_account_with_premium_may_write_more(x: Server) -> None:
    x.customs.longest = 4_000
    sending = connector(x, length=4_000)
    mention = complaint(x, sending)
    text = "We are sorry. " * 200
    receipt = sending.send(message(mention, text), mention)
    assert sending.shown(receipt, mention).text == text


# --- what is found of it


def test_our_answers_are_found_on_whichever_page_they_are_the_oldest_first(x: Server) -> None:
    sending = connector(x)
    mention = complaint(x, sending)
    first = x.world.post(BRAND, "We are looking into it.", answering=mention.external_id)
    for number in range(9):
        x.world.post(BRAND, f"Good morning {number}")
    second = x.world.post(BRAND, "It is on its way.", answering=mention.external_id)
    x.habits.page = 2
    x.requests.clear()
    found = sending.find_sent(message(mention), mention)
    assert [(one.remote_id, one.text) for one in found] == [
        (first, "We are looking into it."),
        (second, "It is on its way."),
    ]
    assert len(x.requests) == 6
    assert {one.query["since_id"] for one in x.requests} == {mention.external_id}


def test_an_answer_that_a_colleague_edited_keeps_its_first_id(x: Server) -> None:
    sending = connector(x)
    mention = complaint(x, sending)
    receipt = sending.send(message(mention), mention)
    x.world.edit(receipt.remote_id, "We are very sorry.")
    (found,) = sending.find_sent(message(mention), mention)
    assert (found.remote_id, found.text) == (receipt.remote_id, "We are very sorry.")
    assert sending.shown(receipt, mention).text == "We are very sorry."


def test_an_answer_to_a_version_we_have_not_seen_is_found(x: Server) -> None:
    sending = connector(x)
    mention = complaint(x, sending)
    between = x.world.edit(mention.external_id, "@acme It is wet.")
    x.world.post(BRAND, "We are looking into it.", answering=between)
    x.world.edit(mention.external_id, "@acme It is wet and late.")
    assert len(sending.find_sent(message(mention), mention)) == 1


def test_an_answer_to_another_post_of_theirs_is_not_an_answer_to_this_one(x: Server) -> None:
    sending = connector(x)
    mention = complaint(x, sending)
    other = x.world.post("ana", "@acme And wet.", answering=mention.external_id)
    x.world.post(BRAND, "We are looking into it.", answering=other)
    assert sending.find_sent(message(mention), mention) == ()


def test_where_x_does_not_go_back_to_the_post_all_of_ours_are_looked_through(x: Server) -> None:
    x.habits.forgetful |= {"tweets"}
    sending = connector(x)
    x.world.post(BRAND, "An old one.")
    mention = complaint(x, sending)
    number = x.world.post(BRAND, "We are looking into it.", answering=mention.external_id)
    x.world.wait(days=9)
    for count in range(5):
        x.world.post(BRAND, f"Good morning {count}")
    x.habits.page = 2
    assert [one.remote_id for one in sending.find_sent(message(mention), mention)] == [number]


def test_a_reply_that_failed_on_the_second_page_of_looking_is_not_called_unsent(x: Server) -> None:
    sending = connector(x)
    mention = complaint(x, sending)
    x.world.post(BRAND, "We are looking into it.", answering=mention.external_id)
    for number in range(5):
        x.world.post(BRAND, f"Good morning {number}")
    x.habits.page = 2
    with (
        x.broken(FAULTS["503"], lambda request: "pagination_token" in request.query),
        pytest.raises(Unavailable),
    ):
        sending.find_sent(message(mention), mention)


def test_a_post_of_ours_that_cannot_be_read_may_be_the_reply(x: Server) -> None:
    sending = connector(x)
    mention = complaint(x, sending)
    broken = Answer(200, {"data": [{"id": "2117179907896246999"}], "meta": {"result_count": 1}})
    with x.broken(Fault(broken)), pytest.raises(Malformed):
        sending.find_sent(message(mention), mention)


def test_more_pages_than_x_keeps_are_no_proof_of_anything(x: Server) -> None:
    sending = connector(x)
    mention = complaint(x, sending)
    endless = Answer(200, {"meta": {"result_count": 0, "next_token": "7140dibdn1"}})
    with x.broken(Fault(endless)), pytest.raises(Malformed):
        sending.find_sent(message(mention), mention)


def test_a_target_that_x_never_knew_is_told_as_what_it_is(x: Server) -> None:
    sending = connector(x)
    mention = complaint(x, sending)
    unknown = invalid("reply.in_reply_to_tweet_id", "7", "Your reply tweet ID is invalid.")
    said = Answer(400, {**unknown.body, "detail": "Your reply tweet ID is invalid."})
    with x.broken(Fault(said)), pytest.raises(Refused, match="deleted, or its id is wrong"):
        sending.send(message(mention), mention)
