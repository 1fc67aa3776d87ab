"""Sentiment is TextBlob's, asked for where TextBlob knows the words, and loaded only then."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textblob import TextBlob

from responder.policy.sentiment import polarity

WORDS = """
    not very extremely never good great awful terrible love hate broken late happy sad fine ok worst best
    perfect nice rude slow fast cheap expensive beautiful ugly :) :( 😡 ... ! ? the a my parcel
    is was and, don't
"""
SENTENCES = [
    "The worst delivery I ever had.",
    "Not bad at all, really not bad!",
    "I was told it is fine. It is not fine :(",
    "very very VERY disappointed...",
    "It's ok. Ok.",
    "",
    "   ",
    "\u202egnihton\u202c \u001b[2J",
    "ŽŠČ ёж 漢字",
    "great\n\n\ngreat; great, great",
]


@pytest.mark.parametrize("text", SENTENCES)
def test_a_text_sounds_as_textblob_hears_it(text: str) -> None:
    assert polarity(text, "en") == TextBlob(text).sentiment.polarity


@given(st.lists(st.sampled_from(WORDS.split()), max_size=30).map(" ".join))
def test_any_row_of_words_sounds_as_textblob_hears_it(text: str) -> None:
    assert polarity(text, "en") == TextBlob(text).sentiment.polarity


@given(st.text(max_size=200), st.sampled_from([None, "en", "de", "xx"]))
def test_any_text_has_a_tone_between_minus_one_and_one(text: str, language: str | None) -> None:
    assert -1.0 <= polarity(text, language) <= 1.0


def test_only_the_first_two_thousand_characters_are_scored() -> None:
    text = "terrible " + "a " * 1_000
    assert polarity(text + "wonderful " * 50, "en") == polarity(text, "en") == -1.0


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "der Tisch ist super"),
        ("fr", "un grand plaisir"),
        ("pt", "terrible"),
    ],
)
def test_a_text_told_to_be_in_another_language_is_not_judged(language: str, text: str) -> None:
    assert TextBlob(text).sentiment.polarity != 0
    assert polarity(text, language) == 0.0


def test_a_text_of_untold_language_is_judged_only_when_it_looks_english() -> None:
    assert polarity("the delivery was terrible") == -1.0
    assert polarity("Terrible service") == -1.0
    assert TextBlob("ein wirklich nur sehr cooler grand hotel abend").sentiment.polarity != 0
    assert polarity("ein wirklich nur sehr cooler grand hotel abend") == 0.0


def test_english_with_a_region_is_english() -> None:
    assert polarity("awful", "en-GB") == polarity("awful", "EN") == polarity("awful", "en") == -1.0


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False, timeout=60
    )


def test_textblob_is_loaded_only_when_something_is_judged() -> None:
    code = """
import sys
import responder.policy.urgency
from responder.policy.sentiment import polarity
polarity("alles gut", "de")
assert "textblob" not in sys.modules and "nltk" not in sys.modules
polarity("all good", "en")
assert "textblob" in sys.modules
"""
    assert run(code).stderr == ""


def test_no_warning_of_its_import_reaches_people() -> None:
    answer = run('from responder.policy.sentiment import polarity; print(polarity("awful", "en"))')
    assert (answer.stdout, answer.stderr) == ("-1.0\n", "")
