"""Canvas: lines, quotations and tables for a person at a terminal.

The only place where text meets rich. Every word goes through `visible`, none is markup: so whatever a
stranger wrote, and wherever a command puts it, it shows itself and does nothing.
"""

from collections.abc import Iterator, Sequence
from io import StringIO
from typing import TextIO

from rich.console import Console
from rich.text import Text

from responder.model.visible import visible

#: A run of words, plain or in one of STYLES.
Words = str | tuple[str, str]
#: How words may look. None of them carries a meaning that the words do not.
STYLES = {"strong": "bold", "faint": "dim", "alarm": "bold red", "care": "yellow", "good": "green"}
#: Longer lines are hard to read.
_WIDEST = 100
#: Between two columns.
_GAP = "  "


class _Pipe(Console):
    """A console that tells of a closed pipe like every other stream, and does not end the program."""

    def on_broken_pipe(self) -> None:
        """Go on up: responder.cli.app knows what to do."""
        raise BrokenPipeError


class Canvas:
    """Draws on `out`, `width` columns wide; `color` allows terminal sequences at all."""

    def __init__(self, out: TextIO, width: int, *, color: bool) -> None:
        self.width = max(20, width)
        self._console = _Pipe(
            file=out,
            width=self.width,
            color_system="auto" if color else None,
            force_terminal=color,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )
        encoding = (getattr(out, "encoding", None) or "utf-8").lower()
        wide = encoding.startswith("utf")
        self._bar, self._dash = ("│ ", "─") if wide else ("| ", "-")
        self._block, self._steps = ("█", "·▁▂▃▄▅▆▇█") if wide else ("#", ".12345678")

    @property
    def reading_width(self) -> int:
        """Columns for running text."""
        return min(self.width, _WIDEST)

    def line(self, *words: Words, indent: int = 0, hang: int = 0) -> None:
        """Draw one paragraph, its first line `indent` columns in and the others `hang` more."""
        self._wrapped(text(*words), Text(" " * indent), Text(" " * (indent + hang)))

    def item(self, lead: Words, *words: Words, hang: int, indent: int = 0) -> None:
        """Draw a paragraph beside its lead, which has the `hang` columns after `indent`."""
        first = Text.assemble(" " * indent, text(lead))
        first.pad_right(max(0, indent + hang - first.cell_len))
        self._wrapped(text(*words), first, Text(" " * (indent + hang)))

    def quote(self, words: str, indent: int = 2, style: str = "") -> None:
        """Draw words that somebody wrote or will send, line breaks kept, behind a bar."""
        before = Text(" " * indent + self._bar, style="dim")
        self._wrapped(text((words, style) if style else words), before, before)

    def block(self, words: str) -> None:
        """Draw a text that is laid out already; where there is no room, lines that are set in are cut."""
        for line in words.rstrip("\n").split("\n"):
            if line.startswith(" "):
                self.short(line)
            else:
                self.line(line, hang=8)

    def bar(self, share: float, width: int) -> str:
        """Return a bar that is `share` of `width` long; at least a mark where there is anything at all."""
        return self._block * max(round(share * width), int(share > 0))

    def marks(self, counts: Sequence[int]) -> str:
        """Return one mark a count, the higher the more; a point for none."""
        most = max(counts, default=0)
        return "".join(self._steps[-(-n * (len(self._steps) - 1) // most) if n else 0] for n in counts)

    def rule(self) -> None:
        """Draw a line across."""
        self._print(Text(self._dash * self.reading_width, style="dim"))

    def blank(self) -> None:
        """Leave a line empty."""
        self._print(Text())

    def sides(self, left: Sequence[Words], right: Sequence[Words]) -> None:
        """Draw one line with words at both ends; below each other where there is no room."""
        first, second = text(*left), text(*right)
        gap = self.reading_width - first.cell_len - second.cell_len
        if gap < 2:
            self._wrapped(first, Text(), Text())
            self._wrapped(second, Text(), Text())
        else:
            self._print(Text.assemble(first, " " * gap, second))

    def short(self, *words: Words, indent: int = 0) -> None:
        """Draw words on one line, cut with … where there is no room."""
        line = text(*words)
        line.truncate(max(10, self.reading_width - indent), overflow="ellipsis")
        self._print(Text.assemble(" " * indent, line))

    def command(self, command: str) -> None:
        """Draw a command on one line whatever the width, so that it can be copied as it stands."""
        self._print(Text.assemble("  ", text((command, "strong"))))

    def table(self, head: Sequence[str], rows: Sequence[Sequence[Words]], *, widest: int = 24) -> None:
        """Draw one line a row; the last column has the room that the others, each `widest` at most, leave.

        What is too long is cut with …; a column with nothing in it is left out.
        """
        if not rows:
            return
        cells = [[text(cell) for cell in row] for row in rows]
        used = [at for at in range(len(head)) if any(row[at].plain for row in cells)]
        lines = [[text((head[at], "faint")) for at in used], *([row[at] for at in used] for row in cells)]
        widths = [min(widest, max(line[at].cell_len for line in lines)) for at in range(len(used))]
        widths[-1:] = [max(10, self.width - sum(widths[:-1]) - len(_GAP) * (len(widths) - 1))]
        for line in lines:
            for cell, width in zip(line, widths, strict=True):
                cell.truncate(width, overflow="ellipsis", pad=True)
            self._print(Text(_GAP).join(line))

    def _wrapped(self, words: Text, first: Text, rest: Text) -> None:
        room = max(10, self.reading_width - max(first.cell_len, rest.cell_len))
        before = first
        for part in words.wrap(self._console, room, overflow="fold"):
            part.rstrip()
            self._print(Text.assemble(before, part))
            before = rest

    def _print(self, line: Text) -> None:
        line.rstrip()
        self._console.print(line, no_wrap=True, overflow="ignore", crop=False)


class Sheaf(Canvas):
    """Draws on nothing and keeps the lines: for who shows them in a part of the screen."""

    def __init__(self, width: int) -> None:
        super().__init__(StringIO(), width, color=False)
        self._lines: list[Text] = []

    @property
    def drawn(self) -> Text:
        """All that was drawn."""
        return Text("\n").join(self._lines)

    def _print(self, line: Text) -> None:
        line.rstrip()
        self._lines.append(line)


class Spoken(Canvas):
    """Draws what is read aloud well: no lines across, no bars, nothing set far apart."""

    def __init__(self, out: TextIO, width: int) -> None:
        super().__init__(out, width, color=False)
        self._bar = ""

    def rule(self) -> None:
        """Leave a line empty instead."""
        self.blank()

    def sides(self, left: Sequence[Words], right: Sequence[Words]) -> None:
        """Draw what stands at the other end on a line of its own."""
        for words in (left, right):
            if words:
                self.line(*words)


def text(*words: Words) -> Text:
    """Return words as rich wants them: made visible, and never read as markup."""
    made = Text()
    for said, look in _styled(words):
        made.append(visible(said), style=STYLES.get(look, ""))
    return made


def _styled(words: Sequence[Words]) -> Iterator[tuple[str, str]]:
    for one in words:
        yield (one, "") if isinstance(one, str) else one
