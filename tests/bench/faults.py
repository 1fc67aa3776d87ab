"""The fault laboratory, at length: schedules a second, and the table of what they came to."""

import os

from tests.lifecycle.laboratory.crowd import many

#: What the table shows of each kind of network.
_SHOWN = (
    "schedules", "events", "writes", "public replies", "delivery SENT", "delivery REFUSED",
    "doubles beyond the horizon", "doubles told",
)  # fmt: skip


def run(schedules: int, *, seed: int, jobs: int, beyond: bool) -> dict[str, object]:
    """Play so many schedules from `seed` on; return their rate, what they came to and what they broke."""
    tally = many(seed, schedules, jobs=jobs, beyond=beyond)
    table = {
        str(kind): {name: counts[name] for name in _SHOWN}
        | {"faults": sum(n for name, n in counts.items() if name.startswith("fault: "))}
        | {"violations": sum(kind == its for _, its, _ in tally.broken)}
        for kind, counts in sorted(tally.by_kind.items())
    }
    return {
        "schedules": schedules,
        "first_seed": seed,
        "jobs": jobs,
        "cores": os.cpu_count(),
        "effects": "beyond the horizon too" if beyond else "no later than the horizon",
        "schedules_per_second": round(schedules / tally.seconds, 1),
        "by_network": table,
        "violations": [f"seed {seed}: {words} ({kind})" for seed, kind, words in tally.broken],
    }
