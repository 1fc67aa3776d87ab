"""Wording: from a plan to words, by the frames in policies/; the same in gives the same out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from responder.model.mention import Audience, Mention
from responder.policy.cues import base_language
from responder.policy.filling import filled, first_name, slots_in, with_capitals
from responder.policy.frames import FACT_SLOTS, KIT_SLOTS, SACRIFICE, Reply, Script, WordBook, Words
from responder.policy.lengths import asks_in_public
from responder.policy.planner import SCRIPTS, Plan, Playbook
from responder.policy.similar import SAME, similar

#: Parts for one audience only: an invitation into private where others read, questions where nobody does.
_ONLY_FOR = {"invite": Audience.PUBLIC, "ask": Audience.PRIVATE}
#: What goes first: a code that follows an invitation after what is only polite, before what is said.
_GOES = (*SACRIFICE[:2], "reference", *SACRIFICE[2:])
#: So many wordings are tried before a copy of a recent reply is taken.
_MOST_TRIES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How this company speaks.

    Raises ValueError when a value could not stand in a reply, with what to write instead.
    """

    company: str
    #: Closes every reply where there is room: "^Ana". At most 20 characters.
    signature: str = ""
    #: An address, number or link by which to reach us where the network has no private messages. At most 60
    #: characters; "" when there is none.
    contact: str = ""
    #: Hours from a reply to our next word, 1 to 168.
    update_within: int = 4
    #: Whether customers can send us private messages on this network.
    private_messages: bool = True
    #: What we answer in where the complaint's language is not told or not ours (ISO 639-1).
    language: str = "en"
    #: How we say you, where a language has two ways: "formal", "informal" or "mirror": as they say it to us.
    register: str = "formal"

    def __post_init__(self) -> None:
        for key, most in (("signature", 20), ("contact", 60)):
            value = getattr(self, key)
            if len(value) > most or value != " ".join(value.split()) or "{" in value or "}" in value:
                raise ValueError(
                    f"{key} {value!r} must be one line of at most {most} characters without braces."
                )
        if not 1 <= self.update_within <= 168:
            raise ValueError(f"update_within is {self.update_within}; it must be 1 to 168 hours.")
        if self.register not in {"formal", "informal", "mirror"}:
            raise ValueError(f"register is {self.register!r}; it must be formal, informal or mirror.")


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
    #: The id of the frame or script in policies/.
    reply: str
    #: The id of the topic it speaks of.
    topic: str
    #: Parts that were left out for want of room.
    dropped: tuple[str, ...] = ()
    #: Fields of planner.Facts that would have had a place, and are not known.
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Draft:
    """One wording before it is fitted: its parts by name, in the order they are read."""

    reply: Reply
    parts: tuple[tuple[str, str], ...]
    #: Parts that hold a fact.
    told: tuple[str, ...]
    missing: tuple[str, ...]

    def without(self, gone: Sequence[str]) -> str:
        """Return the words of the parts that stay."""
        if "invite" in gone:  # a code is for those who come
            gone = (*gone, "reference")
        return " ".join(words for part, words in self.parts if part not in gone)


def write(plan: Plan, voice: Voice, mention: Mention, room: Room, book: WordBook) -> Wording:
    """Write what `plan` asks for, in our `voice`, to fit `room` (a script has all the room it needs).

    It speaks the complaint's language where the book has it, else the voice's. The variant follows from the
    mention's external id and the plan's number, stepping past those that are nearly the same as one of the
    plan's recent replies while there is another. Raises LookupError when the book has no words for it; a
    loaded book has words for every plan.
    """
    language = base_language(mention.language)
    words = book.languages.get(language) or book.languages.get(voice.language)
    if words is None:
        raise LookupError(f"There are no words in {voice.language!r}; known: {', '.join(book.languages)}.")
    slots = _slots(plan, voice, mention, words)
    if plan.playbook in SCRIPTS:
        return _scripted(plan, words, slots)
    order = (*_GOES, *(["invite"] if asks_in_public(plan.playbook, plan.topic) else []))
    first = best = None
    for draft in _drafts(plan, voice, mention, words, slots):
        first = first or draft
        wording = _fitted(draft, plan, words, room, order)
        if wording and not any(similar(wording.text, other) >= SAME for other in plan.recent):
            return wording
        best = best or wording
    if first is None:
        raise LookupError(f"No reply in {words.language!r} answers the playbook {plan.playbook}.")
    return best or _shortest(first, plan, words, room)


def _slots(plan: Plan, voice: Voice, mention: Mention, words: Words) -> dict[str, str]:
    """Return what fills the slots that are the same in every variant; "" for what is not known."""
    phrases, facts = words.phrases, plan.facts
    private = phrases.private if voice.private_messages else voice.contact and phrases.elsewhere
    slots = {
        "name": first_name(mention, voice.company, words.not_names),
        "company": voice.company,
        "when": filled(phrases.of(plan.when, spoken=plan.playbook in SCRIPTS), {}, informal=plan.informal),
        "reference": plan.reference
        and filled(phrases.reference, {"code": plan.reference}, informal=plan.informal),
        "reach": filled(private, {"contact": voice.contact}, informal=plan.informal),
    }
    slots |= {slot: plan.said.get(slot, "") for slot in KIT_SLOTS}
    return slots | {slot: getattr(facts, fact) for slot, fact in FACT_SLOTS.items()}


def _told(plan: Plan, words: Words, seed: Sequence[int], turn: int) -> dict[str, str]:
    """Return one choice among the topic's clauses; `turn` counts the rounds through all frames."""
    telling = words.telling(plan.topic)
    chosen = {
        "own": telling.own[(seed[1] + turn) % len(telling.own)],
        "cost": telling.cost[(seed[2] + turn + turn // len(telling.own)) % len(telling.cost)],
        "step": telling.step[(seed[3] + turn) % len(telling.step)],
        "reason": telling.reason,
        "ask": telling.ask,
    }
    return {slot: filled(text, {}, informal=plan.informal) for slot, text in chosen.items()}


def _drafts(
    plan: Plan, voice: Voice, mention: Mention, words: Words, slots: dict[str, str]
) -> Iterator[_Draft]:
    """Yield one wording after the other, from the plan's own on."""
    frames = words.frames(plan.playbook, plan.facts.broke or _LEAST_SAID.get(plan.playbook, ""))
    digest = sha256(mention.external_id.encode("utf-8", "surrogatepass")).digest()
    seed = [int.from_bytes(digest[at : at + 4]) for at in range(0, 16, 4)]
    for step in range(_MOST_TRIES if frames else 0):
        count = plan.number - 1 + step
        frame = frames[(seed[0] + count) % len(frames)]
        told = _told(plan, words, seed, count // len(frames))
        yield _spoken(frame, plan, voice, mention, slots | told)


#: Which broken promise is spoken of when nobody said which it is: the one that claims least.
_LEAST_SAID = {Playbook.BROKEN_PROMISE: "late"}


def _spoken(reply: Reply, plan: Plan, voice: Voice, mention: Mention, slots: dict[str, str]) -> _Draft:
    """Return the parts of `reply` that this mention would get if there were room, slots filled, signed."""
    spoken, told, missing = [], [], []
    if not plan.facts.broke and plan.playbook in _LEAST_SAID:
        missing.append("broke")
    asks = mention.audience is Audience.PUBLIC and asks_in_public(plan.playbook, plan.topic)
    frame = [(part, words) for part, words in reply.parts if not (asks and part == "ask")]
    for part, words in [*frame, ("ask", "{ask}")] if asks else frame:
        if not asks and _ONLY_FOR.get(part, mention.audience) is not mention.audience:
            continue
        used = slots_in(words)
        unknown = [slot for slot in used if not slots[slot]]
        missing += [FACT_SLOTS[slot] for slot in unknown if slot in FACT_SLOTS]
        if not unknown:
            spoken.append((part, filled(words, slots, informal=plan.informal)))
            told += [part] if FACT_SLOTS.keys() & set(used) else []
            if part == "invite" and slots["reference"]:
                spoken.append(("reference", slots["reference"]))
    if plan.said.get("warn") and plan.playbook not in SCRIPTS:
        spoken.append(("warn", plan.said["warn"]))
    if voice.signature:
        spoken.append(("sign", voice.signature))
    return _Draft(reply, tuple(spoken), tuple(told), tuple(dict.fromkeys(missing)))


def _fitted(draft: _Draft, plan: Plan, words: Words, room: Room, order: Sequence[str]) -> Wording | None:
    """Return `draft` with as few parts left out, in `order`, as the room asks for; None if none fits."""
    there = {part for part, _ in draft.parts}
    for gone in _ways_out([part for part in order if part in there]):
        wording = _wording(draft, plan, words, gone)
        if room.count(wording.text) <= room.length:
            return wording
    return None


def _ways_out(order: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield what to leave out, one part more each time; without the code, the rest is tried again."""
    at = order.index("reference") if "reference" in order else len(order)
    yield from (order[:count] for count in range(at + 1))
    if at < len(order):
        rest = [*order[:at], *order[at + 1 :]]
        yield from (["reference", *rest[:count]] for count in range(len(rest) + 1))


def _shortest(draft: _Draft, plan: Plan, words: Words, room: Room) -> Wording:
    """Return `draft` where it does not fit: facts go, then the invitation and the question, and no more."""
    order = list(dict.fromkeys((*_GOES, *reversed(draft.told), *_ONLY_FOR)))
    there = {part for part, _ in draft.parts}
    fitted = _fitted(draft, plan, words, room, order)
    return fitted or _wording(draft, plan, words, [part for part in order if part in there])


def _wording(draft: _Draft, plan: Plan, words: Words, gone: Sequence[str]) -> Wording:
    """Return `draft` without the parts in `gone`."""
    return Wording(
        text=with_capitals(draft.without(gone)),
        language=words.language,
        reply=draft.reply.id,
        topic=plan.topic,
        dropped=tuple(gone),
        missing=draft.missing,
    )


def _scripted(plan: Plan, words: Words, slots: dict[str, str]) -> Wording:
    """Return a script; a line whose slot is not known is left out."""
    script: Script | None = words.scripts.get(plan.playbook)
    if script is None:
        raise LookupError(f"No script in {words.language!r} is for the playbook {plan.playbook}.")
    slots = slots | _told(plan, words, (0, 0, 0, 0), plan.number - 1)
    kept: list[str] = []
    missing: list[str] = []
    for line in script.text.strip().splitlines():
        unknown = [slot for slot in slots_in(line) if not slots[slot]]
        missing += [FACT_SLOTS[slot] for slot in unknown if slot in FACT_SLOTS]
        if not unknown and (line.strip() or (kept and kept[-1])):
            kept.append(filled(line.rstrip(), slots, informal=plan.informal))
    return Wording(
        text=with_capitals("\n".join(kept).strip()),
        language=words.language,
        reply=script.id,
        topic=plan.topic,
        missing=tuple(dict.fromkeys(missing)),
    )
