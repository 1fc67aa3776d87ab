"""Whatever a stranger wrote, showing it can neither act on a terminal nor hide."""

import time
from unicodedata import category, is_normalized

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from responder.model.visible import one_line, visible

JOINER = "\u200d"
#: What hostile and honest posts are made of; drawn from at random, beside any other character.
PIECES = (
    "\x1b[2J",
    "\x1b]52;c;cm0gLXJm\x07",
    "\x9b31m",
    "\u202e\u2066\u2069",
    "\u200b\u00ad\ufeff",
    "e\u0301\u0302\u0303\u0304\u0305\u0306",
    "\u0344\u0344\u0344",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\u2764\ufe0f\u200d\U0001f525",
    "\U0001f44d\U0001f3fd",
    "\U0001f1f8\U0001f1ee",
    "1\ufe0f\u20e3",
    "\U000e0041\U000e0042",
    "\u845b\U000e0100",
    "\u3164\u115f\u034f",
    "\r\n",
    "\ud83d",
    "\0",
    "\u2028\u2029\x85",
    "> \u0338=\u0338",
    "\u1112\u1161\u11ab",
)
TEXTS = st.lists(st.sampled_from(PIECES) | st.characters() | st.text(max_size=3), max_size=12).map("".join)


def emoji(char: str) -> bool:
    young = "\U0001f000" <= char <= "\U0001faff"  # younger than the tables of this Python
    return young or category(char) == "So" or char in "\u2194\u2195"


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[2J", "<U+001B>[2J"),
        ("\x1b]52;c;cm0=\x07", "<U+001B>]52;c;cm0=<U+0007>"),
        ("\x1b]8;;https://evil.example\x1b\\here", "<U+001B>]8;;https://evil.example<U+001B>\\here"),
        ("\x9b2J \x90 \x85", "<U+009B>2J <U+0090> <U+0085>"),
        ("\u202egnp.exe\u202c", "<U+202E>gnp.exe<U+202C>"),
        ("\u2066a\u2067b\u2068c\u2069", "<U+2066>a<U+2067>b<U+2068>c<U+2069>"),
        ("\u200e\u200f\u061c", "<U+200E><U+200F><U+061C>"),
        ("pa\u200bss\u00adword\ufeff", "pa<U+200B>ss<U+00AD>word<U+FEFF>"),
        ("a\0b", "a<U+0000>b"),
        ("half \ud83d a pair \udc00", "half <U+D83D> a pair <U+DC00>"),
        ("one\rtwo\ttree\x7f", "one<U+000D>two<U+0009>tree<U+007F>"),
        ("line\u2028paragraph\u2029", "line<U+2028>paragraph<U+2029>"),
        ("\U000e0069\U000e0067", "<U+E0069><U+E0067>"),
        ("a\ufe0fb\U000e0101\ufe0f", "a<U+FE0F>b<U+E0101><U+FE0F>"),
        ("\ue000\uffff\U0010fffe", "<U+E000><U+FFFF><U+10FFFE>"),
        ("\u3164\u115f\u1160\uffa0", "<U+3164><U+115F><U+1160><U+FFA0>"),
        ("ab\u034f\u180b", "ab<U+034F><U+180B>"),
        ("a\u200db", "a<U+200D>b"),
        ("\U0001f600\u200db \U0001f600\u200d", "\U0001f600<U+200D>b \U0001f600<U+200D>"),
        ("\u0301 starts \u0301", "<U+0301> starts <U+0301>"),
        ("\u200b\u0338", "<U+200B><U+0338>"),
    ],
)
def test_what_would_act_or_hide_is_shown_as_its_number(hostile: str, shown: str) -> None:
    assert visible(hostile) == shown


@pytest.mark.parametrize(
    "honest",
    [
        "Plain words, 100 %.\nAnd a second line.",
        "Škatla je prišla razbita; ďakujem, Ελλάδα, счупено, größe",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 family",
        "\U0001f469\U0001f3fd\u200d\U0001f680",
        "\u2764\ufe0f\u200d\U0001f525 \U0001f3f4\u200d\u2620\ufe0f \U0001f642\u200d\u2194\ufe0f",
        "\U0001f441\ufe0f\u200d\U0001f5e8\ufe0f \U0001f3c3\u200d\u27a1\ufe0f",
        "\U0001f1f8\U0001f1ee\U0001f1ed\U0001f1f7",
        "1\ufe0f\u20e3 #\ufe0f\u20e3 \u203c\ufe0f \u00a9\ufe0f \u2122\ufe0e \u2139\ufe0f",
        "\U0001fa77 \U0001fae8 \U0001fadf",
        "\u0928\u092e\u0938\u094d\u0924\u0947 \u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd \u845b\U000e0100",
        "a non-breaking\u00a0space",
    ],
)
def test_what_people_write_stays_as_it_is(honest: str) -> None:
    assert visible(honest) == honest


def test_line_ends_of_every_house_become_ours() -> None:
    assert visible("one\r\ntwo\nthree") == "one\ntwo\nthree"


def test_letters_and_their_accents_become_one() -> None:
    assert visible("c\u030c") == "č"


@pytest.mark.parametrize("marks", ["\u0300\u0315", "\u0e48\u0e49", "\u064b\u064c", "\u20dd\u0489"])
def test_a_tower_of_marks_keeps_four(marks: str) -> None:
    assert len(visible("x" + marks * 50)) == 1 + 4


def test_the_longest_tower_is_shown_in_no_time() -> None:
    tower = "x" + "\u0315\u0300" * 20_000  # each pair out of order: sorting them all takes many seconds
    begun = time.perf_counter()
    visible(tower)
    assert time.perf_counter() - begun < 0.5


@given(TEXTS)
@example("\u1100" + "\u0301" * 9 + "\u1161")
def test_no_text_brings_a_character_that_acts_or_hides(text: str) -> None:
    shown = visible(text)
    for place, char in enumerate(shown):
        kind = category(char)
        assert char == "\n" or kind not in {"Cc", "Zl", "Zp", "Cs", "Co"}
        if kind == "Cf":
            before = shown[:place].rstrip("\ufe0e\ufe0f")[-1:]
            assert char == JOINER
            assert emoji(before) or "\U0001f3fb" <= before <= "\U0001f3ff"
            assert emoji(shown[place + 1])
        if kind == "Cn":
            assert "\U0001f000" <= char <= "\U0001faff"
    assert is_normalized("NFC", shown)


@given(TEXTS)
def test_no_more_than_four_marks_stand_in_a_row(text: str) -> None:
    row = 0
    for char in visible(text):
        row = row + 1 if category(char) in {"Mn", "Me"} else 0
        assert row <= 4


@given(TEXTS)
def test_showing_twice_changes_nothing_more(text: str) -> None:
    assert visible(visible(text)) == visible(text)


@given(TEXTS, st.integers(0, 12))
def test_one_line_is_one_line_and_as_safe(text: str, width: int) -> None:
    line = one_line(text, width)
    assert "\n" not in line
    assert visible(line) == line
    if width:
        assert len(line) <= width


def test_a_line_that_is_cut_says_so() -> None:
    assert one_line("a parcel  that\nnever came", 13) == "a parcel tha…"
    assert one_line("short", 13) == "short"
    assert one_line("a family \U0001f468\u200d\U0001f469 of ours", 12) == "a family \U0001f468…"
