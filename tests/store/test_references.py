"""Codes in the store: one for a case for life, found by its hash alone, and a wrong one tells nothing."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from responder.model.case import Stage
from responder.model.reference import heard, mark, spelt
from responder.steps.draft import draft
from responder.steps.triage import triage
from responder.store.store import Store
from tests.chance import chance
from tests.desk import approved, keep, seen, stage, street, waiting
from tests.lifecycle.world import TARGETS
from tests.network import ScriptedNetwork, account, at, mention
from tests.policies import PlainPolicy

KEPT = timedelta(days=90)


class Coding(PlainPolicy):
    """Its invitations name the code."""

    references = True

    def write(self, case, limits, now, *, recent=()):  # type: ignore[no-untyped-def]
        written = super().write(case, limits, now, recent=recent)
        return replace(written, text=f"{written.text} {spelt(case.reference)}")


def drafted(store: Store, *numbers: str, before: str | None = None) -> None:
    keep(store, *(mention(one, author=f"author{one}") for one in numbers), before=before, cursor="9")
    accounts = {"shop": account(ScriptedNetwork())}
    triage(store, Coding(), TARGETS, at(2))
    draft(store, Coding(), accounts, at(3))


def find(store: Store, words: str, minutes: float = 10) -> int | None:
    return store.references.find(words, "Ana", at(minutes), keep_for=KEPT)


def test_the_first_draft_names_a_code_and_it_finds_the_case(any_store: Store) -> None:
    drafted(any_store, "1", "2")
    for number in (1, 2):
        case, words = seen(any_store, number)
        assert heard(case.reference) == case.reference
        assert words.text.endswith(spelt(case.reference))
        assert find(any_store, spelt(case.reference).upper()) == number
    assert seen(any_store, 1)[0].reference != seen(any_store, 2)[0].reference


def test_a_case_keeps_its_code_and_gets_one_on_demand(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    case = any_store.casework.get(1)
    assert case.reference == ""
    code = any_store.references.give(case, at(4))
    assert any_store.references.give(case, at(5)) == code
    assert any_store.casework.get(1).reference == code


def test_the_code_does_not_follow_from_the_case(store: Store) -> None:
    codes = set()
    for _ in range(3):
        other = Store("sqlite://")
        other.prepare()
        waiting(other, mention("1"))
        codes.add(other.references.give(other.casework.get(1), at(4)))
        other.close()
    assert len(codes) == 3


def test_a_code_that_is_taken_is_drawn_anew(any_store: Store) -> None:
    waiting(any_store, mention("1"), mention("2", author="bo"))
    one, two = any_store.casework.get(1), any_store.casework.get(2)
    any_store.chance = chance(7)
    first = any_store.references.give(one, at(4))
    any_store.chance = chance(7)  # the same again, and then others
    assert any_store.references.give(two, at(4)) != first


def test_a_draft_with_a_code_that_is_taken_comes_round_again(any_store: Store) -> None:
    any_store.chance = chance(7)
    taken = any_store.references.fresh()
    waiting(any_store, mention("1"))
    any_store.chance = chance(7)
    assert any_store.references.give(any_store.casework.get(1), at(4)) == taken
    any_store.chance = chance(7)
    drafted(any_store, "2", before="1")
    assert stage(any_store, 2) is Stage.NEEDS_REPLY
    draft(any_store, Coding(), {"shop": account(ScriptedNetwork())}, at(9))
    case, words = seen(any_store, 2)
    assert words.text.endswith(spelt(case.reference))
    assert case.reference != taken


@pytest.mark.parametrize("words", ["", "bobo", "c-1", "lomi-rusa-bato-fikun", "x" * 5_000, "\ud800"])
def test_what_finds_nothing_tells_nothing(any_store: Store, words: str) -> None:
    drafted(any_store, "1")
    assert find(any_store, words) is None


def test_a_code_ends_some_time_after_its_case(any_store: Store) -> None:
    drafted(any_store, "1")
    code = seen(any_store)[0].reference
    approved(any_store)
    with any_store.write() as connection:
        connection.exec_driver_sql("UPDATE cases SET stage = 'CLOSED', moved_at = moved_at")
    closed = any_store.casework.get(1).moved_at
    later = KEPT.total_seconds() / 60
    since = (closed - at(0)).total_seconds() / 60
    assert find(any_store, code, since + later - 1) == 1
    assert find(any_store, code, since + later + 1) is None


def test_the_case_that_speaks_is_found_and_what_is_taken_apart_is_itself_again(any_store: Store) -> None:
    drafted(any_store, "1", "2")
    one, two = any_store.casework.get(1), any_store.casework.get(2)
    any_store.matters.merge(one, two, "Ana", at(5))
    assert find(any_store, two.reference) == 1
    assert find(any_store, one.reference) == 1
    any_store.matters.split(any_store.casework.get(2), "Ana", at(6))
    assert find(any_store, two.reference) == 2


def test_the_journal_knows_codes_by_their_hash_alone(any_store: Store) -> None:
    drafted(any_store, "1")
    code = seen(any_store)[0].reference
    find(any_store, code)
    find(any_store, "lomi rusa bato fikun")
    find(any_store, "my password is hunter2")
    events = any_store.views.card(1).events
    assert events[-1].detail == {"code": mark(code)[:12]}
    with any_store.read() as connection:
        rows = connection.exec_driver_sql("SELECT action, detail FROM event").all()
    assert [row[0] for row in rows].count("unknown code") == 2
    assert not re.search(f"{code}|{spelt(code)}|hunter2", str(rows))
    assert any_store.references.wrong(at(0)) == 2


def test_with_codes_switched_off_there_is_none(store: Store) -> None:
    keep(store, mention("1"))
    street(store, {"shop": account(ScriptedNetwork())})
    assert seen(store)[0].reference == ""
