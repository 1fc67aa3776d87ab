"""The canvas: what strangers wrote shows itself and does nothing, at any width."""

from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from responder.cli.canvas import Canvas
from tests.cli.scene import ACTING, Terminal

HOSTILE = "\x1b[31mred\x1b[0m \x1b]52;c;eA==\x07 \u202eback\u202c \x00 [red]m[/red] tab\there"
ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=200)


def canvas(width: int = 40, *, color: bool = False) -> tuple[Canvas, StringIO]:
    out = Terminal()
    return Canvas(out, width, color=color), out


@given(ANYTHING, st.integers(20, 120))
def test_no_words_act_and_no_line_is_wider_than_the_terminal(words: str, width: int) -> None:
    board, out = canvas(width)
    board.line(words, indent=2, hang=2)
    board.item("c-1", words, hang=6)
    board.quote(words)
    board.short(words)
    board.sides([words], ["205/280 characters"])
    board.table(["case", "they wrote"], [["c-1", words.replace("\n", " ")]])
    assert not ACTING.search(out.getvalue())
    assert all(cell_len(line) <= width for line in out.getvalue().split("\n"))


def test_markup_is_words_like_any_other() -> None:
    board, out = canvas(120, color=True)
    board.line(HOSTILE)
    assert "[red]m[/red]" in out.getvalue()
    assert "<U+001B>[31mred" in out.getvalue()
    assert "tab<U+0009>here" in out.getvalue()


def test_only_our_own_styles_reach_a_terminal_that_has_colour() -> None:
    board, out = canvas(color=True)
    board.line(("late", "alarm"))
    assert out.getvalue() == "\x1b[1;31mlate\x1b[0m\n"


def test_without_colour_there_is_no_escape_at_all() -> None:
    board, out = canvas()
    board.line(("late", "alarm"), ("a", "faint"))
    board.rule()
    assert "\x1b" not in out.getvalue()


def test_a_quotation_keeps_its_line_breaks_behind_a_bar() -> None:
    board, out = canvas()
    board.quote("one\n\ntwo")
    assert out.getvalue() == "  │ one\n  │\n  │ two\n"


def test_where_there_is_no_utf_8_lines_are_drawn_in_ascii() -> None:
    class Latin(Terminal):
        encoding = "latin-1"

    out = Latin()
    board = Canvas(out, 20, color=False)
    board.quote("one")
    board.rule()
    assert out.getvalue() == f"  | one\n{'-' * 20}\n"


def test_an_item_hangs_beside_its_lead() -> None:
    board, out = canvas(20)
    board.item("c-1", "words that go on for a while", indent=2, hang=5)
    assert out.getvalue() == "  c-1  words that go\n       on for a\n       while\n"


def test_a_table_cuts_what_is_too_long_and_leaves_out_empty_columns() -> None:
    board, out = canvas(30)
    board.table(["case", "", "they wrote"], [["c-1", "", "x" * 60], ["c-22", "", "short"]])
    assert out.getvalue().splitlines() == ["case  they wrote", f"c-1   {'x' * 23}…", "c-22  short"]


def test_a_table_without_rows_is_nothing() -> None:
    board, out = canvas()
    board.table(["case", "they wrote"], [])
    assert out.getvalue() == ""


def test_a_command_is_never_broken_for_it_is_copied() -> None:
    board, out = canvas(20)
    board.command("responder approve c-101 --yes --draft 2")
    assert out.getvalue() == "  responder approve c-101 --yes --draft 2\n"


def test_two_sides_that_do_not_fit_stand_below_each_other() -> None:
    board, out = canvas(20)
    board.sides(["Draft 1, first reply"], ["205/280"])
    assert out.getvalue() == "Draft 1, first reply\n205/280\n"


def test_a_text_that_is_laid_out_keeps_its_tables_in_line() -> None:
    board, out = canvas(20)
    board.block(f"OVERDUE (1)\n  c-1  {'x' * 40}\n\nSINCE {'y ' * 20}\n")
    assert out.getvalue().splitlines()[:3] == ["OVERDUE (1)", f"  c-1  {'x' * 12}…", ""]
    assert len(out.getvalue().splitlines()) > 4


def test_a_closed_pipe_is_told_and_not_swallowed() -> None:
    class Closed(Terminal):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        Canvas(Closed(), 80, color=False).line("words")
