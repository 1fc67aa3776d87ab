"""Report: what a step did, in counts and in sentences for what went wrong."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Report:
    """What one run of a step did."""

    #: How often each thing was done: {"heard": 12, "opened": 9}.
    done: Mapping[str, int] = field(default_factory=dict)
    #: What went wrong, in words for a person; the rest went on.
    problems: tuple[str, ...] = ()

    def named(self, what: str) -> "Report":
        """Return the same with its cases called `what`."""
        return Report({what if word == "cases" else word: n for word, n in self.done.items()}, self.problems)

    def __add__(self, other: "Report") -> "Report":
        return Report(Counter(self.done) + Counter(other.done), self.problems + other.problems)


def never() -> bool:
    """Say no to "shall I stop?": what a step asks between two cases when nobody may interrupt it."""
    return False


#: Asked between two cases: whether to finish now.
Stop = Callable[[], bool]
