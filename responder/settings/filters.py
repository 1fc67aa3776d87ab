"""Filters: saved views as they are written in the settings, name = "filter"."""

from collections.abc import Mapping
from typing import Annotated

from responder.model.search import parse
from responder.model.term import SearchError
from responder.settings.kinds import Kind, Wrong, quoted, spelt, text_of

_EXAMPLE = "stage:waiting tier:>3 owner:me"


def _read_filter(value: object) -> str:
    """Return a filter that can be read; who "me" is, is found out by who asks."""
    text = text_of(value, _EXAMPLE).strip()
    if not text:
        raise Wrong(f'{quoted(value)} finds every case; write a filter like "{_EXAMPLE}"')
    try:
        parse(text, me="me")
    except SearchError as error:
        raise Wrong(f"{error.what} ({error.where}); {error.todo}") from None
    return text


ViewName = Annotated[
    str, spelt("[a-z0-9-]{1,32}", "a name of 1 to 32 small letters, digits and hyphens", "mine")
]
Filter = Annotated[str, Kind(_read_filter, {"type": "string", "minLength": 1, "examples": [_EXAMPLE]})]
#: What [views] is for, as the schema and config/responder.toml tell it.
VIEWS = "Searches that you save under a name, for `responder queue --view NAME`."
#: The views that [views] has, by name.
Views = Mapping[ViewName, Filter]
