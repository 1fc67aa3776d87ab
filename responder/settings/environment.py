"""The environment over the file: RESPONDER_COMPANY__NAME is the key `name` in [company]."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from responder.settings.problems import Keys, Problem
from responder.settings.secret import looks_secret, variable
from responder.settings.sections import LISTS, TABLES, Sections
from responder.settings.wording import closest, keys_of

_PREFIX = "RESPONDER_"
#: Ours, but no key of the settings.
_OTHERS = re.compile("RESPONDER_(CONFIG|(TEST|SECRET)_.+)")
#: What Kubernetes sets for a service that is called "responder".
_SERVICE_LINKS = re.compile("RESPONDER_(SERVICE_(HOST|PORT(_.+)?)|PORT(_[0-9]+_.+)?)")


@dataclass(frozen=True, slots=True)
class Override:
    """A value from the environment."""

    variable: str
    value: str | list[str] = field(repr=False)


def overrides(environ: Mapping[str, str]) -> tuple[dict[Keys, Override], list[Problem]]:
    """Return what the environment sets, and a problem for each RESPONDER_ name that means nothing.

    A list is written with commas: RESPONDER_COMPANY__ALLOW="acme.example, @acme".
    """
    defaults = Sections()
    known = {_name(table, key): (table, key) for table in TABLES for key in keys_of(table)}
    found: dict[Keys, Override] = {}
    problems = []
    for name in sorted(environ):
        if name in known:
            table, key = known[name]
            listed = isinstance(getattr(getattr(defaults, table), key), tuple)
            found[table, key] = Override(name, _items(environ[name]) if listed else environ[name])
        elif name.startswith(_PREFIX) and not _OTHERS.fullmatch(name) and not _SERVICE_LINKS.fullmatch(name):
            problems.append(Problem("environment", name, _unknown(name, tuple(known))))
    return found, problems


def _name(table: str, key: str) -> str:
    return f"{_PREFIX}{table}__{key}".upper()


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _unknown(name: str, known: tuple[str, ...]) -> str:
    tail = name.removeprefix(_PREFIX)
    if looks_secret(name):
        return f"means nothing to responder; a secret is set as {variable(re.sub('^SECRETS?_*', '', tail))}"
    if listed := next((one for one in ("views", *LISTS) if tail.startswith(one.upper())), ""):
        return f"means nothing to responder; {listed} are set in the file alone"
    return f"means nothing to responder; {_hint(tail.lower(), known)}"


def _hint(tail: str, known: tuple[str, ...]) -> str:
    """Return what `tail` was probably meant to be; the prefix, alike in all names, is left aside."""
    tails = [name.removeprefix(_PREFIX).lower() for name in (*known, "RESPONDER_CONFIG")]
    near = next((name for name in tails if name.endswith(f"__{tail}")), "") or closest(tail, tails)
    if near:
        return f"did you mean {_PREFIX}{near.upper()}?"
    return "a key is set as RESPONDER_<SECTION>__<KEY>, with two underscores"
