"""Training: the same posts give the same bytes, and what it learned is what it was taught."""

from functools import cache

from responder.policy.learned import read_model
from responder.policy.tokens import Tokens
from responder.training.data import Complaint, Sounding
from responder.training.fit import fitted
from responder.training.matrix import Bits
from tests.policy.sensed import senses

SMALL = Bits(shared=10, own=10, levels=10)
THINGS = ("lamp", "sofa", "parcel", "train", "phone", "shoes", "kettle", "refund")
TROUBLES = (
    "my {} is broken",
    "the {} never came",
    "your {} is awful, shame on you",
    "where is the {} I paid for",
)
FINE = ("I love my {}", "thanks for the {}", "do you sell a {}", "the {} is lovely")


def taught() -> list[Complaint]:
    posts = [
        Complaint(words.format(thing), 1 + at, f"domain {at}")
        for at, words in enumerate(TROUBLES)
        for thing in THINGS
    ]
    return posts + [Complaint(words.format(thing), 0, "retail") for words in FINE for thing in THINGS]


def sounding() -> list[Sounding]:
    pairs = [(words, True) for words in TROUBLES] + [(words, False) for words in FINE]
    return [
        Sounding(words.format(thing), negative, language, "invented")
        for words, negative in pairs
        for thing in THINGS
        for language in ("en", "de")
    ]


@cache
def model() -> bytes:
    return fitted(taught(), sounding(), senses().cues, senses().topics, SMALL)


def test_the_same_posts_give_the_same_bytes() -> None:
    assert fitted(taught(), sounding(), senses().cues, senses().topics, SMALL) == model()


def test_it_tells_what_it_was_taught() -> None:
    judge = read_model(model())
    wrong = judge.opinion({}, Tokens("the sofa is broken and never came").words, "en")
    fine = judge.opinion({}, Tokens("thanks, I love my shoes").words, "en")
    assert wrong.complaint > fine.complaint
    assert wrong.tone > fine.tone
    assert wrong.negative > fine.negative


def test_no_sentence_of_the_posts_is_in_the_file() -> None:
    for post in taught():
        assert post.text.encode() not in model()
