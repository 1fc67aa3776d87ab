"""Whom X lets our app answer, told before anything is drafted and without a request; the network agrees."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from connectors.x import X
from responder.connector import Answerable, Eligibility, Mention, Refused
from tests.connectors.stage import heard, message
from tests.connectors.x.stage import connector
from tests.standins.x import Server, World

API, BY_HAND, NO = Answerable.API, Answerable.BY_HAND, Answerable.NO


def ours(world: World) -> str:
    """Post something as the brand."""
    return world.post("acme", "We are open on Saturday.")


def chain(world: World) -> str:
    """Let somebody answer somebody who answered us: our name is put before it, and nobody typed it."""
    return world.post("bo", "Same here", answering=world.post("ana", "Never again.", answering=ours(world)))


#: What is posted, and whether X lets us answer it.
POSTS: dict[str, tuple[Callable[[World], str], Answerable]] = {
    "named at the beginning": (lambda world: world.post("ana", "@acme where is it?"), API),
    "named in the middle, in capitals": (lambda world: world.post("ana", "Hey @ACME, where is it?"), API),
    "named after a bracket": (lambda world: world.post("ana", "Late again (@acme)"), API),
    "named in an answer to us": (
        lambda world: world.post("ana", "And now, @acme?", answering=ours(world)),
        API,
    ),
    "quoted": (
        lambda world: world.post("ana", "Open, they say. @bo", quoting=ours(world), before="@acme "),
        API,
    ),
    "an answer to us that does not name us": (
        lambda world: world.post("ana", "And now?", answering=ours(world)),
        BY_HAND,
    ),
    "an answer to an answer": (chain, BY_HAND),
    "only in a link": (
        lambda world: world.post("ana", "https://blog.com/@acme is right", answering=ours(world)),
        BY_HAND,
    ),
    "a name that begins with ours": (
        lambda world: world.post("ana", "I asked @acme_help", answering=ours(world)),
        BY_HAND,
    ),
}


@pytest.fixture
def polling(x: Server) -> X:
    """The connector that has heard nothing yet."""
    return connector(x)


def asked(x: Server, polling: X, number: str) -> tuple[Mention, Eligibility]:
    """Hear a post, and ask about it without a request."""
    (mention,) = (one for one in heard(polling) if one.external_id == number)
    requests, _ = len(x.requests), polling.spent()
    told = polling.eligibility(mention)
    assert (len(x.requests), polling.spent()) == (requests, ())
    return mention, told


@pytest.mark.parametrize("what", POSTS)
def test_what_is_told_beforehand_is_what_x_does(x: Server, polling: X, what: str) -> None:
    post, answerable = POSTS[what]
    number = post(x.world)
    mention, told = asked(x, polling, number)
    assert told.answerable is answerable
    if answerable is API:
        assert polling.send(message(mention), mention).remote_id
    else:
        assert told.detail == f"https://x.com/intent/tweet?in_reply_to={number}&text={{words}}"
        with pytest.raises(Refused, match=r"By hand: https://x\.com/intent/tweet"):
            polling.send(message(mention), mention)


@pytest.mark.parametrize("what", POSTS)
def test_another_process_that_read_nothing_is_told_the_same(x: Server, polling: X, what: str) -> None:
    mention, told = asked(x, polling, POSTS[what][0](x.world))
    assert connector(x).eligibility(mention) == told


def test_what_only_a_search_found_is_answered_by_hand_until_x_lists_it(x: Server) -> None:
    number = x.world.post("ana", "@acme acme refund, please")
    x.world.unlisted.add(number)
    x.world.wait(minutes=1)
    polling = connector(x, queries=["refund"])
    cursor = polling.poll(None).cursor
    page = polling.poll(cursor)
    (mention,) = page.mentions
    assert polling.eligibility(mention).answerable is BY_HAND
    assert connector(x).eligibility(mention).answerable is BY_HAND
    x.world.unlisted.clear()
    polling.poll(page.cursor)
    assert polling.eligibility(mention).answerable is API
    assert polling.poll(cursor).mentions  # the search finds it once more
    assert polling.eligibility(mention).answerable is API


def test_what_a_search_found_that_quotes_us_can_be_answered(x: Server) -> None:
    x.world.post("ana", "Open, they say. No refund though.", quoting=ours(x.world))
    x.world.wait(minutes=1)
    polling = connector(x, queries=["refund"])
    (mention,) = polling.poll(polling.poll(None).cursor).mentions
    assert polling.eligibility(mention).answerable is API
    assert polling.send(message(mention), mention).remote_id


def test_what_its_author_lets_only_some_answer_is_answered_by_nobody(x: Server, polling: X) -> None:
    root = x.world.post("ana", "Only for my friends", settings="following")
    number = x.world.post("bo", "They never answer", answering=root, before="@acme ")
    _, told = asked(x, polling, number)
    assert told.answerable is NO
    assert "only some people" in told.detail


def test_what_names_us_can_be_answered_whoever_else_may(x: Server, polling: X) -> None:
    number = x.world.post("ana", "@acme where is it?", settings="mentionedUsers")
    mention, told = asked(x, polling, number)
    assert told.answerable is API
    assert polling.send(message(mention), mention).remote_id


def test_an_edit_that_names_us_counts(x: Server, polling: X) -> None:
    number = x.world.post("ana", "And now?", answering=ours(x.world))
    x.world.edit(number, "And now, @acme?")
    mention, told = asked(x, polling, number)
    assert told.answerable is API
    assert polling.send(message(mention), mention).remote_id


def test_an_app_of_a_large_customer_may_answer_anybody(x: Server) -> None:
    x.customs.summoned_only = False
    polling = connector(x, enterprise=True)
    mention, told = asked(x, polling, chain(x.world))
    assert told.answerable is API
    assert polling.send(message(mention), mention).remote_id


def test_what_another_account_heard_is_not_ours_to_answer(x: Server, polling: X) -> None:
    mention, _ = asked(x, polling, x.world.post("ana", "@acme where is it?"))
    assert polling.eligibility(replace(mention, account="other")).answerable is NO
