"""What we say after an answer keeps our own rules in every language, and a broken promise is named."""

from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from responder.model.case import Case, Stage
from responder.model.follow_up import FollowUpKind
from responder.model.limits import Limits
from responder.model.promise import Promise, PromiseKind, PromiseStatus
from responder.model.triage import Level
from responder.policy.after_files import FILE, TEXTS, load_after
from responder.policy.afterwards import OWN_WORDS, PUBLIC
from responder.policy.policy import Policy
from responder.policy.rulebook import Rulebook, load
from responder.policy.wording import Voice
from tests.network import at, mention
from tests.policy.books import LANGUAGES, OURS

K = FollowUpKind
#: The smallest room of any network we know.
ROOM = Limits(length=280)
#: A word of each language's promise of news.
NEWS = {
    "bg": "новини", "de": "eine Nachricht", "en": "news", "es": "noticias", "fr": "des nouvelles",
    "hr": "vijesti", "sl": "novice", "sv": "besked",
}  # fmt: skip


@cache
def ours() -> Rulebook:
    return load([OURS], whole=False)


def policy(language: str, register: str = "formal") -> Policy:
    voice = Voice(company="Acme", signature="^Ana", language=language, register=register)
    return Policy(rulebook=ours(), voice=voice, zone=ZoneInfo("Europe/Ljubljana"))


def case(language: str, topic: str = "late") -> Case:
    said = mention("1")
    said = replace(said, language=language, author=replace(said.author, name="Ana Novak"))
    return Case(
        id=1, account="shop", stage=Stage.ANSWERED, version=1, target=said, posts=1, replies=1,
        opened_at=at(0), moved_at=at(0), language=language, topic=topic,
    )  # fmt: skip


def owed(kind: PromiseKind = PromiseKind.UPDATE, channel: str = "", due: datetime | None = None) -> Promise:
    return Promise(
        id=7, case_id=1, account="shop", kind=kind, channel=channel, quote="I write again", told="",
        due_at=due or at(4 * 60), owner="Kim", status=PromiseStatus.BROKEN, made_at=at(0),
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_wording_keeps_every_rule_with_every_topic_in_both_registers(language: str) -> None:
    for register in ("formal", "informal"):
        speaking = policy(language, register)
        for topic in ours().words.languages[language].tellings:
            for kind in OWN_WORDS:
                said = speaking.follow_up(kind, case(language, topic), ROOM, at(0))
                wrong = [one for one in said.findings if one.level is not Level.NOTE]
                assert wrong == [], (topic, register, said.text)
                assert said.language == language
                assert "{" not in said.text
                if kind in PUBLIC:
                    assert len(said.text) <= ROOM.length


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_broken_promise_is_named_with_its_time_and_never_with_who_gave_it(language: str) -> None:
    said = policy(language).follow_up(K.BROKEN_PROMISE, case(language), ROOM, at(9 * 60), owed())
    assert said.playbook == "broken_promise"
    assert NEWS[language] in said.text
    assert "14:00" in said.text  # 13:00 UTC, where we are
    assert "Kim" not in said.text
    assert [one for one in said.findings if one.level is Level.BLOCK] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_closing_note_never_asks_for_the_complaint_to_be_deleted(language: str) -> None:
    said = policy(language).follow_up(K.CLOSING, case(language), ROOM, at(0))
    assert said.playbook == "closed"
    assert [one.rule for one in said.findings if one.level is Level.BLOCK] == []


def test_the_next_draft_takes_over_what_was_promised_unless_a_person_told_it() -> None:
    speaking = policy("en")
    told = speaking.owing(case("en"), owed())
    assert (told.facts.broke, told.facts.promised) == ("late", "news by 14:00 on 2 March")
    mine = replace(case("en"), facts=replace(told.facts, broke="contract", promised="a new phone"))
    assert speaking.owing(mine, owed()).facts == mine.facts
    assert speaking.write(told, Limits(length=500), at(0)).playbook == "broken_promise"


@pytest.mark.parametrize(
    ("kind", "channel", "words"),
    [
        (PromiseKind.ACTION, "call", "a call by 14:00 on 2 March"),
        (PromiseKind.ACTION, "", "that we'd see to it by 14:00 on 2 March"),
        (PromiseKind.OUTCOME, "call", "that it would be put right by 14:00 on 2 March"),
    ],
)
def test_what_was_promised_is_told_by_its_kind(kind: PromiseKind, channel: str, words: str) -> None:
    assert policy("en").owing(case("en"), owed(kind, channel)).facts.promised == words


def test_whose_language_is_none_of_ours_reads_the_companys() -> None:
    said = policy("sl").follow_up(K.STATUS, case("pl"), ROOM, at(0))
    assert said.language == "sl"


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("status = [", "stauts = [", "unknown key 'stauts'"),
        ("{step};", "{cost};", "may hold name, step, when"),
        ('call = "a call {by}"', 'call = "a call"', "promised.call must hold {by}"),
        ("{month}", "{moon}", "promised.by must hold day, month, time"),
        ('"January"', '"February"', "must name the twelve months"),
    ],
)
def test_a_file_that_lacks_something_is_told_and_not_used(
    tmp_path: Path, before: str, after: str, problem: str
) -> None:
    text = (OURS / "en" / FILE).read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / FILE).write_text(text.replace(before, after, 1), encoding="utf-8")
    found, problems = load_after([tmp_path])
    assert any(problem in one for one in problems)
    assert "en" not in found or before.startswith("status")


def test_a_companys_own_words_are_laid_over_ours(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / FILE).write_text('check = ["Is it?"]\n[promised]\ncall = "our call {by}"\n')
    found, problems = load_after([OURS, tmp_path])
    assert problems == []
    assert set(found["en"].texts) == set(TEXTS)
    assert found["en"].texts["check"] == ("Is it?",)
    assert found["en"].promised["call"] == "our call {by}"
    assert found["en"].promised["update"] == "news {by}"
