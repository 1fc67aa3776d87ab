"""Key: what one key of the desk is called, does, and when."""

from collections.abc import Callable
from dataclasses import dataclass

from responder.cli.review.questions import Dialogue, Told
from responder.cli.review.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A letter and its deed."""

    letter: str
    #: In a word or two, for the line of keys.
    name: str
    #: In a sentence, for the list of all keys.
    does: str
    do: Callable[[Session], Dialogue | Told]
    #: Why it does nothing now; "" when it does.
    off: Callable[[Session], str] = lambda _: ""
    #: Whether there is such a key now at all.
    there: Callable[[Session], bool] = lambda _: True
    #: How the key is called, where its letter cannot be seen.
    called: str = ""

    @property
    def label(self) -> str:
        """What people read: "a", "space"."""
        return self.called or " ".join(self.letter)
