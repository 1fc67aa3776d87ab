"""Opening hours as people write them."""

import pytest

from responder.settings.week import opening_hours


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("", ()),
        ("Mon-Fri 09:00-17:00", (((540, 1020),),) * 5 + ((), ())),
        ("Monday - Friday 9:00 - 17.00", (((540, 1020),),) * 5 + ((), ())),
        ("Sat 10:00-14:00, sat 16:00-18:00", ((),) * 5 + (((600, 840), (960, 1080)), ())),
        ("Mon-Sun 00:00-24:00", (((0, 1440),),) * 7),
        ("Fri-Mon 8:00-12:00", (((480, 720),), (), (), (), ((480, 720),), ((480, 720),), ((480, 720),))),
    ],
)
def test_days_and_hours_become_minutes_of_each_day(text: str, days: tuple[object, ...]) -> None:
    hours = opening_hours(text)
    assert hours.days == days
    assert str(hours) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("9-5", "is not days and hours"),
        ("Mon-Fry 09:00-17:00", '"fry" is not a day'),
        ("Mon 17:00-09:00", "ends before it begins"),
        ("Mon 09:00-25:00", '"25:00" is not a time of day'),
        ("Mon 09:75-10:00", '"09:75" is not a time of day'),
    ],
)
def test_what_is_none_is_told_with_what_to_write(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        opening_hours(text)
