"""What holds at the end of every story, read from what the command line says and from what went out."""

import json
from datetime import timedelta
from typing import Any

from responder.model.reference import spelt_in
from tests.story.tale import Tale
from tests.story.told import TAKES_AWAY


def all_hold(tale: Tale) -> None:
    """Look at everything that has to be so when a story is over."""
    nothing_is_left(tale)
    nothing_was_forgotten(tale)
    journal = events(tale)
    each_message_had_one_yes(tale, journal)
    no_promise_was_lost(tale)
    public_words_are_decent(tale)
    tale.call("verify")
    tale.call("audit", "verify")
    (report,) = tale.items("report", "--from", "2026-03-01", "--to", "2026-03-31")
    assert report["says"].startswith("1 complaint came in."), report["says"]


def nothing_is_left(tale: Tale) -> None:
    """The case is closed, the debrief done, and no list has anything on it."""
    assert tale.card()["stage"] == "CLOSED"
    for listed in ("promises", "follow-ups", "debriefs", "alerts"):
        assert tale.items(listed) == [], f"{listed} are left"
    (digest,) = tale.items("digest")
    left = [
        "promises", "follow_ups", "debriefs", "open", "overdue", "unsent", "unsettled", "alarmed",
        "by_hand", "waiting_cases", "overdue_cases", "incidents",
    ]  # fmt: skip
    assert {key: digest[key] for key in left if digest[key]} == {}
    grave = tale.card()["tier"] >= 4
    assert [one["state"] for one in tale.items("debriefs", "--all")] == (["written"] if grave else [])


def nothing_was_forgotten(tale: Tale) -> None:
    """What the house promises for after the fix was done, each in its time, and said to be due by it."""
    assert tale.fixed_at, "nobody was told the news that end it"
    days = {"check": 3, "quality": 14}
    done = {kind: (due, at) for kind, due, at in tale.deeds}
    missed = [kind for kind in (*days, "closing") if kind not in done]
    assert not missed, f"never due: {', '.join(missed)}"
    for kind, after in days.items():
        due, at = done[kind]
        assert timedelta(days=after) <= due - tale.fixed_at <= timedelta(days=after + 3), f"{kind}: {due}"
        assert at <= due + timedelta(hours=1), f"{kind} was late: {at}"
    assert [kind for kind, *_ in tale.deeds][-1] == "closing"
    kinds = [kind for kind, *_ in tale.deeds]
    assert kinds.count("recap") == kinds.count("call"), "after each call a recap"
    assert [kinds.count(kind) for kind in ("check", "quality", "closing")] == [1, 1, 1]
    known = tale.items("follow-ups", tale.case)
    assert {one["state"] for one in known} <= {"done", "skipped", "moved"}


def events(tale: Tale) -> list[dict[str, Any]]:
    """Return the whole journal, the oldest first."""
    return [json.loads(line) for line in tale.call("audit", "export").out.splitlines()]


def each_message_had_one_yes(tale: Tale, journal: list[dict[str, Any]]) -> None:
    """Exactly one approval of exactly those words came before each message, and none went out twice."""
    sent = tale.outbox()
    targets = [one["in_reply_to"] for one in sent]
    assert len(set(targets)) == len(targets), f"two messages for one post: {targets}"
    assert [one["text"] for one in sent] == tale.approved
    for one in sent:
        yeses = [e for e in journal if e["action"] == "approved" and e["detail"]["text"] == one["text"]]
        assert len(yeses) == 1, f"{len(yeses)} approvals of {one['text']!r}"
        print_ = yeses[0]["detail"]["fingerprint"]
        (answered,) = [
            e for e in journal if e["action"] == "answered" and e["detail"]["fingerprint"] == print_
        ]
        tries = [e for e in journal if e["action"] == "sending" and e["seq"] < answered["seq"]]
        assert yeses[0]["seq"] < tries[-1]["seq"] < answered["seq"]
    assert sum(e["action"] == "sending" for e in journal) == len(sent)


def no_promise_was_lost(tale: Tale) -> None:
    """Everything a yes promised is in the ledger, and was kept in time, moved, or owned as broken."""
    ledger = tale.items("promises", tale.case)
    quotes = [one["quote"] for one in ledger]
    assert [quote for quote in tale.promised if quote not in quotes] == []
    late = [one["id"] for one in ledger if one["status"] not in {"kept", "moved"}]
    assert late == tale.broken, ledger
    assert [kind for kind, _ in tale.public].count("broken-promise") == len(tale.broken), "owned in public"


def public_words_are_decent(tale: Tale) -> None:
    """The closing note asks for nothing to be taken away; the code stands in an invitation or nowhere."""
    (note,) = [words for kind, words in tale.public if kind == "closing"]
    asked = [piece for piece in TAKES_AWAY[tale.language] if piece in note.casefold()]
    assert not asked, note
    assert not spelt_in(note), note
    invitations = [one["text"] for one in tale.outbox() if one["audience"] == "public"]
    for words in [*invitations, *(words for kind, words in tale.public if kind != "closing")]:
        found = spelt_in(words)
        assert len(found) <= 1, words
        # the invitation is what a reply ends with: nothing of weight comes after it
        assert all(len(words) - end <= 2 for _, end in found), words
