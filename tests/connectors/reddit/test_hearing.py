"""What is heard on Reddit, and what each post says."""

from datetime import UTC, datetime
from typing import Any

import pytest

from responder.connector import Malformed, Sight, Unauthorised
from responder.model.mention import Audience, Mention
from tests.connectors.reddit.stages import reddit
from tests.connectors.stage import heard, pages
from tests.standins.reddit import BRAND, Server, World, instead, to_path
from tests.standins.reddit.shapes import account_id, listing

SEARCH: dict[str, Any] = {"searches": [{"subreddit": "acme", "query": "parcel"}]}
COMMUNITY: dict[str, Any] = {"subreddits": ["acme", "Parcels"]}


def texts(*mentions: Mention) -> list[str]:
    return [one.text for one in mentions]


class TestTheInbox:
    def test_mentions_and_replies_to_us_are_heard_in_one_poll(self, server: Server, world: World) -> None:
        ours = world.post(BRAND, "How was it?", title="Tell us")
        ours_below = world.comment(BRAND, "We are here.", world.post("ana", "Hello"))
        said = [
            world.comment("ben", "Badly.", ours),
            world.comment("cleo", "Are you?", ours_below),
            world.comment("dan", f"Ask u/{BRAND} about it!", world.post("eva", "Late again")),
        ]
        page = reddit(server).poll(None)
        assert [one.external_id for one in page.mentions] == [one.name for one in said]
        assert not page.more

    def test_what_is_not_for_us_is_not_heard(self, server: Server, world: World) -> None:
        world.comment("ben", "Nice.", world.post("ana", "A cat"))
        world.message("ana", "A private word")
        assert heard(reddit(server)) == []

    def test_a_comment_from_the_inbox_is_whole(self, server: Server, world: World) -> None:
        ours = world.post(BRAND, "How was it?", title="Tell us!")
        text = "**Badly.** See https://a.example/?q=1&b=2 &amp; <more>\n\n> quoted\n"
        said = world.comment("Ben", text, ours)
        (mention,) = heard(reddit(server))
        assert mention.text == text
        assert (mention.thread, mention.in_reply_to) == (ours.name, ours.name)
        assert (mention.author.id, mention.author.handle) == (f"t2_{account_id('Ben')}", "Ben")
        assert mention.created_at == datetime.fromtimestamp(said.created, UTC)
        path = f"/r/acme/comments/{ours.id}/tell_us_/{said.id}/"
        assert mention.url == f"https://www.reddit.com{path}"
        assert (mention.audience, mention.edit_mark, mention.author.bot) == (Audience.PUBLIC, "", False)

    def test_an_idle_poll_is_one_request_and_moves_nothing(self, server: Server, world: World) -> None:
        world.comment("ben", "Badly.", world.post(BRAND, "How was it?"))
        connector = reddit(server)
        *_, last = pages(connector)
        before = len(server.requests)
        assert connector.poll(last.cursor).cursor == last.cursor
        (only,) = server.requests[before:]
        assert (only.method, only.path) == ("GET", "/message/inbox/")
        assert (only.query["raw_json"], only.query["mark"]) == ("1", "false")

    def test_another_process_need_not_ask_who_we_are(self, server: Server) -> None:
        *_, last = pages(reddit(server))
        before = len(server.requests)
        page = reddit(server).poll(last.cursor)
        assert [one.path for one in server.requests[before:]] == ["/api/v1/access_token", "/message/inbox/"]
        assert page.own_id == f"t2_{account_id(BRAND)}"

    def test_a_token_of_another_account_is_told_before_anything_is_read(self, server: Server) -> None:
        with pytest.raises(Unauthorised, match="belongs to another account than acme_shop"):
            reddit(server, username="acme_shop").poll(None)
        assert [one.path for one in server.reads] == ["/api/v1/me"]

    def test_another_account_in_the_options_asks_who_we_are_again(self, server: Server) -> None:
        *_, last = pages(reddit(server))
        with pytest.raises(Unauthorised):
            reddit(server, username="acme_shop").poll(last.cursor)

    def test_reddit_is_asked_in_its_own_form_who_asks(self, server: Server) -> None:
        reddit(server).poll(None)
        agents = {one.headers["user-agent"].partition(" PRAW/")[0] for one in server.requests}
        (agent,) = agents
        assert agent.startswith("web:complaint-responder:v")
        assert agent.endswith(f" (by /u/{BRAND})")


class TestPosts:
    def test_title_and_words_are_one_text(self, server: Server, world: World) -> None:
        post = world.post("ana", "Four days now.\n\nNobody *answers*.", title="My parcel is late")
        (mention,) = heard(reddit(server, inbox=False, **SEARCH))
        assert mention.text == "My parcel is late\n\nFour days now.\n\nNobody *answers*."
        assert (mention.external_id, mention.thread, mention.in_reply_to) == (post.name, post.name, None)

    def test_a_post_that_leads_elsewhere_keeps_its_whole_address(self, server: Server, world: World) -> None:
        link = "https://pictures.example/a/very/long/path?with=a&query=" + "x" * 200
        world.post("ana", "", title="This parcel", link=link)
        (mention,) = heard(reddit(server, inbox=False, **SEARCH))
        assert mention.text == f"This parcel\n\n{link}"

    def test_new_posts_and_comments_of_communities_are_heard(self, server: Server, world: World) -> None:
        post = world.post("ana", "Late.", subreddit="acme")
        comment = world.comment("ben", "Mine too.", post)
        other = world.post("cleo", "Broken.", subreddit="parcels")
        world.post("dan", "A cat.", subreddit="cats")
        found = {one.external_id for one in heard(reddit(server, inbox=False, **COMMUNITY))}
        assert found == {post.name, comment.name, other.name}

    def test_what_two_sources_bring_is_heard_once(self, server: Server, world: World) -> None:
        post = world.post("ana", "My parcel", title="Late")
        comment = world.comment("ben", f"u/{BRAND} look!", post)
        found = [one.external_id for one in heard(reddit(server, **COMMUNITY, **SEARCH))]
        assert sorted(found) == sorted([post.name, comment.name])


class TestPeople:
    def test_our_own_words_are_left_out_however_our_name_is_written(
        self, server: Server, world: World
    ) -> None:
        world.post(BRAND, "We have a parcel for you.")
        assert heard(reddit(server, inbox=False, username=BRAND.upper(), **SEARCH, **COMMUNITY)) == []

    def test_two_people_whose_accounts_are_gone_are_two(self, server: Server, world: World) -> None:
        ours = world.post(BRAND, "How was it?")
        for name in ("ben", "cleo"):
            world.comment(name, "Badly.", ours)
            world.delete_account(name)
        one, other = heard(reddit(server))
        assert (one.author.handle, other.author.handle) == ("[deleted]", "[deleted]")
        assert one.author.id != other.author.id
        assert one.author.id.startswith("[deleted]")

    def test_known_machines_are_marked_and_nobody_else(self, server: Server, world: World) -> None:
        ours = world.post(BRAND, "How was it?")
        for name in ("AutoModerator", "Parcel_Tracker", "talbot"):
            world.comment(name, "Beep.", ours)
        found = heard(reddit(server, bots=["parcel_tracker"]))
        assert [one.author.bot for one in found] == [True, True, False]


class TestChanges:
    def test_what_was_taken_away_before_it_was_read_is_not_heard(self, server: Server, world: World) -> None:
        ours = world.post(BRAND, "How was it?")
        world.delete(world.comment("ben", "Badly.", ours))
        world.remove(world.comment("cleo", "Buy pills!", ours))
        assert heard(reddit(server)) == []

    @pytest.mark.parametrize("how", ["deleted", "removed"])
    def test_what_is_taken_away_later_is_told(self, server: Server, world: World, how: str) -> None:
        said = world.comment("ben", "Badly.", world.post(BRAND, "How was it?"))
        connector = reddit(server)
        *_, last = pages(connector)
        (world.delete if how == "deleted" else world.remove)(said)
        page = connector.poll(last.cursor)
        assert (page.removed, page.mentions) == ((said.name,), ())
        assert connector.poll(page.cursor).removed == ()

    def test_an_edit_is_heard_by_the_inbox_which_does_not_tell_of_edits(
        self, server: Server, world: World
    ) -> None:
        said = world.comment("ben", "Badly.", world.post(BRAND, "How was it?"))
        connector = reddit(server)
        *_, last = pages(connector)
        world.edit(said, "Very badly.")
        page = connector.poll(last.cursor)
        (mention,) = page.mentions
        assert (mention.external_id, mention.text) == (said.name, "Very badly.")
        assert mention.edit_mark
        assert connector.poll(page.cursor).mentions == ()
        look = connector.look(mention)
        assert (look.sight, look.now) == (Sight.PRESENT, mention)

    def test_an_edit_that_two_sources_bring_is_one_edit(self, server: Server, world: World) -> None:
        post = world.post("ana", "My parcel is late.")
        connector = reddit(server, inbox=False, **COMMUNITY, **SEARCH)
        *_, last = pages(connector)
        world.edit(post, "My parcel came.")
        found, cursor = list[Mention](), last.cursor
        for _ in range(6):
            page = connector.poll(cursor)
            found += page.mentions
            cursor = page.cursor
        assert texts(*found) == ["My parcel came."]

    def test_words_that_a_moderator_lets_back_in_are_heard(self, server: Server, world: World) -> None:
        said = world.comment("ben", "Badly.", world.post(BRAND, "How was it?"))
        world.remove(said)
        connector = reddit(server)
        *_, last = pages(connector)
        said.removed = ""
        assert texts(*connector.poll(last.cursor).mentions) == ["Badly."]


class TestWhatCannotBeRead:
    def test_one_thing_is_set_aside_once_and_the_rest_goes_on(self, server: Server, world: World) -> None:
        good = {"name": "t1_a1", "author": "ben", "body": "Badly.", "created_utc": 1.7e9, "link_id": "t3_a0"}
        bad = [
            {"kind": "t1", "data": good | {"name": "t1_a2", "body": None}},
            {"kind": "t1", "data": good | {"name": "t1_a3", "created_utc": "yesterday"}},
            {"kind": "t1", "data": good | {"name": "t1_a4", "link_id": ""}},
            {"kind": "t9", "data": good | {"name": "t9_a5"}},
            {"kind": "t1", "data": good | {"name": "a6 "}},
            ["not", "a", "thing"],
            None,
        ]
        said = listing([*bad, {"kind": "t1", "data": good}])  # type: ignore[list-item]
        connector = reddit(server)
        with server.failing(to_path("/message"), instead(200, said)):
            page = connector.poll(None)
            again = connector.poll(page.cursor)
        assert texts(*page.mentions) == ["Badly."]
        assert len(page.malformed) == 7
        assert page.malformed[-1].place == "t1_a2"
        assert "body is no text" in page.malformed[-1].problem
        assert '"t1_a2"' in page.malformed[-1].body
        assert (again.mentions, again.malformed) == ((), ())

    def test_when_nothing_is_as_it_was_nothing_is_passed_over(self, server: Server) -> None:
        said = listing([{"kind": "t1", "data": {"id": name, "content": "x"}} for name in ("a1", "a2")])
        with server.failing(to_path("/message"), instead(200, said)), pytest.raises(Malformed):
            reddit(server).poll(None)

    def test_a_cursor_of_somebody_else_begins_anew_and_says_so(self, server: Server, world: World) -> None:
        world.comment("ben", "Badly.", world.post(BRAND, "How was it?"))
        for cursor in ("17", "{", '{"places": 3}', '{"places": {"inbox": {"seen": 1}}}', "[]"):
            page = reddit(server).poll(cursor)
            assert texts(*page.mentions) == ["Badly."]
            assert "read again" in page.gap
