"""Adding: an account and a folder for secrets come into the file of settings, and nothing else changes."""

import os
import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from responder.settings import source
from responder.settings.showing import toml, toml_key

_SECRETS = re.compile(r"^[ \t]*\[secrets\][^\n]*\n?", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What is to be in the settings besides."""

    name: str
    connector: str
    options: Mapping[str, Any] = field(default_factory=dict)
    #: The folder of [secrets]; None where it is set already.
    folder: Path | None = None

    @property
    def account(self) -> str:
        """The account as a person would write it."""
        lines = ["[[accounts]]", f"name = {toml(self.name)}", f"connector = {toml(self.connector)}"]
        if self.options:
            lines += ["", "[accounts.options]"]
            lines += [f"{toml_key(key)} = {toml(value)}" for key, value in self.options.items()]
        return "\n".join(lines) + "\n"

    @property
    def secrets(self) -> str:
        """The section of secrets, "" where it needs nothing."""
        return f"[secrets]\nfolder = {toml(str(self.folder))}\n" if self.folder else ""

    def in_table(self, table: Mapping[str, Any]) -> dict[str, Any]:
        """Return a table of settings with this in it."""
        made: dict[str, Any] = deepcopy(dict(table))
        if self.folder:
            made.setdefault("secrets", {})["folder"] = str(self.folder)
        account: dict[str, Any] = {"name": self.name, "connector": self.connector}
        if self.options:
            account["options"] = dict(self.options)
        made.setdefault("accounts", []).append(account)
        return made


def added(path: Path, one: Addition) -> str | None:
    """Return the text of the file (which need not be there) with `one` in it, every other word as it was.

    None where that cannot be done without changing more: a person has to.
    """
    file = source.read(path) if path.exists() else source.Source(str(path))
    if file.problem:
        return None
    text = file.text
    begin = one.account
    if one.folder:
        placed = _with_folder(file, one)
        text, begin = (placed, one.account) if placed else (text, f"{one.secrets}\n{one.account}")
    text += ("" if not text or text.endswith("\n\n") else "\n" if text.endswith("\n") else "\n\n") + begin
    with suppress(tomllib.TOMLDecodeError, AttributeError, TypeError):
        if tomllib.loads(text) == one.in_table(file.table):
            return text
    return None


def write(path: Path, text: str) -> None:
    """Put the text into the file, whole or not at all, with the rights and the owner it had."""
    path = path.resolve()  # a link stays one
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, beside = mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            before = path.stat()
            Path(beside).chmod(before.st_mode & 0o7777)
            with suppress(OSError, AttributeError):
                os.chown(beside, before.st_uid, before.st_gid)
        Path(beside).replace(path)
    finally:
        with suppress(OSError):  # it is there only when something went wrong
            Path(beside).unlink()


def _with_folder(file: source.Source, one: Addition) -> str:
    """Return the text with the folder in the [secrets] that stands there; "" where there is none."""
    section = file.table.get("secrets")
    if not isinstance(section, dict):
        return ""
    if "folder" not in section:
        return _SECRETS.sub(
            lambda header: f"{header[0].rstrip()}\nfolder = {toml(str(one.folder))}\n", file.text, 1
        )
    ((line, column),) = file.places([(("secrets", "folder"), False)])
    lines = file.text.split("\n")
    before, value = lines[line - 1][: column - 1], lines[line - 1][column - 1 :]
    if value[:2] not in {'""', "''"}:  # another folder is set: that is no addition
        return ""
    lines[line - 1] = f"{before}{toml(str(one.folder))}{value[2:]}"
    return "\n".join(lines)
