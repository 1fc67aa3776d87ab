"""Page: what one poll of an account brought, the readable and the unreadable."""

from dataclasses import dataclass

from responder.model.mention import Mention


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Something that could not be read as a mention; it is kept, and the rest went on."""

    #: Where it stands: file:line, or the network's id.
    place: str
    #: What is wrong with it and what is expected.
    problem: str
    #: The thing itself, cut to 10,000 characters.
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one `poll` brought."""

    mentions: tuple[Mention, ...]
    #: Where to go on; opaque to the core, stored in the same transaction as the mentions.
    cursor: str
    #: False when a further poll now would bring nothing.
    more: bool = False
    malformed: tuple[Unread, ...] = ()
    #: External ids of posts that were removed by their authors.
    removed: tuple[str, ...] = ()
    #: Our own lasting id on the network, where it is known: what we write is no complaint.
    own_id: str = ""
    #: How far through what there is to read, 0 to 1; None when nobody can know.
    progress: float | None = None
    #: Why something may be missing before this page (a reset cursor, a truncated file); "" when nothing is.
    gap: str = ""
