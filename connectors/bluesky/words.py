"""Our words as Bluesky keeps them: how long they are, what in them is a link, and what holds them."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from responder.model.draft import Message

#: The kind of record that a post is.
POST = "app.bsky.feed.post"
#: The most a post holds: graphemes, which is what a person takes for one character, and bytes in UTF-8.
GRAPHEMES = 300
BYTES = 3_000

#: The digits of a record key, by their value.
_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"
#: 2023-01-01 in microseconds: our record keys tell a time from here on, for two years and two months.
_FIRST = 1_672_531_200_000_000
_CLOCK = 10

#: A link written out, as long as it goes on.
_LINK = re.compile(r"https?://\w[^\s<>\"“”„«»‹›，。、；！？（）]*", re.IGNORECASE)
_OPENING = {")": "(", "]": "["}


@dataclass(frozen=True, slots=True)
class Ref:
    """A post as it was at one time: its address, and the hash of its words."""

    uri: str
    cid: str

    def told(self) -> dict[str, str]:
        """Return it as the network takes it."""
        return {"uri": self.uri, "cid": self.cid}


def length(text: str) -> int:
    """Return how much of a post's room `text` takes: its graphemes, or its bytes where these come to more.

    Where letters of Indian scripts are joined, the network counts one and we two: never less than it.
    """
    import regex

    graphemes = len(regex.findall(r"\X", text))
    return max(graphemes, -(-len(text.encode()) * GRAPHEMES // BYTES))


def record_key(key: str) -> str:
    """Return the record key of a message: a TID, by nothing but the message's own key.

    The same key gives the same record key for ever. Its 56 bits of a hash look like a time of 2023 to
    2025: the network asks for the form of a time, and some readers distrust one that is to come.
    """
    drawn = int.from_bytes(sha256(key.encode()).digest()[:7])
    moment = _FIRST + (drawn >> _CLOCK)
    value = moment << _CLOCK | drawn & (1 << _CLOCK) - 1
    return "".join(_DIGITS[value >> shift & 31] for shift in range(60, -1, -5))


def moment_of(record_key: str) -> int | None:
    """Return the microseconds since 1970 that a TID tells; None when it is none."""
    if len(record_key) != 13 or not set(record_key) <= set(_DIGITS):
        return None
    value = 0
    for digit in record_key:
        value = value << 5 | _DIGITS.index(digit)
    return value >> _CLOCK


def reply(message: Message, root: Ref, parent: Ref, who: Callable[[str], str]) -> dict[str, Any]:
    """Return the record of our answer to `parent`; nothing in it changes between two attempts.

    `who` gives the lasting id behind a handle in our words, "" where there is none.
    """
    record: dict[str, Any] = {
        "$type": POST,
        "text": message.text,
        "createdAt": message.planned_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "reply": {"root": root.told(), "parent": parent.told()},
    }
    if message.language:
        record["langs"] = [message.language]
    if facets := [*_links(message.text), *_people(message.text, who)]:
        record["facets"] = sorted(facets, key=lambda one: int(one["index"]["byteStart"]))
    return record


def _links(text: str) -> Iterator[dict[str, Any]]:
    """Yield what makes links and tags work: links that are written out, and what else Bluesky's app finds."""
    from atproto_client.models.utils import get_model_as_dict
    from atproto_client.utils.facet_detection import detect_facets

    taken: list[range] = []
    for found in _LINK.finditer(text):
        uri = _trimmed(found[0])
        start = len(text[: found.start()].encode())
        taken.append(range(start, start + len(found[0].encode())))
        feature = {"$type": "app.bsky.richtext.facet#link", "uri": uri}
        yield _facet(start, start + len(uri.encode()), feature)
    for one in detect_facets(text):
        start = one.index.byte_start
        written_out = text.encode()[start:].startswith((b"http://", b"https://"))
        if not written_out and not any(start in place for place in taken):
            yield get_model_as_dict(one)


def _trimmed(uri: str) -> str:
    """Return a link without what belongs to the sentence around it."""
    while uri[-1] in ".,;:!?'…" or (uri[-1] in ")]" and uri.count(uri[-1]) > uri.count(_OPENING[uri[-1]])):
        uri = uri[:-1]
    return uri


def _facet(start: int, stop: int, feature: dict[str, str]) -> dict[str, Any]:
    index = {"byteStart": start, "byteEnd": stop}
    return {"$type": "app.bsky.richtext.facet", "index": index, "features": [feature]}


def _people(text: str, who: Callable[[str], str]) -> Iterator[dict[str, Any]]:
    """Yield what makes the handles in our words lead to people, and tells these."""
    from atproto_client.utils.facet_detection import detect_mentions

    for one in detect_mentions(text):
        if did := who(one.handle):
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": did}
            yield _facet(one.byte_start, one.byte_end, feature)


def whole(record: Mapping[str, Any]) -> str:
    """Return the words of a record, with a link in full where the network's apps show it cut short.

    Positions are told by whoever wrote the post, in bytes: what does not fit is passed over.
    """
    text = str(record.get("text", ""))
    raw, end, pieces = text.encode(), 0, []
    for start, stop, uri in sorted(_told_links(record)):
        if end <= start < stop <= len(raw) and _is_cut(raw[start:stop], uri):
            pieces += [raw[end:start], uri.encode()]
            end = stop
    return b"".join([*pieces, raw[end:]]).decode(errors="replace") if pieces else text


def _told_links(record: Mapping[str, Any]) -> Iterator[tuple[int, int, str]]:
    facets = record.get("facets")
    for facet in facets if isinstance(facets, list) else ():
        match facet:
            case {"index": {"byteStart": int(start), "byteEnd": int(stop)}, "features": [*features]}:
                for feature in features:
                    match feature:
                        case {"$type": "app.bsky.richtext.facet#link", "uri": str(uri)}:
                            yield start, stop, uri
                        case _:
                            pass
            case _:
                pass


def _is_cut(shown: bytes, uri: str) -> bool:
    """Whether what is shown is the beginning of the link and dots."""
    words = shown.decode(errors="replace")
    begun = words.removesuffix("...").removesuffix("…")
    bare = uri.partition("://")[2] or uri
    return begun not in {"", words} and any(
        form.lower().startswith(begun.lower()) for form in (uri, bare, bare.removeprefix("www."))
    )
