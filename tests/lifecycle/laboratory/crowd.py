"""Many schedules, on several processes, and the table of what they came to."""

import gc
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from tests.lifecycle.laboratory.mutants import MUTANTS, Mutant
from tests.lifecycle.laboratory.play import Bed, play
from tests.lifecycle.laboratory.schedule import plan_of
from tests.quick import quick_folder

_PORTION = 25


@dataclass
class Tally:
    """What many schedules came to."""

    by_kind: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    #: (seed, kind of network, the law).
    broken: list[tuple[int, str, str]] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, other: "Tally") -> None:
        """Add another's."""
        for kind, counts in other.by_kind.items():
            self.by_kind[kind] += counts
        self.broken += other.broken


@contextmanager
def bed(mutant: Mutant | None = None) -> Iterator[Bed]:
    """Give databases to play on, of a mutant or of the product as it is."""
    with tempfile.TemporaryDirectory(dir=quick_folder()) as folder:
        made = Bed(Path(folder), mutant.mutate, mutant.wire) if mutant else Bed(Path(folder))
        try:
            yield made
        finally:
            made.close()


def some(seeds: Sequence[int], *, beyond: bool = False) -> Tally:
    """Play these seeds, one after the other, in this process."""
    tally = Tally()
    gc.set_threshold(50_000, 20, 100)  # looking for cycles in what SQLAlchemy keeps took a tenth of the time
    with bed() as here:
        for seed in seeds:
            outcome = play(plan_of(seed, beyond=beyond), here)
            tally.by_kind[outcome.plan.kind] += outcome.counts + Counter(schedules=1)
            if outcome.broken:
                tally.broken.append((seed, outcome.plan.kind, outcome.broken[0]))
    return tally


def many(first: int, schedules: int, *, jobs: int = 2, beyond: bool = False) -> Tally:
    """Play so many seeds from `first` on, on so many processes."""
    began, tally = time.monotonic(), Tally()
    end = first + schedules
    portions = [range(start, min(start + _PORTION, end)) for start in range(first, end, _PORTION)]
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for part in pool.map(partial(some, beyond=beyond), portions):
            tally.add(part)
    tally.seconds = time.monotonic() - began
    return tally


def hunt(mutant: Mutant, first: int, most: int) -> tuple[int, str] | None:
    """Return the seed, of `most` from `first` on, that catches a mutant, and the law it broke."""
    with bed(mutant) as here:
        for seed in range(first, first + most):
            outcome = play(plan_of(seed, beyond=mutant.beyond, favour=mutant.favour), here)
            if outcome.broken:
                return seed, outcome.broken[0]
    return None


def named(name: str) -> Mutant:
    """Return the mutant of that name."""
    return next(one for one in MUTANTS if one.name == name)
