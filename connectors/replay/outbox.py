"""The outbox: a JSONL file that holds what we sent, one whole line a reply."""

import errno
import json
import os
import re
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from connectors.replay.rows import Place, json_rows, opened
from responder.connector import Refused, Unavailable, Unsure

#: The file system takes nothing more. A write that fails with one of these wrote nothing (POSIX).
_FULL = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}


class Outbox:
    """A file that we only append to; several processes may read and append at once."""

    def __init__(self, path: Path, sync: Callable[[int], None]) -> None:
        self._path = path
        self._sync = sync

    def append(self, line: Mapping[str, str]) -> None:
        """Add one line, durably, with a single write.

        Raises Refused when it can never be written, Unavailable when it surely was not written, Unsure when
        it may have been.
        """
        try:
            data = json.dumps(line, ensure_ascii=False).encode() + b"\n"
        except UnicodeEncodeError:
            raise Refused("The text holds half of a surrogate pair and cannot be written as UTF-8.") from None
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
        except OSError as error:
            raise self._unavailable(error) from error
        try:
            self._write(descriptor, data)
        finally:
            os.close(descriptor)

    def answers(self, account: str, in_reply_to: str) -> list[Mapping[str, Any]]:
        """Return the answers of `account` to a post, in the order they were written.

        A line that a crash tore is no answer. Raises Unavailable when nobody can know.
        """
        if self._unused():
            return []
        with opened(self._path, "outbox") as file:
            lines = (row.values or {} for row in json_rows(file, Place(), needle(in_reply_to)))
            ours = account, in_reply_to
            return [line for line in lines if (line.get("account"), line.get("in_reply_to")) == ours]

    def _unused(self) -> bool:
        """Whether nothing was sent yet: the folder is there, and the file is not."""
        try:
            return self._path.parent.is_dir() and not self._path.exists()
        except OSError:
            return False  # opening it tells why

    def _write(self, descriptor: int, data: bytes) -> None:
        try:
            data = self._fresh_line(descriptor) + data
        except OSError as error:
            raise self._unavailable(error) from error
        written = 0
        try:
            written = os.write(descriptor, data)
            self._sync(descriptor)
        except OSError as error:
            if not written and error.errno in _FULL:
                raise self._unavailable(error) from error
            raise Unsure(
                f"Writing to {self._path} failed: {error.strerror}. Look whether it is there."
            ) from error
        if written < len(data):
            raise Unsure(
                f"{self._path} took a part of the line only. Make room on the disk, then look at its end."
            )

    def _fresh_line(self, descriptor: int) -> bytes:
        """Return the line end that a crash left out; make a new file durable before anything is in it."""
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Unavailable(
                f"{self._path} is not a regular file. Name a JSONL file in the option `outbox`."
            )
        if status.st_size:
            os.lseek(descriptor, -1, os.SEEK_END)
            return b"" if os.read(descriptor, 1) == b"\n" else b"\n"
        if os.name == "posix":
            folder = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        return b""

    def _unavailable(self, error: OSError) -> Unavailable:
        why = error.strerror or type(error).__name__
        return Unavailable(
            f"{self._path} cannot be written: {why}; nothing was sent. "
            "Check its folder, permissions and room on the disk, or correct the option `outbox`."
        )


def needle(post_id: str) -> bytes:
    """Return what a line of JSON with this id must hold, escapes apart; b"" when nobody knows."""
    return post_id.encode() if re.fullmatch(r"[A-Za-z0-9_.:@-]+", post_id) else b""
