"""Lengths: the most a frame can come to, over every topic and both ways to say you."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from responder.policy.filling import SLOT
from responder.policy.frames import SACRIFICE, SMALLEST_LIMIT, Reply, Words
from responder.policy.hours import When
from responder.policy.planner import ONE_TOPIC, Playbook
from responder.policy.topics import UNCLEAR

#: Promises of our next word of every kind.
_PROMISES = (
    *(When(hours=hours) for hours in range(1, 24)),
    *(When(days=days) for days in range(2, 15)),
    When(by=720),
)
#: Which part only one audience has, in public and in private.
_ONLY = {"in public": "invite", "in private": "ask"}
#: How many topics a problem names.
_SHOWN = 3


def topics_of(playbook: str, words: Words) -> list[str]:
    """Return the topics a playbook can meet."""
    only = ONE_TOPIC.get(Playbook(playbook))
    return [only if only in words.tellings else UNCLEAR] if only else list(words.tellings)


def asks_in_public(playbook: str, topic: str) -> bool:
    """Whether a reply asks its question where others read: only where nobody knows what it is about."""
    return playbook == Playbook.FIRST_PUBLIC_REPLY and topic == UNCLEAR


class Lengths:
    """The lengths of one language's words, measured once for all its frames."""

    def __init__(self, words: Words) -> None:
        self._words = words
        promise = max(len(words.phrases.of(one)) for one in _PROMISES)
        #: By topic, what can stand in each slot at most, formal and informal.
        self._slots = {
            topic: [_slot_lengths(words, topic, promise, side) for side in (0, 1)] for topic in words.tellings
        }

    def too_long(self, reply: Reply) -> Iterator[str]:
        """Yield where `reply` can be longer than SMALLEST_LIMIT after every sacrifice, and with which topics.

        Facts are left out: how long they are nobody knows, and a part with one goes when there is no room.
        """
        if UNCLEAR not in self._words.tellings:
            return
        for where in _ONLY:
            over = self._over(reply, where)
            if over:
                longest = sorted(over.items(), key=lambda entry: (-entry[1], entry[0]))
                told = ", ".join(f"{topic} {length}" for topic, length in longest[:_SHOWN])
                more = f" and {len(over) - _SHOWN} more topics" if len(over) > _SHOWN else ""
                yield (
                    f"{reply.id} is too long {where}, without {', '.join(SACRIFICE)}: {told}{more}; "
                    f"the smallest limit is {SMALLEST_LIMIT} characters"
                )

    def _over(self, reply: Reply, where: str) -> dict[str, int]:
        """Return the topics with which `reply` is too long, and how long."""
        over: dict[str, int] = {}
        measured: dict[bool, list[list[_Part]]] = {}
        for topic in topics_of(reply.playbook, self._words):
            asks = where == "in public" and asks_in_public(reply.playbook, topic)
            if asks not in measured:
                texts = _parts(reply, where, asks=asks)
                measured[asks] = [[_part(text, side) for text in texts] for side in (0, 1)]
            sides = zip(measured[asks], self._slots[topic], strict=True)
            most = max(_longest(parts, lengths) for parts, lengths in sides)
            if most > SMALLEST_LIMIT:
                over[topic] = most
        return over


class _Part(NamedTuple):
    """A part's own characters in one register, and its slots."""

    own: int
    slots: tuple[str, ...]


def _parts(reply: Reply, where: str, *, asks: bool) -> list[str]:
    """Return the parts of `reply` that stay where there is no room."""
    gone = {*SACRIFICE, *_ONLY.values()} - {_ONLY[where]}
    if asks:
        return [text for part, text in reply.parts if part not in {*gone, "invite"}] + ["{ask}"]
    return [text for part, text in reply.parts if part not in gone]


def _part(text: str, side: int) -> _Part:
    """Return the measure of one part in one register."""
    said = _sided(text, side)
    return _Part(len(SLOT.sub("", said)), tuple(SLOT.findall(said)))


def _slot_lengths(words: Words, topic: str, promise: int, side: int) -> Mapping[str, int]:
    """Return the most characters that can stand in each slot of one register."""
    telling = words.telling(topic)
    slots = (
        ("own", telling.own),
        ("cost", telling.cost),
        ("step", telling.step),
        ("reason", (telling.reason,)),
        ("ask", (telling.ask,)),
        ("reach", (words.phrases.private,)),
    )
    longest = {slot: max((len(_sided(text, side)) for text in texts), default=0) for slot, texts in slots}
    return {**longest, "when": promise}


def _longest(parts: list[_Part], lengths: Mapping[str, int]) -> int:
    """Return the most characters of `parts` with spaces between; those that need a fact have none."""
    total = -1
    for part in parts:
        if all(slot in lengths for slot in part.slots):
            total += part.own + sum(lengths[slot] for slot in part.slots) + 1
    return total


def _sided(text: str, side: int) -> str:
    """Return a text in one register, its slots as they are."""
    return SLOT.sub(lambda slot: slot[1].split("|")[side] if "|" in slot[1] else slot[0], text)
