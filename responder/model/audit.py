"""Audit: walking the journal's chain from its first event, and naming what is not as it was written."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from responder.model.chain import ERASED, START, Head, Link, canonical, hash_of, mark_of

#: The most broken places that are told one by one.
MOST = 20
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What a walk along the whole journal found."""

    #: How many events there are.
    events: int
    #: Of how many the words were erased.
    erased: int
    #: What is broken, in words, the first MOST places of it; none is the proof.
    broken: tuple[str, ...]
    #: How many places are broken beyond those.
    others: int
    #: The end of the journal, as it is kept beside it; None when that is gone.
    head: Head | None

    @property
    def sound(self) -> bool:
        """Whether the journal is as it was written, as far as it can tell itself."""
        return not self.broken


@dataclass(slots=True)
class Walk:
    """A walk along the events in the order of their places."""

    #: A head that was noted elsewhere; its hash may be cut short.
    noted: Head | None = None
    events: int = 0
    erased: int = 0
    #: The last place that was seen.
    seq: int = 0
    #: Of which cases (None: of what is about none) words were erased that nothing tells of yet: the first.
    _untold: dict[int | None, Link] = field(default_factory=dict)
    _found: list["_Place"] = field(default_factory=list)
    _others: int = 0
    #: The last event's hash as stored, and as it ought to be: they differ where only that was changed.
    _hashes: tuple[str, str] = (START, START)
    _noted_hash: str | None = None

    def step(self, link: Link) -> None:
        """Look at the event in the next place; `link.seq` is that place."""
        self.events += 1
        if link.erased:
            self.erased += 1
            self._untold.setdefault(link.case_id, link)
        elif link.action == ERASED:
            self._untold.pop(link.case_id, None)
        if link.seq is None or link.seq <= self.seq:
            self._find(_Place(f"{named(link)} stands where another event stands or none can"))
            return
        gap = link.seq - self.seq - 1
        if gap:
            self._find(_Place(_missing(self.seq + 1, link.seq - 1)))
        ought = hash_of(self._hashes[0], link.seq, link)
        if not gap and ought != link.hash and not self._only_hash_before(link):
            self._find(_Place(_changed(link), link, self._hashes[0]))
        elif not whole(link):
            self._find(_Place(f"{named(link)} was changed: its words are others"))
        self.seq, self._hashes = link.seq, (link.hash, link.hash if gap else ought)
        if self.noted and self.noted.seq == link.seq:
            self._noted_hash = str(link.hash)

    def stray(self, link: Link) -> None:
        """Look at an event that has no place."""
        self.events += 1
        self._find(_Place(f"{named(link)} has no place in the journal: it was put in from elsewhere"))

    def end(self, head: Head | None) -> Audit:
        """Compare the last event with the head, and with what was noted elsewhere; return what was found."""
        for link in self._untold.values():
            self._find(_Place(f"the words of {named(link)} were erased, and no later event tells of it"))
        broken = _told(self._found)
        broken += [*self._about_head(head), *self._about_noted()]
        others = self._others + max(0, len(broken) - MOST)
        return Audit(
            events=self.events, erased=self.erased, broken=tuple(broken[:MOST]), others=others, head=head
        )

    def _find(self, place: "_Place") -> None:
        if len(self._found) < MOST:
            self._found.append(place)
        else:
            self._others += 1

    def _only_hash_before(self, link: Link) -> bool:
        """Whether `link` follows once the hash before it, found wrong already, is what it ought to be."""
        stored, ought = self._hashes
        return stored != ought and hash_of(ought, self.seq + 1, link) == link.hash

    def _about_head(self, head: Head | None) -> Iterator[str]:
        if head is None:
            yield f"the head of the journal is gone; the journal ends at {self.seq:,}"
        elif head.seq != self.seq:
            yield f"the head says {head.seq:,} events, the journal ends at {self.seq:,}"
        elif head.hash not in self._hashes:
            yield f"the head does not have the hash of event {head.seq:,}, the last one"

    def _about_noted(self) -> Iterator[str]:
        if self.noted is None or not self.noted.seq:
            return
        if self._noted_hash is None:
            ends = f"; the journal ends at {self.seq:,}" if self.seq < self.noted.seq else ""
            yield f"event {self.noted.seq:,}, which you noted, is gone{ends}"
        elif not self._noted_hash.startswith(self.noted.hash):
            yield (
                f"event {self.noted.seq:,} does not have the hash that you noted:"
                " it, or one before it, was written anew"
            )


@dataclass(frozen=True, slots=True)
class _Place:
    """A broken place: what to say of it, and the event that does not follow from the hash before it."""

    says: str
    link: Link | None = None
    before: str = ""


def named(link: Link) -> str:
    """Return an event as a person finds it again: "event 17 (approved, c-4, 2 March 09:12)"."""
    try:
        at = _EPOCH + timedelta(microseconds=link.at)
        when = f"{at.day} {at:%B %Y %H:%M}"
    except (OverflowError, TypeError, ValueError):  # no time at all, any more
        when = "no time"
    number = "an event" if link.seq is None else f"event {link.seq:,}"
    case = "" if link.case_id is None else f", c-{link.case_id}"
    return f"{number} ({link.action}{case}, {when})"


def _missing(first: int, last: int) -> str:
    return f"event {first:,} is missing" if first == last else f"events {first:,} to {last:,} are missing"


def _changed(link: Link) -> str:
    """Return what is sure: who changes an event and makes its hash anew is seen at the next one."""
    before = (link.seq or 0) - 1
    return f"{named(link)} was changed" + (f", or event {before:,} with its hash" if before else "")


def whole(link: Link) -> bool:
    """Whether the words of an event are those that it was written with, or were erased."""
    if link.erased or mark_of(link.salt, link.detail) == link.mark:
        return True
    try:  # what stood there before there was a chain may be spaced or sorted otherwise
        detail = json.loads(link.detail)
        return isinstance(detail, dict) and mark_of(link.salt, canonical(detail)) == link.mark
    except (TypeError, ValueError, RecursionError):
        return False


def _told(found: Sequence[_Place]) -> list[str]:
    """Return what to say; an event that is whole and stands in the wrong place is told as that."""
    loose = [place for place in found if place.link]
    hashes = {place.before for place in loose} | {place.link.hash for place in loose if place.link}
    places = [place.link.seq for place in loose if place.link and place.link.seq is not None]
    told = []
    for place in found:
        link = place.link
        if link is None or link.seq is None:
            told.append(place.says)
            continue
        true = next((seq for seq in places for one in hashes if hash_of(one, seq, link) == link.hash), None)
        if true is None:
            told.append(place.says)
        elif true != link.seq:
            told.append(f"event {true:,} ({named(link).partition('(')[2]} stands where {link.seq:,} should")
    return told or [place.says for place in found]
