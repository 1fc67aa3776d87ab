"""What each role allows, and when a matter asks for two people."""

from collections.abc import Iterable

import pytest

from responder.model.case import Case, Stage
from responder.model.draft import Draft, Origin
from responder.model.facts import Facts
from responder.model.mention import Audience
from responder.model.people import (
    MAY,
    FourEyes,
    NotAllowed,
    Person,
    Right,
    Role,
    Roster,
    either,
    folded,
)
from responder.model.triage import Finding, Level
from tests.network import at, mention

ROSTER = Roster(
    people=(
        Person(name="Ana", role=Role.APPROVER),
        Person(name="Bo", role=Role.ADMIN),
        Person(name="Zoë", role=Role.AGENT),
    )
)


def test_each_role_may_all_that_the_one_before_may_and_more() -> None:
    assert MAY[Role.AGENT] < MAY[Role.APPROVER] < MAY[Role.ADMIN] == frozenset(Right)


@pytest.mark.parametrize(
    "right", [Right.APPROVE, Right.SETTLE, Right.OPT_OUT, Right.RESUME, Right.REFILL, Right.SEE_OTHERS]
)
def test_what_an_agent_may_not_do(right: Right) -> None:
    assert not ROSTER.may("Zoë", right)


def test_what_only_an_admin_may_do_is_to_see_the_figures_of_others() -> None:
    assert MAY[Role.ADMIN] - MAY[Role.APPROVER] == {Right.SEE_OTHERS}


@pytest.mark.parametrize("right", Right)
def test_where_nobody_is_listed_everybody_may_do_everything(right: Right) -> None:
    assert Roster().allowed("whoever", right) == "whoever"


@pytest.mark.parametrize("name", ["Zoë", "zoë", "ZOË", "Zoe\u0308", "zoe\u0308"])
def test_a_name_is_found_however_it_is_spelt_and_told_as_it_is_listed(name: str) -> None:
    assert folded(name) == folded("Zoë")
    assert ROSTER.allowed(name, Right.EDIT) == "Zoë"


def test_who_may_not_is_told_who_may() -> None:
    with pytest.raises(NotAllowed, match=r"^Zoë \(agent\) may not approve; Ana or Bo may$"):
        ROSTER.allowed("zoë", Right.APPROVE)


def test_who_is_not_listed_may_nothing() -> None:
    with pytest.raises(NotAllowed, match=r"^Kim is not listed here and may not withdraw an approval; Ana,"):
        ROSTER.allowed("Kim", Right.WITHDRAW)


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ((), ""),
        (("Ana",), "Ana"),
        (("Ana", "Bo"), "Ana or Bo"),
        (("Ana", "Bo", "Cy", "Di"), "Ana, Bo, Cy or Di"),
        (("Ana", "Bo", "Cy", "Di", "Ed"), "Ana, Bo, Cy, Di or somebody else"),
    ],
)
def test_names_are_told_as_a_sentence_has_them(names: Iterable[str], told: str) -> None:
    assert either(names) == told


def case_of(topic: str = "late", facts: Facts | None = None) -> Case:
    return Case(
        id=1, account="shop", stage=Stage.WAITING, version=1, target=mention("1"), posts=1, replies=0,
        opened_at=at(0), moved_at=at(0), topic=topic, facts=facts or Facts(),
    )  # fmt: skip


def a_draft(playbook: str = "first_public_reply") -> Draft:
    return Draft(
        case_id=1, number=1, target_id=1, origin=Origin.OURS, by="", text="Sorry.", language="en",
        playbook=playbook, audience=Audience.PUBLIC, fingerprint="f", findings=(), created_at=at(0),
    )  # fmt: skip


LAWYERS = Finding(rule="legal", level=Level.NOTE, says="lawyers, courts, police or a regulator")


def test_by_itself_nothing_asks_for_two() -> None:
    case = case_of(topic="legal", facts=Facts(remedy="refund"))
    assert FourEyes().about(case, [LAWYERS], a_draft("legal"), 5) == ""
    assert not FourEyes().asked
    assert not FourEyes().new(0)


def test_from_a_tier_on_two_are_asked_for() -> None:
    rule = FourEyes(from_tier=4)
    assert [bool(rule.about(case_of(), [], a_draft(), tier)) for tier in range(6)] == [False] * 4 + [True] * 2


def test_a_remedy_asks_for_two_by_its_id() -> None:
    rule = FourEyes(remedies=frozenset({"refund"}))
    assert rule.about(case_of(facts=Facts(remedy="refund")), [], a_draft(), 1)
    assert not rule.about(case_of(facts=Facts(remedy="repair")), [], a_draft(), 1)
    assert not rule.about(case_of(), [], a_draft(), 1)


def test_the_law_asks_for_two_by_what_was_heard_by_the_topic_or_by_the_kind_of_reply() -> None:
    rule = FourEyes(legal=True)
    assert rule.about(case_of(), [LAWYERS], a_draft(), 4)
    assert rule.about(case_of(topic="legal"), [], a_draft(), 1)
    assert rule.about(case_of(), [], a_draft("legal"), 1)
    assert not rule.about(case_of(topic="money"), [], a_draft(), 5)


def test_somebody_is_new_until_so_many_of_their_replies_were_approved() -> None:
    assert [FourEyes(first=2).new(so_far) for so_far in range(4)] == [True, True, False, False]
