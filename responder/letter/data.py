"""Data: the digest as a program reads it."""

from responder.model.budget import UNIT
from responder.model.case import Case
from responder.model.digest import Digest


def figures(digest: Digest) -> dict[str, object]:
    """Return the digest as plain data for JSON: times in ISO 8601 UTC, durations in seconds."""
    median = digest.figures.median_answer
    return {
        "at": digest.at.isoformat(),
        "since": digest.since.isoformat(),
        **_first_of_all(digest),
        "open": digest.open,
        "overdue": digest.figures.overdue,
        "by_stage": dict(digest.figures.by_stage),
        "open_by_tier": {str(tier): n for tier, n in digest.figures.open_by_tier.items()},
        "happened": dict(digest.figures.happened),
        "median_answer_seconds": None if median is None else round(median.total_seconds()),
        **_lately(digest),
        "paused": digest.paused,
        "paused_by": digest.pause.whose or None,
        "search": digest.search,
        "journal_head": f"{digest.head.hash}@{digest.head.seq}" if digest.head else None,
        "overdue_cases": [_case(one) for one in digest.overdue],
        "waiting_cases": [_case(one) for one in digest.waiting],
        "asleep": digest.asleep.n,
        "by_hand": [
            {"case": f"c-{one.case_id}", "url": one.target.url, "text": one.message.text}
            for one in digest.by_hand
        ],
        "unsettled": [{"case": f"c-{one.case_id}", "problem": one.problem} for one in digest.unsettled],
        "alarmed": [{"case": f"c-{one.case_id}", "alarm": one.alarm} for one in digest.alarmed],
        "money": [
            {
                "account": name,
                "currency": budget.allowance.currency,
                "budget": budget.allowance.month / UNIT,
                "spent": budget.this_month / UNIT,
                "forecast": budget.forecast / UNIT,
                "short": budget.short,
            }
            for name, budget in digest.money.items()
        ],
        "health": [
            {
                "account": one.name,
                "network": one.network,
                "heard_at": one.heard_at.isoformat() if one.heard_at else None,
                "problem": one.problem,
                "stopped": one.stopped,
            }
            for one in digest.health
        ],
    }


def _first_of_all(digest: Digest) -> dict[str, object]:
    """Return who is blind, what we promised, and what many complain about at once."""
    return {
        "blind": [
            {
                "account": one.account,
                "since": one.since.isoformat(),
                "cause": str(one.cause),
                "says": one.says,
            }
            for one in digest.blind
        ],
        "promises": [
            {
                "id": one.name,
                "case": f"c-{one.case_id}",
                "quote": one.quote,
                "due_at": one.due_at.isoformat() if one.due_at else None,
                "overdue": one.overdue(digest.at),
            }
            for one in digest.promises
        ],
        **_afterwards(digest),
        "incidents": [
            {
                "id": one.name,
                "stage": str(one.stage),
                "about": one.about,
                "cases": len(one.belonging),
                "due_at": one.due_at.isoformat() if one.due_at else None,
                "late": one.late(digest.at),
            }
            for one in digest.incidents
        ],
    }


def _afterwards(digest: Digest) -> dict[str, object]:
    """Return what is due after answers, and what was learned."""
    return {
        "follow_ups": [
            {
                "case": f"c-{one.case_id}",
                "kind": str(one.kind),
                "owner": one.owner or None,
                "due_at": one.due_at.isoformat(),
                "overdue": one.overdue(digest.at),
            }
            for one in digest.follow_ups
        ],
        "grants": [
            {
                "id": one.name,
                "case": f"c-{one.case_id}",
                "remedy": one.remedy,
                "amount": one.amount or None,
                "by": one.by,
            }
            for one in digest.grants
        ],
        "debriefs": [
            {
                "case": f"c-{one.case_id}",
                "state": str(one.state).lower(),
                "topic": one.topic,
                "open": [
                    {
                        "number": action.number,
                        "what": action.what,
                        "owner": action.owner,
                        "due": action.due.isoformat() if action.due else None,
                    }
                    for action in one.open
                ],
            }
            for one in digest.debriefs
        ],
    }


def _lately(digest: Digest) -> dict[str, object]:
    """Return what the last days brought."""
    return {
        "first_answer": None
        if digest.first is None
        else {"n": digest.first.n, "median": digest.first.median, "ninetieth": digest.first.ninetieth},
        "private": digest.private,
        "reopened": digest.reopened,
        "week": [
            {"day": one.day.isoformat(), "heard": one.heard, "answered": one.answered} for one in digest.week
        ],
        "themes": [{"topic": one.topic, "n": one.n, "before": one.before} for one in digest.themes],
        "unsent": [
            {
                "what": one.kind,
                "to": one.recipient,
                "way": one.way,
                "at": one.made_at.isoformat(),
                "problem": one.problem,
                "again_at": one.again_at.isoformat() if one.again_at else None,
            }
            for one in digest.unsent
        ],
    }


def _case(case: Case) -> dict[str, object]:
    return {
        "id": case.name,
        "account": case.account,
        "author": case.target.author.handle,
        "tier": case.tier,
        "urgency": case.urgency,
        "due_at": case.due_at.isoformat() if case.due_at else None,
        "text": case.target.text,
        "url": case.target.url,
    }
