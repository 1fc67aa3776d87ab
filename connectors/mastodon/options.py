"""The [accounts.options] table of a Mastodon account, checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.form import Form, host_of, server_address

#: Every option there is.
KNOWN = ("server", "visibility", "warnings", "hashtags", "searches", "history", "length", "page")
#: Who may see a reply to a public post, from many to few.
VISIBILITIES = ("public", "unlisted", "direct")
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
    form = _Form(options, KNOWN)
    tags = form.words("hashtags", _TAG, "words like acme")
    good = Options(
        server=form.server(),
        visibility=form.choice("visibility", "unlisted", VISIBILITIES),
        warnings=form.choice("warnings", "copy", ("copy", "leave")) == "copy",
        hashtags=tuple(dict.fromkeys(tag.removeprefix("#").lower() for tag in tags)),
        searches=form.words("searches", re.compile(r"(?s).{1,200}"), "texts of 1 to 200 characters"),
        history=form.whole("history", 7, 0, 3650),
        length=form.whole("length", 500, 140, 1_000_000),
        page=form.whole("page", 40, 1, 80),
    )
    form.close()
    return good


class _Form(Form):
    """What a Mastodon account may be told."""

    def server(self) -> str:
        """Return the address of the server."""
        told = self._options.get("server")
        if told is None:
            self.problems.append("server: is missing; it is an address like https://social.example")
            return ""
        if found := server_address(told):
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
