"""Showing: the settings in force with the origin of each value, and the schema of the file for editors."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from typing import Any

from responder.model.visible import one_line
from responder.settings.filters import VIEWS
from responder.settings.kinds import written
from responder.settings.sections import LISTS, TABLES, Sections, Settings

_BARE = re.compile("[A-Za-z0-9_-]+")


def show(settings: Settings) -> str:
    """Return the settings in force as TOML, each value with its origin; secrets are "set" or "missing"."""
    blocks = [(f"[{name}]", name, getattr(settings, name)) for name in TABLES]
    blocks += [
        (f"[[{name}]]", f"{name}.{place}", one)
        for name in LISTS
        for place, one in enumerate(getattr(settings, name), 1)
    ]
    file = one_line(str(settings.path)) if settings.path else "no file, so the defaults hold"
    if settings.views:
        blocks.append(("[views]", "views", settings.views))
    lines = [f"# The settings in force. Read: {file}."]
    for header, keys, section in blocks:
        lines += ["", header, *_lines(keys, section, settings.origins)]
    return "\n".join([*lines, "", *_secrets(settings)]) + "\n"


def schema() -> dict[str, Any]:
    """Return the JSON schema of the file, with a sentence and the default for every key."""
    from pydantic import TypeAdapter
    from pydantic.json_schema import GenerateJsonSchema

    class Plain(GenerateJsonSchema):
        """pydantic's schema with defaults as they stand in the file, and without the titles it makes up."""

        def encode_default(self, dft: Any) -> Any:
            known = written(dft)
            return {} if is_dataclass(known) else known

        def field_title_should_be_set(self, _schema: object) -> bool:
            return False

    generated = TypeAdapter(Sections).json_schema(schema_generator=Plain)
    tables = TABLES | {name: listed.table for name, listed in LISTS.items()}
    told = {name: generated["$defs"][kind.__name__] for name, kind in tables.items()}
    for name, table in told.items():
        del table["title"]
        for one in fields(tables[name]):
            if one.default_factory is dict:
                table["properties"][one.name]["default"] = {}
    lists = {name: told.pop(name) for name in LISTS}
    views = {"description": VIEWS, "properties": {}} | generated["properties"]["views"]
    views["additionalProperties"] = False
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "complaint-responder",
        "description": "What config/responder.toml may hold.",
        "type": "object",
        "additionalProperties": False,
        "properties": {**told, "views": views}
        | {name: {"type": "array", "items": one} for name, one in lists.items()},
    }


def _lines(keys: str, section: Any, origins: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines of one section, the origins in one column."""
    told = (
        section
        if isinstance(section, Mapping)
        else {field.name: getattr(section, field.name) for field in fields(section)}
    )
    pairs = [(name, f"{toml_key(name)} = {toml(written(value))}") for name, value in told.items()]
    width = max([len(line) for _, line in pairs if len(line) <= 60], default=0)
    for name, line in pairs:
        yield f"{line:<{width}}  # {origins.get(f'{keys}.{name}', 'default')}"


def _secrets(settings: Settings) -> Iterator[str]:
    """Yield what is known about secrets, as comments: their names, never their values."""
    needed = {"database_password"} if settings.database.url.startswith("postgresql") else set()
    names = sorted(needed.union(settings.secret.names()))
    yield "# Secrets, by name:" if names else "# Secrets: none is set."
    yield from (f"#   {name}: {settings.secret.state(name)}" for name in names)


def toml(value: object) -> str:
    """Return a value as TOML writes it, with nothing in it that could act on a terminal."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return "".join(map(_printable, json.dumps(value, ensure_ascii=False)))
        case datetime() | date() | time():
            return value.isoformat()
        case dict():
            pairs = ", ".join(f"{toml_key(name)} = {toml(item)}" for name, item in value.items())
            return f"{{ {pairs} }}" if pairs else "{}"
        case list() | tuple():
            return f"[{', '.join(toml(item) for item in value)}]"
        case _:
            return str(value)


def _printable(char: str) -> str:
    """Return `char`, or TOML's escape for it when it could act on a terminal or hide."""
    return char if char.isprintable() else f"\\U{ord(char):08x}"


def toml_key(name: str) -> str:
    """Return a key as TOML writes it."""
    return name if _BARE.fullmatch(name) else toml(name)
