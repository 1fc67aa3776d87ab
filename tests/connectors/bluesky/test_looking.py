"""Looking: one request that tells whether a post is still there, as it was, and open to us."""

import json

import pytest

from responder.connector import Answerable, Malformed, Sight
from responder.model.mention import Mention
from tests.connectors.bluesky.stage import BlueskyStage, asked
from tests.connectors.stage import Safe, heard, message
from tests.standins.bluesky.imitation import Imitation
from tests.standins.bluesky.people import PASSWORD
from tests.standins.proxy import Fault, says

THREAD = "/xrpc/app.bsky.feed.getPostThread"


def complaint(stage: BlueskyStage, text: str = "My parcel is late.") -> Mention:
    uri = stage.say(text)
    return next(one for one in heard(stage.connector()) if one.external_id == uri)


def test_a_look_is_one_request(stage: BlueskyStage) -> None:
    mention, connector = complaint(stage), stage.connector()
    asked(stage)
    connector.look(mention)
    assert asked(stage) == ["getPostThread"]


def test_what_its_author_wrote_since_comes_with_it_whoever_answered_in_between(stage: BlueskyStage) -> None:
    mention = complaint(stage)
    ana, bob = stage.author(mention.external_id), stage.person()
    first = ana.say("It came, thank you!", answering=mention.external_id)
    between = bob.say("Mine did not.", answering=first)
    second = ana.say("Ask them.", answering=between)
    look = stage.connector().look(mention)
    assert look.sight is Sight.PRESENT
    assert [one.external_id for one in look.since] == [first, second]
    assert [one.text for one in look.since] == ["It came, thank you!", "Ask them."]


def test_an_answer_of_ours_further_down_answers_something_else(stage: BlueskyStage) -> None:
    mention = complaint(stage)
    later = stage.person().say("Mine too.", answering=mention.external_id)
    stage.say("And yours comes tomorrow.", by_us=True, answering=later)
    assert stage.connector().look(mention).sight is Sight.PRESENT


def test_an_answer_of_ours_is_told_with_its_address(stage: BlueskyStage) -> None:
    mention = complaint(stage)
    ours = stage.say("It is on its way.", by_us=True, answering=mention.external_id)
    look = stage.connector().look(mention)
    key = ours.rpartition("/")[2]
    assert (look.sight, look.detail) == (
        Sight.ANSWERED,
        f"by us: https://bsky.app/profile/{stage.brand.did}/post/{key}",
    )


def test_who_blocked_us_may_not_be_answered(stage: BlueskyStage) -> None:
    mention = complaint(stage)
    stage.author(mention.external_id).block(stage.brand)
    look = stage.connector().look(mention)
    assert (look.sight, look.detail) == (Sight.CLOSED, "its author blocked us")


def test_whom_we_block_we_do_not_answer(stage: BlueskyStage) -> None:
    mention = complaint(stage)
    stage.brand.block(stage.author(mention.external_id))
    look = stage.connector().look(mention)
    assert (look.sight, look.detail) == (Sight.CLOSED, "we block its author")


def test_a_thread_that_its_author_closed_is_closed(stage: BlueskyStage) -> None:
    mention = complaint(stage)
    stage.author(mention.external_id).close_thread(mention.external_id)
    look = stage.connector().look(mention)
    assert (look.sight, look.detail) == (Sight.CLOSED, "its author lets only some people reply, and not us")
    assert look.now == mention


def test_a_post_that_the_network_hides_is_closed(imitation: Imitation, stage: BlueskyStage) -> None:
    mention = complaint(stage)
    imitation.state.of("app.bsky.feed.post")[mention.external_id].labels.append("!hide")
    look = stage.connector().look(mention)
    assert (look.sight, look.detail) == (Sight.CLOSED, "the network hides it (!hide)")


def test_an_account_that_went_away_took_the_post_along(stage: BlueskyStage) -> None:
    mention = complaint(stage)
    stage.author(mention.external_id).post("com.atproto.server.deactivateAccount")
    assert stage.connector().look(mention).sight is Sight.GONE


def test_a_new_handle_is_seen(imitation: Imitation, stage: BlueskyStage) -> None:
    mention = complaint(stage)
    imitation.state.accounts[mention.author.id].handle = "ana.elsewhere.test"
    look = stage.connector().look(mention)
    assert look.sight is Sight.PRESENT
    assert look.now is not None
    assert (look.now.author.id, look.now.author.handle) == (mention.author.id, "ana.elsewhere.test")


def test_the_same_words_with_another_mark_are_an_edit(stage: BlueskyStage) -> None:
    mention = complaint(stage)
    ana = stage.author(mention.external_id)
    value = {**ana.read(mention.external_id)["value"], "langs": ["sl"]}
    key = mention.external_id.rpartition("/")[2]
    ana.post("com.atproto.repo.putRecord", repo=ana.did, collection=value["$type"], rkey=key, record=value)
    assert stage.connector().look(mention).sight is Sight.CHANGED


def test_a_crowd_beneath_a_post_is_not_in_the_way(stage: BlueskyStage) -> None:
    mention = complaint(stage)

    def crowded(one: object) -> Fault | None:
        request = str(one)
        return Fault(says(200, "a" * (33 << 20))) if THREAD in request and b"depth=10" in one.raw else None  # type: ignore[attr-defined]

    stage.proxy.fault = crowded
    assert stage.connector().look(mention).sight is Sight.PRESENT


@pytest.mark.parametrize("thread", [None, 7, {"post": {}}, {"post": None}, {"post": {"uri": "x"}}])
def test_a_thread_that_is_none_is_malformed(stage: BlueskyStage, thread: object) -> None:
    mention = complaint(stage)
    stage.proxy.fault = lambda one: (
        Fault(says(200, json.dumps({"thread": thread}))) if one.path == THREAD else None
    )
    with pytest.raises(Malformed):
        stage.connector().look(mention)


@pytest.mark.parametrize(
    ("thread", "sight"),
    [
        ({"$type": "app.bsky.feed.defs#notFoundPost", "notFound": True}, Sight.GONE),
        ({"$type": "app.bsky.feed.defs#blockedPost", "blocked": True, "author": {}}, Sight.CLOSED),
    ],
)
def test_a_thread_that_is_kept_from_us_is_no_mistake(
    stage: BlueskyStage, thread: object, sight: Sight
) -> None:
    mention = complaint(stage)
    stage.proxy.fault = lambda one: (
        Fault(says(200, json.dumps({"thread": thread}))) if one.path == THREAD else None
    )
    assert stage.connector().look(mention).sight is sight


# --- whether we may answer


def test_an_open_post_may_be_answered(stage: BlueskyStage) -> None:
    assert stage.connector().eligibility(complaint(stage)).answerable is Answerable.API


def test_a_closed_thread_a_block_or_a_deletion_forbids_it_with_the_reason(stage: BlueskyStage) -> None:
    closed, blocked, gone = complaint(stage), complaint(stage), complaint(stage)
    stage.author(closed.external_id).close_thread(closed.external_id)
    stage.author(blocked.external_id).block(stage.brand)
    stage.remove(gone.external_id)
    told = [stage.connector().eligibility(one) for one in (closed, blocked, gone)]
    assert [(one.answerable, one.detail) for one in told] == [
        (Answerable.NO, "its author lets only some people reply, and not us"),
        (Answerable.NO, "its author blocked us"),
        (Answerable.NO, "it is not there any more"),
    ]


def test_a_network_that_cannot_be_asked_forbids_nothing(stage: BlueskyStage) -> None:
    mention, connector = complaint(stage), stage.connector()
    with stage.broken("no connection"):
        assert connector.eligibility(mention).answerable is Answerable.API


class Memory(Safe):
    """Secrets that nobody can write down."""

    def keeps(self, name: str) -> bool:
        return False


def test_nobody_logs_in_only_to_ask_whether_we_may_answer(stage: BlueskyStage) -> None:
    mention = complaint(stage)
    stage.safe = Memory(app_password=PASSWORD)
    connector = stage.connector()
    asked(stage)
    assert connector.eligibility(mention).answerable is Answerable.API
    assert asked(stage) == []
    connector.look(mention)
    assert connector.eligibility(mention).answerable is Answerable.API
    assert asked(stage) == ["createSession", "getPostThread", "getPostThread"]


# --- reading our answer back


def test_a_reply_is_public_where_a_stranger_sees_it(imitation: Imitation, stage: BlueskyStage) -> None:
    mention = complaint(stage)
    view = f"http://localhost:{imitation.port}"
    connector = stage.connector(public_view=view)
    receipt = connector.send(message(mention), mention)
    assert connector.limits.hosts == ("127.0.0.1", "localhost")
    assert connector.shown(receipt, mention).to_strangers is True
    assert stage.connector().shown(receipt, mention).to_strangers is None
    post = imitation.state.of("app.bsky.feed.post")[receipt.remote_id]
    post.labels.append("!hide")
    assert connector.shown(receipt, mention).to_strangers is False
    assert stage.connector().shown(receipt, mention).to_strangers is False


def test_a_brand_that_shows_itself_to_members_only_raises_no_alarm(
    imitation: Imitation, stage: BlueskyStage
) -> None:
    mention = complaint(stage)
    connector = stage.connector(public_view=f"http://localhost:{imitation.port}")
    receipt = connector.send(message(mention), mention)
    imitation.state.accounts[stage.brand.did].labels.append("!no-unauthenticated")
    assert connector.shown(receipt, mention).to_strangers is None


def test_a_reply_that_strangers_are_not_shown_is_told(imitation: Imitation, stage: BlueskyStage) -> None:
    mention, elsewhere = complaint(stage), Imitation()
    connector = stage.connector(public_view=f"http://localhost:{elsewhere.port}")
    receipt = connector.send(message(mention), mention)
    shown = connector.shown(receipt, mention)
    elsewhere.close()
    assert (shown.text, shown.to_strangers) == (message(mention).text, False)


def test_a_reply_that_was_deleted_is_not_shown(stage: BlueskyStage) -> None:
    mention = complaint(stage)
    receipt = stage.connector().send(message(mention), mention)
    stage.brand.delete(receipt.remote_id)
    assert stage.connector().shown(receipt, mention).text is None
    assert stage.connector().find_sent(message(mention), mention) == ()
