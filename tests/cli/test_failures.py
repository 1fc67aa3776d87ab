"""What went wrong is told in one place: an exit code and words, by what a person can do about it."""

from importlib import import_module

import pytest

from responder.cli import failures
from responder.cli.failures import Failure, Trouble, sentence, told
from responder.connector import Exhausted, Malformed, Refused, Unauthorised, Unavailable
from responder.model.triage import Finding, Level
from responder.plugins import PluginError
from responder.policy.rulebook import RulebookError
from responder.settings import Problem, SecretError, SettingsError
from responder.steps.approve import Blocked
from responder.steps.draft import NoAccount
from responder.store.errors import (
    ApprovalEnded,
    Conflict,
    NotFound,
    StoreBusy,
    StoreError,
    StoreFull,
    StoreLost,
    StoreNewer,
    StoreUnusable,
)

BLOCK = Finding(rule="r", level=Level.BLOCK, says="a phone number")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SettingsError([Problem("f.toml:1:1", "a.b", "is wrong")]), 2),
        (SecretError("token", "is missing"), 4),
        (PluginError("There is no connector."), 2),
        (RulebookError(["f:1: is wrong"]), 2),
        (NoAccount("shop is not in the config"), 2),
        (Blocked((BLOCK,)), 5),
        (Conflict("c-3 moved while you looked"), 6),
        (ApprovalEnded(), 6),
        (NotFound("there is no case c-9"), 1),
        (StoreBusy(), 75),
        (StoreFull(), 75),
        (StoreLost(), 75),
        (StoreNewer(), 1),
        (StoreUnusable(), 1),
        (StoreError(), 1),
        (Unavailable("x is away"), 75),
        (Exhausted(), 75),
        (Unauthorised(), 4),
        (Refused("no"), 1),
        (Malformed(), 1),
        (PermissionError(13, "Permission denied", "f.txt"), 1),
        (KeyError("author"), 1),
    ],
)
def test_every_error_has_its_exit_code_and_words(error: Exception, code: int) -> None:
    failure = told(error, "responder show c-3")
    assert failure.code == code
    assert failure.what.endswith((".", ":", "'"))
    assert "\n" not in failure.what


def test_every_known_error_exists() -> None:
    for name in failures._KNOWN:
        module, _, kind = name.rpartition(".")
        assert issubclass(getattr(import_module(module), kind), Exception)


def test_a_lost_race_says_where_to_look_again() -> None:
    failure = told(Conflict("c-3 moved while you looked: it is APPROVED now"), "")
    assert failure.todo == "Look again: responder show c-3"
    assert told(Conflict("another process is reading shop"), "").todo == "Look again: responder queue"


def test_each_problem_of_the_settings_has_its_own_line() -> None:
    error = SettingsError(
        [Problem("f.toml:1:1", "a.b", "is wrong"), Problem("f.toml:2:1", "c", "is unknown")]
    )
    assert told(error, "").lines() == [
        "The settings cannot be used:",
        "f.toml:1:1: a.b: is wrong",
        "f.toml:2:1: c: is unknown",
        "  Correct them, then look again with: responder config check",
    ]


def test_what_nobody_thought_of_is_a_bug_and_says_what_was_being_done() -> None:
    failure = told(KeyError("author"), "responder show c-3")
    assert failure.what == "This is a bug in responder: KeyError: 'author'"
    assert "responder show c-3" in failure.why
    assert "--debug" in failure.todo


def test_a_strangers_words_in_an_error_do_not_act() -> None:
    assert "\x1b" not in "\n".join(told(ValueError("\x1b[2J"), "responder show \x1b[2J").lines())


def test_trouble_carries_its_own_words() -> None:
    trouble = Trouble(3, "Nothing was approved.", "why", "todo", ("one",))
    assert told(trouble, "") == Failure(
        code=3, what="Nothing was approved.", why="why", todo="todo", problems=("one",)
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("there is no case c-9", "There is no case c-9."),
        ("c-3 moved", "c-3 moved."),
        ("Done.", "Done."),
        ("(why)", "(why)"),
        ("", ""),
    ],
)
def test_words_become_a_sentence(words: str, expected: str) -> None:
    assert sentence(words) == expected
