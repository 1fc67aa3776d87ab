"""The options of an account, and what is said of wrong ones."""

from typing import Any

import pytest

from connectors.mastodon import Mastodon
from connectors.mastodon.options import checked
from tests.connectors.stage import Safe

GOOD = {"server": "https://social.example"}


def problems(**options: Any) -> list[str]:
    """Return what is wrong with these options."""
    with pytest.raises(ValueError, match=": ") as caught:
        checked(GOOD | options)
    return str(caught.value).splitlines()


def test_a_server_is_enough() -> None:
    good = checked(GOOD)
    assert (good.server, good.host) == ("https://social.example", "social.example")
    assert (good.visibility, good.warnings, good.history, good.length) == ("unlisted", True, 7, 500)
    assert good.hashtags == good.searches == ()


@pytest.mark.parametrize(
    ("told", "server"),
    [
        ("https://social.example/", "https://social.example"),
        ("https://Social.Example:8443", "https://social.example:8443"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("http://[::1]:80", "http://[::1]:80"),
    ],
)
def test_an_address_is_taken_as_people_write_it(told: str, server: str) -> None:
    assert checked({"server": told}).server == server


@pytest.mark.parametrize(
    "told",
    [
        "social.example",
        "http://social.example",
        "ftp://social.example",
        "https://",
        "https://social.example/@brand",
        "https://social.example?x",
        "https://me@social.example",
        "https://social.example:x",
        "https://social example",
        "https://[social",
        17,
        "",
    ],
)
def test_what_is_no_address_of_a_server_is_refused(told: object) -> None:
    (problem,) = problems(server=told)
    assert problem.startswith("server: must be an address like https://social.example")


def test_hashtags_are_taken_with_and_without_their_sign() -> None:
    assert checked(GOOD | {"hashtags": ["#Acme", "acme", "Müller"]}).hashtags == ("acme", "müller")


def test_every_problem_is_told_on_a_line_of_its_own() -> None:
    told = problems(
        hashtag=["x"],
        visibility="private",
        warnings=True,
        hashtags="acme",
        searches=[""],
        history=-1,
        length=20,
        page=81,
        nonsense=1,
    )
    keys = "hashtag nonsense hashtags visibility warnings searches history length page"
    assert [line.partition(":")[0] for line in told] == keys.split()
    assert told[0] == "hashtag: is not known; did you mean hashtags?"


@pytest.mark.parametrize("bad", [{"length": True}, {"page": "40"}, {"history": 1.5}, {"hashtags": ["a b"]}])
def test_a_value_of_another_kind_is_refused(bad: dict[str, Any]) -> None:
    assert len(problems(**bad)) == 1


def test_a_missing_server_is_told() -> None:
    with pytest.raises(ValueError, match="server: is missing"):
        Mastodon("shop", {}, Safe())


def test_it_is_built_without_a_request_and_without_a_secret() -> None:
    made = Mastodon("shop", GOOD | {"length": 5000}, Safe())
    assert made.limits.hosts == ("social.example",)
    assert made.limits.length == 4940
    assert not made.limits.own_key
