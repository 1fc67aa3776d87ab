"""Replay: reads posts from a JSONL or CSV file and answers into an outbox file, like a network."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, BinaryIO

from connectors.replay.options import checked
from connectors.replay.outbox import Outbox, needle
from connectors.replay.posts import Post, Reading, Unreadable
from connectors.replay.rows import Place, Row, csv_rows, cursor_at, json_rows, opened, place_of
from responder.connector import Answerable, Eligibility, Limits, Look, Page, Refused, Sight, Unread
from responder.model.delivery import Receipt, Shown
from responder.model.draft import Message
from responder.model.mention import Mention

__all__ = ["Replay"]

#: The longest reply by network, in characters.
_LENGTHS = {"x": 280, "bluesky": 300, "mastodon": 500, "reddit": 10_000}
#: A page of long rows ends early, so that memory stays small; in bytes of the file.
_PAGE_BYTES = 4_000_000
_REPLACED = (
    "it was cut or replaced, and is read again from its start; a row without an id passes for the one that "
    "stood on its line before"
)
_HELD_UP = "a quote is opened and not closed; the rows after it wait for its end"
_NO_LINE_END = "the last row has no line end; the next poll reads it if nothing is added to it"


class Replay:
    """An account that lives in files; docs/connectors.md says what they may hold.

    `sync` makes what was written to a descriptor durable.
    """

    def __init__(
        self,
        account: str,
        options: Mapping[str, Any],
        _secret: Callable[[str], str],
        sync: Callable[[int], None] = os.fsync,
    ) -> None:
        self._account = account
        self._options = checked(options)
        self._file = self._options.file
        self._reading = Reading(account, self._options)
        self._outbox = Outbox(self._options.outbox, sync)
        self.network = self._options.network
        self.limits = Limits(length=_LENGTHS.get(self.network, 10_000))

    def poll(self, cursor: str | None) -> Page:
        """Return what the rows after `cursor` say, one page of them.

        A last row without its line end may be half written. In JSONL a whole one is told from a half; in CSV
        it is not, so one that could be whole is read when nothing was added since the poll before. A file
        that is not what was read before is read again from its start. Page.gap tells of both.
        """
        with opened(self._file, "file") as file:
            known = place_of(file, cursor) if cursor else Place()
            pile = _Pile(self._file.name, known or Place())
            if known is None:
                pile.say(_REPLACED)
            written = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
            for row in self._rows(file, pile.place):
                if not self._pile_up(pile, row, written) or pile.full(self._options.page):
                    break
            return pile.page(file)

    def eligibility(self, mention: Mention) -> Eligibility:
        """Say that a file takes every answer of its own account."""
        if mention.account != self._account:
            return Eligibility(answerable=Answerable.NO, detail=f"{self._account} did not hear it")
        return Eligibility(answerable=Answerable.API)

    def look(self, mention: Mention) -> Look:
        """Return the last word of the file and the outbox on `mention`.

        Reads the file from its start: slow on a large one, but right, and without an index in memory.
        """
        if self._outbox.answers(self._account, mention.external_id):
            return Look(sight=Sight.ANSWERED, detail=f"{self._options.outbox.name} holds our answer")
        last, since = None, dict[str, Mention]()
        for post in self._all_about(mention):
            if post.answers == mention.external_id:
                return Look(sight=Sight.ANSWERED, detail=f"{self._file.name} holds our answer")
            if post.id == mention.external_id:
                last = post if post.removed or post.mention else last
            elif last:
                _note(post, mention, since)
        if last is None:
            return Look(sight=Sight.GONE, detail=f"{self._file.name} does not hold it any more")
        if last.mention is None:
            return Look(sight=Sight.GONE, detail="its author removed it")
        return replace(_compared(mention, last.mention), since=tuple(since.values()))

    def send(self, message: Message, to: Mention) -> Receipt:
        """Append `message` to the outbox as one line."""
        length = self.limits.count(message.text)
        if length > self.limits.length:
            unit = self.limits.unit
            raise Refused(
                f"The reply has {length} {unit}; {self.network} takes {self.limits.length}. Shorten it."
            )
        if not message.text.strip():
            raise Refused("The reply is empty.")
        answer = {
            "id": f"reply-{message.key}",
            "at": message.planned_at.isoformat(),
            "in_reply_to": to.external_id,
            "account": self._account,
            "text": message.text,
            "audience": message.audience,
            "language": message.language,
            "key": message.key,
        }
        self._outbox.append(answer)
        return Receipt(remote_id=answer["id"], url="", text=message.text)

    def find_sent(self, message: Message, to: Mention) -> tuple[Receipt, ...]:
        """Look into the outbox for this account's answers to `to`."""
        unnamed = f"reply-{message.key}"
        return tuple(
            Receipt(remote_id=str(line.get("id", unnamed)), url="", text=str(line.get("text", "")))
            for line in self._outbox.answers(self._account, to.external_id)
        )

    def shown(self, receipt: Receipt, to: Mention) -> Shown:
        """Read an answer back from the outbox, which no stranger reads."""
        lines = self._outbox.answers(self._account, to.external_id)
        texts = [str(line.get("text", "")) for line in lines if line.get("id") == receipt.remote_id]
        return Shown(text=texts[0] if texts else None)

    def _rows(self, file: BinaryIO, place: Place, wanted: bytes = b"") -> Iterator[Row]:
        if not self._options.delimiter:
            return json_rows(file, place, wanted)
        rows = csv_rows(file, place, self._options.delimiter, self._options.named())
        return (row for row in rows if wanted in row.raw)

    def _pile_up(self, pile: "_Pile", row: Row, written: datetime) -> bool:
        """Put what `row` says on the pile; False when nothing after it can be read now."""
        seen = pile.place.seen
        if row.size == seen:  # read before its line end came
            return pile.pass_by(row)
        try:
            post = self._reading.post(row, written)
        except Unreadable as problem:
            if not row.ended:
                return pile.wait_for(row, _HELD_UP if row.holds_up else "")
            pile.set_aside(row, str(problem))
        else:
            if self._options.delimiter and not row.ended and seen != -row.length:
                return pile.wait_for(row, _NO_LINE_END)
            pile.keep(post, grown=seen > 0)
        return pile.pass_by(row)

    def _all_about(self, mention: Mention) -> Iterator[Post]:
        """Yield what every row says that may concern this post, or what its author wrote in the thread."""
        # a post without an id is called by its line, and one that begins a thread may name none
        ids = {needle(mention.external_id), needle(mention.thread)}
        wanted = b"" if mention.external_id.startswith("row-") or len(ids) > 1 else ids.pop()
        with opened(self._file, "file") as file:
            written = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
            for row in self._rows(file, Place(), wanted):
                try:
                    post = self._reading.post(row, written)
                except Unreadable:
                    continue
                if post:
                    yield post


class _Pile:
    """What a poll has read so far."""

    def __init__(self, name: str, place: Place) -> None:
        self.place = place
        self._told: list[str] = []
        self._start = place.offset
        self._done = place.offset
        self._rows = 0
        self._full = False
        self._name = name
        self._mentions: list[Mention] = []
        self._malformed: list[Unread] = []
        self._removed: list[str] = []

    def say(self, why: str, line: int = 0) -> None:
        """Keep the reason why something may be missing."""
        self._told.append(f"{self._name}:{line}: {why}" if line else f"{self._name}: {why}")

    def full(self, rows: int) -> bool:
        """Count one more row and say whether the page is full with it."""
        self._rows += 1
        self._full = self._rows >= rows or self.place.offset - self._start >= _PAGE_BYTES
        return self._full

    def pass_by(self, row: Row) -> bool:
        """Go on after a row; False when that is the end of the file."""
        self.place, self._done = row.after(), row.end
        return row.ended

    def keep(self, post: Post | None, *, grown: bool) -> None:
        """Keep a post; one that was read when only a part of it was written counts as edited since."""
        if post and post.removed:
            self._removed.append(post.id)
        elif post and post.mention and grown:
            mark = f"{post.mention.edit_mark} completed".strip()
            self._mentions.append(replace(post.mention, edit_mark=mark))
        elif post and post.mention:
            self._mentions.append(post.mention)

    def set_aside(self, row: Row, problem: str) -> None:
        """Keep a row that is not a post as it is."""
        body = row.raw[:40_000].decode(errors="replace")[:10_000]
        self._malformed.append(Unread(place=f"{self._name}:{row.line}", problem=problem, body=body))

    def wait_for(self, row: Row, why: str) -> bool:
        """Leave a row that may be half written for the next poll, and say why once; False: it is the last."""
        if why and self.place.seen == 0:
            self.say(why, row.line)
        if why and self.place.seen <= 0:
            self.place = Place(row.start, row.line - 1, -row.length)
        return False

    def page(self, file: BinaryIO) -> Page:
        """Return it all, with the cursor to go on from."""
        size = os.fstat(file.fileno()).st_size
        return Page(
            mentions=tuple(self._mentions),
            cursor=cursor_at(file, self.place),
            more=self._full and self._done < size,
            malformed=tuple(self._malformed),
            removed=tuple(self._removed),
            progress=min(1.0, self._done / size) if size else 1.0,
            gap="; ".join(self._told),
        )


def _note(post: Post, target: Mention, since: dict[str, Mention]) -> None:
    """Keep in `since` what the author of the target wrote in its thread, as long as it stands."""
    said = post.mention
    if post.removed:
        since.pop(post.id, None)
    elif said and (said.thread, said.author.id) == (target.thread, target.author.id):
        since[post.id] = said


def _compared(before: Mention, now: Mention) -> Look:
    """Tell whether the same post reads otherwise than before; if so, its edit mark is another one too."""
    if before.author.id != now.author.id and before.author.handle != now.author.handle:
        return Look(sight=Sight.GONE, detail="another person's post stands in its place")
    same = (before.text, before.audience) == (now.text, now.audience)
    if same and now.edit_mark in {"", before.edit_mark}:
        return Look(sight=Sight.PRESENT)
    if now.edit_mark in {"", before.edit_mark}:  # changed without a mark
        digest = sha256(f"{now.audience} {now.text}".encode()).hexdigest()
        now = replace(now, edit_mark=f"text {digest[:12]}")
    return Look(sight=Sight.CHANGED, now=now, detail="its author edited it")
