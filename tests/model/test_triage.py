"""The place in the queue: harm first, then tone, then reach."""

from hypothesis import given
from hypothesis import strategies as st

from responder.model.triage import Triage, rank

PLACES = st.tuples(st.integers(0, 5), st.integers(0, 100), st.sampled_from([0, 10, 100, 10**5, 10**8]))


def place(tier: int, hundredths: int, reach: int) -> int:
    return rank(tier, hundredths / 100, reach)


@given(PLACES, PLACES)
def test_a_higher_tier_comes_first_then_the_sharper_tone_then_the_wider_reach(
    one: tuple[int, int, int], other: tuple[int, int, int]
) -> None:
    assert (place(*one) < place(*other)) is (one > other)
    assert (place(*one) == place(*other)) is (one == other)


def test_reach_counts_by_its_power_of_ten_and_an_untold_one_least() -> None:
    assert rank(1, 0.5, 0) == rank(1, 0.5, 9) > rank(1, 0.5, 10) == rank(1, 0.5, 99)
    assert rank(1, 0.5, 10**9) == rank(1, 0.5, 10**12)


def test_a_triage_knows_its_place() -> None:
    verdict = Triage(complaint=True, tier=4, urgency=17, tone=0.25, topic="", reach=1_200, findings=())
    assert verdict.rank == rank(4, 0.25, 1_200) == -40_253
