"""Replay's stage: a feed and an outbox in a folder, and the ways in which files fail."""

import csv
import errno
import json
import os
import resource
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from connectors.replay import Replay
from responder.connector import Unavailable, Unsure
from responder.model.mention import Mention
from tests.connectors.stage import ACCOUNT, Failure, Stage

FAILURES: Mapping[str, Failure] = {
    "the feed is missing": Failure(Unavailable, ("poll", "look")),
    "the feed is a folder": Failure(Unavailable, ("poll", "look")),
    "the outbox is a folder": Failure(Unavailable, ("look", "send", "find_sent", "shown")),
    "the folder of the outbox is missing": Failure(Unavailable, ("look", "send", "find_sent", "shown")),
    "we have no rights": Failure(Unavailable, ("poll", "look", "send", "find_sent", "shown")),
    "the disk is full": Failure(Unavailable, ("send",)),
    "the disk gets full within the line": Failure(Unsure, ("send",)),
    "the disk fails after the line": Failure(Unsure, ("send",)),
}
_COLUMNS = ("id", "text", "author", "in_reply_to", "edited", "removed")


def replay(file: Path, **options: Any) -> Replay:
    """Return a connector that reads `file`."""
    return Replay(ACCOUNT, {"file": str(file), **options}, _no_secret)


def write_rows(file: Path, *rows: Mapping[str, Any]) -> Path:
    """Append rows to a JSONL file."""
    with file.open("a", encoding="utf-8") as feed:
        feed.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return file


class FilesStage(Stage):
    """A network that is a folder; `ending` is .jsonl or .csv."""

    secrets = ("canary-7f3a", "canary-91bc")

    def __init__(self, folder: Path, ending: str) -> None:
        self.feed = folder / f"feed{ending}"
        self.outbox = folder / "out" / "outbox.jsonl"
        self.outbox.parent.mkdir()
        self._folder = folder
        self._count = 0
        self._disk_fails = False
        self._append(dict(zip(_COLUMNS, _COLUMNS, strict=True)) if ending == ".csv" else {})

    def connector(self) -> Replay:
        options = {"file": str(self.feed), "outbox": str(self.outbox), "own": "@Shop", "page": 2}
        return Replay(
            ACCOUNT, options, dict.fromkeys(("token", "key"), self.secrets[0]).__getitem__, self._sync
        )

    def say(self, text: str, *, by_us: bool = False, answering: str = "") -> str:
        self._count += 1
        author = "shop" if by_us else f"@ana{self._count}"
        self._append({"id": f"p{self._count}", "text": text, "author": author, "in_reply_to": answering})
        return f"p{self._count}"

    def edit(self, external_id: str, text: str) -> None:
        self._count += 1
        author = f"@ana{external_id.removeprefix('p')}"
        self._append({"id": external_id, "text": text, "author": author, "edited": f"v{self._count}"})

    def remove(self, external_id: str) -> None:
        self._append({"id": external_id, "removed": "true"})

    def sent(self) -> list[tuple[str, str]]:
        if not self.outbox.exists():
            return []
        lines = self.outbox.read_text(encoding="utf-8").split("\n")
        whole = [json.loads(line) for line in lines if line.endswith("}")]
        return [(line["in_reply_to"], line["text"]) for line in whole]

    def trace(self) -> Hashable:
        return frozenset((str(path), path.read_bytes()) for path in self._folder.rglob("*") if path.is_file())

    def hosts(self) -> list[str]:
        return []

    def broken(self, failure: str) -> AbstractContextManager[None]:
        size = self.outbox.stat().st_size if self.outbox.exists() else 0
        ways: dict[str, Callable[[], AbstractContextManager[None]]] = {
            "the feed is missing": lambda: _moved_away(self.feed),
            "the feed is a folder": lambda: _replaced_by_folder(self.feed),
            "the outbox is a folder": lambda: _replaced_by_folder(self.outbox),
            "the folder of the outbox is missing": lambda: _moved_away(self.outbox.parent),
            "we have no rights": lambda: _without_rights(self.feed, self.outbox.parent),
            "the disk is full": lambda: self.full_disk(size),
            "the disk gets full within the line": lambda: self.full_disk(size + 20),
            "the disk fails after the line": self._failing_disk,
        }
        return ways[failure]()

    @contextmanager
    def full_disk(self, size: int) -> Iterator[None]:
        """Let no file grow beyond `size` bytes."""
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    def _append(self, row: Mapping[str, str]) -> None:
        if self.feed.suffix != ".csv":
            write_rows(self.feed, *[row] if row else [])
            return
        with self.feed.open("a", encoding="utf-8", newline="") as feed:
            csv.DictWriter(feed, _COLUMNS, lineterminator="\n").writerow(row)

    def _sync(self, descriptor: int) -> None:
        if self._disk_fails:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        os.fsync(descriptor)

    @contextmanager
    def _failing_disk(self) -> Iterator[None]:
        self._disk_fails = True
        yield
        self._disk_fails = False


def _no_secret(name: str) -> str:
    raise KeyError(name)


@contextmanager
def _moved_away(path: Path) -> Iterator[None]:
    aside = path.rename(path.with_name("aside"))
    try:
        yield
    finally:
        aside.rename(path)


@contextmanager
def _replaced_by_folder(path: Path) -> Iterator[None]:
    aside = path.rename(path.with_name("aside")) if path.exists() else None
    path.mkdir()
    try:
        yield
    finally:
        path.rmdir()
        if aside:
            aside.rename(path)


@contextmanager
def _without_rights(*paths: Path) -> Iterator[None]:
    """Take all rights from these, and from the superuser the right to do without."""
    user, modes = os.geteuid(), [path.stat().st_mode for path in paths]
    for path in paths:
        path.chmod(0)
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)
        for path, mode in zip(paths, modes, strict=True):
            path.chmod(mode)


def line_of(post: Mention) -> int:
    """Return the line of a post that has no id of its own: row-17-0a1b2c3d."""
    return int(post.external_id.split("-")[1])
