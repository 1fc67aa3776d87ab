"""A form: what the options of an account are read with, one after another. It knows no network."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit


class Form:
    """Reads options and collects what is wrong with them; a connector adds kinds of its own."""

    def __init__(self, options: Mapping[str, Any], known: tuple[str, ...]) -> None:
        #: Each begins with its key: "page: must be ...".
        self.problems: list[str] = []
        self._options = options
        self.unknown("", options, known)

    def unknown(self, before: str, keys: Mapping[str, Any], known: tuple[str, ...]) -> None:
        """Note keys that mean nothing, with the one that may be meant; `before` leads to their table."""
        for key in keys:
            if key not in known:
                near = get_close_matches(str(key), known, n=1)
                hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
                self.problems.append(f"{before}{key}: is not known; {hint}")

    def whole(self, key: str, default: int, least: int, most: int) -> int:
        """Return a whole number within these bounds."""
        value = self._options.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.problems.append(f"{key}: must be a whole number from {least} to {most}")
            return default
        return value

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return a truth value."""
        value = self._options.get(key, default)
        if not isinstance(value, bool):
            self.problems.append(f"{key}: must be true or false")
            return default
        return value

    def close(self) -> None:
        """Raise ValueError with every problem, if there is one."""
        if self.problems:
            raise ValueError("\n".join(self.problems))


def server_address(told: object, *, path: bool = False) -> str:
    """Return the address of a server that secrets may go to, without a slash at its end; "" for any other.

    That is https, or on this machine http; with no login in it and nothing behind the host, but a path
    where `path` allows one.
    """
    if not isinstance(told, str) or re.search(r"[\s\\@?#\0]", told):
        return ""
    try:
        url = urlsplit(told)
        port = "" if url.port is None else f":{url.port}"
    except ValueError:
        return ""
    host, more = url.hostname or "", url.path.rstrip("/")
    if not host or port == ":0" or (more and not path):
        return ""
    if url.scheme != "https" and not (url.scheme == "http" and _is_here(host)):
        return ""
    return f"{url.scheme}://{f'[{host}]' if ':' in host else host}{port}{more}"


def host_of(address: str) -> str:
    """Return the name of the server of an address, in small letters; "" where there is none."""
    return urlsplit(address).hostname or ""


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
