"""What a feed says, entry by entry; it is taken apart by feedparser, after what could blow up was refused."""

import calendar
import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

from connectors.once.passage import hush
from connectors.plain import plain
from responder.connector import Malformed, Unavailable
from responder.model.mention import Author, Mention

#: More entries of one feed are not read; the newest are.
MOST = 1000
_ANY_DAY_NOW = datetime.max.replace(tzinfo=UTC)
#: How a document says which letters it is written in.
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_CHARSET = re.compile(r"""charset\s*=\s*"?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
#: The only codecs a stranger may choose: others (utf-7, punycode, zip ...) hide what they hold.
_LETTERS = re.compile(
    r"utf-?(8|16|32)(-?[bl]e)?|ascii|iso8859-\d+|cp\d+|koi8-[rtu]|mac-\w+|gb2312|gbk|gb18030|big5\w*|euc[_-]\w+|shift_jis\w*"
)
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PROLOGUE = re.compile(r"^\ufeff?\s*<\?xml[^>]*\?>")
#: What may stand before the first element. A part of its own in the name of what it is, and there alone, can
#: make a few letters into gigabytes; feedparser looks for one in comments too, so none may stand there.
_BEFORE = re.compile(
    r"""\s+|<!--(?:(?!-->|<!DOCTYPE|<!ENTITY).)*-->|<\?(?:(?!\?>|<!DOCTYPE|<!ENTITY).)*\?>"""
    r"""|<!DOCTYPE(?=\s)(?:[^<>\[\]"']|"[^"<>]*"|'[^'<>]*')*>""",
    re.IGNORECASE | re.DOTALL,
)
_END = re.compile(r"</(?:\w+:)?(?:rss|feed|rdf|channel)\s*>", re.IGNORECASE)


class Unreadable(Exception):
    """Something is no entry that says anything; the message says why."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as it was read."""

    #: Its entries as feedparser gives them; the newest where there are many.
    entries: tuple[Mapping[str, Any], ...]
    language: str | None


def read(body: bytes, content_type: str, address: str, host: str) -> Feed:
    """Take a feed apart; raises Malformed for what is none or could blow up, Unavailable for a half one."""
    text = _PROLOGUE.sub("", _decoded(body, content_type, host))
    if _declares(text):
        raise Malformed(f"{host} declares entities in its feed; such a feed is not read.")
    import feedparser

    hush("feedparser")
    told = feedparser.parse(
        BytesIO(text.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": address},
        sanitize_html=False,
    )
    if not told.get("version") and not told.entries:
        raise Malformed(f"{host} has no feed there; it is neither RSS nor Atom.")
    if not _END.search(text, max(0, len(text) - 10_000)):
        raise Unavailable(f"{host} sent a part of its feed only.")
    # its own dict finds things under other names too, and warns of it
    return Feed(tuple(_newest([dict(one) for one in told.entries])), told.feed.get("language"))


def _newest(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return as many as are read: of more than that the newest, wherever they stand."""
    if len(entries) <= MOST:
        return entries
    return sorted(entries, key=lambda one: moment(one) or _ANY_DAY_NOW, reverse=True)[:MOST]


def mention(
    entry: Mapping[str, Any], feed: str, account: str, *, now: datetime, language: str | None
) -> Mention:
    """Return an entry as a mention; raises Unreadable. `now` is the time of one that tells none.

    A feed tells of no conversations, and not always who wrote: each entry is a thread of its own, and where
    nobody is named a stranger of its own.
    """
    name = name_of(entry, feed)
    author = _author(entry, name)
    said = _words(entry)
    if not said.strip():
        raise Unreadable("it says nothing")
    code = str(entry.get("language") or _content(entry).get("language") or language or "").lower()
    code = code.replace("_", "-").partition("-")[0]
    link = str(entry.get("link") or "")
    return Mention(
        account=account,
        external_id=name,
        thread=name,
        author=author,
        text=said,
        created_at=moment(entry) or now,
        url=link if link.startswith(("https://", "http://")) else "",
        language=code if code.isalpha() else None,
    )


def name_of(entry: Mapping[str, Any], feed: str) -> str:
    """Return what an entry is called among those of all feeds, for good; raises Unreadable."""
    told = str(entry.get("id") or entry.get("link") or "").strip()
    if not told:
        title, at = entry.get("title"), entry.get("published")
        if not title and not entry.get("summary"):
            raise Unreadable("it has neither a name nor words")
        told = sha256(f"{title}\n{at}\n{entry.get('summary') if not at else ''}".encode()).hexdigest()[:32]
    if len(told) > 200:
        told = sha256(told.encode("utf-8", "replace")).hexdigest()[:32]
    return f"{mark_of(feed)} {told}"


def mark_of(feed: str) -> str:
    """Return what tells the entries of one feed from those of another."""
    return sha256(feed.encode()).hexdigest()[:8]


def apart(mention: Mention) -> Mention:
    """Return an entry under a name of its own, by who says what: its feed calls several by one name."""
    said = sha256(f"{mention.author.id}\n{mention.text}".encode("utf-8", "replace")).hexdigest()[:12]
    name, author = f"{mention.external_id} {said}", mention.author
    if author.id == _nobody(mention.external_id):
        author = replace(author, id=_nobody(name))
    return replace(mention, external_id=name, thread=name, author=author)


def edited(text: str) -> str:
    """Return the mark of words that were others before."""
    return f"text {sha256(text.encode('utf-8', 'replace')).hexdigest()[:12]}"


def _declares(text: str) -> bool:
    """Whether a document declares something of its own before its first element, or may do so."""
    end = 0
    while found := _BEFORE.match(text, end):
        end = found.end()
    return text.startswith(("<!", "<?"), end)


def _decoded(body: bytes, content_type: str, host: str) -> str:
    """Return a document as text, in the letters that it begins with, declares, or was sent with."""
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return body.decode(codec, "replace")
    declared, sent = _DECLARED.match(body[:200]), _CHARSET.search(content_type)
    told = declared[1].decode() if declared else sent[1] if sent else "utf-8"
    try:
        codec = codecs.lookup(told).name
    except LookupError:
        codec = ""
    if not _LETTERS.fullmatch(codec):
        raise Malformed(f"{host} sends its feed in letters that we do not read ({told[:40]}).")
    return body.decode(codec, "replace")


def _words(entry: Mapping[str, Any]) -> str:
    """Return the title and the words of an entry; a title that only begins the words is left out."""
    title = _text(entry.get("title_detail") or {}).strip()
    said = _text(_content(entry))
    begins = title.rstrip("…. ") if title.endswith(("…", "...")) else title
    return said if said.strip().startswith(begins) else f"{title}\n\n{said}".strip()


def _content(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the fullest of what an entry holds."""
    told = [one for one in entry.get("content") or [] if isinstance(one, Mapping)]
    told += [entry["summary_detail"]] if isinstance(entry.get("summary_detail"), Mapping) else []
    return max(told, key=lambda one: len(str(one.get("value") or "")), default={})


def _text(detail: Mapping[str, Any]) -> str:
    value = str(detail.get("value") or "")
    return value if detail.get("type") == "text/plain" else plain(value)


def _author(entry: Mapping[str, Any], name: str) -> Author:
    detail = entry.get("author_detail")
    told = detail if isinstance(detail, Mapping) else {}
    shown = str(told.get("name") or entry.get("author") or "").strip()
    lasting = str(told.get("href") or told.get("email") or shown).strip()
    return Author(
        id=lasting or _nobody(name),
        handle=shown.removeprefix("@") or lasting.removeprefix("@"),
        name=shown,
    )


def _nobody(name: str) -> str:
    """Return what the author of an entry is called where the feed does not tell."""
    return f"author of {name}"[:255]


def moment(entry: Mapping[str, Any]) -> datetime | None:
    """Return when an entry was published, where it tells."""
    told = entry.get("published_parsed") or entry.get("created_parsed") or entry.get("updated_parsed")
    try:
        return datetime.fromtimestamp(calendar.timegm(told), UTC) if told else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None
