"""Planner: which kind of reply a complaint gets, and about what."""

from dataclasses import dataclass
from enum import StrEnum

from responder.model.mention import Audience, Mention

#: What a complaint can be about; cues, replies and plans share these keys. "" is unclear.
TOPICS = (
    "delivery",
    "money",
    "outage",
    "quality",
    "service",
    "travel",
    "access",
    "safety",
    "legal",
    "privacy",
    "churn",
    "",
)

#: The tier of triage that means somebody's safety or health.
_SAFETY_TIER = 5


class Playbook(StrEnum):
    """Every kind of reply there is."""

    FIRST_REPLY = "first_reply"  # the problem is known
    FOLLOW_UP = "follow_up"  # they had to write again
    SAFETY = "safety"  # somebody may be hurt: care first, no word about cause or liability
    LEGAL = "legal"  # lawyers or authorities are named: own the experience, conclude nothing
    OUTAGE = "outage"  # many are hit: a public status, with a rhythm
    FAULT_UNKNOWN = "fault_unknown"  # nobody knows yet what went wrong: own the experience


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to write."""

    playbook: Playbook
    #: One of TOPICS.
    topic: str
    #: Which draft of the case it is, from 1: another draft is another wording (`dataclasses.replace`).
    number: int = 1


def plan(mention: Mention, triage_topic: str, tier: int, posts: int, replies: int) -> Plan:
    """Choose the kind of reply to `mention` and its topic.

    `triage_topic` and `tier` are triage's verdict, `posts` the customer's posts in the thread (this one
    included), `replies` our public ones. Care comes before everything: safety, then legal; then somebody who
    had to write again; then an outage (a status is for the public: in private it is a first reply). A topic
    outside TOPICS counts as unclear.
    """
    topic = triage_topic if triage_topic in TOPICS else ""
    again = replies > 0 or posts > 1
    if topic == "safety" or tier >= _SAFETY_TIER:
        return Plan(playbook=Playbook.SAFETY, topic="safety")
    if topic == "legal":
        return Plan(playbook=Playbook.LEGAL, topic=topic)
    if again:
        return Plan(playbook=Playbook.FOLLOW_UP, topic=topic)
    if topic == "outage" and mention.audience is Audience.PUBLIC:
        return Plan(playbook=Playbook.OUTAGE, topic=topic)
    return Plan(playbook=Playbook.FIRST_REPLY if topic else Playbook.FAULT_UNKNOWN, topic=topic)


#: Every plan that can come out; each language's replies answer each of them.
REACHABLE = (
    (Playbook.SAFETY, "safety"),
    (Playbook.LEGAL, "legal"),
    (Playbook.OUTAGE, "outage"),
    (Playbook.FAULT_UNKNOWN, ""),
    *((Playbook.FOLLOW_UP, topic) for topic in TOPICS if topic not in {"safety", "legal"}),
    *((Playbook.FIRST_REPLY, topic) for topic in TOPICS if topic not in {"safety", "legal", ""}),
)
