"""Urgency: harm first, by reasons; tone last, by what was learned; in eight languages."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.model.mention import Audience, Author
from responder.policy.language import OURS
from responder.policy.urgency import triage
from tests.policy.sensed import NOW, post, rules, senses, weigh
from tests.policy.triaged import CALM, COMPLAINTS, DENIED, SARCASM

#: Why a post is set aside.
ASIDE = {"ourselves", "opted-out", "all-spam", "bot", "all-solved", "all-question", "all-praise", "unlikely"}
BOT = Author(id="8", handle="helper", bot=True)


def test_there_are_cues_for_the_eight_languages() -> None:
    assert senses().cues.languages == OURS


@pytest.mark.parametrize("told", [True, False], ids=["told", "untold"])
@pytest.mark.parametrize(("language", "tier", "text"), COMPLAINTS)
def test_a_complaint_goes_before_a_person_in_its_tier(
    language: str, tier: int, text: str, told: bool
) -> None:
    said = weigh(text, language if told else None)
    assert said.complaint
    assert tier <= said.tier <= tier + 1, said.findings


@pytest.mark.parametrize(("language", "cue", "text"), DENIED)
def test_a_not_before_a_cue_takes_it_back(language: str, cue: str, text: str) -> None:
    assert cue not in rules(weigh(text, language))


def test_harm_comes_before_tone_which_is_learned_and_earns_no_points() -> None:
    angry = weigh("An awful, horrible, terrible, disgusting colour, you should be ashamed of yourselves.")
    calm = weigh("My kettle gives off sparks.")
    assert angry.tone > calm.tone
    assert calm.rank < angry.rank
    learned = [one for one in angry.findings if one.rule in {"learned", "sound"}]
    assert [one.points for one in learned] == [0, 0]
    assert "sharpness" in learned[0].says + learned[1].says
    assert "TextBlob" in learned[0].says + learned[1].says


def test_what_is_urgent_today_is_less_so_once_its_hours_are_over() -> None:
    text = "we are stranded at the airport, nobody has a room for us"
    today, last_week = (triage(post(text, days_ago=days), (), senses(), NOW) for days in (0.1, 6))
    assert (today.tier, last_week.tier) == (4, 3)
    then = next(one for one in last_week.findings if one.rule == "stranded")
    assert "6 days ago" in then.says


def test_many_followers_and_a_long_silence_are_told_with_points() -> None:
    known = Author(id="9", handle="star", followers=120_000)
    wide = triage(post("my parcel is late", author=known), (), senses(), NOW)
    old = triage(post("my parcel is late", days_ago=9), (), senses(), NOW)
    narrow = weigh("my parcel is late")
    assert (wide.reach, narrow.reach) == (120_000, 0)
    assert wide.rank < narrow.rank
    assert {"reach", "age"} & rules(narrow) == set()
    assert next(one for one in wide.findings if one.rule == "reach").says == "120,000 followers"
    assert "9 days ago" in next(one for one in old.findings if one.rule == "age").says


def test_every_point_has_its_reason_with_the_words_that_earned_it() -> None:
    text = "You charged me twice, I have been waiting for 3 weeks and I'M REALLY REALLY ANGRY"
    said = weigh(text)
    assert {"overcharged", "waiting", "duration", "anger", "shouting", "learned"} <= rules(said)
    assert sum(finding.points for finding in said.findings) == said.urgency
    quotes = {finding.rule: finding.quote for finding in said.findings}
    assert quotes["overcharged"] == "charged me twice"
    assert quotes["duration"] == "3 weeks"
    assert quotes["anger"] == "ANGRY"
    assert said.topic == "double_charge"


class TestTheTopic:
    late = post("where is my order, it was due last tuesday", days_ago=2)
    rude = post("your staff were rude to my mother", days_ago=1)

    def test_is_what_the_latest_post_names(self) -> None:
        assert weigh("now you charged me twice as well", "en", self.late, self.rude).topic == "double_charge"

    def test_is_else_what_the_last_one_before_it_names(self) -> None:
        assert weigh("any news?", "en", self.late, self.rude).topic == "rude_staff"
        assert weigh("any news?", "en", self.rude, self.late).topic == "late"

    def test_is_safety_where_somebody_is_in_danger_whatever_the_words(self) -> None:
        assert weigh("our baby swallowed a button of your teddy").topic in {"", "safety"}
        assert weigh("you left my mother without her medication").topic == "safety"

    def test_is_open_where_nothing_is_sure(self) -> None:
        assert weigh("this is a disappointment").topic == ""

    def test_is_named_for_what_is_set_aside_too_for_a_person_may_bring_it_back(self) -> None:
        said = weigh("refund arrived this morning, all sorted, thanks. where is my order now?")
        assert said.topic == "late"


def test_the_longer_the_wait_the_more_urgent_by_its_logarithm() -> None:
    waits = [f"still waiting, {length}" for length in ("20 minutes", "5 hours", "two days", "6 weeks")]
    assert [weigh(text).urgency for text in waits] == sorted({weigh(text).urgency for text in waits})
    assert weigh("the shelf is broken, three weeks now").tier == 3
    assert weigh("the shelf is broken, three minutes now").tier == 1


def test_how_often_somebody_asked_is_counted() -> None:
    assert weigh("the shelf is broken and I sent 4 emails").tier == 3
    assert "count" not in rules(weigh("love it, I ordered 4 times")), "only where something is wrong"


class TestOneWhoNeedsItSoonOrBadly:
    def test_raises_what_is_wrong(self) -> None:
        assert weigh("my wedding is tomorrow and the chairs have not arrived").tier == 4
        assert weigh("you lost my suitcase with the insulin in it").tier == 5

    def test_is_no_complaint_by_itself(self) -> None:
        assert not weigh("we are pregnant and love the new crib, thank you").complaint

    def test_is_answered_though_it_is_only_a_question_but_is_not_grave(self) -> None:
        said = weigh("do you deliver by saturday? the wedding is on sunday")
        assert (said.complaint, said.tier) == (True, 0)

    def test_needs_it_all_the_more_without(self) -> None:
        assert weigh("you left my mother without her medication").tier == 5


class TestAFollowUp:
    fire = post("the heater started smoking in my bedroom", days_ago=0.5)
    late = post("my parcel is late", days_ago=0.5)

    def test_does_not_let_harm_drop_to_the_bottom(self) -> None:
        alone, after = weigh("any news?"), weigh("any news?", "en", self.fire)
        assert alone.tier == 0
        assert (after.complaint, after.tier, after.topic) == (True, 5, "safety")
        earlier = next(finding for finding in after.findings if finding.rule == "fire")
        assert "started smoking" in earlier.why
        assert (earlier.start, earlier.end, earlier.quote) == (0, 0, "")

    def test_counts_more_than_the_first_post(self) -> None:
        assert weigh("the heater smokes!", "en", self.fire).urgency > weigh("the heater smokes!").urgency

    @pytest.mark.parametrize("text", ["thanks, solved", "it arrived, thank you!", "all good now"])
    def test_that_says_it_is_solved_ends_it(self, text: str) -> None:
        assert not weigh(text, "en", self.late).complaint

    def test_that_says_it_is_solved_ends_harm_too(self) -> None:
        assert not weigh("you replaced it, all sorted, thanks", "en", self.fire).complaint

    @pytest.mark.parametrize(
        "text", ["thanks", "ok", "it arrived", "do you have a phone number?", "not solved"]
    )
    def test_that_does_not_say_so_leaves_it_open(self, text: str) -> None:
        assert weigh(text, "en", self.late).complaint

    def test_that_is_solved_and_then_wrong_again_is_open(self) -> None:
        solved = post("thanks, solved", days_ago=0.3)
        assert weigh("refund arrived, thanks, but the lamp is broken", "en", self.late).complaint
        said = weigh("hello?", "en", self.fire, solved)
        assert (said.complaint, said.tier) == (True, 0), "what was solved counts no more"

    def test_after_more_than_a_day_has_lasted_too_long(self) -> None:
        assert weigh("hello?", "en", post("my parcel is late", days_ago=2)).tier == 3
        assert weigh("hello?", "en", self.late).tier == 1

    def test_may_be_in_another_language(self) -> None:
        assert weigh("any news?", "en", post("aus der lampe sprühen funken", "de")).tier == 5


@pytest.mark.parametrize(
    "text",
    [
        "CHARGED TWICE",
        "\u200bch\u00adarged \u200btwice",
        "𝐜𝐡𝐚𝐫𝐠𝐞𝐝 𝐭𝐰𝐢𝐜𝐞",
        "\uff43\uff48\uff41\uff52\uff47\uff45\uff44 twice",
        "c\u0336h\u0336a\u0336r\u0336g\u0336e\u0336d\u0336 t\u0336w\u0336i\u0336c\u0336e\u0336",
        "charged &#116;wice",
    ],
)
def test_words_in_disguise_are_heard_and_quoted_as_they_stand(text: str) -> None:
    said = weigh(text)
    found = next(finding for finding in said.findings if finding.rule == "overcharged")
    assert text[found.start : found.end] == found.quote
    assert "arge" in found.quote or len(found.quote) > 12


@pytest.mark.parametrize("text", ["can’t log in", "can't log in", "cant log in", "CAN'T LOG IN"])
def test_people_type_apostrophes_in_every_way(text: str) -> None:
    assert "malfunction" in rules(weigh(text))


def test_a_private_complaint_is_weighed_like_a_public_one() -> None:
    public = post("you charged me twice")
    private = replace(public, external_id="2", thread="2", audience=Audience.PRIVATE)
    assert triage(private, (), senses(), NOW) == triage(public, (), senses(), NOW)


def test_handles_and_addresses_say_nothing() -> None:
    assert "unknown" in rules(weigh("@fraud_police https://fire.example/caught-fire www.scam.example/x"))


FRAGMENTS = [text for _, _, text in COMPLAINTS] + [text for _, text in CALM + SARCASM]
TEXTS = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=30), max_size=4).map(" ".join)


@given(TEXTS, st.sampled_from([None, *OURS, "pt", "en-GB"]), st.lists(TEXTS, max_size=2), st.booleans())
def test_the_laws_of_triage_hold_for_any_post(
    text: str, language: str | None, before: list[str], bot: bool
) -> None:
    earlier = tuple(post(words, language, days_ago=2) for words in before)
    mention = post(text, language, author=BOT if bot else None)
    said = triage(mention, earlier, senses(), NOW)
    assert said == triage(mention, earlier, senses(), NOW), "the same post is weighed the same way"
    assert said.findings
    assert said.urgency == max(0, min(100, sum(finding.points for finding in said.findings)))
    assert 0 <= said.tier <= 5
    for finding in said.findings:
        assert text[finding.start : finding.end] == finding.quote
        assert finding.says
    if not said.complaint:
        assert said.tier == 0
        assert rules(said) & ASIDE, "a reason is told"
        assert not any(finding.points >= 40 for finding in said.findings), "harm is never set aside"


@pytest.mark.parametrize(
    "text",
    [
        "no " * 50_000,
        "charged " * 20_000,
        "still still waiting no " * 5_000,
        "a" * 100_000,
        "!?" * 50_000,
        "@" * 100_000,
        "e\u0301\u0302\u0303" * 25_000,
        "&amp" * 25_000,
        "3 " * 50_000,
        "not " * 25_000,
        ":(" * 50_000,
        "https://" * 12_000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_a_hostile_text_costs_no_more_than_a_long_one(text: str) -> None:
    weigh("warm up the lexicon")
    assert _cost(text) < 5  # what grows with the square of its length would take minutes


def _cost(text: str) -> float:
    """Return the seconds of computing that a text takes, in a language and in none."""
    started = time.process_time()
    for language in ("en", None):
        weigh(text, language)
    return time.process_time() - started
