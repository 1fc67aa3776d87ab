"""A scene for tests of the command line: a folder with a config and posts, a clock, and terminals."""

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

from responder.cli.app import run
from responder.cli.screen import Streams
from responder.store.store import Store
from tests.network import START, at

#: What no output may hold: C0 but line feed and tab, DEL, C1, bidirectional and other format characters.
ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")

#: A reply in German with one warning: nobody says what happens next.
WARNED = "Wir haben Ihr Paket verloren, und Sie warten seit zwei Wochen. Das tut uns leid. ^Sam"


class Terminal(StringIO):
    """A stream at which somebody sits."""

    def isatty(self) -> bool:
        return True


@dataclass(frozen=True)
class Said:
    """What a call of responder printed, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def words(self) -> str:
        """What it printed, wherever lines were broken."""
        return " ".join(self.out.split())

    @property
    def document(self) -> dict[str, Any]:
        """What it printed as JSON."""
        loaded: dict[str, Any] = json.loads(self.out)
        return loaded

    @property
    def rows(self) -> list[list[str]]:
        """What it printed into a pipe."""
        return [line.split("\t") for line in self.out.splitlines()]


@dataclass
class Scene:
    """A folder in which responder is called."""

    folder: Path
    #: What the clock says.
    now: datetime = field(default_factory=lambda: at(60))
    environ: Mapping[str, str] = field(default_factory=lambda: {"NO_COLOR": "1"})

    @property
    def config(self) -> Path:
        return self.folder / "responder.toml"

    @property
    def outbox(self) -> Path:
        return self.folder / "outbox.jsonl"

    @property
    def store(self) -> Store:
        """The database, prepared."""
        store = Store(f"sqlite:///{self.folder / 'r.db'}")
        store.prepare()
        return store

    def configure(self, *more: str, mode: str = "off", **accounts: str) -> None:
        """Write the config, with an account "shop" (or `accounts`: name -> network), and further lines."""
        lines = [
            "[company]",
            'name = "Acme"',
            "[database]",
            f"url = {json.dumps(f'sqlite:///{self.folder}/r.db')}",
            "[digest]",
            f"folder = {json.dumps(str(self.folder / 'digests'))}",
            "[posting]",
            f'mode = "{mode}"',
            *more,
        ]
        for name, network in (accounts or {"shop": "bluesky"}).items():
            lines += ["[[accounts]]", f'name = "{name}"', 'connector = "replay"', "[accounts.options]"]
            lines += [
                f"{key} = {json.dumps(str(self.folder / f'{key}.jsonl'))}" for key in ("feed", "outbox")
            ]
            lines[-2] = lines[-2].replace("feed =", "file =", 1)
            lines.append(f'network = "{network}"')
        self.config.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def say(self, *posts: Mapping[str, object]) -> None:
        """Let customers write."""
        with (self.folder / "feed.jsonl").open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(one) + "\n" for one in posts)

    def call(
        self,
        *tokens: str,
        answers: str | None = None,
        width: int = 80,
        piped: str = "",
        sits: Terminal | None = None,
        who: str = "sam",
    ) -> Said:
        """Call responder: at a terminal where `answers` are typed or somebody `sits`, in a pipe otherwise."""
        sits = sits if answers is None else Terminal(answers)
        kind = Terminal if sits else StringIO
        source = sits or StringIO(piped)
        out, err = kind(), kind()
        environ = {"COLUMNS": str(width), "TERM": "xterm", "TMPDIR": str(self.folder), **self.environ}
        call = ["--config", str(self.config), "--as", who, *tokens]
        code = run(call, Streams(out, err, source, environ), lambda: self.now)
        return Said(code, out.getvalue(), err.getvalue())

    def copy(self, folder: Path) -> "Scene":
        """Return the same scene in another folder."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        other = Scene(folder, self.now)
        other.configure()
        return other


def post(number: int, text: str, **more: object) -> dict[str, object]:
    """Return a post of the feed, an hour old."""
    made: dict[str, object] = {
        "id": f"p{number}",
        "author": f"customer{number}",
        "text": text,
        "created_at": START.isoformat(),
        "language": "en",
        "url": f"https://net.example/p{number}",
    }
    return made | more


def fields(value: object, name: str = "") -> set[str]:
    """Return the names of all fields of plain data, as docs/json.md writes them."""
    if isinstance(value, Mapping):
        below = [fields(item, f"{name}.{key}" if name else str(key)) for key, item in value.items()]
        return set().union(*below) if below else {name}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return set().union(*(fields(item, f"{name}[]") for item in value)) if value else {f"{name}[]"}
    return {name}
