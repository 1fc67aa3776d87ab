"""Filters: what a command is told to look for, as words, options and saved views."""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from responder.cli.failures import USAGE, Trouble
from responder.model.search import Search, joined, parse
from responder.model.term import KEYS

if TYPE_CHECKING:
    from responder.cli.desk import Desk

StageName = Literal[
    "waiting", "new", "needs-reply", "set-aside", "approved", "answered", "closed", "open", "snoozed", "all"
]
_HELP = """Words like network:x tier:>3 owner:me stage:open text:refund -lang:de, all of which must hold.
Keys: network, account, tier, urgency, owner (me, nobody), stage, text, author, lang, topic, mark (blocked,
warning, by-hand, private, edited), due, settle, rule
(late, today, <2h), age (>1d), id. One key twice is either; - is not.
Words alone must all be in what the customer wrote."""


#: `-lang:de` at the beginning of a word: no option, though it begins like one.
_NEGATED = re.compile(f"-(?:{'|'.join(KEYS)}):", re.IGNORECASE)
#: A word of a filter.
Filter = Annotated[str, Parameter(name="FILTER", help=" ".join(_HELP.split()))]


def _complete_view(_context: Any) -> list[tuple[str, str]]:
    """Return what a shell offers for the name of a view."""
    from responder.cli.completion import views

    return views()


#: The name of a saved view.
View = Annotated[str, Parameter(completer=_complete_view, metavar="NAME")]


def no_options(tokens: Sequence[str]) -> list[str]:
    """Return the words of a command line so that -key:value is not taken for options."""
    return [f" {one}" if _NEGATED.match(one) else one for one in tokens]


def search_of(
    desk: "Desk", words: Sequence[str], view: str = "", options: Mapping[str, str | None] | None = None
) -> Search:
    """Return what is looked for: a saved view, what is typed laid over it, and options that name a key.

    Raises Trouble for a view, an account or a network that is not known, and for a key told both as an
    option and in the filter; SearchError for what cannot be understood.
    """
    search = _read(desk, joined(words))
    for key, value in (options or {}).items():
        if value is None:
            continue
        if search.of(key):
            what = f"{key} is told twice: by --{key} and in the filter."
            raise Trouble(USAGE, what, todo=f"Say it once, like {search.of(key)[0]}")
        search = search.told(key, value)
    if view:
        search = search.over(_read(desk, filter_of(desk, view)))
    _refuse_unheard(desk, search)
    return search


def search_typed(desk: "Desk", text: str) -> Search:
    """Return what is looked for by a whole filter as it was typed; raises as `search_of`."""
    search = _read(desk, text)
    _refuse_unheard(desk, search)
    return search


def filter_of(desk: "Desk", view: str) -> str:
    """Return the filter of a saved view; Trouble when there is none of that name."""
    views = desk.settings.views
    if view in views:
        return views[view]
    near = get_close_matches(view.lower(), views, 3, 0.5)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    there = f"There are: {', '.join(sorted(views))}." if views else "There is none yet."
    raise Trouble(
        USAGE, f"No view is saved as {view!r}.{hint}", there, "Views stand in the settings, under [views]."
    )


def _read(desk: "Desk", text: str) -> Search:
    # who asks is found out only where it matters: a pipe may have no login name
    return parse(text, me=desk.user if "me" in text.lower() else "")


def _refuse_unheard(desk: "Desk", search: Search) -> None:
    """Raise Trouble for accounts and networks that nothing was ever heard of: nothing could be found."""
    networks = desk.networks()
    for key, known in (("account", set(networks)), ("network", set(networks.values()))):
        for one in search.of(key):
            if one.value not in {name.lower() for name in known}:
                what = f"No {key} {one.value!r} was ever polled."
                names = ", ".join(sorted(known)) or "none; first: responder poll"
                raise Trouble(USAGE, what, todo=f"Known are: {names}")
