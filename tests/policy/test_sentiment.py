"""Sentiment is TextBlob's: its English lexicon and arithmetic, and its interface for every language."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textblob import TextBlob

from responder.policy.language import OURS
from responder.policy.sentiment import sound_of
from responder.policy.tokens import Tokens
from tests.policy.sensed import senses

POSTS = Path(__file__).parents[3] / "shared" / "data" / "triage" / "complaints.csv"
WORDS = """
    not very extremely never good great awful terrible love hate broken late happy sad fine worst best
    perfect nice rude slow fast cheap expensive beautiful ugly ! ? the a my parcel is was and,
"""
SENTENCES = [
    "The worst delivery I ever had.",
    "Not bad at all, really not bad!",
    "I was told it is fine. It is not fine :(",
    "very very VERY disappointed...",
    "",
    "   ",
    "\u202egnihton\u202c \u001b[2J",
    "ŽŠČ ёж 漢字",
    "great\n\n\ngreat; great, great",
]


def polarity(text: str) -> float:
    return sound_of(Tokens(text).words).polarity


def test_a_contracted_not_turns_a_word_which_textblobs_tokeniser_misses() -> None:
    assert polarity("It isn't good") == pytest.approx(TextBlob("It is not good").sentiment.polarity)


@pytest.mark.parametrize("text", SENTENCES)
def test_a_text_sounds_as_textblob_hears_it(text: str) -> None:
    assert polarity(text) == pytest.approx(TextBlob(text).sentiment.polarity)


@given(st.lists(st.sampled_from(WORDS.split()), max_size=30).map(" ".join))
def test_any_row_of_words_sounds_as_textblob_hears_it(text: str) -> None:
    assert polarity(text) == pytest.approx(TextBlob(text).sentiment.polarity)


@pytest.mark.skipif(not POSTS.exists(), reason="the posts for measuring are not beside this checkout")
def test_of_a_hundred_real_posts_at_least_ninety_six_sound_as_textblob_hears_them() -> None:
    with POSTS.open(newline="", encoding="utf-8") as file:
        texts = [row["text"] for row in csv.DictReader(file)][::7]
    same = sum(abs(polarity(text) - TextBlob(text).sentiment.polarity) < 0.005 for text in texts)
    assert same / len(texts) >= 0.96


@given(st.text(max_size=200), st.sampled_from(OURS))
def test_textblob_takes_our_analyzers_for_any_text(text: str, language: str) -> None:
    sentiment = TextBlob(text, analyzer=senses().analyzers[language]).sentiment
    assert -1.0 <= sentiment.polarity <= 1.0


@pytest.mark.parametrize(
    ("language", "angry", "glad"),
    [
        ("bg", "ужасно обслужване, отвратително", "прекрасно, много благодаря"),
        ("de", "furchtbarer Service, einfach schlecht", "wunderbar, vielen Dank"),
        ("en", "terrible service, simply awful", "wonderful, I love it"),
        ("es", "un servicio horrible, asco", "maravilloso, muchas gracias"),
        ("fr", "service horrible, vraiment nul", "merveilleux, merci beaucoup"),
        ("hr", "užasna usluga, katastrofa", "predivno, hvala puno"),
        ("sl", "grozna storitev, katastrofa", "čudovito, najlepša hvala"),
        ("sv", "fruktansvärd service, skit", "underbart, tack så mycket"),
    ],
)
def test_every_language_has_a_sound(language: str, angry: str, glad: str) -> None:
    analyzer = senses().analyzers[language]
    low, high = (TextBlob(text, analyzer=analyzer).sentiment.polarity for text in (angry, glad))
    assert low < 0 < high


def test_only_the_first_two_thousand_characters_are_scored() -> None:
    text = "terrible " + "a " * 1_000
    assert polarity(text + "wonderful " * 50) == polarity(text) == -1.0


def test_textblob_is_loaded_only_when_a_text_is_judged() -> None:
    code = "import sys, responder.policy.sentiment; sys.exit('textblob' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
