"""What an account hears: mentions, hashtags, searches, conversations, and what is left out."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from responder.connector import ConnectorError, Malformed, Unauthorised, Unavailable
from responder.model.mention import Audience
from tests.connectors.mastodon.failing import faulty
from tests.connectors.mastodon.stage import Imitated
from tests.connectors.stage import heard, pages
from tests.standins.mastodon import shapes
from tests.standins.mastodon.world import Notification
from tests.standins.proxy import Fault, says

WIDE = {"page": 40}


def paths(stage: Imitated) -> list[str]:
    """Return the paths that were asked for since the last time."""
    asked = [one.path for one in stage.proxy.requests]
    stage.proxy.requests.clear()
    return asked


# --- how often it asks


def test_polling_an_idle_account_is_one_request(stage: Imitated) -> None:
    stage.say("Late!")
    connector = stage.connector(**WIDE)
    cursor = connector.poll(None).cursor
    paths(stage)
    again = connector.poll(cursor)
    assert paths(stage) == ["/api/v1/notifications"]
    assert again.cursor == cursor


def test_the_first_poll_asks_who_we_are_and_what_the_server_takes(stage: Imitated) -> None:
    stage.connector(**WIDE).poll(None)
    assert paths(stage) == [
        "/api/v1/accounts/verify_credentials",
        "/api/v2/instance/",
        "/api/v1/notifications",
    ]


def test_each_hashtag_and_each_search_is_one_request_more(stage: Imitated) -> None:
    connector = stage.connector(hashtags=["acme", "acmefail"], searches=["acme broken"], **WIDE)
    cursor = connector.poll(None).cursor
    paths(stage)
    connector.poll(cursor)
    assert paths(stage) == [
        "/api/v1/notifications",
        "/api/v1/timelines/tag/acme",
        "/api/v1/timelines/tag/acmefail",
        "/api/v2/search",
    ]


def test_an_answer_costs_one_request_for_its_conversation(stage: Imitated) -> None:
    first = stage.say("Late!")
    connector = stage.connector(**WIDE)
    cursor = connector.poll(None).cursor
    stage.say("Same here!", answering=first)
    paths(stage)
    connector.poll(cursor)
    assert len(paths(stage)) == 2


# --- what is heard


def test_a_customer_is_heard_as_their_server_tells_of_them(stage: Imitated) -> None:
    ana = stage.world.person("ana@far.example", followers=31)
    stage.world.say(ana, "Late!", language="sl")
    (mention,) = heard(stage.connector())
    assert (mention.author.id, mention.author.handle, mention.author.name) == (ana.id, ana.acct, ana.name)
    assert (mention.author.followers, mention.author.bot, mention.language) == (31, False, "sl")
    assert mention.url == f"https://far.example/@ana/{mention.external_id}"
    assert mention.audience is Audience.PUBLIC


def test_a_bot_is_heard_as_one(stage: Imitated) -> None:
    stage.world.say(stage.world.person("news@far.example", bot=True), "Acme in the news")
    assert heard(stage.connector())[0].author.bot


@pytest.mark.parametrize("visibility", ["direct", "private"])
def test_what_is_written_to_few_is_heard_as_private(stage: Imitated, visibility: str) -> None:
    stage.say("Late!", visibility=visibility)
    assert heard(stage.connector())[0].audience is Audience.PRIVATE


def test_mentions_that_the_server_keeps_back_are_heard_too(stage: Imitated) -> None:
    stage.world.filters_strangers = True
    post = stage.say("Late!")
    assert [one.external_id for one in heard(stage.connector())] == [post]


def test_other_notifications_are_none_of_ours(stage: Imitated) -> None:
    post = stage.say("Late!")
    for kind in ("favourite", "reblog", "update"):
        stage.world.told.append(Notification(2000, stage.world.tick(), kind, stage.world.brand, post))
    assert len(heard(stage.connector())) == 1


def test_our_own_id_is_told(stage: Imitated) -> None:
    assert stage.connector().poll(None).own_id == stage.world.brand.id


def test_hashtags_are_heard_without_a_mention(stage: Imitated) -> None:
    ana = stage.world.person("ana@far.example")
    post = stage.world.typed(ana, "My parcel is late #Acme")
    stage.world.typed(ana, "for friends only #acme", visibility="unlisted")
    stage.world.typed(stage.world.brand, "We are hiring #acme")
    said = heard(stage.connector(hashtags=["acme"]))
    assert [(one.external_id, one.text) for one in said] == [(post.id, "My parcel is late #Acme")]


def test_searches_are_heard_without_a_mention(stage: Imitated) -> None:
    ana = stage.world.person("ana@far.example")
    post = stage.world.typed(ana, "acme lost my parcel")
    stage.world.typed(stage.world.brand, "acme is sorry")
    assert [one.external_id for one in heard(stage.connector(searches=["Acme"]))] == [post.id]


def test_a_post_in_several_lists_is_heard_once(stage: Imitated) -> None:
    ana = stage.world.person("ana@far.example")
    post = stage.world.typed(ana, "@brand late again #acme")
    connector = stage.connector(hashtags=["acme"], searches=["late"])
    assert [one.external_id for one in heard(connector)] == [post.id]


def test_a_share_is_no_post(stage: Imitated) -> None:
    ana = stage.world.person("ana@far.example")
    post = shapes.post(stage.world, stage.world.typed(ana, "late #acme"))
    fault = Fault(says(200, json.dumps([post | {"reblog": post}])), hits=lambda one: "timelines" in one.path)
    with faulty(stage.proxy, fault):
        (page,) = pages(stage.connector(hashtags=["acme"]))
    assert (page.mentions, page.malformed) == ((), ())


def test_the_first_poll_hears_what_was_said_in_the_last_days(stage: Imitated) -> None:
    stage.say("Long ago")
    stage.world.tick(8 * 24 * 60)
    lately = stage.say("Lately")
    stage.world.tick(6 * 24 * 60)
    assert [one.external_id for one in heard(stage.connector())] == [lately]
    assert len(heard(stage.connector(history=0))) == 2
    assert heard(stage.connector(history=2)) == []


def test_after_the_first_poll_nothing_is_too_old(stage: Imitated) -> None:
    *_, last = pages(stage.connector())
    post = stage.say("Late!")
    stage.world.tick(30 * 24 * 60)
    assert [one.external_id for one in heard(stage.connector(), last.cursor)] == [post]


@pytest.mark.slow
def test_more_than_a_poll_takes_is_read_on_at_once(stage: Imitated) -> None:
    stage.api.grants = 10_000
    said = [stage.say(f"Complaint {number}") for number in range(230)]
    read = pages(stage.connector(**WIDE))
    assert [page.more for page in read] == [True, True, False]
    assert sorted(one.external_id for page in read for one in page.mentions) == sorted(said)


# --- conversations


def test_a_follow_up_is_of_the_same_conversation(stage: Imitated) -> None:
    ana = stage.world.person("ana@far.example")
    first = stage.world.say(ana, "Late!")
    ours = stage.say("We are sorry.", by_us=True, answering=first.id)
    second = stage.world.say(ana, "Still nothing.", answers=ours)
    third = stage.world.say(ana, "And now?", answers=second.id)
    assert [(one.external_id, one.thread, one.in_reply_to) for one in heard(stage.connector())] == [
        (first.id, first.id, None),
        (second.id, first.id, ours),
        (third.id, first.id, second.id),
    ]


def test_a_conversation_begins_where_we_may_see_it(stage: Imitated) -> None:
    ana, bob = stage.world.person("ana@far.example"), stage.world.person("bob@far.example")
    hidden = stage.world.typed(bob, "between us", visibility="direct")
    seen = stage.world.typed(ana, "what do you mean", answers=hidden.id)
    post = stage.world.say(ana, "Ask Acme.", answers=seen.id)
    (mention,) = heard(stage.connector())
    assert (mention.external_id, mention.thread) == (post.id, seen.id)


def test_an_answer_to_what_nobody_shows_us_stands_under_what_it_answers(stage: Imitated) -> None:
    ana, bob = stage.world.person("ana@far.example"), stage.world.person("bob@far.example")
    hidden = stage.world.typed(bob, "between us", visibility="direct")
    stage.world.say(ana, "Ask Acme.", answers=hidden.id)
    assert heard(stage.connector())[0].thread == hidden.id


def test_an_answer_that_is_gone_by_now_is_not_heard(stage: Imitated) -> None:
    first = stage.say("Late!")
    stage.say("Same here!", answering=first)
    with faulty(stage.proxy, Fault(says(404, "{}"), hits=lambda one: one.path.endswith("/context"))):
        assert [one.external_id for one in heard(stage.connector())] == [first]


@pytest.mark.parametrize(
    ("answer", "error"),
    [(says(500, "{}"), Unavailable), (says(400, "{}"), Malformed), (says(200, "[" * 9000), Malformed)],
)
def test_a_conversation_that_cannot_be_read_holds_the_rest_up_once_only(
    stage: Imitated, answer: Any, error: type[ConnectorError]
) -> None:
    first = stage.say("Late!")
    second = stage.say("Same here!", answering=first)
    connector = stage.connector()
    with faulty(stage.proxy, Fault(answer, hits=lambda one: one.path.endswith("/context"))):
        with pytest.raises(error):
            connector.poll(None)
        assert [(one.external_id, one.thread) for one in heard(connector)] == [
            (first, first),
            (second, first),
        ]


# --- edits and removals


def test_a_post_that_is_edited_soon_is_heard_again(stage: Imitated) -> None:
    post = stage.say("Late!")
    connector = stage.connector()
    cursor = pages(connector)[-1].cursor
    stage.edit(post, "It came.")
    (mention,) = connector.poll(cursor).mentions
    assert (mention.external_id, mention.text) == (post, "It came.")
    assert mention.edit_mark


def test_a_post_that_is_deleted_soon_is_told_as_removed(stage: Imitated) -> None:
    first, second = stage.say("Late!"), stage.say("Me too!")
    connector = stage.connector()
    *_, last = pages(connector)
    stage.remove(second)
    page = connector.poll(last.cursor)
    assert page.removed == (second,)
    assert connector.poll(page.cursor).removed == ()
    assert first not in page.removed


def test_a_notification_that_a_colleague_clears_away_removes_no_post(stage: Imitated) -> None:
    stage.say("Late!")
    stage.say("Me too!")
    connector = stage.connector()
    *_, last = pages(connector)
    stage.world.told.pop()
    assert connector.poll(last.cursor).removed == ()


def test_whether_it_is_gone_may_not_be_known(stage: Imitated) -> None:
    stage.say("Late!")
    second = stage.say("Me too!")
    connector = stage.connector()
    *_, last = pages(connector)
    stage.remove(second)
    with faulty(stage.proxy, Fault(says(500, "{}"), hits=lambda one: "/statuses/" in one.path)):
        assert connector.poll(last.cursor).removed == ()


# --- what cannot be read


def test_an_entry_that_is_no_post_is_set_aside_and_the_rest_is_heard(stage: Imitated) -> None:
    post, broken = stage.say("Late!"), stage.say("Broken")
    stage.world.posts[broken] = replace(stage.world.posts[broken], html=None)  # type: ignore[arg-type]
    (page,) = pages(stage.connector())
    assert [one.external_id for one in page.mentions] == [post]
    (unread,) = page.malformed
    assert unread.problem == "its content is no text"
    assert broken in unread.body
    assert unread.place.startswith("inbox ")


def test_a_list_that_cannot_be_read_is_told_once_and_the_rest_is_heard(stage: Imitated) -> None:
    connector = stage.connector(hashtags=["acme"], searches=["acme"])
    post = stage.say("Late!")
    with faulty(stage.proxy, Fault(says(500, "{}"), hits=lambda one: "search" in one.path)):
        first = connector.poll(None)
        second = connector.poll(first.cursor)
    assert [one.external_id for one in first.mentions] == [post]
    assert first.gap == "?acme could not be read: 127.0.0.1 answered 500."
    assert second.gap == ""
    later = stage.world.typed(stage.world.person("ana@far.example"), "acme again")
    third = connector.poll(second.cursor)
    assert (third.gap, [one.external_id for one in third.mentions]) == ("", [later.id])


def test_a_list_that_could_be_read_before_goes_on_where_it_was(stage: Imitated) -> None:
    ana = stage.world.person("ana@far.example")
    stage.world.typed(ana, "late #acme")
    connector = stage.connector(hashtags=["acme"])
    before = connector.poll(None)
    missed = stage.world.typed(ana, "still late #acme")
    with faulty(stage.proxy, Fault(says(503, "{}"), hits=lambda one: "/tag/" in one.path)):
        failed = connector.poll(before.cursor)
    assert [one.external_id for one in connector.poll(failed.cursor).mentions] == [missed.id]


def test_no_list_is_read_with_a_token_that_ended(stage: Imitated) -> None:
    connector = stage.connector(hashtags=["acme"])
    answer = says(401, '{"error":"The access token was revoked"}')
    with (
        faulty(stage.proxy, Fault(answer, hits=lambda one: "/tag/" in one.path)),
        pytest.raises(Unauthorised),
    ):
        connector.poll(None)


def test_a_search_of_another_shape_finds_nothing(stage: Imitated) -> None:
    with faulty(stage.proxy, Fault(says(200, '{"statuses":null}'), hits=lambda one: "search" in one.path)):
        assert heard(stage.connector(searches=["acme"])) == []


@pytest.mark.parametrize(
    "junk", ["junk", "[]", '{"v":1}', '{"lists":{"inbox":5},"problems":5}', '{"lists":5}']
)
def test_a_cursor_of_somebody_else_is_told_and_reading_begins_anew(stage: Imitated, junk: str) -> None:
    post = stage.say("Late!")
    page = stage.connector(**WIDE).poll(junk)
    assert [one.external_id for one in page.mentions] == [post]
    assert page.gap.startswith("the cursor is none of ours")


def test_a_list_that_is_no_option_any_more_is_forgotten(stage: Imitated) -> None:
    cursor = stage.connector(hashtags=["acme"]).poll(None).cursor
    assert set(json.loads(stage.connector().poll(cursor).cursor)["lists"]) == {"inbox"}


def test_a_server_without_a_clock_is_read_from_the_newest_back(stage: Imitated) -> None:
    stage.say("Long ago")
    stage.world.now += timedelta(days=9)
    lately = stage.say("Lately")
    stage.api.tells_time = False
    assert [one.external_id for one in heard(stage.connector())] == [lately]
