"""THE CONTRACT: what a connector promises, and the errors by what the caller must do.

A connector is a class found through the entry-point group `responder.connectors`. It is built as
`Class(account, options, secret)`: the account's name, the [accounts.options] table of the config and
the account's secrets; building it does no I/O and raises ValueError for bad options.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Protocol, runtime_checkable

from responder.model.budget import Allowance
from responder.model.delivery import Receipt, Shown
from responder.model.draft import Message
from responder.model.limits import Limits
from responder.model.mention import Mention
from responder.model.page import Page, Unread

__all__ = [
    "Account",
    "Answerable",
    "Charge",
    "Connector",
    "ConnectorError",
    "Eligibility",
    "Exhausted",
    "Factory",
    "Introduces",
    "Limits",
    "Look",
    "Malformed",
    "Mention",
    "Message",
    "Page",
    "Priced",
    "Receipt",
    "Refused",
    "Secret",
    "Shown",
    "Sight",
    "Standing",
    "Unauthorised",
    "Unavailable",
    "Unread",
    "Unsure",
]


class Answerable(StrEnum):
    """Whether we may answer a mention."""

    API = "api"
    BY_HAND = "by_hand"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """Whether we may answer, and if only by hand, where."""

    answerable: Answerable
    #: BY_HAND: the address to open, where `{words}` stands for ours, if it opens a box that takes them. NO:
    #: why not, in words for a person.
    detail: str = ""


class Sight(StrEnum):
    """What a fresh look at a target showed."""

    PRESENT = "present"
    CHANGED = "changed"
    GONE = "gone"
    ANSWERED = "answered"  # by us, from elsewhere
    CLOSED = "closed"  # nobody, or not we, may answer it any more: locked, archived, gated, blocked


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The target as it is now."""

    sight: Sight
    #: The mention as it reads now: always with CHANGED, else where the read tells it.
    now: Mention | None = None
    #: What was seen, in words: with ANSWERED, GONE and CLOSED.
    detail: str = ""
    #: What its author wrote in the thread after it, the oldest first, where the same read tells it.
    since: tuple[Mention, ...] = ()


class Connector(Protocol):
    """One of our accounts on one network."""

    #: The word for the network, shown to people: "x", "reddit", "replay" ...
    network: str
    limits: Limits

    def poll(self, cursor: str | None) -> Page:
        """Return what was said since `cursor` (None: from the start), our own posts left out.

        Reading never writes, and the same cursor twice gives nothing that was not there before.
        """
        ...

    def eligibility(self, mention: Mention) -> Eligibility:
        """Say whether we may answer `mention`, as far as is known without writing."""
        ...

    def look(self, mention: Mention) -> Look:
        """Read the target again, with one request: is it there, unedited, open, and unanswered by us?"""
        ...

    def send(self, message: Message, to: Mention) -> Receipt:
        """Send `message` as the answer to `to`: one write request at the most, ever.

        Raises one of the errors below; text over the limit is Refused before any request.
        """
        ...

    def find_sent(self, message: Message, to: Mention) -> tuple[Receipt, ...]:
        """Look for our answers to `to`, whatever their text: the oldest first, () when none is there."""
        ...

    def shown(self, receipt: Receipt, to: Mention) -> Shown:
        """Read our answer back: its words as the network shows them, and whether a stranger sees it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What calls of one kind cost us."""

    #: What was paid for, in the network's words: "mention read", "reply".
    kind: str
    #: How many of it: posts, not requests, where the network counts posts.
    units: int
    #: In millionths of the account's currency, all units together.
    micros: int


@runtime_checkable
class Priced(Protocol):
    """What a connector has besides, whose network asks money for calls.

    Before each call the core looks whether the budget holds, and after it takes down what it cost. Only
    `eligibility` is asked whatever the budget says: it must cost nothing.
    """

    def spent(self) -> tuple[Charge, ...]:
        """Hand over what calls cost since this was asked last; who asks writes it down."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Who we are on a network, and what its credentials let us do."""

    #: Our handle there, without a leading @; "" where there is no login.
    handle: str
    #: What we may do, in words: "read mentions", "post replies".
    may: tuple[str, ...] = ()
    #: What the connector needs and we may not do, each with what to do about it.
    lacks: tuple[str, ...] = ()
    #: What a person should know besides, a sentence each.
    notes: tuple[str, ...] = ()


@runtime_checkable
class Introduces(Protocol):
    """What a connector has besides that can say who we are there: `connect` and `doctor` ask it."""

    def whoami(self) -> Standing:
        """Ask the network who we are and what we may do, without writing; raises the errors below."""
        ...


class Secret(Protocol):
    """The secrets of one account, by name."""

    def __call__(self, name: str) -> str:
        """Return a secret; raises an error that says where to put it when there is none."""
        ...

    def keeps(self, name: str) -> bool:
        """Whether `renew` can work: there is a folder for secrets, and no other place has this one."""
        ...

    def renew(self, name: str, old: str, by: Callable[[str], str]) -> str:
        """Put a new secret in place of `old` ("": there is none yet), and return the one in force.

        One process at a time: where another renewed it meanwhile, that one is returned and `by` is not
        called; else `by(old)` gives the new one, which is on disk before this returns. What `by` raises goes
        on up, and the old one stays.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A connector under the name the config gives it."""

    name: str
    connector: Connector
    #: Seconds between polls.
    every: float = 60.0
    #: What its calls may cost, where its network asks for money.
    allowance: Allowance = field(default_factory=Allowance)
    #: What they cost that could not be written down yet, the database being away.
    owed: deque[Charge] = field(default_factory=deque, compare=False, repr=False)


class ConnectorError(Exception):
    """Something a network did; each kind tells the caller what to do next.

    The message is shown to people and must never hold a secret. Without one, the first line of the
    class's docstring is the message.
    """

    #: What the caller must do, as one word for the journal.
    action: ClassVar[str] = ""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (type(self).__doc__ or "").partition("\n")[0])


class Unavailable(ConnectorError):
    """The network could not be reached; nothing was sent. Try again later."""

    action = "later"

    def __init__(self, message: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message)
        #: Seconds to wait, where the network says so.
        self.retry_after = retry_after


class Refused(ConnectorError):
    """The network refused this message for good. A person has to look."""

    action = "person"


class Unauthorised(ConnectorError):
    """The network does not accept our credentials. Stop this account."""

    action = "stop"


class Exhausted(ConnectorError):
    """The account's budget is used up. Stop calls that cost, and raise the alarm."""

    action = "budget"

    def __init__(self, message: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message)
        #: Seconds until the network gives more, where it says so.
        self.retry_after = retry_after


class Unsure(ConnectorError):
    """The message may have been sent. Look first; never send again blindly."""

    action = "look"


class Malformed(ConnectorError):
    """The network answered in a way this connector does not know. Nothing of it is lost; it is read again."""

    action = "skip"


#: What an entry point gives: (account name, options, its secrets) -> Connector.
Factory = Callable[[str, Mapping[str, Any], Secret], Connector]
