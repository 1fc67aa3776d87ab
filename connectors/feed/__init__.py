"""Feed: reads RSS and Atom, and a folder of signed posts; a person answers where they were written."""

import json
from collections.abc import Mapping
from typing import Any

from connectors.feed.entries import mark_of
from connectors.feed.fetch import Fetch
from connectors.feed.inbox import Inbox
from connectors.feed.options import checked
from connectors.feed.sources import Brought, Reader
from connectors.feed.standing import standing
from connectors.form import host_of
from responder.connector import (
    Answerable,
    ConnectorError,
    Eligibility,
    Limits,
    Look,
    Message,
    Page,
    Receipt,
    Refused,
    Secret,
    Shown,
    Sight,
    Standing,
)
from responder.model.mention import Mention

__all__ = ["Feed"]

_VERSION = 1
_INBOX = "inbox"
_UNKNOWN = "the cursor is none of ours; what stands in the sources now is told anew"


class Feed:
    """Feeds and a folder; docs/connectors.md says what they may hold.

    The secret `inbox_key` signs the posts of the folder, and is asked for when there is one.
    """

    def __init__(self, account: str, options: Mapping[str, Any], secret: Secret) -> None:
        self._account = account
        self._options = checked(options)
        folder = self._options.inbox
        self._inbox = Inbox(folder, account, lambda: secret("inbox_key")) if folder else None
        fetch = Fetch(self._options.hosts, self._options.private)
        self._reader = Reader(account, self._options, fetch)
        self.network = self._options.network
        self.limits = Limits(
            length=self._options.length,
            private_messages=False,
            hosts=self._options.hosts,
            sees_answers=False,
        )

    def poll(self, cursor: str | None) -> Page:
        """Return what is new in every feed and in the folder; one request a feed.

        A source that cannot be read is told once in Page.gap, and the others go on; when none can be read,
        what is wrong with the first is raised.
        """
        before, told, gap = _opened(cursor)
        kept, problems, read = dict[str, Any](), dict[str, str](), list[Brought]()
        failed: list[ConnectorError] = []
        for name in (*self._options.feeds, *((_INBOX,) if self._inbox else ())):
            try:
                brought = self._read(name, before.get(name))
            except ConnectorError as error:
                failed.append(error)
                problems[name] = str(error)
                kept |= {name: before[name]} if name in before else {}
            else:
                read.append(brought)
                kept[name] = brought.kept
                problems |= {name: brought.problem} if brought.problem else {}
        if failed and not read:
            raise failed[0]
        gap += [f"{host_of(name) or name}: {why}" for name, why in problems.items() if told.get(name) != why]
        state = {"v": _VERSION, "kept": kept, "problems": problems}
        mentions = [one for brought in read for one in brought.mentions]
        return Page(
            mentions=tuple(sorted(mentions, key=lambda one: one.created_at)),
            removed=tuple(one for brought in read for one in brought.removed),
            malformed=tuple(one for brought in read for one in brought.malformed),
            cursor=json.dumps(state, ensure_ascii=False, separators=(",", ":")),
            more=any(brought.more for brought in read),
            gap="; ".join(gap),
        )

    def eligibility(self, mention: Mention) -> Eligibility:
        """Say where a person can answer; without an address nobody can."""
        if mention.account != self._account:
            return Eligibility(answerable=Answerable.NO, detail=f"{self._account} did not hear it")
        if not mention.url:
            return Eligibility(answerable=Answerable.NO, detail="it came without an address to answer at")
        return Eligibility(answerable=Answerable.BY_HAND, detail=mention.url)

    def look(self, mention: Mention) -> Look:
        """Read the feed (one request) or the folder again: is it there, and unedited?

        Who answered it is told by neither.
        """
        source = mention.external_id.partition(" ")[0]
        if source == _INBOX and self._inbox:
            return self._reader.look_into_folder(self._inbox, mention)
        for feed in self._options.feeds:
            if mark_of(feed) == source:
                return self._reader.look_into_feed(feed, mention)
        return Look(sight=Sight.GONE, detail="it came from what the account reads no more")

    def send(self, message: Message, to: Mention) -> Receipt:  # noqa: ARG002 (the contract's)
        """Refuse: nothing of this takes an answer from us."""
        where = f" at {to.url}" if to.url else ""
        raise Refused(f"Nothing can be posted there from here. Answer by hand{where}.")

    def find_sent(self, message: Message, to: Mention) -> tuple[Receipt, ...]:  # noqa: ARG002 (the same)
        """Return nothing: what a person posted is not seen from here (`limits.sees_answers`)."""
        return ()

    def shown(self, receipt: Receipt, to: Mention) -> Shown:  # noqa: ARG002 (the same)
        """Return that nothing is seen from here."""
        return Shown(text=None)

    def whoami(self) -> Standing:
        """Say what can be read, for there is no login; one request a feed."""
        return standing(self._reader, self._inbox)

    def _read(self, name: str, kept: Any) -> Brought:
        if name == _INBOX and self._inbox:
            return self._reader.folder(self._inbox, kept if isinstance(kept, list) else [])
        return self._reader.feed(name, kept if isinstance(kept, dict) else None)


def _opened(cursor: str | None) -> tuple[dict[str, Any], dict[str, str], list[str]]:
    """Take a cursor apart: what is kept of each source, the problems that were told, and what to tell."""
    if cursor is None:
        return {}, {}, []
    try:
        state = json.loads(cursor)
        return dict(state["kept"]), dict(state["problems"]), []
    except (ValueError, TypeError, KeyError):
        return {}, {}, [_UNKNOWN]
