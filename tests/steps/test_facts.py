"""What people tell about a case: kept with it, handed to the policy, and passed over with a reason."""

from dataclasses import replace

import pytest

from responder.model.case import Stage
from responder.model.decision import Verdict
from responder.model.draft import Draft
from responder.model.facts import Facts
from responder.model.triage import Finding, Level
from responder.steps.approve import Yes, approve, decide
from responder.store.store import Store
from tests.desk import seen, street, waiting
from tests.network import at, mention

WARNED = Finding(
    rule="completeness", level=Level.WARN, says="missing: our next step", also=("next-step-present",)
)


def test_what_is_told_with_a_redo_stays_with_the_case_and_later_news_come_on_top(any_store: Store) -> None:
    _, accounts = waiting(any_store, mention("1"))
    case, _ = seen(any_store)
    news = Facts(fault="vendor", promised="a new kettle by Friday")
    decide(any_store, case, Verdict.REDO, ("ana", ""), at(3), news=news)
    assert any_store.casework.get(case.id).facts == news
    street(any_store, accounts, 4)
    case, _ = seen(any_store)
    decide(any_store, case, Verdict.REDO, ("ana", ""), at(5), news=Facts(fault="ours", since="13:10"))
    told = any_store.casework.get(case.id).facts
    assert told == Facts(fault="ours", promised="a new kettle by Friday", since="13:10")
    journal = any_store.views.card(case.id).events
    assert [one.detail["told"] for one in journal if "told" in one.detail] == [
        "fault, promised",
        "fault, since",
    ]


def test_a_fault_of_no_known_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="it must be one of ours, vendor, unknown"):
        Facts(fault="theirs")


def warned(store: Store) -> Draft:
    """Give the waiting case a draft with a warning."""
    case, draft = seen(store)
    again = replace(draft, number=2, findings=(WARNED,), by="ana")
    store.casework.edit(case, again)
    return seen(store)[1]


def test_why_a_warning_was_passed_over_is_kept_and_counted_by_rule(any_store: Store) -> None:
    _, accounts = waiting(any_store, mention("1"))
    assert any_store.views.overrides() == {}
    draft = warned(any_store)
    case, _ = seen(any_store)
    approve(
        any_store, accounts["shop"], (case, draft), "ana", at(4), Yes(reason="the step is in the picture")
    )
    (decision,) = any_store.views.card(case.id).decisions
    assert (decision.reason, any_store.casework.get(case.id).stage) == (
        "the step is in the picture",
        Stage.APPROVED,
    )
    assert any_store.views.overrides() == {"next-step-present": 1}


def test_a_finding_comes_back_from_the_store_as_it_went_in(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    case, draft = seen(any_store)
    findings = (
        WARNED,
        Finding(
            rule="a", level=Level.BLOCK, says="x", start=1, end=3, quote="ab", fix="", fix_start=0, fix_end=9
        ),
        Finding(rule="b", level=Level.NOTE, says="y"),
    )
    any_store.casework.edit(case, replace(draft, number=2, findings=findings, by="ana"))
    assert seen(any_store)[1].findings == findings
