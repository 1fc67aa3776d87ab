"""Incidents: reading what many complain about at once, and what is needed to notice it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection, RowMapping, Select, bindparam, select

from responder.model.case import Stage
from responder.model.delivery import DeliveryStage
from responder.model.incident import (
    UNDER_WAY,
    Incident,
    IncidentStage,
    Kind,
    Member,
    Membership,
    Text,
)
from responder.store.errors import NotFound
from responder.store.incident_tables import incident, incident_case, incident_text
from responder.store.moves import portions
from responder.store.tables import cases, delivery, event, mention

if TYPE_CHECKING:
    from responder.store.store import Store

#: So many of the latest cases are looked at for a burst; it has shown long before.
LATEST = 300
#: So many earlier complaints about one thing tell how often people complain about it.
USUAL = 2_000
#: Stages of what is a complaint, weighed.
_COMPLAINTS = [str(one) for one in (Stage.NEEDS_REPLY, Stage.WAITING, Stage.APPROVED, Stage.ANSWERED)]
#: A post may be ahead of our clock by so much and still be of now.
_AHEAD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What is needed of a complaint to tell whether others say the same."""

    case_id: int
    author: str
    at: datetime
    language: str
    topic: str
    text: str


_WANTED = ("id", "account", "author_id", "opened_at", "language", "topic")
_COMPLAINT: Select[tuple[object, ...]] = select(*(cases.c[name] for name in _WANTED), mention.c.text).join(
    mention, mention.c.id == cases.c.target_id
)
#: The newest cases, whatever they are: no index of anything else may be read for them.
_NEWEST = select(cases).order_by(cases.c.id.desc()).limit(LATEST).subquery()
_EVER = select(incident_case.c.case_id).where(incident_case.c.case_id == _NEWEST.c.id).exists()
_LATEST = (
    select(*(_NEWEST.c[name] for name in _WANTED), mention.c.text)
    .join(mention, mention.c.id == _NEWEST.c.target_id)
    .where(
        _NEWEST.c.stage.in_(_COMPLAINTS),
        _NEWEST.c.merged_into.is_(None),
        _NEWEST.c.opened_at.between(bindparam("since"), bindparam("until")),
        ~_EVER,
    )
    .order_by(_NEWEST.c.opened_at, _NEWEST.c.id)
)
_BEFORE = (
    select(mention.c.text)
    .join(_NEWEST, _NEWEST.c.target_id == mention.c.id)
    .where(_NEWEST.c.opened_at < bindparam("until"))
)
_USUAL = (
    select(cases.c.opened_at)
    .where(cases.c.topic == bindparam("topic"))
    .where(cases.c.opened_at.between(bindparam("since"), bindparam("until")))
    .order_by(cases.c.opened_at.desc())
    .limit(USUAL)
)
_DUE = (
    select(incident.c.id)
    .where(incident.c.stage == str(IncidentStage.OPEN), incident.c.due_at.is_not(None))
    .order_by(incident.c.due_at)
    .limit(50)
)


class Incidents:
    """Read-only; none of these takes longer because there are more cases."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def get(self, number: int) -> Incident:
        """Return incident `number` with members and texts, or raise NotFound."""
        with self._store.read() as connection:
            found = _whole(connection, [number]) if 0 < number < 2**63 else []
        if not found:
            raise NotFound(f"there is no incident i-{number}")
        return found[0]

    def listed(self, stages: Collection[IncidentStage] = UNDER_WAY, limit: int = 50) -> list[Incident]:
        """Return the latest incidents in these stages, the newest first."""
        query = select(incident.c.id).where(incident.c.stage.in_([str(one) for one in stages]))
        with self._store.read() as connection:
            numbers = connection.scalars(query.order_by(incident.c.id.desc()).limit(limit)).all()
            return sorted(_whole(connection, numbers), key=lambda one: -one.id)

    def due(self, now: datetime) -> list[Incident]:
        """Return the open incidents whose next update is due, the longest due first."""
        with self._store.read() as connection:
            found = _whole(connection, connection.scalars(_DUE).all())
        return sorted((one for one in found if one.late(now)), key=lambda one: (one.due_at or now, one.id))

    def of(self, numbers: Iterable[int]) -> dict[int, Incident]:
        """Return by case the incident under way that it belongs to."""
        belongs = select(incident_case.c.case_id, incident_case.c.incident_id).where(incident_case.c.live)
        found: dict[int, int] = {}
        with self._store.read() as connection:
            for some in portions(sorted(set(numbers))):
                rows = connection.execute(belongs.where(incident_case.c.case_id.in_(some)))
                found |= {row.case_id: row.incident_id for row in rows}
            known = {one.id: one for one in _whole(connection, set(found.values()))} if found else {}
        return {case: known[number] for case, number in found.items()}

    def latest(self, since: datetime, now: datetime) -> list[Complaint]:
        """Return the complaints since then that were never of an incident, of the newest cases, in order."""
        with self._store.read() as connection:
            rows = connection.execute(_LATEST, {"since": since, "until": now + _AHEAD}).mappings()
            return [_complaint(row) for row in rows]

    def said(self, numbers: Collection[int]) -> list[Complaint]:
        """Return what is said in these cases."""
        with self._store.read() as connection:
            rows = connection.execute(_COMPLAINT.where(cases.c.id.in_(sorted(numbers)))).mappings()
            return [_complaint(row) for row in rows]

    def usual(self, topic: str, since: datetime, until: datetime) -> list[datetime]:
        """Return when people wrote about `topic`, the latest first, at most USUAL times."""
        with self._store.read() as connection:
            values = {"topic": topic, "since": since, "until": until}
            return list(connection.scalars(_USUAL, values))

    def before(self, until: datetime) -> list[str]:
        """Return what the newest cases opened before then say: the words that are usual here."""
        with self._store.read() as connection:
            return list(connection.scalars(_BEFORE, {"until": until}))

    def began(self) -> datetime | None:
        """Return when the first thing happened here; None where nothing did."""
        with self._store.read() as connection:
            return connection.scalar(select(event.c.at).where(event.c.seq == 1))

    def replies(self, limit: int) -> list[str]:
        """Return the words of the latest public replies, the newest first."""
        query = (
            select(delivery.c.text)
            .where(delivery.c.stage == str(DeliveryStage.SENT), delivery.c.audience == "public")
            .where(delivery.c.sent_at.is_not(None))
        )
        with self._store.read() as connection:
            return list(connection.scalars(query.order_by(delivery.c.sent_at.desc()).limit(limit)))


def _complaint(row: RowMapping) -> Complaint:
    return Complaint(
        case_id=row["id"],
        author=f"{row['account']} {row['author_id']}",
        at=row["opened_at"],
        language=row["language"],
        topic=row["topic"],
        text=row["text"],
    )


def _whole(connection: Connection, numbers: Collection[int]) -> list[Incident]:
    """Return these incidents with their members and texts, in their order of numbers."""
    known = sorted(set(numbers))
    members: dict[int, list[Member]] = {}
    texts: dict[int, list[Text]] = {}
    if not known:
        return []
    of = incident_case.c.incident_id.in_(known)
    query = select(incident_case).where(of).order_by(incident_case.c.at, incident_case.c.case_id)
    for row in connection.execute(query):
        one = Member(
            case_id=row.case_id,
            membership=Membership(row.membership),
            why=row.why,
            by=row.by,
            at=row.at,
            told=row.told,
            draft=row.draft,
        )
        members.setdefault(row.incident_id, []).append(one)
    said = select(incident_text).where(incident_text.c.incident_id.in_(known)).order_by(incident_text.c.id)
    for row in connection.execute(said):
        words = Text(
            kind=Kind(row.kind), round=row.round, language=row.language, text=row.text, by=row.by, at=row.at
        )
        texts.setdefault(row.incident_id, []).append(words)
    rows = connection.execute(select(incident).where(incident.c.id.in_(known)).order_by(incident.c.id))
    return [_incident(row, members.get(row.id, ()), texts.get(row.id, ())) for row in rows.mappings()]


def _incident(row: RowMapping, members: Sequence[Member], texts: Sequence[Text]) -> Incident:
    return Incident(
        id=row["id"],
        stage=IncidentStage(row["stage"]),
        version=row["version"],
        topic=row["topic"],
        cause=row["cause"],
        why=row["why"],
        by=row["by"],
        proposed_at=row["proposed_at"],
        opened_at=row["opened_at"],
        closed_at=row["closed_at"],
        every=timedelta(seconds=row["every"]) if row["every"] else None,
        due_at=row["due_at"],
        members=tuple(members),
        texts=tuple(texts),
    )
