"""A month: every digest once a day at its hour, every breach told before and after, no flood, none blind."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from json import loads
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest

from responder.model.alert import MOST_AN_HOUR
from tests.lifecycle.month import (
    AHEAD,
    BEGIN,
    BEHIND,
    DAYS,
    DEAD,
    REFUSED,
    TICK,
    Month,
    by_key,
    dates,
    most_within,
)
from tests.quick import quick_folder

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def month() -> Iterator[Month]:
    with TemporaryDirectory(dir=quick_folder()) as folder:
        lived = Month(Path(folder))
        lived.live()
        yield lived
        lived.app.close()


def events(month: Month, action: str) -> list[tuple[datetime, dict[str, str], int]]:
    with sqlite3.connect(month.folder / "month.db") as database:
        rows = database.execute(
            "SELECT at, detail, case_id FROM event WHERE action = ? ORDER BY id", [action]
        )
        start = datetime(1970, 1, 1, tzinfo=BEGIN.tzinfo)
        return [(start + timedelta(microseconds=at), loads(detail), case) for at, detail, case in rows]


def test_it_lived_through_crashes(month: Month) -> None:
    assert month.crashes > 20
    assert month.app.store.views.verify() == []


def test_every_digest_goes_out_once_a_day_for_each_at_their_hour(month: Month) -> None:
    sent = by_key(month.out)
    first: dict[str, datetime] = {}
    for one in month.out:
        first.setdefault(one.key, one.at)
    for to in month.app.settings.told:
        assert to.digest is not None
        for day in dates(str(to.zone), to.digest):
            key = f"digest {day.isoformat()} {to.name} mail"
            assert sent[key] >= 1, key
            hour = datetime.combine(day, to.digest, to.zone).astimezone(UTC)
            odd = {AHEAD, BEHIND} & {(hour - BEGIN).days, (hour - BEGIN).days - 1}
            missing = hour.astimezone(to.zone).time() != to.digest  # the clocks left that hour out
            soonest = -timedelta(hours=1) if missing else timedelta(0)
            assert odd or soonest <= first[key] - hour <= timedelta(hours=1) + 4 * TICK, key
    # who dies with a letter just sent sends it again, under the same name
    assert sum(n - 1 for n in sent.values()) <= month.crashes
    days = defaultdict(set)
    for key in sent:
        if key.startswith("digest "):
            days[key.split()[2]].add(key.split()[1])
    assert all(len(found) in {DAYS - 1, DAYS, DAYS + 1} for found in days.values())


def test_every_breach_is_told_once_before_and_once_after(month: Month) -> None:
    told: defaultdict[int, list[tuple[str, datetime]]] = defaultdict(list)
    for at, detail, case in events(month, "alerted"):
        if detail["what"] in {"near", "late"}:
            told[case].append((detail["what"], at))
    late = [case for case, what in told.items() if "late" in {kind for kind, _ in what}]
    assert len(late) > 20
    for case in late:
        kinds = [kind for kind, _ in told[case]]
        assert kinds == ["near", "late"], (case, told[case])
    with sqlite3.connect(month.folder / "month.db") as database:
        end = (BEGIN + timedelta(days=DAYS) - 6 * TICK - EPOCH) // timedelta(microseconds=1)
        unanswered = "answered_at IS NULL OR answered_at > first_by + 1200000000"
        missed = database.execute(
            f"SELECT id FROM cases WHERE first_by < ? AND ({unanswered}) AND stage <> 'SET_ASIDE'", [end]
        ).fetchall()
    assert {number for (number,) in missed} <= set(late)


def test_nobody_is_flooded(month: Month) -> None:
    for to in month.app.settings.told:
        mine = [one.at for one in month.out if one.to == to.name and one.key.startswith("alert ")]
        assert mine
        assert most_within(mine, timedelta(hours=1)) <= MOST_AN_HOUR
        assert most_within(mine, timedelta(days=1)) <= 60


def test_the_feed_that_died_is_named_within_three_intervals_and_leads_the_digest(month: Month) -> None:
    died = BEGIN + timedelta(days=DEAD)
    named = [
        at for at, detail, _ in events(month, "blind") if detail.get("account", "clockwork") == "clockwork"
    ]
    after = [at for at in named if at >= died]
    assert after
    assert after[0] - died <= timedelta(hours=3) + 2 * TICK
    next_day = (died.astimezone(ZoneInfo("Europe/Ljubljana")) + timedelta(days=1)).date().isoformat()
    assert "clockwork" in month.texts[f"digest {next_day} ana mail"].split("\n\n")[0]


def test_the_key_that_was_taken_back_is_told_at_once(month: Month) -> None:
    began = BEGIN + timedelta(days=REFUSED, hours=9)
    told = [one.at for one in month.out if one.key.startswith("alert ") and one.at >= began]
    assert told
    assert told[0] - began <= timedelta(minutes=30)


def test_nothing_grows_but_what_there_is_to_keep(month: Month) -> None:
    """Memory, threads and open files stay as they are after ten days; the database grows with the journal."""
    ten, last = month.held[10], month.held[-1]
    assert last.threads <= ten.threads
    assert last.files <= ten.files + 4
    assert last.memory <= ten.memory + 40 * 2**20
    each = (last.database - ten.database) / (last.events - ten.events)
    assert each < 3_000, "bytes for each event"
