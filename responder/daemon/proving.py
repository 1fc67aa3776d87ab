"""Proving: the rules of every language are proven before the daemon begins; what was proven is remembered."""

import platform
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from responder.wiring import App

#: Under which name the store remembers what was proven last.
_MARK = "proven"


def prove(app: App, now: datetime) -> bool:
    """Prove every language, unless exactly these files were proven by exactly this code.

    Returns whether it did, which costs several seconds; raises RulebookError.
    """
    mark = f"{app.policy.version} {code()}"
    if app.store.control.recall(_MARK) == mark:
        return False
    app.policy.prove()
    app.store.control.remember(_MARK, mark, now)
    return True


@cache
def code() -> str:
    """Return what tells the code that proves from any other: a hash of its sources, and Python's version."""
    whole = sha256(platform.python_version().encode())
    folder = Path(str(files("responder.policy")))
    for file in sorted(folder.rglob("*.py")):
        whole.update(f"{file.relative_to(folder)}\0".encode() + file.read_bytes() + b"\0")
    return whole.hexdigest()[:24]
