"""From file to WAITING: posts a second on each database, beside a bare insert of the same rows."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from responder.settings import Settings
from responder.settings.sections import AccountSection, DatabaseSection
from responder.steps.draft import draft
from responder.steps.poll import poll
from responder.steps.triage import triage
from responder.store.engine import sqlite_driver
from responder.wiring import App
from tests.postgres import fresh_database

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
#: Invented complaints, put together anew for each post so that no two are alike.
OPENINGS = ("Third time I write.", "So,", "Hello?", "Honestly @lindenrowe", "Good morning,", "What a joke.")
TROUBLES = (
    "my parcel has been lost for two weeks and nobody answers",
    "you charged me twice for one lamp and the refund is still not here",
    "the app logs me out in the middle of the order, every single time",
    "I am stranded at the station because your booking was never sent",
    "the heater you sold me smells of smoke, is that supposed to happen",
    "forty minutes on hold and then the line went dead, again",
)
ENDINGS = (
    "Fix it.",
    "I want my money back!",
    "Never again.",
    "Can somebody please help me?",
    "",
    "Thanks for nothing",
)

#: First names that replies greet with.
NAMES = [first + last for first in ("An", "Bar", "Cir", "Dom", "El") for last in (
    "a", "ela", "bara", "il", "en", "ita", "ko", "mir", "na", "ora"
)]  # fmt: skip


def run(folder: Path, quick: bool) -> dict[str, object]:
    """Return posts a second (wall and CPU), the ratio to a bare insert, and peak memory at two sizes."""
    posts = 2_000 if quick else 20_000
    write_feed(folder / "feed.jsonl", posts)
    write_feed(folder / "half.jsonl", posts // 2)
    bare = bare_insert(folder)
    figures: dict[str, object] = {"posts": posts, "bare_sqlite3_insert_posts_per_second": round(posts / bare)}
    for name in ("sqlite", "postgresql"):
        half, whole = (one_run(folder / feed, name) for feed in ("half.jsonl", "feed.jsonl"))
        if not (half and whole):
            figures[name] = "no PostgreSQL here: set RESPONDER_TEST_PG"
            continue
        figures[name] = {
            "posts_per_second": round(posts / whole["wall"]),
            "posts_per_cpu_second": round(posts / whole["cpu"]),
            "times_the_bare_insert": round(whole["wall"] / bare, 1),
            "seconds_by_step": {step: round(whole[step], 2) for step in ("poll", "triage", "draft")},
            "peak_memory_mb": {"half": round(half["peak_mb"]), "whole": round(whole["peak_mb"])},
        }
    return figures


def write_feed(file: Path, posts: int) -> None:
    """Write so many invented posts by as many people."""
    with file.open("w") as feed:
        for number in range(posts):
            words = (
                OPENINGS[number % 6], TROUBLES[number // 6 % 6], f"order {number}", ENDINGS[number // 36 % 6]
            )  # fmt: skip
            at = NOW - timedelta(seconds=posts - number)
            post = {
                "id": f"p{number}", "text": " ".join(words),
                "author": f"user{number}", "author_id": f"u{number}",
                "name": f"{NAMES[number % 50]} Novak", "language": "en", "created_at": at.isoformat(),
            }  # fmt: skip
            feed.write(json.dumps(post) + "\n")


def bare_insert(folder: Path) -> float:
    """Return the seconds that sqlite3 alone takes for the same rows, in durable batches of 500."""
    module, _ = sqlite_driver()
    begun = time.perf_counter()
    connection = module.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(
        "CREATE TABLE post (id TEXT PRIMARY KEY, text TEXT, author TEXT, author_id TEXT, at TEXT)"
    )
    with (folder / "feed.jsonl").open() as feed:
        rows = [json.loads(line) for line in feed]
    for start in range(0, len(rows), 500):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO post VALUES (:id, :text, :author, :author_id, :created_at)",
            rows[start : start + 500],
        )
        connection.execute("COMMIT")
    connection.close()
    return time.perf_counter() - begun


def one_run(feed: Path, name: str) -> dict[str, float]:
    """Run the street once in a process (and memory) of its own; empty without such a database."""
    with database(feed, name) as url:
        if url is None:
            return {}
        command = [sys.executable, "-W", "ignore", "-m", "tests.bench.street", str(feed), url]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return {key: float(value) for key, value in json.loads(done.stdout).items()}


@contextmanager
def database(feed: Path, name: str) -> Iterator[str | None]:
    """Give the address of a fresh database of this kind."""
    if name == "sqlite":
        yield f"sqlite:///{feed.with_suffix('.db')}"
        return
    with fresh_database() as url:
        yield url


def in_this_process(feed: Path, url: str) -> dict[str, float]:
    """Read, weigh and draft the whole feed; return seconds by step, CPU seconds and peak memory."""
    options = {"file": str(feed), "outbox": str(feed.with_suffix(".outbox"))}
    section = AccountSection(name="shop", connector="replay", options=options)
    app = App(Settings(database=DatabaseSection(url=url), accounts=(section,)))
    store, policy, accounts = app.store, app.policy, app.accounts
    cpu, marks = time.process_time(), [time.perf_counter()]
    poll(store, accounts["shop"], NOW)
    marks.append(time.perf_counter())
    triage(store, policy, app.targets, NOW)
    marks.append(time.perf_counter())
    draft(store, policy, accounts, NOW)
    marks.append(time.perf_counter())
    figures = dict(zip(("poll", "triage", "draft"), [b - a for a, b in pairwise(marks)], strict=True))
    return figures | {
        "wall": marks[-1] - marks[0],
        "cpu": time.process_time() - cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    print(json.dumps(in_this_process(Path(sys.argv[1]), sys.argv[2])))
