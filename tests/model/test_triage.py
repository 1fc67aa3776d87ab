"""The place in the queue: harm first, then urgency."""

from hypothesis import given
from hypothesis import strategies as st

from responder.model.triage import Triage, rank

PLACES = st.tuples(st.integers(0, 5), st.integers(0, 100))


@given(PLACES, PLACES)
def test_a_higher_tier_comes_first_and_then_the_higher_urgency(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    assert (rank(*one) < rank(*other)) is (one > other)
    assert (rank(*one) == rank(*other)) is (one == other)


def test_a_triage_knows_its_place() -> None:
    verdict = Triage(complaint=True, tier=4, urgency=17, tone=0.0, topic="", findings=())
    assert verdict.rank == rank(4, 17) == -4017
