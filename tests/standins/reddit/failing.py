"""Ways in which our Reddit answers otherwise than well."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


class Asked(Protocol):
    """What of a request decides whether it fails."""

    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...


#: Whether a request is one of those that fail.
Which = Callable[[Asked], bool]


@dataclass(frozen=True, slots=True)
class Fail:
    """What becomes of a request."""

    #: It has its effect all the same.
    effect: bool = False
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    #: None: the whole answer; else the share of it after which the connection is cut.
    share: float | None = None
    #: The right answer is sent, or a part of it.
    right: bool = False
    #: Nothing is said until the server goes.
    hangs: bool = False
    #: Said a piece at a time, with so many seconds between.
    pace: float = 0.0


def instead(status: int, body: Any = None, headers: Mapping[str, str] | None = None) -> Fail:
    """Answer otherwise, and do nothing."""
    return Fail(status=status, body=_bytes(status, body), headers=headers or {})


def afterwards(status: int, body: Any = None, headers: Mapping[str, str] | None = None) -> Fail:
    """Answer otherwise when it is done."""
    return Fail(effect=True, status=status, body=_bytes(status, body), headers=headers or {})


def errors(*items: tuple[str, str, str], ratelimit: float | None = None) -> Fail:
    """Answer a comment with 200 and error items (code, text, field), and do nothing."""
    said: dict[str, Any] = {"errors": [list(item) for item in items]}
    return instead(200, {"json": said | ({} if ratelimit is None else {"ratelimit": ratelimit})})


def breaks_off(share: float) -> Fail:
    """Do it, answer rightly, and cut the connection when so much of the answer was said."""
    return Fail(effect=True, right=True, share=share)


def hangs(*, effect: bool = True) -> Fail:
    """Do it, and say nothing."""
    return Fail(effect=effect, hangs=True)


def _bytes(status: int, body: Any) -> bytes:
    if isinstance(body, bytes):
        return body
    return json.dumps({"message": "Told", "error": status} if body is None else body).encode()


def to_logins(asked: Asked) -> bool:
    return asked.path == "/api/v1/access_token"


def to_comments(asked: Asked) -> bool:
    return asked.method == "POST" and asked.path.startswith("/api/comment")


def to_reads(asked: Asked) -> bool:
    return asked.method == "GET"


def to_path(beginning: str) -> Which:
    return lambda asked: asked.path.startswith(beginning)
