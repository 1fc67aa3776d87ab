"""Gathering: every move of an incident and of who belongs to it; each compares, sets and tells the journal.

Whoever writes locks the incident's row before anything of a case, and a second incident for a case is refused
by the database itself.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert, select, update

from responder.model.case import Stage
from responder.model.draft import Draft
from responder.model.incident import INCIDENT_MOVES, UNDER_WAY, Incident, IncidentStage, Kind, Membership
from responder.store.approval import in_flight, void_planned
from responder.store.errors import Conflict, NoWay
from responder.store.expecting import expect
from responder.store.incident_tables import LIVE_MEMBER, incident, incident_case, incident_text
from responder.store.journal import Happened
from responder.store.moves import Move, insert_or, lock, move, record
from responder.store.rows import draft_values, storable
from responder.store.tables import draft

if TYPE_CHECKING:
    from responder.model.case import Case
    from responder.store.store import Store

#: Where a case waits with words that may be an incident's, and where it may get such words.
_WITH_WORDS = frozenset({Stage.WAITING, Stage.APPROVED})
_DRAFTED = _WITH_WORDS | {Stage.NEEDS_REPLY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A text to be told to all, in one language."""

    kind: Kind
    language: str
    text: str
    #: It is another wording of what was said in this round, and not the next round.
    also: bool = False


class Gathering:
    """What the machine proposes and people decide about incidents."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def propose(self, topic: str, why: str, members: Mapping[int, str], now: datetime) -> int:
        """Store an incident that nobody has looked at, with its cases and why each belongs to it.

        Returns its number. Conflict where one of them came to belong to another incident meanwhile.
        """
        values = {"stage": str(IncidentStage.PROPOSED), "topic": topic, "why": storable(why)}
        return self._begin(values | {"proposed_at": now}, ("incident proposed", ""), members, now)

    def begin(self, cause: str, topic: str, members: Collection[int], by: str, now: datetime) -> int:
        """Store an incident that a person opens by themselves; return its number."""
        values: dict[str, Any] = {
            "stage": str(IncidentStage.OPEN),
            "topic": topic,
            "cause": storable(cause),
            "by": storable(by),
        }
        values |= {"proposed_at": now, "opened_at": now}
        return self._begin(values, ("incident opened", by), dict.fromkeys(members, f"{by} says so"), now)

    def _begin(
        self, values: Mapping[str, Any], deed: tuple[str, str], members: Mapping[int, str], now: datetime
    ) -> int:
        action, by = deed
        with self._store.write() as connection:
            number = int(
                connection.execute(insert(incident).values(values).returning(incident.c.id)).scalar_one()
            )
            told = {"incident": f"i-{number}", "cases": str(len(members))}
            told |= {name: values[name] for name in ("topic", "cause", "why") if values.get(name)}
            record(connection, [(None, "", action, by, told)], now)
            _join(connection, number, members, by, now)
        return number

    def open(self, one: Incident, cause: str, by: str, now: datetime) -> None:
        """Let a person name the cause of a proposed incident: from now on it is one."""
        changed = {"cause": storable(cause), "by": storable(by), "opened_at": now}
        with self._store.write() as connection:
            _to(connection, one, IncidentStage.OPEN, changed)
            record(
                connection, [(None, "", "incident opened", by, {"incident": one.name, "cause": cause})], now
            )

    def join(self, one: Incident, members: Mapping[int, str], by: str, now: datetime) -> None:
        """Let cases belong to an incident under way, each with why; by a person, or ("") proposed."""
        with self._store.write() as connection:
            _still(connection, one, UNDER_WAY)
            _join(connection, one.id, members, by, now)

    def leave(self, one: Incident, case: "Case", by: str, now: datetime) -> bool:
        """Take a case out of an incident; it is not proposed again. Return whether it gets words of its own.

        Words that the incident put there, and an approval of them that was not sent, end with that. Conflict
        where the case is not as it was seen, does not belong to it, or its reply may be public by now.
        """
        member = next((own for own in one.belonging if own.case_id == case.id), None)
        if member is None:
            raise Conflict(f"{case.name} does not belong to {one.name}")
        out = {"membership": str(Membership.OUT), "by": storable(by), "at": now, "live": False}
        with self._store.write() as connection:
            _still(connection, one, UNDER_WAY)
            standing = lock(connection, [case.id])[case.id]
            where = incident_case.c.incident_id == one.id, incident_case.c.case_id == case.id
            connection.execute(update(incident_case).where(*where).values(out))
            told = {"incident": one.name}
            theirs = (
                bool(member.draft) and case.draft_number == member.draft and standing.stage in _WITH_WORDS
            )
            if not theirs or standing.version != case.version:
                if theirs:
                    raise Conflict(f"{case.name} moved while you looked")
                record(connection, [(case.id, case.account, "left incident", by, told)], now)
                return False
            in_flight(connection, case)
            void_planned(connection, [case.id], f"it does not belong to {one.name}", now)
            # an approval that ends sends the case to a person first; from there it needs words of its own
            if standing.stage is Stage.APPROVED:
                back = Move(
                    standing=standing,
                    to=Stage.WAITING,
                    action="approval void",
                    detail={"why": "left incident"},
                )
                move(connection, [back], now)
                standing = lock(connection, [case.id])[case.id]
            anew = Move(standing=standing, to=Stage.NEEDS_REPLY, action="left incident", by=by, detail=told,
                        values={"not_before": now})  # fmt: skip
            move(connection, [anew], now)
            return True

    def say(self, one: Incident, said: Said, by: str, now: datetime) -> int:
        """Store a text for all members in one language, and return its round; news is due again after it."""
        with self._store.write() as connection:
            _still(connection, one, {IncidentStage.OPEN})
            number = _round(one, said)
            row = {
                "incident_id": one.id,
                "kind": str(said.kind),
                "round": number,
                "language": said.language,
                "text": storable(said.text),
                "by": storable(by),
                "at": now,
            }
            connection.execute(insert(incident_text).values(row))
            if one.every and number > one.round:
                _to(connection, one, None, {"due_at": now + one.every})
            else:
                _to(connection, one, None, {})
            told = {
                "incident": one.name,
                "kind": str(said.kind),
                "language": said.language,
                "text": said.text,
            }
            record(connection, [(None, "", "incident told", by, told)], now)
        return number

    def rhythm(self, one: Incident, every: timedelta | None, by: str, now: datetime) -> None:
        """Promise news that often from now on; None: no more."""
        changed = {"every": round(every.total_seconds()) if every else None, "due_at": every and now + every}
        with self._store.write() as connection:
            _still(connection, one, {IncidentStage.OPEN})
            _to(connection, one, None, changed)
            told = {"incident": one.name, "every": str(every) if every else ""}
            record(connection, [(None, "", "incident rhythm", by, told)], now)

    def tell(self, one: Incident, case: "Case", words: Draft, by: str) -> None:
        """Store words of the latest round as the next draft of a member; an approval of the last is void.

        By a person, or ("") the machine. Conflict where the case is not as it was seen, does not belong to
        the incident any more, or a reply of it is on its way, or public.
        """
        now, told = words.created_at, {"told": one.round, "draft": words.number}
        with self._store.write() as connection:
            standing = expect(connection, case, _DRAFTED, now)
            in_flight(connection, case)
            where = incident_case.c.incident_id == one.id, incident_case.c.case_id == case.id
            noted = update(incident_case).where(*where, LIVE_MEMBER).values(told)
            if connection.execute(noted).rowcount != 1:
                raise Conflict(f"{case.name} does not belong to {one.name} any more")
            why = f"its words are stale: it is one of many about {one.about}"
            void_planned(connection, [case.id], why, now)
            connection.execute(insert(draft), [draft_values(words)])
            detail = {"draft": str(words.number), "incident": one.name}
            values = {"draft_number": words.number, "stumbles": 0}
            move(connection, [Move(standing=standing, to=Stage.WAITING, action="told alike", by=by,
                                   detail=detail, values=values)], now)  # fmt: skip

    def end(self, one: Incident, by: str, now: datetime) -> None:
        """Close an open incident, or dismiss a proposed one: its cases go the usual way from now on."""
        closed = one.stage is IncidentStage.OPEN
        to = IncidentStage.CLOSED if closed else IncidentStage.DISMISSED
        with self._store.write() as connection:
            _to(connection, one, to, {"closed_at": now, "due_at": None})
            connection.execute(
                update(incident_case).where(incident_case.c.incident_id == one.id).values(live=False)
            )
            action = "incident closed" if closed else "incident dismissed"
            record(connection, [(None, "", action, by, {"incident": one.name})], now)


def _round(one: Incident, said: Said) -> int:
    """Return the round that a text is of: other languages and wordings of what was said last are of that one.

    What is said anew in a language takes the place of what was said before, in every language.
    """
    latest = [text for text in one.texts if text.round == one.round]
    same = bool(latest) and latest[0].kind is said.kind
    if said.kind is Kind.STATEMENT and latest and not same:
        raise Conflict(f"{one.name} was updated since; say what is new: responder incident update {one.name}")
    if said.kind is not Kind.STATEMENT and not one.round:
        raise Conflict(f"{one.name} has no statement yet: responder incident statement {one.name}")
    another = same and (said.also or said.language not in {text.language for text in latest})
    return one.round if another else one.round + 1


def _still(connection: Connection, one: Incident, stages: Collection[IncidentStage]) -> None:
    """Lock an incident, or raise Conflict where it moved on."""
    row = connection.execute(
        select(incident.c.stage).where(incident.c.id == one.id).with_for_update(key_share=True)
    ).one()
    if row.stage not in {str(stage) for stage in stages}:
        raise Conflict(f"{one.name} is {row.stage}; this can be done while it is {' or '.join(stages)}")


def _to(connection: Connection, one: Incident, to: IncidentStage | None, changed: Mapping[str, Any]) -> None:
    """Compare-and-set an incident."""
    if to and to not in INCIDENT_MOVES[one.stage]:
        raise NoWay(one.name, one.stage, to)
    where = incident.c.id == one.id, incident.c.version == one.version, incident.c.stage == str(one.stage)
    values = dict(changed) | {"version": incident.c.version + 1, "stage": str(to or one.stage)}
    if connection.execute(update(incident).where(*where).values(values)).rowcount != 1:
        raise Conflict(f"{one.name} moved while you looked")


def _join(connection: Connection, number: int, members: Mapping[int, str], by: str, now: datetime) -> None:
    """Let cases belong to an incident; one that was taken out comes back only by a person's word."""
    standings = lock(connection, members)
    if missing := sorted(set(members) - set(standings)):
        raise Conflict(f"there is no case c-{missing[0]}")
    elsewhere = select(incident_case.c.case_id, incident_case.c.incident_id).where(
        LIVE_MEMBER, incident_case.c.case_id.in_(list(members)), incident_case.c.incident_id != number
    )
    if taken := connection.execute(elsewhere).first():
        raise Conflict(f"c-{taken.case_id} belongs to i-{taken.incident_id} already")
    membership = str(Membership.IN if by else Membership.PROPOSED)
    happened: list[Happened] = []
    for case, why in sorted(members.items()):
        row = {"membership": membership, "why": storable(why), "by": storable(by), "at": now, "live": True}
        adding = insert_or(connection, incident_case).values(row | {"incident_id": number, "case_id": case})
        key = list(incident_case.primary_key)
        again = adding.on_conflict_do_update(index_elements=key, set_=row)
        first = adding.on_conflict_do_nothing(index_elements=key)
        if connection.execute(again if by else first).rowcount:
            told = {"incident": f"i-{number}", "why": why}
            happened.append((case, standings[case].account, "joined incident", by, told))
    record(connection, happened, now)
