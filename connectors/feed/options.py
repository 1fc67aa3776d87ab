"""The [accounts.options] table of a feed account, checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from connectors.form import Form, host_of

#: Every option there is.
KNOWN = ("feeds", "inbox", "network", "own", "private", "history", "length")
#: So many feeds are read by one account; each is a request a poll.
MOST_FEEDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a feed account reads; docs/connectors.md explains every key."""

    feeds: tuple[str, ...]
    #: A folder of signed posts.
    inbox: Path | None
    network: str
    #: Names under which we write ourselves, casefolded.
    own: frozenset[str]
    #: Hosts of feeds that may have addresses of a private network.
    private: frozenset[str]
    #: How far back the first poll looks, in days; 0: as far as there is something.
    history: int
    #: The longest reply, in characters.
    length: int

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names of all servers."""
        return tuple(dict.fromkeys(host_of(feed) for feed in self.feeds))


def checked(options: Mapping[str, Any]) -> Options:
    """Return the options of one account; raises ValueError that lists every problem, one a line."""
    form = _Form(options, KNOWN)
    feeds = form.words("feeds")
    for feed in feeds:
        if not is_address(feed):
            form.problems.append(f"feeds: {feed[:100]!r} is no address like https://shop.example/reviews.xml")
    if len(feeds) > MOST_FEEDS:
        form.problems.append(f"feeds: {MOST_FEEDS} at the most")
    inbox = form.word("inbox", "")
    if not feeds and not inbox and not form.problems:
        form.problems.append("feeds: is missing, and so is inbox; name at least one of them")
    good = Options(
        feeds=tuple(dict.fromkeys(feeds)),
        inbox=Path(inbox).expanduser() if inbox else None,
        network=form.word("network", "feed"),
        own=frozenset(name.strip().casefold() for name in form.words("own")),
        private=frozenset(host.strip().lower() for host in form.words("private")),
        history=form.whole("history", 7, 0, 3650),
        length=form.whole("length", 10_000, 50, 1_000_000),
    )
    form.close()
    return good


def is_address(told: str) -> bool:
    """Whether this is an address of the web that can be asked for, without a login in it."""
    try:
        url = urlsplit(told)
        port = url.port
    except ValueError:
        return False
    fine = url.scheme in {"http", "https"} and bool(url.hostname) and port != 0
    return fine and url.username is None and not re.search(r"[\s\\\0]", told)


class _Form(Form):
    """What a feed account may be told."""

    def word(self, key: str, default: str) -> str:
        """Return a text; the default where it is not given."""
        told = self._options.get(key, default)
        if not isinstance(told, str) or (key in self._options and not told.strip()) or "\0" in told:
            self.problems.append(f"{key}: must be a text")
            return default
        return told

    def words(self, key: str) -> tuple[str, ...]:
        """Return a list of texts."""
        told = self._options.get(key, [])
        if not isinstance(told, list | tuple) or not all(
            isinstance(one, str) and one.strip() for one in told
        ):
            self.problems.append(f"{key}: must be a list of texts")
            return ()
        return tuple(told)
