"""Caps: how much goes out, when, and to whom nothing does; a law of the store."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from responder.connector import Page
from responder.model.caps import Caps
from responder.model.case import Stage
from responder.model.mention import Mention
from responder.steps.post import Mode, Terms, post
from responder.steps.report import Report
from responder.store.errors import Conflict
from responder.store.store import Store
from tests.desk import approved, keep, stage, street, waiting
from tests.network import START, at, mention
from tests.steps.sending import ready, send


def with_caps(caps: Caps, closed_until: datetime | None = None) -> Terms:
    return Terms(caps=caps, closed_until=lambda _: closed_until)


def ten(author: str = "") -> list[Mention]:
    return [mention(str(n), author=author or f"a{n}") for n in range(10)]


def test_no_more_than_the_cap_goes_out_within_an_hour_and_the_rest_after_it(any_store: Store) -> None:
    net, accounts = ready(any_store, *ten())
    terms = with_caps(Caps(per_hour=4))
    sent = []
    for minutes in range(3, 240, 5):
        post(any_store, accounts, Mode.ON, at(minutes), terms=terms)
        sent.append((minutes, len(net.public)))
    assert [n for minutes, n in sent if minutes <= 58][-1] == 4
    assert sent[-1][1] == 10
    for minutes, n in sent:
        before = max((m for at_, m in sent if at_ <= minutes - 60), default=0)
        assert n - before <= 4, f"more than four in the hour before minute {minutes}"


def test_one_person_is_not_answered_more_often_than_the_cap_within_a_day(any_store: Store) -> None:
    net, accounts = ready(any_store, *ten("ana"), mention("x", author="bo"))
    for minutes in (3, 10, 300):
        post(any_store, accounts, Mode.ON, at(minutes), terms=with_caps(Caps(per_person=2)))
    assert sorted(target for target, _ in net.public) == ["0", "1", "x"]
    post(any_store, accounts, Mode.ON, at(24 * 60 + 10), terms=with_caps(Caps(per_person=2)))
    assert len(net.public) == 5


def test_after_so_many_answers_in_a_thread_it_goes_back_to_a_person(any_store: Store) -> None:
    net, accounts = ready(any_store)
    terms = with_caps(Caps(per_thread=1))
    post(any_store, accounts, Mode.ON, at(3), terms=terms)
    net.say(mention("2", "Still nothing.", thread="1", minutes=5))
    street(any_store, accounts, 6)
    approved(any_store, minutes=7)
    report = post(any_store, accounts, Mode.ON, at(8), terms=terms)
    assert report.problems == ("c-1: we answered 1 times in this thread already; more belongs in private",)
    assert (len(net.public), stage(any_store)) == (1, Stage.WAITING)


def test_outside_the_hours_of_sending_only_what_is_grave_goes_out(any_store: Store) -> None:
    net, accounts = ready(any_store, mention("1"), mention("2", "The charger caught fire!", author="bo"))
    night = with_caps(Caps(), closed_until=START + timedelta(hours=8))
    assert post(any_store, accounts, Mode.ON, at(3), terms=night).done == {"sent": 1, "held": 1}
    assert [target for target, _ in net.public] == ["2"]
    assert post(any_store, accounts, Mode.ON, at(400), terms=night).done == {}
    assert send(any_store, accounts, 481).done == {"sent": 1}


@pytest.mark.parametrize("handle", ["ana", "@Ana".removeprefix("@")])
def test_who_asked_not_to_be_answered_is_not_also_after_an_approval(any_store: Store, handle: str) -> None:
    net, accounts = ready(any_store, mention("1", author="ana"))
    report = post(
        any_store, accounts, Mode.ON, at(3), terms=with_caps(Caps(spared=frozenset({handle.lower()})))
    )
    assert report.problems == ("c-1: its author asked us not to answer, or is one of us",)
    assert (net.public, stage(any_store)) == ([], Stage.WAITING)


def test_a_bot_cannot_be_answered_by_any_approval(any_store: Store) -> None:
    one = mention("1")
    waiting(any_store, replace(one, author=replace(one.author, bot=True)))
    with pytest.raises(Conflict, match="automated"):
        approved(any_store)
    assert stage(any_store) is Stage.WAITING


def test_what_an_account_of_ours_wrote_is_no_complaint_on_any_account_of_its_network(
    any_store: Store,
) -> None:
    any_store.intake.introduce({"shop": "scripted", "second": "scripted", "other": "elsewhere"})
    any_store.intake.keep("second", None, Page(mentions=(), cursor="1", own_id="id-ana"), at(0))
    keep(any_store, mention("1", author="ana"), mention("2", author="bo"))
    assert [case.target.external_id for case in any_store.views.page(Stage.NEW)] == ["2"]
    elsewhere = replace(mention("1", author="ana"), account="other")
    any_store.intake.keep("other", None, Page(mentions=(elsewhere,), cursor="1"), at(2))
    assert len(any_store.views.page(Stage.NEW)) == 2, "ids of another network are other people's"


def test_our_own_id_that_is_learned_late_still_stops_an_answer(any_store: Store) -> None:
    net, accounts = ready(any_store, mention("1", author="ana"))
    any_store.intake.keep(
        "shop", any_store.intake.cursor("shop"), Page(mentions=(), cursor="9", own_id="id-ana"), at(2)
    )
    assert send(any_store, accounts).problems == ("c-1: an account of our own wrote it",)
    assert net.public == []


def test_a_reply_sent_by_a_clock_a_year_ahead_does_not_fill_the_caps(any_store: Store) -> None:
    net, accounts = ready(any_store, mention("1"), mention("2", author="bo"))
    terms = with_caps(Caps(per_hour=1))
    assert post(any_store, accounts, Mode.ON, at(365 * 24 * 60), terms=terms).done == {"sent": 1, "held": 1}
    later: list[Report] = [post(any_store, accounts, Mode.ON, at(m), terms=terms) for m in (3, 70, 1500)]
    assert sum(one.done.get("sent", 0) for one in later) == 1
    assert len(net.public) == 2
