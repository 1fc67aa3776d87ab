"""Our own records, read from the server that keeps them: what stands there was sent, whatever is shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.bluesky.wire import Wire
from connectors.bluesky.words import POST, moment_of
from responder.connector import Malformed

#: Records in one request, and requests before the way back ends: a thousand posts of ours.
_ROOM = 100
_BACK = 10
#: How servers say that there is no such record; older ones only in the sentence.
_ABSENT = frozenset({"RecordNotFound", "Could not locate record"})


@dataclass(frozen=True, slots=True)
class Record:
    """One post of ours."""

    uri: str
    value: Mapping[str, Any]

    @property
    def created(self) -> str:
        """When it says it was written."""
        return str(self.value.get("createdAt", ""))

    @property
    def answers(self) -> str:
        """The address of the post that it answers; "" when it answers none."""
        match self.value.get("reply"):
            case {"parent": {"uri": str(uri)}}:
                return uri
            case _:
                return ""


class Records:
    """The posts in our repository."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def under(self, key: str) -> Iterator[Record]:
        """Yield the record under a key, if there is one."""
        own = self._wire.sessions.current().did
        told = self._wire.find("com.atproto.repo.getRecord", _ABSENT, repo=own, collection=POST, rkey=key)
        if told is not None:
            yield _record(told)

    def since(self, then: datetime) -> Iterator[Record]:
        """Yield what was posted since a time, and maybe more: by our apps, not under a key of ours."""
        own = self._wire.sessions.current().did
        cursor: str | None = None
        for _ in range(_BACK):
            told = self._wire.ask(
                "com.atproto.repo.listRecords", repo=own, collection=POST, limit=_ROOM, cursor=cursor
            )
            if not isinstance(listed := told.get("records"), list):
                raise Malformed("The network gave no list of records.")
            records = [_record(one) for one in listed]
            yield from records
            cursor = str(told.get("cursor") or "") or None
            if not records or cursor is None or _before(records[-1], then):
                return


def _record(told: object) -> Record:
    match told:
        case {"uri": str(uri), "value": Mapping() as value}:
            return Record(uri, value)
        case _:
            raise Malformed("The network gave a record without address or value.")


def _before(record: Record, then: datetime) -> bool:
    """Whether the key of a record, which tells when it was made, is older than a time."""
    made = moment_of(record.uri.rpartition("/")[2])
    return made is not None and made < then.timestamp() * 1e6
