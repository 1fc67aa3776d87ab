"""Variants: what all are told about an incident, for each of them in a reply of their own.

A person's words stand in every one of them, letter for letter; what is around them is this person's: their
name, how long they say it lasts, what it costs them, and how it is said. None is nearly the same as another.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import product

from responder.model.incident import Kind
from responder.model.mention import Mention
from responder.policy.filling import filled, first_name, with_capitals
from responder.policy.similar import SAME, similar
from responder.policy.topics import Telling
from responder.policy.variant_files import Around
from responder.policy.wording import Room, Voice

#: The kind of reply that each is, for the rules: an update owns and apologises no second time.
PLAYBOOKS = {Kind.STATEMENT: "outage", Kind.UPDATE: "incident_update", Kind.CLOSING: "incident_closing"}
#: A complaint is searched for how long it lasts within so many characters.
_LOOKED_AT = 600
_LONGEST_QUOTE = 40
#: So many are tried before a person is asked for other words.
_TRIES = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is to be told to somebody."""

    kind: Kind
    #: The same in other words: each will do.
    texts: tuple[str, ...]
    informal: bool = False
    #: Replies of ours that it must not be nearly the same as.
    others: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """What goes around the words, in the order in which it is read."""

    greet: str
    lead: str
    sorry: str
    #: Whether the apology comes before the words.
    first: bool

    def around(self, words: str, sign: str, gone: Sequence[str] = ()) -> str:
        """Return the whole reply, without the parts in `gone`."""
        sorry = "" if "sorry" in gone else self.sorry
        said = [
            "" if "greet" in gone else self.greet,
            "" if "lead" in gone else self.lead,
            sorry if self.first else "",
            words,
            "" if self.first else sorry,
            "" if "sign" in gone else sign,
        ]
        return with_capitals(" ".join(filter(None, said)))


def variant(
    told: Told, voice: Voice, to: Mention, room: Room, words: tuple[Around, Telling, frozenset[str]]
) -> str | None:
    """Return a reply to one post around what all are told; None where none differs enough from the others.

    It follows from the post's id alone, and from what the others were told.
    """
    around, telling, not_names = words
    name = first_name(to, voice.company, not_names)
    for text, parts in _tries(told, around, telling, name, to):
        fitted = _fitted(parts, text, voice, room)
        if fitted and not any(similar(fitted, other) >= SAME for other in told.others):
            return fitted
    return None


def _tries(
    told: Told, around: Around, telling: Telling, name: str, to: Mention
) -> Iterator[tuple[str, Parts]]:
    """Give one wording after the other, from this post's own on."""
    seed = int.from_bytes(sha256(to.external_id.encode("utf-8", "surrogatepass")).digest()[:8])
    long = lasting(to.text, around)
    leads = [one.replace("{long}", long) for one in around.long] if long else list(around.lead)
    if told.kind is not Kind.STATEMENT:
        leads = list(around.news if told.kind is Kind.UPDATE else around.done)
    costs = [filled(one, {}, informal=told.informal) for one in telling.cost]
    sorries = [one.replace("{cost}", cost) for one, cost in product(around.sorry, costs)]
    if told.kind is not Kind.STATEMENT:  # it was said, and is said once
        sorries = [""]
    greets = [one.replace("{name}", name) for one in around.greet] if name else [""]
    every = list(product(told.texts, leads, sorries, (False, True), greets))
    # a step that meets each of them once, in an order that is this post's own
    step = next(n for n in range(seed % 97 + 7, seed % 97 + 7 + 2 * len(every)) if _coprime(n, len(every)))
    for at in range(min(_TRIES, len(every))):
        text, lead, sorry, first, greet = every[(seed + at * step) % len(every)]
        lead, sorry, greet = (filled(one, {}, informal=told.informal) for one in (lead, sorry, greet))
        yield text, Parts(greet, lead, sorry, first)


def _coprime(one: int, other: int) -> bool:
    while other:
        one, other = other, one % other
    return one == 1


def _fitted(parts: Parts, text: str, voice: Voice, room: Room) -> str | None:
    """Return the reply with as little left out as the room asks for; the words themselves always stay."""
    for gone in ((), ("greet",), ("greet", "lead"), ("greet", "lead", "sign")):
        whole = parts.around(text, voice.signature, gone)
        if room.count(whole) <= room.length:
            return whole
    return None


def lasting(text: str, around: Around) -> str:
    """Return how long somebody says it lasts, in their own words; "" where they do not say.

    Only what a pattern of ours knows is taken: figures and words of time, nothing else that a stranger wrote.
    """
    looked_at = " ".join(text[:_LOOKED_AT].split())
    found = [match for one in around.lasts if (match := one.search(looked_at))]
    said = min(found, key=lambda one: one.start())[0] if found else ""
    return said if len(said) <= _LONGEST_QUOTE else ""
