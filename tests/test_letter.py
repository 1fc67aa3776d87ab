"""The digest's letter: the worst first, silence told as silence, and nothing a stranger wrote acts."""

import json
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest

from responder import letter
from responder.model.digest import OVERDUE_CAP, AccountHealth, Digest, Figures
from responder.steps.digest import digest
from responder.store.store import Store
from tests.desk import approved, waiting
from tests.network import START, at, mention


def made(store: Store, minutes: float = 5) -> Digest:
    return digest(store, at(minutes) - timedelta(days=1), at(minutes))


def test_an_empty_day_is_one_line(store: Store) -> None:
    waiting(store)
    assert letter.text(made(store), "Acme", UTC) == "0 open; shop was polled, the last time at 09:01\n"


def test_without_an_account_the_line_says_what_to_do(store: Store) -> None:
    assert "add [[accounts]] to the config" in letter.text(made(store), "Acme", UTC)


def test_an_account_that_never_answered_is_no_quiet_day(store: Store) -> None:
    store.intake.introduce({"shop": "scripted"})
    assert letter.text(made(store), "Acme", UTC) == "0 open; 1 of 1 accounts never polled yet\n"


def test_overdue_comes_first_then_what_waits_then_what_is_under_way(store: Store) -> None:
    old = mention("1", "It burns, there is fire!", minutes=-60 * 9)
    waiting(store, old, mention("2", author="bo"), mention("3", author="cy"))
    approved(store, 3)
    words = letter.text(made(store), "Acme", ZoneInfo("Europe/Ljubljana"))
    assert words.startswith("3 open, 1 overdue - Acme complaints, Mon 2 Mar\n")
    places = [
        words.index(part) for part in ("OVERDUE (1)", "c-1", "WAITING (1)", "c-2", "UNDER WAY", "SINCE")
    ]
    assert places == sorted(places)
    assert "1 approved and not sent yet" in words
    assert "heard Mon 10:01" in words  # the zone's hour


def test_a_pause_and_a_failing_account_are_told(store: Store) -> None:
    waiting(store, mention("1"))
    store.control.pause("sam", at(2))
    store.intake.polled("shop", at(60), at(3), problem="the key was refused", stop=True)
    words = letter.text(made(store), "", UTC)
    assert "ALL SENDING IS PAUSED" in words
    assert "HEALTH  shop: the key was refused (heard Mon 09:01)" in words


def test_nothing_a_stranger_wrote_acts_on_a_terminal(store: Store) -> None:
    waiting(store, mention("1", "\x1b]52;c;x\x07\u202e evil\nOVERDUE (0)", author="a\x1b[2J"))
    words = letter.text(made(store), "Acme\x1b", UTC)
    assert all(line.isprintable() for line in words.splitlines())
    assert sum(line.startswith("OVERDUE") for line in words.splitlines()) == 0


def test_the_figures_are_plain_json(store: Store) -> None:
    waiting(store, mention("1"))
    told = json.loads(json.dumps(letter.figures(made(store))))
    assert (told["open"], told["overdue"], told["paused"]) == (1, 0, False)
    assert told["waiting_cases"][0]["id"] == "c-1"
    assert told["happened"]["heard"] == 1


def test_more_than_a_thousand_overdue_are_not_counted_on() -> None:
    figures = Figures(
        by_stage={"WAITING": 5_000},
        open_by_tier={1: 5_000},
        overdue=OVERDUE_CAP,
        happened={},
        median_answer=None,
    )
    health = AccountHealth(
        name="shop", network="x", heard_at=START, polled_at=START, problem="", stopped=False
    )
    crowded = Digest(
        at=START,
        since=START - timedelta(days=1),
        figures=figures,
        overdue=(),
        waiting=(),
        unsettled=(),
        health=(health,),
        paused=False,
    )
    assert letter.subject(crowded, "Acme", UTC) == "5,000 open, 1,000+ overdue - Acme complaints, Mon 2 Mar"


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=89), "89 s"),
        (timedelta(minutes=18), "18 min"),
        (timedelta(hours=5, minutes=59), "5 h"),
        (timedelta(days=3), "3 days"),
        (-timedelta(hours=2), "2 h"),
    ],
)
def test_a_length_of_time_is_told_as_people_say_it(length: timedelta, words: str) -> None:
    assert letter.span(length) == words
