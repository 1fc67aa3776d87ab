"""Draft and message: words proposed for a person's approval, and the words that go out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from json import dumps
from urllib.parse import quote

from responder.model.mention import Audience, Mention
from responder.model.triage import Finding, Level


class Origin(StrEnum):
    """Who wrote the words: rules are stricter with ourselves and with a model than with a person."""

    OURS = "ours"
    PERSON = "person"
    MODEL = "model"  # a language model; held to what our own words are


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One immutable version of a reply; an edit is a new draft with the next number."""

    case_id: int
    #: 1, 2, 3 ... within the case.
    number: int
    #: The mention it answers (our number).
    target_id: int
    origin: Origin
    #: The person who wrote it; "" for ours.
    by: str
    text: str
    language: str
    #: The kind of reply: first_reply, follow_up, safety ...
    playbook: str
    audience: Audience
    #: What a decision binds to: see `fingerprint`.
    fingerprint: str
    findings: tuple[Finding, ...]
    created_at: datetime
    #: The version of the rulebook that judged it; "" where none did.
    rulebook: str = ""

    @property
    def blocked(self) -> bool:
        """Whether a finding forbids approving it as it stands."""
        return any(finding.level is Level.BLOCK for finding in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Exactly what is sent: approved words with everything that must not change between attempts."""

    text: str
    audience: Audience
    language: str
    #: Idempotency key; belongs to (account, target), never to the text.
    key: str
    #: When the delivery was planned; frozen, for networks that carry a creation time.
    planned_at: datetime


def fingerprint(target: Mention, audience: Audience, text: str) -> str:
    """Return the SHA-256 (hex) that binds words, audience and the exact post they answer.

    An edit of the reply or of the complaint gives another fingerprint.
    """
    parts = [target.account, target.external_id, target.edit_mark, target.text, audience, text]
    return sha256(dumps(parts, ensure_ascii=False).encode()).hexdigest()


def as_seen(posts: Sequence[Mention], replies: int) -> str:
    """Return the SHA-256 (hex) of a thread as it is seen: the customer's posts, how often we answered."""
    said = [[post.external_id, post.edit_mark, post.text] for post in posts]
    return sha256(dumps([said, replies], ensure_ascii=False).encode()).hexdigest()


def delivery_key(account: str, external_id: str) -> str:
    """Return the idempotency key of (account, target): the same for every attempt and every edit."""
    return sha256(dumps([account, external_id]).encode()).hexdigest()[:32]


def address_by_hand(address: str, words: str) -> str:
    """Return where a person answers by hand: what a network named, our words in the place it has for them."""
    return address.replace("{words}", quote(words, safe=""))
