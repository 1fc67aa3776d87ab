"""The [accounts.options] table of an X account, checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.form import Form, server_address
from connectors.x.prices import OWNED, PRICES, Price
from connectors.x.weighing import LENGTH, LONGEST

#: Every option there is.
KNOWN = (
    "handle", "user_id", "auth", "client_id", "confidential", "vocabulary", "queries", "enterprise", "owned",
    "links", "dm_button", "length", "prices", "url", "timeout",
)  # fmt: skip
#: Where X's API is.
URL = "https://api.x.com"
#: The longest query that recent search takes without an agreement of its own.
_LONGEST_QUERY = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What an X account reads and sends, and how; docs/connectors.md explains every key."""

    handle: str
    #: Our own id; "" while it is not told.
    user_id: str
    #: "oauth1" or "oauth2".
    auth: str
    client_id: str
    confidential: bool
    #: "tweet" or "post".
    vocabulary: str
    queries: tuple[str, ...]
    enterprise: bool
    links: bool
    dm_button: bool
    length: int
    #: By name, in micros of a US dollar.
    prices: Mapping[str, Price]
    url: str
    #: The longest that one request may take, in seconds.
    timeout: float


def checked(options: Mapping[str, Any]) -> Options:
    """Return the options of one account; raises ValueError that lists every problem, one a line."""
    form = _Form(options, KNOWN)
    auth = form.one_of("auth", ("oauth1", "oauth2"))
    good = Options(
        handle=form.word("handle", r"@?([A-Za-z0-9_]{1,15})", "our name on X, like acme"),
        user_id=form.word("user_id", r"([0-9]{1,19})", "our number on X, in quotes", default=""),
        auth=auth,
        client_id=form.word(
            "client_id",
            r"(\S{1,200})",
            "the app's client id, for OAuth 2",
            default=None if auth == "oauth2" else "",
        ),
        confidential=form.flag("confidential"),
        vocabulary=form.one_of("vocabulary", ("tweet", "post")),
        queries=form.queries(),
        enterprise=form.flag("enterprise"),
        links=form.flag("links"),
        dm_button=form.flag("dm_button"),
        length=int(form.number("length", LENGTH, (1, LONGEST), whole=True)),
        prices=form.prices(OWNED if form.flag("owned") else PRICES),
        url=form.url(),
        timeout=form.number("timeout", 15.0, (0.05, 60.0)),
    )
    form.close()
    return good


class _Form(Form):
    """What an X account may be told."""

    def word(self, key: str, form: str, what: str, default: str | None = None) -> str:
        """Return the part of a text that the form wants; without a default it must be given."""
        value = self._options.get(key, default)
        if value is None:
            self.problems.append(f"{key}: is missing; it is {what}")
            return ""
        match = re.fullmatch(form, value) if isinstance(value, str) else None
        if match:
            return match[1]
        if value != default:
            self.problems.append(f"{key}: must be {what}")
        return default or ""

    def one_of(self, key: str, words: tuple[str, ...]) -> str:
        """Return one of these words, the first by default."""
        value = self._options.get(key, words[0])
        if value not in words:
            self.problems.append(f"{key}: must be {' or '.join(words)}")
            return words[0]
        return str(value)

    def number(self, key: str, default: float, within: tuple[float, float], *, whole: bool = False) -> float:
        """Return a number within these bounds."""
        value, (least, most) = self._options.get(key, default), within
        kinds = int if whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds) or not least <= value <= most:
            self.problems.append(
                f"{key}: must be a {'whole ' if whole else ''}number from {least:g} to {most:g}"
            )
            return default
        return float(value)

    def queries(self) -> tuple[str, ...]:
        """Return the saved queries."""
        value = self._options.get("queries", [])
        if not isinstance(value, list | tuple) or not all(
            isinstance(one, str) and one.strip() and len(one) <= _LONGEST_QUERY for one in value
        ):
            self.problems.append(
                f"queries: must be a list of searches, each of at most {_LONGEST_QUERY} characters"
            )
            return ()
        if len(set(value)) < len(value):
            self.problems.append("queries: holds one twice")
        return tuple(value)

    def prices(self, defaults: Mapping[str, Price]) -> Mapping[str, Price]:
        """Return the prices, those of the option in the place of ours."""
        value = self._options.get("prices", {})
        if not isinstance(value, Mapping):
            self.problems.append("prices: must be a table like {reply = 0.015}, in US dollars")
            return defaults
        self.unknown("prices.", value, tuple(defaults))
        prices = dict(defaults)
        for name in [name for name in value if name in defaults]:
            told = value[name]
            if isinstance(told, bool) or not isinstance(told, int | float) or not 0 <= told <= 1000:
                self.problems.append(f"prices.{name}: must be US dollars, like 0.015")
            else:
                prices[name] = Price(defaults[name].kind, round(told * 1_000_000))
        return prices

    def url(self) -> str:
        """Return where the API is, without a slash at its end."""
        value = self._options.get("url", URL)
        if found := server_address(value, path=True):
            return found
        self.problems.append("url: must be the address of the API, beginning with https://")
        return URL
