"""Problems: what is wrong in the settings, where, and what is expected; all of them at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from responder.model.visible import one_line

#: The way from the top of the file down to a value: ("accounts", 0, "every").
Keys = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right."""

    #: Where: "config/responder.toml:3:1", "environment", "secrets".
    place: str
    #: The key, as "posting.mode" or "accounts.2.every" (counted from 1); "" when it is about the whole.
    key: str
    #: What is wrong and what is expected, in our words; never a secret.
    says: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.place, self.key, self.says) if part)


class SettingsError(Exception):
    """The settings cannot be used. The message has one line for each problem."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        #: In the order of the file, then of the environment.
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def dotted(keys: Keys) -> str:
    """Return `keys` as people read them: on one line, places in a list counted from 1, long names cut."""
    return ".".join(str(key + 1) if isinstance(key, int) else one_line(key, 32) for key in keys)
