"""What is due after an answer: its times, what changes it, and that planning twice is planning once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.model.calendar import ALWAYS, Calendar
from responder.model.follow_up import (
    FollowUp,
    FollowUpKind,
    FollowUpState,
    Plan,
    Rhythm,
    Situation,
    Standing,
    plan,
    working_days,
)
from responder.model.promise import Promise, PromiseKind, PromiseStatus

#: A Thursday.
ANSWERED = datetime(2026, 3, 5, 15, 0, tzinfo=UTC)
#: Monday to Friday, nine to five.
OFFICE = Calendar(week=[[(540, 1020)]] * 5 + [[], []])
DAY = timedelta(days=1)
K, S = FollowUpKind, FollowUpState


def situation(**more: Any) -> Situation:
    values: dict[str, Any] = {"standing": Standing.QUIET, "tier": 3, "turns": 1, "answered_at": ANSWERED}
    return Situation(**values | more)


def promised(number: int = 7, **more: Any) -> Promise:
    values: dict[str, Any] = {
        "id": number,
        "case_id": 1,
        "account": "shop",
        "kind": PromiseKind.UPDATE,
        "channel": "",
        "quote": "I write again",
        "told": "",
        "due_at": ANSWERED + timedelta(hours=4),
        "owner": "sam",
        "status": PromiseStatus.OPEN,
        "made_at": ANSWERED,
    }
    return Promise(**values | more)


def kept(now: Situation, made: Plan, at: datetime) -> Situation:
    """Return the situation after a plan was kept."""
    gone = {one.id for one in made.over}
    known = [replace(one, state=S.SKIPPED, ended_at=at) if one.id in gone else one for one in now.known]
    for number, new in enumerate(made.new, len(known) + 1):
        known.append(
            FollowUp(
                id=number,
                case_id=1,
                account="shop",
                kind=new.kind,
                mark=new.mark,
                due_at=new.due_at,
                owner="sam",
                state=S.DUE,
                text="",
                language="en",
                made_at=at,
                promise_id=new.promise.id if new.promise else None,
            )
        )
    return replace(now, known=known)


def ended(now: Situation, kind: FollowUpKind, at: datetime, state: FollowUpState = S.DONE) -> Situation:
    """Return the situation after what is due of a kind was done."""
    return replace(
        now,
        known=[
            replace(one, state=state, ended_at=at) if one.kind is kind and one.state is S.DUE else one
            for one in now.known
        ],
    )


def due(now: Situation) -> list[tuple[FollowUpKind, datetime]]:
    return [(one.kind, one.due_at) for one in now.known if one.state is S.DUE]


def planned(now: Situation, at: datetime = ANSWERED, calendar: Calendar = OFFICE) -> Situation:
    return kept(now, plan(now, at, Rhythm(), calendar), at)


def test_they_hear_where_it_stands_after_a_day_and_then_every_second_working_day() -> None:
    now = planned(situation())
    assert due(now) == [(K.STATUS, ANSWERED + DAY)]  # Friday
    now = planned(ended(now, K.STATUS, ANSWERED + DAY), ANSWERED + DAY)
    assert due(now) == [(K.STATUS, ANSWERED + 5 * DAY)]  # Tuesday: no weekend counts
    now = planned(ended(now, K.STATUS, ANSWERED + 5 * DAY), ANSWERED + 5 * DAY)
    assert due(now) == [(K.STATUS, ANSWERED + 7 * DAY)]


def test_a_status_that_would_be_due_while_nobody_is_there_waits_for_the_next_opening() -> None:
    friday_night = datetime(2026, 3, 6, 22, 0, tzinfo=UTC)
    assert due(planned(situation(answered_at=friday_night))) == [
        (K.STATUS, datetime(2026, 3, 10, 9, 0, tzinfo=UTC))  # 22:00 of Monday is closed
    ]


def test_the_promised_word_is_due_when_it_was_promised_and_stands_for_a_status() -> None:
    now = planned(situation(promises=[promised()]))
    assert due(now) == [(K.UPDATE, ANSWERED + timedelta(hours=4))]
    later = planned(replace(ended(now, K.UPDATE, ANSWERED + timedelta(hours=3)), promises=[]))
    assert due(later) == [(K.STATUS, working_days(ANSWERED + timedelta(hours=3), 2, OFFICE))]


def test_a_promised_call_is_a_call_and_is_written_down_afterwards() -> None:
    now = planned(situation(promises=[promised(kind=PromiseKind.ACTION, channel="call")]))
    assert (K.CALL, ANSWERED + timedelta(hours=4)) in due(now)
    talked = ANSWERED + timedelta(hours=1)
    now = planned(replace(ended(now, K.CALL, talked), promises=[]), talked)
    assert (K.RECAP, talked + timedelta(hours=2)) in due(now)


def test_a_broken_promise_is_owned_after_a_grace_in_the_place_of_the_promised_word() -> None:
    now = planned(situation(promises=[promised()]))
    now = planned(replace(now, promises=[promised(status=PromiseStatus.BROKEN)]))
    assert due(now) == [(K.BROKEN_PROMISE, ANSWERED + timedelta(hours=5))]
    assert due(planned(replace(now, promises=[]))) == [(K.STATUS, ANSWERED + DAY)]


def test_below_the_tier_only_what_was_promised_is_due() -> None:
    assert due(planned(situation(tier=2))) == []
    assert [kind for kind, _ in due(planned(situation(tier=0, promises=[promised()])))] == [K.UPDATE]


def test_two_written_answers_to_a_grave_case_without_a_call_are_enough() -> None:
    assert K.CALL not in dict(due(planned(situation(tier=4))))
    assert K.CALL not in dict(due(planned(situation(tier=3, turns=2))))
    now = planned(situation(tier=4, turns=2))
    assert dict(due(now))[K.CALL] == ANSWERED + timedelta(hours=2)
    now = planned(ended(now, K.CALL, ANSWERED + timedelta(hours=1)), ANSWERED + DAY)
    assert K.CALL not in dict(due(planned(replace(now, turns=3))))


@pytest.mark.parametrize(("tier", "angry", "calls"), [(1, False, 0), (1, True, 1), (4, False, 1)])
def test_who_complains_again_is_called_where_they_are_angry_or_it_is_grave(
    tier: int, angry: bool, calls: int
) -> None:
    now = planned(situation(tier=tier))
    again = planned(replace(now, standing=Standing.AGAIN, angry=angry))
    assert [kind for kind, _ in due(again)] == [K.CALL] * calls


def test_after_thanks_only_the_closing_note_and_what_was_promised_are_due() -> None:
    now = planned(situation(tier=5, turns=2, promises=[promised(kind=PromiseKind.ACTION, channel="call")]))
    assert len(due(now)) == 2
    thanked = planned(replace(now, standing=Standing.THANKED))
    assert due(thanked) == [(K.CALL, ANSWERED + timedelta(hours=4)), (K.CLOSING, ANSWERED + DAY)]


def test_after_the_fix_it_is_checked_twice_and_ends_with_the_closing_note() -> None:
    now = planned(situation())
    fixed = ANSWERED + DAY  # Friday
    now = planned(replace(now, fixed_at=fixed), fixed)
    assert due(now) == [(K.CHECK, fixed + 3 * DAY), (K.QUALITY, fixed + 14 * DAY)]
    now = planned(ended(now, K.CHECK, fixed + 3 * DAY), fixed + 3 * DAY)
    assert [kind for kind, _ in due(now)] == [K.QUALITY]
    now = planned(ended(now, K.QUALITY, fixed + 14 * DAY, S.SKIPPED), fixed + 14 * DAY)
    assert due(now) == [(K.CLOSING, fixed + 17 * DAY)]  # the next working day: Monday
    over = plan(ended(now, K.CLOSING, fixed + 17 * DAY), fixed + 17 * DAY, Rhythm(), OFFICE)
    assert over == Plan(new=(), over=(), ended=True)


def test_what_is_fixed_no_more_goes_on_as_before() -> None:
    now = planned(replace(planned(situation()), fixed_at=ANSWERED))
    again = planned(replace(now, fixed_at=None), ANSWERED + DAY)
    assert [kind for kind, _ in due(again)] == [K.STATUS]


def test_what_is_fixed_once_more_is_checked_once_more() -> None:
    now = planned(replace(planned(situation()), fixed_at=ANSWERED))
    now = planned(replace(now, fixed_at=None), ANSWERED + DAY)  # a slip
    now = planned(replace(now, fixed_at=ANSWERED + 2 * DAY), ANSWERED + 2 * DAY)
    assert [kind for kind, _ in due(now)] == [K.CHECK, K.QUALITY]
    assert plan(now, ANSWERED + 3 * DAY, Rhythm(), OFFICE).new == ()


def test_who_wants_no_answer_gets_none_promised_or_not() -> None:
    now = planned(situation(tier=5, turns=3, promises=[promised()]))
    assert due(planned(replace(now, standing=Standing.OVER))) == []


_moments = st.integers(0, 400 * 24 * 60).map(lambda minutes: ANSWERED + timedelta(minutes=minutes))
_promises = st.lists(
    st.builds(
        promised,
        number=st.integers(1, 5),
        kind=st.sampled_from(PromiseKind),
        channel=st.sampled_from(["", "call", "mail"]),
        status=st.sampled_from([PromiseStatus.OPEN, PromiseStatus.BROKEN]),
        due_at=st.none() | _moments,
    ),
    max_size=4,
    unique_by=lambda one: one.id,
)
_situations = st.builds(
    situation,
    standing=st.sampled_from(Standing),
    tier=st.integers(0, 5),
    turns=st.integers(1, 4),
    angry=st.booleans(),
    fixed_at=st.none() | st.just(ANSWERED + DAY),
    promises=_promises,
)


@given(
    rows=st.lists(_situations, min_size=1, max_size=5),
    done=st.sampled_from(FollowUpKind),
    late=st.integers(0, 60),
)
def test_planning_again_changes_nothing_and_no_mark_comes_twice(
    rows: list[Situation], done: FollowUpKind, late: int
) -> None:
    """However a case goes on, and whenever it is looked at."""
    now, at = rows[0], ANSWERED
    for row in rows:
        now = planned(replace(row, known=now.known), at)
        again = plan(now, at + timedelta(hours=late), Rhythm(), OFFICE)
        assert (again.new, again.over) == ((), ())
        assert len({one.mark for one in now.known}) == len(now.known)
        now = ended(now, done, at + DAY)
        at += 2 * DAY


@given(_moments, st.integers(0, 9))
def test_working_days_end_while_somebody_is_there_and_go_forward(since: datetime, n: int) -> None:
    until = working_days(since, n, OFFICE)
    assert until >= since
    assert OFFICE.is_open(until)
    assert working_days(since, n + 1, OFFICE) >= until
    assert working_days(since, n, ALWAYS).astimezone(UTC).weekday() < 5
