"""Secrets: passwords and tokens by name, from files and the environment, and never shown."""

import os
import re
import shlex
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from responder.connector import Unauthorised
from responder.model.visible import one_line
from responder.settings.problems import Keys, Problem, SettingsError

_NAME = re.compile("[A-Za-z0-9_-]{1,100}")
_PREFIX = "RESPONDER_SECRET_"
#: No password or key is longer, in bytes.
_LONGEST = 65_536
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_SECRET_WORDS = frozenset(
    ("apikey", "bearer", "credential", "pass", "passphrase", "passwd", "password", "pwd", "secret", "token")
)
_SECRET_KEYS = frozenset(
    ("access", "api", "client", "consumer", "encryption", "private", "secret", "signing")
)
_ADDRESS_WITH_PASSWORD = re.compile(r"://[^/\s:@]*:[^/\s@]+@")


class SecretError(SettingsError, Unauthorised):
    """A secret is missing, or may not be used as it lies there: its account is stopped until it can be."""

    def __init__(self, name: str, says: str) -> None:
        super().__init__([Problem("secrets", one_line(name, 40), says)])


class Secrets:
    """Gives secrets by name: from systemd's credentials, from a folder, from the environment.

    The first place that has the name decides; one that holds it unsafely is an error, not skipped.
    """

    def __init__(self, folder: Path | None = None, environ: Mapping[str, str] | None = None) -> None:
        environ = environ or {}
        credentials = environ.get("CREDENTIALS_DIRECTORY", "")
        # A folder, and the rights nobody may have there. systemd lets the service read by an access list,
        # which shows as a right of the group.
        self._folders = [(Path(credentials), 0o007)] if credentials else []
        self._folders += [(folder, 0o077)] if folder else []
        self._folder = folder
        #: What was handed out so far: it must stand in no log.
        self._given: set[str] = set()
        self._environ = {name: value for name, value in environ.items() if name.startswith(_PREFIX) and value}

    def __repr__(self) -> str:
        return f"Secrets({', '.join(str(folder) for folder, _ in self._folders)})"

    def __call__(self, name: str) -> str:
        """Return the secret; raises SecretError, when it is missing with the places where it could be."""
        value = self.find(name)
        if value is None:
            folder = (
                f"the folder {self._folder}" if self._folder else "the folder named in [secrets] (none is)"
            )
            raise SecretError(
                name,
                f"is missing; put it in a file {name} in {folder}, hand it over as systemd's credential"
                f" {name}, or set {variable(name)} in the environment",
            )
        return value

    def find(self, name: str) -> str | None:
        """Return the secret, or None when no place has it; raises SecretError when it lies unsafely."""
        check_name(name)
        for folder, forbidden in self._folders:
            value = _read(folder / name, name, forbidden)
            if value is not None:
                self._given.add(value)
                return value
        return self._environ.get(variable(name))

    def keep_out(self, value: str) -> None:
        """Take a secret for known that came another way: a network has just given it."""
        self._given.add(value)

    def known(self) -> tuple[str, ...]:
        """Return every secret that was handed out, or stands in the environment: to be kept out of logs."""
        return (*self._given, *self._environ.values())

    def of(self, account: str) -> "AccountSecrets":
        """Return the same for one account: its `token` is the secret `<account>_token`."""
        return AccountSecrets(self, account)

    def keeps(self, name: str) -> bool:
        """Whether the secret `name` could be renewed: in the folder, and found nowhere else."""
        if self._folder is None:
            return False
        if any(_read(other / name, name, mask) for other, mask in self._folders if other != self._folder):
            return False
        return variable(name) not in self._environ or _read(self._folder / name, name, 0o077) is not None

    def home(self, name: str) -> Path:
        """Return the file in which the secret `name` is renewed; raises SecretError when it cannot be."""
        if self._folder is None or not self.keeps(name):
            raise SecretError(
                name,
                "is renewed by its network from time to time; keep it as a file in the folder named in"
                " [secrets] and nowhere else",
            )
        return self._folder / name

    def names(self) -> tuple[str, ...]:
        """Return the names that are there, as far as they can be seen."""
        found = {name: name.removeprefix(_PREFIX).lower() for name in self._environ}
        for folder, _ in self._folders:
            try:
                files = [file.name for file in folder.iterdir()]
            except OSError:
                files = []
            found |= {variable(file): file for file in files if _NAME.fullmatch(file)}
        return tuple(sorted(found.values()))

    def state(self, name: str) -> str:
        """Return "set", "missing", or why it cannot be used."""
        try:
            return "missing" if self.find(name) is None else "set"
        except SecretError as error:
            return error.problems[0].says


class AccountSecrets:
    """The secrets of one account, as its connector is given them."""

    def __init__(self, secrets: Secrets, account: str) -> None:
        self._secrets = secrets
        self._account = account

    def __call__(self, name: str) -> str:
        """Return the secret `<account>_<name>`; raises SecretError."""
        return self._secrets(f"{self._account}_{name}")

    def keeps(self, name: str) -> bool:
        """Whether `renew` can work: there is a folder for secrets, and no other place has this one."""
        return self._secrets.keeps(f"{self._account}_{name}")

    def renew(self, name: str, old: str, by: Callable[[str], str]) -> str:
        """Put a new secret in place of `old` ("": there is none yet), and return the one in force.

        Under a lock that other processes keep to. Whether it can be written is tried before `by`, for what
        a network took back it does not give again; raises SecretError when it cannot.
        """
        from responder.settings.renewing import replaced

        whole = f"{self._account}_{name}"

        def new(before: str) -> str:
            value = by(before)
            self._secrets.keep_out(value)
            return value

        return replaced(self._secrets.home(whole), lambda: self._secrets.find(whole) or "", old, new)


def check_name(name: str) -> None:
    """Raise SecretError for what cannot be the name of a secret, and so of a file."""
    if not _NAME.fullmatch(name):
        raise SecretError(name, "is not a name for a secret; use letters, digits, hyphens and underscores")


def variable(name: str) -> str:
    """Return the environment variable that can hold the secret `name`."""
    return _PREFIX + name.upper().replace("-", "_")


def looks_secret(name: str) -> bool:
    """Whether a key called `name` holds a secret (and not where one is: token_file, token_url)."""
    words = ["", "", *(str(word).lower() for word in _WORDS.findall(name))]
    forms = {words[-1], words[-1].removesuffix("s")}
    return not forms.isdisjoint(_SECRET_WORDS) or ("key" in forms and words[-2] in _SECRET_KEYS)


def misplaced(value: object, account: str, keys: Keys = ()) -> Iterator[tuple[Keys, str]]:
    """Yield what is a secret under `value`, options of `account`: by its key, or inside an address."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from misplaced(item, account, (*keys, key))
    elif isinstance(value, list):
        for item in value:
            yield from misplaced(item, account, keys)
    elif isinstance(value, str) and value:
        last = str(keys[-1]) if keys else ""
        if looks_secret(last):
            yield keys, belongs_elsewhere(f"{account}_{last}")
        elif _ADDRESS_WITH_PASSWORD.search(value):
            yield keys, "a password does not belong in this file; take it out of the address"


def belongs_elsewhere(name: str) -> str:
    """Return the words for a secret that stands in the settings, `name` being what to call it."""
    return (
        "a secret does not belong in the settings; take it out, and keep it as the secret"
        f" `{one_line(name, 100)}` (see [secrets])"
    )


def _read(file: Path, name: str, forbidden: int) -> str | None:
    """Return what `file` holds without its last line break, or None when there is no such file."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        descriptor = os.open(file, flags)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise SecretError(name, f"{file} cannot be read ({_reason(error)}); give it to this user") from None
    try:
        _check(os.fstat(descriptor), file, name, forbidden)
        raw = os.read(descriptor, _LONGEST + 1)
    finally:
        os.close(descriptor)
    text = raw.decode("utf-8-sig", "replace").rstrip("\r\n")
    if not text or len(raw) > _LONGEST or "\ufffd" in text:
        wrong = "is empty" if not text else "is too long" if len(raw) > _LONGEST else "is not text in UTF-8"
        raise SecretError(name, f"{file} {wrong}; write the secret into it, on one line")
    return text


def _check(found: os.stat_result, file: Path, name: str, forbidden: int) -> None:
    """Raise SecretError when others can read or change the file."""
    path = shlex.quote(str(file))
    if not stat.S_ISREG(found.st_mode):
        raise SecretError(name, f"{file} is not a file")
    if os.name != "posix":
        return  # the bits say nothing there
    if found.st_uid not in {os.geteuid(), 0}:
        raise SecretError(name, f'{file} belongs to another user; type: sudo chown "$USER" {path}')
    if found.st_mode & forbidden:
        raise SecretError(name, f"{file} can be read by others; type: chmod 600 {path}")


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
