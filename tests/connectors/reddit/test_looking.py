"""Looking at a post again, for our answers, and at what strangers see of them."""

from dataclasses import replace
from typing import Any

import pytest

from responder.connector import Malformed, Refused, Sight, Unavailable
from responder.model.delivery import Receipt
from responder.model.mention import Mention
from tests.connectors.reddit.stages import reddit
from tests.connectors.stage import heard, message
from tests.standins.reddit import BRAND, Server, Thing, World, instead, to_path
from tests.standins.reddit.shapes import Shapes, listing

SEARCH: dict[str, Any] = {"inbox": False, "searches": [{"subreddit": "acme", "query": "parcel"}]}


def complaint(world: World, server: Server) -> tuple[Thing, Mention]:
    """Let somebody complain beneath somebody's post; return it, and how it was heard."""
    said = world.comment("ana", f"u/{BRAND}, my parcel is late.", world.post("eva", "Parcels"))
    (mention,) = heard(reddit(server))
    return said, mention


class TestTheLook:
    def test_is_one_request_for_the_comment_and_what_hangs_beneath_it(
        self, server: Server, world: World
    ) -> None:
        said, mention = complaint(world, server)
        connector = reddit(server)
        connector.poll(None)
        before = len(server.requests)
        look = connector.look(mention)
        (only,) = server.requests[before:]
        assert only.path == f"/comments/{said.thread[3:]}/_/{said.id}/"
        assert (look.sight, look.now) == (Sight.PRESENT, mention)

    @pytest.mark.parametrize(
        ("change", "sight", "detail"),
        [
            ({"locked": True}, Sight.CLOSED, "the post is locked"),
            ({"archived": True}, Sight.CLOSED, "archived"),
            ({"removed": "moderator"}, Sight.CLOSED, "the post was removed"),
            ({"deleted": True}, Sight.PRESENT, ""),
        ],
    )
    def test_tells_what_became_of_the_thread(
        self, server: Server, world: World, change: dict[str, Any], sight: Sight, detail: str
    ) -> None:
        said, mention = complaint(world, server)
        for name, value in change.items():
            setattr(world.things[said.thread], name, value)
        look = reddit(server).look(mention)
        assert look.sight is sight
        assert detail in look.detail

    def test_tells_of_a_quarantine_and_of_a_community_that_closed(self, server: Server, world: World) -> None:
        _, mention = complaint(world, server)
        world.quarantined.add("acme")
        assert reddit(server).look(mention).detail == "the community is quarantined"
        world.private.add("acme")
        look = reddit(server).look(mention)
        assert (look.sight, look.detail) == (Sight.CLOSED, "it is private")

    def test_a_comment_that_a_moderator_took_away_is_gone(self, server: Server, world: World) -> None:
        said, mention = complaint(world, server)
        world.remove(said)
        assert reddit(server).look(mention).sight is Sight.GONE

    def test_a_comment_that_was_deleted_with_answers_beneath_it_is_gone(
        self, server: Server, world: World
    ) -> None:
        said, mention = complaint(world, server)
        world.comment("ben", "Mine too.", said)
        world.delete(said)
        assert reddit(server).look(mention).sight is Sight.GONE

    def test_a_comment_that_its_thread_does_not_show_yet_is_not_taken_for_gone(
        self, server: Server, world: World
    ) -> None:
        said, mention = complaint(world, server)
        said.unthreaded = True
        with pytest.raises(Unavailable, match="not show it in its thread yet"):
            reddit(server).look(mention)
        world.delete(said)
        assert reddit(server).look(mention).sight is Sight.GONE

    @pytest.mark.parametrize("how", ["delete", "remove"])
    def test_a_post_that_was_taken_away_is_gone(self, server: Server, world: World, how: str) -> None:
        post = world.post("ana", "My parcel is late.", title="Late")
        (mention,) = heard(reddit(server, **SEARCH))
        getattr(world, how)(post)
        assert reddit(server).look(mention).sight is Sight.GONE

    def test_a_thread_that_reddit_does_not_know_is_gone(self, server: Server, world: World) -> None:
        _, mention = complaint(world, server)
        assert reddit(server).look(replace(mention, thread="t3_zzzzzz")).sight is Sight.GONE

    def test_brings_what_its_author_wrote_since(self, server: Server, world: World) -> None:
        said, mention = complaint(world, server)
        other = world.comment("ben", "Did it come?", said)
        later = [world.comment("ana", "No.", other), world.comment("ana", "Still not.", said)]
        look = reddit(server).look(mention)
        assert look.sight is Sight.PRESENT
        assert [one.external_id for one in look.since] == [one.name for one in later]
        assert {one.thread for one in look.since} == {mention.thread}

    def test_of_a_post_it_brings_what_its_author_added_beneath_it(self, server: Server, world: World) -> None:
        post = world.post("ana", "My parcel is late.")
        (mention,) = heard(reddit(server, **SEARCH))
        added = world.comment("ana", "It came, thanks!", post)
        world.comment("ben", "Mine did not.", post)
        look = reddit(server).look(mention)
        assert [(one.external_id, one.text) for one in look.since] == [(added.name, "It came, thanks!")]

    def test_tells_when_the_account_of_its_author_is_gone(self, server: Server, world: World) -> None:
        _, mention = complaint(world, server)
        world.delete_account("ana")
        look = reddit(server).look(mention)
        assert look.now is not None
        assert look.now.author.handle == "[deleted]"

    def test_an_edit_and_its_taking_back_are_told_by_the_words(self, server: Server, world: World) -> None:
        said, mention = complaint(world, server)
        before = said.text
        world.edit(said, "It came, thanks!")
        changed = reddit(server).look(mention)
        assert changed.sight is Sight.CHANGED
        world.edit(said, before)
        assert reddit(server).look(mention).sight is Sight.PRESENT

    def test_our_answer_is_seen_though_others_answered_more_often(self, server: Server, world: World) -> None:
        post = world.post("ana", "My parcel is late.")
        (mention,) = heard(reddit(server, **SEARCH))
        for number in range(30):
            world.comment(f"ben{number}", "Mine too.", post)
        world.comment(BRAND, "We are looking into it.", post)
        for number in range(30):
            world.comment(f"cleo{number}", "Mine too.", post)
        assert reddit(server).look(mention).sight is Sight.ANSWERED

    def test_a_thread_that_is_shown_in_another_way_is_no_answer(self, server: Server, world: World) -> None:
        _, mention = complaint(world, server)
        empty = {"data": {"children": list[Any]()}}
        answers: list[Any] = [{"a": 1}, [], [1, 2], [empty, empty]]
        for said in answers:
            with server.failing(to_path("/comments"), instead(200, said)), pytest.raises(Malformed):
                reddit(server).look(mention)


class TestWhatWasSent:
    def test_all_of_our_answers_are_found_the_oldest_first(self, server: Server, world: World) -> None:
        said, mention = complaint(world, server)
        ours = [world.comment(BRAND, "First.", said), world.comment(BRAND, "Second.", said)]
        world.comment(BRAND, "Elsewhere.", world.comment("ben", "Me too.", said))
        found = reddit(server).find_sent(message(mention), mention)
        assert [one.remote_id for one in found] == [one.name for one in ours]
        assert [one.text for one in found] == ["First.", "Second."]

    def test_one_that_is_hidden_from_others_is_found(self, server: Server, world: World) -> None:
        _, mention = complaint(world, server)
        world.hides_ours = True
        connector = reddit(server)
        receipt = connector.send(message(mention), mention)
        assert [one.remote_id for one in connector.find_sent(message(mention), mention)] == [
            receipt.remote_id
        ]

    @pytest.mark.parametrize("where", ["unlisted", "unthreaded"])
    def test_one_that_only_the_thread_or_only_our_own_page_shows_yet_is_found(
        self, server: Server, world: World, where: str
    ) -> None:
        said, mention = complaint(world, server)
        ours = world.comment(BRAND, "We are sorry.", said)
        setattr(ours, where, True)
        found = reddit(server).find_sent(message(mention), mention)
        assert [one.remote_id for one in found] == [ours.name]

    def test_one_in_a_community_that_closed_since_is_found(self, server: Server, world: World) -> None:
        _, mention = complaint(world, server)
        connector = reddit(server)
        receipt = connector.send(message(mention), mention)
        world.private.add("acme")
        assert [one.remote_id for one in connector.find_sent(message(mention), mention)] == [
            receipt.remote_id
        ]

    def test_one_that_we_deleted_is_not_found_even_where_its_place_is_shown(
        self, server: Server, world: World
    ) -> None:
        said, mention = complaint(world, server)
        ours = world.comment(BRAND, "We are sorry.", said)
        world.comment("ben", "Are you?", ours)
        world.delete(ours)
        assert reddit(server).find_sent(message(mention), mention) == ()
        page = listing(Shapes(world, ours=True).things([ours]))
        with server.failing(to_path("/user"), instead(200, page)):
            assert reddit(server).find_sent(message(mention), mention) == ()

    def test_one_beneath_many_later_ones_of_ours_is_found(self, server: Server, world: World) -> None:
        _, mention = complaint(world, server)
        world.hides_ours = True
        connector = reddit(server)
        receipt = connector.send(message(mention), mention)
        other = world.post("ben", "Parcels")
        for number in range(250):
            world.comment(BRAND, f"Sorry, {number}.", other)
        found = connector.find_sent(message(mention), mention)
        assert [one.remote_id for one in found] == [receipt.remote_id]

    def test_our_own_page_is_read_no_further_back_than_needed(self, server: Server, world: World) -> None:
        _, mention = complaint(world, server)
        other = world.post("ben", "Parcels")
        for number in range(250):
            world.comment(BRAND, f"Sorry, {number}.", other).created -= 10 * 86_400
        before = len(server.reads)
        assert reddit(server).find_sent(message(mention), mention) == ()
        assert len(server.reads) - before == 2

    def test_when_our_own_page_is_not_shown_nobody_says_that_nothing_was_sent(
        self, server: Server, world: World
    ) -> None:
        _, mention = complaint(world, server)
        for status in (403, 404):
            with server.failing(to_path("/user"), instead(status)), pytest.raises(Refused):
                reddit(server).find_sent(message(mention), mention)


class TestWhatIsSeen:
    def test_strangers_see_what_is_not_hidden(self, server: Server, world: World) -> None:
        _, mention = complaint(world, server)
        connector = reddit(server)
        shown = connector.shown(connector.send(message(mention, "We are *sorry*."), mention), mention)
        assert (shown.text, shown.to_strangers) == ("We are *sorry*.", True)

    def test_what_is_hidden_without_a_word_is_told(self, server: Server, world: World) -> None:
        _, mention = complaint(world, server)
        world.hides_ours = True
        connector = reddit(server)
        shown = connector.shown(connector.send(message(mention), mention), mention)
        assert (shown.text, shown.to_strangers) == (message(mention).text, False)

    def test_what_a_moderator_removed_is_told(self, server: Server, world: World) -> None:
        said, mention = complaint(world, server)
        connector = reddit(server)
        receipt = connector.send(message(mention), mention)
        (answer,) = world.answers(said)
        world.remove(answer)
        assert connector.shown(receipt, mention).to_strangers is False

    def test_what_is_gone_has_no_words(self, server: Server, world: World) -> None:
        said, mention = complaint(world, server)
        connector = reddit(server)
        receipt = connector.send(message(mention), mention)
        (answer,) = world.answers(said)
        world.delete(answer)
        assert connector.shown(receipt, mention).text is None

    def test_strangers_are_asked_as_the_app_alone_and_only_where_wanted(
        self, server: Server, world: World
    ) -> None:
        _, mention = complaint(world, server)
        receipt = reddit(server).send(message(mention), mention)
        kinds: list[str] = []
        for strangers in (False, True):
            before = len(server.requests)
            shown = reddit(server, strangers=strangers).shown(receipt, mention)
            assert shown.to_strangers is (True if strangers else None)
            kinds += [one.form["grant_type"] for one in server.requests[before:] if "grant_type" in one.form]
        assert kinds == ["refresh_token", "refresh_token", "client_credentials"]

    def test_a_comment_elsewhere_is_not_our_answer(self, server: Server, world: World) -> None:
        _, mention = complaint(world, server)
        elsewhere = world.comment(BRAND, "Hello.", world.post("ben", "Parcels"))
        shown = reddit(server).shown(Receipt(remote_id=elsewhere.name, url=""), mention)
        assert shown.text is None
