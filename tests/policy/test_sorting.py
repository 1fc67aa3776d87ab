"""Sorting: nothing is set aside without a reason, and nothing harmful for any."""

import pytest

from responder.model.mention import Author
from responder.policy.urgency import triage
from tests.policy.sensed import NOW, post, rules, senses, weigh
from tests.policy.triaged import CALM, SARCASM

BOT = Author(id="8", handle="helper", bot=True)


@pytest.mark.parametrize("told", [True, False], ids=["told", "untold"])
@pytest.mark.parametrize(("language", "text"), CALM)
def test_praise_questions_thanks_and_spam_are_set_aside(language: str, text: str, told: bool) -> None:
    said = weigh(text, language if told else None)
    assert not said.complaint, said.findings
    assert said.tier == 0
    assert rules(said) & {"all-praise", "all-question", "all-solved", "all-spam", "unlikely"}


@pytest.mark.parametrize(("language", "text"), SARCASM)
def test_praise_that_is_not_meant_is_a_complaint(language: str, text: str) -> None:
    said = weigh(text, language)
    assert said.complaint
    assert said.tier >= 1


@pytest.mark.parametrize(
    "text",
    [
        "Der Tisch ist aus Eiche.",
        "2 saattir bekliyorum",
        "42",
        "",
        "...",
        "漢字",
    ],
)
def test_a_post_in_which_we_know_no_word_goes_before_a_person_and_is_not_negative(text: str) -> None:
    said = weigh(text, None)
    assert (said.complaint, said.tier, said.urgency) == (True, 0, 0)
    assert said.tone < 0.2
    assert "unknown" in rules(said)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "has this been resolved?"),
        ("en", "I want this solved today"),
        ("en", "has my chair arrived, and where is it?"),
        ("de", "ich will das heute gelöst haben"),
        ("fr", "je veux que ce soit réglé aujourd'hui"),
        ("es", "quiero que esté solucionado hoy"),
        ("sv", "jag vill ha det här löst i dag"),
        ("sl", "hočem, da bo to danes urejeno"),
        ("hr", "želim da to danas bude riješeno"),
        ("bg", "искам днес да бъде оправено"),
    ],
)
def test_to_ask_whether_it_is_solved_or_to_demand_it_is_not_to_say_so(language: str, text: str) -> None:
    assert weigh(text, language).complaint
    assert weigh(text, language, post("my parcel is late", days_ago=0.5)).complaint


class TestNothingHarmfulIsSetAside:
    @pytest.mark.parametrize(
        "text",
        [
            "someone hacked my account and posts a crypto giveaway on telegram",
            "love your shop! the heater caught fire. thanks anyway",
            "is there a way to reach you? the socket is sparking",
            "solved by now, thanks, but my son was injured",
        ],
    )
    def test_whatever_else_it_says(self, text: str) -> None:
        said = weigh(text)
        assert said.complaint
        assert said.tier >= 4

    def test_nor_from_a_bot(self) -> None:
        assert triage(post("the heater caught fire", author=BOT), (), senses(), NOW).complaint
        said = triage(post("parcel late", author=BOT), (), senses(), NOW)
        assert not said.complaint
        assert "bot" in rules(said)

    def test_nor_in_a_text_too_long_to_be_heard_to_its_end(self) -> None:
        praise = "I love my lamp, thank you! " * 100
        assert not weigh(praise[:80]).complaint
        said = weigh(praise)
        assert said.complaint
        assert "long" in rules(said)

    def test_a_fire_is_heard_at_the_end_of_a_long_story(self) -> None:
        story = "great shop, thanks! " * 200
        heard = weigh(story + "the heater caught fire")
        assert (heard.complaint, heard.tier) == (True, 5)
        (fire,) = [one for one in heard.findings if one.rule == "fire"]
        assert (story + "the heater caught fire")[fire.start : fire.end] == fire.quote

    def test_what_is_not_grave_is_weighed_in_the_first_two_thousand_characters_only(self) -> None:
        assert "broken" not in rules(weigh("a " * 1_000 + "the lamp arrived broken"))
        assert "fire" not in rules(weigh("a " * 10_000 + "the heater caught fire"))


class TestPraise:
    @pytest.mark.parametrize(
        "text",
        [
            "lovely lamp, but one leg is missing",
            "love the table. it arrived broken",
            "not happy",
            "great, the app crashed again",
            "nice lamp. why is it purple?",
        ],
    )
    def test_with_something_wrong_is_a_complaint(self, text: str) -> None:
        assert weigh(text).complaint

    def test_that_says_there_is_nothing_wrong_is_praise(self) -> None:
        assert not weigh("great lamp, no complaints, couldn't be happier").complaint
