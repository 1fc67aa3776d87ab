"""What may be said about an account on Bluesky, and what is said about a mistake in it."""

import re
from typing import Any

import pytest

from connectors.bluesky import Bluesky
from connectors.bluesky.options import checked
from tests.connectors.stage import Safe

HANDLE = "handle: must be the account's handle, like acme.bsky.social"
_SERVER = "must be the address of a server, https:// and a name, like"
SERVICE, VIEW = (
    f"service: {_SERVER} https://bsky.social",
    f"public_view: {_SERVER} https://public.api.bsky.app",
)
SEARCHES = "searches: must be a list of words to look for, 10 at the most"


def built(**options: Any) -> Bluesky:
    return Bluesky("shop", {"handle": "shop.test", **options}, Safe())


def test_a_handle_is_enough() -> None:
    options = checked({"handle": "@Shop.Acme.example "})
    assert (options.handle, options.service) == ("shop.acme.example", "https://bsky.social")
    assert (options.searches, options.public_view, options.messages, options.page) == ((), "", False, 100)
    assert built().limits.hosts == ("bsky.social",)


def test_the_hosts_are_those_of_the_options() -> None:
    limits = built(service="https://pds.acme.example/", public_view="https://public.api.bsky.app").limits
    assert limits.hosts == ("pds.acme.example", "public.api.bsky.app")


def test_a_private_message_is_offered_only_where_customers_can_send_one() -> None:
    assert not built().limits.private_messages
    assert built(messages=True).limits.private_messages


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"handle": None}, HANDLE),
        ({"handle": "shop"}, HANDLE),
        ({"handle": "shop.test/x"}, HANDLE),
        ({"handle": "shop@acme.example"}, HANDLE),
        ({"services": "x"}, "services: is not known; did you mean service?"),
        ({"service": "http://acme.example"}, SERVICE),
        ({"service": "https://acme.example/xrpc"}, SERVICE),
        ({"service": "https://a:b@acme.example"}, SERVICE),
        ({"service": "https://acme.example:99999"}, SERVICE),
        ({"service": ""}, SERVICE),
        ({"public_view": "public.api.bsky.app"}, VIEW),
        ({"searches": "acme"}, SEARCHES),
        ({"searches": [" "]}, SEARCHES),
        ({"searches": [str(one) for one in range(11)]}, SEARCHES),
        ({"languages": ["eng"]}, "languages: must be a list of codes of two letters, 100 at the most"),
        ({"search_every": 60}, "search_every: must be a whole number from 300 to 86400"),
        ({"days": 0}, "days: must be a whole number from 1 to 90"),
        ({"page": True}, "page: must be a whole number from 1 to 100"),
        ({"messages": 1}, "messages: must be true or false"),
        ({"proxy": "proxy:3128"}, "proxy: must be an address like http://proxy.example:3128"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_one_line(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}$"):
        checked({"handle": "shop.test", **options})


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(ValueError, match=r"^handle: is missing; it is .*\ndays: must be"):
        checked({"days": "7"})


@pytest.mark.parametrize("service", ["http://localhost:2583", "http://127.0.0.1:2583", "https://[::1]:2583/"])
def test_a_server_on_this_machine_may_do_without_tls(service: str) -> None:
    assert checked({"handle": "did:plc:shop", "service": service}).service == service.rstrip("/")


def test_what_is_built_shows_no_secret() -> None:
    assert repr(built()) == "Bluesky(shop, shop.test)"
