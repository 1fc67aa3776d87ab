"""Editor: a file with the words of a draft, and under a line what one should know while writing."""

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from responder.cli import failures, words
from responder.cli.card import CardSheet, thread
from responder.model.draft import Draft
from responder.model.visible import one_line, visible

#: What stands below is not part of the words.
SCISSORS = "# ------------------------ >8 ------------------------"
_NOTE = "# The reply stands above this line; what follows is left out. Empty or unchanged: nothing happens."
#: Where no editor is named.
_USUAL = ("editor", "nano", "vi", "notepad.exe")


def write(card: CardSheet, draft: Draft, environ: Mapping[str, str]) -> str:
    """Let a person write in their editor and return the words; the draft's own when nothing was changed.

    The file is kept, and named, when what came back cannot be used.
    """
    name = card.card.case.name
    before = visible(draft.text).strip()
    path, code = opened(name, "\n".join([before, "", SCISSORS, _NOTE, *_notes(card, draft)]) + "\n", environ)
    said = _above(read(path)).strip()
    lost = _NOTE in said
    if (code or lost) and said != before:
        gone = "the line with >8 is gone, so where the words end is not clear"
        raise not_taken(gone if not code else ended(code), path, f"responder edit {name} --file {path}")
    path.unlink()
    return draft.text if said == before else said


def filled_in(name: str, blank: str, environ: Mapping[str, str], again: str) -> tuple[Path, str]:
    """Let a person fill a form in; return its file and what they left there.

    The file is kept, and named, when the editor did not end well; `again` is the command that takes it.
    """
    path, code = opened(f"{name}-worksheet", blank, environ, suffix=".toml")
    said = read(path)
    if code and said != blank:
        raise failures.Trouble(
            failures.FAILED,
            f"What the editor left was not taken: it ended with exit code {code}.",
            f"It is kept in {path}.",
            f"Put it right there, then: {again} {path}",
        )
    return path, said


def opened(name: str, text: str, environ: Mapping[str, str], suffix: str = ".txt") -> tuple[Path, int]:
    """Open a new file with a text in the person's editor; return the file, and how the editor ended."""
    command = _command(environ)
    path = keep(name, text, environ, suffix)
    try:
        with _ctrl_c_is_the_editors():
            return path, subprocess.call([*command, str(path)])  # noqa: S603 (the person's own editor)
    except OSError as error:
        path.unlink()
        raise failures.Trouble(
            failures.FAILED,
            f"The editor {command[0]} could not be started: {error.strerror}.",
            todo="Name another one in the environment variable EDITOR, or use --text or --file.",
        ) from error


def ended(code: int) -> str:
    """Return how an editor ended."""
    return f"it ended with exit code {code}"


def not_taken(why: str, path: Path, again: str) -> failures.Trouble:
    """Return the error for what came back and cannot be used; the file stays."""
    return failures.Trouble(
        failures.FAILED,
        f"What the editor left was not taken: {why}.",
        f"It is kept in {path}.",
        f"Put it right there, then: {again}",
    )


def _above(text: str) -> str:
    """Return what stands above the line: a line of its own, for what a customer wrote may look like one."""
    lines = text.split("\n")
    at = next((at for at, line in enumerate(lines) if line.strip() == SCISSORS), len(lines))
    return "\n".join(lines[:at])


def read(path: Path) -> str:
    """Return the text of a file, without a byte order mark."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise failures.Trouble(
            failures.FAILED,
            f"{path} is not text in UTF-8.",
            todo="Save it in UTF-8, then give the same command again.",
        ) from None


def keep(name: str, said: str, environ: Mapping[str, str], suffix: str = ".txt") -> Path:
    """Write words into a new file for temporary things that only this user can read, and return it."""
    folder = environ.get("TMPDIR", "")
    where = folder if folder and Path(folder).is_dir() else None
    descriptor, path = tempfile.mkstemp(prefix=f"responder-{name}-", suffix=suffix, dir=where, text=True)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(said)
    return Path(path)


@contextmanager
def _ctrl_c_is_the_editors() -> Iterator[None]:
    """Leave Ctrl-C to the editor: it knows what it means there, and nothing typed is lost by it here."""
    before = signal.signal(
        signal.SIGINT, lambda *_: None
    )  # a handler of ours is not handed on, unlike SIG_IGN
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _command(environ: Mapping[str, str]) -> list[str]:
    named = environ.get("VISUAL") or environ.get("EDITOR") or ""
    try:
        command = shlex.split(named)
    except ValueError as error:
        raise failures.Trouble(
            failures.USAGE, f"The environment variable EDITOR cannot be read: {error}."
        ) from None
    usual = next((name for name in _USUAL if shutil.which(name)), None)
    if not command and usual is None:
        raise failures.Trouble(
            failures.USAGE,
            "There is no editor.",
            todo="Name one in the environment variable EDITOR, or give a file.",
        )
    return command or [str(usual)]


def _notes(card: CardSheet, draft: Draft) -> Iterator[str]:
    yield f"# {words.counted(draft.text, card.limits)} of the draft above; {one_line(card.network)} counts."
    for finding in draft.findings:
        yield f"# {finding.level}: {one_line(words.about(finding))}"
    for word in thread(card.card):
        who = "we wrote" if word.ours else f"@{one_line(card.card.case.target.author.handle)} wrote"
        yield f"#\n# {who} {words.ago(word.at, card.now)}:"
        yield from (f"#   {line}" for line in visible(word.text).split("\n"))
