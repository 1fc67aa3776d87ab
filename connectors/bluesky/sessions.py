"""The session with the network: kept between two starts where it can be, renewed by one at a time."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from threading import Lock

from responder.connector import ConnectorError, Secret, Unavailable

#: The secret in which the session is kept.
NAME = "session"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What a login gives."""

    #: Our own lasting id.
    did: str
    #: For every request; good for about two hours.
    access: str = field(repr=False)
    #: For the next session; good for about three months.
    refresh: str = field(repr=False)
    #: Whose it is and where, as the options say: with other options it is of no use.
    of: str

    def text(self) -> str:
        """Return it as it is kept."""
        return json.dumps(asdict(self))


def parsed(text: str, of: str) -> Session | None:
    """Return the session that is kept, or None when it cannot be used."""
    try:
        told = json.loads(text)
        session = Session(**told)
    except (ValueError, TypeError):
        return None
    return session if session.of == of and all(isinstance(one, str) for one in told.values()) else None


class Sessions:
    """Gives the session in force.

    `login` makes one by the password, `refresh` one out of an old one, or None when that one has ended.
    """

    def __init__(
        self,
        secret: Secret,
        of: str,
        login: Callable[[], Session],
        refresh: Callable[[Session], Session | None],
    ) -> None:
        self._secret = secret
        self._of = of
        self._login = login
        self._refresh = refresh
        self._lock = Lock()
        self._session: Session | None = None
        #: What the session was read from, to the letter: by it another process's work is told from ours.
        self._text = ""

    @property
    def at_hand(self) -> bool:
        """Whether there is one already, or may be, without a login."""
        try:
            return self._session is not None or self._keeps()
        except Unavailable:
            return False

    def current(self) -> Session:
        """Return the session in force, of this process or another; logs in when there is none."""
        with self._lock:
            if self._session is None:
                self._session = self._put("")
            return self._session

    def after(self, old: Session, *, refresh: bool) -> Session:
        """Return the one after `old`, which the network accepts no more: refreshed, else by a login.

        Where somebody else renewed it meanwhile, it is theirs.
        """
        with self._lock:
            if self._session is None or self._session == old:
                self._session = self._put(self._text, refresh=refresh)
            return self._session

    def _put(self, old: str, *, refresh: bool = True) -> Session:
        """Put a session in place of `old`, on disk where it can be; return the one in force."""
        text = self._renewed(old, refresh=refresh)
        session = parsed(text, self._of)
        if session is None:  # another account's, or not ours at all
            text = self._renewed(text, refresh=False)
            session = parsed(text, self._of)
        if session is None:
            raise Unavailable("The session that is kept cannot be read.")
        self._text = text
        return session

    def _renewed(self, old: str, *, refresh: bool) -> str:
        if not self._keeps():
            return self._made(old, refresh=refresh).text()
        try:
            return self._secret.renew(NAME, old, lambda kept: self._made(kept, refresh=refresh).text())
        except ConnectorError:
            raise
        except Exception as error:  # noqa: BLE001 (whatever keeps it from being written down)
            raise Unavailable(f"The session cannot be kept: {error}") from None

    def _keeps(self) -> bool:
        try:
            return self._secret.keeps(NAME)
        except Exception as error:  # noqa: BLE001 (one that others can read, say)
            raise Unavailable(f"The session cannot be kept: {error}") from None

    def _made(self, old: str, *, refresh: bool) -> Session:
        known = parsed(old, self._of) if refresh else None
        return (self._refresh(known) if known else None) or self._login()
