"""How cases, people, times and marks are named."""

from dataclasses import replace
from datetime import timedelta

import pytest

from responder.cli import words
from responder.model.case import Case, Stage
from responder.model.draft import Draft, Origin
from responder.model.limits import Limits
from responder.model.mention import Audience, Author
from responder.model.triage import Finding, Level
from tests.network import at, mention

SAID = mention("1")
CASE = Case(
    id=1, account="shop", stage=Stage.WAITING, version=1, target=SAID, posts=1, replies=0, opened_at=at(0),
    moved_at=at(0), due_at=at(30),
)  # fmt: skip
DRAFT = Draft(
    case_id=1, number=1, target_id=1, origin=Origin.OURS, by="", text="Sorry.", language="en",
    playbook="first_public_reply", audience=Audience.PUBLIC, fingerprint="", findings=(), created_at=at(0),
)  # fmt: skip


def finding(level: Level, rule: str = "r") -> Finding:
    return Finding(rule=rule, level=level, says="a promise", end=4, quote="soon", suggestion="say when")


@pytest.mark.parametrize(
    ("followers", "long", "short"),
    [(None, "", ""), (0, "0 followers", "0"), (1, "1 follower", "1"), (14300, "14,300 followers", "14k")],
)
def test_reach_is_told_where_it_is_known(followers: int | None, long: str, short: str) -> None:
    said = replace(SAID, author=Author(id="1", handle="ana", followers=followers))
    assert (words.reach(said), words.short_reach(said)) == (long, short)


def test_an_author_nobody_knows_is_no_at_sign() -> None:
    assert words.who(SAID, "x") == "x @ana"
    assert words.who(replace(SAID, author=Author(id="", handle="")), "x") == "x"


def test_a_clock_that_is_wrong_puts_nobody_into_the_future() -> None:
    assert words.ago(at(0), at(42)) == "42 min ago"
    assert words.ago(at(5), at(0)) == "just now"
    assert words.age(at(5), at(0)) == "0 s"


def test_only_a_customer_who_waits_is_late() -> None:
    assert words.due(CASE, at(12)) == "in 18 min"
    assert words.due(CASE, at(33)) == "3 min late"
    assert words.due(replace(CASE, stage=Stage.SET_ASIDE), at(33)) == ""
    assert words.due(replace(CASE, due_at=None), at(33)) == ""


def test_every_tier_and_stage_has_words() -> None:
    assert set(words.TIERS) == set(range(6))
    assert set(words.STAGES) == set(Stage)


def test_languages_are_named_as_far_as_they_are_known() -> None:
    assert [words.language(code) for code in ("fr", "tr", None)] == ["French", "tr", "language unknown"]


def test_marks_say_what_to_know_before_opening_a_case() -> None:
    private = replace(CASE, posts=2, target=replace(SAID, audience=Audience.PRIVATE))
    findings = (
        finding(Level.BLOCK),
        finding(Level.WARN),
        finding(Level.WARN),
        finding(Level.NOTE, "by-hand"),
    )
    draft = replace(DRAFT, origin=Origin.PERSON, findings=findings)
    assert words.marks(private, draft) == (
        "blocked",
        "2 warnings",
        "edited",
        "by hand",
        "follow-up",
        "private",
    )
    assert words.marks(CASE, DRAFT) == ()
    assert words.marks(CASE, None) == ()
    assert words.marks(private, None) == ("private",)


def test_a_text_is_counted_as_its_network_counts() -> None:
    assert words.counted("é" * 3, None) == "3 characters"
    assert words.counted("é" * 3, Limits(length=5)) == "3/5 characters"
    twice = Limits(length=5, count=lambda text: 2 * len(text), unit="halves")
    assert words.counted("é" * 3, twice) == "6/5 halves, 1 over"


def test_a_finding_is_told_with_its_place_and_remedy() -> None:
    assert words.about(finding(Level.WARN)) == "a promise “soon” - say when"
    assert words.about(replace(finding(Level.WARN), end=0, quote="", suggestion="")) == "a promise"


def test_numbers_agree_with_their_nouns() -> None:
    assert [words.many(n, "reply", "replies") for n in (0, 1, 1200)] == [
        "0 replies",
        "1 reply",
        "1,200 replies",
    ]
    assert words.many(2, "case") == "2 cases"


def test_time_is_told_in_the_unit_people_use() -> None:
    assert words.age(at(0), at(0) + timedelta(days=3)) == "3 days"


def test_where_only_a_person_can_answer_the_address_brings_our_words_if_it_takes_them() -> None:
    by_hand = replace(CASE, answerable="by_hand", answer_detail="https://net.example/box?to=1&text={words}")
    assert words.by_hand(by_hand, "Sorry, 1 & 2?") == (
        "open https://net.example/box?to=1&text=Sorry%2C%201%20%26%202%3F, send it"
    )
    plain = replace(by_hand, answer_detail="https://net.example/box?to=1")
    assert words.by_hand(plain, "Sorry") == "open https://net.example/box?to=1, paste the draft, send it"
    assert words.by_hand(CASE, "Sorry").endswith(", paste the draft, send it")
