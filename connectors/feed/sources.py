"""What is new in one feed or in the folder since the last poll."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from connectors.feed import entries, inbox
from connectors.feed.fetch import Fetch
from connectors.feed.inbox import Inbox
from connectors.feed.options import Options
from connectors.form import host_of
from connectors.once.answer import Answer, moment
from responder.connector import Look, Sight, Unread
from responder.model.mention import Mention

#: A poll reads so many files, and goes on with the next.
FILES = 200
#: So many entries that a feed does not hold any more are remembered: some feeds come and go.
_REMEMBERED = 200
#: So many posts of one file that cannot be read are set aside each by itself.
_BY_ITSELF = 20
#: What says that it is older than so many days (or than `history`) is taken for written when it is heard: a
#: feed that tells a wrong date would make it the most overdue of all.
_FAR = 365
#: What `history` may be.
_LONGEST = 3650
#: No time is counted back from further.
_START = datetime(1970, 1, 1, tzinfo=UTC)
#: When an entry says that it was published, and what it says.
_Entry = tuple[datetime | None, Mention]


@dataclass(slots=True)
class Brought:
    """What one source brought."""

    #: What is kept of it in the cursor.
    kept: Any
    mentions: list[Mention] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    malformed: list[Unread] = field(default_factory=list)
    more: bool = False
    #: What is wrong with it all the same.
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the sources of one account."""

    account: str
    options: Options
    fetch: Fetch

    def feed(self, address: str, kept: Mapping[str, Any] | None) -> Brought:
        """Return the entries of a feed that were not there before, and those with other words."""
        before = kept or {}
        conditions = {"If-None-Match": before.get("etag"), "If-Modified-Since": before.get("modified")}
        answer = self.fetch.get(address, {name: str(told) for name, told in conditions.items() if told})
        if answer.status == 304:
            return Brought(kept)
        found = self._taken_apart(answer, address)
        now, seen = _time(answer, found), before.get("seen", {})
        told, unread = self._told(found, address, now)
        parted = _told_apart(told, seen)
        here = {_short(raw): "" for raw, _ in unread}
        here |= {_short(one.external_id): _short(one.text) for _, one in parted}
        gone = dict([(key, mark) for key, mark in seen.items() if key not in here][:_REMEMBERED])
        said = {what: key for what, key in before.get("said", {}).items() if key not in here}
        keeps = {
            "etag": answer.headers.get("etag", ""),
            "modified": answer.headers.get("last-modified", ""),
            "seen": here | gone,
            "said": {what: key for what, key in said.items() if key in gone}
            | {_said(one): _short(one.external_id) for _, one in parted if one.url},
        }
        return Brought(
            keeps,
            mentions=list(self._news(parted, seen, said, now, first=kept is None)),
            malformed=[
                Unread(place=host_of(address), problem=problem, body=raw[:10_000])
                for raw, problem in unread
                if _short(raw) not in seen
            ],
        )

    def _news(
        self,
        parted: list[_Entry],
        seen: Mapping[str, str],
        said: Mapping[str, str],
        now: datetime,
        *,
        first: bool,
    ) -> Iterator[Mention]:
        """Give the entries that were not there before, and those with other words.

        `said`: what is in the feed no more under the name that it had; under a new one it is no news.
        """
        days, now = self.options.history, max(now, _START)
        floor = now - timedelta(days=days) if first and days else None
        far = now - timedelta(days=max(days or _LONGEST, _FAR))
        for at, mention in parted:
            key, mark = _short(mention.external_id), _short(mention.text)
            if seen.get(key) == mark or self._ours(mention):
                continue
            if key in seen:
                yield replace(mention, edit_mark=entries.edited(mention.text))
            elif not (floor and at and at < floor) and not (mention.url and _said(mention) in said):
                yield replace(mention, created_at=now) if at and at < far else mention

    def summary(self, address: str) -> str:
        """Read a feed, and say how much is in it and how new that is."""
        answer = self.fetch.get(address, {})
        found = self._taken_apart(answer, address)
        told, unread = self._told(found, address, _time(answer, found))
        newest = max((at for at, _ in told if at), default=None)
        counted = f"{len(told)} {'entry' if len(told) == 1 else 'entries'}"
        besides = f", and {len(unread)} that cannot be read" if unread else ""
        return counted + besides + (f"; the newest is of {newest:%Y-%m-%d %H:%M} UTC" if newest else "")

    def _told(
        self, found: entries.Feed, address: str, now: datetime
    ) -> tuple[list[_Entry], list[tuple[str, str]]]:
        """Return the entries of a feed, the oldest first, and what is none of them, with why."""
        told, unread = list[_Entry](), list[tuple[str, str]]()
        for entry in reversed(found.entries):
            try:
                mention = entries.mention(entry, address, self.account, now=now, language=found.language)
            except entries.Unreadable as problem:
                unread.append((json.dumps(entry, default=str, ensure_ascii=False), str(problem)))
            else:
                told.append((entries.moment(entry), mention))
        return told, unread

    def folder(self, box: Inbox, kept: list[str]) -> Brought:
        """Return what the files say that were not there before; each is read once."""
        files, besides = box.files()
        before, known = set(kept), {mark for _, mark in files}
        fresh = [one for one in files if one[1] not in before]
        brought = Brought(None, more=len(fresh) > FILES)
        if besides:
            brought.problem = (
                f"it holds more than {inbox.MOST:,} files; clear old ones away, or the newest are not read"
            )
        for file, _ in fresh[:FILES]:
            try:
                read = box.read(file)
            except FileNotFoundError:
                continue
            except inbox.Unreadable as problem:
                brought.malformed.append(Unread(place=file.name, problem=str(problem), body=_peek(file)))
                continue
            brought.malformed += _unread(file, read)
            brought.removed += [one.mention.external_id for one in read.letters if one.removed]
            brought.mentions += [
                one.mention for one in read.letters if not one.removed and not self._ours(one.mention)
            ]
        brought.kept = [mark for mark in kept if mark in known] + [mark for _, mark in fresh[:FILES]]
        return brought

    def look_into_feed(self, address: str, mention: Mention) -> Look:
        """Read a feed again for one entry."""
        answer = self.fetch.get(address, {})
        found = self._taken_apart(answer, address)
        times, alike, others = [], list[Mention](), list[Mention]()
        for entry in found.entries:
            times.append(entries.moment(entry))
            try:
                now = entries.mention(
                    entry, address, self.account, now=mention.created_at, language=found.language
                )
            except entries.Unreadable:
                continue
            others.append(now)
            alike += [one for one in (now, entries.apart(now)) if one.external_id == mention.external_id]
        if alike:
            now = next((one for one in alike if one.text == mention.text), alike[0])
            return _compared(mention, replace(now, created_at=mention.created_at), entries.edited(now.text))
        if mention.url and any(_said(one) == _said(mention) for one in others):
            return Look(sight=Sight.PRESENT)  # under another name
        if not found.entries or any(at and at < mention.created_at for at in times):
            return Look(sight=Sight.GONE, detail="it is not in the feed any more")
        return Look(sight=Sight.PRESENT)  # a feed holds the newest only

    def look_into_folder(self, box: Inbox, mention: Mention) -> Look:
        """Read the folder again for the last word on a post; who clears it away says nothing of the post."""
        last = None
        for file, _ in box.files()[0]:
            try:
                letters = box.read(file).letters
            except (FileNotFoundError, inbox.Unreadable):
                continue
            last = next((one for one in letters if one.mention.external_id == mention.external_id), last)
        if last is None:
            return Look(sight=Sight.PRESENT)
        if last.removed:
            return Look(sight=Sight.GONE, detail="its author removed it")
        told = last.mention.edit_mark
        mark = told if told != mention.edit_mark and told else entries.edited(last.mention.text)
        return _compared(mention, last.mention, mark)

    def _taken_apart(self, answer: Answer, address: str) -> entries.Feed:
        kind = answer.headers.get("content-type", "")
        return entries.read(answer.body, kind, address, host_of(address))

    def _ours(self, mention: Mention) -> bool:
        names = {mention.author.id, mention.author.handle, mention.author.name}
        return any(name.strip().casefold() in self.options.own for name in names if name)


def _told_apart(told: list[_Entry], seen: Mapping[str, str]) -> list[_Entry]:
    """Return entries with a name of its own for each, where their feed calls several alike.

    The name itself stays with the one that was heard under it, as it was or, where it is alone, edited.
    """
    alike: dict[str, set[str]] = {}
    for _, one in told:
        alike.setdefault(one.external_id, set()).add(entries.apart(one).external_id)
    parted = []
    for at, one in told:
        own, mark = entries.apart(one), seen.get(_short(one.external_id))
        many = len(alike[one.external_id]) > 1 and mark != _short(one.text)
        parted.append((at, own if many or _short(own.external_id) in seen else one))
    return parted


def _compared(before: Mention, now: Mention, mark: str) -> Look:
    if (now.text, now.audience) == (before.text, before.audience):
        return Look(sight=Sight.PRESENT, now=replace(now, edit_mark=before.edit_mark))
    return Look(sight=Sight.CHANGED, now=replace(now, edit_mark=mark), detail="its author edited it")


def _time(answer: Answer, found: entries.Feed) -> datetime:
    """Return the time by the server's clock, else that of the newest thing it tells of."""
    told = moment(answer.headers.get("date", "")) or moment(answer.headers.get("last-modified", ""))
    return told or max((at for at in map(entries.moment, found.entries) if at), default=_START)


def _said(mention: Mention) -> str:
    """Return what tells an entry whose feed calls it by another name each time: where, who, what."""
    return _short(f"{mention.url}\n{mention.author.handle}\n{mention.text}")


def _short(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


def _unread(file: Path, read: inbox.Read) -> list[Unread]:
    """Return what of a file is no post, each by itself, and the last of many together."""
    told = [
        Unread(place=file.name, problem=why, body=_short_json(raw)) for raw, why in read.unread[:_BY_ITSELF]
    ]
    if (left := len(read.unread) - len(told)) > 0:
        told.append(Unread(place=file.name, problem=f"{left:,} more posts in it are none", body=_peek(file)))
    return told


def _short_json(raw: object) -> str:
    try:
        return json.dumps(raw, ensure_ascii=False)[:10_000]
    except RecursionError:
        return ""


def _peek(file: Any) -> str:
    try:
        raw, _ = inbox.raw(file)
    except (OSError, inbox.Unreadable):
        return ""
    return raw.decode("utf-8", "replace")[:10_000]
