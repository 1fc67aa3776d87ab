"""Looking back: what triage weighed and what people made of it, page by page, for replay and for a refit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select

from responder.model.case import Case, Stage
from responder.model.correction import What
from responder.model.decision import Verdict
from responder.model.draft import fingerprint
from responder.model.mention import Audience, Mention
from responder.model.triage import Finding
from responder.store.rows import case_from, findings_from, mention_from
from responder.store.side_tables import correction
from responder.store.tables import cases, decision, draft, event, mention
from responder.store.whole import CASE_COLUMNS, whole

if TYPE_CHECKING:
    from responder.store.store import Store

#: The journal's words for what triage said.
_TRIAGED, _ASIDE = "triaged", "set aside"
#: Rows in hand at a time.
_PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A case as it stands, and when triage weighed it the last time."""

    case: Case
    at: datetime
    #: What triage said: False set it aside.
    complaint: bool
    reasons: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A post of which a person said, or showed by approving a reply, whether it is a complaint."""

    case_id: int
    post: Mention
    #: The language of its case, as triage found it or a person told.
    language: str
    complaint: bool
    #: A person said so; False: it was approved a reply.
    corrected: bool


class Lookback:
    """Read-only, and never more than a page in memory."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def weighed(self, since: datetime | None = None) -> Iterator[Weighed]:
        """Give every case that was weighed (since then), by number; one to be weighed anew is left out."""
        after = 0
        while True:
            with self._store.read() as connection:
                page, last = _page(connection, after, since)
            yield from page
            if last is None:
                return
            after = last

    def nudged(self) -> Iterator[tuple[What, Mention]]:
        """Give each post called too urgent or not urgent enough, as long as its words are those seen."""
        for what, post, _, _ in self._corrected(What.MORE_URGENT, What.LESS_URGENT):
            yield what, post

    def told(self, approved: int) -> list[Told]:
        """Return the posts that people corrected and the latest `approved` that they answered, by case.

        A case counts once, by the last word about it; a post that was edited since is left out, for nobody
        judged its words.
        """
        by_case = {one.case_id: one for one in self._approved(approved)}
        for what, post, number, language in self._corrected(What.COMPLAINT, What.NOT_A_COMPLAINT):
            by_case[number] = Told(
                case_id=number,
                post=post,
                language=language,
                complaint=what is What.COMPLAINT,
                corrected=True,
            )
        return [by_case[number] for number in sorted(by_case)]

    def _corrected(self, *whats: What) -> Iterator[tuple[What, Mention, int, str]]:
        """Give corrections of these kinds in their order: what, post, case, language."""
        query = (
            select(
                mention,
                correction.c.id.label("said"),
                correction.c.what,
                correction.c.seen,
                correction.c.case_id,
                cases.c.language.label("spoken"),
            )
            .join(correction, correction.c.mention_id == mention.c.id)
            .join(cases, cases.c.id == correction.c.case_id)
            .where(correction.c.what.in_([str(what) for what in whats]))
            .order_by(correction.c.id)
            .limit(_PAGE)
        )
        after = 0
        while True:
            with self._store.read() as connection:
                rows = connection.execute(query.where(correction.c.id > after)).mappings().all()
            for row in rows:
                post = mention_from(row)
                if fingerprint(post, post.audience, "") == row["seen"]:
                    yield What(row["what"]), post, row["case_id"], row["spoken"]
            if len(rows) < _PAGE:
                return
            after = rows[-1]["said"]

    def _approved(self, limit: int) -> list[Told]:
        """Return the posts behind the latest approvals whose words are still those that were answered."""
        query = (
            select(
                mention,
                draft.c.text.label("reply"),
                draft.c.audience.label("to"),
                draft.c.fingerprint,
                draft.c.case_id,
                cases.c.language.label("spoken"),
            )
            .join(draft, draft.c.target_id == mention.c.id)
            .join(
                decision,
                (decision.c.case_id == draft.c.case_id) & (decision.c.draft_number == draft.c.number),
            )
            .join(cases, cases.c.id == draft.c.case_id)
            .where(decision.c.verdict == str(Verdict.APPROVE))
            .order_by(decision.c.id.desc())
            .limit(limit)
        )
        with self._store.read() as connection:
            rows = connection.execute(query).mappings().all()
        return [
            Told(
                case_id=row["case_id"],
                post=post,
                language=row["spoken"],
                complaint=True,
                corrected=False,
            )
            for row in reversed(rows)
            for post in [mention_from(row)]
            if fingerprint(post, Audience(row["to"]), row["reply"]) == row["fingerprint"]
        ]


def _page(connection: Connection, after: int, since: datetime | None) -> tuple[list[Weighed], int | None]:
    """Return a page of weighed cases after number `after`, and the number to go on from (None: the end)."""
    query = CASE_COLUMNS.add_columns(cases.c.reasons).where(
        cases.c.id > after, cases.c.stage != str(Stage.NEW)
    )
    if since is not None:  # who was weighed since has moved since
        query = query.where(cases.c.moved_at >= since)
    rows = connection.execute(query.order_by(cases.c.id).limit(_PAGE)).mappings().all()
    reasons = {row["id"]: findings_from(row["reasons"]) for row in rows}
    last = (
        select(func.max(event.c.id))
        .where(event.c.case_id.in_(reasons), event.c.action.in_([_TRIAGED, _ASIDE]))
        .group_by(event.c.case_id)
    )
    said = {row.case_id: row for row in connection.execute(select(event).where(event.c.id.in_(last)))}
    page = [
        Weighed(
            case=case,
            at=said[case.id].at,
            complaint=said[case.id].action == _TRIAGED,
            reasons=reasons[case.id],
        )
        for case in whole(connection, [case_from(row) for row in rows])
        if case.id in said and (since is None or said[case.id].at >= since)
    ]
    return page, rows[-1]["id"] if len(rows) == _PAGE else None
