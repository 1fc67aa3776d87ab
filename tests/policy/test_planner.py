"""Which kind of reply a complaint gets."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.model.case import Case, Stage
from responder.model.mention import Audience, Mention
from responder.policy.planner import Facts, Plan, Playbook
from responder.policy.planner import plan as plan_of
from tests.policy.books import mention

NOTHING = Facts()


def plan(  # noqa: PLR0913, PLR0917  # a case and all that is known of it
    post: Mention, topic: str, tier: int, posts: int, replies: int, facts: Facts = NOTHING, playbook: str = ""
) -> Plan:
    """Plan the reply to a case like that."""
    return plan_of(
        Case(
            id=1,
            account="acme",
            stage=Stage.NEEDS_REPLY,
            version=1,
            target=post,
            posts=posts,
            replies=replies,
            opened_at=post.created_at,
            moved_at=post.created_at,
            tier=tier,
            topic=topic,
            facts=replace(facts, kind=playbook) if playbook else facts,
        )
    )


VENDOR, BROKE = Facts(fault="vendor"), Facts(broke="late")


@pytest.mark.parametrize(
    ("topic", "tier", "posts", "replies", "facts", "playbook"),
    [
        ("late", 1, 1, 0, Facts(), Playbook.FIRST_PUBLIC_REPLY),
        ("", 1, 1, 0, Facts(), Playbook.FIRST_PUBLIC_REPLY),
        ("promise", 1, 1, 0, Facts(), Playbook.FIRST_PUBLIC_REPLY),  # nobody knows yet how it was broken
        ("outage", 3, 1, 0, Facts(), Playbook.OUTAGE),
        ("late", 3, 2, 0, Facts(), Playbook.STILL_ANGRY),  # they wrote again before we answered
        ("late", 3, 1, 1, Facts(), Playbook.STILL_ANGRY),  # we answered, and it was not enough
        ("outage", 3, 2, 1, Facts(), Playbook.STILL_ANGRY),
        ("late", 3, 1, 0, VENDOR, Playbook.VENDOR_FAULT),
        ("outage", 3, 1, 0, VENDOR, Playbook.VENDOR_FAULT),
        ("late", 3, 2, 1, VENDOR, Playbook.STILL_ANGRY),
        ("late", 3, 1, 0, Facts(fault="ours"), Playbook.FIRST_PUBLIC_REPLY),
        ("late", 3, 1, 0, Facts(fault="unknown"), Playbook.FIRST_PUBLIC_REPLY),
        ("late", 3, 1, 0, BROKE, Playbook.BROKEN_PROMISE),
        ("outage", 3, 4, 2, Facts(broke="contract", fault="vendor"), Playbook.BROKEN_PROMISE),
        ("legal", 4, 1, 0, BROKE, Playbook.LEGAL),
        ("legal", 4, 5, 2, Facts(), Playbook.LEGAL),
        ("travel_delay", 4, 1, 0, Facts(), Playbook.FIRST_PUBLIC_REPLY),  # time-critical, no word of lawyers
        ("safety", 4, 1, 0, VENDOR, Playbook.SAFETY),
        ("safety", 5, 4, 2, Facts(), Playbook.SAFETY),
        ("late", 5, 1, 0, Facts(), Playbook.SAFETY),  # the tier says that somebody may be hurt
        ("legal", 5, 1, 0, Facts(), Playbook.SAFETY),
    ],
)
def test_a_complaint_gets_the_kind_of_reply_it_needs(
    topic: str, tier: int, posts: int, replies: int, facts: Facts, playbook: Playbook
) -> None:
    assert plan(mention(), topic, tier, posts, replies, facts).playbook is playbook


@pytest.mark.parametrize(
    ("topic", "tier", "playbook"),
    [
        ("late", 1, Playbook.PRIVATE_MESSAGE),
        ("outage", 3, Playbook.PRIVATE_MESSAGE),
        ("safety", 5, Playbook.SAFETY),
        ("legal", 4, Playbook.LEGAL),
    ],
)
def test_what_came_in_private_is_answered_in_private_and_care_still_comes_first(
    topic: str, tier: int, playbook: Playbook
) -> None:
    private = mention(audience=Audience.PRIVATE)
    assert plan(private, topic, tier, 3, 2, BROKE).playbook is playbook


@pytest.mark.parametrize("asked", Playbook)
def test_a_kind_that_is_asked_for_wins(asked: Playbook) -> None:
    assert plan(mention(), "late", 5, 3, 2, BROKE, asked).playbook is asked
    assert plan(mention(audience=Audience.PRIVATE), "", 0, 1, 0, playbook=asked.value).playbook is asked


def test_safety_law_and_outages_are_spoken_of_in_their_own_words() -> None:
    assert plan(mention(), "hygiene", 5, 1, 0).topic == "safety"
    assert plan(mention(), "late", 1, 1, 0, playbook="legal").topic == "legal"
    assert plan(mention(), "app_fault", 1, 1, 0, playbook="outage").topic == "outage"
    assert plan(mention(), "late", 1, 1, 0).topic == "late"
    assert plan(mention(), "", 1, 1, 0).topic == "unclear"


def test_the_facts_go_along() -> None:
    assert plan(mention(), "late", 1, 1, 0, VENDOR).facts == VENDOR


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ({"fault": "theirs"}, "fault is 'theirs'; it must be one of ours, vendor, unknown, or empty"),
        ({"broke": "often"}, "broke is 'often'; it must be one of contract, late, predecessor, or empty"),
    ],
)
def test_facts_of_no_known_kind_are_refused(bad: dict[str, str], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Facts(**bad)


def test_a_kind_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="'follow_up' is not a valid Playbook"):
        plan(mention(), "late", 1, 1, 0, playbook="follow_up")


@given(
    st.text(max_size=9), st.integers(0, 5), st.integers(1, 5), st.integers(0, 5), st.sampled_from(Audience)
)
def test_the_same_case_is_always_planned_the_same(
    topic: str, tier: int, posts: int, replies: int, audience: Audience
) -> None:
    post = mention(audience=audience)
    planned = plan(post, topic, tier, posts, replies)
    assert planned == plan(post, topic, tier, posts, replies)
    assert (planned.number, planned.informal) == (1, False)


def test_a_worksheet_is_gone_by_and_what_was_told_with_a_redo_wins_over_it() -> None:
    post = mention()
    case = Case(
        id=1, account="acme", stage=Stage.NEEDS_REPLY, version=1, target=post, posts=1, replies=0,
        opened_at=post.created_at, moved_at=post.created_at, tier=1, topic="late",
        prepared=Facts(broke="late", promised="a kettle by Friday", solution="we send one"),
    )  # fmt: skip
    assert plan_of(case).playbook is Playbook.BROKEN_PROMISE
    assert plan_of(case).facts == case.prepared
    told = replace(case, facts=Facts(solution="we bring one"))
    assert plan_of(told).facts == replace(case.prepared, solution="we bring one")
