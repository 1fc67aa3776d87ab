"""THE SECOND CONTRACT: how a network's keys are asked for, by packages that know no terminal.

A setup is a function found through the entry-point group `responder.setups`, under the name of its
connector. It asks a person, speaks to the network's login where there is one, and returns what the
account needs. Where that is kept, and whether it works, is not its business: the core writes it down,
builds the connector with it and has it say who we are (`responder.connector.Introduces`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

__all__ = ["Declined", "Guide", "Keys", "Setup"]


class Guide(Protocol):
    """The person who sets an account up, as a setup meets them.

    What they type comes without blanks around it. Each call that asks raises Declined when they go away; a
    setup lets that pass.
    """

    @property
    def redirect_uri(self) -> str:
        """Where `consent` has a browser sent back to; a network wants exactly this address registered."""
        ...

    def say(self, words: str) -> None:
        """Tell the person something: each line is a paragraph, an address alone on one can be copied."""
        ...

    def ask(self, question: str, default: str | None = None) -> str:
        """Return one line. Nothing typed gives `default`; without one it is asked again."""
        ...

    def ask_secret(self, question: str, default: str | None = None) -> str:
        """Return one line that nobody sees being typed; as `ask`."""
        ...

    def choose(self, question: str, among: Mapping[str, str]) -> str:
        """Return one of these words, each told with what it means; the first when nothing is typed."""
        ...

    def consent(self, address: Callable[[str], str]) -> str:
        """Have the person agree in a browser, at `address(state)`, and return the code it comes back with.

        `state` is a word that nobody can guess; an answer without it is not taken. The network must send
        the browser back to `redirect_uri` with `code` and `state`, as RFC 6749 (4.1) has it.
        """
        ...

    def now(self) -> datetime:
        """Return the time, for what a network says lasts so many seconds."""
        ...


class Declined(Exception):
    """The person did not want to go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What a setup brings."""

    #: For the account's [accounts.options]: texts, numbers, truth values, lists. Never a secret.
    options: Mapping[str, Any] = field(default_factory=dict)
    #: By the name by which the connector asks for each.
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


#: What an entry point gives: (the person, the options the account has already) -> Keys. What it raises:
#: Declined, and the errors of responder.connector for a network that says no or cannot be reached.
Setup = Callable[[Guide, Mapping[str, Any]], Keys]
