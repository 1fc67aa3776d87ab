"""Commitments: the promises in words of ours, one for each time they tell, and by when each is to be kept."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from responder.model.promise import Commitment, PromiseKind
from responder.policy.moments import Telling, Told, Zones, over_at
from responder.policy.patterns import Pattern
from responder.policy.reading import Reading

#: Signs at which a clause ends.
_ENDS = (", ", "; ", ": ", " - ")
#: A figure with a full stop, as dates have it.
_DATE_STOP = re.compile(r"(?<![\d:.h])\d{1,2}\. $")
_HOUR_STOP = re.compile(r"\d ?(?:h|ч)\. ")
_LONGEST = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One way of promising."""

    id: str
    patterns: tuple[Pattern, ...]
    #: What makes it none where it touches, up to the end of its clause.
    but: tuple[Pattern, ...]
    #: It goes on with what a form before it in the sentence began: "I'll check and call you".
    follows: bool
    #: It is a promise only with a time in its sentence: "we're sending it tomorrow".
    timed: bool
    #: What is promised, where the form itself says so.
    kind: PromiseKind | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promising:
    """How one language promises."""

    forms: tuple[Form, ...]
    #: What takes every promise out of its sentence: a condition, a report of what was once promised.
    never: tuple[Pattern, ...]
    #: What shows the kind, the first that is found, and the channel.
    kinds: Mapping[PromiseKind, tuple[Pattern, ...]]
    channels: Mapping[str, tuple[Pattern, ...]]
    telling: Telling


def commitments(text: str, promising: Promising, said: datetime, zones: Zones) -> tuple[Commitment, ...]:
    """Return the promises in a text that was said at `said` (aware), in their order.

    Of a longer text the first 4,000 characters are read. A sentence holds as many promises as it tells
    times that belong to one, and at least one where it promises at all.
    """
    reading = Reading(text[:_LONGEST])
    found: list[Commitment] = []
    at = 0
    while at < len(reading.folded):
        start, end = at, reading.sentence(at)[1]
        if stop := _HOUR_STOP.search(reading.folded, start, end):  # "by 16 h." is no abbreviation
            end = stop.end()
        while end < len(reading.folded) and _DATE_STOP.search(reading.folded, max(0, end - 5), end):
            end = reading.sentence(end)[1]  # "on the 12. of May": no sentence ends there
        at = max(end, at + 1)
        found += _in_sentence(reading, (start, end), promising, (said, zones))
    return tuple(found)


def _in_sentence(
    reading: Reading, place: tuple[int, int], promising: Promising, clock: tuple[datetime, Zones]
) -> Iterator[Commitment]:
    sentence = reading.folded[place[0] : place[1]].rstrip()
    if (
        not sentence
        or sentence.rstrip("\"')").endswith("?")
        or any(one.found(sentence) for one in promising.never)
    ):
        return
    times = promising.telling.times(sentence)
    found = [hit for form in promising.forms if times or not form.timed for hit in _hits(form, sentence)]
    first = min((hit[0] for hit in found if not hit[2].follows), default=len(sentence))
    hits = sorted((hit for hit in found if hit[0] >= first), key=lambda hit: hit[0])
    said, zones = clock
    for group in _by_time(hits, times, sentence):
        start, end, forms, told = group
        words = sentence[start:end]
        first, last = reading.place(place[0] + start, place[0] + end)
        yield Commitment(
            start=first,
            end=last,
            quote=reading.text[first:last],
            kind=_kind(words, forms, promising),
            told=sentence[told.start : told.end] if told else "",
            due=over_at(told, said, zones) if told else None,
            channel=next(
                (name for name, ways in promising.channels.items() if any(one.found(words) for one in ways)),
                "",
            ),
        )


def _hits(form: Form, sentence: str) -> Iterator[tuple[int, int, Form]]:
    """Yield where a form of promising stands in a sentence, unless something beside it takes it away."""
    for pattern in form.patterns:
        for match in pattern.matches(sentence):
            start, end = match.span()
            last = min((at for sign in _ENDS if (at := sentence.find(sign, end)) >= 0), default=len(sentence))
            first = max(sentence.rfind(sign, 0, start + 2) for sign in _ENDS) + 1
            if not any(one.touches(sentence, first, last) for one in form.but):
                yield start, end, form


def _by_time(
    hits: Sequence[tuple[int, int, Form]], times: Sequence[Told], sentence: str
) -> list[tuple[int, int, list[Form], Told | None]]:
    """Part the promises of a sentence by the times it tells.

    A time belongs to the promise before it in its sentence, else to the one after it. What is promised
    without a time goes with the next that has one.
    """
    if not hits:
        return []
    groups: list[tuple[int, int, list[Form], Told | None]] = []
    waiting: list[tuple[int, int, Form]] = []
    for at, hit in enumerate(hits):
        waiting.append(hit)
        following = hits[at + 1][0] if at + 1 < len(hits) else len(sentence)
        told = next((time for time in times if waiting[0][0] <= time.start < following), None)
        if told or at + 1 == len(hits):
            if told is None and groups:  # "..., and I'll stay on it": part of what was promised before
                groups[-1][2].extend(one[2] for one in waiting)
                groups[-1] = (groups[-1][0], len(sentence), *groups[-1][2:])
            else:
                groups.append((waiting[0][0], following, [one[2] for one in waiting], told))
            waiting = []
    start, end, forms, told = groups[0]
    if told is None and times:  # "Tomorrow we'll call you"
        told = times[0]
        groups[0] = (min(start, told.start), end, forms, told)
    return groups


def _kind(words: str, forms: Sequence[Form], promising: Promising) -> PromiseKind:
    told = next((form.kind for form in reversed(forms) if form.kind), None)
    if told:
        return told
    for kind, ways in promising.kinds.items():
        if any(one.found(words) for one in ways):
            return kind
    return PromiseKind.ACTION
