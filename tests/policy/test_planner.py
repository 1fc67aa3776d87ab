"""Which kind of reply a complaint gets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.model.mention import Audience
from responder.policy.planner import REACHABLE, TOPICS, Playbook, plan
from tests.policy.books import mention


@pytest.mark.parametrize(
    ("topic", "tier", "posts", "replies", "playbook"),
    [
        ("delivery", 1, 1, 0, Playbook.FIRST_REPLY),
        ("outage", 3, 1, 0, Playbook.OUTAGE),
        ("", 1, 1, 0, Playbook.FAULT_UNKNOWN),
        ("delivery", 3, 2, 0, Playbook.FOLLOW_UP),  # they wrote again before we answered
        ("delivery", 3, 1, 1, Playbook.FOLLOW_UP),  # we answered, and it was not enough
        ("outage", 3, 2, 1, Playbook.FOLLOW_UP),
        ("", 1, 3, 0, Playbook.FOLLOW_UP),
        ("legal", 4, 1, 0, Playbook.LEGAL),
        ("legal", 4, 5, 2, Playbook.LEGAL),
        ("travel", 4, 1, 0, Playbook.FIRST_REPLY),  # time-critical, and no word of lawyers
        ("safety", 5, 1, 0, Playbook.SAFETY),
        ("safety", 5, 4, 2, Playbook.SAFETY),
        ("delivery", 5, 1, 0, Playbook.SAFETY),  # the tier says that somebody may be hurt
        ("weather", 1, 1, 0, Playbook.FAULT_UNKNOWN),  # a topic nobody knows
    ],
)
def test_a_complaint_gets_the_kind_of_reply_it_needs(
    topic: str, tier: int, posts: int, replies: int, playbook: Playbook
) -> None:
    assert plan(mention(), topic, tier, posts, replies).playbook is playbook


def test_an_outage_told_in_private_gets_a_reply_and_no_public_status() -> None:
    planned = plan(mention(audience=Audience.PRIVATE), "outage", 3, 1, 0)
    assert (planned.playbook, planned.topic) == (Playbook.FIRST_REPLY, "outage")


@given(
    st.sampled_from([*TOPICS, "weather"]),
    st.integers(0, 5),
    st.integers(1, 5),
    st.integers(0, 5),
    st.sampled_from(Audience),
)
def test_every_plan_is_one_that_the_replies_answer(
    topic: str, tier: int, posts: int, replies: int, audience: Audience
) -> None:
    planned = plan(mention(audience=audience), topic, tier, posts, replies)
    assert (planned.playbook, planned.topic) in REACHABLE
    assert planned.number == 1
