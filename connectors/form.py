"""A form: what the options of an account are read with, one after another. It knows no network."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any


class Form:
    """Reads options and collects what is wrong with them; a connector adds kinds of its own."""

    def __init__(self, options: Mapping[str, Any], known: tuple[str, ...]) -> None:
        #: Each begins with its key: "page: must be ...".
        self.problems: list[str] = []
        self._options = options
        self.unknown("", options, known)

    def unknown(self, before: str, keys: Mapping[str, Any], known: tuple[str, ...]) -> None:
        """Note keys that mean nothing, with the one that may be meant; `before` leads to their table."""
        for key in keys:
            if key not in known:
                near = get_close_matches(str(key), known, n=1)
                hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
                self.problems.append(f"{before}{key}: is not known; {hint}")

    def whole(self, key: str, default: int, least: int, most: int) -> int:
        """Return a whole number within these bounds."""
        value = self._options.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.problems.append(f"{key}: must be a whole number from {least} to {most}")
            return default
        return value

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return a truth value."""
        value = self._options.get(key, default)
        if not isinstance(value, bool):
            self.problems.append(f"{key}: must be true or false")
            return default
        return value

    def close(self) -> None:
        """Raise ValueError with every problem, if there is one."""
        if self.problems:
            raise ValueError("\n".join(self.problems))
