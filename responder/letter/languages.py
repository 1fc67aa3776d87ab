"""Which languages there are letters in: those whose words are in policies/<language>/letter.toml."""

from functools import cache
from importlib.resources import files

#: Where the words of a language stand, below its folder.
FILE = "letter.toml"
#: Spoken where a letter has no words in the language asked for.
OTHERWISE = "en"


@cache
def languages() -> tuple[str, ...]:
    """Return their codes, sorted."""
    return tuple(sorted(one.name for one in files("policies").iterdir() if one.joinpath(FILE).is_file()))


def spoken(language: str) -> str:
    """Return the language that a letter for somebody who reads `language` is written in."""
    return language if language in languages() else OTHERWISE
