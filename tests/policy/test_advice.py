"""Every piece of the founding advice is carried out by something, and what leads nowhere says so."""

from dataclasses import replace
from pathlib import Path

import pytest

from responder.policy.advice import follow, load_advice
from tests.policy.books import OURS, ours

#: Articles and how many pieces each has.
ARTICLES = {"S0": 23, "S1": 21, "S2": 26, "S3": 16}


def test_every_piece_of_the_four_articles_is_there_once_and_in_order() -> None:
    expected = [f"{name}-{n:02}" for name, count in ARTICLES.items() for n in range(1, count + 1)]
    assert [one.id for one in load_advice([OURS])] == expected


def test_every_rule_part_and_topic_is_there() -> None:
    ways = {way for one in load_advice([OURS]) for way in one.by if way[0] in {"rule", "part", "topic"}}
    trails = {way: follow(*way, ours()) for way in ways}
    assert {way: one.problem for way, one in trails.items() if one.problem} == {}
    assert all("1 language" in one.found and not one.found.startswith("0 ") for one in trails.values())


def test_every_kind_of_reply_is_written_and_held_against_the_rules() -> None:
    ways = {way for one in load_advice([OURS]) for way in one.by if way[0] == "playbook"}
    assert len(ways) > 8
    assert {follow(*way, ours()).found.partition(" ")[2] for way in ways} == {
        "written in 1 language; the rules object to none"
    }


@pytest.mark.parametrize(
    ("kind", "name", "problem"),
    [
        ("rule", "no-robots", "there is no such rule in en"),
        ("playbook", "silence", "there is no such kind of reply"),
        ("part", "flattery", "no reply has such a part"),
        ("topic", "weather", "there is no such topic"),
    ],
)
def test_what_leads_nowhere_says_why(kind: str, name: str, problem: str) -> None:
    assert follow(kind, name, ours()).problem == problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("We are sorry if you feel that way.", "breaks no-conditional-apology"),
        ("", "en has no words for it"),
    ],
)
def test_a_script_that_the_rules_object_to_or_that_is_not_there_leads_nowhere(
    text: str, problem: str
) -> None:
    english = ours().words.languages["en"]
    changed = replace(english.scripts["voicemail"], text=text)
    scripts = {**english.scripts, "voicemail": changed} if text else {}
    words = replace(ours().words, languages={"en": replace(english, scripts=scripts)})
    assert problem in follow("playbook", "voicemail", replace(ours(), words=words)).problem


def test_a_part_and_a_topic_without_words_lead_nowhere() -> None:
    english = ours().words.languages["en"]
    bare = replace(
        ours(), words=replace(ours().words, languages={"en": replace(english, replies={}, tellings={})})
    )
    assert follow("part", "own", bare).problem == "no reply in en has it"
    assert follow("topic", "promise", bare).problem == "replies do not speak of it in en"


def test_what_a_company_switched_off_is_told_and_is_no_mistake() -> None:
    trail = follow(
        "rule", "no-but-apology", replace(ours(), off={"en/no-but-apology": "our lawyer likes it"})
    )
    assert trail.problem == "switched off by you, en: our lawyer likes it"
    assert trail.meant


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[[advice]]\nid = "S0-01"\nsays = "x"\n', "it has no `by`: who carries it out"),
        ('[[advice]]\nid = "S0-01"\nsays = "x"\nby = ["prayer"]\n', "must begin with one of rule"),
    ],
)
def test_advice_that_nobody_carries_out_is_told_with_its_line(
    tmp_path: Path, text: str, problem: str
) -> None:
    (tmp_path / "advice.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=problem):
        load_advice([tmp_path])
