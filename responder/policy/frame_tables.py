"""Frame tables: from a table of a replies.toml to a frame or a script, with every problem told."""

from responder.policy.filling import SLOT
from responder.policy.frames import (
    FACT_SLOTS,
    KIT_SLOTS,
    NEEDED_PARTS,
    OUR_SLOTS,
    PARTS,
    TOPIC_SLOTS,
    Reply,
    Script,
)
from responder.policy.planner import BROKEN, SCRIPTS, Playbook
from responder.policy.sheets import Table

_SLOTS = {*TOPIC_SLOTS, *OUR_SLOTS, *FACT_SLOTS}
#: Slots that may be empty, with the part that is left out when they are.
_ONLY_IN = {"name": "greet", "reach": "invite", "ask": "ask", "reason": "invite"}


def reply_from(table: Table, language: str) -> Reply | None:
    """Return the frame that `table` tells; None when something is wrong with it, which is then noted."""
    table.known(("id", "playbook", "about", *PARTS), "a reply")
    parts = tuple((key, table.words(key)) for key in table.keys if key in PARTS)
    for part, words in parts:
        _check_slots(table, part, words)
        if words != " ".join(words.split()):
            table.problem(f"{part} must be one line with single spaces", key=part)
    for part in NEEDED_PARTS[:3]:
        if part not in table.keys:
            table.problem(f"{part} is missing")
    playbook = table.choice("playbook", [one.value for one in Playbook if one not in SCRIPTS])
    promise = playbook == Playbook.BROKEN_PROMISE
    if table.has("about") is not promise:
        table.problem(f"about belongs to every {Playbook.BROKEN_PROMISE}, and to nothing else", key="about")
    reply = Reply(
        id=table.words("id"),
        language=language,
        playbook=playbook,
        about=table.choice("about", [kind for kind in BROKEN if kind]) if promise else "",
        parts=parts,
        place=table.place,
    )
    return reply if table.sound else None


def script_from(table: Table, language: str) -> Script | None:
    """Return the script that `table` tells; None when something is wrong with it, which is then noted."""
    table.known(("id", "playbook", "text"), "a script")
    text, known = table.words("text"), _SLOTS | {*KIT_SLOTS}
    for line in text.splitlines():
        for slot in _slots_in(line, table, "text"):
            if slot not in known:
                table.problem(f"unknown slot {{{slot}}}; known: {', '.join(sorted(known))}", key="text")
    script = Script(
        id=table.words("id"),
        language=language,
        playbook=table.choice("playbook", [one.value for one in Playbook if one in SCRIPTS]),
        text=text,
        place=table.place,
    )
    return script if table.sound else None


def _check_slots(table: Table, part: str, words: str) -> None:
    """Note slots in a part of a reply that are unknown, or that it cannot hold."""
    for slot in _slots_in(words, table, part):
        if slot not in _SLOTS or slot == "company":
            known = ", ".join(sorted(_SLOTS - {"company"}))
            table.problem(f"{part}: unknown slot {{{slot}}}; known: {known}", key=part)
        elif part != _ONLY_IN.get(slot, part):
            table.problem(
                f"{{{slot}}} can only stand in {_ONLY_IN[slot]}: elsewhere it may be empty", key=part
            )
        elif slot in FACT_SLOTS and part in NEEDED_PARTS:
            table.problem(
                f"{{{slot}}} may be unknown, and a reply needs its {part}: give it a part of its own",
                key=part,
            )


def _slots_in(words: str, table: Table, key: str) -> list[str]:
    """Return the slots of `words`; braces that are neither slot nor {formal|informal} are noted."""
    if {"{", "}"} & set(SLOT.sub("", words)):
        table.problem(f"{key} has a brace without its other half: {words!r}", key=key)
    slots = SLOT.findall(words)
    for slot in slots:
        if slot.count("|") > 1:
            table.problem(f"{key}: {{{slot}}} must be {{formal|informal}}", key=key)
    return [slot for slot in slots if "|" not in slot]
