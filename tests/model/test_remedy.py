"""Who may grant how much, what fits, and how grants add up."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from responder.model.budget import UNIT
from responder.model.people import Role
from responder.model.remedy import Grant, GrantStatus, Remedy, RemedyKind, Spend, fitting, spends
from tests.policies import PRIORITY, REFUND

TODAY = date(2026, 3, 2)


def a(name: str, kind: RemedyKind = RemedyKind.FIX, **more: object) -> Remedy:
    return Remedy(id=name, kind=kind, says=name, **more)  # type: ignore[arg-type]


def test_each_role_may_grant_up_to_its_cap_and_not_a_cent_more() -> None:
    assert REFUND.may(Role.AGENT, 20 * UNIT)
    assert not REFUND.may(Role.AGENT, 20 * UNIT + 10_000)
    assert REFUND.roles(60 * UNIT) == (Role.APPROVER, Role.ADMIN)
    assert REFUND.roles(501 * UNIT) == ()


def test_what_has_no_caps_has_no_amount_and_is_for_those_who_approve() -> None:
    assert PRIORITY.roles(0) == (Role.APPROVER, Role.ADMIN)
    assert PRIORITY.roles(1) == ()
    assert PRIORITY.most is None


@given(
    caps=some.dictionaries(some.sampled_from(Role), some.integers(0, 1_000), min_size=1),
    micros=some.integers(0, 1_001 * UNIT),
)
def test_whoever_stands_higher_may_all_that_those_below_may(caps: dict[Role, float], micros: int) -> None:
    remedy = a("x", caps=caps)
    may = [remedy.may(role, micros) for role in Role]
    assert may == sorted(may)
    assert any(may) is (micros <= round((remedy.most or 0) * UNIT))


def test_what_the_topic_names_comes_first_then_what_says_that_it_fits() -> None:
    catalogue = [a("mug", topics=("late",)), a("credit"), a("refund"), a("hug")]
    found = fitting(catalogue, ("refund", "credit"), ("late", "", ""), TODAY)
    assert [one.id for one in found] == ["refund", "credit", "mug"]


def test_what_ended_or_is_for_another_fault_does_not_fit() -> None:
    ended = a("ended", topics=("late",), expires=date(2026, 3, 1))
    last_day = a("last_day", topics=("late",), expires=TODAY)
    ours = a("ours", topics=("late",), faults=("ours",))

    def found(fault: str) -> list[str]:
        return [one.id for one in fitting([ended, last_day, ours], (), ("late", fault, ""), TODAY)]

    assert found("ours") == found("") == ["last_day", "ours"]
    assert found("vendor") == ["last_day"]


def test_where_what_was_promised_cannot_be_delivered_what_stands_in_leads() -> None:
    catalogue = [a("refund", RemedyKind.REFUND), a("discount", RemedyKind.DISCOUNT)]
    catalogue += [a("other_plan", RemedyKind.REFRAMED_PLAN)]
    found = fitting(catalogue, ("refund",), ("late", "", "contract"), TODAY)
    assert [one.id for one in found] == ["other_plan", "discount", "refund"]


def grant(
    granted_at: datetime | None, kind: str = "refund", micros: int = UNIT, currency: str = "EUR"
) -> Grant:
    return Grant(
        id=1, case_id=1, account="shop", remedy=kind, kind=kind, micros=micros, currency=currency, note="",
        status=GrantStatus.GRANTED, by="ana", at=datetime(2026, 1, 1, tzinfo=UTC), granted_at=granted_at,
    )  # fmt: skip


def test_grants_add_up_by_month_where_the_people_are_kind_and_currency() -> None:
    night = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)  # April already, in Ljubljana
    told = [
        grant(datetime(2026, 3, 2, tzinfo=UTC)),
        grant(datetime(2026, 3, 9, tzinfo=UTC), micros=2 * UNIT),
        grant(datetime(2026, 3, 9, tzinfo=UTC), currency="SEK"),
        grant(night, "gesture"),
    ]
    assert spends(told, ZoneInfo("Europe/Ljubljana")) == (
        Spend(month="2026-03", kind="refund", currency="EUR", grants=2, micros=3 * UNIT),
        Spend(month="2026-03", kind="refund", currency="SEK", grants=1, micros=UNIT),
        Spend(month="2026-04", kind="gesture", currency="EUR", grants=1, micros=UNIT),
    )


@pytest.mark.parametrize(
    ("micros", "says"), [(0, ""), (12_500_000, "EUR 12.50"), (1_000 * UNIT, "EUR 1,000.00")]
)
def test_an_amount_is_told_with_its_currency(micros: int, says: str) -> None:
    assert grant(None, micros=micros).amount == says
