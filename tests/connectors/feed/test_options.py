"""The options of an account, and what is said of wrong ones."""

from typing import Any

import pytest

from connectors.feed import Feed
from tests.connectors.stage import ACCOUNT, Safe


def options_problems(**options: Any) -> list[str]:
    with pytest.raises(ValueError, match=": ") as caught:
        Feed(ACCOUNT, options, Safe())
    return str(caught.value).splitlines()


def test_a_feed_or_a_folder_is_needed() -> None:
    assert options_problems() == ["feeds: is missing, and so is inbox; name at least one of them"]


@pytest.mark.parametrize(
    "address",
    ["shop.example", "ftp://shop.example/x", "file:///etc/passwd", "https://", "https://me:pw@shop.example/"],
)
def test_what_is_no_address_of_a_feed_is_refused(address: str) -> None:
    (problem,) = options_problems(feeds=[address])
    assert "is no address like" in problem


def test_every_problem_is_told_on_a_line_of_its_own() -> None:
    told = options_problems(
        feed="x", feeds="y", inbox=5, network="", own="me", private=[1], history=True, length=1
    )
    keys = "feed feeds inbox network own private history length"
    assert [line.partition(":")[0] for line in told] == keys.split()
    assert told[0] == "feed: is not known; did you mean feeds?"


def test_so_many_feeds_are_read_and_no_more() -> None:
    told = options_problems(feeds=[f"https://shop.example/{n}" for n in range(21)])
    assert told == ["feeds: 20 at the most"]


def test_it_is_built_without_a_request_and_without_a_secret() -> None:
    feed = Feed(ACCOUNT, {"feeds": ["https://A.example/x", "https://a.example/y"], "inbox": "in"}, Safe())
    assert feed.limits.hosts == ("a.example",)
    assert feed.network == "feed"
