"""Hearing: every post once, in whatever order the network lists it, for one request when nothing is new."""

import json
from itertools import count
from typing import Any

import pytest

from connectors.bluesky import Bluesky
from responder.connector import Malformed, Page, Unavailable
from tests.connectors.bluesky.stage import BlueskyStage, ago, asked, error
from tests.connectors.stage import heard, message, pages
from tests.standins.proxy import Fault, Request, says

NOTES = "/xrpc/app.bsky.notification.listNotifications"


def read(connector: Bluesky, cursor: str | None = None) -> Page:
    """Read to the end and return the last page."""
    return pages(connector, cursor)[-1]


def test_an_idle_account_costs_one_request(stage: BlueskyStage) -> None:
    for number in range(7):
        stage.say(f"Complaint {number}")
    connector = stage.connector(page=100)
    cursor = read(connector).cursor
    asked(stage)
    page = connector.poll(cursor)
    assert asked(stage) == ["listNotifications"]
    assert (page.mentions, page.cursor, page.more) == ((), cursor, False)


def test_who_we_are_is_told_with_every_page(stage: BlueskyStage) -> None:
    assert stage.connector().poll(None).own_id == stage.brand.did


def test_mentions_replies_and_quotes_are_heard_and_nothing_else(stage: BlueskyStage) -> None:
    ours = stage.say("We are open again.", by_us=True)
    ana, bob = stage.person(), stage.person()
    mentioned = ana.say("My parcel is late.", to=stage.brand)
    replied = bob.say("Not for me.", answering=ours)
    cid = ana.read(ours)["cid"]
    embed = {"$type": "app.bsky.embed.record", "record": {"uri": ours, "cid": cid}}
    quoted = bob.say("Look at this.", embed=embed)
    bob.say("The shop is open again.")
    below = ana.say("Nor for me.", answering=replied)
    assert [one.external_id for one in heard(stage.connector())] == [mentioned, replied, quoted, below]


def test_a_follow_up_belongs_to_the_thread_of_the_complaint(stage: BlueskyStage) -> None:
    uri = stage.say("My parcel is late.")
    (complaint,) = heard(stage.connector())
    ours = stage.connector().send(message(complaint), complaint)
    again = stage.author(uri).say("It still is.", answering=ours.remote_id)
    follow_up = heard(stage.connector())[-1]
    assert (follow_up.external_id, follow_up.thread) == (again, complaint.thread)
    assert (follow_up.author.id, follow_up.in_reply_to) == (complaint.author.id, ours.remote_id)


def test_more_than_a_page_is_read_in_parts(stage: BlueskyStage) -> None:
    ana = stage.person()
    said = [ana.say(f"Complaint {number}", to=stage.brand) for number in range(13)]
    read_pages = pages(stage.connector(page=5))
    assert [len(page.mentions) for page in read_pages] == [5, 5, 3]
    assert {one.external_id for page in read_pages for one in page.mentions} == set(said)


def test_what_is_said_while_older_posts_are_read_is_heard_next(stage: BlueskyStage) -> None:
    ana = stage.person()
    said = [ana.say(f"Complaint {number}", to=stage.brand) for number in range(7)]
    connector = stage.connector(page=5)
    first = connector.poll(None)
    late = ana.say("It still is.", to=stage.brand)
    second = connector.poll(first.cursor)
    third = connector.poll(second.cursor)
    ids = [one.external_id for page in (first, second, third) for one in page.mentions]
    assert sorted(ids) == sorted([*said, late])
    assert late in [one.external_id for one in third.mentions]


def test_a_post_that_says_it_is_old_is_heard_all_the_same(stage: BlueskyStage) -> None:
    ana = stage.person()
    for number in range(4):
        ana.say(f"Complaint {number}", to=stage.brand, createdAt=ago(days=5 - number))
    cursor = read(stage.connector(page=100)).cursor
    late = ana.say("My clock is wrong.", to=stage.brand, createdAt=ago(days=3, hours=12))
    assert [one.external_id for one in heard(stage.connector(page=100), cursor)] == [late]


def test_the_first_poll_goes_back_some_days_and_no_further(stage: BlueskyStage) -> None:
    ana = stage.person()
    ana.say("Long ago", to=stage.brand, createdAt=ago(days=40))
    ana.say("Last month", to=stage.brand, createdAt=ago(days=20))
    recent = ana.say("This week", to=stage.brand, createdAt=ago(days=3))
    found = pages(stage.connector(days=7))
    assert [one.external_id for page in found for one in page.mentions] == [recent]
    assert heard(stage.connector(days=7), found[-1].cursor) == []
    assert len(heard(stage.connector(days=30))) == 2


def test_what_is_too_old_is_not_even_asked_for(stage: BlueskyStage) -> None:
    ana = stage.person()
    for number in range(18):
        ana.say(f"Last month {number}", to=stage.brand, createdAt=ago(days=40 - number))
    connector = stage.connector(page=5, days=7)
    asked(stage)
    assert heard(connector) == []
    assert asked(stage) == ["createSession", "listNotifications"]


def test_what_lies_before_the_first_poll_stays_there_when_newer_posts_go(stage: BlueskyStage) -> None:
    ana = stage.person()
    for number in range(6):
        ana.say(f"Last month {number}", to=stage.brand, createdAt=ago(days=30 - number))
    recent = [ana.say(f"Now {number}", to=stage.brand) for number in range(6)]
    connector = stage.connector(page=5, days=7)
    cursor = read(connector).cursor
    for uri in recent:
        ana.delete(uri)
    page = connector.poll(cursor)
    assert page.mentions == ()


def test_an_edit_is_heard_as_the_same_post_with_another_mark(stage: BlueskyStage) -> None:
    uri = stage.say("My parcel is late.")
    (before,) = heard(stage.connector())
    cursor = read(stage.connector()).cursor
    stage.edit(uri, "My parcel is lost.")
    (after,) = heard(stage.connector(), cursor)
    assert (after.external_id, after.text) == (uri, "My parcel is lost.")
    assert after.edit_mark != before.edit_mark
    assert after.created_at == before.created_at


def test_a_post_that_its_author_deleted_is_told_as_removed_once(stage: BlueskyStage) -> None:
    uri, other = stage.say("My parcel is late."), stage.say("Mine too.")
    connector = stage.connector()
    cursor = read(connector).cursor
    stage.remove(uri)
    page = connector.poll(cursor)
    assert page.removed == (uri,)
    asked(stage)
    assert connector.poll(page.cursor).removed == ()
    assert asked(stage) == ["listNotifications"]
    stage.remove(other)
    assert connector.poll(page.cursor).removed == (other,)


def test_a_post_beyond_the_newest_page_is_not_taken_for_deleted(stage: BlueskyStage) -> None:
    ana = stage.person()
    for number in range(9):
        ana.say(f"Complaint {number}", to=stage.brand)
    connector = stage.connector(page=5)
    cursor = read(connector).cursor
    asked(stage)
    assert connector.poll(cursor).removed == ()
    assert asked(stage) == ["listNotifications"]


def test_who_blocks_us_is_not_taken_for_gone_and_is_heard_again_later(stage: BlueskyStage) -> None:
    uri = stage.say("My parcel is late.")
    ana = stage.author(uri)
    connector = stage.connector()
    cursor = read(connector).cursor
    block = ana.block(stage.brand)
    page = connector.poll(cursor)
    assert (page.mentions, page.removed) == ((), ())
    ana.unblock(block)
    again = ana.say("Where is it?", to=stage.brand)
    assert [one.external_id for one in heard(connector, page.cursor)] == [uri, again]


def test_whom_we_mute_we_do_not_hear(stage: BlueskyStage) -> None:
    ana = stage.person()
    ana.say("Shop! Shop! Shop!", to=stage.brand)
    stage.brand.post("app.bsky.graph.muteActor", actor=ana.did)
    assert heard(stage.connector()) == []


def test_an_account_that_went_away_took_its_posts_along(stage: BlueskyStage) -> None:
    uri = stage.say("My parcel is late.")
    connector = stage.connector()
    cursor = read(connector).cursor
    stage.author(uri).post("com.atproto.server.deactivateAccount")
    assert connector.poll(cursor).removed == (uri,)


# --- when the network is not as it should be


def answers(stage: BlueskyStage, path: str, change: Any) -> None:
    """Let the network's answers to a call be changed before they are given."""

    def fault(request: Request) -> Fault | None:
        if request.path != path:
            return None
        body = stage.proxy._passed_on(request).partition(b"\r\n\r\n")[2]
        return Fault(says(200, json.dumps(change(json.loads(body)))))

    stage.proxy.fault = fault


def test_what_is_no_post_is_set_aside_once_and_the_rest_is_heard(stage: BlueskyStage) -> None:
    first, second = stage.say("My parcel is late."), stage.say("Mine too.")

    def spoil(told: dict[str, Any]) -> dict[str, Any]:
        for view in told["notifications"]:
            if view["uri"] == first:
                view["record"] = {"$type": "app.bsky.feed.post"}
        return {**told, "notifications": [7, *told["notifications"]]}

    answers(stage, NOTES, spoil)
    page = stage.connector().poll(None)
    assert [one.external_id for one in page.mentions] == [second]
    assert {one.place for one in page.malformed} == {"a post without an address", first}
    assert stage.connector().poll(page.cursor).malformed == ()


def test_a_list_that_never_ends_is_left(stage: BlueskyStage) -> None:
    stage.say("My parcel is late.")
    answers(stage, NOTES, lambda told: {**told, "cursor": "again"})
    connector = stage.connector()
    first = connector.poll(None)
    assert first.more
    second = connector.poll(first.cursor)
    assert (second.more, second.mentions) == (False, ())


def test_a_list_of_nothing_to_read_that_leads_to_itself_is_left(stage: BlueskyStage) -> None:
    answers(stage, NOTES, lambda _: {"notifications": [7], "cursor": "again"})
    connector = stage.connector()
    second = connector.poll(connector.poll(None).cursor)
    assert not second.more


def test_a_list_that_goes_on_and_on_is_left_and_the_rest_is_a_gap(stage: BlueskyStage) -> None:
    parts = count()
    answers(stage, NOTES, lambda _: {"notifications": [], "cursor": f"part {next(parts)}"})
    read_pages: list[Page] = []
    connector, cursor = stage.connector(page=5), None
    while not read_pages or read_pages[-1].more:
        read_pages.append(connector.poll(cursor))
        cursor = read_pages[-1].cursor
    assert len(read_pages) == 100
    assert read_pages[-1].gap == "more than 500 posts since the last time; older ones were not read"


def test_what_is_remembered_does_not_grow(stage: BlueskyStage) -> None:
    ana = stage.person()
    said = [ana.say(f"Complaint {number}", to=stage.brand) for number in range(230)]
    known = json.loads(read(stage.connector(page=50)).cursor)["known"]
    assert [uri for uri, _, _ in known] == [uri.removeprefix("at://") for uri in reversed(said[30:])]


def test_a_cursor_of_the_network_that_is_worth_nothing_any_more_is_a_gap(stage: BlueskyStage) -> None:
    ana = stage.person()
    for number in range(7):
        ana.say(f"Complaint {number}", to=stage.brand)
    connector = stage.connector(page=5)
    first = connector.poll(None)
    stage.proxy.fault = lambda one: (
        Fault(says(502, error("InternalServerError"))) if b"cursor=" in one.raw else None
    )
    page = connector.poll(first.cursor)
    assert "would not list older posts" in page.gap
    assert not page.more
    later = ana.say("It still is.", to=stage.brand)
    assert [one.external_id for one in heard(connector, page.cursor)] == [later]


def test_a_network_that_fails_on_the_way_back_is_no_gap(stage: BlueskyStage) -> None:
    ana = stage.person()
    said = [ana.say(f"Complaint {number}", to=stage.brand) for number in range(7)]
    connector = stage.connector(page=5)
    first = connector.poll(None)
    with stage.broken("500"), pytest.raises(Unavailable):
        connector.poll(first.cursor)
    rest = heard(connector, first.cursor)
    assert {one.external_id for one in (*first.mentions, *rest)} == set(said)


@pytest.mark.parametrize(
    "cursor", ["", "junk", "[]", '{"v": 0}', '{"v": 1, "known": [["a"]]}', '{"v": 1, "known": 7}']
)
def test_a_cursor_that_cannot_be_read_starts_again_and_says_so(stage: BlueskyStage, cursor: str) -> None:
    uri = stage.say("My parcel is late.")
    page = stage.connector().poll(cursor)
    assert [one.external_id for one in page.mentions] == [uri]
    assert page.gap.startswith("its cursor cannot be read")


def test_too_much_on_one_page_is_asked_for_in_smaller_ones(stage: BlueskyStage) -> None:
    uri = stage.say("My parcel is late.")

    def fault(one: Request) -> Fault | None:
        huge = one.path == NOTES and b"limit=100" in one.raw
        return Fault(says(200, json.dumps({"a": "a" * (33 << 20)}))) if huge else None

    stage.proxy.fault = fault
    assert [one.external_id for one in heard(stage.connector(page=100))] == [uri]


def test_a_page_that_is_too_large_however_small_is_told(stage: BlueskyStage) -> None:
    stage.proxy.fault = lambda one: Fault(says(200, "a" * (33 << 20))) if one.path == NOTES else None
    with pytest.raises(Malformed, match="too large"):
        stage.connector().poll(None)
