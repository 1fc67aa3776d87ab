"""A folder of signed posts, one a file: what a web server put there for a site that can only push."""

import errno
import hmac
import json
import os
import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from responder.connector import Unavailable
from responder.model.mention import Audience, Author, Mention

#: The longest file that is read, in bytes.
LONGEST = 256 * 1024
#: More files than these are not looked at.
MOST = 10_000
#: Where signatures are told: GitHub's way, which many follow, and a plain one.
_SIGNATURES = ("x-hub-signature-256", "x-signature-256", "x-signature")
_EMPTY_LINE = re.compile(rb"\r?\n\r?\n")
_HALF = (".tmp", ".part", ".swp", "~")


class Unreadable(Exception):
    """A file is no signed post; the message says why."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What one file says."""

    mention: Mention
    #: Its author took it back.
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """What one file says, and what in it is no post."""

    letters: tuple[Letter, ...]
    #: With why: a post that cannot be read keeps none of the others from being heard.
    unread: tuple[tuple[object, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Inbox:
    """Reads the files of a folder for one account; `key` gives the secret that signs them."""

    folder: Path
    account: str
    key: Callable[[], str]

    def files(self) -> tuple[list[tuple[Path, str]], int]:
        """Return the whole files in the order they were written, each with what tells it from others.

        Then how many there are besides, which nobody looks at. Raises Unavailable.
        """
        try:
            with os.scandir(self.folder) as found:
                whole = [
                    one for one in found if not one.name.startswith(".") and not one.name.endswith(_HALF)
                ]
            stats = [(one.stat(follow_symlinks=False), one.name) for one in whole]
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise Unavailable(f"{self.folder} cannot be read: {why}. Correct the option `inbox`.") from None
        told = sorted((stat.st_mtime_ns, name, stat.st_size) for stat, name in stats)
        files = [(self.folder / name, _mark(at, name, size)) for at, name, size in told[:MOST]]
        return files, len(told) - len(files)

    def read(self, file: Path) -> Read:
        """Return what one file says; raises Unreadable, and FileNotFoundError when it is gone by now."""
        whole, written = raw(file)
        head, *rest = _EMPTY_LINE.split(whole, maxsplit=1)
        if not rest:
            raise Unreadable("it has no empty line between its signature and its body")
        body = rest[0]
        self._signed(head, body)
        try:
            told = json.loads(body)
        except (ValueError, RecursionError):
            raise Unreadable("its body is not JSON") from None
        posts = told if isinstance(told, list) else [told]
        letters, unread = list[Letter](), list[tuple[object, str]]()
        for one in posts:
            try:
                letters.append(self._letter(one, written))
            except Unreadable as problem:
                unread.append((one, str(problem)))
        return Read(tuple(letters), tuple(unread))

    def _signed(self, head: bytes, body: bytes) -> None:
        """Raise Unreadable unless the body was signed with our secret."""
        lines = (line.partition(":") for line in head.decode("latin-1").splitlines())
        told = {name.strip().lower(): value.strip() for name, _, value in lines}
        signature = next((told[name] for name in _SIGNATURES if name in told), "")
        right = hmac.new(self.key().encode(), body, sha256).hexdigest()
        if not hmac.compare_digest(signature.lower().removeprefix("sha256=").encode(), right.encode()):
            raise Unreadable("it is not signed with our secret")

    def _letter(self, told: object, written: datetime) -> Letter:
        if not isinstance(told, Mapping):
            raise Unreadable("a post in it is no JSON object")
        name = _word(told, "id")
        if not name:
            raise Unreadable("a post in it has no id")
        removed = told.get("removed") is True
        text = told.get("text")
        if not isinstance(text, str) or not (text.strip() or removed):
            raise Unreadable("a post in it has no text")
        author, url = _word(told, "author").removeprefix("@"), _word(told, "url")
        lasting = _word(told, "author_id") or author or f"author of {name}"[:255]
        mention = Mention(
            account=self.account,
            external_id=f"inbox {name}",
            thread=f"inbox {_word(told, 'thread') or name}",
            author=Author(id=lasting, handle=author, name=_word(told, "name"), bot=told.get("bot") is True),
            text=text,
            created_at=_moment(told.get("created_at")) or written,
            url=url if url.startswith(("https://", "http://")) else "",
            language=_language(told),
            edit_mark=_word(told, "edited"),
            audience=Audience.PRIVATE if told.get("audience") == "private" else Audience.PUBLIC,
        )
        return Letter(mention, removed)


def _mark(at: int, name: str, size: int) -> str:
    return sha256(f"{at} {size} {name}".encode("utf-8", "replace")).hexdigest()[:12]


def raw(file: Path) -> tuple[bytes, datetime]:
    """Return a file, and when it was written; raises Unreadable unless it is one, and small, and no link."""
    try:
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise
    except OSError as error:
        what = "it is a link" if error.errno == errno.ELOOP else error.strerror or "it cannot be read"
        raise Unreadable(what) from None
    try:
        told = os.fstat(descriptor)
        if not stat.S_ISREG(told.st_mode):
            raise Unreadable("it is no file")
        with os.fdopen(descriptor, "rb", closefd=False) as opened:
            whole = opened.read(LONGEST + 1)
    finally:
        os.close(descriptor)
    if len(whole) > LONGEST:
        raise Unreadable(f"it is longer than {LONGEST:,} bytes")
    return whole, datetime.fromtimestamp(told.st_mtime, UTC)


def _word(told: Mapping[str, Any], key: str) -> str:
    value = told.get(key)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Unreadable(f"its {key} is neither a text nor a whole number")
    return str(value).strip()


def _moment(told: object) -> datetime | None:
    if told is None:
        return None
    try:
        read = datetime.fromisoformat(str(told))
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise Unreadable("its created_at is no time like 2026-03-02T09:00:00Z") from None


def _language(told: Mapping[str, Any]) -> str | None:
    code = _word(told, "language").lower().replace("_", "-").partition("-")[0]
    return code if code.isalpha() and code != "und" else None
