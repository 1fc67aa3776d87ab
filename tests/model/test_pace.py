"""How long a failing account is left alone."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from responder.model.pace import back_off, phase

EVERY = st.floats(1, 7200)
FAILURES = st.integers(0, 5000)


@given(st.text(), EVERY, FAILURES)
def test_a_failing_account_is_neither_hammered_nor_forgotten(name: str, every: float, failures: int) -> None:
    wait = back_off(name, every, failures)
    assert 0.8 * max(every, 15) <= wait <= max(every, 900)
    assert wait == back_off(name, every, failures)


@given(st.text(), EVERY, st.integers(1, 30))
def test_three_failures_later_it_waits_longer(name: str, every: float, failures: int) -> None:
    assert back_off(name, every, failures + 3) >= min(back_off(name, every, failures), 0.8 * max(every, 900))


def test_accounts_that_fail_together_come_back_apart() -> None:
    waits = {round(back_off(f"shop-{n}", 120, 3), 3) for n in range(50)}
    assert len(waits) == 50
    assert max(waits) - min(waits) > 60


def test_each_account_has_its_own_place() -> None:
    places = sorted(phase(f"account-{n}") for n in range(400))
    assert places[0] >= 0
    assert places[-1] < 1
    assert max(after - before for before, after in pairwise(places)) < 0.05
