"""The queue and the digest at ten thousand, a hundred thousand and a million cases."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import text

from responder import letter
from responder.model.case import Stage
from responder.model.search import Search, parse
from responder.steps.digest import digest as make_digest
from responder.steps.measure import measure, measure_person
from responder.store.store import Store
from tests.postgres import fresh_database

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MICROSECONDS = int(NOW.timestamp()) * 1_000_000
ROUNDS = 15

#: One case in a thousand is of the small account.
_ACCOUNT = "CASE n % 1000 WHEN 5 THEN 'small' ELSE 'shop' END"
_DECIDED = "n < 50000 AND n % 5 IN (1, 2, 3)"
#: What is searched for every day; then words that most have, that few have, and that nobody wrote.
_SEARCHES = (
    *("stage:waiting", "stage:waiting tier:2", "stage:open tier:<3", "stage:waiting network:reddit"),
    *("stage:waiting owner:sam", "stage:waiting owner:nobody", "stage:all account:small"),
    *("stage:waiting due:late", "stage:snoozed", "stage:waiting parcel", "stage:waiting 99995"),
    *("stage:waiting xyzzy", "stage:waiting žalost", "stage:all xyzzy", "stage:waiting author:@user5"),
    "stage:waiting mark:edited",
)
#: Cases as they lie after a long time: one in five waits, the others are answered, closed or set aside.
_FILL = (
    "INSERT INTO account (name, connector, problem, stopped) VALUES ('shop', 'x', '', false)",
    "INSERT INTO account (name, connector, problem, stopped) VALUES ('small', 'reddit', '', false)",
    """INSERT INTO mention (id, account, external_id, thread, author_id, author_handle, author_name,
           author_bot, text, created_at, url, edit_mark, audience, seen_at)
       SELECT n, {account}, 'p' || n, 't' || n, 'a' || n, 'user' || n, 'Ana Novak', false,
           'My parcel ' || n || ' is lost and nobody answers, this is the third time I write to you.',
           {now} - n * 60000000, '', '', 'public', {now} FROM {numbers}""",
    """INSERT INTO cases (id, account, thread, author_id, target_id, posts, stage, opened_at, moved_at, rank,
           tier, urgency, due_at, answered_at, not_before, topic, owner)
       SELECT n, {account}, 't' || n, 'a' || n, n, 1,
           CASE n % 5 WHEN 0 THEN 'WAITING' WHEN 1 THEN 'ANSWERED' WHEN 2 THEN 'CLOSED' WHEN 3 THEN 'CLOSED'
               ELSE 'SET_ASIDE' END,
           {now} - n * 60000000, {now}, -((n % 6) * 10000 + n % 97), n % 6, n % 97,
           {now} - n * 60000000 + 14400000000,
           CASE WHEN n % 5 IN (1, 2, 3) THEN {now} - n * 50000000 END, {now},
           CASE n % 7 WHEN 0 THEN 'lost' WHEN 1 THEN 'late' WHEN 2 THEN '' ELSE 'refund' END,
           CASE n % 100 WHEN 5 THEN 'sam' WHEN 10 THEN 'ana' ELSE '' END FROM {numbers}""",
    # what figures are made of, for the latest
    f"""INSERT INTO draft (case_id, number, target_id, origin, "by", text, language, playbook, audience,
           fingerprint, findings, created_at)
       SELECT n, 1, n, 'ours', '', 'We are sorry that your parcel is lost.', 'en', 'still_angry', 'public',
           'f', '[{{{{"rule":"offline-invitation-present","level":"warn","says":"Offers no way"}}}}]', {{now}}
       FROM {{numbers}} WHERE {_DECIDED}""",
    f"""INSERT INTO decision (id, case_id, draft_number, verdict, fingerprint, "by", reason, at, seconds)
       SELECT n, n, 1, 'approve', 'f', CASE n % 2 WHEN 0 THEN 'sam' ELSE 'ana' END, '',
           {{now}} - n * 50000000, n % 60 FROM {{numbers}} WHERE {_DECIDED}""",
    f"""INSERT INTO delivery (id, case_id, decision_id, draft_number, account, target_id, fingerprint, text,
           audience, language, "key", planned_at, route, stage, not_before, sent_at)
       SELECT n, n, n, 1, {{account}}, n, 'f', 'We are sorry.', 'public', 'en', 'k' || n, {{now}}, 'api',
           'SENT', {{now}}, {{now}} - n * 50000000 FROM {{numbers}} WHERE {_DECIDED}""",
    """INSERT INTO event (case_id, account, at, action, "by", detail)
       SELECT n, {account}, {now} - n * 60000000, 'heard', '', '{{}}' FROM {numbers}""",
    """INSERT INTO stage_tally (account, stage, tier, n)
       SELECT account, stage, tier, count(*) FROM cases GROUP BY account, stage, tier""",
    """INSERT INTO hour_tally (hour, account, action, n)
       SELECT at / 3600000000, account, action, count(*) FROM event
       GROUP BY at / 3600000000, account, action""",
)
_NUMBERS = {
    "sqlite": """(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {size})
        SELECT n FROM c) AS s""",
    "postgresql": "generate_series(1::bigint, {size}::bigint) AS s(n)",
}


def queue(folder: Path, quick: bool) -> dict[str, object]:
    """Return milliseconds for the first, a middle and the last page of the queue, by number of cases."""

    def pages(store: Store, size: int) -> dict[str, float]:
        with store.read() as connection:
            waiting = text(
                "SELECT id FROM cases WHERE stage = 'WAITING' ORDER BY rank, opened_at, id LIMIT 1 OFFSET "
            )
            middle, last = (
                connection.scalar(text(f"{waiting.text}{at}")) for at in (size // 10, size // 5 - 60)
            )
        places = {
            name: store.casework.get(number).place for name, number in (("middle", middle), ("last", last))
        }
        return {
            "first": milliseconds(lambda: store.views.page(Stage.WAITING)),
            **{
                name: milliseconds(lambda place=place: store.views.page(Stage.WAITING, after=place))  # type: ignore[misc]
                for name, place in places.items()
            },
        }

    return on_both(folder, quick, pages)


def search(folder: Path, quick: bool) -> dict[str, object]:
    """Return milliseconds for the first page of 50 of each search, and for counting up to 1,000."""

    def searches(store: Store, _size: int) -> dict[str, dict[str, float]]:
        return {words: both(store, parse(words)) for words in _SEARCHES}

    def both(store: Store, one: Search) -> dict[str, float]:
        return {
            "page": milliseconds(lambda: store.finding.page(one, NOW), 3),
            "count": milliseconds(lambda: store.finding.count(one, NOW), 1),
        }

    return on_both(folder, quick, searches)


def stats(folder: Path, quick: bool) -> dict[str, object]:
    """Return milliseconds for the figures of 30 days, of all cases and of some, and for those of a person."""
    since = NOW - timedelta(days=30)

    def figures(store: Store, _size: int) -> dict[str, float]:
        return {
            "all": milliseconds(lambda: measure(store, Search(), since, NOW), 3),
            "tier:3": milliseconds(lambda: measure(store, parse("tier:3"), since, NOW), 3),
            "account:small": milliseconds(lambda: measure(store, parse("account:small"), since, NOW), 3),
            "person": milliseconds(lambda: measure_person(store, "sam", since), 3),
        }

    return on_both(folder, quick, figures)


def digest(folder: Path, quick: bool) -> dict[str, object]:
    """Return milliseconds for the digest with its four renderings, and whether the roll-up equals the scan.

    `peak_mb` is the most memory that a process of its own took for a whole digest, the imports with it.
    """

    def figures(store: Store, _size: int) -> dict[str, object]:
        since = NOW - timedelta(days=1)
        begun = time.perf_counter()
        differences = store.views.verify()
        scan = (time.perf_counter() - begun) * 1000
        return {
            "figures": milliseconds(lambda: store.views.figures(NOW, since)),
            "whole": milliseconds(lambda: make_digest(store, since, NOW)),
            "four forms": milliseconds(lambda: written(store)),
            "peak_mb": _peak(store),
            "scan_to_verify": round(scan),
            "differences": differences,
        }

    return on_both(folder, quick, figures)


def written(store: Store) -> None:
    """Make a digest, and write it in its four forms."""
    made = make_digest(store, NOW - timedelta(days=1), NOW)
    letter.write(made, "Acme", ZoneInfo("Europe/Ljubljana"), "sl", to="ana")
    json.dumps(letter.figures(made))


def _peak(store: Store) -> int:
    """Return the megabytes that a process of its own takes at most."""
    address = store.engine.url.render_as_string(hide_password=False)
    alone = (
        "import resource, sys; from tests.bench.desk import Store, written; written(Store(sys.argv[1]));"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", alone, address], capture_output=True, text=True, check=True)
    return int(done.stdout)


def on_both(folder: Path, quick: bool, measure: Callable[[Store, int], object]) -> dict[str, object]:
    """Measure at each size on SQLite and on PostgreSQL; times are medians in milliseconds."""
    sizes = (1_000, 10_000, 100_000) if quick else (10_000, 100_000, 1_000_000)
    told: dict[str, object] = {}
    for size in sizes:
        store = filled(f"sqlite:///{folder / f'{size}.db'}", size)
        told[f"sqlite {size:,}"] = measure(store, size)
        store.close()
        with fresh_database() as url:
            if url is None:
                continue
            store = filled(url, size)
            told[f"postgresql {size:,}"] = measure(store, size)
            store.close()
    return told


def filled(url: str, size: int) -> Store:
    """Return a store with so many cases."""
    store = Store(url)
    store.prepare()
    numbers = _NUMBERS[store.engine.dialect.name].format(size=size)
    with store.write() as connection:
        if store.engine.dialect.name == "postgresql":  # it is patient with us
            connection.execute(text("SET statement_timeout = 0"))
        for statement in _FILL:
            words = statement.format(now=MICROSECONDS, numbers=numbers, account=_ACCOUNT)
            connection.execute(text(words))
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    return store


def milliseconds(call: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median time of a call."""
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        call()
        times.append((time.perf_counter() - begun) * 1000)
    return round(statistics.median(times), 2)
