"""Screens: each question of a deed as a part of the terminal, answered by keys; Esc is no answer."""

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import Input, Static, TextArea

from responder.cli.review import drawing
from responder.cli.review.questions import Choice, Line, Question, Read, Sure, Words

#: What draws a text for so many columns.
Drawn = Callable[[int], Text]
#: Keys that scroll, by what they do.
SCROLLS = {
    "pagedown": "scroll_page_down",
    "ctrl+f": "scroll_page_down",
    "pageup": "scroll_page_up",
    "ctrl+b": "scroll_page_up",
    "home": "scroll_home",
    "end": "scroll_end",
}


class Part(Static):
    """Text that is drawn anew for each width."""

    can_focus = False

    def __init__(self, drawn: Drawn, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__("", id=id, markup=False)
        self._drawn = drawn

    def on_resize(self) -> None:
        """Draw it for the width there is now."""
        self.draw()

    def draw(self) -> None:
        """Draw it anew."""
        if self.size.width:
            self.update(self._drawn(self.size.width))


class Scroll(VerticalScroll, can_focus=False, can_focus_children=False):
    """A part that may be longer than its room."""

    def turn(self, key: str) -> bool:
        """Scroll by a key that scrolls; whether it was one."""
        if key not in SCROLLS:
            return False
        getattr(self, SCROLLS[key])(animate=False)
        return True


class Asking(ModalScreen[str | None]):
    """A question over the lower part of the card."""

    AUTO_FOCUS = ""
    DEFAULT_CSS: ClassVar[str] = """
    Asking { align: left bottom; }
    Asking > Vertical { height: auto; max-height: 80%; border-top: solid $foreground; padding: 0 1; }
    Asking Scroll { height: auto; max-height: 16; }
    Asking .asks { text-style: bold; }
    """

    def on_key(self, event: Key) -> None:
        """Leave by Esc; else it is for the question."""
        if event.key == "escape":
            event.stop()
            self.leave()
        elif self.typed(event):
            event.stop()
            event.prevent_default()

    def typed(self, event: Key) -> bool:
        """Take a key; False where it means nothing here."""
        return any(one.turn(event.key) for one in self.query(Scroll))

    def leave(self) -> None:
        """Give no answer."""
        self.answer(None)

    def answer(self, given: str | None) -> None:
        """Give the one answer; keys that were pressed before the question was gone are for nothing."""
        if self.is_current:
            self.dismiss(given)


class ChoiceScreen(Asking):
    """One of a few, by its letter."""

    def __init__(self, question: Choice) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        """Show the letters."""
        with Vertical():
            yield Static(self._question.asks, classes="asks", markup=False)
            for letter, what in self._question.options:
                yield Static(f"  {letter}  {what}", markup=False)
            yield Static("Esc leaves", markup=False)

    def typed(self, event: Key) -> bool:
        """Take one of the letters."""
        if event.character in dict(self._question.options):
            self.answer(event.character)
        return True


class LineScreen(Asking):
    """Some words on one line."""

    AUTO_FOCUS = "Input"

    def __init__(self, question: Line) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        """Show a line to write on."""
        with Vertical():
            yield Static(self._question.asks, classes="asks", markup=False)
            yield Input(compact=True, select_on_focus=False)
            yield Static("Enter answers · Esc leaves", markup=False)

    def on_mount(self) -> None:
        """Let nothing blink."""
        self.query_one(Input).cursor_blink = False

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what stands on the line."""
        self.answer(event.value.strip())


class SureScreen(Asking):
    """Yes or no; Enter is neither."""

    def __init__(self, question: Sure) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        """Show what has to be read."""
        with Vertical():
            with Scroll():
                yield Part(lambda width: drawing.listed(self._question, width))
            yield Static(self._question.asks, classes="asks", markup=False)
            yield Static("y yes · n no · PgUp PgDn read", markup=False)

    def typed(self, event: Key) -> bool:
        """Take a y or an n."""
        if event.character in {"y", "n"}:
            self.answer("y" if event.character == "y" else None)
            return True
        return super().typed(event)


class WordsScreen(Asking):
    """The words of a reply, with what the rules and the counter say while they are written."""

    AUTO_FOCUS = "TextArea"
    DEFAULT_CSS: ClassVar[str] = """
    WordsScreen TextArea, WordsScreen TextArea:focus {
        height: auto; min-height: 4; max-height: 12; border: none; padding: 0;
    }
    WordsScreen Scroll { max-height: 8; }
    """

    def __init__(self, question: Words) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        """Show the words, and below them how they are judged."""
        with Vertical():
            yield Static("Write the reply", classes="asks", markup=False)
            yield TextArea(self._question.text, soft_wrap=True, tab_behavior="focus", show_line_numbers=False)
            with Scroll():
                yield Part(self._judged)

    def on_mount(self) -> None:
        """Let nothing blink, and begin where the words end."""
        area = self.query_one(TextArea)
        area.cursor_blink = False
        area.move_cursor(area.document.end)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Keep what is typed, and judge it."""
        self._question.keep(event.text_area.text)
        self.query_one(Part).draw()

    def typed(self, event: Key) -> bool:
        """Store by Ctrl+S."""
        if event.key != "ctrl+s":
            return super().typed(event) if event.key in {"pageup", "pagedown"} else False
        self.answer(self.query_one(TextArea).text)
        return True

    def _judged(self, width: int) -> Text:
        return drawing.judged(self._question.judge(self.query_one(TextArea).text), width)


class ReadScreen(ModalScreen[None]):
    """Something to read, on the whole terminal; any of a few keys leaves it."""

    AUTO_FOCUS = ""
    DEFAULT_CSS: ClassVar[str] = """
    ReadScreen { background: ansi_default; }
    ReadScreen Scroll { padding: 0 1; }
    ReadScreen > Static { padding: 0 1; border-top: solid $foreground; }
    """

    def __init__(self, drawn: Drawn) -> None:
        super().__init__()
        self._drawn = drawn

    def compose(self) -> ComposeResult:
        """Show it."""
        with Scroll():
            yield Part(self._drawn)
        yield Static("j k PgUp PgDn read on · Esc back to the card", markup=False)

    def on_key(self, event: Key) -> None:
        """Read on, or go back."""
        event.stop()
        scroll = self.query_one(Scroll)
        if not self.is_current:  # it is left already
            return
        if event.key in {"escape", "q", "i", "question_mark"}:
            self.dismiss(None)
        elif event.key in {"j", "down"}:
            scroll.scroll_down(animate=False)
        elif event.key in {"k", "up"}:
            scroll.scroll_up(animate=False)
        else:
            scroll.turn(event.key)


def screen_of(question: Question) -> ModalScreen[str | None] | None:
    """Return the screen for a question that is put on one; None for those that need none."""
    match question:
        case Choice():
            return ChoiceScreen(question)
        case Line():
            return LineScreen(question)
        case Sure():
            return SureScreen(question)
        case Words():
            return WordsScreen(question)
        case Read():
            return ReadScreen(lambda width: drawing.history(question, width))  # type: ignore[return-value]
        case _:
            return None
