"""The fault laboratory: no schedule breaks a law, and every tempting mistake does."""

import secrets

import pytest

from tests.lifecycle.laboratory.crowd import bed, hunt, many, named, some
from tests.lifecycle.laboratory.mutants import MUTANTS, Mutant
from tests.lifecycle.laboratory.play import play
from tests.lifecycle.laboratory.schedule import Kind, plan_of
from tests.lifecycle.laboratory.seeds import FAILED
from tests.lifecycle.laboratory.shrink import law, shrink

#: A mistake that so few schedules catch is tried with every change, the others by .ci/run.
_QUICK = 40
_HARMFUL = [one for one in MUTANTS if not one.harmless and not one.elsewhere]
_HARMLESS = [one for one in MUTANTS if one.harmless]


def _id(mutant: Mutant) -> str:
    return mutant.name.replace(" ", "_")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_seed_replays_exactly(seed: int) -> None:
    with bed() as one, bed() as other:
        first = play(plan_of(seed), one)
        play(plan_of(seed + 100), other)  # what was played before on the same databases leaves no trace
        assert play(plan_of(seed), other).fingerprint == first.fingerprint
    assert len(first.log) > 100


def test_the_laws_hold_in_some_schedules_of_every_kind_of_network() -> None:
    tally = some(range(1, 25))
    assert tally.broken == []
    assert set(tally.by_kind) == set(Kind)


def test_seeds_that_ever_failed_hold() -> None:
    assert some([seed for seed, beyond in FAILED if not beyond]).broken == []
    assert some([seed for seed, beyond in FAILED if beyond], beyond=True).broken == []


def test_beyond_the_horizon_no_law_breaks_but_that_of_one_reply() -> None:
    tally = some(range(1, 13), beyond=True)
    assert tally.broken == []
    assert tally.by_kind[Kind.OWN_KEY]["doubles beyond the horizon"] == 0


@pytest.mark.slow
@pytest.mark.parametrize("mutant", [one for one in _HARMFUL if one.within <= _QUICK], ids=_id)
def test_a_tempting_mistake_is_caught_within_a_few_schedules(mutant: Mutant) -> None:
    assert hunt(mutant, mutant.first, mutant.within)


@pytest.mark.slow
def test_what_failed_is_shrunk_to_the_same_broken_law() -> None:
    with bed(named("a timeout is planned again")) as here:
        seed = next(seed for seed in range(1, 30) if play(plan_of(seed), here).broken)
        whole = play(plan_of(seed), here)
        small = shrink(whole.plan, here)
    assert law(small) == law(whole)
    assert len(small.struck) <= len(whole.struck)
    assert len(small.log) <= len(whole.log)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("mutant", [one for one in _HARMFUL if one.within > _QUICK], ids=_id)
def test_a_rarer_mistake_is_caught_within_the_schedules_it_states(mutant: Mutant) -> None:
    assert hunt(mutant, mutant.first, mutant.within)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("mutant", _HARMLESS, ids=_id)
def test_a_mistake_with_another_defence_behind_it_does_no_harm(mutant: Mutant) -> None:
    assert hunt(mutant, 1, 60) is None


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_the_laws_hold_in_three_thousand_schedules_that_nobody_has_seen() -> None:
    first = secrets.randbelow(1_000_000_000)
    assert many(first, 3_000).broken == [], "add these seeds to tests/lifecycle/laboratory/seeds.py"
