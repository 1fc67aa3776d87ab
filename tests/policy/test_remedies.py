"""The catalogue: ours, what a config lays over it, and what a reply makes of it."""

from dataclasses import replace
from datetime import date

import pytest

from responder.model.case import Case, Stage
from responder.model.facts import Facts
from responder.model.limits import Limits
from responder.model.people import Role
from responder.model.remedy import Remedy, RemedyKind
from responder.policy.policy import Policy
from responder.policy.remedies import laid_over, load_remedies
from responder.policy.topics import REMEDIES
from responder.policy.wording import Voice
from tests.policy.books import mention, ours

LIMITS = Limits(length=1_000, private_messages=True)
WORDS = {"en": "we'll send you a new one", "de": "wir schicken Ihnen ein neues"}
NEW = Remedy(id="new", kind=RemedyKind.REPLACEMENT, says="a new one", public=True, words=WORDS)


def case(remedy: str = "new", **more: object) -> Case:
    post = mention()
    return Case(
        id=1, account="acme", stage=Stage.NEEDS_REPLY, version=1, target=post, posts=1, replies=0,
        opened_at=post.created_at, moved_at=post.created_at, tier=1, topic="late",
        facts=Facts(remedy=remedy, kind="private_message"), **more,  # type: ignore[arg-type]
    )  # fmt: skip


def policy(*remedies: Remedy) -> Policy:
    catalogue = {one.id: one for one in remedies} or None
    return Policy(rulebook=ours(), voice=Voice(company="Acme", signature="^Ana"), catalogue=catalogue)


def written(remedy: Remedy, one: Case) -> str:
    return policy(remedy).write(one, LIMITS, one.opened_at).text


def test_every_kind_has_a_remedy_and_every_remedy_can_be_named_by_a_topic() -> None:
    catalogue = ours().remedies
    assert {one.kind for one in catalogue.values()} == set(RemedyKind)
    assert set(catalogue) == set(REMEDIES)


def test_at_most_two_are_proposed_and_they_are_those_of_the_topic() -> None:
    for name, topic in ours().topics.catalogue.items():
        one = replace(case(""), topic=name)
        found = [remedy.id for remedy in policy().fitting(one, one.opened_at)]
        assert found == list(topic.remedies[:2])


def test_the_catalogue_says_it_where_nobody_told_another_solution() -> None:
    assert "send you a new one" in written(NEW, case())
    other = replace(
        case(), facts=Facts(remedy="new", kind="private_message", solution="we'll bring it over today")
    )
    assert "send you a new one" not in written(NEW, other)


def test_what_ended_is_said_no_more() -> None:
    assert "send you a new one" not in written(replace(NEW, expires=date(2020, 1, 1)), case())


def test_words_for_another_language_are_not_taken() -> None:
    assert "schicken" not in written(replace(NEW, words={"de": WORDS["de"]}), case())


def test_what_is_laid_over_keeps_what_it_does_not_say() -> None:
    catalogue = {"new": replace(NEW, caps={Role.AGENT: 5})}
    laid, wrong = laid_over(catalogue, [{"id": "new", "caps": {Role.ADMIN: 90.0}, "legal": "ask"}], ["late"])
    assert wrong == []
    assert laid["new"] == replace(NEW, caps={Role.AGENT: 5, Role.ADMIN: 90.0}, legal="ask")
    assert catalogue["new"].caps == {Role.AGENT: 5}


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("kind = 'hug'", "kind is 'hug'"),
        ("kind = 'fix'\nfaults = ['theirs']", "unknown fault 'theirs'"),
        ("kind = 'fix'\nexpires = 'soon'", 'expires must be a day, like "2026-12-31"'),
        ("kind = 'fix'\nwords = 'send'", "words must be a table of texts"),
        ("", "kind is missing"),
    ],
)
def test_what_is_wrong_in_a_folder_is_told_with_its_line(tmp_path, lines: str, says: str) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "remedies.toml").write_text(f"[[remedy]]\nid = 'x'\nsays = 'y'\n{lines}\n", encoding="utf-8")
    _, problems = load_remedies([tmp_path])
    assert any(says in one and "remedies.toml:" in one for one in problems), problems
