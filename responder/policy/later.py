"""Later: what each language has of the policies, read when it is first asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

_Part = TypeVar("_Part")


class Later(Mapping[str, _Part]):
    """A part of the policies by language; `read` makes a language's, once.

    So a command that looks at one language does not wait for eight. Which languages there are is known
    before; asking for one raises what `read` raises, each time.
    """

    def __init__(self, languages: Iterable[str], read: Callable[[str], _Part]) -> None:
        self._languages = tuple(languages)
        self._read = read
        self._made: dict[str, _Part] = {}

    def __getitem__(self, code: str) -> _Part:
        if code not in self._made:
            if code not in self._languages:
                raise KeyError(code)
            self._made[code] = self._read(code)
        return self._made[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._languages)

    def __len__(self) -> int:
        return len(self._languages)

    def __contains__(self, code: object) -> bool:
        return code in self._languages
