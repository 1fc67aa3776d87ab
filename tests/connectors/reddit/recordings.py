"""What the real Reddit answered, recorded by PRAW's authors; fetched when needed, for the words are not ours.

The source distributions of PRAW and prawcore (BSD-2-Clause) hold their recordings as JSON.
"""

import json
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.standins.reddit.answering import NOT_FOUND, Answer
from tests.standins.reddit.failing import Fail
from tests.standins.reddit.wire import Listener, Request

#: What is fetched, and what it must be.
_PINNED = """\
praw==8.0.3 --hash=sha256:9b1428eb27e75420010713a5d6e86e7444540164efbb89eba6e693df0a10a512
prawcore==4.0.0 --hash=sha256:c7e4d6e1b71e2b9c88680aee467e3e07d22df4c91bb01488ce2a3ab43d76b076
"""
#: Pythons that may have a pip: ours has none where `dev.py` made it.
_PYTHONS = (sys.executable, getattr(sys, "_base_executable", sys.executable), "python3")
#: Headers that speak of a connection that is over.
_SPENT = {"content-length", "content-encoding", "transfer-encoding", "connection"}


@dataclass(frozen=True, slots=True)
class Said:
    """One recorded answer."""

    method: str
    path: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON, None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


def fetched(folder: Path) -> str:
    """Put the recordings into `folder`; return why it did not work, "" when it did."""
    wanted = folder / "wanted.txt"
    wanted.write_text(_PINNED, encoding="utf-8")
    options = ("--no-deps", "--no-binary", "praw,prawcore", "--require-hashes", "--retries", "1", "-q")
    python = next(filter(_has_pip, dict.fromkeys(_PYTHONS)), "")
    if not python:
        return "no Python here has pip"
    command = [python, "-m", "pip", "download", *options, "-d", str(folder), "-r", str(wanted)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    except subprocess.TimeoutExpired:
        return "it took too long"
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["pip failed"])[-1]
    return _unpacked(folder)


def _has_pip(python: str) -> bool:
    try:
        return subprocess.run([python, "-m", "pip", "-V"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _unpacked(folder: Path) -> str:
    for path in folder.glob("*.tar.gz"):
        with tarfile.open(path) as archive:
            if hasattr(tarfile, "data_filter"):
                archive.extractall(folder, filter="data")
            else:  # Python before 3.11.4; what is unpacked is known by its hash
                archive.extractall(folder)  # noqa: S202
    return "" if list(folder.glob("praw-*/tests/integration/cassettes/*.json")) else "it holds no recordings"


def answers(path: Path, *, logins: bool = False) -> list[Said]:
    """Return what was recorded in one file: the logins, or all the rest."""
    every = map(_said, json.loads(path.read_text(encoding="utf-8"))["interactions"])
    return [one for one in every if one.path.endswith("/access_token") is logins]


def _said(interaction: Mapping[str, Any]) -> Said:
    request, response = interaction["request"], interaction["response"]
    headers = {
        name.lower(): values[0] if isinstance(values, list) else values
        for name, values in response["headers"].items()
    }
    body = response["body"].get("string", "")
    return Said(
        method=request["method"],
        path="/" + request["uri"].partition("://")[2].partition("/")[2].partition("?")[0],
        status=response["status"]["code"],
        headers={name: value for name, value in headers.items() if name not in _SPENT},
        body=body.encode(),
    )


@dataclass
class Player:
    """A server that says what was recorded: answers to a path in their order, the last again and again."""

    url: str = ""
    said: dict[tuple[str, str], list[Said]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    def knows(self, *recorded: Said, at: str = "") -> None:
        """Let it say these answers, where they were given or at another path."""
        for one in recorded:
            self.said.setdefault((one.method, (at or one.path).rstrip("/")), []).append(one)

    def answer(self, request: Request) -> tuple[Answer, dict[str, str], Fail | None]:
        self.requests.append(request)
        known = self.said.get((request.method, request.path.rstrip("/")))
        if request.path == "/api/v1/access_token" and not known:
            return Answer(200, {"access_token": "a", "expires_in": 86400, "scope": "*"}), {}, None
        if request.path == "/api/v1/me":
            return Answer(200, {"name": "replayer", "id": "0me"}), {}, None
        if not known:
            return NOT_FOUND, {}, None
        one = known.pop(0) if len(known) > 1 else known[0]
        return NOT_FOUND, {}, Fail(status=one.status, body=one.body, headers=one.headers)


@contextmanager
def playing() -> Iterator[Player]:
    """Let a player listen for as long as the context lasts."""
    player, stopped = Player(), threading.Event()
    with Listener(0, player.answer, stopped) as listener:
        player.url = f"http://127.0.0.1:{listener.server_address[1]}"
        thread = threading.Thread(target=listener.serve_forever, args=(0.005,), daemon=True)
        thread.start()
        try:
            yield player
        finally:
            stopped.set()
            listener.shutdown()
