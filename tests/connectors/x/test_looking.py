"""Looking at a post again: is it there, unedited, open and unanswered, and with how many requests."""

from collections.abc import Callable

import pytest

from connectors.x import X
from responder.connector import Malformed, Mention, Sight
from tests.connectors.stage import heard
from tests.connectors.x.stage import connector
from tests.standins.x import Answer, Fault, Server

VOCABULARIES = pytest.mark.parametrize("vocabulary", ["tweet", "post"])


def complaint(x: Server, polling: X, text: str = "@acme My parcel is late.") -> Mention:
    """Let somebody complain, and hear it."""
    number = x.world.post("ana", text)
    found = next(one for one in heard(polling) if one.external_id == number)
    x.requests.clear()
    return found


@VOCABULARIES
def test_one_request_tells_of_a_post_that_nobody_answered(x: Server, vocabulary: str) -> None:
    polling = connector(x, vocabulary=vocabulary)
    mention = complaint(x, polling)
    look = polling.look(mention)
    assert (look.sight, look.now) == (Sight.PRESENT, mention)
    assert [one.path for one in x.requests] == ["/2/tweets"]


@VOCABULARIES
def test_a_second_one_looks_at_our_own_posts_where_somebody_answered(x: Server, vocabulary: str) -> None:
    polling = connector(x, vocabulary=vocabulary)
    mention = complaint(x, polling)
    x.world.post("bo", "Same here", answering=mention.external_id)
    assert polling.look(mention).sight is Sight.PRESENT
    number = x.world.post("acme", "We are looking into it.", answering=mention.external_id)
    x.requests.clear()
    look = polling.look(mention)
    assert (look.sight, look.detail) == (Sight.ANSWERED, f"we answered it: https://x.com/i/status/{number}")
    assert len(x.requests) == 2


@VOCABULARIES
def test_an_answer_to_an_earlier_version_is_an_answer(x: Server, vocabulary: str) -> None:
    polling = connector(x, vocabulary=vocabulary)
    mention = complaint(x, polling)
    x.world.post("acme", "We are looking into it.", answering=mention.external_id)
    x.world.edit(mention.external_id, "@acme My parcel is late and wet.")
    assert polling.look(mention).sight is Sight.ANSWERED


def test_an_answer_to_the_newest_version_is_an_answer(x: Server) -> None:
    polling = connector(x)
    mention = complaint(x, polling)
    newest = x.world.edit(mention.external_id, "@acme My parcel is late and wet.")
    x.world.post("acme", "We are looking into it.", answering=newest)
    assert polling.look(mention).sight is Sight.ANSWERED


@VOCABULARIES
def test_one_request_brings_the_words_of_an_edit(x: Server, vocabulary: str) -> None:
    polling = connector(x, vocabulary=vocabulary)
    mention = complaint(x, polling)
    x.world.edit(mention.external_id, "@acme It is wet.")
    newest = x.world.edit(mention.external_id, "@acme It is wet and late.")
    look = polling.look(mention)
    assert look.sight is Sight.CHANGED
    assert look.now
    assert (look.now.text, look.now.edit_mark) == ("@acme It is wet and late.", newest)
    assert (look.now.external_id, look.now.thread) == (mention.external_id, mention.thread)
    assert len(x.requests) == 1
    assert polling.look(look.now).sight is Sight.PRESENT


def test_a_newer_version_that_did_not_come_along_is_asked_for(x: Server) -> None:
    polling = connector(x)
    mention = complaint(x, polling)
    x.world.edit(mention.external_id, "@acme It is wet.")
    x.habits.alone = True
    look = polling.look(mention)
    assert look.now
    assert (look.sight, look.now.text) == (Sight.CHANGED, "@acme It is wet.")
    assert len(x.requests) == 2


def test_an_author_with_a_new_name_is_seen(x: Server) -> None:
    polling = connector(x)
    mention = complaint(x, polling)
    x.world.users["ana"].handle = "ana_maria"
    look = polling.look(mention)
    assert look.now
    assert (look.sight, look.now.author.handle) == (Sight.PRESENT, "ana_maria")


GONE: dict[str, tuple[Callable[[Server, Mention], object], str]] = {
    "deleted": (lambda x, one: x.world.remove(one.external_id), "deleted"),
    "suspended": (lambda x, _: x.world.user("ana", suspended=True), "suspended"),
    "private": (lambda x, _: x.world.user("ana", protected=True), "some people only"),
    "private, and we follow": (
        lambda x, _: x.world.user("ana", protected=True, followed=True),
        "some people only",
    ),
}


@VOCABULARIES
@pytest.mark.parametrize("how", GONE)
def test_what_cannot_be_seen_any_more_is_gone_with_the_reason(x: Server, vocabulary: str, how: str) -> None:
    polling = connector(x, vocabulary=vocabulary)
    mention = complaint(x, polling)
    happens, why = GONE[how]
    happens(x, mention)
    look = polling.look(mention)
    assert look.sight is Sight.GONE
    assert why in look.detail


def test_what_its_author_closed_since_is_closed(x: Server) -> None:
    polling = connector(x, enterprise=True)
    mention = complaint(x, polling, "@acme My parcel is late.")
    post = x.world.find(mention.external_id)
    assert post
    post.settings = "following"
    assert polling.look(mention).sight is Sight.PRESENT  # it names us
    x.world.post("acme", "We are open.")
    other = x.world.post("bo", "Nothing works.", answering=x.world.by("acme")[0].id)
    (found,) = (one for one in heard(polling) if one.external_id == other)
    post = x.world.find(other)
    assert post
    post.settings = "mentionedUsers"
    look = polling.look(found)
    assert look.sight is Sight.CLOSED
    assert look.detail


def test_an_answer_that_neither_has_the_post_nor_says_why_proves_nothing(x: Server) -> None:
    polling = connector(x)
    mention = complaint(x, polling)
    with x.broken(Fault(Answer(200, {}))), pytest.raises(Malformed):
        polling.look(mention)


def test_that_another_post_is_gone_says_nothing_of_this_one(x: Server) -> None:
    polling = connector(x, vocabulary="post")
    parent = x.world.post("bo", "Look at this")
    number = x.world.post("ana", "They never answer, @acme", answering=parent)
    (mention,) = (one for one in heard(polling) if one.external_id == number)
    x.world.remove(parent)
    assert polling.look(mention).sight is Sight.PRESENT


def test_a_parent_that_is_gone_is_told_to_those_who_know_it(x: Server) -> None:
    polling = connector(x, vocabulary="post")
    parent = x.world.post("bo", "@acme Look at this")
    x.world.post("ana", "They never answer, @acme", answering=parent)
    x.world.remove(parent)
    page = polling.poll(None)
    assert page.removed == (parent,)


def test_a_mention_that_a_search_found_keeps_its_address(x: Server) -> None:
    x.world.post("ana", "acme refund, please")
    x.world.wait(minutes=1)
    polling = connector(x, queries=["refund"])
    (mention,) = polling.poll(polling.poll(None).cursor).mentions
    assert polling.look(mention).now == mention
