"""Place: the folder of the demo, with its config, its posts and its outbox."""

import json
from collections.abc import Sequence
from pathlib import Path

from responder.cli.failures import FAILED, USAGE, Trouble

#: The company that the made-up posts are about.
COMPANY = "Linden & Rowe"
#: The first line of a config that we made, and may make anew.
_MARK = "# Made by `responder demo`, and made anew each time. Nothing here leaves this machine."
#: What the demo makes, and takes away again.
_OURS = (
    "responder.toml",
    "feed.jsonl",
    "outbox.jsonl",
    "demo.db",
    "demo.db-wal",
    "demo.db-shm",
    "demo.db-journal",
)
#: What somebody who goes on with the demo makes; it stays.
_THEIRS = ("digests",)


class Place:
    """A folder that holds a demo and nothing else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "responder.toml"
        self.feed = folder / "feed.jsonl"
        self.outbox = folder / "outbox.jsonl"

    def clear(self) -> None:
        """Make the folder, without what an earlier demo left; Trouble when anything else is in it."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            found = {path.name for path in self.folder.iterdir()}
        except FileExistsError:
            raise self._taken("it is a file") from None
        others = sorted(found - {*_OURS, *_THEIRS})
        if others:
            raise self._taken(f"it holds {others[0]}")
        if found & set(_OURS) and not self._ours():
            raise self._taken("its responder.toml was not made by a demo")
        for name in reversed(_OURS):  # the config, by whose mark we know them, last
            (self.folder / name).unlink(missing_ok=True)

    def furnish(self, networks: Sequence[str], posts: str) -> None:
        """Write the config, with one account for each network, and the first posts."""
        self.config.write_text(self._toml(networks), encoding="utf-8")
        self.feed.write_text(posts, encoding="utf-8")

    def append(self, posts: str) -> None:
        """Let more be written."""
        with self.feed.open("a", encoding="utf-8") as file:
            file.write(posts)

    def replies(self) -> list[dict[str, str]]:
        """Return what was posted, in order."""
        if not self.outbox.exists():
            return []
        return [json.loads(line) for line in self.outbox.read_text(encoding="utf-8").splitlines()]

    def _ours(self) -> bool:
        try:
            return self.config.read_text(encoding="utf-8").startswith(_MARK)
        except (OSError, UnicodeDecodeError):
            return False

    def _taken(self, why: str) -> Trouble:
        return Trouble(
            FAILED,
            f"The demo does not touch {self.folder}: {why}.",
            "It only ever removes what it made itself.",
            "Name another folder: responder demo --folder NAME",
        )

    def _toml(self, networks: Sequence[str]) -> str:
        folder = self.folder.resolve()
        if any(mark in str(folder) for mark in "?#"):
            raise Trouble(
                USAGE,
                f"A database cannot lie in {folder}, whose name has a ? or a #.",
                todo="Name another folder: responder demo --folder NAME",
            )
        head = [
            _MARK,
            "",
            "[company]",
            f"name = {_text(COMPANY)}",
            'contact = "through the help page in our app"',
            "",
            "[database]",
            f"url = {_text(f'sqlite:///{folder}/demo.db')}",
            "",
            "[posting]",
            "# Into outbox.jsonl, which stands for four networks here.",
            'mode = "on"',
            "",
            "[digest]",
            f"folder = {_text(folder / 'digests')}",
        ]
        return "\n".join([*head, *(line for one in networks for line in self._account(one, folder))]) + "\n"

    def _account(self, network: str, folder: Path) -> list[str]:
        return [
            "",
            "[[accounts]]",
            f"name = {_text(f'lindenrowe-{network}')}",
            'connector = "replay"',
            "[accounts.options]",
            f"file = {_text(folder / self.feed.name)}",
            f"outbox = {_text(folder / self.outbox.name)}",
            f"network = {_text(network)}",
            f"only = {{ network = [{_text(network)}] }}",
        ]


def _text(value: object) -> str:
    """Return a value as a TOML string; JSON's escapes are TOML's."""
    return json.dumps(str(value))
