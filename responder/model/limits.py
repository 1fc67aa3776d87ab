"""Limits: what a network allows, as data."""

from collections.abc import Callable
from dataclasses import dataclass

from responder.model.mention import Mention


def _nothing(_words: str, _to: Mention) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a text may be, how it is counted, and what else a network allows."""

    #: The longest text it takes, in units of `count`.
    length: int
    #: How the network counts; characters unless said otherwise.
    count: Callable[[str], int] = len
    #: What a person calls the unit: "characters", "graphemes", "weighted characters".
    unit: str = "characters"
    #: What these words, as an answer to that post, would carry that nobody typed and people see: told in
    #: words to who approves them; "" for nothing.
    besides: Callable[[str, Mention], str] = _nothing
    #: Whether a private message can follow a public reply.
    private_messages: bool = True
    #: The network keeps one record under a message's key, whatever is sent and how often: sending the same
    #: message again gives the same reply, never a second one. Not for keys that a server may forget.
    own_key: bool = False
    #: Whether our answers can be seen from here; where not, a person's word that one is public stands.
    sees_answers: bool = True
    #: The only hosts this connector talks to; empty when it uses no network.
    hosts: tuple[str, ...] = ()
