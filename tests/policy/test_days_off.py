"""Days off: public holidays by place, and the company's own."""

from datetime import date

import pytest

from responder.policy.days_off import UnknownPlace, days_off


def test_holidays_are_those_of_the_place() -> None:
    slovenia, bavaria, berlin = (days_off(place, ()) for place in ("SI", "DE-BY", "DE-BE"))
    assert slovenia(date(2026, 4, 6)), "Easter Monday"
    assert slovenia(date(2031, 2, 8))
    assert not slovenia(date(2026, 4, 7))
    assert (bavaria(date(2026, 1, 6)), berlin(date(2026, 1, 6))) == (True, False)


def test_own_days_are_one_years_or_every_years() -> None:
    off = days_off("", ("12-24", "2026-08-14"))
    assert [off(date(year, 12, 24)) for year in (2026, 2027)] == [True, True]
    assert [off(date(year, 8, 14)) for year in (2026, 2027)] == [True, False]
    assert not off(date(2026, 12, 25))


@pytest.mark.parametrize("place", ["XX", "DE-ZZ", "Slovenia", "si"])
def test_a_place_that_nobody_knows_is_refused(place: str) -> None:
    with pytest.raises(UnknownPlace):
        days_off(place, ())
