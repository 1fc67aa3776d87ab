"""A reply as it goes out: approved words, behind the handle without which nobody is told of them."""

import re
from dataclasses import dataclass

from connectors.mastodon.length import length
from connectors.mastodon.posts import warning_of
from responder.connector import Message, Refused
from responder.model.mention import Audience, Mention

#: Kept free of words: room for the handle of whoever is answered, and for a content warning.
ADDRESSING = 60
#: A content warning that is cut shorter says nothing.
_SHORTEST = 8
_ACCOUNT = re.compile(r"[\w.-]+(?:@[\w.:-]+)?")
_HANDLE = re.compile(r"(?<![\w/@.=])@([a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?(?:@[\w.-]+\w)?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Room:
    """What the server lets a post hold."""

    #: In characters, content warning and handle among them.
    most: int
    #: What an address counts.
    per_link: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes to the server, beside the id of the post it answers."""

    text: str
    #: The content warning; "" for none.
    warning: str
    direct: bool


def composed(message: Message, to: Mention, room: Room, *, warn: bool, direct: bool) -> Reply:
    """Return an approved message as a post.

    With `warn` it carries the content warning of what it answers; with `direct`, or where one of the two is
    private, only its addressee may read it. The handle is the network's way to address somebody, and the
    warning is the customer's own; both stand in the complaint that was approved. Raises Refused when the
    server would not take the words, would show others, or would show them to others.
    """
    direct = direct or Audience.PRIVATE in {message.audience, to.audience}
    if not _ACCOUNT.fullmatch(to.author.handle):  # or its words would be ours
        raise Refused("The handle of its author is none that can be answered.")
    _fit(message.text)
    if direct and (others := _others(message.text, to.author.handle)):
        raise Refused(
            f"It names {', '.join(others)}: Mastodon sends a private message to everybody whom it names."
        )
    text = _addressed(message.text, to)
    warning = warning_of(to.text) if warn else ""
    left = room.most - length(text, room.per_link)
    if left < 0 or (warning and length(warning) > left < _SHORTEST):
        over = f"{room.most - left} characters with the handle of {to.author.handle}"
        raise Refused(f"The reply has {over}; {room.most} is the limit. Shorten it.")
    return Reply(text, _cut(warning, left), direct)


def warning_over(words: str, to: Mention, room: Room) -> str:
    """Return the content warning of what is answered, cut to what these words leave of the room."""
    return _cut(warning_of(to.text), room.most - length(_addressed(words, to), room.per_link))


def bare(text: str, handle: str) -> str:
    """Return a reply as it was approved: without the handle that was put before it."""
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    user, local = handle.casefold(), handle.casefold().partition("@")[0]
    return text[len(first) + 1 :] if first.casefold() in {f"@{user}", f"@{local}"} else text


def _fit(text: str) -> None:
    """Refuse what a server would not show as it is."""
    if not text.strip():
        raise Refused("The reply is empty.")
    if "\n\n\n" in text:
        raise Refused("Mastodon shows one empty line between paragraphs at the most. Take the others out.")
    if "\0" in text or "\r" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise Refused("The reply holds characters that no server shows. Write it anew.")


def _addressed(words: str, to: Mention) -> str:
    return f"@{to.author.handle} {words}"


def _others(text: str, handle: str) -> list[str]:
    """Return the handles in a text of anybody but this one."""
    return [f"@{one}" for one in _HANDLE.findall(text) if one.casefold() != handle.casefold()]


def _cut(warning: str, left: int) -> str:
    """Return a content warning cut to so many characters."""
    while warning and length(warning) > left:
        warning = warning.rstrip("…")[:-1].rstrip() + "…"
    return warning
