"""Rows to nouns and back: the one explicit mapping, so that no other file knows a column's shape."""

from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping as Row

from responder.model.case import Case, Stage
from responder.model.correction import Correction, What
from responder.model.delivery import Delivery, DeliveryStage, Receipt, Route
from responder.model.draft import Draft, Message, Origin
from responder.model.event import Event
from responder.model.facts import Facts
from responder.model.mention import Audience, Author, Mention
from responder.model.triage import Finding, Level

#: The largest number a database keeps.
_MOST = 2**63 - 1


def mention_values(mention: Mention, seen_at: datetime) -> dict[str, Any]:
    """Return the columns of `mention`; what no database can keep (NUL, half surrogates) becomes U+FFFD."""
    author = mention.author
    return {
        "account": mention.account,
        "external_id": storable(mention.external_id),
        "thread": storable(mention.thread),
        "author_id": storable(author.id),
        "author_handle": storable(author.handle),
        "author_name": storable(author.name),
        "author_followers": None if author.followers is None else min(author.followers, _MOST),
        "author_bot": author.bot,
        "text": storable(mention.text),
        "created_at": mention.created_at,
        "url": storable(mention.url),
        "language": mention.language and storable(mention.language),
        "in_reply_to": mention.in_reply_to and storable(mention.in_reply_to),
        "edit_mark": storable(mention.edit_mark),
        "audience": str(mention.audience),
        "seen_at": seen_at,
        "removed_at": None,
    }


def mention_from(row: Row, prefix: str = "") -> Mention:
    """Return the mention in `row`, whose columns carry `prefix` where they were joined."""
    return Mention(
        id=row[f"{prefix}id"],
        account=row[f"{prefix}account"],
        external_id=row[f"{prefix}external_id"],
        thread=row[f"{prefix}thread"],
        author=Author(
            id=row[f"{prefix}author_id"],
            handle=row[f"{prefix}author_handle"],
            name=row[f"{prefix}author_name"],
            followers=row[f"{prefix}author_followers"],
            bot=row[f"{prefix}author_bot"],
        ),
        text=row[f"{prefix}text"],
        created_at=row[f"{prefix}created_at"],
        url=row[f"{prefix}url"],
        language=row[f"{prefix}language"],
        in_reply_to=row[f"{prefix}in_reply_to"],
        edit_mark=row[f"{prefix}edit_mark"],
        audience=Audience(row[f"{prefix}audience"]),
    )


def case_from(row: Row) -> Case:
    """Return the case in a row of `cases` joined with its target (columns `to_*`)."""
    return Case(
        id=row["id"],
        account=row["account"],
        stage=Stage(row["stage"]),
        version=row["version"],
        target=mention_from(row, "to_"),
        posts=row["posts"],
        replies=row["replies"],
        opened_at=row["opened_at"],
        moved_at=row["moved_at"],
        rank=row["rank"],
        tier=row["tier"],
        urgency=row["urgency"],
        probability=row["probability"],
        tone=row["tone"],
        language=row["language"],
        topic=row["topic"],
        due_at=row["due_at"],
        owed_since=row["owed_since"],
        first_by=row["first_by"],
        settle_by=row["settle_by"],
        rule_by=row["rule_by"],
        answered_at=row["answered_at"],
        draft_number=row["draft_number"],
        answerable=row["answerable"],
        answer_detail=row["answer_detail"],
        facts=Facts(**(row["facts"] or {})),
        prepared=Facts(**(row["prepared"] or {})),
        owner=row["owner"],
        snoozed_until=row["snoozed_until"],
        woken_from=row["woken_from"],
        merged_into=row["merged_into"],
    )


def findings_values(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    """Return findings as JSON; what is empty is left out, for there are many."""
    return [
        {
            name: value
            for name in Finding.__slots__
            if (value := getattr(finding, name)) or (name == "fix" and value is not None)
        }
        for finding in findings
    ]


def findings_from(values: list[dict[str, Any]] | None) -> tuple[Finding, ...]:
    """Return findings as `findings_values` wrote them."""
    return tuple(
        Finding(**{**value, "level": Level(value["level"]), "also": tuple(value.get("also", ()))})
        for value in values or ()
    )


def draft_values(draft: Draft) -> dict[str, Any]:
    """Return the columns of `draft`."""
    return {
        "case_id": draft.case_id,
        "number": draft.number,
        "target_id": draft.target_id,
        "origin": str(draft.origin),
        "by": storable(draft.by),
        "text": draft.text,
        "language": draft.language,
        "playbook": draft.playbook,
        "audience": str(draft.audience),
        "fingerprint": draft.fingerprint,
        "findings": findings_values(draft.findings),
        "created_at": draft.created_at,
        "rulebook": draft.rulebook,
    }


def draft_from(row: Row) -> Draft:
    """Return the draft in `row`."""
    return Draft(
        case_id=row["case_id"],
        number=row["number"],
        target_id=row["target_id"],
        origin=Origin(row["origin"]),
        by=row["by"],
        text=row["text"],
        language=row["language"],
        playbook=row["playbook"],
        audience=Audience(row["audience"]),
        fingerprint=row["fingerprint"],
        findings=findings_from(row["findings"]),
        created_at=row["created_at"],
        rulebook=row["rulebook"],
    )


def delivery_from(row: Row) -> Delivery:
    """Return the delivery in a row of `delivery` joined with its target (columns `to_*`)."""
    sent = row["remote_id"] is not None
    return Delivery(
        id=row["id"],
        case_id=row["case_id"],
        account=row["account"],
        target=mention_from(row, "to_"),
        message=Message(
            text=row["text"],
            audience=Audience(row["audience"]),
            language=row["language"],
            key=row["key"],
            planned_at=row["planned_at"],
        ),
        fingerprint=row["fingerprint"],
        stage=DeliveryStage(row["stage"]),
        route=Route(row["route"]),
        fence=row["fence"],
        not_before=row["not_before"],
        tries=row["tries"],
        looks=row["looks"],
        unsure_since=row["unsure_since"],
        receipt=Receipt(remote_id=row["remote_id"], url=row["remote_url"], text=row["remote_text"])
        if sent
        else None,
        problem=row["problem"],
        watches=row["watches"],
        alarm=row["alarm"],
        rulebook=row["rulebook"],
    )


def correction_values(said: Correction) -> dict[str, Any]:
    """Return the columns of `said`."""
    return {
        "case_id": said.case_id,
        "mention_id": said.mention_id,
        "seen": said.seen,
        "what": str(said.what),
        "language": said.language,
        "by": storable(said.by),
        "at": said.at,
        "reason": storable(said.reason),
        "probability": said.probability,
        "tier": said.tier,
        "urgency": said.urgency,
        "found": said.found,
    }


def correction_from(row: Row) -> Correction:
    """Return the correction in `row`."""
    told = {name: row[name] for name in Correction.__slots__}
    return Correction(**told | {"what": What(told["what"])})


def event_from(row: Row) -> Event:
    """Return the event in `row`."""
    return Event(
        at=row["at"],
        action=row["action"],
        by=row["by"],
        account=row["account"],
        case_id=row["case_id"],
        detail=row["detail"] or {},  # erased words are none
    )


def storable(text: str) -> str:
    """Return `text` with U+FFFD for what no database keeps: NUL, and halves of characters."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
