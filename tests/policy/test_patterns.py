"""A pattern is used only when no text can stall it, and its first look never hides a match."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from responder.policy.patterns import Pattern, PatternError, compile_patterns
from responder.policy.prefilter import Prefilter
from tests.policy.books import every_rule


def _every_pattern() -> list[Pattern]:
    book = every_rule()
    patterns = [one for rules in book.rules.values() for rule in rules for one in rule.detector.begins_with()]
    return list({pattern.source: pattern for pattern in patterns}.values())


EVERY_PATTERN = _every_pattern()
PREFILTER = Prefilter(EVERY_PATTERN)


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("sorry (if", "is not a regular expression"),
        ("(?:a+)+b", "no upper bound"),
        ("so.*rry", "no upper bound"),
        ("ba{0,500}", "upper bound 500"),
        (r"(?:\w{1,20} ?){1,9}x", "ways"),
        (r"(a)\1", "refers back"),
        ("(?<!no |never )sorry", "looks behind at words of several lengths"),
        ("(?:sorry)?", "matches the empty text"),
        ("Sorry if", "capital 'S'"),
        ("[A-Z]x", "capital 'A'"),
        ("{NOBODY} if", "known: SORRY"),
    ],
)
def test_a_pattern_that_cannot_be_trusted_is_refused_with_the_reason(source: str, problem: str) -> None:
    with pytest.raises(PatternError, match=re.escape(problem)):
        compile_patterns(source, {"SORRY": ("sorry",)})


def test_a_possessive_repeat_is_bounded_work_and_welcome() -> None:
    (pattern,) = compile_patterns(r"our (?:[a-z]{1,20}+ ){0,3}?driver", {})
    assert pattern.found("our very kind driver")


def test_a_piece_alone_gives_a_pattern_for_each_alternative_and_inside_another_just_one() -> None:
    pieces = {"SORRY": ("sorry", "apolog(?:y|ies)")}
    assert [one.regex.pattern for one in compile_patterns("{SORRY}", pieces)] == list(pieces["SORRY"])
    (whole,) = compile_patterns("{SORRY} if", pieces)
    assert whole.found("apologies if")
    assert whole.found("sorry if")


@pytest.mark.parametrize("pattern", EVERY_PATTERN[::5], ids=lambda pattern: pattern.source[:40])
@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_first_look_of_every_pattern_of_ours_lets_every_match_through(
    pattern: Pattern, data: st.DataObject
) -> None:
    text = data.draw(st.from_regex(pattern.regex))
    if pattern.regex.search(text):
        assert pattern.may_match(text)


@pytest.mark.parametrize("pattern", EVERY_PATTERN[::5], ids=lambda pattern: pattern.source[:40])
@settings(max_examples=5, suppress_health_check=list(HealthCheck))
@given(data=st.data(), around=st.tuples(st.text(max_size=9), st.text(max_size=9)))
def test_touching_agrees_with_looking_at_the_whole_text(
    pattern: Pattern, data: st.DataObject, around: tuple[str, str]
) -> None:
    text = around[0] + data.draw(st.from_regex(pattern.regex)) + around[1]
    for match in pattern.matches(text):
        assert pattern.touches(text, match.start(), match.start() + 1)
        assert pattern.touches(text, match.end() - 1, match.end())


@pytest.mark.parametrize("source", ["(?:not ){0,3}+ours", "(?>not )ours"])
def test_what_an_older_python_matches_wrongly_is_refused(source: str) -> None:
    with pytest.raises(PatternError, match=r"Python before 3\.11\.5 matches wrongly"):
        compile_patterns(source, {})


@given(
    st.lists(
        st.sampled_from(["sorry", " if ", "you ", "felt", "asap", "driver ", "forgot", ".", "x", "i'm "])
    )
)
def test_the_prefilter_rules_out_no_pattern_that_matches(pieces: list[str]) -> None:
    text = "".join(pieces)
    may = PREFILTER.candidates(text)
    assert [one for one in EVERY_PATTERN if one.found(text) and one not in may] == []
