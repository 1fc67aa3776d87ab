"""A policy for tests of the machine: it judges and writes in no time and always the same."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from responder.model.case import Case
from responder.model.draft import Draft
from responder.model.follow_up import FollowUpKind
from responder.model.limits import Limits
from responder.model.mention import Mention
from responder.model.people import Role
from responder.model.promise import Commitment, Promise, PromiseKind
from responder.model.remedy import Remedy, RemedyKind
from responder.model.triage import Finding, Level, Triage
from responder.model.windows import Window
from responder.policy.kit import Kind, Known
from responder.policy.policy import Policy, Words
from responder.policy.variants import Told

#: A remedy of which each role may grant so much, and one without an amount.
REFUND = Remedy(
    id="refund",
    kind=RemedyKind.REFUND,
    says="their money back",
    caps={Role.AGENT: 20, Role.APPROVER: 100, Role.ADMIN: 500},
)
PRIORITY = Remedy(id="priority", kind=RemedyKind.PRIORITY, says="first in line", public=True)


@dataclass(frozen=True)
class PlainPolicy(Policy):
    """Everything is a complaint unless it says thanks; every reply says sorry."""

    def __init__(self) -> None:  # no rulebook, no voice
        pass

    def weigh(
        self, mention: Mention, earlier: tuple[Mention, ...], now: datetime, *, language: str = ""
    ) -> Triage:
        if "poison" in mention.text:
            raise ValueError("this text cannot be weighed")
        complaint = "thanks" not in mention.text
        says = "a complaint" if complaint else "thanks"
        finding = Finding(rule="plain", level=Level.NOTE, says=says, points=10)
        return Triage(
            complaint=complaint,
            tier=5 if "fire" in mention.text else 1,
            urgency=10,
            tone=0.1,
            language=language or "en",
            topic="late",
            findings=(finding,),
        )

    @property
    def version(self) -> str:
        return "plain"

    def prove(self) -> None:
        pass

    def write(self, case: Case, limits: Limits, now: datetime, *, recent: tuple[str, ...] = ()) -> Words:
        which = f"{case.name}, {case.target.external_id}, draft {case.draft_number + 1}"
        text = f"We got this wrong and we are sorry ({which})."
        return Words(text=text, language="en", playbook="first_public_reply", topic="late", findings=())

    def owing(self, case: Case, owed: Promise) -> Case:
        return case

    def follow_up(
        self, kind: FollowUpKind, case: Case, limits: Limits, now: datetime, owed: Promise | None = None
    ) -> Words:
        of = f", {owed.name}" if owed else ""
        return Words(text=f"{kind}{of}", language="en", playbook=kind, topic="late", findings=())

    @property
    def remedies(self) -> Mapping[str, Remedy]:
        return {one.id: one for one in (REFUND, PRIORITY)}

    def fitting(self, case: Case, now: datetime) -> tuple[Remedy, ...]:
        return (REFUND,)

    def offline(self, case: Case, kind: Kind, known: Known, limits: Limits, now: datetime) -> Words:
        news = f", {known.news}" if known.news else ""
        text = f"The {kind} of {case.name} by {known.caller}{news}."
        return Words(text=text, language="en", playbook=str(kind), topic="late", findings=())

    def told_window(self, case: Case, window: Window, now: datetime) -> str:
        return f"at {window[0]:%H:%M}"

    def alike(self, case: Case, told: Told, limits: Limits) -> Words | None:
        text = f"{told.texts[0]} ({case.name}, {case.target.external_id})"
        if text in told.others:
            return None
        return Words(text=text, language="en", playbook="outage", topic="late", findings=())

    def check(
        self, text: str, case: Case, before: Draft, limits: Limits, now: datetime | None = None
    ) -> tuple[Finding, ...]:
        if "forbidden" not in text:
            return ()
        return (Finding(rule="forbidden", level=Level.BLOCK, says="a forbidden word", quote="forbidden"),)

    def commitments(
        self, text: str, language: str, said: datetime, customer: tzinfo | None = None
    ) -> tuple[Commitment, ...]:
        """Whoever says "within ... hours" promises that, and "later" promises no time."""
        if not (match := re.search(r"within (\d+) hours|later", text)):
            return ()
        due = said + timedelta(hours=int(match[1])) if match[1] else None
        told = match[0] if due else ""
        start, end = match.span()
        return (
            Commitment(start=start, end=end, quote=match[0], kind=PromiseKind.UPDATE, told=told, due=due),
        )

    def check_again(
        self, draft: Draft, case: Case, limits: Limits, now: datetime | None = None
    ) -> tuple[Finding, ...]:
        return self.check(draft.text, case, draft, limits)
