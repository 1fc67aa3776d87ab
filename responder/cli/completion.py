"""Completion: what makes a shell complete commands, options, and the ids of cases with who wrote what."""

# ruff: noqa: D417 (the desk is no argument that people give)

from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from responder.cli.desk import AtDesk
from responder.model.case import Case
from responder.model.search import parse
from responder.model.visible import one_line

if TYPE_CHECKING:
    from responder.store.store import Store

#: The file of --config in the line that is being completed.
CONFIG: ContextVar[Path | None] = ContextVar("config", default=None)
#: So many cases are offered.
_OFFERED = 20


def completion(shell: Literal["bash", "zsh", "fish"], /, *, desk: AtDesk) -> None:
    """Print what makes a shell complete commands, options and the ids of cases.

    In ~/.bashrc, or in ~/.zshrc after compinit: eval "$(responder completion bash)", or zsh. In fish:
    responder completion fish > ~/.config/fish/completions/responder.fish

    Args:
        shell: Which one.
    """
    from responder.cli.app import build

    script = build().generate_completion(prog_name="responder", shell=shell)
    if shell == "zsh":  # it is made for a file of its name in $fpath; this lets it be read at once
        script += "\ncompdef _cyclopts_responder responder\n"
    if desk.screen.manner.json:
        desk.screen.document("responder.completion/1", [{"shell": shell, "text": script}])
    else:
        desk.screen.write(script, safe=True)


def config_in(words: Sequence[str]) -> Path | None:
    """Return the file of --config in the words of a line, None where it is not told."""
    for at, word in enumerate(words):
        if word.startswith("--config="):
            return Path(word.partition("=")[2])
        if word == "--config" and at + 1 < len(words):
            return Path(words[at + 1])
    return None


def cases(typed: str) -> list[tuple[str, str]]:
    """Return ids that begin with what is typed, each with its author and first words.

    Of none, the most urgent that wait. Where there is no database yet there are none, and none is made.
    """
    digits = typed.lower().removeprefix("c").removeprefix("-")
    if digits and not digits.isdecimal():
        return []
    from responder.store.engine import file_of
    from responder.wiring import App, clock, read_settings

    app = App(read_settings(CONFIG.get()))
    file = file_of(app.settings.database_url())
    if file is not None and not file.exists():
        return []
    try:
        offered = _offered(app.store, digits, clock())
        # who types a number goes on with a number
        return [(name.removeprefix("c-") if typed == digits != "" else name, told) for name, told in offered]
    finally:
        app.close()


def views() -> list[tuple[str, str]]:
    """Return the names of the saved views, each with its filter."""
    from responder.wiring import read_settings

    return list(read_settings(CONFIG.get()).views.items())


def _offered(store: "Store", digits: str, now: datetime) -> Iterator[tuple[str, str]]:
    found = (
        store.finding.beginning(digits, _OFFERED)
        if digits
        else store.finding.page(parse("stage:waiting"), now, limit=_OFFERED)
    )
    yield from ((one.name, _told(one)) for one in found)


def _told(one: Case) -> str:
    author = one.target.author
    return one_line(f"@{author.handle or author.name}: {one.target.text}", 60)
