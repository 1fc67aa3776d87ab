"""Planner: which kind of reply a complaint gets, and about what, from what we know of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from responder.model.case import Case
from responder.model.facts import BROKEN, FAULTS, Facts
from responder.model.mention import Audience
from responder.policy.hours import When
from responder.policy.topics import UNCLEAR

__all__ = ["BROKEN", "FAULTS", "ONE_TOPIC", "SCRIPTS", "Facts", "Plan", "Playbook", "plan"]

_NOTHING = Facts()
#: The tier of triage that means somebody's safety or health.
_SAFETY_TIER = 5


class Playbook(StrEnum):
    """Every kind of reply there is."""

    FIRST_PUBLIC_REPLY = "first_public_reply"
    STILL_ANGRY = "still_angry"  # they had to write again, or the first answer was not enough
    OUTAGE = "outage"  # many are hit: a public status, with a rhythm
    VENDOR_FAULT = "vendor_fault"  # somebody we chose failed: they chose us, so it is ours
    BROKEN_PROMISE = "broken_promise"  # it cannot be kept, comes late, or somebody before us gave it
    CLOSED = "closed"  # it is put right
    SAFETY = "safety"  # somebody may be hurt: care first, no word about cause or liability
    LEGAL = "legal"  # lawyers or authorities are named: own the experience, conclude nothing
    PRIVATE_MESSAGE = "private_message"
    CALL = "call"
    VOICEMAIL = "voicemail"
    EMAIL = "email"
    RECAP = "recap"
    STATUS = "status"


#: Playbooks that are a script to speak or to send from elsewhere; the others are replies.
SCRIPTS = frozenset({Playbook.CALL, Playbook.VOICEMAIL, Playbook.EMAIL, Playbook.RECAP, Playbook.STATUS})
#: Playbooks with words for one topic only, whatever else the post is about.
ONE_TOPIC = {Playbook.SAFETY: "safety", Playbook.LEGAL: "legal", Playbook.OUTAGE: "outage"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to write."""

    playbook: Playbook
    #: The id of a topic; UNCLEAR when none is sure.
    topic: str
    #: Which draft of the case it is, from 1: another draft is another wording (`dataclasses.replace`).
    number: int = 1
    #: Whether the reply says you as friends do (tu, du), where the language has two ways.
    informal: bool = False
    facts: Facts = field(default_factory=Facts)
    #: By when it promises our next word.
    when: When = field(default_factory=lambda: When(hours=4))
    #: Replies of ours that it must not copy, while there is another wording.
    recent: tuple[str, ...] = ()
    #: The code that its invitation names, as people are shown it; "" for none.
    reference: str = ""
    #: What only the offline kit knows, by its slot (frames.KIT_SLOTS).
    said: Mapping[str, str] = field(default_factory=dict)


def plan(case: Case) -> Plan:
    """Choose the kind of reply to a case that was weighed, as its next draft.

    A kind that a person asked for (`facts.kind`) wins; raises ValueError for one nobody knows. Else care
    comes before everything: safety, then legal, in private too. Then: told in private, a broken promise,
    somebody who had to write again, a supplier's fault, an outage.
    """
    chosen = Playbook(case.facts.kind) if case.facts.kind else _chosen(case)
    topic = ONE_TOPIC.get(chosen, case.topic or UNCLEAR)
    return Plan(playbook=chosen, topic=topic, number=case.draft_number + 1, facts=case.known)


def _chosen(case: Case) -> Playbook:
    """Return the kind of reply nobody had to ask for."""
    topic, facts = case.topic, case.known
    if case.tier >= _SAFETY_TIER or topic == "safety":
        return Playbook.SAFETY
    if topic == "legal":
        return Playbook.LEGAL
    if case.target.audience is Audience.PRIVATE:
        return Playbook.PRIVATE_MESSAGE
    if facts.broke:
        return Playbook.BROKEN_PROMISE
    if case.posts + case.replies > 1:
        return Playbook.STILL_ANGRY
    if facts.fault == "vendor":
        return Playbook.VENDOR_FAULT
    return Playbook.OUTAGE if topic == "outage" else Playbook.FIRST_PUBLIC_REPLY
