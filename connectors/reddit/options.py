"""The [accounts.options] table of a Reddit account, checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from connectors.form import Form, host_of, server_address

#: Every option there is.
KNOWN = (
    "username", "client_id", "user_agent", "inbox", "subreddits", "searches", "answer_in", "disclosure",
    "bots", "strangers", "messages", "backlog", "page", "oauth_url", "reddit_url",
)  # fmt: skip
_NAME = re.compile(r"[A-Za-z0-9_-]{2,30}")
#: platform:app:version (by /u/name), as Reddit asks for it.
_USER_AGENT = re.compile(r"[^\s:]+:[^\s:]+:\S+ \(by /?u/[A-Za-z0-9_-]+\)")
#: Where Reddit is: for who has a token, and for everybody else.
OAUTH_URL, REDDIT_URL = "https://oauth.reddit.com", "https://www.reddit.com"
#: A POST that only logs in.
LOGIN = "/api/v1/access_token"
#: More in one address than this is more than Reddit takes.
_TOGETHER = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A search that is asked again and again."""

    #: Where; "all" is everywhere.
    subreddit: str
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a Reddit account reads and where it answers; docs/connectors.md explains every key."""

    username: str
    client_id: str
    user_agent: str
    inbox: bool
    #: Without r/, as they were given; so in `answer_in`, but casefolded there.
    subreddits: tuple[str, ...]
    searches: tuple[Search, ...]
    answer_in: frozenset[str]
    #: What every reply has to say about itself; "" is nothing.
    disclosure: str
    #: Casefolded names of accounts that are machines.
    bots: frozenset[str]
    strangers: bool
    messages: bool
    backlog: int
    page: int
    oauth_url: str
    reddit_url: str

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts that this account talks to."""
        return host_of(self.oauth_url), host_of(self.reddit_url)


def checked(options: Mapping[str, Any]) -> Options:
    """Return the options of one account; raises ValueError that lists every problem, one a line."""
    form = _Form(options, KNOWN)
    username = form.name("username")
    good = Options(
        username=username,
        client_id=form.text("client_id", None, "the id of your app at Reddit"),
        user_agent=form.user_agent(username),
        inbox=form.flag("inbox", default=True),
        subreddits=form.names("subreddits"),
        searches=form.searches(),
        answer_in=frozenset(name.casefold() for name in form.names("answer_in")),
        disclosure=form.text("disclosure", "", "the line that every reply has to hold"),
        bots=frozenset(name.casefold() for name in form.names("bots")) | {"automoderator"},
        strangers=form.flag("strangers", default=True),
        messages=form.flag("messages", default=True),
        backlog=form.whole("backlog", 100, 0, 1000),
        page=form.whole("page", 100, 1, 100),
        oauth_url=form.address("oauth_url", OAUTH_URL),
        reddit_url=form.address("reddit_url", REDDIT_URL),
    )
    if not (form.problems or good.inbox or good.subreddits or good.searches):
        form.problems.append("inbox: is false, and there are neither subreddits nor searches to read")
    form.close()
    return good


class _Form(Form):
    """What a Reddit account may be told."""

    def text(self, key: str, default: str | None, what: str) -> str:
        """Return a text of one line; a default of None means that it must be given."""
        value = self._options.get(key, default)
        if isinstance(value, str) and value.isprintable() and (value.strip() or value == default):
            return value.strip()
        self.problems.append(f"{key}: {'must be' if key in self._options else 'is missing; it is'} {what}")
        return default or ""

    def name(self, key: str) -> str:
        """Return the name of an account."""
        value = self._options.get(key)
        short = re.sub(r"^/?u/", "", value) if isinstance(value, str) else ""
        if _NAME.fullmatch(short):
            return short
        cause = "must be" if key in self._options else "is missing; it is"
        self.problems.append(f"{key}: {cause} the name of our account, like acme_care, without u/")
        return ""

    def names(self, key: str) -> tuple[str, ...]:
        """Return names of communities or accounts, without r/ and u/."""
        value = self._options.get(key, [])
        words = value if isinstance(value, list | tuple) else [None]
        short = [re.sub(r"^/?[ru]/", "", word) if isinstance(word, str) else "" for word in words]
        if not all(_NAME.fullmatch(word) for word in short) or len(short) > _TOGETHER:
            self.problems.append(f'{key}: must be a list of at most {_TOGETHER} names, like ["acme"]')
            return ()
        return tuple(sorted(set(short), key=str.casefold))

    def searches(self) -> tuple[Search, ...]:
        """Return the searches, each a table of its own."""
        tables = self._options.get("searches", [])
        if not isinstance(tables, list | tuple):
            self.problems.append('searches: must be a list like [{subreddit = "acme", query = "late"}]')
            return ()
        made = []
        for number, table in enumerate(tables, 1):
            query = table.get("query") if isinstance(table, Mapping) else None
            place = table.get("subreddit", "all") if isinstance(table, Mapping) else None
            if not isinstance(query, str) or not 0 < len(query.strip()) <= 512:
                self.problems.append(f"searches.{number}.query: must be 1 to 512 characters")
            elif not isinstance(place, str) or not _NAME.fullmatch(place.removeprefix("r/")):
                self.problems.append(f"searches.{number}.subreddit: must be one community, or all")
            else:
                self.unknown(f"searches.{number}.", table, ("subreddit", "query"))
                made.append(Search(subreddit=place.removeprefix("r/"), query=query.strip()))
        return tuple(dict.fromkeys(made))

    def user_agent(self, username: str) -> str:
        """Return what we call ourselves, in the form that Reddit asks for."""
        value = self._options.get("user_agent", f"web:complaint-responder:v{_version()} (by /u/{username})")
        if isinstance(value, str) and (_USER_AGENT.fullmatch(value) or "user_agent" not in self._options):
            return value
        self.problems.append("user_agent: must read platform:app:version (by /u/name)")
        return ""

    def address(self, key: str, default: str) -> str:
        """Return where an API lives; without TLS only on this machine."""
        if found := server_address(self._options.get(key, default)):
            return found
        self.problems.append(f"{key}: must be an address like {default}")
        return default


def _version() -> str:
    try:
        return version("complaint-responder")
    except PackageNotFoundError:  # run from a folder that nobody installed
        return "0"
