"""Wording: from a plan to words, by the replies in policies/; the same in gives the same out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from unicodedata import normalize

from responder.model.mention import Audience, Mention
from responder.policy.planner import Plan

#: Every part a reply may have. The order in which a reply's table names them is the order of its words.
PARTS = ("greet", "acknowledge", "own", "apologise", "thanks", "explain", "step", "invite", "ask")
#: What goes first when there is no room, in this order. The signature closes every reply and is in no table.
SACRIFICE = ("greet", "thanks", "explain", "sign")
#: Parts for one audience only: an invitation into private where others read, questions where nobody does.
_ONLY_FOR = {"invite": Audience.PUBLIC, "ask": Audience.PRIVATE}
#: The smallest limit of any network we know (X, in weighted characters); every reply fits without SACRIFICE.
SMALLEST_LIMIT = 280
#: Names that fill a slot in a reply's text.
SLOTS = ("name", "hours", "reach")
#: Any topic that has no replies of its own.
ANY_TOPIC = "*"
#: The language drafts are written in, whatever the complaint's language.
DRAFT_LANGUAGE = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One reply as data: its parts in the order they are read, with {slots}."""

    id: str
    language: str
    playbook: str
    #: One of planner.TOPICS, or ANY_TOPIC.
    topic: str
    parts: tuple[tuple[str, str], ...]
    #: First words of display names that are no names: "The", "Team".
    not_names: frozenset[str] = frozenset()
    #: Where it is written: path:line.
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How this company speaks.

    Raises ValueError when a value could not stand in a reply, with what to write instead.
    """

    company: str
    #: Closes every reply where there is room: "^Ana". At most 20 characters.
    signature: str = ""
    #: How to reach us in private where the network has no private messages, as words after "reach us":
    #: "through the help page in our app". At most 60 characters; "" when there is no such way.
    contact: str = ""
    #: Hours from a reply to our next word, 1 to 168.
    update_within: int = 4
    #: Whether customers can send us private messages on this network.
    private_messages: bool = True

    def __post_init__(self) -> None:
        for key, most in (("signature", 20), ("contact", 60)):
            value = getattr(self, key)
            if len(value) > most or value != " ".join(value.split()) or "{" in value or "}" in value:
                raise ValueError(
                    f"{key} {value!r} must be one line of at most {most} characters without braces."
                )
        if not 1 <= self.update_within <= 168:
            raise ValueError(f"update_within is {self.update_within}; it must be 1 to 168 hours.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much a network takes: `length` in units of `count`."""

    length: int
    count: Callable[[str], int] = len


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Words for a draft, and how they came about."""

    text: str
    language: str
    #: The id of the reply in policies/.
    reply: str
    #: Parts that were left out for want of room.
    dropped: tuple[str, ...]


def write(
    plan: Plan, voice: Voice, mention: Mention, room: Room, replies: Mapping[str, tuple[Reply, ...]]
) -> Wording:
    """Write what `plan` asks for, in our `voice`, to fit `room` (at least SMALLEST_LIMIT long).

    `replies` are a Rulebook's. The variant follows from the mention's external id and the plan's number: the
    next number is the next variant. Raises LookupError when no reply answers the plan; a loaded Rulebook
    answers every plan.
    """
    variants = variants_for(plan.playbook, plan.topic, replies.get(DRAFT_LANGUAGE, ()))
    if not variants:
        raise LookupError(f"No reply answers the playbook {plan.playbook} with the topic {plan.topic!r}.")
    digest = sha256(mention.external_id.encode("utf-8", "surrogatepass")).digest()
    chosen = variants[(int.from_bytes(digest[:8]) + plan.number - 1) % len(variants)]
    if wording := _fitted(chosen, voice, mention, room):
        return wording
    fitted = [wording for reply in variants if (wording := _fitted(reply, voice, mention, room))]
    if not fitted:
        fitted = [_without(reply, voice, mention, (*SACRIFICE, *_ONLY_FOR)) for reply in variants]
    return min(fitted, key=lambda wording: (room.count(wording.text), wording.reply))


def variants_for(playbook: str, topic: str, replies: Sequence[Reply]) -> tuple[Reply, ...]:
    """Return the replies to a playbook and topic in the book's order; those to any topic when it has none."""
    for wanted in (topic, ANY_TOPIC):
        found = tuple(reply for reply in replies if reply.playbook == playbook and reply.topic == wanted)
        if found:
            return found
    return ()


def compose(reply: Reply, voice: Voice, mention: Mention, leave_out: Sequence[str] = ()) -> str:
    """Return the words of `reply` to `mention`, without the parts in `leave_out` or for another audience."""
    return _joined(_spoken(reply, voice, mention), leave_out)


def first_name(mention: Mention, company: str, not_names: frozenset[str]) -> str:
    """Return the author's first name if what they display begins with one, else "".

    A name is 2 to 20 letters (one hyphen among them at most), a capital first and none later but after the
    hyphen, and neither a word of the company's name nor in `not_names`.
    """
    name = normalize("NFC", (mention.author.name.split() or [""])[0])
    halves = name.split("-")
    if not 2 <= len(name) <= 20 or len(halves) > 2 or not _one_script(name):
        return ""
    if not all(half.isalpha() and half[0].isupper() and half[1:] == half[1:].lower() for half in halves):
        return ""
    return "" if name.casefold() in {*company.casefold().split(), *not_names} else name


def _one_script(name: str) -> bool:
    """Whether every letter is Latin, or every letter Cyrillic: a mixture imitates a name."""
    latin = all(char < "\u0250" or "\u1e00" <= char <= "\u1eff" for char in name)
    return latin or all("\u0400" <= char <= "\u04ff" or char == "-" for char in name)


def _hours(hours: int) -> str:
    """Return a span of time in words that fit between "within" and "of this reply"."""
    if hours % 24 == 0 and hours > 24:
        return f"{hours // 24} days"
    return "an hour" if hours == 1 else f"{hours} hours"


def _spoken(reply: Reply, voice: Voice, mention: Mention) -> list[tuple[str, str]]:
    """Return the parts of `reply` that this mention would get if there were room, slots filled, signed."""
    name = first_name(mention, voice.company, reply.not_names)
    reach = (
        "message us privately" if voice.private_messages else voice.contact and f"reach us {voice.contact}"
    )
    slots = {"name": name, "hours": _hours(voice.update_within), "reach": reach}
    spoken = []
    for part, words in (*reply.parts, ("sign", voice.signature)):
        silent = (part == "greet" and not name) or (part == "invite" and not reach) or not words
        if not silent and _ONLY_FOR.get(part, mention.audience) is mention.audience:
            spoken.append((part, _filled(words, slots)))
    return spoken


def _filled(words: str, slots: Mapping[str, str]) -> str:
    """Return `words` with every {slot} filled."""
    for slot, value in slots.items():
        words = words.replace(f"{{{slot}}}", value)
    return words


def _joined(spoken: Sequence[tuple[str, str]], leave_out: Sequence[str]) -> str:
    """Return the parts that stay as one text, which begins with a capital."""
    text = " ".join(words for part, words in spoken if part not in leave_out)
    return text[:1].upper() + text[1:]


def _fitted(reply: Reply, voice: Voice, mention: Mention, room: Room) -> Wording | None:
    """Return `reply` with as few parts left out as the room asks for; None when SACRIFICE is not enough."""
    for left_out in range(len(SACRIFICE) + 1):
        wording = _without(reply, voice, mention, SACRIFICE[:left_out])
        if room.count(wording.text) <= room.length:
            return wording
    return None


def _without(reply: Reply, voice: Voice, mention: Mention, gone: Sequence[str]) -> Wording:
    """Return `reply` without the parts in `gone`."""
    spoken = _spoken(reply, voice, mention)
    parts = {part for part, _ in spoken}
    return Wording(
        text=_joined(spoken, gone),
        language=reply.language,
        reply=reply.id,
        dropped=tuple(part for part in gone if part in parts),
    )
