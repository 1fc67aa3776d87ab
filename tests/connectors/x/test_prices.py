"""What calls cost: counted by kind, each post once a day, rather too much, and handed over once."""

import pytest

from connectors.x import X
from connectors.x.prices import OWNED, PRICES
from responder.connector import Mention, Unsure
from tests.connectors.stage import heard, message
from tests.connectors.x.stage import FAULTS, connector
from tests.standins.x import BRAND, Server


def spent(calling: X) -> dict[str, tuple[int, int]]:
    """Return what was spent by kind: how many, and micros."""
    return {one.kind: (one.units, one.micros) for one in calling.spent()}


def complaint(x: Server, calling: X, text: str = "@acme My parcel is late.") -> Mention:
    """Let somebody complain, hear it, and forget what that cost."""
    number = x.world.post("ana", text)
    (mention,) = (one for one in heard(calling) if one.external_id == number)
    calling.spent()
    return mention


def test_reading_costs_by_the_post_and_by_the_author_once_a_day(x: Server) -> None:
    for _ in range(3):
        x.world.post("ana", "@acme My parcel is late.")
    calling = connector(x)
    calling.poll(None)
    assert spent(calling) == {"mention read": (3, 15_000), "author read": (1, 10_000)}
    calling.poll(None)
    assert spent(calling) == {}
    x.world.wait(days=1)
    calling.poll(None)
    assert spent(calling) == {"mention read": (3, 15_000), "author read": (1, 10_000)}


def test_an_app_of_the_account_itself_reads_for_less(x: Server) -> None:
    x.world.post("ana", "@acme My parcel is late.")
    calling = connector(x, owned=True)
    calling.poll(None)
    assert spent(calling)["mention read"] == (1, 1_000)


def test_what_comes_along_in_the_new_words_is_counted(x: Server) -> None:
    root = x.world.post(BRAND, "We are open.")
    x.world.post("ana", "And now, @acme?", answering=root)
    calling = connector(x, vocabulary="post")
    calling.poll(None)
    assert spent(calling) == {
        "mention read": (1, 5_000),
        "post referred to": (1, 5_000),
        "author read": (2, 20_000),
    }


def test_what_is_not_there_or_goes_wrong_costs_nothing(x: Server) -> None:
    calling = connector(x)
    calling.poll(None)
    with x.broken(FAULTS["503"]), pytest.raises(Exception, match="503"):
        calling.poll(None)
    assert spent(calling) == {}


def test_a_search_and_a_look_have_prices_of_their_own(x: Server) -> None:
    calling = connector(x, queries=["parcel"])
    mention = complaint(x, calling)
    calling.look(mention)
    calling.look(mention)
    assert spent(calling) == {"post looked up": (1, 5_000)}
    x.world.wait(minutes=1)
    calling.poll(calling.poll(None).cursor)
    assert spent(calling) == {"post found": (1, 5_000)}


@pytest.mark.parametrize(
    ("text", "chosen", "kind", "micros"),
    [
        ("We are sorry.", {}, "summoned reply", 10_000),
        ("We are sorry.", {"enterprise": True}, "reply", 15_000),
        ("See https://acme.com/help", {"links": True}, "reply with a link", 200_000),
        ("We are sorry.", {"prices": {"summoned_reply": 0.0125}}, "summoned reply", 12_500),
        ("We are sorry.", {"prices": {"summoned_reply": 0}}, "summoned reply", 0),
    ],
)
def test_a_reply_costs_what_it_is(
    x: Server, text: str, chosen: dict[str, object], kind: str, micros: int
) -> None:
    calling = connector(x, None, **chosen)
    mention = complaint(x, calling)
    calling.send(message(mention, text), mention)
    assert spent(calling) == {kind: (1, micros)}


def test_a_reply_that_may_have_gone_out_is_counted_and_one_that_did_not_is_not(x: Server) -> None:
    calling = connector(x)
    mention = complaint(x, calling)
    with x.broken(FAULTS["403, not summoned"]), pytest.raises(Exception, match="By hand"):
        calling.send(message(mention), mention)
    assert spent(calling) == {}
    with x.broken(FAULTS["reset after it"]), pytest.raises(Unsure):
        calling.send(message(mention), mention)
    assert spent(calling) == {"summoned reply": (1, 10_000)}


def test_looking_for_a_reply_costs_by_the_post_of_ours(x: Server) -> None:
    calling = connector(x)
    mention = complaint(x, calling)
    for number in range(3):
        x.world.post(BRAND, f"Good morning {number}")
    calling.find_sent(message(mention), mention)
    assert spent(calling) == {"own post read": (3, 15_000), "author read": (1, 10_000)}


def test_every_price_is_of_the_list_as_it_was_dated() -> None:
    dollars = {name: one.micros / 1_000_000 for name, one in PRICES.items()}
    assert dollars == {
        "mention": 0.005, "own": 0.005, "search": 0.005, "lookup": 0.005, "referenced": 0.005, "author": 0.01,
        "reply": 0.015, "summoned_reply": 0.01, "link_reply": 0.2,
    }  # fmt: skip
    assert {name: one.micros for name, one in OWNED.items() if one != PRICES[name]} == {
        "mention": 1000,
        "own": 1000,
    }
