"""Several processes act on the same cards at once: each case has one winner, and every loser is told who."""

import multiprocessing
import random
from collections import Counter
from datetime import timedelta
from pathlib import Path
from threading import BrokenBarrierError
from typing import Any, NamedTuple

import pytest

from responder.model.case import Case, Stage
from responder.model.decision import Verdict
from responder.model.draft import Draft
from responder.steps.approve import approve, decide, edit
from responder.steps.assign import assign
from responder.steps.snooze import snooze
from responder.store.errors import Conflict, StoreBusy
from responder.store.store import Store
from tests.desk import seen, waiting
from tests.network import ScriptedNetwork, account, at, mention
from tests.policies import PlainPolicy

#: What a person does to a card, as the journal has it.
DEEDS = ("approved", "dismissed", "snoozed", "assigned", "edited by hand")
#: Where the people wait for each other, so that all see the same cards.
_DOOR: list[Any] = []


class Went(NamedTuple):
    """How it went for one person: what they won (case, deed), and what they were told of the others."""

    name: str
    won: list[tuple[int, str]]
    told: dict[int, str]


def enters(door: Any) -> None:
    _DOOR[:] = [door]


def sits_down(url: str, name: str) -> Went:
    """Read every card, wait for the others to have done so, and act on each in an order of one's own."""
    store, chance = Store(url), random.Random(name)  # noqa: S311 (chance, not secrecy)
    cards = [seen(store, case.id) for case in store.views.page(Stage.WAITING, limit=1000, now=at(2))]
    chance.shuffle(cards)
    went = Went(name, [], {})
    try:
        _DOOR[0].wait(120)
    except BrokenBarrierError:
        return went
    for card in cards:
        deed = chance.choice(DEEDS)
        try:
            patiently(store, card, deed, name)
        except Conflict as told:
            went.told[card[0].id] = str(told)
        else:
            went.won.append((card[0].id, deed))
    store.close()
    return went


def patiently(store: Store, card: tuple[Case, Draft], deed: str, name: str) -> None:
    """Do it, again and again while the database is busy: nothing was changed by then."""
    while True:
        try:
            return acts(store, card, deed, name)
        except StoreBusy:
            continue


def acts(store: Store, card: tuple[Case, Draft], deed: str, name: str) -> None:
    case, _ = card
    if deed == "approved":
        approve(store, account(ScriptedNetwork()), card, name, at(3))
    elif deed == "dismissed":
        decide(store, case, Verdict.DISMISS, (name, "spam"), at(3))
    elif deed == "snoozed":
        snooze(store, case, at(3) + timedelta(hours=1), name, at(3))
    elif deed == "assigned":
        assign(store, case, name, name, at(3))
    else:
        edit(store, PlainPolicy(), account(ScriptedNetwork()), card, ("better", name), at(3))


def crowded(url: str, people: int, cases: int) -> None:
    """Let so many people act on so many cases at once, and check what became of each."""
    store = Store(url)
    store.prepare()
    waiting(store, *(mention(f"p{n}", author=f"a{n}") for n in range(cases)))
    context = multiprocessing.get_context("spawn")
    with context.Pool(people, enters, (context.Barrier(people),)) as pool:
        names = [f"person {n}" for n in range(people)]
        all_went = pool.starmap(sits_down, [(url, name) for name in names], chunksize=1)
    winner = {number: (went.name, deed) for went in all_went for number, deed in went.won}
    assert Counter(number for went in all_went for number, _ in went.won) == Counter(dict.fromkeys(winner, 1))
    assert len(winner) == cases
    for went in all_went:
        for number, told in went.told.items():
            name, _ = winner[number]
            assert f"c-{number} moved while you looked: {name} " in told
    for number, (name, deed) in winner.items():
        by_people = [(one.by, one.action) for one in store.views.card(number).events if one.by]
        assert by_people == [(name, deed)]
    assert store.views.verify() == []
    planned = sum(deed == "approved" for _, deed in winner.values())
    assert len(store.views.page(Stage.APPROVED, limit=1000)) == planned
    store.close()


def test_a_few_at_once_on_sqlite(tmp_path: Path) -> None:
    crowded(f"sqlite:///{tmp_path / 'desk.db'}", 3, 40)


@pytest.mark.slow
def test_eight_at_once_on_five_hundred_cases_on_sqlite(tmp_path: Path) -> None:
    crowded(f"sqlite:///{tmp_path / 'desk.db'}", 8, 500)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_eight_at_once_on_five_hundred_cases_on_postgresql(postgres_url: str) -> None:
    crowded(postgres_url, 8, 500)


@pytest.mark.slow
def test_a_few_at_once_on_postgresql(postgres_url: str) -> None:
    crowded(postgres_url, 3, 40)
