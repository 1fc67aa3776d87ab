"""What a row says: a stranger's post, a removal, or a word of our own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from zlib import crc32

from connectors.replay.columns import COLUMNS, moment
from connectors.replay.options import Options
from connectors.replay.rows import Row
from responder.model.mention import Audience, Author, Mention
from responder.model.visible import one_line

_YES = {"true", "yes", "1"}
_NO = {"false", "no", "0", ""}


class Unreadable(ValueError):
    """A row is not a post; the message says why, for a person."""


class Post(NamedTuple):
    """A row that concerns us."""

    id: str
    #: None when the post is our own or was removed.
    mention: Mention | None
    removed: bool = False
    #: The post that this one of ours answers; "" for a stranger's.
    answers: str = ""


class Reading:
    """Reads rows the way an account's options say."""

    def __init__(self, account: str, options: Options) -> None:
        self._account = account
        self._options = options
        self._columns = {name: options.columns.get(name, name) for name in COLUMNS}

    def post(self, row: Row, written: datetime) -> Post | None:
        """Return what `row` says; None when it is not for this account.

        `written` is the time of a post that tells none. Raises Unreadable.
        """
        if row.fault:
            raise Unreadable(row.fault)
        values = row.values
        if values is None or not self._concerns_us(values):
            return None
        post_id = self._cell(values, "id") or _place_and_words(row)
        if self._flag(values, "removed"):
            return Post(post_id, None, removed=True)
        author = self._author(values, post_id)
        in_reply_to = self._cell(values, "in_reply_to")
        if self._flag(values, "own") or not self._options.own.isdisjoint(
            {author.id.casefold(), author.handle.casefold()}
        ):
            return Post(post_id, None, answers=in_reply_to)
        url = self._cell(values, "url")
        edited = self._cell(values, "edited")
        mention = Mention(
            account=self._account,
            external_id=post_id,
            thread=self._cell(values, "thread") or post_id,
            author=author,
            text=self._text(values),
            created_at=self._time(values) or written,
            url=url if url.startswith(("https://", "http://")) else "",  # it becomes a link on a page
            language=self._language(values),
            in_reply_to=in_reply_to or None,
            edit_mark="" if edited.lower() in _NO else edited,
            audience=self._audience(values),
        )
        return Post(post_id, mention)

    def _concerns_us(self, values: Mapping[str, Any]) -> bool:
        options = self._options
        return all(_word(values.get(column)) not in words for column, words in options.skip.items()) and all(
            _word(values.get(column)) in words for column, words in options.only.items()
        )

    def _cell(self, values: Mapping[str, Any], name: str) -> str:
        """Return a value as text, "" when there is none."""
        value = values.get(self._columns[name])
        if value is None:
            return ""
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, int):
            value = str(value)
        if not isinstance(value, str):
            raise Unreadable(f"{name} is neither text nor a whole number")
        if len(value) > COLUMNS[name]:
            raise Unreadable(f"{name} is longer than {COLUMNS[name]:,} characters")
        return value.strip()

    def _text(self, values: Mapping[str, Any]) -> str:
        """Return the text exactly as it stands."""
        if not self._cell(values, "text"):
            raise Unreadable(f"it has no text (column {self._columns['text']!r})")
        text = values[self._columns["text"]]
        if not isinstance(text, str):
            raise Unreadable("text is not text")
        return text

    def _flag(self, values: Mapping[str, Any], name: str) -> bool:
        word = self._cell(values, name).lower()
        if word in _NO:
            return False
        if word in _YES:
            return True
        raise Unreadable(f"{name} is {one_line(word, 40)!r}, which is neither true nor false")

    def _author(self, values: Mapping[str, Any], post_id: str) -> Author:
        handle = self._cell(values, "author").removeprefix("@")
        lasting = self._cell(values, "author_id").removeprefix("@")
        return Author(
            # nobody knows whether two posts without an author are from one person: two people, then
            id=lasting or handle or f"author of {post_id}"[:255],
            handle=handle or lasting,
            name=self._cell(values, "name"),
            followers=self._followers(values),
            bot=self._flag(values, "bot"),
        )

    def _followers(self, values: Mapping[str, Any]) -> int | None:
        value = values.get(self._columns["followers"])
        if value is None or not str(value).strip():
            return None
        try:
            number = float(value)  # spreadsheets and data frames write 120.0
        except (TypeError, ValueError, OverflowError):
            number = -1.0
        if not 0 <= number < 2**53 or not number.is_integer():
            raise Unreadable("followers is not a whole number")
        return int(number)

    def _language(self, values: Mapping[str, Any]) -> str | None:
        code = self._cell(values, "language").lower().replace("_", "-").partition("-")[0]
        return None if code in {"", "und"} else code  # X writes und for "not told"

    def _audience(self, values: Mapping[str, Any]) -> Audience:
        word = self._cell(values, "audience").lower() or Audience.PUBLIC
        if word not in set(Audience):
            raise Unreadable(f"audience is {one_line(word, 40)!r}, which is neither public nor private")
        return Audience(word)

    def _time(self, values: Mapping[str, Any]) -> datetime | None:
        value = values.get(self._columns["created_at"])
        if value is None or not str(value).strip():
            return self._options.created
        try:
            return moment(value)
        except ValueError:
            shown = one_line(str(value)[:100], 40)
            raise Unreadable(f"created_at is {shown!r}, which is not a time of a post") from None


def _place_and_words(row: Row) -> str:
    """Return the id of a post without one: its line and its words, so that another file has other ids."""
    return f"row-{row.line}-{crc32(row.raw.strip()):08x}"


def _word(value: object) -> str:
    """Return a value as `skip` and `only` compare it."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
