"""Failures: the one place that turns what went wrong into an exit code and three-part words for a person."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from responder.model.visible import one_line

DONE, FAILED, USAGE, DECLINED, CREDENTIALS, BLOCKED, CONFLICT, BROKEN = 0, 1, 2, 3, 4, 5, 6, 7
#: As sysexits.h and the shells have it: try again later; ended by Ctrl-C; nobody reads the pipe any more.
LATER, INTERRUPTED, PIPE_CLOSED = 75, 130, 141


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What happened, why, and what to do, for a person; and the exit code, for a program."""

    code: int
    #: What happened, on one line.
    what: str
    #: Why, or what it means; "" when that is clear.
    why: str = ""
    #: What to do: words or a command; "" when nothing can be done.
    todo: str = ""
    #: Each single problem, where there are several.
    problems: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """Return it as lines of text, the remedy last."""
        said = [one_line(self.what), *(one_line(one) for one in self.problems)]
        return said + [f"  {one_line(line)}" for part in (self.why, self.todo) for line in part.splitlines()]

    def sentences(self) -> str:
        """Return it as one paragraph."""
        return " ".join(line.strip() for line in self.lines())

    def item(self) -> dict[str, object]:
        """Return it for JSON."""
        return {
            "code": self.code,
            "what": self.what,
            "why": self.why,
            "todo": self.todo,
            "problems": list(self.problems),
        }


class Trouble(Exception):
    """Something a command itself found wrong; carries the words for it."""

    def __init__(
        self, code: int, what: str, why: str = "", todo: str = "", problems: tuple[str, ...] = ()
    ) -> None:
        super().__init__(what)
        self.failure = Failure(code=code, what=what, why=why, todo=todo, problems=problems)


def told(error: BaseException, doing: str) -> Failure:
    """Return what to say about `error`, which ended what `doing` says."""
    return known(error) or Failure(
        code=FAILED,
        what=f"This is a bug in responder: {type(error).__name__}: {one_line(str(error), 300)}",
        why=f"It happened during: {one_line(doing, 100)}. What was stored before stays as it is.",
        todo="The same command with --debug shows where; please report it with that.",
    )


def known(error: BaseException) -> Failure | None:
    """Return what to say about `error`; None for one that nobody thought of, a bug."""
    if isinstance(error, Trouble):
        return error.failure
    for kind in type(error).__mro__:
        says = _KNOWN.get(f"{kind.__module__}.{kind.__qualname__}")
        if says:
            return says(error)
    return None


def _settings(error: Any) -> Failure:
    return Failure(
        code=USAGE,
        what="The settings cannot be used:",
        problems=tuple(map(str, error.problems)),
        todo="Correct them, then look again with: responder config check",
    )


def _secret(error: Any) -> Failure:
    return Failure(
        code=CREDENTIALS, what="A secret cannot be used:", problems=tuple(map(str, error.problems))
    )


def _plugin(error: Any) -> Failure:
    first, *others = str(error).splitlines()
    return Failure(code=USAGE, what=first, problems=tuple(others))


def _rulebook(error: Any) -> Failure:
    return Failure(
        code=USAGE,
        what="The rules and replies cannot be used; nothing was done:",
        problems=tuple(error.problems),
        todo="Mend them, then look again with: responder rules check",
    )


def _search(error: Any) -> Failure:
    # a key stays as it was typed
    what = error.what if error.what.endswith("?") else f"{error.what}."
    return Failure(code=USAGE, what=what, why=sentence(error.where), todo=error.todo)


#: A stage as the machine calls it, which people are told in words.
_STAGE = re.compile(r"\b(?:is|or) [A-Z][A-Z_]+\b")


def _conflict(error: Any) -> Failure:
    said = _STAGE.sub(lambda one: one[0].lower().replace("_", " "), sentence(str(error)))
    name = re.search(r"\bc-\d+\b", said)
    again = f"responder show {name[0]}" if name else "responder queue"
    return Failure(code=CONFLICT, what=said, why="Nothing was changed.", todo=f"Look again: {again}")


def _not_found(error: Any) -> Failure:
    return Failure(code=FAILED, what=sentence(str(error)), todo="What there is: responder queue --stage all")


def _blocked(error: Any) -> Failure:
    return Failure(
        code=BLOCKED,
        what="These words break a rule that nobody may wave through:",
        problems=tuple(f"  block  {finding.says}" for finding in error.findings),
    )


def _not_allowed(error: Any) -> Failure:
    what, _, who = str(error).partition("; ")
    return Failure(code=BLOCKED, what=sentence(what), why="Nothing was changed.", todo=sentence(who))


def _later(error: Any) -> Failure:
    return Failure(code=LATER, what=sentence(str(error)), todo="Give the same command again in a while.")


def _plain(code: int, todo: str = "") -> Callable[[Any], Failure]:
    def says(error: Any) -> Failure:
        return Failure(code=code, what=sentence(str(error)), todo=todo)

    return says


def _system(error: Any) -> Failure:
    where = f"{error.filename}: " if error.filename else ""
    why = error.strerror or type(error).__name__
    return Failure(
        code=FAILED,
        what=f"{where}{why}.",
        why="The operating system refused it.",
        todo="Look at the path, its rights and the room on the disk, then give the same command again.",
    )


def sentence(words: str) -> str:
    """Return words with a full stop, and a capital unless they begin with a name like c-12."""
    words = words.strip()
    if words and not re.match(r"c-\d", words):
        words = words[0].upper() + words[1:]
    return words if not words or words[-1] in ".!?:)" else f"{words}."


#: By the full name of the class, so that knowing an error does not load what raises it.
_KNOWN: Mapping[str, Callable[[Any], Failure]] = {
    "responder.settings.secret.SecretError": _secret,
    "responder.settings.problems.SettingsError": _settings,
    "responder.model.term.SearchError": _search,
    "responder.plugins.PluginError": _plugin,
    "responder.model.people.NotAllowed": _not_allowed,
    "responder.policy.rulebook.RulebookError": _rulebook,
    "responder.steps.approve.Blocked": _blocked,
    "responder.steps.correct.NothingToCorrect": _plain(USAGE, "What triage says of a case: responder show"),
    "responder.steps.vary.NoOther": _plain(DECLINED),
    "responder.steps.merge.DifferentPeople": _plain(USAGE, "If that is meant, add: --different-people"),
    "responder.steps.incident.NoSuchRhythm": _plain(USAGE, "Like: --every 2h, or --every never"),
    "responder.steps.snooze.NotThen": _plain(USAGE, "Until when: responder snooze --help"),
    "responder.steps.draft.NoAccount": _plain(USAGE, "Put it back into the config, or dismiss the case."),
    "responder.store.errors.Conflict": _conflict,
    "responder.store.errors.NotFound": _not_found,
    "responder.store.errors.StoreBusy": _later,
    "responder.store.errors.StoreFull": _later,
    "responder.store.errors.StoreLost": _later,
    "responder.store.errors.StoreUnusable": _plain(FAILED, "Which database is meant: responder config check"),
    "responder.store.errors.StoreError": _plain(FAILED),
    "responder.connector.Unavailable": _later,
    "responder.connector.Exhausted": _later,
    "responder.connector.Unauthorised": _plain(CREDENTIALS, "Renew the account's secret, then try again."),
    "responder.connector.ConnectorError": _plain(FAILED),
    "responder.notify.NotifyError": _plain(FAILED),
    "builtins.OSError": _system,
}
