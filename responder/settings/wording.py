"""Wording: what pydantic and tomllib find wrong, in our words, with what was probably meant."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any

from responder.settings.kinds import quoted
from responder.settings.problems import Keys
from responder.settings.secret import belongs_elsewhere, looks_secret
from responder.settings.sections import LISTS, TABLES

#: pydantic's word for a key that nobody knows.
UNKNOWN_KEY = "unexpected_keyword_argument"
#: How tomllib's messages begin, and what we say instead. The first that fits is taken.
TOML_WORDS = {
    "Invalid value": 'this is not a value; a text or a length of time stands in quotes, like "on" or "5m"',
    "Expected newline": 'something follows the value on this line; a text stands in quotes, like "5m"',
    "Expected '='": 'after a key comes "=" and a value, like mode = "off"',
    "Expected ']'": "the name of a section stands in brackets, like [posting]",
    "Expected ']]'": "a table of a list begins with two brackets on both sides, like [[accounts]]",
    "Invalid statement": 'a line is a [section], a key = "value", or a # comment',
    "Invalid initial character": 'a line is a [section], a key = "value", or a # comment',
    "Cannot declare": "this section stands in the file a second time; join the two",
    "Cannot overwrite": "this key stands here a second time; keep one",
    "Duplicate inline table key": "this key stands here a second time; keep one",
    "Unterminated string": "a text is not closed; put a quote at its end",
    "Illegal character '\\n'": "a text is not closed; put a quote at its end",
    "Unclosed array": "a list is not closed; put a ] at its end",
    "Unclosed inline table": "a table is not closed; put a } at its end",
    "Unescaped": "a backslash must be doubled, or the text put in single quotes, like 'C:\\digests'",
}
_NOT_TOML = 'this is not TOML; a line is a [section], a key = "value", or a # comment'


def toml_words(message: str) -> str:
    """Return our words for a message of tomllib."""
    return next((words for start, words in TOML_WORDS.items() if message.startswith(start)), _NOT_TOML)


def words(kind: str, keys: Keys, value: object, context: Mapping[str, Any]) -> str:
    """Return our words for pydantic's error `kind` about the `value` under `keys`."""
    return WORDS.get(kind, _anything)(keys, value, context)


def closest(name: str, names: Iterable[str]) -> str:
    """Return the one of `names` that was probably meant, or ""."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(name.lower(), list(names), 1, 0.65)), "")


def keys_of(section: str) -> tuple[str, ...]:
    """Return the keys of a section, in the order of the file."""
    return tuple(
        field.name for field in fields(LISTS[section].table if section in LISTS else TABLES[section])
    )


def header(section: str) -> str:
    """Return how a table of a section begins: [posting], [[accounts]]."""
    return f"[[{section}]]" if section in LISTS else f"[{section}]"


def _unknown(keys: Keys, value: object, _context: Mapping[str, Any]) -> str:
    name = str(keys[-1])
    if looks_secret(name) and not isinstance(value, dict):
        return belongs_elsewhere(f"{keys[0]}_{name}" if len(keys) == 2 else name)
    if len(keys) == 1:
        return _unknown_section(name, value)
    section = str(keys[0])
    if near := closest(name, keys_of(section)):
        return f"unknown key; did you mean `{near}`?"
    if homes := _homes(name):
        return f"unknown key; it belongs in {homes}"
    if section == "accounts":
        return "unknown key; what the connector wants to know stands under [accounts.options]"
    return f"unknown key; {header(section)} takes {', '.join(keys_of(section))}"


def _unknown_section(name: str, value: object) -> str:
    if near := closest(name, (*TABLES, "views", *LISTS)):
        return f"unknown section; did you mean {header(near)}?"
    if isinstance(value, dict | list):
        *others, last = (header(one) for one in (*TABLES, "views", *LISTS))
        return f"unknown section; there are {', '.join(others)} and {last}"
    homes = _homes(name) or "one of the sections"
    return f"this key stands before any section; it belongs in {homes}"


def _homes(name: str) -> str:
    """Return the sections that have a key `name`, in words."""
    return " or ".join(header(one) for one in (*TABLES, *LISTS) if name in keys_of(one))


def _missing(keys: Keys, _value: object, _context: Mapping[str, Any]) -> str:
    listed = LISTS[str(keys[0])]
    return f'is missing; every {listed.one} needs one, like {keys[-1]} = "{listed.example[str(keys[-1])]}"'


def _literal(_keys: Keys, value: object, context: Mapping[str, Any]) -> str:
    choice = str(context["expected"]).replace("'", '"')
    if not isinstance(value, str):
        return f"{quoted(value)} is not one of {choice}; write it in quotes"
    near = closest(value, [word.strip('",') for word in choice.split()])
    return f"{quoted(value)} is not one of {choice}" + (f'; did you mean "{near}"?' if near else "")


def _not_a_list(keys: Keys, _value: object, _context: Mapping[str, Any]) -> str:
    if len(keys) == 1:
        return _each_begins(str(keys[0]))
    return 'this is a list; write it in brackets, like ["one", "two"]'


def _not_a_table(keys: Keys, _value: object, _context: Mapping[str, Any]) -> str:
    if keys[0] in LISTS:
        return _each_begins(str(keys[0]))
    return f"this is a section; write [{keys[0]}] once, in single brackets, and its keys under it"


def _each_begins(section: str) -> str:
    return f"every {LISTS[section].one} begins with {header(section)}, in two brackets on both sides"


def _not_options(keys: Keys, _value: object, _context: Mapping[str, Any]) -> str:
    if keys == ("views",):
        return 'views stand under [views], each as name = "filter"'
    return "options are a table; write [accounts.options] and the options under it"


def _own(_keys: Keys, _value: object, context: Mapping[str, Any]) -> str:
    return str(context["error"])


def _anything(_keys: Keys, value: object, _context: Mapping[str, Any]) -> str:
    return f"{quoted(value)} is not what is expected here; config/responder.toml shows every key"


#: pydantic's kinds of error that our sections can cause, and our words for each.
WORDS: dict[str, Callable[[Keys, object, Mapping[str, Any]], str]] = {
    UNKNOWN_KEY: _unknown,
    "missing": _missing,
    "literal_error": _literal,
    "tuple_type": _not_a_list,
    "dataclass_type": _not_a_table,
    "dict_type": _not_options,
    "value_error": _own,
}
