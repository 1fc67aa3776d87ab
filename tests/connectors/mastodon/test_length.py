"""How long a post is, as Mastodon counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.mastodon.length import length
from tests.standins.mastodon.server import characters

LONG = "https://shop.example.org/orders/2026/03/late-parcels?from=mail&no=17#answer"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Sorry!", 6),
        ("a\nb\n\nc", 6),
        ("Žal nam je", 10),
        ("e\u0301", 1),
        ("👨‍👩‍👧‍👦🏳️‍🌈🇸🇮👍🏽", 4),
        (LONG, 23),
        (f"See {LONG}.", 28),
        (f"({LONG})", 25),
        ("https://a.com", 23),
        ("https://a.com and HTTPS://B.ORG/x", 51),
        ("@ana@far.example.org hi", 7),
        ("@ana hi", 7),
        ("mail care@shop.example", 22),
        # what is not surely an address counts in full, and as one where that is more
        ("http://localhost/a/very/long/address/that/is/none", 49),
        ("https://shop.unknownending/with/a/very/long/address", 51),
        ("x" + LONG, 1 + len(LONG)),
        ("http://x.y.", 24),
    ],
)
def test_a_post_is_as_long_as_mastodon_says(text: str, count: int) -> None:
    assert length(text) == count


def test_a_server_may_count_addresses_otherwise() -> None:
    assert length(f"{LONG} {LONG}", 25) == 51


_WORDS = st.sampled_from(
    [
        "sorry",
        "žal",
        "👨‍👩‍👧‍👦",
        "e\u0301",
        "\n",
        " ",
        " ",
        LONG,
        "https://a.org",
        "https://b.org/x?y=1",
        "@ana@far.example",
        ", ",
    ]
)


@given(st.lists(_WORDS))
def test_it_never_counts_less_than_the_server(words: list[str]) -> None:
    text = " ".join(words)
    assert length(text) >= characters(text, 23)


def test_a_text_that_is_made_to_stall_does_not() -> None:
    for piece in ("@a", "https://a.", "@" + "a" * 9, "https://" + "a-" * 9, "a@"):
        length(piece * 20_000)
