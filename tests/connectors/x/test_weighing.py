"""What a text weighs on X, and where X sees a link: each figure is what X's own counter (3.1.0) gives."""

import pytest

from connectors.x.links import links
from connectors.x.weighing import weight

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"

LETTERS = {
    "": 0,
    "We are sorry.": 13,
    "Žal nam je": 10,
    "Съжаляваме": 10,
    "A\u0301B": 2,  # put together first
    "A\ufb2c": 4,  # taken apart first
    "日本": 4,
    "저찀쯿": 6,
    "“—”": 3,
    "\u2010": 1,
    "…": 2,
    "\u2032\u2037": 2,
    "\u2038": 2,
    "\u200d": 1,
    "\u2028": 2,
    "\U00010000": 2,
    "x" * 285: 285,
    "x" * 279 + "A\u0301x": 281,
    "故" * 140: 280,
    "the" + "故" * 160: 323,
}
EMOJI = {
    "😷": 2,
    "😷" * 160: 320,
    "👍🏽": 2,
    FAMILY: 2,
    ENGLAND: 2,
    "🙋🏽👨\u200d🎤": 4,
    "\U0001f468\U0001f469": 4,
    "🇸🇪": 2,
    "🇸": 2,
    "🇸🇪🇩": 4,
    "1\ufe0f\u20e3": 2,
    "#\u20e3": 2,
    "❤\ufe0f": 2,
    "❤": 2,
    "©": 1,
    "©\ufe0f": 2,
    "™": 2,
    f"H🐱☺{FAMILY}": 7,
}
#: A text -> what it weighs, and the links in it.
LINKS = {
    "foo.de": (23, ["foo.de"]),
    "Hi http://acme.co": (26, ["http://acme.co"]),
    "https://acme.com/help?a=1&b=2#c": (23, ["https://acme.com/help?a=1&b=2#c"]),
    "https://acme.com/" + "a" * 300: (23, ["https://acme.com/" + "a" * 300]),
    "acme.com/help me": (26, ["acme.com/help"]),
    "see acme.com.": (28, ["acme.com"]),
    "acme.com,": (24, ["acme.com"]),
    "(acme.com)": (25, ["acme.com"]),
    "acme.com/(a)": (23, ["acme.com/(a)"]),
    "acme.com/a...": (26, ["acme.com/a"]),
    "acme.com/..": (25, ["acme.com/"]),
    "acme.com?q=1": (27, ["acme.com"]),
    "acme.com/?q=1": (23, ["acme.com/?q=1"]),
    "acme.com:8080/x": (23, ["acme.com:8080/x"]),
    "acme.de/ä": (23, ["acme.de/ä"]),
    "ACME.COM": (23, ["ACME.COM"]),
    "shop.acme.co.uk": (23, ["shop.acme.co.uk"]),
    "münchen.de": (23, ["münchen.de"]),
    "foo.xn--p1ai": (23, ["foo.xn--p1ai"]),
    "a.de b.de": (47, ["a.de", "b.de"]),
    "a.de/b.de": (23, ["a.de/b.de"]),
    "日本acme.com": (27, ["acme.com"]),
    "acme.com日本": (27, ["acme.com"]),
    "http://日本.com": (23, ["http://日本.com"]),
    "https://t.co/aBc123": (23, ["https://t.co/aBc123"]),
    "https://t.co/aBc123/more": (28, ["https://t.co/aBc123"]),
    "https://" + "a" * 63 + ".com": (23, ["https://" + "a" * 63 + ".com"]),
    # what nobody meant as one
    "it.so.": (24, ["it.so"]),
    "Done.In time": (28, ["Done.In"]),
    "5.de": (23, ["5.de"]),
}
NO_LINKS = (
    "acme.example", "https://acme.example/help", "ana@acme.com", "@acme.com", "#acme.com", "$acme.com",
    "-acme.com", "_acme.com", "a_b.com", "acme.com-x", "acme.com@x", "日本.com", "россия.рф", "v2.0", "12.30",
    "e.g. this", "Mr.Smith", "Danke.Wir", "http://acme", "http://-acme.com", "http://acme-.com",
    "https://" + "a" * 64 + ".com",
)  # fmt: skip


@pytest.mark.parametrize(("text", "weighs"), [*LETTERS.items(), *EMOJI.items()])
def test_a_letter_weighs_one_or_two_and_an_emoji_two(text: str, weighs: int) -> None:
    assert weight(text) == weighs


@pytest.mark.parametrize("text", LINKS)
def test_a_link_weighs_the_same_however_long_it_is(text: str) -> None:
    weighs, found = LINKS[text]
    assert weight(text) == weighs
    assert [text[one.start : one.end] for one in links(text)] == found


@pytest.mark.parametrize("text", NO_LINKS)
def test_what_x_makes_no_link_of_weighs_what_its_letters_weigh(text: str) -> None:
    assert list(links(text)) == []
    assert weight(text) == sum(2 if char >= "\u1100" else 1 for char in text)


def test_an_emoji_newer_than_x_s_counter_weighs_two_as_its_rules_say() -> None:
    assert weight("\U0001f426\u200d\U0001f525") == 2


@pytest.mark.parametrize(
    "text", ["a" * 25_000 + ".", "foo.de/(" * 3_000, "foo.de/((" + "a" * 25_000, "日" * 25_000]
)
def test_no_text_takes_long_to_weigh(text: str) -> None:
    assert (
        weight(text) >= len(text) / 2
    )  # a backtracking pattern would not come back before the test's time-out
