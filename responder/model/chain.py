"""Chain: how each event of the journal is tied to the one before it. A formula changed breaks every chain.

    mark = SHA-256(salt, line feed, detail as JSON)
    hash = SHA-256(hash of the event before, line feed, [seq, case, account, at, action, by, mark] as JSON)

JSON is UTF-8 without spaces, its keys sorted, its letters as they are; `at` is in microseconds since 1970,
`case` a number or null. The hash holds the mark and not the words, so these can be erased with their salt,
and the chain still proves all the rest; nobody can find them again by guessing, for the salt is gone too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from json import JSONEncoder
from typing import NamedTuple

#: The hash before the first event.
START = "0" * 64
#: A detail with nothing in it, and what is left of one whose words were erased.
EMPTY = "{}"
#: What the journal says of a case whose words were taken out of it.
ERASED = "words erased"

_encode = JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=repr).encode
#: Accounts, actions and people's names: few, and each in many events.
_quoted = lru_cache(maxsize=4096, typed=True)(_encode)


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the journal; noted elsewhere, it proves later that nothing before it was changed."""

    #: How many events there are: the place of the last.
    seq: int
    #: The hash of the last.
    hash: str


class Link(NamedTuple):  # there are millions, and a tuple is made in a tenth of the time
    """One event as it is stored, which may not be as it was written: every field may hold anything."""

    id: int
    seq: int | None
    case_id: int | None
    account: str
    #: Microseconds since 1970.
    at: int
    action: str
    by: str
    #: JSON, as it is stored.
    detail: str
    salt: str
    mark: str
    hash: str

    @property
    def erased(self) -> bool:
        """Whether its words were erased."""
        return self.salt == "" and self.detail == EMPTY


def canonical(detail: Mapping[str, object]) -> str:
    """Return a detail as the JSON that is hashed and stored."""
    return _encode(detail) if detail else EMPTY


def mark_of(salt: str, detail: str) -> str:
    """Return the mark of a detail, given as canonical JSON."""
    return sha256(f"{salt}\n{detail}".encode("utf-8", "surrogatepass")).hexdigest()


def hash_of(before: str, seq: int, link: Link) -> str:
    """Return the hash of what `link` holds, were it number `seq` after an event with the hash `before`."""
    return chained(before, (seq, link.case_id, link.account, link.at, link.action, link.by), link.mark)


def chained(before: str, told: tuple[int, int | None, str, int, str, str], mark: str) -> str:
    """Return the hash of an event: seq, case, account, at, action, by, and its mark."""
    seq, case_id, account, at, action, by = told
    case = "null" if case_id is None else case_id
    line = f'[{seq},{case},{_quoted(account)},{at},{_quoted(action)},{_quoted(by)},"{mark}"]'
    return sha256(f"{before}\n{line}".encode("utf-8", "surrogatepass")).hexdigest()
