"""Screen: the grammar of all output. A person's terminal, a pipe and a program each get their own form."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Protocol, TextIO

from responder.cli.envelope import envelope
from responder.cli.failures import FAILED, Failure, Trouble
from responder.model.visible import one_line, visible

if TYPE_CHECKING:  # rich is loaded when something is drawn
    from responder.cli.canvas import Canvas

#: Called with (share done 0..1 or None, words).
Tick = Callable[[float | None, str], None]
_DEFAULT_WIDTH = 80


@dataclass(frozen=True, slots=True)
class Streams:
    """Where words come from and go to, with the environment that says how."""

    out: TextIO
    err: TextIO
    source: TextIO
    environ: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """What was asked of the output."""

    json: bool = False
    plain: bool = False
    color: bool = True
    quiet: bool = False
    #: Whether a person may be asked.
    asking: bool = True
    #: Whether nothing that is done is kept.
    rehearsed: bool = False
    #: Returns our own words with every `responder ...` in them as it has to be typed here.
    exact: Callable[[str], str] = str


class Sheet(Protocol):
    """Something to show, in each of the three forms."""

    @property
    def schema(self) -> str:
        """The name of its JSON form, like responder.queue/1."""
        ...

    def items(self) -> Sequence[Mapping[str, object]]:
        """Return what --json tells."""
        ...

    def rows(self) -> Iterable[Sequence[object]]:
        """Return lines of fields, for a pipe."""
        ...

    def draw(self, canvas: "Canvas") -> None:
        """Draw it for a person."""
        ...


class Screen:
    """Shows sheets, says what happened, and asks."""

    def __init__(self, streams: Streams, manner: Manner) -> None:
        self._streams = streams
        self.manner = manner
        dumb = streams.environ.get("TERM") == "dumb"
        self._bars = not (manner.json or manner.plain or manner.quiet or dumb) and streams.err.isatty()
        self._color = not (manner.plain or dumb or streams.environ.get("NO_COLOR")) and manner.color

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment of the call."""
        return self._streams.environ

    @property
    def drawn(self) -> bool:
        """Whether a person at a terminal looks at it."""
        return not self.manner.json and not self.manner.plain and self._streams.out.isatty()

    @property
    def asks(self) -> bool:
        """Whether there is a person who can be asked."""
        told = self.manner.json or not self.manner.asking
        return not told and self._streams.source.isatty() and self._streams.out.isatty()

    @property
    def full(self) -> bool:
        """Whether there is a real terminal that can be drawn all over."""
        if not (self.asks and self.drawn) or self._streams.environ.get("TERM", "dumb") == "dumb":
            return False
        try:
            return os.isatty(self._streams.source.fileno()) and os.isatty(self._streams.out.fileno())
        except (OSError, ValueError):
            return False

    def show(self, sheet: Sheet, **more: object) -> None:
        """Show a sheet: drawn, as tab-separated lines, or as JSON (with `more` in its envelope)."""
        if self.manner.json:
            self.document(sheet.schema, sheet.items(), **more)
        elif self.drawn:
            sheet.draw(self.canvas())
        else:
            for row in sheet.rows():
                self._streams.out.write("\t".join(one_line(str(cell)) for cell in row) + "\n")
        self._streams.out.flush()

    def confirm(self, sheet: Sheet, **more: object) -> None:
        """Show what was done; under -q only a program is told."""
        tried = {"dry_run": True} if self.manner.rehearsed else {}
        if self.manner.json or not self.manner.quiet:
            self.show(sheet, **more, **tried)
        if tried and not self.manner.json:
            self.note("This was a dry run: nothing was changed.")

    def document(self, schema: str, items: Sequence[Mapping[str, object]], **more: object) -> None:
        """Write one JSON document."""
        self._streams.out.write(envelope(schema, items, **more))
        self._streams.out.flush()

    def hint(self, words: str) -> None:
        """Say something helpful to a person at a terminal, and to nobody else."""
        if self.drawn and not self.manner.quiet:
            self.canvas().line((self.manner.exact(words), "faint"))

    def note(self, words: str) -> None:
        """Say something that must not be missed: on standard error where nobody looks at the output."""
        if self.drawn:
            self.hint(words)
        elif not self.manner.quiet and not self.manner.json:
            self._streams.err.write(visible(self.manner.exact(words)) + "\n")

    def write(self, words: str, *, safe: bool = False) -> None:
        """Write a text as it is meant to be read (a letter, a file of settings), visible unless `safe`."""
        self._streams.out.write(words if safe else visible(words))
        self._streams.out.flush()

    def canvas(self, *, spoken: bool = False) -> "Canvas":
        """Return what to draw on: without colour where nobody looks or colour is unwanted.

        `spoken`: for who has it read aloud, or reads it in a pipe.
        """
        from responder.cli.canvas import Canvas, Spoken

        out = self._streams.out
        if spoken:
            return Spoken(out, self._width(out))
        return Canvas(out, self._width(out), color=self._color and out.isatty())

    def ask(self, question: str) -> bool:
        """Ask a yes-or-no question; everything but yes is no, the end of the input too."""
        return (self.line(f"{question} [y/N] ") or "").lower() in {"y", "yes"}

    def line(self, question: str, *, hidden: bool = False, whole: bool = False) -> str | None:
        """Return a person's answer on one line, without blanks around it; None at the end of the input.

        A `hidden` one is not shown while it is typed; Trouble where the terminal cannot do that. A `whole`
        one keeps its blanks.
        """
        with _unseen(self._streams.source) if hidden else nullcontext():
            self._streams.out.write(visible(question))
            self._streams.out.flush()
            answer = self._streams.source.readline()
        if hidden or not answer.endswith("\n"):
            self._streams.out.write("\n")
        if not answer:
            return None
        return answer.rstrip("\r\n") if whole else answer.strip()

    def read(self) -> str:
        """Return everything that is piped in; Trouble when it is no text."""
        try:
            return self._streams.source.read()
        except UnicodeDecodeError as error:
            raise Trouble(FAILED, f"What is piped in is not text in {error.encoding}.") from None

    def fail(self, failure: Failure) -> None:
        """Tell what went wrong: on standard error, or as an envelope on standard output under --json."""
        failure = replace(failure, todo=self.manner.exact(failure.todo))
        if self.manner.json:
            self.document("responder.error/1", [failure.item()])
            return
        self._streams.err.write("\n".join(map(visible, failure.lines())) + "\n")
        self._streams.err.flush()

    @contextmanager
    def progress(self, doing: str) -> Iterator[Tick]:
        """Give a function that moves a bar on standard error; without a terminal it does nothing."""
        if not self._bars:
            yield _nothing
            return
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        err = self._streams.err
        system: Literal["auto"] | None = "auto" if self._color else None
        console = Console(file=err, width=self._width(err), color_system=system, force_terminal=True)
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[says]}", markup=False),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task(one_line(doing), total=None, says="")

            def tick(share: float | None, says: str) -> None:
                bar.update(task, total=None if share is None else 1.0, completed=share or 0.0, says=says)

            yield tick

    def _width(self, stream: TextIO) -> int:
        told = self._streams.environ.get("COLUMNS", "")
        if told.isdecimal() and int(told):
            return int(told)
        try:
            return os.get_terminal_size(stream.fileno()).columns or _DEFAULT_WIDTH
        except (OSError, ValueError):
            return _DEFAULT_WIDTH


@contextmanager
def _unseen(source: TextIO) -> Iterator[None]:
    """Let nobody see what is typed; Trouble where a terminal shows it whatever it is told."""
    try:
        descriptor = source.fileno()
    except (OSError, ValueError):  # no terminal of the system's: nothing is shown there
        yield
        return
    try:
        import termios

        before = termios.tcgetattr(descriptor)
    except Exception as error:  # there is no such module everywhere, and its error is no OSError
        why = "This terminal would show what you type."
        todo = "Use another one, or put the secrets into files yourself: docs/connectors.md"
        raise Trouble(FAILED, "Secrets cannot be typed here.", why, todo) from error
    now = before[:]
    now[3] &= ~termios.ECHO
    try:
        termios.tcsetattr(descriptor, termios.TCSAFLUSH, now)
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSAFLUSH, before)


def _nothing(_share: float | None, _says: str) -> None:
    """Move no bar."""
