"""Answering on Reddit: one comment, where it is allowed, and the truth about what became of it."""

from dataclasses import replace
from typing import Any

import pytest

from connectors.once.answer import LONGEST_WAIT
from responder.connector import (
    Answerable,
    ConnectorError,
    Eligibility,
    Refused,
    Unauthorised,
    Unavailable,
    Unsure,
)
from responder.model.delivery import Receipt
from responder.model.mention import Audience, Mention
from tests.connectors.reddit.stages import HTML, SCOPE, reddit
from tests.connectors.stage import heard, message
from tests.standins.reddit import (
    BRAND,
    Fail,
    Server,
    Thing,
    World,
    afterwards,
    breaks_off,
    errors,
    instead,
    to_comments,
)

THINGS = {"json": {"errors": [], "data": {"things": []}}}

#: What Reddit says to a comment: (how, the error, words for a person that it holds).
TABLE: dict[str, tuple[Fail, type[ConnectorError], str]] = {
    "TOO_OLD": (errors(("TOO_OLD", "Zu alt.", "parent")), Refused, "archived"),
    "THREAD_LOCKED": (errors(("THREAD_LOCKED", "Zu.", "parent")), Refused, "thread is locked"),
    "DELETED_COMMENT": (errors(("DELETED_COMMENT", "Weg.", "parent")), Refused, "comment was deleted"),
    "DELETED_LINK": (errors(("DELETED_LINK", "Weg.", "parent")), Refused, "post was deleted"),
    "TOO_LONG": (errors(("TOO_LONG", "Zu lang.", "text")), Refused, "too long"),
    "NO_TEXT": (errors(("NO_TEXT", "Leer.", "text")), Refused, "empty"),
    "SUBREDDIT_NOTALLOWED": (errors(("SUBREDDIT_NOTALLOWED", "Nein.", "sr")), Refused, "does not let us"),
    "BANNED_FROM_SUBREDDIT": (errors(("BANNED_FROM_SUBREDDIT", "Nein.", "sr")), Refused, "we are banned"),
    "USER_BLOCKED": (errors(("USER_BLOCKED", "Nein.", "user")), Refused, "blocked each other"),
    "a code nobody knows": (errors(("NOT_ON_SUNDAYS", "Nein.", "")), Refused, "(NOT_ON_SUNDAYS)"),
    "a code in small letters": (errors(("too_old", "Nein.", "")), Refused, "archived"),
    "a code with words in it": (errors(("canary says hi", "Nein.", "")), Unsure, "(UNKNOWN)"),
    "a failure of its own": (errors(("SERVER_ERROR", "Hoppla.", "")), Unsure, "(SERVER_ERROR)"),
    "RATELIMIT": (errors(("RATELIMIT", "Warte.", "ratelimit")), Unavailable, "wait"),
    "SUBREDDIT_RATELIMIT": (errors(("SUBREDDIT_RATELIMIT", "Warte.", "sr")), Unavailable, "wait"),
    "two errors, one for good": (
        errors(("RATELIMIT", "Warte.", "ratelimit"), ("TOO_OLD", "Zu alt.", "parent")),
        Refused,
        "archived",
    ),
    "not logged in": (errors(("USER_REQUIRED", "Nein.", "")), Unauthorised, "does not know us"),
    "errors that are no list": (afterwards(200, {"json": {"errors": {"a": 1}}}), Unsure, ""),
    "400 with a reason": (
        instead(400, {"fields": ["text"], "explanation": "Nein", "reason": "TOO_LONG"}),
        Refused,
        "too long",
    ),
    "400 with two fields": (
        instead(400, {"fields": ["text", "parent"], "explanation": "Nein", "reason": "NO_TEXT"}),
        Refused,
        "empty",
    ),
    "400 in HTML": (instead(400, b"<html>400 Bad request</html>", HTML), Refused, "400"),
    "401": (instead(401), Unauthorised, "401"),
    "403": (instead(403), Refused, "closed to us, or locked (403)"),
    "403, private": (instead(403, {"reason": "private", "message": "Forbidden"}), Refused, "private"),
    "403, a permission lacks": (instead(403, headers=SCOPE), Unauthorised, "permission submit"),
    "404": (instead(404), Refused, "404"),
    "429 in HTML": (instead(429, b"<html>", HTML), Unavailable, "wait"),
    "413": (instead(413, b"", HTML), Refused, "413"),
    "500": (instead(500), Unsure, "500"),
    "502": (instead(502, b"<html>", HTML), Unsure, "502"),
    "520": (instead(520, b"", HTML), Unsure, "520"),
    "created, then 503": (afterwards(503, b"<html>", HTML), Unsure, "503"),
    "created, then 504": (afterwards(504, b"", HTML), Unsure, "504"),
    "created, then cut": (breaks_off(0.5), Unsure, "no whole answer"),
    "created, then silence": (breaks_off(0.0), Unsure, "no whole answer"),
    "created, and no things": (afterwards(200, THINGS), Unsure, "not as expected"),
    "created, and errors too": (
        afterwards(200, {"json": {"errors": [["TOO_OLD", "", ""]], "data": {"things": [{"kind": "t1"}]}}}),
        Unsure,
        "with a comment",
    ),
    "created, and null": (afterwards(200, b"null"), Unsure, ""),
    "created, and nothing": (afterwards(204, b""), Unsure, ""),
}


def complaint(world: World, server: Server) -> tuple[Thing, Mention]:
    """Let somebody complain; return it, and how it was heard."""
    said = world.comment("ana", "My parcel is late.", world.post(BRAND, "How was it?"))
    (mention,) = heard(reddit(server))
    return said, mention


class TestTheTable:
    @pytest.mark.parametrize("what", TABLE)
    def test_whatever_reddit_says_there_is_one_write_and_the_truth(
        self, server: Server, world: World, what: str
    ) -> None:
        fail, error, words = TABLE[what]
        _, mention = complaint(world, server)
        connector = reddit(server)
        with server.failing(to_comments, fail), pytest.raises(ConnectorError) as caught:
            connector.send(message(mention), mention)
        assert len(server.writes) == 1
        assert type(caught.value) is error
        assert words in str(caught.value)
        found = connector.find_sent(message(mention), mention)
        assert len(found) == (1 if fail.effect else 0)
        assert not (found and error is not Unsure)

    def test_a_quarantined_community_takes_it_and_gives_nothing_back(
        self, server: Server, world: World
    ) -> None:
        _, mention = complaint(world, server)
        world.quarantined.add("acme")
        with pytest.raises(Unsure):
            reddit(server).send(message(mention), mention)
        assert len(server.writes) == 1
        assert len(reddit(server).find_sent(message(mention), mention)) == 1

    def test_what_is_locked_between_the_look_and_the_write_is_refused(
        self, server: Server, world: World
    ) -> None:
        said, mention = complaint(world, server)
        connector = reddit(server)
        connector.look(mention)
        world.things[said.thread].locked = True
        with pytest.raises(Refused, match="the thread is locked"):
            connector.send(message(mention), mention)

    def test_a_token_that_ended_early_is_told_and_nothing_goes_out_twice(
        self, server: Server, world: World
    ) -> None:
        _, mention = complaint(world, server)
        connector = reddit(server)
        connector.look(mention)
        server.forget_tokens()
        with pytest.raises(Unauthorised):
            connector.send(message(mention), mention)
        assert (len(server.writes), len(world.by(BRAND))) == (1, 1)
        assert connector.send(message(mention), mention).remote_id  # with a new token

    @pytest.mark.parametrize(
        ("text", "number", "seconds"),
        [
            ("Take a break for 6 minutes before trying again.", None, 361),
            ("you are doing that too much. try again in 1 hour.", None, 3601),
            ("Take a break for 2 hours and 5 minutes.", None, 7501),
            ("Take a break for 42 seconds", None, 43),
            ("Take a break for 500 milliseconds", None, 1.5),
            ("Take a break for 900 days", None, LONGEST_WAIT),
            ("Mach mal Pause: 6 Stunden.", None, 600),
            ("Mach mal Pause: 6 Stunden.", 354.5, 354.5),
            ("", None, 600),
            ("Take a break for 9 minutes", -3.0, 541),
        ],
    )
    def test_a_rate_limit_tells_how_long_to_wait(
        self, server: Server, world: World, text: str, number: float | None, seconds: float
    ) -> None:
        _, mention = complaint(world, server)
        fail = errors(("RATELIMIT", text, "ratelimit"), ratelimit=number)
        with server.failing(to_comments, fail), pytest.raises(Unavailable) as caught:
            reddit(server).send(message(mention), mention)
        assert caught.value.retry_after == seconds
        assert len(server.writes) == 1


class TestBeforeAnythingIsAsked:
    @pytest.mark.parametrize(
        ("change", "options", "why"),
        [
            ({"text": "  \n"}, {}, "empty"),
            ({"text": "ž" * 10_001}, {}, "10001 characters; Reddit takes 10000"),
            ({"audience": Audience.PRIVATE}, {}, "not meant for the public"),
            ({}, {"answer_in": ["other"]}, "r/acme is not in answer_in"),
            ({}, {"answer_in": []}, "r/acme is not in answer_in"),
            ({}, {"disclosure": "I am a machine of ACME."}, "I am a machine of ACME"),
        ],
    )
    def test_what_must_not_be_sent_is_refused(
        self, server: Server, world: World, change: dict[str, Any], options: dict[str, Any], why: str
    ) -> None:
        _, mention = complaint(world, server)
        before = len(server.requests)
        with pytest.raises(Refused, match=why):
            reddit(server, **options).send(replace(message(mention), **change), mention)
        assert len(server.requests) == before

    def test_a_reply_that_discloses_what_it_is_goes_out_as_it_was_approved(
        self, server: Server, world: World
    ) -> None:
        said, mention = complaint(world, server)
        text = "We are sorry.\n\n^(I am a machine\nof ACME; a person approved this.)"
        connector = reddit(server, disclosure="I am a machine of ACME; a person approved this.")
        connector.send(message(mention, text), mention)
        assert [one.text for one in world.answers(said)] == [text]

    def test_names_of_communities_are_the_same_in_any_case(self, server: Server, world: World) -> None:
        said, mention = complaint(world, server)
        reddit(server, answer_in=["r/ACME"]).send(message(mention), mention)
        assert len(world.answers(said)) == 1

    def test_what_is_no_post_is_not_answered(self, server: Server, world: World) -> None:
        _, mention = complaint(world, server)
        with pytest.raises(Refused, match="neither a post nor a comment"):
            reddit(server).send(message(mention), replace(mention, external_id="t4_abc"))


class TestWhetherWeMayAnswer:
    def ask(self, server: Server, mention: Mention, **options: Any) -> Eligibility:
        before = len(server.reads)
        may = reddit(server, **options).eligibility(mention)
        assert len(server.reads) - before <= 1
        return may

    def test_where_we_may_we_do(self, server: Server, world: World) -> None:
        _, mention = complaint(world, server)
        assert self.ask(server, mention) == Eligibility(answerable=Answerable.API)

    @pytest.mark.parametrize("answer_in", [[], ["other"]])
    def test_elsewhere_a_person_does_by_hand(
        self, server: Server, world: World, answer_in: list[str]
    ) -> None:
        _, mention = complaint(world, server)
        before = len(server.requests)
        may = self.ask(server, mention, answer_in=answer_in)
        assert may.answerable is Answerable.BY_HAND
        assert may.detail == mention.url
        assert len(server.requests) == before

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({"locked": True}, "the post is locked"),
            ({"archived": True}, "archived"),
            ({"removed": "moderator"}, "the post was removed"),
            ({"deleted": True}, ""),
        ],
    )
    def test_a_thread_that_takes_no_answers_is_told(
        self, server: Server, world: World, change: dict[str, Any], why: str
    ) -> None:
        said = world.comment("ana", f"Late! u/{BRAND}", world.post("eva", "My parcel"))
        (mention,) = heard(reddit(server))
        for name, value in change.items():
            setattr(world.things[said.thread], name, value)
        may = self.ask(server, mention)
        # a post that its author took away can still be answered beneath
        assert may.answerable is (Answerable.NO if why else Answerable.API)
        assert why in may.detail

    def test_a_quarantined_community_is_left_in_peace(self, server: Server, world: World) -> None:
        _, mention = complaint(world, server)
        world.quarantined.add("acme")
        may = self.ask(server, mention)
        assert (may.answerable, may.detail) == (Answerable.NO, "the community is quarantined")

    def test_a_comment_that_is_locked_or_gone_is_told(self, server: Server, world: World) -> None:
        said, mention = complaint(world, server)
        said.locked = True
        assert self.ask(server, mention).detail == "the comment is locked"
        world.delete(said)
        assert self.ask(server, mention).detail == "it is not there any more"

    def test_what_reddit_never_heard_of_is_not_there(self, server: Server, world: World) -> None:
        _, mention = complaint(world, server)
        assert self.ask(server, replace(mention, external_id="t1_zzzzzz")).answerable is Answerable.NO

    def test_our_own_page_of_a_user_is_a_place_too(self, server: Server, world: World) -> None:
        _, mention = complaint(world, server)
        on_a_page = replace(mention, url="https://www.reddit.com/user/ana/comments/abc/x/def/")
        assert self.ask(server, on_a_page, answer_in=["u_ana"]).answerable is Answerable.API
        assert self.ask(server, replace(mention, url="")).answerable is Answerable.BY_HAND


def test_a_receipt_leads_to_the_comment(server: Server, world: World) -> None:
    said, mention = complaint(world, server)
    receipt = reddit(server).send(message(mention, "We are sorry."), mention)
    (answer,) = world.answers(said)
    path = f"/r/acme/comments/{said.thread[3:]}/_/{answer.id}/"
    url = f"https://www.reddit.com{path}"
    assert receipt == Receipt(remote_id=answer.name, url=url, text="We are sorry.")
