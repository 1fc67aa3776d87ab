"""Reading a list that grows at its top, on servers of every manner."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.mastodon.walk import MOST, Place, Walk, Walked

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass
class List:
    """A list of notifications on a server; which parameters it knows, and what it was asked."""

    limit: int = 5
    knows_since: bool = True
    knows_under: bool = True
    #: The newest first.
    entries: list[dict[str, Any]] = field(default_factory=list)
    #: What is no entry, at the end of every page.
    junk: list[Any] = field(default_factory=list)
    asked: list[tuple[str | None, str | None]] = field(default_factory=list)

    def add(
        self, number: int, minutes: float = 0, *, edited: str | None = None, kind: str = "mention"
    ) -> None:
        """Put a notification where its number belongs."""
        self.entries = [one for one in self.entries if one["id"] != str(number)]
        at = (START + timedelta(minutes=minutes)).isoformat()
        post = {"id": f"p{number}", "edited_at": edited}
        self.entries.append({"id": str(number), "type": kind, "created_at": at, "status": post})
        self.entries.sort(key=lambda one: int(one["id"]), reverse=True)

    def fetch(self, under: str | None, since: str | None) -> list[Any]:
        self.asked.append((under, since))
        found = self.entries
        if under and self.knows_under:
            found = [one for one in found if int(one["id"]) < int(under)]
        if since and self.knows_since:
            found = [one for one in found if int(one["id"]) > int(since)]
        return [*found, *self.junk][: self.limit]

    def walk(self, place: Place | None, days: float = 0) -> Walked:
        """Walk once, so many days later; what is older than the start was said before anybody listened."""
        floor = START + timedelta(days=days)
        walked = Walk(place, lambda _: floor).down(self.fetch, self.limit)
        kept = Place.of(json.loads(json.dumps(walked.place.as_json())))
        assert kept is not None
        return Walked(kept, walked.news, walked.unreadable, walked.vanished)


def posts(walked: Walked) -> list[str]:
    return [str((one.post or {})["id"]) for one in walked.news]


MANNERS = pytest.mark.parametrize("knows_since", [True, False], ids=["knows since_id", "ignores since_id"])


@MANNERS
def test_what_is_new_is_told_once(knows_since: bool) -> None:
    server, heard = List(knows_since=knows_since), list[str]()
    place: Place | None = None
    for number in range(1, 30):
        server.add(number, number)
        walked = server.walk(place)
        place, heard = walked.place, heard + posts(walked)
    assert heard == [f"p{number}" for number in range(1, 30)]
    assert posts(server.walk(place)) == []


@MANNERS
@pytest.mark.parametrize("apart", [0.01, 3, 60])
def test_an_idle_list_is_one_request(knows_since: bool, apart: float) -> None:
    server = List(knows_since=knows_since, limit=40)
    place: Place | None = None
    for number in range(1, 20):
        server.add(number, number * apart)
        place = server.walk(place).place
    server.asked.clear()
    server.walk(place)
    assert len(server.asked) == 1


@MANNERS
def test_one_new_entry_is_one_request(knows_since: bool) -> None:
    server = List(knows_since=knows_since)
    for number in range(1, 20):
        server.add(number, number * 60)
    place = server.walk(None).place
    server.add(20, 1500)
    server.asked.clear()
    assert posts(server.walk(place)) == ["p20"]
    assert len(server.asked) == 1


def test_what_need_not_be_read_again_is_not_asked_for() -> None:
    server = List(limit=40)
    for number in range(1, 40):
        server.add(number, number * 60)
    place = server.walk(None).place
    server.walk(place)
    assert len(server.fetch(None, place.since)) == 3


@MANNERS
def test_a_list_that_fits_no_page_is_read_to_what_is_known(knows_since: bool) -> None:
    server = List(knows_since=knows_since)
    server.add(1, 1)
    place = server.walk(None).place
    for number in range(2, 40):
        server.add(number, number)
    assert posts(server.walk(place)) == [f"p{number}" for number in range(39, 1, -1)]


@MANNERS
def test_a_list_longer_than_a_poll_takes_is_read_in_several(knows_since: bool) -> None:
    server = List(knows_since=knows_since, limit=30)
    for number in range(1, 10):
        server.add(number, number * 60)
    place = server.walk(None).place
    total = 3 * MOST + 40
    for number in range(10, total):
        server.add(number, number * 60)
    heard: list[str] = []
    for turn in range(10):
        walked = server.walk(place)
        place, heard = walked.place, heard + posts(walked)
        if turn == 1:  # meanwhile somebody writes again
            server.add(total, total * 60)
        if not place.below:
            break
    heard += posts(server.walk(place))
    assert sorted(heard) == sorted(f"p{number}" for number in range(10, total + 1))


@MANNERS
def test_what_is_told_late_beneath_what_is_known_is_heard(knows_since: bool) -> None:
    server = List(knows_since=knows_since)
    for number in [*range(1, 10), 11, 12, 13]:
        server.add(number, number)
    place = server.walk(None).place
    server.add(10, 10)  # written before 11 and seen after it
    assert posts(server.walk(place)) == ["p10"]


def test_what_is_told_late_in_a_busy_minute_is_heard() -> None:
    server = List(limit=5)
    for number in [1, *range(3, 30)]:
        server.add(number, 1 + number / 100)
    place = server.walk(None).place
    server.add(2, 1.02)
    assert posts(server.walk(place)) == ["p2"]


@MANNERS
def test_the_first_walk_ends_where_nobody_listened_yet(knows_since: bool) -> None:
    server = List(knows_since=knows_since)
    for number in range(1, 40):
        server.add(number, number - 20)
    walked = server.walk(None)
    assert posts(walked) == [f"p{number}" for number in range(39, 19, -1)]
    assert len(server.asked) == 5
    server.add(40, 40)
    assert posts(server.walk(walked.place)) == ["p40"]


def test_where_nobody_listened_yet_is_remembered_while_nothing_is_known() -> None:
    server = List()
    place = server.walk(None).place
    for number in range(1, 20):
        server.add(number, number - 10)
    assert posts(server.walk(place, days=30)) == [f"p{number}" for number in range(19, 9, -1)]
    assert posts(server.walk(Place(floor=START.replace(year=2099).isoformat()))) != []


def test_a_wrong_clock_hides_nothing_that_is_said_later() -> None:
    server = List()
    server.add(1, 1)
    server.add(2, 60 * 24 * 365 * 70)  # a server's clock that was wrong for a moment
    place, heard = server.walk(None).place, list[str]()
    for number in range(3, 20):
        server.add(number, number)
        walked = server.walk(place)
        place, heard = walked.place, heard + posts(walked)
    assert heard == [f"p{number}" for number in range(3, 20)]


@MANNERS
def test_an_edit_of_what_was_read_lately_is_told(knows_since: bool) -> None:
    server = List(knows_since=knows_since)
    for number in range(1, 4):
        server.add(number, number)
    place = server.walk(None).place
    server.add(2, 2, edited="later")
    walked = server.walk(place)
    assert [(one.id, one.known_as, one.mark) for one in walked.news] == [("2", "p2", "later")]
    assert posts(server.walk(walked.place)) == []


def test_an_edited_post_that_got_another_id_keeps_the_first() -> None:
    server = List()
    server.add(1, 1)
    place = server.walk(None).place
    server.add(1, 1, edited="later")
    server.entries[0]["status"]["id"] = "another"
    for _ in range(2):
        walked = server.walk(place)
        assert [one.trace for one in walked.news] in ([("p1", "later")], [])
        place = walked.place


@MANNERS
def test_what_stands_in_the_list_no_more_is_told_once(knows_since: bool) -> None:
    server = List(knows_since=knows_since)
    for number in range(1, 5):
        server.add(number, number)
    place = server.walk(None).place
    del server.entries[1]
    walked = server.walk(place)
    assert walked.vanished == ["p3"]
    assert server.walk(walked.place).vanished == []


def test_what_was_cleared_away_is_not_taken_for_gone() -> None:
    server = List()
    for number in range(1, 5):
        server.add(number, number)
    place = server.walk(None).place
    server.entries.clear()
    assert server.walk(place).vanished == []
    server.add(5, 5)
    assert posts(server.walk(place)) == ["p5"]


def test_a_server_that_gives_the_same_page_for_ever_is_left() -> None:
    server = List(knows_since=False, knows_under=False)
    for number in range(1, 20):
        server.add(number, number)
    assert posts(server.walk(None)) == [f"p{number}" for number in range(19, 14, -1)]
    assert len(server.asked) == 2


def test_kinds_that_nobody_listens_to_are_passed_by_and_remembered() -> None:
    server = List(knows_since=False)
    for number in range(1, 20):
        server.add(number, number * 60, kind="favourite" if number % 5 else "mention")
    walked = server.walk(None)
    assert posts(walked) == ["p15", "p10", "p5"]
    server.asked.clear()
    assert posts(server.walk(walked.place)) == []
    assert len(server.asked) == 1


def test_what_is_no_entry_is_told_and_the_rest_goes_on() -> None:
    server = List()
    server.add(1, 1)
    server.junk = ["junk", {"type": "mention"}]
    walked = server.walk(None)
    assert posts(walked) == ["p1"]
    assert [raw for raw, _ in walked.unreadable][:2] == server.junk


def test_a_notification_may_tell_no_time() -> None:
    server = List()
    for number in range(1, 12):
        server.add(number, number * 60)
        server.entries[0]["created_at"] = "junk"
    place = server.walk(None).place
    server.add(12, 1)
    assert posts(server.walk(place)) == ["p12"]


def test_so_much_is_remembered_and_no_more() -> None:
    server, place = List(limit=80), None
    for number in range(1, 500):
        server.add(number, number)
        place = server.walk(place).place
    assert place is not None
    assert list(place.seen) == [str(number) for number in range(499, 299, -1)]


@pytest.mark.parametrize("junk", [None, [], {}, {"since": 1, "seen": {}}, {"since": "", "seen": []}])
def test_a_place_that_is_none_is_no_place(junk: object) -> None:
    assert Place.of(junk) is None


@given(
    limit=st.integers(1, 8),
    knows_since=st.booleans(),
    bursts=st.lists(st.tuples(st.integers(0, 30), st.sampled_from([0.01, 1, 30])), min_size=1, max_size=8),
)
def test_nothing_is_lost_and_nothing_told_twice_however_it_is_polled(
    *, limit: int, knows_since: bool, bursts: list[tuple[int, float]]
) -> None:
    server = List(limit=limit, knows_since=knows_since)
    place: Place | None = None
    heard: list[str] = []
    number, minutes = 0, 0.0
    for many, apart in bursts:
        for _ in range(many):
            number, minutes = number + 1, minutes + apart
            server.add(number, minutes)
        walked = server.walk(place)
        place, heard = walked.place, heard + posts(walked)
    reading_on = True
    while reading_on:  # a long list is read to its end, and then from its top again
        reading_on = bool(place and place.below)
        walked = server.walk(place)
        place, heard = walked.place, heard + posts(walked)
    assert sorted(heard) == sorted(f"p{n}" for n in range(1, number + 1))
