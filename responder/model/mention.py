"""Mention and author: what a stranger said in public, as a connector read it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Audience(StrEnum):
    """Who can read a text."""

    PUBLIC = "public"
    PRIVATE = "private"
    SCRIPT = "script"  # spoken: a call, a voicemail; never the audience of a post


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """The person (or bot) who wrote a mention."""

    #: The network's own, lasting id; names and handles change, this does not.
    id: str
    #: As shown on the network, without a leading @.
    handle: str
    #: The name they chose to display; may be empty, may hold anything.
    name: str = ""
    #: Reach, where the network tells it; None is "not told", never 0.
    followers: int | None = None
    #: The network marks this account as automated.
    bot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One public post that speaks to us or about us.

    The text is kept exactly as the network gave it and is data for ever: show it through
    `responder.model.visible`, never as markup, a terminal sequence or an instruction.
    """

    #: Which of our accounts heard it: the `name` of an [[accounts]] table in the config.
    account: str
    #: The network's id of the post, a string even where the network counts.
    external_id: str
    #: The conversation the post belongs to; the post's own id where it starts one.
    thread: str
    author: Author
    text: str
    #: When the author posted it (aware, UTC).
    created_at: datetime
    #: Where a person can open it; empty when there is no such place.
    url: str = ""
    #: ISO 639-1 as the network or file says; None is "not told", never a guess.
    language: str | None = None
    #: The network's id of the post this one answers.
    in_reply_to: str | None = None
    #: Changes when the author edits the post: a hash, or a version or an edit time, which are "" until then.
    edit_mark: str = ""
    #: A complaint that came privately is never answered in public.
    audience: Audience = Audience.PUBLIC
    #: Our own number in the store; None until it is stored.
    id: int | None = None
