"""What people said is laid over triage: each rule of it, with our own senses where they matter."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.model.correction import LEAST, MOST, Correction, What, nudged
from responder.policy.urgency import triage
from tests.policy.sensed import NOW, post, senses, weigh


def said(what: What, tier: int) -> Correction:
    return Correction(
        case_id=1, mention_id=1, seen="", what=what, by="sam", at=NOW, probability=0.5, tier=tier, urgency=0,
        found="en",
    )  # fmt: skip


@pytest.mark.parametrize(("text", "told"), [("ok super top", "sv"), ("Paket?", "de"), ("no", "hr")])
def test_a_post_is_heard_in_the_language_that_a_person_told(text: str, told: str) -> None:
    assert triage(post(text), (), replace(senses(), spoken=told), NOW).language == told


def test_earlier_posts_are_heard_in_it_too() -> None:
    before = post("der toaster stand plötzlich in flammen", None, days_ago=1)
    found = triage(post("ok", None), (before,), replace(senses(), spoken="de"), NOW)
    assert (found.language, found.tier) == ("de", 5)


def test_where_nobody_told_a_language_it_is_found_out_as_before() -> None:
    assert weigh("mein Paket ist seit Wochen weg", None).language == "de"


@given(
    st.integers(0, 5),
    st.lists(st.sampled_from([What.MORE_URGENT, What.LESS_URGENT, What.COMPLAINT]), max_size=8),
)
def test_laid_over_the_same_verdict_again_it_is_where_it_stood(tier: int, whats: list[What]) -> None:
    now, kept = tier, []
    for what in whats:
        if (what is What.MORE_URGENT and now >= MOST) or (what is What.LESS_URGENT and now <= LEAST):
            continue  # refused by the step
        kept.append(said(what, now))
        now = nudged(now, kept[-1])
    again = tier
    for one in kept:
        again = nudged(again, one)
    assert again == now
    assert 0 <= again <= MOST


@given(st.integers(0, 5), st.integers(1, 4))
def test_what_a_person_raised_never_sinks_below_by_itself(later: int, raised_from: int) -> None:
    assert nudged(later, said(What.MORE_URGENT, raised_from)) >= raised_from + 1
