"""Going through the queue: which card comes when, and how others are told of."""

import re
from datetime import timedelta
from pathlib import Path

from responder.cli.review.keys import KEYS, keys
from responder.cli.review.session import Session
from responder.model.case import Stage
from responder.model.decision import Verdict
from responder.steps.approve import decide
from responder.store.store import Store
from tests.cli.review.room import Room, presses
from tests.desk import stage
from tests.network import mention


def names(session: Session) -> list[str]:
    """Return the cases that j shows, from this one to the last."""
    told = [at(session)]
    while not presses(session, "j").says:
        told.append(at(session))
    return told


def at(session: Session) -> str:
    return session.shown.case.name if session.shown else ""


def test_the_most_urgent_comes_first_and_j_and_k_go_on_and_back(room: Room) -> None:
    session = room.session()
    assert names(session) == ["c-1", "c-2", "c-3"]
    assert presses(session, "j").says == "That was the last one."
    assert at(session) == "c-3"
    presses(session, "k")
    presses(session, "k")
    assert at(session) == "c-1"
    assert presses(session, "k").says == "This is the first one."


def test_more_cases_than_a_page_follow_each_other_without_a_gap_or_a_repeat(bare: Room) -> None:
    bare.say(*(mention(str(n), author=f"a{n}", minutes=n / 10) for n in range(120)))
    bare.street()
    told = names(bare.session())
    assert told == [f"c-{n}" for n in range(1, 121)]


def test_where_nothing_waits_there_is_no_card_and_the_keys_say_so(bare: Room) -> None:
    session = bare.session()
    assert session.shown is None
    assert presses(session, "a").says == "a is off: nothing waits for you."
    assert presses(session, "e").says == "e is off: nothing waits for you."
    assert presses(session, "u").says == "u is off: you did nothing here yet."
    assert presses(session, "j").says == "That was the last one."


def test_a_case_that_came_in_meanwhile_is_next_where_it_is_more_urgent(room: Room) -> None:
    session = room.session()
    presses(session, "j")
    room.say(mention("4", "Now there is a fire here too", author="di", minutes=50))
    assert presses(session, "a").says.endswith("1 new case came in and is next.")
    assert at(session) == "c-4"


def test_a_case_that_came_in_and_is_less_urgent_comes_in_its_turn(room: Room) -> None:
    session = room.session()
    room.say(mention("4", "My shoes are late", author="di", minutes=50))
    assert "new case" not in presses(session, "a").says
    assert names(session) == ["c-2", "c-3", "c-4"]


def test_what_comes_when_all_is_done_is_found_by_the_next_key(room: Room) -> None:
    session = room.session()
    for _ in range(2):
        presses(session, "a")
    assert presses(session, "a").says.endswith("Nothing else waits for you.")
    assert session.shown is None
    room.say(mention("4", "My shoes are late", author="di", minutes=50))
    presses(session, "j")
    assert at(session) == "c-4"


def test_who_writes_again_comes_back_into_the_same_session(room: Room) -> None:
    session = room.session()
    presses(session, "a")
    room.send()
    room.say(mention("9", "Still on fire!", thread="1", author="ana", minutes=70))
    presses(session, "a")
    assert at(session) == "c-1"


def test_how_many_are_left_is_counted(room: Room) -> None:
    session = room.session()
    assert (session.listing.position, session.left) == (1, 3)
    presses(session, "a")
    assert (session.listing.position, session.left) == (1, 2)
    presses(session, "j")
    assert session.listing.position == 2


def test_enter_and_unknown_keys_do_nothing(room: Room) -> None:
    session = room.session()
    for letter in ("\r", "\n", "y", "A", "", "enter"):
        assert "does nothing here" in presses(session, letter).says
    assert {stage(room.store, number) for number in (1, 2, 3)} == {Stage.WAITING}


def test_who_was_quicker_is_named_and_nothing_is_done_twice(room: Room) -> None:
    sam, eva = room.session("sam"), room.session("eva")
    presses(sam, "a")
    room.now += timedelta(seconds=10)
    told = presses(eva, "a").says
    assert told.startswith("c-1: sam approved it 1")
    assert "s ago. Nothing of yours was done." in told
    assert at(eva) == "c-1"
    assert presses(eva, "a").says == "a is off: c-1 is approved, in the outbox."
    presses(eva, "j")
    assert at(eva) == "c-2"
    room.send()
    assert len(room.network.public) == 1


def test_a_customer_who_wrote_meanwhile_is_told_of(room: Room) -> None:
    session = room.session()
    room.network.edit("1", "My heater is on fire, no, it was the stove", "2")
    room.street()
    told = presses(session, "a").says
    assert told.startswith("c-1: it was drafted")
    assert stage(room.store) is Stage.WAITING
    assert session.shown
    assert "stove" in session.shown.case.target.text


def test_what_others_did_shows_without_a_key(room: Room) -> None:
    session = room.session()
    assert session.look_again() is None
    decide(room.store, room.store.casework.get(1), Verdict.DISMISS, ("eva", "spam"), room.clock())
    told = session.look_again()
    assert told
    assert told.says.startswith("c-1: eva dismissed it")
    assert session.look_again() is None


def test_what_somebody_else_did_leaves_the_list_when_one_comes_to_it(room: Room) -> None:
    session = room.session()
    decide(room.store, room.store.casework.get(2), Verdict.DISMISS, ("eva", "spam"), room.clock())
    presses(session, "j")
    assert at(session) == "c-3"


def test_every_letter_means_one_thing_and_says_what(room: Room) -> None:
    letters = [one.letter for one in KEYS]
    assert len(letters) == len(set(letters))
    assert all(one.does.endswith(".") and one.name for one in KEYS)
    assert "".join(one.letter for one in keys(room.session())) == "aeEnrsxgNmuio /fjkq"


def test_the_readme_tells_every_key() -> None:
    page = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    told = re.findall("`([^`]+)`", page.partition("## Review")[2].partition("\n## ")[0])
    assert {one.label for one in KEYS} <= set(told)


def test_quitting_ends_the_session_and_changes_nothing(room: Room, store: Store) -> None:
    session = room.session()
    presses(session, "q")
    assert session.over
    assert store.casework.get(1).version == room.session().shown.case.version  # type: ignore[union-attr]
