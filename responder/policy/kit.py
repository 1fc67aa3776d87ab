"""The offline kit: what is said and written away from the thread, in the customer's language and judged."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from responder.model.case import Case
from responder.model.mention import Audience
from responder.model.promise import Promise
from responder.model.reference import spelt
from responder.model.windows import Window
from responder.policy.kit_files import KitWords
from responder.policy.planner import Playbook


class Kind(StrEnum):
    """The pieces of the kit, in the order in which they come up."""

    MESSAGE = "message"  # in private, on the network
    CALL = "call"
    VOICEMAIL = "voicemail"  # when nobody picks up
    EMAIL = "email"  # when a call is impossible, and then it says when we call
    RECAP = "recap"  # after the call
    STATUS = "status"  # until it is put right
    CLOSING = "closing"  # the public note at the end


#: As which kind of reply each is planned and judged.
PLAYBOOKS: Mapping[Kind, Playbook] = {
    Kind.MESSAGE: Playbook.PRIVATE_MESSAGE,
    Kind.CALL: Playbook.CALL,
    Kind.VOICEMAIL: Playbook.VOICEMAIL,
    Kind.EMAIL: Playbook.EMAIL,
    Kind.RECAP: Playbook.RECAP,
    Kind.STATUS: Playbook.STATUS,
    Kind.CLOSING: Playbook.CLOSED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known to whoever talks to the customer, beside the facts of the case."""

    #: Who calls and signs, by the name customers may hear.
    caller: str = ""
    #: When we can call, in the firm's zone.
    windows: Sequence[Window] = ()
    #: What the customer came for, and what is new, in their language.
    goal: str = ""
    news: str = ""
    #: What we promised and still owe.
    promises: Sequence[Promise] = field(default=())


class Block(NamedTuple):
    """A part of a script: its title, and each line with whether it is an aside, a pause among them."""

    title: str
    lines: tuple[tuple[str, bool], ...]
    #: Not in its turn, but if it comes to that.
    branch: bool


_TURN = re.compile(r"\d+\.")
_ASIDE = re.compile(r"(?:\[…\] ?)?\(")


def blocks(script: str) -> tuple[Block, ...]:
    """Return the parts of a script for a call."""
    parts = [part.splitlines() for part in re.split(r"\n{2,}", script.strip())]
    return tuple(
        Block(lines[0], tuple((one, _ASIDE.match(one) is not None) for one in lines[1:]),
              _TURN.match(lines[0]) is None)
        for lines in parts
    )  # fmt: skip


def prepared(case: Case, kind: Kind, caller: str, phone: str, window: str) -> Case:
    """Return a case as the planner takes it for a piece: its kind and audience, who calls, where and when.

    What somebody told of the case stands, but for the window of an e-mail: that one is promised.
    """
    facts = case.facts
    facts = replace(
        facts,
        kind=PLAYBOOKS[kind],
        owner=facts.owner or caller,
        number=facts.number or phone,
        window=(window if kind is Kind.EMAIL else "") or facts.window or window,
    )
    audience = Audience.PRIVATE if kind is Kind.MESSAGE else case.target.audience
    return replace(case, facts=facts, target=replace(case.target, audience=audience))


def said(
    case: Case, known: Known, warn: str, words: KitWords, now: datetime, *, informal: bool
) -> dict[str, str]:
    """Return what fills the slots that only the kit knows; `warn` is its word against impostors."""
    promised = [words.promised(one.quote, one.due_at and one.due_at.astimezone(now.tzinfo), now)
                for one in known.promises]  # fmt: skip
    code = spelt(case.reference) if case.reference else ""
    return {
        "goal": known.goal,
        "news": known.news,
        "promises": "\n".join(promised),
        "code": words.told_code(code, informal=informal) if code else "",
        "warn": warn,
    }
