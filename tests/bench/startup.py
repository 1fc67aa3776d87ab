"""How soon `responder --help` answers, and what it loads."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

#: What only a command that needs it may load.
HEAVY = (
    "sqlalchemy",
    "alembic",
    "textblob",
    "nltk",
    "tweepy",
    "praw",
    "apscheduler",
    "pydantic",
    "starlette",
    "textual",
)

_PROGRAM = """
import sys
from responder.__main__ import main
sys.argv = ["responder", "--help"]
try:
    main()
finally:
    print(*sorted(sys.modules), file=sys.stderr)
"""


def run(_folder: Path, quick: bool) -> dict[str, object]:
    """Return the median seconds of the command and of a bare Python, and the heavy modules it loaded."""
    rounds = 3 if quick else 9
    help_ = [seconds([sys.executable, "-m", "responder", "--help"]) for _ in range(rounds)]
    bare = [seconds([sys.executable, "-c", "pass"]) for _ in range(rounds)]
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=False)
    loaded = done.stderr.split()
    return {
        "help_seconds": round(statistics.median(help_), 3),
        "bare_python_seconds": round(statistics.median(bare), 3),
        "modules": len(loaded),
        "heavy_modules": sorted({name.partition(".")[0] for name in loaded} & set(HEAVY)),
    }


def seconds(command: list[str]) -> float:
    """Return how long a command takes."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begun
