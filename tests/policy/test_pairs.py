"""Which first? Pairs of invented posts in eight languages, and posts that are no complaints.

Both are our own: the pairs were written by people who had not seen the cues, and the cues were extended by
them since. They keep what was reached; they say nothing about posts that nobody has seen.
"""

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from responder.policy.language import OURS
from tests.bench.triage import in_order
from tests.policy.sensed import weigh

HERE = Path(__file__).parent
#: Whether a post of this kind goes before a person.
KEPT = {
    "complaint": True, "sarcasm": True, "praise": False, "question": False,
    "solved": False, "spam": False, "opt-out": False,
}  # fmt: skip


def told(folder: str, language: str, key: str) -> list[dict[str, str]]:
    read: dict[str, list[dict[str, str]]] = tomllib.loads(
        (HERE / folder / f"{language}.toml").read_text(encoding="utf-8")
    )
    return read[key]


@pytest.mark.parametrize("language", OURS)
def test_of_a_hundred_pairs_at_least_ninety_five_are_in_the_right_order(language: str) -> None:
    pairs = told("pairs", language, "pair")
    assert len(pairs) >= 150
    assert len({pair["first"] for pair in pairs} | {pair["then"] for pair in pairs}) == 2 * len(pairs)
    wrong = [pair for pair in pairs if not in_order(pair["first"], pair["then"], language)]
    assert len(wrong) <= 0.05 * len(pairs), wrong


@pytest.mark.parametrize("language", OURS)
def test_complaints_are_kept_and_most_of_the_rest_is_told_apart(language: str) -> None:
    posts = told("kinds", language, "post")
    right = Counter(
        post["kind"] for post in posts if weigh(post["text"], language).complaint is KEPT[post["kind"]]
    )
    every = Counter(post["kind"] for post in posts)
    assert right["complaint"] >= every["complaint"] - 1
    assert right["sarcasm"] >= every["sarcasm"] - 2
    assert sum(right.values()) >= 0.85 * len(posts), right


@pytest.mark.parametrize("language", OURS)
def test_calm_words_about_safety_stand_above_angry_ones_about_taste(language: str) -> None:
    pairs = told("pairs", language, "pair")[:32]  # the first group of each file
    assert sum(in_order(pair["first"], pair["then"], language) for pair in pairs) >= 30
