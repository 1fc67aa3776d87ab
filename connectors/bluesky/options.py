"""The [accounts.options] table of a Bluesky account, checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from connectors.form import Form, host_of, server_address

#: Every option there is.
KNOWN = (
    "handle", "service", "searches", "search_every", "languages", "public_view", "messages", "days", "page",
    "proxy",
)  # fmt: skip
#: A handle, or the lasting id of an account.
HANDLE = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?|did:[a-z]+:\S+"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a Bluesky account is read and answered; docs/connectors.md explains every key."""

    handle: str
    service: str
    searches: tuple[str, ...]
    #: Seconds between two runs of one search.
    search_every: int
    #: ISO 639-1; posts that a search found in another one are left out. Empty: all.
    languages: frozenset[str]
    #: Where a reply is read back as a stranger; "" for not at all.
    public_view: str
    #: Whether customers can write us a private message there.
    messages: bool
    #: How far back the first poll reads.
    days: int
    #: Posts a request.
    page: int
    proxy: str | None

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts that are talked to."""
        told = host_of(self.service), host_of(self.public_view)
        return tuple(dict.fromkeys(filter(None, told)))


def checked(options: Mapping[str, Any]) -> Options:
    """Return the options of one account; raises ValueError that lists every problem, one a line."""
    form = _Form(options, KNOWN)
    good = Options(
        handle=form.handle(),
        service=form.address("service", "https://bsky.social"),
        searches=form.words("searches", "words to look for", most=10),
        search_every=form.whole("search_every", 900, 300, 86_400),
        languages=frozenset(form.words("languages", "codes of two letters", most=100, form="[a-z]{2}")),
        public_view=form.address("public_view", ""),
        messages=form.flag("messages"),
        days=form.whole("days", 7, 1, 90),
        page=form.whole("page", 100, 1, 100),
        proxy=form.proxy(),
    )
    form.close()
    return good


class _Form(Form):
    """What a Bluesky account may be told."""

    def handle(self) -> str:
        """Return whose account it is."""
        value = self._options.get("handle", "")
        name = value.strip().removeprefix("@").lower() if isinstance(value, str) else ""
        if not HANDLE.fullmatch(name):
            said = "must be" if "handle" in self._options else "is missing; it is"
            self.problems.append(f"handle: {said} the account's handle, like acme.bsky.social")
        return name

    def address(self, key: str, default: str) -> str:
        """Return the address of a server, without a slash at its end; "" where there need be none."""
        value = self._options.get(key, default)
        if value == default == "":
            return ""
        if found := server_address(value):
            return found
        what = "the address of a server, https:// and a name"
        self.problems.append(f"{key}: must be {what}, like {default or 'https://public.api.bsky.app'}")
        return default

    def words(self, key: str, what: str, *, most: int, form: str = r".*\S.*") -> tuple[str, ...]:
        """Return a list of texts."""
        value = self._options.get(key, [])
        good = isinstance(value, list | tuple) and all(
            isinstance(one, str) and re.fullmatch(form, one) and len(one) <= 200 for one in value
        )
        if not good or len(value) > most:
            self.problems.append(f"{key}: must be a list of {what}, {most} at the most")
            return ()
        return tuple(dict.fromkeys(one.strip() for one in value))

    def proxy(self) -> str | None:
        """Return the address of a proxy, if one is told."""
        value = self._options.get("proxy")
        if value is None:
            return None
        if not _is_proxy(value):
            self.problems.append("proxy: must be an address like http://proxy.example:3128")
            return None
        return str(value)


def _is_proxy(value: object) -> bool:
    """Whether this is the address of a server, and no more than that."""
    try:
        parts = urlsplit(value) if isinstance(value, str) else urlsplit("")
        more = parts.username or parts.query or parts.fragment or parts.path.strip("/") or parts.port == 0
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not more
