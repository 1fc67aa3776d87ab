"""Alerts: what cannot wait is told at once, once, to those who are there, and never in a flood."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from responder.model.alert import AGAIN, APART, MOST_AN_HOUR, Kind
from responder.model.clocks import Clocks, Targets
from responder.model.letter import Letter
from responder.model.recipient import Recipient, Way
from responder.notify import NotifyError, Sender, send_alerts
from responder.settings import Settings
from responder.settings.telling import RecipientSection
from responder.settings.week import opening_hours
from responder.steps.alert import alert
from responder.steps.triage import triage
from responder.store.notices import LEASE
from responder.store.store import Store
from tests.desk import keep
from tests.network import START, at, mention
from tests.policies import PlainPolicy

CLOCKS = Clocks(targets=Targets(first=dict.fromkeys(range(6), timedelta(hours=4))))
OFFICE = opening_hours("Mon-Fri 09:00-17:00")


class Crash(BaseException):
    """The process dies here."""


@dataclass(frozen=True)
class Post(Sender):
    """Keeps what goes out, and fails as it is told to."""

    out: list[tuple[datetime, str, Letter]] = field(default_factory=list)
    fails: list[BaseException] = field(default_factory=list)
    #: Where it fails after the letter went out.
    late: bool = False

    def send(self, letter: Letter, recipient: Recipient, way: Way, key: str, now: datetime) -> None:
        if self.fails and not self.late:
            raise self.fails.pop()
        self.out.append((now, key, letter))
        if self.fails:
            raise self.fails.pop()

    @property
    def keys(self) -> list[str]:
        return [key for _, key, _ in self.out]


@dataclass
class Room:
    """A desk with the people who are told, and its letters."""

    store: Store
    people: tuple[RecipientSection, ...] = (RecipientSection(name="ana", mail="ana@acme.example"),)
    post: Post = field(default_factory=Post)
    cursor: int = 0

    def hears(self, minutes: float, *texts: str) -> None:
        """Let so many customers write, and their posts be weighed."""
        posts = [
            mention(f"{self.cursor}-{n}", text, author=f"a{self.cursor}-{n}", minutes=minutes)
            for n, text in enumerate(texts)
        ]
        keep(
            self.store, *posts, before=str(self.cursor) if self.cursor else None, cursor=str(self.cursor + 1)
        )
        self.cursor += 1
        triage(self.store, PlainPolicy(), CLOCKS, at(minutes))

    def tick(self, when: float | datetime) -> int:
        """Let a daemon look and tell; return how many letters went out."""
        now = at(when) if isinstance(when, int | float) else when
        alert(self.store, CLOCKS, now)
        before = len(self.post.out)
        send_alerts(self.store, Settings(recipients=self.people), CLOCKS, self.post, now)
        return len(self.post.out) - before

    def dies(self, minutes: float) -> None:
        with pytest.raises(Crash):
            self.tick(minutes)

    @property
    def last(self) -> Letter:
        return self.post.out[-1][2]


def ana(**known: Any) -> tuple[RecipientSection, ...]:
    return (RecipientSection(name="ana", mail="ana@acme.example", **known),)


@pytest.fixture
def room(store: Store) -> Room:
    return Room(store)


def test_harm_is_told_at_once_and_once(room: Room) -> None:
    room.hears(0, "A fire in your oven!")
    assert [room.tick(minute) for minute in (0, 1, 2, 5)] == [1, 0, 0, 0]
    assert room.last.subject.startswith("1 thing needs you now")
    assert "c-1" in room.last.text
    assert "safety or health" in room.last.text


def test_a_file_that_stops_sending_is_told_with_what_takes_it_away(room: Room, tmp_path: Path) -> None:
    room.store.pause_file = tmp_path / "responder.pause"
    room.store.pause_file.touch()
    assert room.tick(0) == 1
    assert f"rm {room.store.pause_file}" in " ".join(room.last.text.split())
    assert "responder resume" not in room.last.text


def test_what_can_wait_is_told_before_its_time_is_over_and_after(room: Room) -> None:
    room.hears(0, "My parcel is late.")
    told = {minute for minute in range(0, 260, 5) if room.tick(minute)}
    assert {180, 240} <= told, "three of four hours, and the fourth"
    assert min(told) == 180
    kinds = [one.found.kind for one in room.store.alerts.standing()]
    assert kinds == [Kind.LATE], "what was near is late now"


def test_what_ended_before_anybody_was_told_is_not_told(room: Room) -> None:
    room.people = ana(hours=OFFICE)
    room.hears(-600, "My parcel is late.")  # late at three in the morning, when ana sleeps
    assert room.tick(-350) == 0
    room.store.casework.decide(room.store.casework.get(1), _dismissed(-200))
    assert room.tick(0) == 0
    assert room.store.alerts.standing() == []


def _dismissed(minutes: float) -> Any:
    from responder.model.decision import Decision, Verdict

    return Decision(case_id=1, verdict=Verdict.DISMISS, by="sam", at=at(minutes))


def test_what_nobody_saw_comes_again_ever_less_often_and_ends_with_who_saw_it(room: Room) -> None:
    room.hears(0, "A fire!")
    told = [minute for minute in range(0, 170, 10) if room.tick(minute)]
    again = AGAIN.total_seconds() / 60
    assert told == [0, again, again * 3]
    room.tick(400)
    assert room.store.alerts.see("ana", at(401)) == 2, "and that the answer is late"
    assert not any(room.tick(minute) for minute in range(410, 2000, 60))


def test_a_burst_is_one_message_and_what_follows_keeps_its_distance(room: Room) -> None:
    room.hears(0, *["A fire!"] * 40)
    assert room.tick(0) == 1
    assert room.last.subject.startswith("40 things need you now")
    assert "and 20 more" in room.last.text
    room.hears(1, "Another fire!")
    assert [room.tick(minute) for minute in (1, 2, 3, 4)] == [0, 0, 0, 0]
    assert room.tick(5) == 1


def test_outside_their_hours_only_harm_reaches_them_where_they_want_that(room: Room) -> None:
    night = 60 * 13  # ten in the evening
    room.people = (
        *ana(hours=OFFICE),
        RecipientSection(name="bo", mail="bo@acme.example", hours=OFFICE, at_night=False),
    )
    room.hears(night, "A fire!")
    assert room.tick(night) == 1
    assert room.post.keys == ["alert 1 ana mail"]
    assert room.tick(60 * 24) >= 1, "at nine in the morning"
    assert "alert 1 bo mail" in room.post.keys


@pytest.mark.slow
@pytest.mark.parametrize("day", [datetime(2026, 3, 30, tzinfo=UTC), datetime(2026, 10, 26, tzinfo=UTC)])
def test_quiet_hours_are_those_of_the_clock_on_the_wall_also_when_it_changes(
    store: Store, day: datetime
) -> None:
    zone = ZoneInfo("Europe/Ljubljana")
    room = Room(store, ana(hours=OFFICE, timezone=zone))
    keep(store, replace(mention("1"), created_at=day - timedelta(days=2)))
    triage(store, PlainPolicy(), CLOCKS, day - timedelta(days=2))
    told = [now for now in every(timedelta(minutes=20), day - timedelta(days=2), 3) if room.tick(now)]
    assert told[0].astimezone(zone).isoformat()[11:16] == "09:00"
    assert all(540 <= one.astimezone(zone).hour * 60 + one.astimezone(zone).minute < 1020 for one in told)


def every(step: timedelta, begin: datetime, days: int) -> Iterator[datetime]:
    return (begin + step * n for n in range(int(timedelta(days=days) / step)))


def test_after_a_long_night_one_message_tells_what_stands(room: Room) -> None:
    for hour in range(10):
        room.hears(hour * 60, *["Late."] * 5)
    assert room.tick(60 * 24 * 3) == 1
    assert room.last.subject.startswith("50 things need you now")
    assert room.tick(60 * 24 * 3 + 1) == 0


def test_two_daemons_and_crashes_tell_nobody_twice(any_store: Store) -> None:
    room = Room(any_store)
    clock = [0.0]
    any_store.lease_clock = lambda: ("boot", clock[0])
    room.hears(0, "A fire!")
    room.post.fails.append(Crash())
    room.dies(0)  # between the claim and the deed
    assert [room.tick(minute) for minute in (0.1, 0.2)] == [0, 0], "another daemon waits for its lease"
    clock[0] += LEASE + 1
    assert room.tick(3) == 1
    assert [room.tick(minute) for minute in (3, 3, 4)] == [0, 0, 0]
    assert room.post.keys == ["alert 1 ana mail"]


def test_what_went_out_before_a_crash_goes_out_again_under_the_same_name_alone(any_store: Store) -> None:
    room = Room(any_store, post=Post(late=True))
    clock = [0.0]
    any_store.lease_clock = lambda: ("boot", clock[0])
    room.hears(0, "A fire!")
    room.post.fails.append(Crash())
    room.dies(0)
    clock[0] += LEASE + 1
    room.tick(4)
    assert set(room.post.keys) == {"alert 1 ana mail"}
    assert [room.tick(minute) for minute in (5, 6, 7)] == [0, 0, 0]


def test_a_message_that_fails_is_sent_later_with_what_stands_then(room: Room) -> None:
    room.hears(0, "A fire!")
    room.post.fails.append(NotifyError("the line is down"))
    assert room.tick(0) == 0
    room.hears(1, "Another fire!")
    assert [room.tick(minute) for minute in (0.5, 2)] == [0, 1]
    assert room.last.subject.startswith("2 things need you now")
    assert room.tick(8) == 0, "both were told"


def test_who_wants_the_urgent_alone_or_nothing_hears_of_nothing_else(room: Room) -> None:
    room.people = (
        RecipientSection(name="bo", mail="bo@acme.example", alerts="urgent"),
        RecipientSection(name="cy", mail="cy@acme.example", alerts="none"),
    )
    room.hears(0, "My parcel is late.")
    assert room.tick(300) == 0
    room.hears(301, "A fire!")
    assert room.tick(301) == 1
    assert room.post.keys == ["alert 1 bo mail"]


def bound(room: Room) -> int:
    """Return the most messages of one recipient within any hour."""
    times = sorted(now for now, _, _ in room.post.out)
    return max(sum(one <= other < one + timedelta(hours=1) for other in times) for one in times)


def lives(room: Room, hours: int, minutes: int, burst: int = 500) -> None:
    """Let hours go by with bursts of complaints, some of harm, that nobody answers or sees."""
    for minute in range(0, hours * 60, minutes):
        if minute % (24 * 60) == 0:
            room.hears(minute, *["My parcel is late."] * (burst - 20), *["A fire!"] * 20)
        if minute % 4 == 0 and minute % 120 < 40:
            room.hears(minute, "Smoke and fire!")
        room.tick(minute)


@pytest.mark.slow
def test_a_burst_and_what_follows_it_never_become_a_flood(room: Room) -> None:
    lives(room, 4, 4, burst=60)
    assert bound(room) <= MOST_AN_HOUR
    assert len(set(room.post.keys)) == len(room.post.keys)
    assert "alerts" in room.last.text


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_day_of_bursts_never_becomes_a_flood(room: Room) -> None:
    lives(room, 25, 2)  # the second burst is in it
    assert bound(room) <= MOST_AN_HOUR


def test_nothing_that_is_still_true_ends_untold(room: Room) -> None:
    room.hears(0, *["A fire!"] * 3)
    room.tick(0)
    room.hears(1, "Smoke, fire!")
    alert(room.store, CLOCKS, at(1))
    untold = {one.id for one in room.store.alerts.standing() if one.told_at is None}
    while room.cursor < 4:
        room.hears(2 + room.cursor, "Fire and fire!")
        room.tick(2 + room.cursor)
    assert untold
    room.tick(2 + room.cursor + APART.total_seconds() / 60)
    assert all(one.told_at for one in room.store.alerts.standing())
    assert room.post.out[-1][0] > START
