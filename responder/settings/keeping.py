"""Keeping: a secret that a person brought goes into a file of its own, for its owner alone."""

import os
import shlex
import stat
from pathlib import Path

from responder.settings.renewing import replaced
from responder.settings.secret import SecretError, Secrets, check_name

#: What others may not do with the folder: put a file of their own in a secret's place.
_OTHERS_WRITE = 0o022


def make_room(folder: Path) -> None:
    """Make the folder for secrets, with the rights of its owner alone; one that is there stays as it is.

    Raises SecretError when it cannot be made, is no folder, or others may put files into it.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        raise SecretError(
            folder.name, f"the folder {folder} cannot be used ({why}); choose another"
        ) from None
    if os.name == "posix" and found.st_mode & _OTHERS_WRITE:
        todo = f"type: chmod 700 {shlex.quote(str(folder))}"
        raise SecretError(folder.name, f"others can put files into the folder {folder}; {todo}")


def others_see(folder: Path) -> bool:
    """Whether others can see what lies in a folder that is there; what is in its files they cannot."""
    return os.name == "posix" and bool(stat.S_IMODE(folder.stat().st_mode) & 0o077)


def keep(secrets: Secrets, folder: Path, name: str, value: str) -> None:
    """Put `value` into the file of the secret `name`, whole or not at all, and see that it is the one found.

    What was there is replaced. Raises SecretError when it cannot be written, or another place comes first.
    """
    check_name(name)
    if not value or value != value.rstrip("\r\n"):
        raise SecretError(name, "is empty, or ends in a line break; it was not kept")
    file = folder / name
    replaced(file, lambda: "", "", lambda _: value)
    if secrets.find(name) != value:
        raise SecretError(
            name, f"is in {file} now, but another one comes before it; take it out of systemd's credentials"
        )
