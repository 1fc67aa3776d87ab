"""The benchmark: `python3 dev.py bench [PART ...] [--quick]` prints JSON.

Machines differ and are shared, so the figures to compare are the ratios within one run.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from responder.logs import set_up_logs
from tests.bench import desk, faults, incidents, policy, report, review, sending, startup, street, triage

PARTS: dict[str, Callable[[Path, bool], dict[str, object]]] = {
    "street": street.run,
    "sending": sending.run,
    "queue": desk.queue,
    "search": desk.search,
    "digest": desk.digest,
    "review": review.run,
    "stats": desk.stats,
    "report": report.run,
    "startup": startup.run,
    "triage": lambda _folder, quick: triage.run(quick),
    "incidents": lambda _folder, quick: incidents.run(quick),
    "policy": lambda _folder, _quick: policy.run(),
}


def main() -> int:
    """Run the chosen parts, or all, and print one JSON object."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument(
        "parts",
        nargs="*",
        metavar="PART",
        help=f"one of {', '.join(PARTS)}; all by default (faults: only when named)",
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of the size")
    parser.add_argument("--schedules", type=int, default=300, help="faults: how many are played")
    parser.add_argument("--seed", type=int, default=1, help="faults: the first seed")
    parser.add_argument("--jobs", type=int, default=2, help="faults: on how many processes")
    parser.add_argument("--beyond", action="store_true", help="faults: effects may come beyond the horizon")
    chosen = parser.parse_args()
    unknown = set(chosen.parts) - {*PARTS, "faults"}
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}, faults")
    set_up_logs()
    figures: dict[str, object] = {}
    if "faults" in chosen.parts:
        schedules = chosen.schedules // 10 if chosen.quick else chosen.schedules
        figures["faults"] = faults.run(schedules, seed=chosen.seed, jobs=chosen.jobs, beyond=chosen.beyond)
    for name in [one for one in chosen.parts if one != "faults"] or ([] if chosen.parts else PARTS):
        sys.stderr.write(f"{name} ...\n")
        with tempfile.TemporaryDirectory() as folder:
            figures[name] = PARTS[name](Path(folder), chosen.quick)
    print(json.dumps(figures, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
