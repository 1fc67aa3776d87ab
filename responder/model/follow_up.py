"""Follow-up: what is due after an answer until it is fixed, and after that; arithmetic, and no clock."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from responder.model.calendar import ALWAYS, Calendar
from responder.model.promise import Promise, PromiseKind, PromiseStatus

_DAY = timedelta(days=1)
#: So many days on a calendar on which nobody ever comes, and counting ends.
_FARTHEST = 4_000


class FollowUpKind(StrEnum):
    """What is to be said or done."""

    UPDATE = "update"  # the word that a reply promised, where it was promised
    CALL = "call"  # talk with them
    RECAP = "recap"  # what was agreed on the phone, in writing
    STATUS = "status"  # where it stands, in private
    BROKEN_PROMISE = "broken-promise"  # own that a promise was not kept
    CHECK = "check"  # is it really fixed?
    QUALITY = "quality"  # has it stayed so?
    CLOSING = "closing"  # the public note that it is put right


class FollowUpState(StrEnum):
    """What became of it."""

    DUE = "DUE"
    DONE = "DONE"
    SKIPPED = "SKIPPED"  # not needed, as a person said or the plan found
    MOVED = "MOVED"  # another time took its place


#: What only others than the machine can do where an answer of ours is public: one reply goes to one post.
BY_HAND = frozenset({FollowUpKind.UPDATE, FollowUpKind.BROKEN_PROMISE, FollowUpKind.CLOSING})
#: What a promise asks for, and stands in the place of a status.
_TOLD_BY_PROMISE = frozenset({FollowUpKind.UPDATE, FollowUpKind.BROKEN_PROMISE})
#: What counts as a word of ours to them.
_WORDS = _TOLD_BY_PROMISE | {FollowUpKind.CALL, FollowUpKind.RECAP, FollowUpKind.STATUS}


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """A task with a date, about one case."""

    id: int
    case_id: int
    account: str
    kind: FollowUpKind
    #: What it is for, once in its case: "status:1:2" is the second status after the first answer.
    mark: str
    due_at: datetime
    #: Who does it: the case's owner, else who approved the last answer.
    owner: str
    state: FollowUpState
    #: Words for it in the customer's language; "" where nothing could be drafted.
    text: str
    language: str
    made_at: datetime
    #: The promise it keeps, or that was not kept.
    promise_id: int | None = None
    ended_at: datetime | None = None
    #: Who said what became of it; "" is the machine.
    ended_by: str = ""
    #: What was said or why it fell away, in words.
    said: str = ""

    @property
    def root(self) -> str:
        """What it is for, without how often it was moved."""
        return self.mark.partition("+")[0]

    def overdue(self, now: datetime) -> bool:
        """Whether it is still to be done and its time passed."""
        return self.state is FollowUpState.DUE and self.due_at < now


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When what is due; the settings' [follow_up]."""

    #: Below this tier only what was promised is followed up.
    from_tier: int = 3
    #: The first status, counted from our last word, and so many working days between those after it.
    first_status: timedelta = _DAY
    status_every: int = 2
    #: From this tier on they are called after so many written answers; also when they write again.
    call_from_tier: int = 4
    call_after: int = 2
    #: So soon a call is due, and its recap after it.
    call_within: timedelta = timedelta(hours=2)
    recap_within: timedelta = timedelta(hours=2)
    #: A promise may be late for so long before we owe more than what was promised.
    grace: timedelta = timedelta(hours=1)
    #: Since it was fixed.
    check_after: timedelta = timedelta(days=3)
    quality_after: timedelta = timedelta(days=14)


class Standing(StrEnum):
    """What a customer's last word makes of it."""

    QUIET = "quiet"  # nothing since our answer
    AGAIN = "again"  # they complain again
    THANKED = "thanked"  # they thanked us, or said that it is solved
    OVER = "over"  # they want no answer, or a person decided that it needs none


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that a plan goes by."""

    standing: Standing
    tier: int
    #: How often we answered in writing.
    turns: int
    #: When we last did.
    answered_at: datetime
    #: Since when it is fixed, as a person said after that answer.
    fixed_at: datetime | None = None
    #: They write sharply.
    angry: bool = False
    #: What we still owe.
    promises: Sequence[Promise] = ()
    #: Every follow-up of the case so far.
    known: Sequence[FollowUp] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A follow-up that there should be."""

    kind: FollowUpKind
    mark: str
    due_at: datetime
    promise: Promise | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to change so that what is due is what should be."""

    new: tuple[Planned, ...]
    #: What is due and should not be any more.
    over: tuple[FollowUp, ...]
    #: Nothing is left to follow up until somebody writes.
    ended: bool


def plan(now: Situation, at: datetime, rhythm: Rhythm, calendar: Calendar = ALWAYS) -> Plan:
    """Say what is due in a case, from all that is known of it at `at`; twice the same is once.

    A status and what comes after the fix are due while somebody is there, a call and what was promised
    when they are due. What was planned once is never planned again, whatever became of it.
    """
    wanted = {one.mark: one for one in _wanted(now, at, rhythm, calendar)}
    known = {one.root for one in now.known}
    due = [one for one in now.known if one.state is FollowUpState.DUE]
    over = tuple(one for one in due if one.root not in wanted)
    new = tuple(one for mark, one in wanted.items() if mark not in known)
    return Plan(new=new, over=over, ended=not new and len(over) == len(due))


def _wanted(now: Situation, at: datetime, rhythm: Rhythm, calendar: Calendar) -> Iterator[Planned]:
    if now.standing is Standing.OVER:
        return
    promised = list(_promised(now, rhythm))
    yield from promised
    done = _ended(now, FollowUpState.DONE)
    calls = ((root, one.ended_at) for root, one in done.items() if one.kind is FollowUpKind.CALL)
    for root, ended_at in calls:
        due = (ended_at or at) + rhythm.recap_within
        yield Planned(kind=FollowUpKind.RECAP, mark=f"recap:{root}", due_at=due)
    if not any(one.kind is FollowUpKind.CALL for one in promised):
        yield from _nudge(now, at, rhythm)
    if now.standing is not Standing.AGAIN:
        ended = done | _ended(now, FollowUpState.SKIPPED)
        yield from _schedule(now, at, rhythm, (calendar, ended, promised))


def _schedule(
    now: Situation,
    at: datetime,
    rhythm: Rhythm,
    rest: tuple[Calendar, Mapping[str, FollowUp], Sequence[Planned]],
) -> Iterator[Planned]:
    """Give what is due while nobody complains: until it is fixed, after that, and the end."""
    calendar, ended, promised = rest
    if now.standing is Standing.THANKED:
        yield _closing(now, _since(now, at, "closing"), calendar)
    elif now.fixed_at:
        yield from _after_the_fix(now, now.fixed_at, rhythm, (calendar, ended))
    elif now.tier >= rhythm.from_tier and not any(one.kind in _TOLD_BY_PROMISE for one in promised):
        yield _status(now, ended, rhythm, calendar)


def _promised(now: Situation, rhythm: Rhythm) -> Iterator[Planned]:
    """Give what our promises ask for: the promised word or call, and what a broken one costs us."""
    for one in now.promises:
        if one.due_at is None:
            continue
        if one.status is PromiseStatus.BROKEN:
            mark, due = f"broken:{one.name}", one.due_at + rhythm.grace
            yield Planned(kind=FollowUpKind.BROKEN_PROMISE, mark=mark, due_at=due, promise=one)
        elif one.channel == "call":
            yield Planned(kind=FollowUpKind.CALL, mark=f"promise:{one.name}", due_at=one.due_at, promise=one)
        elif one.kind is PromiseKind.UPDATE:
            yield Planned(
                kind=FollowUpKind.UPDATE, mark=f"promise:{one.name}", due_at=one.due_at, promise=one
            )


def _nudge(now: Situation, at: datetime, rhythm: Rhythm) -> Iterator[Planned]:
    """Give the call that writing does not replace: after two written answers, or to the angry."""
    if now.standing is Standing.AGAIN:
        mark, wanted = f"call:{now.turns}:again", now.angry or now.tier >= rhythm.call_from_tier
    else:
        often = now.tier >= rhythm.call_from_tier and now.turns >= rhythm.call_after
        mark, wanted = "call:turns", often and now.standing is Standing.QUIET
    if wanted and not any(_talked(one, mark) for one in now.known):
        yield Planned(kind=FollowUpKind.CALL, mark=mark, due_at=_since(now, at, mark) + rhythm.call_within)


def _talked(one: FollowUp, mark: str) -> bool:
    """Whether a call took place, other than the one of a mark."""
    return one.kind is FollowUpKind.CALL and one.state is FollowUpState.DONE and one.root != mark


def _status(now: Situation, ended: Mapping[str, FollowUp], rhythm: Rhythm, calendar: Calendar) -> Planned:
    """Return the next status: a day after our last word, then every so many working days."""
    of_answer = f"status:{now.turns}:"
    n = 1 + sum(root.startswith(of_answer) for root in ended)
    times = [one.ended_at for one in ended.values() if one.kind in _WORDS and one.ended_at]
    since = max([now.answered_at, *times])
    if since == now.answered_at:
        due = working(since + rhythm.first_status, calendar)
    else:
        due = working_days(since, rhythm.status_every, calendar)
    return Planned(kind=FollowUpKind.STATUS, mark=f"{of_answer}{n}", due_at=due)


def _after_the_fix(
    now: Situation, fixed: datetime, rhythm: Rhythm, rest: tuple[Calendar, Mapping[str, FollowUp]]
) -> Iterator[Planned]:
    """Give "is it really fixed?", the check of quality, and when both are over the public closing note."""
    calendar, ended = rest
    after = {
        FollowUpKind.CHECK: working(fixed + rhythm.check_after, calendar),
        FollowUpKind.QUALITY: working(fixed + rhythm.quality_after, calendar),
    }
    marks = {kind: _of_this_fix(now, kind, fixed) for kind in after}
    for kind, due in after.items():
        yield Planned(kind=kind, mark=marks[kind], due_at=due)
    over = [ended.get(mark) for mark in marks.values()]
    times = [one.ended_at for one in over if one and one.ended_at]
    if len(times) == len(after):
        mark = _of_this_fix(now, FollowUpKind.CLOSING, fixed)
        yield replace(_closing(now, max(times), calendar), mark=mark)


def _of_this_fix(now: Situation, kind: FollowUpKind, fixed: datetime) -> str:
    """Return the mark of what follows a fix: what ended before it was of a fix that was taken back."""
    mark = f"{kind}:{now.turns}"
    before = {
        one.root
        for one in now.known
        if one.kind is kind
        and one.ended_at
        and one.ended_at < fixed
        and f"{one.root}:".startswith(f"{mark}:")
    }
    return f"{mark}:{len(before) + 1}" if before else mark


def _closing(now: Situation, since: datetime, calendar: Calendar) -> Planned:
    due = working_days(since, 1, calendar)
    return Planned(kind=FollowUpKind.CLOSING, mark=f"closing:{now.turns}", due_at=due)


def _since(now: Situation, at: datetime, mark: str) -> datetime:
    """Return since when something is planned: it keeps its time when it is planned again."""
    return next((one.made_at for one in now.known if one.root == mark), at)


def _ended(now: Situation, state: FollowUpState) -> dict[str, FollowUp]:
    """Return what ended so, by its mark without moves."""
    return {one.root: one for one in now.known if one.state is state}


def working(at: datetime, calendar: Calendar) -> datetime:
    """Return the moment itself, or the first one after it at which somebody is there."""
    return working_days(at, 0, calendar)


def working_days(since: datetime, n: int, calendar: Calendar) -> datetime:
    """Return the same time of day `n` working days later, at which somebody is there, in UTC."""
    local = since.astimezone(calendar.zone)
    for _ in range(_FARTHEST):
        if n <= 0 and not calendar.closed(local.date()):
            break
        local += _DAY  # a wall clock's day: the hour stays
        n -= not calendar.closed(local.date())
    return calendar.due(local.astimezone(UTC), timedelta(0))
