"""snac on 127.0.0.1, for as long as tests want it: it is started by us, and nobody else's is touched."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.standins.cache import alone, do_without
from tests.standins.cache import folder as cache
from tests.standins.snac.fetched import Unfetched, snac


@dataclass
class Snac:
    """A running server; its accounts are made in a moment, for they share a key."""

    folder: Path
    port: int
    program: str
    environment: dict[str, str] = field(repr=False)
    _count: int = field(default=0)

    @property
    def url(self) -> str:
        """Where its people live: with this name, whatever address a request takes."""
        return f"http://localhost:{self.port}"

    def account(self, name: str = "") -> str:
        """Make an account and return its name; without one it gets one of its own."""
        self._count += 1
        name = name or f"brand{self._count}"
        made = self.folder.parent / name
        shutil.copytree(self.folder / "user" / "first", made)
        settings = json.loads((made / "user.json").read_text())
        (made / "user.json").write_text(json.dumps(settings | {"uid": name, "name": name}))
        made.rename(self.folder / "user" / name)  # at once, for the server looks around all the time
        return name

    def token(self, name: str) -> str:
        """Return a new access token of an account."""
        token = secrets.token_hex(16)
        file = self.folder / "token" / f"{token}.json"
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps({"token": token, "client_id": "tests", "uid": name}))
        return token

    def revoke(self, token: str) -> None:
        """Take an access token back."""
        (self.folder / "token" / f"{token}.json").unlink()

    def hurry(self, name: str) -> None:
        """Work through what an account has received, which the server does every three seconds."""
        self.run("queue", name)

    def run(self, command: str, *words: str, typed: str = "") -> None:
        """Run one of its commands."""
        line = [self.program, command, str(self.folder), *words]
        subprocess.run(
            line, input=typed, env=self.environment, text=True, capture_output=True, check=True, timeout=30
        )


@contextmanager
def running(folder: Path) -> Iterator[Snac]:
    """Start a server in an empty folder, and stop it at the end."""
    try:
        with alone("snac"):
            program, environment = snac(cache() / "snac")
    except Unfetched as why:
        do_without(str(why))
    server = Snac(folder / "snac", _free_port(), program, os.environ | environment)
    server.run("init", typed=f"127.0.0.1\n{server.port}\nlocalhost:{server.port}\n\n\n")
    settings = server.folder / "server.json"
    settings.write_text(json.dumps(json.loads(settings.read_text()) | {"protocol": "http"}))
    (server.folder / "emojis.json").write_text("{}")  # so that :-) stays what it is
    server.run("adduser", "first")
    with (folder / "log").open("w") as log:
        line = [program, "httpd", str(server.folder)]
        process = subprocess.Popen(line, env=server.environment, stdout=log, stderr=log)
        try:
            _await(server)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)


def _await(server: Snac) -> None:
    end = time.monotonic() + 20
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{server.port}/api/v1/instance", timeout=2):
                return
        except (URLError, OSError):
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
