"""Remedies are granted by who may, alone or with a second yes; each grant is a line of the journal."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from responder.model.budget import UNIT
from responder.model.people import FourEyes, NotAllowed, Person, Role, Roster
from responder.model.remedy import Grant, GrantStatus, Remedy
from responder.model.worksheet import Option, Worksheet
from responder.steps.grant import Wish, agree, grant, refuse, take_back
from responder.steps.prepare import Unfit, prepare
from responder.store.errors import Conflict, NotFound
from responder.store.store import Store
from tests.desk import waiting
from tests.network import at, mention
from tests.policies import REFUND, PlainPolicy

ROSTER = Roster(
    people=(
        Person(name="Kim", role=Role.AGENT),
        Person(name="Ana", role=Role.APPROVER),
        Person(name="Bo", role=Role.ADMIN),
    )
)
POLICY = PlainPolicy()


@pytest.fixture
def desk(any_store: Store) -> Store:
    waiting(any_store, mention("1"))
    any_store.roster = ROSTER
    return any_store


def wish(store: Store, amount: int, by: str, remedy: str = "refund", policy: PlainPolicy = POLICY) -> Grant:
    told = Wish(remedy=remedy, micros=amount * UNIT, note="second charge")
    return grant(store, policy, store.casework.get(1), told, by, at(3))


def told(store: Store) -> list[tuple[str, str, dict[str, str]]]:
    events = store.views.card(1).events
    return [(one.action, one.by, dict(one.detail)) for one in events if one.action.startswith("remedy")]


def test_what_is_within_ones_authority_is_granted_at_once(desk: Store) -> None:
    one = wish(desk, 20, "kim")
    assert (one.status, one.by, one.granted_by, one.granted_at) == (GrantStatus.GRANTED, "Kim", "Kim", at(3))
    assert desk.grants.of_case(1) == [one]
    detail = {"grant": "g-1", "remedy": "refund", "amount": "EUR 20.00", "note": "second charge"}
    assert told(desk) == [("remedy granted", "Kim", detail)]


def test_more_waits_for_the_yes_of_somebody_else_who_may(desk: Store) -> None:
    one = wish(desk, 300, "kim")
    assert one.status is GrantStatus.ASKED
    assert desk.grants.asked() == [one]
    assert desk.grants.granted(at(0), at(60)) == []
    with pytest.raises(NotAllowed, match=r"Kim asked for g-1; the second yes is for Bo"):
        agree(desk, POLICY, one, "Kim", at(4))
    with pytest.raises(NotAllowed, match=r"Ana may not grant EUR 300\.00 as refund; Bo may"):
        agree(desk, POLICY, one, "Ana", at(4))
    yes = agree(desk, POLICY, one, "bo", at(5))
    assert (yes.status, yes.granted_by, yes.granted_at) == (GrantStatus.GRANTED, "Bo", at(5))
    assert desk.grants.asked() == []
    assert told(desk)[-1][:2] == ("remedy granted", "Bo")
    assert told(desk)[-1][2]["asked"] == "Kim"


def test_small_grants_one_after_the_other_come_to_the_cap_too(desk: Store) -> None:
    assert wish(desk, 15, "kim").status is GrantStatus.GRANTED
    assert wish(desk, 5, "kim").status is GrantStatus.GRANTED
    third = wish(desk, 1, "kim")
    assert third.status is GrantStatus.ASKED
    fourth = wish(desk, 90, "kim")
    with pytest.raises(
        NotAllowed, match=r"Ana may not grant EUR 110\.00 as refund, with EUR 20\.00 before; Bo"
    ):
        agree(desk, POLICY, fourth, "Ana", at(4))
    assert agree(desk, POLICY, third, "Ana", at(4)).status is GrantStatus.GRANTED
    assert agree(desk, POLICY, fourth, "Bo", at(5)).status is GrantStatus.GRANTED
    with pytest.raises(
        NotAllowed, match=r"nobody may grant EUR 501\.00 .* the most is EUR 500\.00, with EUR 111"
    ):
        wish(desk, 390, "Bo")
    take_back(desk, POLICY, fourth, "paid already", "Bo", at(6))
    assert wish(desk, 390, "Bo").status is GrantStatus.GRANTED


def test_what_has_caps_is_granted_with_an_amount(desk: Store) -> None:
    with pytest.raises(Conflict, match=r"refund has caps; say what it costs: --amount"):
        wish(desk, 0, "Bo")
    assert desk.grants.of_case(1) == []


def test_two_grants_at_once_cannot_pass_a_cap_that_each_alone_keeps(desk: Store) -> None:
    case = desk.casework.get(1)
    kim = ("Kim", at(3))
    desk.grants.write(case, REFUND, (20 * UNIT, ""), kim, GrantStatus.GRANTED, before=0)
    with pytest.raises(Conflict, match=r"somebody granted or took back a refund in c-1 meanwhile"):
        desk.grants.write(case, REFUND, (20 * UNIT, ""), kim, GrantStatus.GRANTED, before=0)
    assert len(desk.grants.of_case(1)) == 1


def test_of_two_who_answer_the_second_is_told(desk: Store) -> None:
    one = wish(desk, 60, "kim")
    refuse(desk, one, "not ours", "Ana", at(4))
    with pytest.raises(Conflict, match=r"g-1 is refused; it cannot become granted"):
        agree(desk, POLICY, one, "Bo", at(5))
    assert desk.grants.get(1).status is GrantStatus.REFUSED


def test_more_than_anybody_may_is_refused_and_nothing_is_written(desk: Store) -> None:
    with pytest.raises(NotAllowed, match=r"nobody may grant EUR 501\.00 as refund: the most is EUR 500\.00"):
        wish(desk, 501, "Bo")
    with pytest.raises(NotAllowed, match=r"the remedy priority has no amount here"):
        wish(desk, 1, "Bo", "priority")
    assert desk.grants.of_case(1) == []


def test_a_remedy_for_which_two_must_say_yes_asks_also_who_might_alone(desk: Store) -> None:
    desk.roster = replace(ROSTER, four_eyes=FourEyes(remedies=frozenset({"refund"})))
    one = wish(desk, 5, "Bo")
    assert one.status is GrantStatus.ASKED
    assert agree(desk, POLICY, one, "Kim", at(4)).status is GrantStatus.GRANTED


def test_where_nobody_is_listed_one_person_may_up_to_the_highest_cap(desk: Store) -> None:
    desk.roster = Roster()
    assert wish(desk, 500, "sam").status is GrantStatus.GRANTED
    with pytest.raises(NotAllowed, match=r"the most is"):
        wish(desk, 501, "sam")


def test_what_was_granted_can_be_taken_back_by_who_might_grant_it_and_then_counts_no_more(
    desk: Store,
) -> None:
    one = wish(desk, 80, "Ana")
    assert desk.grants.granted(at(0), at(60)) == [one]
    with pytest.raises(NotAllowed, match=r"Kim may not grant EUR 80\.00 as refund, nor take it back"):
        take_back(desk, POLICY, one, "", "Kim", at(4))
    take_back(desk, POLICY, one, "paid already", "Bo", at(5))
    assert desk.grants.granted(at(0), at(60)) == []
    assert told(desk)[-1][2]["note"] == "paid already"


class Ended(PlainPolicy):
    """What there was last year."""

    @property
    def remedies(self) -> Mapping[str, Remedy]:
        return {"refund": replace(REFUND, expires=date(2025, 12, 31))}


def test_what_ended_is_granted_no_more(desk: Store) -> None:
    with pytest.raises(Conflict, match=r"the remedy refund ended on 2025-12-31"):
        wish(desk, 5, "Kim", policy=Ended())
    with pytest.raises(Conflict, match=r"there is no remedy hug"):
        wish(desk, 5, "Kim", "hug")


def test_there_is_no_grant_of_a_number_that_was_never_given(desk: Store) -> None:
    for number in (0, 7, 2**70):
        with pytest.raises(NotFound, match=f"there is no grant g-{number}"):
            desk.grants.get(number)


def test_who_is_not_listed_grants_and_prepares_nothing(desk: Store) -> None:
    with pytest.raises(NotAllowed, match=r"eve is not listed here and may not grant a remedy"):
        wish(desk, 1, "eve")
    with pytest.raises(NotAllowed, match=r"eve is not listed here and may not fill in a worksheet"):
        prepare(desk, POLICY, desk.casework.get(1), Worksheet(effect="x"), "eve", at(3))


@pytest.mark.parametrize(
    ("option", "key", "says"),
    [
        (Option(what="x", remedy="hug"), "options.1.remedy", "there is no remedy"),
        (Option(what="x", authorised_by="Dora"), "options.1.authorised_by", "it is Kim, Ana or Bo"),
        (
            Option(what="x", remedy="priority", authorised_by="kim"),
            "options.1.authorised_by",
            "Kim may not grant priority; Ana or Bo may",
        ),
    ],
)
def test_an_option_needs_a_remedy_that_there_is_and_somebody_with_authority(
    desk: Store, option: Option, key: str, says: str
) -> None:
    with pytest.raises(Unfit) as raised:
        prepare(desk, POLICY, desk.casework.get(1), Worksheet(options=(option,)), "Kim", at(3))
    assert raised.value.problems[0][0] == key
    assert says in raised.value.problems[0][1]
    assert desk.worksheets.of(1) is None
