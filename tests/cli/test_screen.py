"""The grammar of output: a terminal, a pipe and a program each get their own form."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest

from responder.cli.app import exact
from responder.cli.canvas import Canvas
from responder.cli.failures import Failure, Trouble
from responder.cli.screen import Manner, Screen, Streams
from tests.cli.scene import Terminal


@dataclass(frozen=True)
class OneSheet:
    """A sheet with one hostile row."""

    schema: str = "responder.one/1"

    def items(self) -> list[Mapping[str, object]]:
        return [{"said": "a\tb"}]

    def rows(self) -> Iterator[Sequence[object]]:
        yield "c-1", 7, "a\tb\nc\x1b[31m"

    def draw(self, canvas: Canvas) -> None:
        canvas.line("drawn")


class Board:
    """A screen and what was written on it."""

    def __init__(
        self, manner: Manner | None = None, *, terminal: bool = True, typed: str = "", **environ: str
    ) -> None:
        kind = Terminal if terminal else StringIO
        self.out, self.err = kind(), kind()
        streams = Streams(self.out, self.err, kind(typed), {"TERM": "xterm", **environ})
        self.screen = Screen(streams, manner or Manner())


def test_a_person_at_a_terminal_gets_a_drawing() -> None:
    board = Board(NO_COLOR="1")
    board.screen.show(OneSheet())
    assert board.out.getvalue() == "drawn\n"


@pytest.mark.parametrize("board", [Board(terminal=False), Board(Manner(plain=True))])
def test_a_pipe_and_plain_get_fields_with_tabs_that_no_field_can_forge(board: Board) -> None:
    board.screen.show(OneSheet())
    assert board.out.getvalue() == "c-1\t7\ta<U+0009>b c<U+001B>[31m\n"


def test_a_program_gets_an_envelope() -> None:
    board = Board(Manner(json=True))
    board.screen.show(OneSheet(), next="c-2")
    document = {"schema": "responder.one/1", "items": [{"said": "a\tb"}], "next": "c-2"}
    assert json.loads(board.out.getvalue()) == document


def test_quiet_drops_confirmations_but_not_what_was_asked_for() -> None:
    board = Board(Manner(quiet=True), terminal=False)
    board.screen.confirm(OneSheet())
    assert board.out.getvalue() == ""
    board.screen.show(OneSheet())
    assert board.out.getvalue()


def test_a_hint_is_for_a_terminal_only_and_a_note_is_never_lost() -> None:
    person, pipe = Board(NO_COLOR="1"), Board(terminal=False)
    for board in (person, pipe):
        board.screen.hint("a hint")
        board.screen.note("a note")
    assert person.out.getvalue() == "a hint\na note\n"
    assert (pipe.out.getvalue(), pipe.err.getvalue()) == ("", "a note\n")


@pytest.mark.parametrize(
    ("typed", "yes"),
    [
        ("y\n", True),
        ("YES\n", True),
        ("n\n", False),
        ("\n", False),
        ("", False),
        ("y", True),
        ("yup\n", False),
    ],
)
def test_only_yes_is_yes_and_the_end_of_the_input_is_no(typed: str, *, yes: bool) -> None:
    assert Board(typed=typed).screen.ask("Sure?") is yes


def test_a_question_at_the_end_of_the_input_leaves_the_line() -> None:
    board = Board()
    board.screen.ask("Sure?")
    assert board.out.getvalue() == "Sure? [y/N] \n"


@pytest.mark.parametrize("board", [Board(terminal=False), Board(Manner(json=True))])
def test_nobody_is_asked_in_a_pipe_or_by_a_program(board: Board) -> None:
    assert not board.screen.asks


@pytest.mark.parametrize(
    ("board", "colour"),
    [
        (Board(), True),
        (Board(NO_COLOR="1"), False),
        (Board(NO_COLOR=""), True),
        (Board(TERM="dumb"), False),
        (Board(Manner(color=False)), False),
        (Board(Manner(plain=True)), False),
        (Board(terminal=False), False),
    ],
)
def test_colour_is_for_terminals_that_have_it_and_people_who_want_it(board: Board, *, colour: bool) -> None:
    board.screen.canvas().line(("words", "alarm"))
    assert ("\x1b" in board.out.getvalue()) is colour


def test_the_width_is_what_the_environment_says_or_eighty() -> None:
    assert Board(COLUMNS="120").screen.canvas().width == 120
    assert Board(COLUMNS="x").screen.canvas().width == 80
    assert Board(COLUMNS="0").screen.canvas().width == 80


def test_a_bar_is_drawn_on_a_terminal_and_never_on_the_output() -> None:
    board = Board()
    with board.screen.progress("Reading shop") as tick:
        tick(0.5, "12 posts\x07")
    assert "Reading shop" in board.err.getvalue()
    assert "\x07" not in board.err.getvalue()
    assert board.out.getvalue() == ""


@pytest.mark.parametrize(
    "board",
    [Board(terminal=False), Board(TERM="dumb"), Board(Manner(plain=True)), Board(Manner(quiet=True)),
     Board(Manner(json=True))],
)  # fmt: skip
def test_no_bar_is_drawn_where_it_would_be_noise(board: Board) -> None:
    with board.screen.progress("Reading shop") as tick:
        tick(None, "12 posts")
    assert board.err.getvalue() == ""


def test_a_failure_goes_to_standard_error_with_the_remedy_as_it_has_to_be_typed() -> None:
    board = Board(Manner(exact=exact(Path("my f"))))
    board.screen.fail(
        Failure(code=6, what="Too late\x1b.", why="Sam was quicker.", todo="Look: responder show c-1")
    )
    assert board.out.getvalue() == ""
    assert (
        board.err.getvalue()
        == "Too late<U+001B>.\n  Sam was quicker.\n  Look: responder --config 'my f' show c-1\n"
    )


def test_a_failure_is_an_envelope_on_standard_output_for_a_program() -> None:
    board = Board(Manner(json=True))
    board.screen.fail(Failure(code=6, what="Too late."))
    document = json.loads(board.out.getvalue())
    assert document["schema"] == "responder.error/1"
    assert document["items"][0]["code"] == 6
    assert board.err.getvalue() == ""


def test_only_commands_are_made_exact() -> None:
    words = "my responder is at /a responder here: responder queue, or responder --help"
    assert exact(Path("f"))(words) == (
        "my responder is at /a responder here: responder --config f queue, or responder --config f --help"
    )
    assert exact(None)(words) == words


def test_what_is_piped_in_must_be_text() -> None:
    source = TextIOWrapper(BytesIO(b"caf\xe9"), encoding="utf-8")
    screen = Screen(Streams(StringIO(), StringIO(), source, {}), Manner())
    with pytest.raises(Trouble, match="not text in utf-8"):
        screen.read()
