#!/usr/bin/env python3
"""Sets up .venv and runs the project's tasks, from a fresh clone, with the standard library only.

The syntax is that of Python 3.6 (a test says so), so that an old Python can say that it is too old.
"""
# For `uv run dev.py demo`, on a machine that has only uv; being a script, it leaves no uv.lock behind.
# /// script
# requires-python = ">=3.11"
# ///

import hashlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

USAGE = """\
python3 dev.py COMMAND

  demo    one complaint end to end on sample posts: no account, no network
  test    the tests; what follows goes to pytest, as in: test -m slow
  check   format, lint, types, imports and tests: all of them, even when one fails; or those that are named
  fix     format, and repair what lint can repair
  bench   the benchmark, as JSON
  lock    renew requirements*.txt with uv; --upgrade takes newer versions
  setup   only make .venv, with everything for development in it
"""


def too_old(version: "tuple[int, ...]") -> str:
    """Say what is wrong with a Python of this version, or nothing when it will do."""
    if version >= (3, 11):
        return ""
    return (
        f"Python 3.11 or newer is needed, this is {'.'.join(map(str, version))}.\n"
        "Start dev.py with a newer one, for example: python3.12 dev.py demo\n"
        "Or install uv, which fetches one by itself: uv run dev.py demo"
    )


if too_old(sys.version_info[:3]):
    sys.exit(too_old(sys.version_info[:3]))

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = str(BIN / "python")
STAMP = VENV / "dev-stamp"  # two lines: how .venv was made, and what is installed in it

# The demo needs no test tools, so there are two lock files. Both hold hatchling and editables, which install
# the project: its command and its connectors are found by installed metadata, which a bare .pth file lacks.
RUNTIME, DEV = "requirements.txt", "requirements-dev.txt"

TESTS = (PYTHON, "-m", "pytest", "-n", "auto")  # on every core; `test -n 0` for one

CHECKS = {
    "format": (PYTHON, "-m", "ruff", "format", "--check"),
    "lint": (PYTHON, "-m", "ruff", "check"),
    "types": (PYTHON, "-m", "mypy"),
    "imports": (str(BIN / "lint-imports"),),
    "tests": TESTS,
}

NO_PIP = """\
This Python cannot install anything: it has neither ensurepip nor pip.
On Debian and Ubuntu: sudo apt install python3-venv
Or install uv, which needs neither, and give the same command again."""

# What an installer says when it fails -> what the person can do about it. The first that fits is shown.
ADVICE = {
    r"No space left|os error 28\b|not enough space": """\
The disk is full. The set-up needs about 400 MB here, and for a moment as much in the temporary folder.""",
    r"Permission denied|Read-only file system|Operation not permitted|os error (13|30)\b": """\
This folder, or the .venv in it, cannot be written by you. If another user made it, remove .venv as that user,
or work in a copy that is yours.""",
    r"(?i)do not match the hashes|hash mismatch": """\
The index gave out a file that is not the one this project was tested with; nothing of it was installed.
Check the mirror or the proxy that you use. Do not take the hashes out.""",
    r"(?i)connect|timed? ?out|max retries|proxy|ssl|certificate|failed to fetch|dns error|http error": """\
The package index is out of reach. Check the network, the proxy (HTTPS_PROXY) and, if you have a mirror,
its address (PIP_INDEX_URL for pip, UV_DEFAULT_INDEX for uv).""",
    r"(?i)no matching distribution|no solution found|no wheels": """\
The index has no ready-made file of that library for this Python and this machine. Try Python 3.12; check that
your mirror is complete, and that pip is not told to stay offline (PIP_NO_INDEX).""",
    "": "What went wrong is in the lines above.",
}


class Trouble(Exception):
    """Something that the person at the terminal has to put right; the message says what it is and how."""


# --- running programs


@contextmanager
def patience() -> Iterator[None]:
    """Leave Ctrl-C to the program that runs meanwhile, and stop when it has ended: none is left running."""
    pressed = []
    before = signal.signal(signal.SIGINT, lambda *_: pressed.append(1))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed:
        raise KeyboardInterrupt


def run(*command: str) -> int:
    """Run a program in the project's folder and return its exit code."""
    with patience():
        code = subprocess.call(command, cwd=str(ROOT))
    return code if code >= 0 else 128 - code


def attempt(step: str, *command: str) -> None:
    """Do one step of the set-up, showing on a terminal how far it is, or say why it failed."""
    said = []
    shown = sys.stdout.isatty()
    with patience():
        process = subprocess.Popen(
            command,
            cwd=str(ROOT),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
        for line in process.stdout or ():
            said.append(line)
            if shown and line.startswith("Collecting "):
                print("\r\033[K  " + line.split()[1], end="", flush=True)
        if shown:
            print("\r\033[K", end="", flush=True)
        code = process.wait()
    if code:
        raise Trouble(failure(step, "".join(said)))


def failure(step: str, said: str) -> str:
    """Tell which step failed, the installer's last words, what to do, and that a rerun goes on."""
    last = [f"  | {line.rstrip()[:240]}" for line in said.splitlines() if line.strip()][-4:]
    advice = next(text for sign, text in ADVICE.items() if re.search(sign, said))
    again = "Then give the same command again: it goes on where it stopped."
    return "\n".join([f"{step} failed:", *last, "", advice, again])


# --- making .venv


def how_made() -> str:
    """Name what a .venv does not outlive: another Python, or a move to another folder."""
    return f"{sys.implementation.name} {sys.version.split()[0]} {ROOT}"


def contents(lock_file: str, root: Path = ROOT) -> str:
    """Name what this lock file and pyproject.toml put into .venv; a change in either changes the name."""
    digest = hashlib.sha256()
    for name in (lock_file, "pyproject.toml"):
        digest.update((root / name).read_bytes())
    return f"{lock_file} {digest.hexdigest()}"


def set_up(lock_file: str) -> None:
    """Make .venv hold at least what the lock file lists; do nothing when it already does."""
    stamp = STAMP.read_text(encoding="utf-8").splitlines() if STAMP.exists() else []
    alive = stamp[:1] == [how_made()] and Path(PYTHON).exists()
    if alive and stamp[1:] in ([contents(lock_file)], [contents(DEV)]):
        return
    began = time.monotonic()
    if alive:
        STAMP.unlink()  # an install that is cut short leaves no stamp, and what it left is not to be trusted
    else:
        make_venv()
    print(f"Installing {lock_file} into .venv. The first time this takes a minute or two.", flush=True)
    install(lock_file)
    STAMP.write_text(f"{how_made()}\n{contents(lock_file)}\n", encoding="utf-8")
    print(f"Ready in {time.monotonic() - began:.0f} s.", flush=True)


def make_venv() -> None:
    """Make an empty .venv of the Python that runs this, in the place of any that was there."""
    print(f"Making .venv with Python {sys.version.split()[0]}.", flush=True)
    if VENV.exists():
        shutil.rmtree(str(VENV))
    attempt("Making .venv", sys.executable, "-m", "venv", "--without-pip", str(VENV))


def install(lock_file: str) -> None:
    """Install with uv where there is one; with pip where there is none, or where uv fails."""
    uv = find_uv()
    if uv:
        try:
            return install_with([uv, "pip", "install", "--python", PYTHON], lock_file)
        except Trouble as trouble:
            print(str(trouble).split("\n\n")[0], "Trying pip instead of uv.", sep="\n", flush=True)
            make_venv()
    return install_with(find_pip(), lock_file)


def install_with(installer: list[str], lock_file: str) -> None:
    """Install what the lock file lists, each file by its hash and none built here; then the project."""
    locked = ["--require-hashes", "--only-binary=:all:", "-r", str(ROOT / lock_file)]
    attempt(f"Installing {lock_file}", *installer, *locked)
    # Nothing is fetched for the project: its libraries, and what builds it, have just been installed
    project = ["--no-index", "--no-deps", "--no-build-isolation", "-e", str(ROOT)]
    attempt("Installing the project", *installer, *project)


def find_uv() -> str | None:
    """Return the path of uv, or None; have it do without its cache where that cannot be written."""
    uv = shutil.which("uv")
    if uv:
        asked = subprocess.run([uv, "cache", "dir"], stdout=subprocess.PIPE, encoding="utf-8", check=False)
        cache = Path(asked.stdout.strip())
        if not os.access(next(folder for folder in (cache, *cache.parents) if folder.exists()), os.W_OK):
            os.environ["UV_NO_CACHE"] = "1"
    return uv


def find_pip() -> list[str]:
    """Return the command that installs into .venv with pip: its own, or that of the Python that runs this."""
    if importlib.util.find_spec("ensurepip"):
        attempt("Putting pip into .venv", PYTHON, "-m", "ensurepip", "--default-pip")
        return [PYTHON, "-m", "pip", "install"]
    if importlib.util.find_spec("pip"):  # as on a Debian with python3-pip but without python3-venv
        return [sys.executable, "-m", "pip", "--python", PYTHON, "install"]
    raise Trouble(NO_PIP)


# --- the commands


def demo(arguments: list[str]) -> int:
    """Show one complaint end to end."""
    set_up(RUNTIME)
    return run(PYTHON, "-m", "responder", "demo", *arguments)


def test(arguments: list[str]) -> int:
    """Run the tests."""
    set_up(DEV)
    return run(*TESTS, *arguments)


def check(arguments: list[str]) -> int:
    """Run every check, or those that are named, and tell at the end which failed."""
    set_up(DEV)
    return each(arguments or list(CHECKS), run)


def each(names: list[str], call: Callable[..., int]) -> int:
    """Run these checks with `call`, which returns their exit codes, and tell which failed."""
    failed = []
    for name in names:
        print(f"\n== {name}", flush=True)
        if call(*CHECKS[name]):
            failed.append(name)
    print("\ncheck: " + (f"failed: {', '.join(failed)}" if failed else "all is well"), flush=True)
    return 1 if failed else 0


def fix(_: list[str]) -> int:
    """Repair what can be repaired without thought."""
    set_up(DEV)
    left = run(PYTHON, "-m", "ruff", "check", "--fix")
    return run(PYTHON, "-m", "ruff", "format") or left


def bench(arguments: list[str]) -> int:
    """Measure."""
    set_up(DEV)
    return run(PYTHON, "-m", "tests.bench", *arguments)


def lock(arguments: list[str]) -> int:
    """Resolve pyproject.toml anew into the two lock files: for every platform, and without host names."""
    uv = find_uv()
    if not uv:
        raise Trouble("The lock files are renewed by uv, and it is not on PATH. For example: pipx install uv")
    # Releases rest for a week, since most stolen ones are found out within days. --no-config: nothing of this
    # machine gets in.
    resolve = [uv, "pip", "compile", "pyproject.toml", "--no-config", "--quiet", "--exclude-newer", "7 days"]
    resolve += [
        "--universal",
        "--python-version",
        "3.11",
        "--only-binary=:all:",
        "--generate-hashes",
        "--no-header",
    ]
    resolve += ["--no-annotate", "--no-emit-index-url", "--no-emit-find-links", *arguments]
    failed = run(*resolve, "--group", "build", "-o", RUNTIME)
    return failed or run(*resolve, "--group", "dev", "--constraints", RUNTIME, "-o", DEV)


def setup(_: list[str]) -> int:
    """Make .venv ready for development."""
    set_up(DEV)
    print(PYTHON)
    return 0


COMMANDS = {command.__name__: command for command in (demo, test, check, fix, bench, lock, setup)}
TAKES = {check: set(CHECKS), fix: set(), setup: set()}  # nothing but these; the others pass on what follows


def main(arguments: list[str]) -> int:
    """Do what was asked and return its exit code: 1 for trouble, 2 for what is not understood."""
    if arguments[:1] in (["-h"], ["--help"], ["help"]):
        print(USAGE, end="")
        return 0
    command = COMMANDS.get("".join(arguments[:1]))
    if command is None or not set(arguments[1:]) <= TAKES.get(command, set(arguments)):
        print(
            f"Not understood: {' '.join(arguments) or 'nothing was asked'}\n\n{USAGE}",
            end="",
            file=sys.stderr,
        )
        return 2
    try:
        return command(arguments[1:])
    except KeyboardInterrupt:
        return 130
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
    except OSError as error:
        print(f"\n{failure('Setting up', str(error))}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
