"""One schedule, told in lines: python -m tests.lifecycle.laboratory SEED [--shrink] ..."""

import argparse
import sys

from tests.lifecycle.laboratory.crowd import bed, named
from tests.lifecycle.laboratory.mutants import MUTANTS
from tests.lifecycle.laboratory.play import Outcome, play
from tests.lifecycle.laboratory.schedule import plan_of
from tests.lifecycle.laboratory.shrink import shrink


def main() -> int:
    """Play a seed, print what happened, and exit with 1 when a law was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.lifecycle.laboratory", description=__doc__)
    parser.add_argument("seed", type=int)
    parser.add_argument("--beyond", action="store_true", help="effects may come beyond the horizon")
    parser.add_argument("--shrink", action="store_true", help="look for a shorter schedule of the same fault")
    parser.add_argument("--mutant", choices=[one.name for one in MUTANTS], help="with this mistake planted")
    chosen = parser.parse_args()
    mutant = named(chosen.mutant) if chosen.mutant else None
    plan = plan_of(chosen.seed, beyond=chosen.beyond, favour=mutant.favour if mutant else None)
    with bed(mutant) as here:
        outcome = play(plan, here)
        if outcome.broken and chosen.shrink:
            outcome = shrink(plan, here)
        tell(outcome)
    return 1 if outcome.broken else 0


def tell(outcome: Outcome) -> None:
    """Print a schedule in readable lines."""
    plan = outcome.plan
    lines = [f"seed {plan.seed}, {plan.kind}, {plan.events} events, {len(outcome.struck)} faults"]
    lines += [
        f"{event:5} {second:10.1f} s  {who:9} {what}" + (f"  !! {fault}" if fault else "")
        for event, second, who, what, fault in outcome.log
    ]
    lines += [f"BROKEN: {words}" for words in outcome.broken] or ["every law held"]
    sys.stdout.write("\n".join([*lines, ""]))


if __name__ == "__main__":
    sys.exit(main())
