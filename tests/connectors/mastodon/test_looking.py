"""A second look at a post: gone, changed, closed, answered, and what its author wrote since."""

from typing import Any

import pytest

from responder.connector import Malformed, Sight
from responder.model.mention import Audience, Mention
from tests.connectors.mastodon.failing import faulty
from tests.connectors.mastodon.stage import Imitated
from tests.connectors.stage import heard
from tests.standins.proxy import Fault, says


def complaint(stage: Imitated, **what: Any) -> Mention:
    """Let a customer complain, and hear it."""
    stage.say("My parcel is late.", **what)
    mention = heard(stage.connector())[-1]
    stage.proxy.requests.clear()
    return mention


def asked(stage: Imitated) -> list[str]:
    return [one.path.removeprefix("/api/v1/") for one in stage.proxy.requests]


def test_a_post_that_stands_is_two_requests_after_who_we_are(stage: Imitated) -> None:
    mention, connector = complaint(stage), stage.connector()
    for _ in range(2):
        stage.proxy.requests.clear()
        connector.look(mention)
    post = mention.external_id
    assert asked(stage) == [f"statuses/{post}", f"statuses/{post}/context"]


def test_a_post_that_was_edited_is_one_request(stage: Imitated) -> None:
    mention, connector = complaint(stage), stage.connector()
    connector.look(mention)
    stage.edit(mention.external_id, "It came.")
    stage.proxy.requests.clear()
    connector.look(mention)
    assert asked(stage) == [f"statuses/{mention.external_id}"]


def test_a_new_content_warning_is_a_change(stage: Imitated) -> None:
    mention = complaint(stage)
    stage.world.posts[mention.external_id].warning = "late parcels"
    look = stage.connector().look(mention)
    assert look.sight is Sight.CHANGED
    assert look.now is not None
    assert look.now.edit_mark.startswith("text ")
    assert stage.connector().look(look.now).sight is Sight.PRESENT


def test_a_change_of_who_may_read_it_is_a_change(stage: Imitated) -> None:
    mention = complaint(stage)
    stage.world.posts[mention.external_id].visibility = "direct"
    look = stage.connector().look(mention)
    assert (look.sight, look.now and look.now.audience) == (Sight.CHANGED, Audience.PRIVATE)


def test_a_new_handle_is_told(stage: Imitated) -> None:
    mention = complaint(stage)
    stage.world.people[mention.author.id].acct = "maria@far.example"
    look = stage.connector().look(mention)
    assert look.sight is Sight.PRESENT
    assert look.now is not None
    assert look.now.author.handle == "maria@far.example"


def test_what_its_author_wrote_since_is_told_in_order(stage: Imitated) -> None:
    mention = complaint(stage)
    author = stage.world.people[mention.author.id]
    other = stage.say("Same here!", answering=mention.external_id)
    first = stage.world.typed(author, "You too?", answers=other)
    second = stage.world.say(author, "It came, thanks.", answers=mention.external_id)
    look = stage.connector().look(mention)
    assert look.sight is Sight.PRESENT
    assert [one.external_id for one in look.since] == [first.id, second.id]
    assert {one.thread for one in look.since} == {mention.thread}


def test_what_they_wrote_since_is_of_their_conversation_and_not_of_that_post(stage: Imitated) -> None:
    mention = complaint(stage)
    author = stage.world.people[mention.author.id]
    follow_up = stage.world.say(author, "Hello?", answers=mention.external_id)
    second = heard(stage.connector())[-1]
    assert second.external_id == follow_up.id
    third = stage.world.say(author, "Hello??", answers=follow_up.id)
    (since,) = stage.connector().look(second).since
    assert (since.external_id, since.thread) == (third.id, mention.external_id)


def test_an_answer_to_another_post_is_no_answer_to_this(stage: Imitated) -> None:
    mention = complaint(stage)
    other = stage.say("Same here!", answering=mention.external_id)
    stage.say("We are sorry.", by_us=True, answering=other)
    assert stage.connector().look(mention).sight is Sight.PRESENT


def test_where_our_answer_stands_is_told(stage: Imitated) -> None:
    mention = complaint(stage)
    ours = stage.say("We are sorry.", by_us=True, answering=mention.external_id)
    assert stage.connector().look(mention).detail == f"our answer is https://social.example/@brand/{ours}"


def test_an_answer_in_private_is_an_answer(stage: Imitated) -> None:
    mention = complaint(stage)
    stage.say("We are sorry.", by_us=True, answering=mention.external_id, visibility="direct")
    assert stage.connector().look(mention).sight is Sight.ANSWERED


def test_an_author_who_blocks_us_is_told_from_one_who_deleted(stage: Imitated) -> None:
    mention = complaint(stage)
    stage.world.people[mention.author.id].blocks.add(stage.world.brand.id)
    look = stage.connector().look(mention)
    assert (look.sight, look.detail) == (Sight.CLOSED, "its author blocks us")


@pytest.mark.parametrize(
    "answer",
    [
        says(403, '{"error":"This action is outside the authorized scopes"}'),
        says(404, '{"error":"Not found"}'),
        says(200, "[]"),
        says(200, '["junk"]'),
    ],
)
def test_where_nobody_tells_of_blocks_it_is_gone(stage: Imitated, answer: Any) -> None:
    mention = complaint(stage)
    stage.remove(mention.external_id)
    with faulty(stage.proxy, Fault(answer, hits=lambda one: "relationships" in one.path)):
        assert stage.connector().look(mention).sight is Sight.GONE


def test_a_post_that_goes_between_two_requests_is_gone(stage: Imitated) -> None:
    mention = complaint(stage)
    with faulty(stage.proxy, Fault(says(404, "{}"), hits=lambda one: one.path.endswith("/context"))):
        assert stage.connector().look(mention).sight is Sight.GONE


@pytest.mark.parametrize(
    ("policy", "sight"),
    [
        ({"can_reply": {"always": ["author"], "with_approval": []}}, Sight.CLOSED),
        ({"can_reply": {"always": ["author", "followers"], "with_approval": None}}, Sight.CLOSED),
        ({"can_reply": {"always": ["author", "mentioned"]}}, Sight.PRESENT),
        ({"can_reply": {"always": ["author"], "with_approval": ["public"]}}, Sight.PRESENT),
        ({"can_reply": {"always": ["public", "me"]}}, Sight.PRESENT),
        ({"can_reply": "junk"}, Sight.PRESENT),
        (None, Sight.PRESENT),
    ],
)
def test_a_post_may_be_closed_to_us_by_its_author(stage: Imitated, policy: object, sight: Sight) -> None:
    mention = complaint(stage)
    stage.api.more = {"interaction_policy": policy}
    assert stage.connector().look(mention).sight is sight


def test_a_post_that_cannot_be_read_any_more_is_told(stage: Imitated) -> None:
    mention = complaint(stage)
    stage.api.more = {"content": None}
    with pytest.raises(Malformed, match="its content is no text"):
        stage.connector().look(mention)
