"""Our own replies keep our own rules: every frame, topic, clause, register, audience and promise."""

from dataclasses import replace
from itertools import islice

import pytest

from responder.model.mention import Audience
from responder.policy.frames import WordBook
from responder.policy.planner import Playbook
from responder.policy.proof import Proving, Trial, broken, every_trial, faults, written
from tests.policy.books import every_rule
from tests.policy.wordbooks import LANGUAGES, words_of


def rules(language: str) -> Proving:
    return Proving(every_rule(language).rules)


def proven(language: str, every: int) -> list[str]:
    words = words_of(language).languages[language]
    return broken(islice(every_trial(words), 0, None, every), words, rules(language))


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_twentieth_reply_we_could_write_passes_every_rule(language: str) -> None:
    assert proven(language, 20) == []


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reply_we_could_write_passes_every_rule(language: str) -> None:
    assert proven(language, 1) == []


def test_the_trials_cover_every_frame_clause_and_way_to_say_it() -> None:
    words = words_of().languages["en"]
    trials = list(every_trial(words))
    assert {trial.playbook for trial in trials} == set(Playbook)
    assert {trial.audience for trial in trials} == set(Audience)
    assert {trial.informal for trial in trials} == {trial.facts for trial in trials} == {False, True}
    texts = [
        written(trial, words).text.lower()
        for trial in trials
        if (trial.playbook, trial.topic) == (Playbook.FIRST_PUBLIC_REPLY, "late")
    ]
    telling = words.telling("late")
    for clause in (*telling.own, *telling.cost, *telling.step):
        for opening in ("hi ana,", "hello ana,", "ana,"):
            assert any(clause.lower() in text and text.startswith(opening) for text in texts), clause


def test_a_reply_that_breaks_a_rule_is_told_with_its_place_and_rule() -> None:
    words = words_of().languages["en"]
    first = words.frames("first_public_reply")
    bad = replace(first[0], parts=(*first[0].parts, ("thanks", "We apologise for any inconvenience.")))
    book = WordBook(
        languages={"en": replace(words, replies={**words.replies, "first_public_reply": (bad, *first[1:])})}
    )
    told = faults(book, rules("en"))
    assert told
    assert all(one.startswith(f"{bad.place}: {bad.id} about ") for one in told)
    assert any("no-inconvenience-boilerplate" in one for one in told)


def test_our_own_replies_have_no_fault_at_start() -> None:
    assert faults(words_of(), rules("en")) == []


def test_a_trial_is_the_same_every_time() -> None:
    words = words_of().languages["en"]
    trial = Trial(playbook=Playbook.CLOSED, topic="late")
    assert written(trial, words) == written(trial, words)
