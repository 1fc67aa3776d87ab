"""The report at ten thousand, a hundred thousand and a million cases that all came in in one month."""

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import text

from responder.store.store import Store
from tests.bench.desk import NOW, filled
from tests.postgres import fresh_database

#: What the benchmark's world leaves out: replies to all that were answered, inside the month, what was
#: decided about the others, and how it ended.
_MORE = (
    "DELETE FROM delivery",
    "DELETE FROM decision",
    "DELETE FROM draft",
    """UPDATE cases SET opened_at = {now} - (id % {spread}) * {step}, topic = 'topic-' || id % 40,
           language = CASE id % 7 WHEN 0 THEN 'de' ELSE 'en' END, draft_number = 1""",
    """UPDATE cases SET answered_at = opened_at + (id % 600) * 60000000 + 60000000, replies = 1
       WHERE answered_at IS NOT NULL""",
    *(
        f"""INSERT INTO draft (id, case_id, number, target_id, origin, "by", text, language, playbook,
           audience, fingerprint, findings, created_at)
       SELECT id, id, 1, target_id, 'ours', '', 'We are sorry.', 'en', 'still_angry', 'public', 'f',
           '{found}', opened_at FROM cases WHERE {which}"""
        for found, which in (
            ('[{{"rule":"offline-invitation-present","level":"warn","says":"None"}}]', "id % 50 = 1"),
            ("[]", "id % 50 <> 1"),
        )
    ),
    """INSERT INTO decision (id, case_id, draft_number, verdict, fingerprint, "by", reason, at)
       SELECT id, id, 1, CASE WHEN answered_at IS NULL THEN 'dismiss' ELSE 'approve' END, 'f', 'sam',
           CASE id % 3 WHEN 0 THEN 'spam' ELSE '' END, opened_at + 60000000 FROM cases
       WHERE stage <> 'WAITING'""",
    """INSERT INTO delivery (id, case_id, decision_id, draft_number, account, target_id, fingerprint, text,
           audience, language, "key", planned_at, route, stage, not_before, sent_at)
       SELECT id, id, id, 1, account, target_id, 'f', 'We are sorry.', 'public', 'en', 'k' || id, opened_at,
           'api', 'SENT', opened_at, answered_at FROM cases WHERE answered_at IS NOT NULL""",
    """INSERT INTO event (case_id, account, at, action, "by", detail)
       SELECT id, account, opened_at + 120000000,
           CASE stage WHEN 'CLOSED' THEN 'closed' ELSE 'dismissed' END, 'sam', '{{}}' FROM cases
       WHERE stage IN ('CLOSED', 'SET_ASIDE')""",
)
#: Measured in a process of its own: what a report needs is not what the filling of a database needed.
_MEASURED = """
import json, re, sys, time
from datetime import date
from pathlib import Path
from responder.model.period import Period
from responder.model.search import parse
from responder.cli.summary.page import page
from responder.steps.sum_up import sum_up
from responder.store.store import Store
from tests.bench.desk import NOW
url, first, words = sys.argv[1:]
store = Store(url)
store.version()
# the most that this process ever had; what resource tells is that of its parent as well
peak = lambda: int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
began, before = time.perf_counter(), peak()
made = sum_up(store, parse(words), Period(date.fromisoformat(first), NOW.date(), NOW.tzinfo), NOW)
page(made, "Acme")
print(json.dumps({
    "seconds": round(time.perf_counter() - began, 2),
    "peak_mb": peak(),
    "idle_mb": before,
    "cases": made.came.cases, "answered": made.times.answered,
}))
"""


def run(folder: Path, quick: bool) -> dict[str, object]:
    """Return seconds and memory for the report of a month in which so many cases came in, and of one day."""
    sizes = (10_000, 100_000) if quick else (10_000, 100_000, 1_000_000)
    told: dict[str, object] = {}
    for size in sizes:
        url = f"sqlite:///{folder / f'report-{size}.db'}"
        told[f"sqlite {size:,}"] = _all(url, size)
        with fresh_database() as server:
            if server is not None:
                told[f"postgresql {size:,}"] = _all(server, size)
    return told


def _all(url: str, size: int) -> dict[str, object]:
    store = filled(url, size)
    _live(store, size)
    store.close()
    month, day = NOW.date() - timedelta(days=29), NOW.date()
    return {
        "month": _measured(url, month, ""),
        "month, tier:3": _measured(url, month, "tier:3"),
        "month, account:small": _measured(url, month, "account:small"),
        "day": _measured(url, day, ""),
    }


def _live(store: Store, size: int) -> None:
    """Let all of it happen in the last 30 days."""
    month = 29 * 86_400 * 1_000_000
    with store.write() as connection:
        if store.engine.dialect.name == "postgresql":
            connection.execute(text("SET statement_timeout = 0"))
        for statement in _MORE:
            words = statement.format(now=int(NOW.timestamp()) * 1_000_000, spread=size, step=month // size)
            connection.execute(text(words))
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(
            "VACUUM ANALYZE" if store.engine.dialect.name == "postgresql" else "ANALYZE"
        )


def _measured(url: str, first: date, words: str) -> object:
    call = [sys.executable, "-c", _MEASURED, url, first.isoformat(), words]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)
