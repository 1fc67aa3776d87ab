"""A thing on Reddit, read out of its JSON: a post (t3), a comment (t1), a message (t4) by name only."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

from responder.connector import Mention
from responder.model.mention import Author

#: What stands in the place of words that were taken away, and of a name that is gone.
_TAKEN = {"[deleted]", "[removed]", "[ removed by reddit ]", "[deleted by user]"}
_NOBODY = "[deleted]"
_SITE = "https://www.reddit.com"
_COMMENTS = re.compile(r"/comments/([0-9a-z]+)(?:/|$)")
_PLACE = re.compile(r"^(?:https://www\.reddit\.com)?/(r|user|u)/([A-Za-z0-9_-]+)/")
#: A post that its author took away can still be answered beneath; one that others took away is not seen.
_OWN_DOING = {"deleted", "author"}


class Unreadable(Exception):
    """Something that is not as a thing on Reddit looks; the message says what is expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What Reddit says of one thing."""

    #: Its full name, like t1_abc.
    name: str
    #: None: the account is gone, or it is not told.
    author: str | None
    author_id: str
    text: str
    #: In seconds since 1970.
    created: float
    #: As far as it is told: the inbox tells it never.
    edited: bool
    #: Its words were taken away.
    gone: bool
    #: Full names of the post it belongs to and of what it answers; a post belongs to itself.
    thread: str
    parent: str | None
    url: str
    #: Why nobody, or not we, may answer it or beneath it; "" when nothing is known.
    closed: str

    @property
    def check(self) -> str:
        """A few letters that change with its words."""
        return "gone" if self.gone else f"{crc32(self.text.encode(errors='surrogatepass')):08x}"

    def by(self, username: str) -> bool:
        """Whether an account wrote it."""
        return (self.author or "").casefold() == username.casefold()

    def mention(self, account: str, bots: Collection[str], *, edited: bool = False) -> Mention:
        """Return it as somebody's words; `edited`: they are not the ones that we read before."""
        # two accounts that are gone are two people as far as anybody knows
        author_id = self.author_id if self.author else f"{_NOBODY} {self.name}"
        return Mention(
            account=account,
            external_id=self.name,
            thread=self.thread,
            author=Author(
                id=author_id,
                handle=self.author or _NOBODY,
                bot=(self.author or "").casefold() in bots,
            ),
            text=self.text,
            created_at=datetime.fromtimestamp(self.created, UTC),
            url=self.url,
            in_reply_to=self.parent,
            # made of the words and not of the time of the edit, which not every listing tells
            edit_mark=self.check if self.edited or edited else "",
        )


def community_of(url: str) -> str:
    """Return the community, casefolded, that an address leads into; "" when it leads into none."""
    found = _PLACE.match(url)
    if not found:
        return ""
    return (found[2] if found[1] == "r" else f"u_{found[2]}").casefold()


def name_of(thing: object) -> str:
    """Return the full name of a thing; "" when it has none."""
    data = thing.get("data") if isinstance(thing, Mapping) else None
    name = data.get("name") if isinstance(data, Mapping) else None
    return name if isinstance(name, str) else ""


def read(thing: object) -> Item:
    """Return what a thing says; raises Unreadable."""
    if not isinstance(thing, Mapping) or not isinstance(thing.get("data"), Mapping):
        raise Unreadable("it is no thing with kind and data")
    kind, data = thing.get("kind"), thing["data"]
    fields = _Fields(data)
    if kind == "t3":
        return _post(fields)
    if kind in {"t1", "t4"}:
        return _comment(fields, private=kind == "t4")
    raise Unreadable(f"its kind is {str(kind)[:20]!r}, not t1, t3 or t4")


def unreadable(name: str, created: float) -> Item:
    """Return what stands for something unreadable where names are remembered; it belongs to no thread."""
    return Item(
        name=name,
        author=None,
        author_id="",
        text="",
        created=created,
        edited=False,
        gone=False,
        thread="",
        parent=None,
        url="",
        closed="",
    )


class _Fields:
    """The fields of a thing, each of the type that it has to have."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data

    def word(self, name: str, default: str | None = None) -> str:
        value = self._data.get(name, default)
        value = default if value is None else value
        if not isinstance(value, str):
            raise Unreadable(f"{name} is no text")
        return value

    def flag(self, name: str) -> bool:
        return bool(self._data.get(name))  # `edited` is false or a time

    def path(self, name: str) -> str:
        """Return the path of an address on the site, without the question behind it."""
        return self.word(name, "").partition("?")[0]

    def hidden(self) -> bool:
        """Whether moderators, and we as one of them, alone see it."""
        return self.flag("removed") or self.flag("spam")

    def name(self) -> str:
        name = self.word("name")
        if not re.fullmatch(r"t[134]_[0-9a-z]+", name):
            raise Unreadable("name is no full name, like t1_abc")
        return name

    def created(self) -> float:
        value = self._data.get("created_utc")
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 4e10:
            raise Unreadable("created_utc is no time in seconds")
        return float(value)

    def author(self) -> str | None:
        author = self.word("author", _NOBODY)
        return None if author == _NOBODY else author

    def author_id(self) -> str:
        return self.word("author_fullname", "") or f"u/{self.word('author', _NOBODY)}"


def _comment(fields: _Fields, *, private: bool) -> Item:
    """Read a comment; the inbox gives `context`, and no `link_id`, `permalink` or `edited`."""
    name, text, author = fields.name(), fields.word("body"), fields.author()
    path = fields.path("permalink") or fields.path("context")
    thread = fields.word("link_id", "")
    if not thread and (found := _COMMENTS.search(path)):
        thread = f"t3_{found[1]}"
    if not (thread or private):
        raise Unreadable("neither link_id nor context tells the post it belongs to")
    if not path and thread:
        path = f"/r/{fields.word('subreddit', '')}/comments/{thread[3:]}/_/{name[3:]}/"
    taken = text.strip().casefold() in _TAKEN
    return Item(
        name=name,
        author=author,
        author_id=fields.author_id(),
        text=text,
        created=fields.created(),
        edited=fields.flag("edited"),
        # somebody may have written just that; but who wrote it, is there
        gone=(taken and (author is None or text.strip().casefold() != _NOBODY)) or fields.hidden(),
        thread=thread,
        parent=fields.word("parent_id", "") or None,
        url=f"{_SITE}{path}" if path.startswith("/") else "",
        closed=_closed(fields, "comment"),
    )


def _post(fields: _Fields) -> Item:
    """Read a post: its title, its words and the address that it is about."""
    title, words = fields.word("title"), fields.word("selftext", "")
    about = "" if fields.flag("is_self") else fields.word("url", "")
    path, name = fields.path("permalink"), fields.name()
    taken = bool(_TAKEN & {title.strip().casefold(), words.strip().casefold()})
    return Item(
        name=name,
        author=fields.author(),
        author_id=fields.author_id(),
        text="\n\n".join(part for part in (title, words, about) if part),
        created=fields.created(),
        edited=fields.flag("edited"),
        gone=taken or bool(fields.word("removed_by_category", "")) or fields.hidden(),
        thread=name,
        parent=None,
        url=f"{_SITE}{path}" if path.startswith("/") else "",
        closed=_closed(fields, "post"),
    )


def _closed(fields: _Fields, what: str) -> str:
    """Return why a thing takes no answers, in a few words."""
    reasons = {
        "quarantine": "the community is quarantined",
        "locked": f"the {what} is locked",
        "archived": f"the {what} is archived",
    }
    for flag, why in reasons.items():
        if fields.flag(flag):
            return why
    if (by := fields.word("removed_by_category", "")) and by not in _OWN_DOING:
        return f"the {what} was removed"
    return ""
