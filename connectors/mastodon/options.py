"""The [accounts.options] table of a Mastodon account, checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

#: Every option there is.
KNOWN = ("server", "visibility", "warnings", "hashtags", "searches", "history", "length", "page")
#: Who may see a reply to a public post, from many to few.
VISIBILITIES = ("public", "unlisted", "direct")
#: Where a server may be spoken to without TLS: on this machine.
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_TAG = re.compile(r"#?\w{1,100}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Which account we are, and what we listen to; docs/connectors.md explains every key."""

    #: Without a path: https://social.example
    server: str
    visibility: str
    #: Whether a reply carries the content warning of the post it answers.
    warnings: bool
    #: Without #, in small letters.
    hashtags: tuple[str, ...]
    searches: tuple[str, ...]
    #: How far back the first poll looks, in days; 0: as far as there is something.
    history: int
    #: The longest post, as the server counts, with what a reply begins with.
    length: int
    #: Posts a request.
    page: int

    @property
    def host(self) -> str:
        """The name of the server."""
        return host_of(self.server)


def checked(options: Mapping[str, Any]) -> Options:
    """Return the options of one account; raises ValueError that lists every problem, one a line."""
    form = _Form(options)
    tags = form.words("hashtags", _TAG, "words like acme")
    good = Options(
        server=form.server(),
        visibility=form.choice("visibility", "unlisted", VISIBILITIES),
        warnings=form.choice("warnings", "copy", ("copy", "leave")) == "copy",
        hashtags=tuple(dict.fromkeys(tag.removeprefix("#").lower() for tag in tags)),
        searches=form.words("searches", re.compile(r"(?s).{1,200}"), "texts of 1 to 200 characters"),
        history=form.number("history", 7, 0, 3650),
        length=form.number("length", 500, 140, 1_000_000),
        page=form.number("page", 40, 1, 80),
    )
    if form.problems:
        raise ValueError("\n".join(form.problems))
    return good


class _Form:
    """Reads one option after another and collects what is wrong with them."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._options = options
        self.problems: list[str] = []
        for key in options:
            if key not in KNOWN:
                near = get_close_matches(str(key), KNOWN, n=1)
                hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(KNOWN)}"
                self.problems.append(f"{key}: is not known; {hint}")

    def server(self) -> str:
        """Return the address of the server."""
        told = self._options.get("server")
        if told is None:
            self.problems.append("server: is missing; it is an address like https://social.example")
            return ""
        if found := address(told):
            return found
        self.problems.append("server: must be an address like https://social.example, with nothing after it")
        return ""

    def choice(self, key: str, default: str, among: tuple[str, ...]) -> str:
        """Return one of a few words."""
        told = self._options.get(key, default)
        if told not in among:
            self.problems.append(f"{key}: must be one of {', '.join(among)}")
            return default
        return str(told)

    def words(self, key: str, each: re.Pattern[str], what: str) -> tuple[str, ...]:
        """Return a list of texts, each once."""
        told = self._options.get(key, [])
        fine = isinstance(told, list | tuple) and all(
            isinstance(one, str) and each.fullmatch(one) for one in told
        )
        if not fine or any(not one.strip() for one in told):
            self.problems.append(f"{key}: must be a list of {what}")
            return ()
        return tuple(told)

    def number(self, key: str, default: int, least: int, most: int) -> int:
        """Return a whole number."""
        told = self._options.get(key, default)
        if isinstance(told, bool) or not isinstance(told, int) or not least <= told <= most:
            self.problems.append(f"{key}: must be a whole number from {least} to {most}")
            return default
        return told


def address(told: object) -> str:
    """Return an address without the slash at its end; "" when it is none of a server."""
    if not isinstance(told, str) or re.search(r"[\s\\@?#\0]", told):
        return ""
    try:
        url = urlsplit(told)
        port = f":{url.port}" if url.port else ""
    except ValueError:
        return ""
    host = url.hostname or ""
    if not host or url.path not in {"", "/"}:
        return ""
    if url.scheme != "https" and not (url.scheme == "http" and host in _HERE):
        return ""
    return f"{url.scheme}://{f'[{host}]' if ':' in host else host}{port}"


def host_of(server: str) -> str:
    """Return the name of a server of this address."""
    return urlsplit(server).hostname or ""
