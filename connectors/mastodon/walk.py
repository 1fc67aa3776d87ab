"""Reading a list that grows at its top, without trusting its order more than the API promises."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Self

from connectors.mastodon.posts import Unreadable, moment

#: A poll takes so many new entries of a list, and goes on with the next poll.
MOST = 100
#: So many entries are remembered: more than any server gives on a page.
_REMEMBERED = 200
#: So many of the newest are read again each time, and all of the last minutes: what is written at the same
#: moment may show in another order.
_AGAIN = 3
_OVERLAP = timedelta(minutes=10)

#: Gives a page, the newest first: (older than this id, newer than this id) -> entries.
Fetch = Callable[[str | None, str | None], list[Any]]


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in a list: a post, or a notification that tells of one."""

    id: str
    at: datetime | None
    #: None: it is of a kind that we do not listen to.
    post: Mapping[str, Any] | None
    #: The id under which its post was read first: there is a server that gives an edited post another one.
    known_as: str = ""

    @property
    def mark(self) -> str:
        """Changes when the post is edited."""
        return str((self.post or {}).get("edited_at") or "")

    @property
    def trace(self) -> tuple[str, str]:
        """What is remembered of it: its post's id and mark."""
        return self.known_as or str((self.post or {}).get("id") or ""), self.mark


class Below(NamedTuple):
    """Where a long list is read on, downwards."""

    #: Below this id,
    under: str
    #: above this one where the server knows `since_id`,
    since: str
    #: to this time,
    floor: str
    #: or to one of these.
    known: Sequence[str]


@dataclass(frozen=True, slots=True)
class Place:
    """How far a list was read; kept as JSON in the cursor."""

    #: Servers that know `since_id` give only what came after this entry.
    since: str = ""
    #: What was read, the newest first: id -> (post's id, its mark).
    seen: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    below: Below | None = None
    #: What is older was said before anybody listened; kept for as long as nothing is known.
    floor: str = ""

    @classmethod
    def of(cls, told: object) -> Self | None:
        """Return what `as_json` gave; None when it is something else."""
        match told:
            case {"since": str(since), "seen": dict(seen), **more}:
                below: Any = more.get("below")
                kept = {key: (post, mark) for key, (post, mark) in seen.items()}
                return cls(since, kept, Below(*below) if below else None, str(more.get("floor", "")))
            case _:
                return None

    def as_json(self) -> dict[str, Any]:
        """Return it as the cursor holds it."""
        told: dict[str, Any] = {"since": self.since, "seen": self.seen}
        told |= {"below": self.below} if self.below else {}
        return told | ({"floor": self.floor} if self.floor and not self.seen else {})


@dataclass(slots=True)
class Walked:
    """What a walk brought."""

    place: Place
    #: New or edited, the newest first.
    news: list[Entry] = field(default_factory=list)
    #: Entries that are nothing we know, with why.
    unreadable: list[tuple[Any, str]] = field(default_factory=list)
    #: Ids of posts that were read before and are in the list no more.
    vanished: list[str] = field(default_factory=list)


class Walk:
    """One walk down a list, from its top or on from where the last one stopped.

    It ends where it meets what was read before, at `floor` (where nothing was), or after MOST new entries.
    """

    def __init__(self, place: Place | None, floor: Callable[[datetime | None], datetime]) -> None:
        self._place = place or Place()
        self._below = self._place.below
        self._floor: datetime | None = None
        self._find_floor = None if self._place.seen or self._below else floor
        if self._below and self._below.floor:
            self._floor = moment(self._below.floor)
        self._known = set(self._below.known if self._below else self._place.seen)
        self._met: dict[str, Entry] = {}
        self._walked = Walked(self._place)

    def down(self, fetch: Fetch, limit: int) -> Walked:
        """Read page by page, and return what is new."""
        under, since = (self._below.under, self._below.since) if self._below else (None, self._place.since)
        while True:
            got = fetch(under, since or None)
            page = self._take(got)
            if not page or self._arrived(page, full=len(got) >= limit):
                return self._end(None)
            under = page[-1].id
            if len(self._met) >= MOST:
                floor = self._floor.isoformat() if self._floor else ""
                known = self._below.known if self._below else list(self._place.seen)[:20]
                return self._end(Below(under, since, floor, known))

    def _take(self, got: list[Any]) -> list[Entry]:
        """Keep the entries of a page that were not met on this walk; a page again gives none."""
        page = []
        for raw in got:
            try:
                entry = _entry(raw)
            except Unreadable as problem:
                self._walked.unreadable.append((raw, str(problem)))
                continue
            if entry.id not in self._met:
                known_as = self._place.seen.get(entry.id, ("", ""))[0]
                self._met[entry.id] = replace(entry, known_as=known_as)
                page.append(self._met[entry.id])
        if self._find_floor:
            found = self._find_floor(page[0].at if page else None)
            before = moment(self._place.floor) if self._place.floor else found
            self._floor, self._find_floor = min(before, found), None
        for entry in page:
            if self._is_news(entry):
                self._walked.news.append(entry)
        return page

    def _is_news(self, entry: Entry) -> bool:
        if entry.post is None or self._too_old(entry):
            return False
        before = self._place.seen.get(entry.id)
        return before is None or before[1] != entry.mark

    def _too_old(self, entry: Entry) -> bool:
        return bool(self._floor and entry.at and entry.at < self._floor)

    def _arrived(self, page: list[Entry], *, full: bool) -> bool:
        """Whether a page reaches what was read before, and nothing that may be told late stands beneath."""
        if any(self._too_old(entry) for entry in page):
            return True
        newest, oldest = next(iter(self._met.values())).at, page[-1].at
        recent = full and newest and oldest and newest - oldest <= _OVERLAP
        return not recent and any(entry.id in self._known for entry in page)

    def _end(self, below: Below | None) -> Walked:
        read = {entry.id: entry.trace for entry in self._met.values()}
        before = dict(self._place.seen)
        if self._below:  # what was read now stands beneath all that is remembered
            self._walked.place = Place(self._place.since, _first({**before, **read}), below)
            return self._walked
        if below is None:
            for key in self._missing():
                self._walked.vanished.append(before.pop(key)[0])
        kept = {key: trace for key, trace in before.items() if key not in read}
        floor = self._floor.isoformat() if self._floor else ""
        self._walked.place = Place(self._since(), _first({**read, **kept}), below, floor)
        return self._walked

    def _missing(self) -> list[str]:
        """Return what stood above something that was met again, and was not met itself."""
        before = list(self._place.seen)
        deepest = max((number for number, key in enumerate(before) if key in self._met), default=0)
        return [key for key in before[:deepest] if key not in self._met and self._place.seen[key][0]]

    def _since(self) -> str:
        """Return the newest entry that need not be read again."""
        met = list(self._met.values())
        for entry in met[_AGAIN:]:
            if entry.at and met[0].at and met[0].at - entry.at > _OVERLAP:
                return entry.id
        return self._place.since


def _entry(raw: object) -> Entry:
    """Take a notification, or a post, for what it is; raises Unreadable."""
    if not isinstance(raw, Mapping) or not isinstance(raw.get("id"), str | int):
        raise Unreadable("it is no JSON object with an id")
    post: Mapping[str, Any] | None = raw
    if "type" in raw and "content" not in raw:
        told = raw.get("status") if raw["type"] == "mention" else None
        post = told if isinstance(told, Mapping) else None
    try:
        at = moment(raw.get("created_at"))
    except Unreadable:
        at = None
    return Entry(str(raw["id"]), at, post)


def _first(seen: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    return dict(list(seen.items())[:_REMEMBERED])
