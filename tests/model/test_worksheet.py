"""A worksheet says what it lacks, and lets out nothing but what may be said."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from responder.model.facts import Facts
from responder.model.worksheet import KEYS, Option, Worksheet, missing, missing_for

WHOLE = Worksheet(
    happened=("It was sent to another street.",),
    effect="A week without it.",
    why="A number was mistyped.",
    prevention="The number is read back.",
    goal="Tea at the office.",
    options=(Option(what="a new one", remedy="replacement", authorised_by="Bo"),),
    informed=("warehouse",),
    legal="no",
)


def test_nothing_is_missing_where_all_is_told_and_all_is_where_nobody_began() -> None:
    assert missing(WHOLE) == ()
    assert missing(None) == missing(Worksheet()) == (
        "happened", "effect", "why", "prevention", "goal", "options", "informed", "legal",
    )  # fmt: skip


@pytest.mark.parametrize("key", ["happened", "effect", "why", "prevention", "goal", "informed", "legal"])
def test_each_answer_alone_is_missed(key: str) -> None:
    assert missing(replace(WHOLE, **{key: type(getattr(WHOLE, key))()})) == (key,)


@pytest.mark.parametrize("reply", [Facts(broke="late"), Facts(promised="a kettle by Friday")])
def test_where_a_promise_was_broken_it_must_be_told_who_gave_it_when_and_where_that_is_seen(
    reply: Facts,
) -> None:
    broken = replace(WHOLE, reply=reply)
    assert missing(broken) == ("promised_by", "promised_when", "evidence")
    told = replace(broken, promised_by="Kim", promised_when="on the phone, 2 March", evidence="ticket 7")
    assert missing(told) == ()


def test_an_option_that_nobody_with_authority_agreed_to_is_no_offer() -> None:
    idea = replace(WHOLE, options=(Option(what="a new one", remedy="replacement"),))
    assert missing(idea) == ("options.authorised_by",)
    assert idea.facts().remedy == ""
    assert WHOLE.facts().remedy == "replacement"


def test_only_high_tiers_wait_for_it_and_the_setting_says_which() -> None:
    assert missing_for(None, 3) == ()
    assert missing_for(None, 4) == missing(None) == missing_for(None, 1, from_tier=1)
    assert missing_for(None, 5, from_tier=0) == ()


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"happened": ("1", "2", "3", "4")}, "happened has room for 3, and there are 4"),
        ({"options": (Option(what="x"),) * 3}, "options has room for 2, and there are 3"),
        ({"legal": "maybe"}, "legal is 'maybe'"),
        ({"why": "x" * 2_001}, "why has 2,001 characters; there is room for 2,000"),
        ({"reply": Facts(solution="x" * 2_001)}, "reply.solution has 2,001 characters"),
    ],
)
def test_what_has_no_room_is_refused(told: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        replace(WHOLE, **told)  # type: ignore[arg-type]


@given(
    secret=some.text(alphabet="abcdefg ", min_size=8, max_size=40).filter(str.strip),
    key=some.sampled_from(KEYS),
)
def test_no_answer_but_those_for_a_reply_ever_reaches_what_a_reply_goes_by(secret: str, key: str) -> None:
    value: Any = {"happened": (secret,), "informed": (secret,), "legal": "yes"}.get(key, secret)
    sheet = replace(WHOLE, options=(replace(WHOLE.options[0], what=secret),), **{key: value})
    assert sheet.facts() == Facts(remedy="replacement")
