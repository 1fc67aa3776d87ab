"""What the rules find in a draft, where they find it, and what they leave alone."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.model.draft import Origin
from responder.model.mention import Audience
from responder.model.triage import Level
from responder.policy.closing import names, unclosed
from responder.policy.detectors import Context
from responder.policy.rules import COMPLETENESS, EVERY_LANGUAGE, MOST_PLACES, check, mended
from tests.policy.books import LANGUAGES, by_a_person, every_rule, found, ours

STRENGTH = [Level.BLOCK, Level.WARN, Level.NOTE]
GOOD = (
    "Hi Kim, we sent the wrong chairs and you had nowhere to sit. I'm sorry. I'm getting the right "
    "ones onto tonight's van and will write here by 18:00. ^Jo"
)


def lacks(text: str, context: Context | None = None) -> set[str]:
    """Return the rules that the completeness finding tells along."""
    finding = found(text, context).get(COMPLETENESS)
    return set(finding.also) if finding else set()


# --- whole replies ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        (
            "You waited in all day and we never came: that's on us, and I'm sorry. I'll ring the depot now "
            "and update you here within 2 hours of this reply. DM me if you'd rather have a call. ^Jo"
        ),
        (
            "We double-booked your room. I'm sorry, I know it cost you the night. I'm looking for another "
            "one and will tell you here by midnight what I have. ^Jo"
        ),
    ],
)
def test_a_reply_that_owns_apologises_and_says_what_comes_next_passes(text: str) -> None:
    assert check(text, Context(), every_rule()) == ()


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("That's on us, and I'm sorry you waited.", {"next-step-present", "next-step-has-owner-and-time"}),
        ("That's on us, you waited. I'll write here by 9:00.", {"apologise-in-words"}),
        ("I'm sorry you waited. I'll write here by 9:00.", {"own-the-fault"}),
        ("I'm sorry, that's not on us. You waited. I'll write by 9:00.", {"own-the-fault"}),
        ("We kept you waiting and we're not sorry. I'll write by 9:00.", {"apologise-in-words"}),
        ("We lost it, and I'm sorry you waited. I'm looking for it.", {"next-step-has-owner-and-time"}),
    ],
)
def test_everything_a_reply_lacks_is_told_in_one_finding(text: str, missing: set[str]) -> None:
    findings = [one for one in check(text, Context(), every_rule()) if one.rule == COMPLETENESS]
    assert len(findings) == 1
    assert set(findings[0].also) == missing
    assert findings[0].says.startswith("missing: ")
    assert (findings[0].start, findings[0].end, findings[0].quote) == (0, 0, "")
    assert findings[0].why
    assert findings[0].suggestion


def test_what_is_missing_blocks_our_own_draft_and_a_models_and_only_warns_a_person() -> None:
    assert found("Noted.")[COMPLETENESS].level is Level.BLOCK
    assert found("Noted.", Context(origin=Origin.MODEL))[COMPLETENESS].level is Level.BLOCK
    assert found("Noted.", by_a_person())[COMPLETENESS].level is Level.WARN


def test_an_invitation_into_private_before_any_word_of_regret_is_shown_where_it_stands() -> None:
    finding = found("Please message us privately.", by_a_person())["acknowledge-before-offline"]
    assert finding.level is Level.BLOCK
    assert finding.quote == "message us"
    assert "acknowledge-before-offline" not in found("I'm sorry. Please message us privately.")


# --- mutants of good replies --------------------------------------------------------------------------------

MUTANTS: dict[str, tuple[Callable[[str], str], str]] = {
    "an if": (lambda text: text.replace("I'm sorry.", "I'm sorry if you stood."), "no-conditional-apology"),
    "a but": (lambda text: text.replace("I'm sorry.", "I'm sorry, but it was busy."), "no-but-apology"),
    "feelings": (lambda text: text.replace("I'm sorry.", "I'm sorry you feel so."), "no-feelings-shift"),
    "boilerplate": (
        lambda text: text.replace("I'm sorry.", "I'm sorry for any inconvenience."),
        "no-inconvenience-boilerplate",
    ),
    "nobody's mistake": (
        lambda text: text.replace("we sent", "mistakes were made with"),
        "no-agentless-fault",
    ),
    "the customer": (lambda text: f"{text} You should have read the leaflet.", "no-customer-blame"),
    "a colleague": (lambda text: f"{text} Our driver forgot it.", "no-colleague-blame"),
    "small": (lambda text: f"It was just a small delay. {text}", "no-minimising"),
    "a guarantee": (lambda text: f"{text} We guarantee it will be fine.", "no-over-promise"),
    "never again": (lambda text: f"{text} This will never happen again.", "no-over-promise"),
    "soon": (lambda text: text.replace("by 18:00", "shortly"), "no-vague-time-promise"),
    "silence": (lambda text: f"{text} Please delete your post.", "no-review-suppression"),
    "asking": (lambda text: f"What's your order number? {text}", "no-personal-data-request-in-public"),
    "an order number": (lambda text: f"{text} It's order 5530127.", "no-customer-data-disclosure"),
    "a link": (lambda text: f"{text} https://tinylink.test/x", "safe-official-channel"),
    "a handle": (lambda text: f"{text} Ask @AcmeCareTeam1", "safe-official-channel"),
    "a slot": (lambda text: text.replace("Kim", "{name}"), "no-placeholder-left"),
    "too long": (lambda text: text + " And so on." * 30, "fits-platform-limit"),
    "liability": (lambda text: f"{text} We were negligent.", "no-liability-overreach"),
    "a voucher": (lambda text: f"{text} Here's a $20 voucher.", "no-unapproved-remedy"),
    "a threat": (lambda text: f"{text} Our lawyers are reading along.", "no-retaliation-or-pressure"),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_of_a_good_reply_raises_the_rule_it_breaks_and_blocks(name: str) -> None:
    mutate, rule = MUTANTS[name]
    mutant = mutate(GOOD)
    assert mutant != GOOD
    findings = check(mutant, Context(length=300), every_rule())
    assert [one.level for one in findings if rule in (one.rule, *one.also)] == [Level.BLOCK], mutant


# --- language, length, audience, surroundings ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("mention_language", "warned"),
    [("sv", True), ("pt-BR", True), ("en-GB", False), ("EN", False), ("und", False), (None, False)],
)
def test_a_draft_in_another_language_than_the_complaint_warns(
    mention_language: str | None, warned: bool
) -> None:
    rules = found("We lost it.", Context(mention_language=mention_language))
    assert ("language-and-register-match" in rules) == warned


def test_a_text_in_a_language_without_rules_meets_those_for_every_language() -> None:
    context = Context(language="pt", audience=Audience.PRIVATE)
    rules = found("Sorry if {name}: 4471902, https://evil.test", context)
    assert {"no-placeholder-left", "no-customer-data-disclosure", "safe-official-channel"} <= set(rules)
    assert not {"no-conditional-apology", COMPLETENESS} & set(rules)


def test_the_limit_is_counted_as_the_network_counts() -> None:
    context = Context(length=10, count=lambda text: len(text.encode()), unit="bytes")
    assert "fits-platform-limit" not in found("ten bytes.", context)
    assert found("čšž čšž", context)["fits-platform-limit"].says == "3 bytes over the limit of 10"


def test_asking_for_data_is_for_private_only() -> None:
    text = "What's your order number?"
    assert found(text)["no-personal-data-request-in-public"].level is Level.BLOCK
    assert "no-personal-data-request-in-public" not in found(text, Context(audience=Audience.PRIVATE))


def test_a_joke_warns_an_angry_customer_and_blocks_where_somebody_is_hurt() -> None:
    def level(tier: int | None) -> Level | None:
        finding = found("Uh oh, that's no fun.", by_a_person(tier=tier)).get("no-tone-mismatch")
        return finding.level if finding else None

    assert [level(tier) for tier in (None, 0, 2, 5)] == [Level.WARN, None, Level.WARN, Level.BLOCK]


def test_a_remedy_passes_in_private_once_it_was_approved_and_keeps_its_figures_out_of_the_public() -> None:
    text = "I'd like to offer you a refund of 20 EUR."
    rule = "no-unapproved-remedy"
    assert rule in found(text, by_a_person(audience=Audience.PRIVATE))
    assert rule not in found(text, by_a_person(audience=Audience.PRIVATE, remedy="refund"))
    assert rule in found("Here's a $20 voucher.", by_a_person(remedy="voucher", remedy_in_public=True))
    assert rule in found("I'd like to offer you a refund.", by_a_person(remedy="refund"))
    named = by_a_person(remedy="refund", remedy_in_public=True)
    assert rule not in found("I'd like to offer you a refund.", named)


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("I'd like to offer you a refund of 20 EUR.", False),
        ("I'd like to offer you a refund of 120 EUR.", True),
        ("We'll refund you €1,250.00 today.", True),
        ("We'll refund you €99.50 today.", False),
        ("We'll refund your order 4711 in full.", False),
    ],
)
def test_an_amount_above_what_anybody_may_grant_is_found_in_private_too(text: str, over: bool) -> None:
    context = by_a_person(audience=Audience.PRIVATE, remedy="refund", remedy_most=100.0)
    finding = found(text, context).get("no-unapproved-remedy")
    assert (finding is not None) is over
    if finding:
        assert finding.says.endswith("nobody may grant more than 100")


def test_what_ended_may_be_offered_nowhere() -> None:
    ended = {"remedy": "refund", "remedy_in_public": True, "remedy_ended": date(2026, 1, 31)}
    for audience in (Audience.PUBLIC, Audience.PRIVATE):
        finding = found("I'd like to offer you a refund.", by_a_person(audience=audience, **ended))
        assert finding["no-unapproved-remedy"].says == "Offers refund, which ended on 2026-01-31"


def test_a_broken_promise_makes_of_a_missing_ownership_a_block_even_for_a_person() -> None:
    text = "I'm sorry you waited. I'll write here by 9:00. Message me privately."
    assert found(text, by_a_person(playbook="broken_promise"))[COMPLETENESS].level is Level.BLOCK
    assert found(text, by_a_person())[COMPLETENESS].level is Level.WARN


def test_the_same_reply_to_two_people_is_told_and_names_and_figures_make_no_other() -> None:
    recent = GOOD.replace("Kim", "Robin").replace("18:00", "9:30")
    assert "no-near-duplicate-reply" in found(GOOD, Context(recent=(recent,)))
    status = Context(recent=(recent,), playbook="outage")
    assert "no-near-duplicate-reply" not in found(GOOD, status)


def test_naming_the_problem_is_asked_for_only_where_they_named_one() -> None:
    rule = "restate-specific-problem"
    post = "the chairs arrived broken, legs and all"
    assert rule in found("We let you down.", by_a_person(mention_text=post))
    assert rule not in found(GOOD, by_a_person(mention_text=post))
    assert rule not in found("We let you down.", by_a_person(mention_text="@acme ???"))
    assert rule not in found("We let you down.", Context(mention_text=post))  # our planner saw to it


def test_a_rule_without_words_in_a_language_says_why_and_keeps_what_holds_in_every_language() -> None:
    (rule,) = [one for one in every_rule().rules["en"] if one.id == "language-and-register-match"]
    assert rule.none == "English has one way to say you."
    assert rule.id in found("We lost it.", Context(mention_language="sl"))


# --- in every language --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_that_nobody_native_read_warns_at_most_except_where_privacy_is_at_stake(
    language: str,
) -> None:
    rules = every_rule(language).rules[language]
    blocking = {
        rule.group
        for rule in rules
        for origin in Origin
        for audience in Audience
        if rule.unread is False and rule.weighs(Context(origin=origin, audience=audience)) is Level.BLOCK
    }
    if any(rule.unread for rule in rules):
        assert blocking <= {"privacy", "safety", "platform"}
    assert "privacy" in blocking


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_rule_or_says_why_not(language: str) -> None:
    rules = every_rule(language).rules[language]
    assert len(rules) == 51
    assert all(rule.none or rule.source for rule in rules)
    assert sum(bool(rule.none) for rule in rules) <= 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_rule_tells_people_to_write_settles_it_and_wakes_no_other(language: str) -> None:
    assert list(unclosed(language, every_rule(language))) == []


# --- fixes --------------------------------------------------------------------------------------------------


def test_a_fix_stands_in_place_of_the_sentence_and_what_is_missing_comes_at_the_end() -> None:
    text = "You waited. We're sorry if you minded. I'll call by 9:00."
    finding = found(text, by_a_person())["no-conditional-apology"]
    assert mended(text, finding) == "You waited. I'm sorry we got this wrong. I'll call by 9:00."
    text = "We lost it. I'll call you by 9:00."
    finding = found(text, by_a_person())[COMPLETENESS]
    assert mended(text, finding) == f"{text} I'm sorry. You counted on us."


def test_what_only_a_person_can_tell_has_no_fix() -> None:
    finding = found("We lost it.", Context(length=3))["fits-platform-limit"]
    assert mended("We lost it.", finding) is None


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
    findings = check(text, context, every_rule())
    assert findings == check(text, context, every_rule())
    for finding in findings:
        assert text[finding.start : finding.end] == finding.quote
        assert 0 <= finding.fix_start <= finding.fix_end <= len(text)
        if finding.fix is not None and finding.end:
            assert finding.fix_start <= finding.start
            assert finding.end <= finding.fix_end
    keys = [(STRENGTH.index(finding.level), finding.start) for finding in findings]
    assert keys == sorted(keys)
    places = sorted((finding.start, finding.end) for finding in findings if finding.end)
    assert all(one[1] <= other[0] for one, other in pairwise(places))


def test_a_finding_in_disguise_is_quoted_as_it_was_written() -> None:
    text = "I’m sorry\u00a0 i\u200bf we upset you."
    assert found(text)["no-conditional-apology"].quote == "sorry\u00a0 i\u200bf"


def test_of_overlapping_findings_the_strongest_is_shown_and_names_the_others() -> None:
    text = "Sorry for any inconvenience, but you should have called."
    findings = check(text, by_a_person(), every_rule())
    strongest = next(finding for finding in findings if finding.rule == "no-but-apology")
    assert "no-inconvenience-boilerplate" in strongest.also
    assert "no-inconvenience-boilerplate" not in {finding.rule for finding in findings}
    assert "no-customer-blame" in names(findings)


def test_one_rule_shows_no_more_places_than_a_person_would_mend() -> None:
    findings = check("ASAP. " * 50, by_a_person(), every_rule())
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
            check(text, context, every_rule())
            best = min(best, time.process_time() - begin)
        return best

    assert cost(100_000) < 8 * cost(25_000) + 0.05  # quadratic work would cost 16 times as much


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_of_nothing_but_faults_stalls_no_language(language: str) -> None:
    faults = " ".join(
        example.text for rule in every_rule(language).rules[language] for example in rule.catches
    )

    def cost(size: int) -> float:
        text = (f"{faults} " * (size // len(faults) + 1))[:size]
        context = by_a_person(language=language, mention_text=text[:20_000])
        begin = time.process_time()
        check(text, context, every_rule(language))
        return time.process_time() - begin

    small = min(cost(10_000) for _ in range(2))
    assert cost(40_000) < 8 * small + 0.1  # quadratic work would cost 16 times as much


def test_the_rules_for_every_language_stand_in_each_of_them_in_the_order_of_harm() -> None:
    shared = [rule.id for rule in every_rule().rules[EVERY_LANGUAGE]]
    english = [rule.id for rule in every_rule().rules["en"]]
    assert [one for one in english if one in shared] == shared


@pytest.mark.slow
@pytest.mark.parametrize("origin", [Origin.OURS, Origin.PERSON])
def test_the_syllables_of_a_code_are_no_words_for_any_rule(origin: Origin) -> None:
    """They are drawn by chance; "rota" may be among them, and is a word about how it looks inside."""
    words = "Your code there: {}."
    context = Context(origin=origin, language="en", playbook="first_public_reply")

    def objections(text: str) -> list[str]:
        return [one.rule for one in check(text, context, ours()) if one.quote == "rota"]

    assert objections(words.format("fami-rota-subu-kinib")) == []
    assert objections(words.format("the rota")) == ["no-internal-detail"]
    assert objections(words.format("fami-rota-subu-kinif")) == ["no-internal-detail"], "it proves nothing"
