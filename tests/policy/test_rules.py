"""What the rules find in a draft, where they find it, and what they leave alone."""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.model.draft import Origin
from responder.model.mention import Audience
from responder.model.triage import Level
from responder.policy.detectors import Context
from responder.policy.rules import COMPLETENESS, MOST_PLACES, check
from responder.policy.wording import compose
from tests.policy.books import VOICE, by_a_person, found, good_replies, mention, ours

STRENGTH = [Level.BLOCK, Level.WARN, Level.NOTE]


def lacks(text: str, context: Context | None = None) -> str:
    """Return what the completeness finding says is missing, "" when nothing is."""
    finding = found(text, context).get(COMPLETENESS)
    return finding.says if finding else ""


# --- whole replies ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        (
            "Hi Kim, we sent the wrong chairs and you had nowhere to sit. I'm sorry. I'm getting the right "
            "ones onto tonight's van and will write here by 18:00. ^Jo"
        ),
        (
            "You waited in all day and we never came: that's on us, and I'm sorry. I'll ring the depot now "
            "and update you here within 2 hours of this reply. DM me if you'd rather have a call."
        ),
        (
            "We double-booked your room. I'm sorry, I know it cost you the night. I'm looking for another "
            "one and will tell you here by midnight what I have."
        ),
    ],
)
def test_a_reply_that_owns_apologises_and_says_what_comes_next_passes(text: str) -> None:
    assert check(text, Context(), ours()) == ()


def test_every_reply_of_ours_passes_at_every_limit_of_a_network() -> None:
    for audience in Audience:
        for reply, text in good_replies(audience):
            for length in (300, 500, 10_000):
                context = Context(
                    audience=audience, playbook=reply.playbook, length=length, handle="sam_weaver"
                )
                assert check(text, context, ours()) == (), (reply.id, text)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Please message us privately.", "ownership, an apology, our next step, an acknowledgement before"),
        ("That's on us, and I'm sorry.", "our next step"),
        ("That's on us. I'll write here by 9:00.", "an apology"),
        ("I'm sorry. I'll write here by 9:00.", "ownership"),
        ("I'm sorry, that's not on us. I'll write here by 9:00.", "ownership"),
        ("We lost your bag and we're not sorry. I'll write here by 9:00.", "an apology"),
    ],
)
def test_everything_a_reply_lacks_is_told_in_one_finding(text: str, missing: str) -> None:
    findings = [one for one in check(text, Context(), ours()) if one.rule == COMPLETENESS]
    assert len(findings) == 1
    assert findings[0].says.startswith(f"missing: {missing}")
    assert (findings[0].start, findings[0].end, findings[0].quote) == (0, 0, "")
    assert findings[0].why
    assert findings[0].suggestion


def test_what_is_missing_blocks_our_own_draft_and_only_warns_a_person() -> None:
    assert found("Noted.")[COMPLETENESS].level is Level.BLOCK
    assert found("Noted.", by_a_person())[COMPLETENESS].level is Level.WARN


# --- mutants of good replies --------------------------------------------------------------------------------


def _apology_with(tail: str) -> Callable[[str], str]:
    return lambda text: re.sub(r"I'm sorry\b[^.:?]*[.:?]", f"I'm sorry {tail}.", text, count=1)


MUTANTS: dict[str, tuple[Callable[[str], str], str]] = {
    "an if": (_apology_with("if that caused you trouble"), "no-conditional-apology"),
    "a but": (_apology_with("about that, but it was a busy week"), "no-but-apology"),
    "a but after a stop": (_apology_with("about that. However, it was a busy week"), "no-but-apology"),
    "feelings": (_apology_with("you feel that way"), "no-feelings-shift"),
    "boilerplate": (_apology_with("for any inconvenience"), "no-inconvenience-boilerplate"),
    "nobody's mistake": (lambda text: f"Mistakes were made. {text}", "no-agentless-fault"),
    "the customer": (lambda text: f"{text} You should have read the leaflet.", "no-customer-blame"),
    "a colleague": (lambda text: f"{text} Our driver forgot it.", "no-colleague-blame"),
    "small": (lambda text: f"It was just a small delay. {text}", "no-minimising"),
    "a guarantee": (lambda text: f"{text} We guarantee it will be fine.", "no-over-promise"),
    "never again": (lambda text: f"{text} This will never happen again.", "no-over-promise"),
    "soon": (lambda text: re.sub("here within .* reply", "here shortly", text), "no-vague-time-promise"),
    "silence": (lambda text: f"{text} Please delete your post.", "no-review-suppression"),
    "asking": (lambda text: f"What's your order number? {text}", "no-personal-data-request-in-public"),
    "an order number": (lambda text: f"{text} It's order 5530127.", "no-customer-data-disclosure"),
    "a link": (lambda text: f"{text} https://tinylink.test/x", "safe-official-channel"),
    "a handle": (lambda text: f"{text} Ask @AcmeCareTeam1", "safe-official-channel"),
    "a slot": (lambda text: text.replace("Sam", "{name}") + " {hours}", "no-placeholder-left"),
    "no apology": (lambda text: re.sub(r"(?:and )?I'm sorry\b", "I see", text), COMPLETENESS),
    "no step": (lambda text: re.sub(r"(?:within|no later than) 4 hours", "some time", text), COMPLETENESS),
    "too long": (lambda text: text + " And so on." * 30, "fits-the-limit"),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_of_any_good_reply_raises_the_rule_it_breaks_and_blocks(name: str) -> None:
    mutate, rule = MUTANTS[name]
    tried = 0
    for reply, text in good_replies():
        mutant = mutate(text)
        if mutant == text:
            continue
        tried += 1
        context = Context(playbook=reply.playbook, length=300, mention_text="It is late.")
        findings = found(mutant, context)
        assert rule in findings, (reply.id, mutant)
        assert findings[rule].level is Level.BLOCK
    assert tried > 5


def test_a_good_reply_without_its_ownership_is_incomplete() -> None:
    for reply, _ in good_replies():
        mutant = compose(reply, VOICE, mention(), ("own", "acknowledge"))
        assert "ownership" in lacks(mutant), (reply.id, mutant)


# --- language, length, audience -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mention_language", "warned"),
    [
        ("sv", True),
        ("pt-BR", True),
        ("en", False),
        ("en-GB", False),
        ("EN", False),
        ("und", False),
        (None, False),
    ],
)
def test_a_draft_in_another_language_than_the_complaint_warns(
    mention_language: str | None, warned: bool
) -> None:
    rules = found("We lost it.", Context(mention_language=mention_language))
    assert ("reply-language" in rules) == warned


def test_english_rules_leave_other_languages_alone_and_the_others_do_not() -> None:
    rules = found("Sorry if {name}: 4471902, https://evil.test", Context(language="sv"))
    assert set(rules) == {"no-placeholder-left", "no-customer-data-disclosure", "safe-official-channel"}


def test_the_limit_is_counted_as_the_network_counts() -> None:
    context = Context(length=10, count=lambda text: len(text.encode()), unit="bytes")
    assert "fits-the-limit" not in found("ten bytes.", context)
    assert found("čšž čšž", context)["fits-the-limit"].says == "3 bytes over the limit of 10"


def test_asking_for_data_is_for_private_only() -> None:
    text = "What's your order number?"
    assert found(text)["no-personal-data-request-in-public"].level is Level.BLOCK
    assert "no-personal-data-request-in-public" not in found(text, Context(audience=Audience.PRIVATE))


# --- spans, order, overlap ----------------------------------------------------------------------------------

PIECES = st.sampled_from(
    ["I’m sorry if", "sor\u00adry, but", "ASAP", "You should have read", "{slot}", "cafe\u0301", "&amp;", "…",
     "...", "😔👩\u200d🚒", "\n\n", "  ", "https://evil.test/a", "4471902", "we guarantee", "no&nbsp;worries",
     "a", "İ", "."]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12), st.sampled_from(Origin), st.sampled_from(Audience))
def test_findings_quote_the_original_are_sorted_and_never_overlap(
    pieces: list[str], origin: Origin, audience: Audience
) -> None:
    text = " ".join(pieces)
    context = Context(origin=origin, audience=audience)
    findings = check(text, context, ours())
    assert findings == check(text, context, ours())
    for finding in findings:
        assert text[finding.start : finding.end] == finding.quote
    keys = [(STRENGTH.index(finding.level), finding.start) for finding in findings]
    assert keys == sorted(keys)
    places = sorted((finding.start, finding.end) for finding in findings if finding.end)
    assert all(one[1] <= other[0] for one, other in pairwise(places))


def test_a_finding_in_disguise_is_quoted_as_it_was_written() -> None:
    text = "I’m sorry\u00a0 i\u200bf we upset you."
    assert found(text)["no-conditional-apology"].quote == "sorry\u00a0 i\u200bf"


def test_of_overlapping_findings_the_strongest_is_shown_and_names_the_others() -> None:
    text = "Sorry for any inconvenience, but you should have called."
    findings = check(text, by_a_person(), ours())
    shown = [finding.rule for finding in findings]
    assert "no-but-apology" in shown
    assert "no-inconvenience-boilerplate" not in shown
    strongest = next(finding for finding in findings if finding.rule == "no-but-apology")
    assert strongest.why.endswith("Also here: no-inconvenience-boilerplate.")
    assert "no-customer-blame" in shown


def test_one_rule_shows_no_more_places_than_a_person_would_mend() -> None:
    findings = check("ASAP. " * 50, by_a_person(), ours())
    assert sum(finding.rule == "no-vague-time-promise" for finding in findings) == MOST_PLACES


# --- hostile texts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "seed",
    ["sorry ", "sorry if ", "if it was, ", "our the driver ", "you should have ", "i'll write ", "is on us ",
     "not our fault ", "a", "a.", "@a", "a@b.", "1 2-", "1", "&#53;", "{", "<a", "\u0301", "\u200b", " ",
     "\n", "A1"],
)  # fmt: skip
def test_the_work_grows_with_the_text_and_no_faster(seed: str) -> None:
    def cost(size: int) -> float:
        text = (seed * size)[:size]
        context = replace(by_a_person(handle="a", allowed=("a.example",)), mention_text=text)
        best = float("inf")
        for _ in range(2):
            begin = time.process_time()
            check(text, context, ours())
            best = min(best, time.process_time() - begin)
        return best

    assert cost(40_000) < 8 * cost(10_000) + 0.02  # quadratic work would cost 16 times as much
