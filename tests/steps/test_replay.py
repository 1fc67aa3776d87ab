"""Replay: what would move by another policy is told with its reasons, and nothing is written."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from responder.model.correction import What
from responder.model.mention import Mention
from responder.model.triage import Finding, Level, Triage
from responder.policy.rulebook import RulebookError
from responder.steps.correct import Said, correct
from responder.steps.replay import Replay, Stand, replay
from responder.steps.triage import triage
from responder.store.store import Store
from responder.store.tables import metadata
from tests.desk import keep, street, waiting
from tests.lifecycle.world import TARGETS
from tests.network import at, mention
from tests.policies import PlainPolicy


class Changed(PlainPolicy):
    """Has learned that a flood is grave, a tower is none, and a smile no complaint."""

    def weigh(
        self, mention: Mention, earlier: tuple[Mention, ...], now: datetime, *, language: str = ""
    ) -> Triage:
        said = super().weigh(mention, earlier, now, language=language)
        flood = Finding(rule="flood", level=Level.NOTE, says="a flood", points=40)
        if "flood" in mention.text:
            return replace(said, tier=4, findings=(*said.findings, flood))
        if "fire tower" in mention.text:
            return replace(said, tier=1, findings=())
        if "smile" in mention.text:
            return replace(said, complaint=False, tier=0)
        if "irony" in mention.text:
            return replace(said, complaint=True, tier=1)
        return replace(said, language="sv") if "hej" in mention.text else said


def dump(store: Store) -> list[object]:
    """Return everything the database holds."""
    with store.read() as connection:
        return [list(connection.execute(select(table))) for table in metadata.sorted_tables]


def replayed(store: Store, policy: PlainPolicy | None = None, most: int = 50) -> Replay:
    return replay(store, policy or Changed(), None, most=most)


def says(store: Store, number: int, what: What, language: str = "") -> None:
    correct(store, TARGETS, store.casework.get(number), Said(what, "sam", "", language), at(3))


POSTS = ("A flood!", "The fire tower.", "A smile.", "Many thanks, irony.", "hej", "My parcel is lost.")


def test_each_kind_of_move_is_told_with_what_is_new_and_gone(any_store: Store) -> None:
    waiting(any_store, *(mention(str(n), text, author=f"a{n}") for n, text in enumerate(POSTS)))
    before = dump(any_store)
    found = replayed(any_store)
    assert dump(any_store) == before
    assert (found.weighed, found.moving, found.failed) == (6, 5, 0)
    assert found.kinds == {
        "moved up": 1, "moved down": 1, "set aside": 1, "picked up": 1, "another language": 1,
    }  # fmt: skip
    told = {one.case.target.text: one for one in found.moved}
    assert found.moved[0] is told["A smile."]
    flood, tower = told["A flood!"], told["The fire tower."]
    assert (flood.before, flood.after) == (Stand(True, 1, "en"), Stand(True, 4, "en"))
    assert (flood.new, flood.gone) == ({"flood": "a flood"}, {})
    assert (tower.before.tier, tower.after.tier, tower.gone) == (5, 1, {"plain": "a complaint"})


def test_by_the_same_policy_nothing_moves_whatever_people_corrected(store: Store) -> None:
    _, accounts = waiting(store, *(mention(str(n), text, author=f"a{n}") for n, text in enumerate(POSTS)))
    says(store, 1, What.MORE_URGENT)
    says(store, 1, What.MORE_URGENT)
    says(store, 2, What.LESS_URGENT)
    says(store, 3, What.NOT_A_COMPLAINT)
    says(store, 4, What.COMPLAINT)
    says(store, 5, What.LANGUAGE, "sv")
    assert replayed(store, PlainPolicy()).moving == 0
    street(store, accounts, 5)
    found = replayed(store, PlainPolicy())
    assert (found.weighed, found.moving) == (6, 0)


def test_the_corrections_that_triage_now_agrees_with_are_counted(store: Store) -> None:
    network, accounts = waiting(
        store, *(mention(str(n), text, author=f"a{n}") for n, text in enumerate(POSTS))
    )
    for number, what in ((1, What.MORE_URGENT), (2, What.LESS_URGENT), (3, What.NOT_A_COMPLAINT)):
        says(store, number, what)
    says(store, 4, What.COMPLAINT)
    says(store, 5, What.LANGUAGE, "sv")
    says(store, 6, What.MORE_URGENT)
    street(store, accounts, 4)
    assert (replayed(store, PlainPolicy()).corrections, replayed(store, PlainPolicy()).agreed) == (6, 0)
    assert (replayed(store).corrections, replayed(store).agreed) == (6, 5)
    network.edit("0", "It is dry again.", "e1")
    street(store, accounts, 5)
    assert replayed(store).corrections == 5


def test_of_many_that_would_move_the_farthest_are_kept_and_all_are_counted(store: Store) -> None:
    keep(store, *(mention(str(n), "A flood!", author=f"a{n}") for n in range(1100)))
    triage(store, PlainPolicy(), TARGETS, at(2))
    found = replayed(store, most=3)
    assert (found.weighed, found.moving, len(found.moved)) == (1100, 1100, 3)


def test_only_what_was_weighed_since_is_weighed_anew(store: Store) -> None:
    network, accounts = waiting(store, mention("1", "A flood!"))
    network.say(mention("2", "A flood!", author="bo", minutes=4))
    street(store, accounts, 5)
    assert [one.case.id for one in replay(store, Changed(), at(3)).moved] == [2]
    assert replay(store, Changed(), at(6)).weighed == 0


def test_a_case_that_cannot_be_weighed_is_counted_and_the_rest_goes_on(store: Store) -> None:
    waiting(store, mention("1", "A flood!"), mention("2", "hm", author="bo"))

    class Picky(Changed):
        def weigh(self, mention: Mention, *args: object, **more: object) -> Triage:
            if mention.text == "hm":
                raise ValueError("no")
            return super().weigh(mention, *args, **more)  # type: ignore[arg-type]

    found = replayed(store, Picky())
    assert (found.weighed, found.failed, found.moving) == (1, 1, 1)


def test_a_rulebook_that_cannot_be_used_ends_it(store: Store) -> None:
    waiting(store, mention("1"))

    class Broken(PlainPolicy):
        def weigh(self, *args: object, **more: object) -> Triage:
            raise RulebookError(["en/cues.toml:1: no"])

    with pytest.raises(RulebookError):
        replayed(store, Broken())
