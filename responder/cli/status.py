"""Status: what runs, when each ring is next, what is in the queues, and who hears nothing."""

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from responder.cli import failures
from responder.cli.desk import AtDesk
from responder.cli.doctor_letters import failing
from responder.cli.words import ago
from responder.model.blind import Blind, Gap
from responder.model.pause import Pause
from responder.model.running import DaemonState
from responder.model.span import span
from responder.model.visible import one_line

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas
    from responder.cli.desk import Desk

#: A ring whose problem lasts so long is no hiccup.
_LASTS = timedelta(minutes=15)
#: Gaps of so long ago are shown, so many at most.
_GAPS_OF, _GAPS = timedelta(days=7), 5


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusSheet:
    """How it runs, as of `at`."""

    at: datetime
    #: What is wrong, a sentence each, the worst first; nothing when all is well.
    wrong: Sequence[str]
    blind: Sequence[Blind]
    daemons: Sequence[DaemonState]
    #: Account -> when it is polled next; None: it was never.
    polls: Mapping[str, datetime | None]
    #: Stage -> how many cases.
    queues: Mapping[str, int]
    #: What the settings say of posting, and whether all sending is stopped.
    posting: str
    paused: Pause
    gaps: Sequence[Gap]
    schema: str = "responder.status/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return it all as plain data."""
        return [
            {
                "well": not self.wrong,
                "wrong": list(self.wrong),
                "blind": [_plain(asdict(one)) for one in self.blind],
                "daemons": [_plain(asdict(one)) | {"rings": [_plain(asdict(ring)) for ring in one.rings]}
                            for one in self.daemons],
                "polls": [{"account": name, "next_at": _iso(at)} for name, at in self.polls.items()],
                "by_stage": dict(self.queues),
                "posting": self.posting,
                "paused": bool(self.paused),
                "paused_by": self.paused.whose or None,
                "gaps": [_plain(asdict(one)) for one in self.gaps],
            }
        ]  # fmt: skip

    def rows(self) -> Iterator[Sequence[object]]:
        """Return kind, name, state, what there is to say; what is wrong first."""
        yield from (("wrong", "", "", one) for one in self.wrong)
        for one in self.daemons:
            yield "daemon", one.name, _state(one, self.at), _iso(one.seen_at) or ""
            for ring in one.rings:
                yield "ring", ring.name, "problem" if ring.problem else "well", ring.problem
        yield from (("poll", name, "", _iso(at) or "never") for name, at in self.polls.items())
        yield from (("queue", stage, n, "") for stage, n in self.queues.items())
        yield "posting", self.posting, "paused" if self.paused else "", self.paused.whose
        for gap in self.gaps:
            yield "gap", gap.account, gap.filled or "open", f"{_iso(gap.since)} {_iso(gap.until) or ''}"

    def draw(self, canvas: "Canvas") -> None:
        """Draw what is wrong, then the daemons with their rings, then what waits."""
        for one in self.wrong:
            canvas.item(("!   ", "alarm"), one_line(one, 400), hang=4)
        if not self.wrong:
            canvas.item(("ok  ", "good"), "everything runs", hang=4)
        for daemon in self.daemons:
            self._draw_daemon(canvas, daemon)
        waiting = ", ".join(
            f"{n:,} {stage.lower().replace('_', ' ')}" for stage, n in self.queues.items() if n
        )
        canvas.line("")
        canvas.line(f"cases    {waiting or 'none'}")
        paused = f", PAUSED {self.paused.since(self.at)}: {self.paused.todo}" if self.paused else ""
        canvas.line(f"posting  {self.posting}{paused}")
        for gap in self.gaps:
            canvas.line(f"gap      {_told(gap, self.at)}")

    def _draw_daemon(self, canvas: "Canvas", daemon: DaemonState) -> None:
        canvas.line("")
        since = "" if daemon.by_rounds else f", started {ago(daemon.started_at, self.at)}"
        canvas.line(f"daemon   {daemon.name}, {_state(daemon, self.at)}{since}")
        if daemon.config:
            read = f", read {ago(daemon.config_at, self.at)}" if daemon.config_at else ""
            canvas.line(f"settings {one_line(daemon.config, 200)}{read}")
        cells = []
        for ring in daemon.rings:
            due = self.polls.get(ring.name.removeprefix("poll ")) if ring.name.startswith("poll ") else None
            coming = due or ring.next_at
            cells.append(
                (
                    one_line(ring.name, 30),
                    _in(coming, self.at),
                    ago(ring.well_at, self.at) if ring.well_at else "never",
                    one_line(ring.problem, 80),
                )
            )
        canvas.table(("ring", "next", "last well", "problem"), cells)


def status(*, desk: AtDesk) -> int:
    """Tell what runs, what waits, who hears nothing, and whom no letter reaches; exit 1 if not well.

    It asks the database alone, where each daemon writes down once a minute how it is: so it also tells of one
    that is stuck or was killed.
    """
    sheet = look(desk)
    desk.screen.show(sheet)
    return failures.FAILED if sheet.wrong else failures.DONE


def look(desk: "Desk") -> StatusSheet:
    """Return how it runs."""
    now, store, zone = desk.now(), desk.store, desk.settings.company.timezone
    daemons = [one for one in store.daemons.all() if not one.stopped_at]
    if any(not (one.by_rounds or one.silent(now)) for one in daemons):  # it needs no rounds any more
        daemons = [one for one in daemons if not (one.by_rounds and one.silent(now))]
    listed = {one.name for one in desk.settings.accounts}  # who is no account any more needs not hear
    blind = [one for one in store.blindness.blind(now) if one.account in listed]
    figures = store.views.figures(now, now)
    return StatusSheet(
        at=now,
        wrong=[*(one.told(now, zone) for one in blind), *_wrong(daemons, now), *_letters(desk, now)],
        blind=blind,
        daemons=daemons,
        polls=store.intake.next_polls(),
        queues=figures.by_stage,
        posting=desk.settings.posting.mode,
        paused=store.control.pausing(),
        gaps=store.blindness.gaps(now - _GAPS_OF, limit=_GAPS),
    )


def _wrong(daemons: Sequence[DaemonState], now: datetime) -> Iterator[str]:
    """Give what is wrong with the daemons."""
    if not daemons:
        yield "no daemon is running; start it: responder daemon"
    for one in daemons:
        if one.silent(now):
            quiet = "did no round" if one.by_rounds else "gave no sign of life"
            yield f"{one.name} {quiet} for {span(now - one.seen_at)}: {_fate(one)}"
            continue
        if one.config_problem:
            yield f"{one.name} runs by older settings; those in the file are wrong: {one.config_problem}"
        for ring in one.rings:
            if ring.problem_since and now - ring.problem_since >= _LASTS:
                lasts = span(now - ring.problem_since)
                yield f"{ring.name} has not been well for {lasts}: {ring.problem}"


def _letters(desk: "Desk", now: datetime) -> Iterator[str]:
    """Give whom the digest or the alerts do not reach; what may be a hiccup is waited for."""
    for one in failing(desk, desk.store):
        if one.again_at is None or now - one.made_at >= _LASTS:
            whose = one.recipient or "the folder"
            yield f"the {one.kind} for {whose} did not go out by {one.way}: {one.problem}"


def _fate(one: DaemonState) -> str:
    """Return what became of a silent daemon, as far as can be seen from here."""
    if one.by_rounds:
        return "look at the cron job that starts it; or let it stay: responder daemon"
    if one.host != platform.node():
        return f"look on {one.host}"
    try:
        os.kill(one.pid, 0)
    except ProcessLookupError:
        return "its process is gone; start it: responder daemon"
    except OSError:
        pass
    return f"process {one.pid} is there, and stuck; end it, and start it again"


def _state(one: DaemonState, now: datetime) -> str:
    if one.by_rounds:
        return f"last round {ago(one.seen_at, now)}"
    return "no sign of life" if one.silent(now) else f"alive ({ago(one.seen_at, now)})"


def _told(gap: Gap, now: datetime) -> str:
    """Return a gap in a line."""
    if gap.until is None:
        return f"{gap.account}: since {ago(gap.since, now)} ({gap.cause})"
    long = span(gap.until - gap.since)
    missing = f": {one_line(gap.missing, 120)}" if gap.missing else ""
    what = "all of it was read since" if not gap.missing else f"something may be missing{missing}"
    return f"{gap.account}: {long} until {ago(gap.until, now)} ({gap.cause}); {what}"


def _in(at: datetime | None, now: datetime) -> str:
    if at is None:
        return ""
    return f"in {span(at - now)}" if at > now else "now"


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    return {key: _iso(value) if isinstance(value, datetime) else value for key, value in values.items()}
