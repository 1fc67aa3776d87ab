"""snac from the machine, or else from Debian's backports, into a folder of its own: nothing is installed."""

import re
import shutil
import subprocess
from pathlib import Path

_KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"
#: What snac needs and a small machine may lack.
_LIBRARIES = (
    "libcurl4 libnghttp2-14 librtmp1 libssh2-1 libpsl5 libldap-2.5-0 libsasl2-2 libbrotli1 libssl3"
    " libgssapi-krb5-2 libkrb5-3 libk5crypto3 libkrb5support0 libcom-err2 libkeyutils1"
)


class Unfetched(Exception):
    """It cannot be had here; the message says why."""


def snac(folder: Path) -> tuple[str, dict[str, str]]:
    """Return the program, and what its environment needs besides; `folder` keeps it for the next time.

    Raises Unfetched where it is neither installed nor to be had from Debian.
    """
    if found := shutil.which("snac"):
        return found, {}
    program = folder / "root" / "usr" / "bin" / "snac"
    if not program.exists():
        _fetch(folder, "snac2")
    if "not found" in _said("ldd", str(program)):
        libraries = folder / "root" / "usr" / "lib"
        if not any(libraries.rglob("libcurl.so.4")):
            _fetch(folder, *_LIBRARIES.split())
        places = sorted({str(one.parent) for one in libraries.rglob("lib*.so*")})
        return str(program), {"LD_LIBRARY_PATH": ":".join(places)}
    return str(program), {}


def _fetch(folder: Path, *packages: str) -> None:
    """Download packages with apt, which checks their signatures, and unpack them; no rights are needed."""
    if not shutil.which("apt-get") or not Path(_KEYS).exists():
        raise Unfetched("no snac here, and no Debian to fetch it from")
    for part in ("lists/partial", "cache/archives/partial", "deb"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    sources = folder / "sources.list"
    suites = "bookworm", "bookworm-backports"
    sources.write_text("".join(f"deb [signed-by={_KEYS}] {_mirror()} {suite} main\n" for suite in suites))
    options = {
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "-",
        "Dir::State::lists": folder / "lists",
        "Dir::Cache": folder / "cache",
        "APT::Sandbox::User": "",
    }
    apt = ["apt-get", "-q", *(f"-o{name}={value}" for name, value in options.items())]
    _said(*apt, "update")
    _said(*apt, "download", *packages, folder=folder / "deb")
    for package in (folder / "deb").glob("*.deb"):
        _said("dpkg-deb", "-x", str(package), str(folder / "root"))


def _mirror() -> str:
    """Return where this machine gets Debian's packages from."""
    found = re.search(r"(https?://\S+) bookworm/main", _said("apt-cache", "policy"))
    if found is None:
        raise Unfetched("no snac here, and apt knows nobody to fetch Debian's from")
    return found[1]


def _said(*command: str, folder: Path | None = None) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode and command[0] != "ldd":
        raise Unfetched(f"{command[0]} failed: {done.stderr.strip()[-300:]}")
    return done.stdout
