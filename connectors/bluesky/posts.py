"""A post as Bluesky shows it to us, read as a mention; what it says is checked, for anybody wrote it."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from connectors.bluesky.words import POST, Ref, whole
from responder.model.mention import Author, Mention
from responder.model.page import Unread

#: Labels by which the network keeps a post or an account from everybody.
HIDING = frozenset({"!hide", "!takedown", "!suspend"})
_LANGUAGE = re.compile(r"[a-z]{2}(?=-|$)")
_URI = re.compile(rf"at://(?P<did>did:[a-z0-9:.%_-]+)/{re.escape(POST)}/(?P<key>[\w.:~-]+)", re.IGNORECASE)

#: An object of the network's answers.
View = Mapping[str, Any]


class Unreadable(ValueError):
    """What stands where a post should be is none; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Post:
    """A post, and what of it no mention holds."""

    mention: Mention
    #: The first post of its thread, and the post itself.
    root: Ref
    here: Ref
    #: When the network says it came, as epoch seconds.
    indexed: float
    #: By which label the network hides it; "" when it does not.
    hidden: str


def read(account: str, view: View) -> Post:
    """Read a post out of a notification, a search's result or a thread; raises Unreadable."""
    try:
        author, record = view["author"], view["record"]
        here = Ref(str(view["uri"]), str(view["cid"]))
        place = _URI.fullmatch(here.uri)
        if place is None or record["$type"] != POST or not isinstance(record["text"], str):
            raise Unreadable("is no post")
        if not str(author["did"]).startswith("did:"):
            raise Unreadable("has no author")
        indexed = moment(view["indexedAt"])
        if indexed is None:
            raise Unreadable("has no time")
        answered = record.get("reply") or {}
        root = _ref(answered["root"]) if answered else here
        return Post(
            mention=Mention(
                account=account,
                external_id=here.uri,
                thread=root.uri,
                author=_author(author),
                text=whole(record) or _shown(record),
                created_at=min(moment(record.get("createdAt")) or indexed, indexed),
                url=web(here.uri),
                language=_language(record),
                in_reply_to=_ref(answered["parent"]).uri if answered else None,
                edit_mark=here.cid,
            ),
            root=root,
            here=here,
            indexed=indexed.timestamp(),
            hidden=next((label for label in labels(view, author) if label in HIDING), ""),
        )
    except (KeyError, TypeError, AttributeError, UnicodeError) as error:
        raise Unreadable(f"lacks {error}") from None


def unread(view: object, problem: Exception) -> Unread:
    """Return what could not be read, to be set aside."""
    place = view.get("uri", "") if isinstance(view, Mapping) else ""
    body = json.dumps(view, ensure_ascii=False, default=str)[:10_000]
    return Unread(place=str(place)[:500] or "a post without an address", problem=str(problem), body=body)


def web(uri: str) -> str:
    """Return where a person opens a post; the DID leads there whatever its author is called."""
    place = _URI.fullmatch(uri)
    return f"https://bsky.app/profile/{place['did']}/post/{place['key']}" if place else ""


def labels(*views: View) -> Iterator[str]:
    """Yield what a post or an account is labelled, and not that a label was taken back."""
    for view in views:
        for label in view.get("labels") or ():
            if isinstance(label, Mapping) and not label.get("neg"):
                yield str(label.get("val", ""))


def moment(told: object) -> datetime | None:
    """Read a time, to the millisecond that every part of the network keeps; None when it is none."""
    try:
        read = datetime.fromisoformat(str(told))
        if read.tzinfo is None:
            return None
        return read.astimezone(UTC).replace(microsecond=read.microsecond // 1000 * 1000)
    except (ValueError, OverflowError):
        return None


def replies(thread: View) -> Iterator[View]:
    """Yield every post beneath the first of a thread, whatever the order."""
    waiting = list(thread.get("replies") or ())
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping) and isinstance(one.get("post"), Mapping):
            yield one["post"]
            waiting.extend(one.get("replies") or ())


def _ref(told: View) -> Ref:
    return Ref(str(told["uri"]), str(told["cid"]))


def _author(view: View) -> Author:
    return Author(
        id=str(view["did"]),
        handle=str(view["handle"]),
        name=str(view.get("displayName") or ""),
        bot="bot" in labels(view),
    )


def _language(record: View) -> str | None:
    """Return the first language a post claims to be in, where it is one of two letters."""
    told = record.get("langs")
    found = _LANGUAGE.match(str(told[0]).lower()) if isinstance(told, list) and told else None
    return found[0] if found else None


def _shown(record: View) -> str:
    """Return, for a post without words, what is seen in their place."""
    embed = record.get("embed") or {}
    if pictures := embed.get("images"):
        return "\n".join(f"[picture: {one.get('alt') or 'not described'}]" for one in pictures)
    if "video" in embed:
        return f"[video: {embed.get('alt') or 'not described'}]"
    if link := embed.get("external"):
        return f"[link: {link.get('title') or ''} {link.get('uri') or ''}]"
    return ""
