"""The options of an X account: what is wrong is said all at once, and what is right is taken."""

from typing import Any

import pytest

from connectors.x import X
from connectors.x.options import KNOWN, checked
from tests.connectors.stage import Safe


def problems(**options: Any) -> list[str]:
    """Return what is wrong with options, line by line."""
    with pytest.raises(ValueError, match=r": ") as caught:
        checked({"handle": "acme", **options})
    return str(caught.value).splitlines()


def test_a_handle_is_enough() -> None:
    options = checked({"handle": "@acme"})
    assert (options.handle, options.auth, options.vocabulary) == ("acme", "oauth1", "tweet")
    assert (options.url, options.queries, options.length) == ("https://api.x.com", (), 280)
    assert not any(
        (options.links, options.dm_button, options.enterprise, options.confidential, options.client_id)
    )


def test_every_problem_is_listed_at_once() -> None:
    assert problems(handel="acme", handle=7, auth="password", queries="acme", length=0, links="no") == [
        "handel: is not known; did you mean handle?",
        "auth: must be oauth1 or oauth2",
        "handle: must be our name on X, like acme",
        "queries: must be a list of searches, each of at most 512 characters",
        "links: must be true or false",
        "length: must be a whole number from 1 to 25000",
    ]


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"user_id": 7}, "user_id: must be our number on X, in quotes"),
        ({"auth": "oauth2"}, "client_id: is missing; it is the app's client id, for OAuth 2"),
        ({"vocabulary": "toot"}, "vocabulary: must be tweet or post"),
        ({"queries": ["acme", "acme"]}, "queries: holds one twice"),
        ({"queries": ["a" * 513]}, "queries: must be a list of searches, each of at most 512 characters"),
        ({"length": 280.5}, "length: must be a whole number from 1 to 25000"),
        ({"timeout": "15"}, "timeout: must be a number from 0.05 to 60"),
        ({"prices": 7}, "prices: must be a table like {reply = 0.015}, in US dollars"),
        ({"prices": {"replay": 1}}, "prices.replay: is not known; did you mean reply?"),
        ({"prices": {"reply": "1"}}, "prices.reply: must be US dollars, like 0.015"),
        ({"prices": {"reply": -1}}, "prices.reply: must be US dollars, like 0.015"),
        *(
            ({"url": url}, "url: must be the address of the API, beginning with https://")
            for url in (
                "",
                7,
                "http://api.x.com",
                "https://",
                "https://a:b@x.com",
                "https://[",
                "https://x.com:y",
            )
        ),
    ],
)
def test_a_problem_says_what_is_expected(options: dict[str, Any], line: str) -> None:
    assert problems(**options) == [line]


def test_a_missing_handle_is_told() -> None:
    with pytest.raises(ValueError, match="handle: is missing"):
        checked({})


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:80", "http://[::1]:80/", "https://api.x.com/", "https://p.example/x"]
)
def test_an_address_may_be_another_as_long_as_keys_are_safe_on_the_way(url: str) -> None:
    assert checked({"handle": "acme", "url": url}).url == url.rstrip("/")


def test_building_it_asks_for_the_secrets_it_will_need_and_for_nothing_else() -> None:
    asked: list[str] = []

    class Asked(Safe):
        def __call__(self, name: str) -> str:
            asked.append(name)
            return '{"access_token": "a", "refresh_token": "b"}'

    X("shop", {"handle": "acme"}, Asked())
    assert asked == ["api_key", "api_secret", "access_token", "access_token_secret"]
    asked.clear()
    X("shop", {"handle": "acme", "auth": "oauth2", "client_id": "c"}, Asked())
    assert asked == ["oauth2"]
    asked.clear()
    X("shop", {"handle": "acme", "auth": "oauth2", "client_id": "c", "confidential": True}, Asked())
    assert sorted(asked) == ["client_secret", "oauth2"]


def test_every_option_is_in_the_documentation(request: pytest.FixtureRequest) -> None:
    page = (request.config.rootpath / "docs" / "connectors.md").read_text(encoding="utf-8")
    section = page.partition("## X")[2].partition("\n## ")[0]
    assert [name for name in KNOWN if f"`{name}`" not in section] == []
