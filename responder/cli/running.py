"""Running: the daemon, and the switch that stops all sending."""

# ruff: noqa: D417 (the desk is no argument that people give)

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from responder.cli.deeds import Deed, DeedSheet
from responder.cli.desk import AtDesk
from responder.cli.failures import CONFLICT, USAGE, Trouble
from responder.cli.words import many
from responder.model.visible import one_line
from responder.store.errors import StoreError
from responder.store.pausing import file_pauses

if TYPE_CHECKING:
    from responder.cli.desk import Desk


def daemon(*, once: bool = False, desk: AtDesk) -> int:
    """Read, weigh, draft, send and write the digest, again and again; SIGTERM ends it after the case in hand.

    Args:
        once: Do everything once and end, for cron.
    """
    from responder.daemon import AlreadyRunning, CannotListen, serve

    try:
        return serve(desk.app, once=once, now=desk.now)
    except AlreadyRunning as error:
        raise Trouble(
            CONFLICT,
            str(error),
            "Two daemons on one SQLite would do each other's work; PostgreSQL lets several work together.",
            "See how it is: responder status",
        ) from None
    except CannotListen as error:
        raise Trouble(USAGE, str(error), todo="See: responder config check") from None


def pause(*, desk: AtDesk) -> None:
    """Stop all sending at once; it stays stopped through a restart. Anybody may, listed or not.

    Where the database cannot be written, the file that the settings name as pause_file is made instead: while
    it is there, nothing is sent either.
    """
    says, after = stop_all(desk)
    _tell(desk, desk.onlooker, "paused", says, after)


def stop_all(desk: "Desk") -> tuple[str, str]:
    """Press the switch, or put the file there where that fails; return what was done and what ends it."""
    by, path = desk.onlooker, desk.app.pause_file
    try:
        desk.store.control.pause(by, desk.now())
    except StoreError as error:
        if not _stopped_by_file(path, by):
            raise
        why = f"The switch could not be pressed: {error}"
        return f"All sending is stopped, by the file {path}.", f"{why} Let it go on: take that file away."
    return "All sending is stopped.", "Let it go on: responder resume"


def _stopped_by_file(path: Path | None, by: str) -> bool:
    """Put the file there that stops all sending, with who did it; False where that cannot be done either."""
    if path is None:
        return False
    if file_pauses(path):
        return True
    with suppress(OSError):
        path.write_text(f"{one_line(by, 100) or 'somebody'} pressed pause\n", encoding="utf-8")
    return file_pauses(path)


def resume(*, desk: AtDesk) -> None:
    """Let sending go on."""
    desk.store.control.pause(desk.user, desk.now(), on=False)
    if still := desk.store.control.pausing():
        says = f"The switch is off, but sending is still paused {still.whose}."
        _tell(desk, desk.user, "resumed", says, f"Let it go on: {still.todo}")
        return
    mode = desk.settings.posting.mode
    waiting = desk.store.views.figures(desk.now(), desk.now()).by_stage.get("APPROVED", 0)
    if mode == "on":
        after = f"{many(waiting, 'approved reply waits', 'approved replies wait')} in the outbox."
        _tell(desk, desk.user, "resumed", "Sending goes on.", after)
    else:
        _tell(
            desk,
            desk.user,
            "resumed",
            "Sending is no longer paused.",
            f"But posting is {mode}: nothing is sent.",
        )


def _tell(desk: "Desk", by: str, did: str, says: str, after: str) -> None:
    after = desk.screen.manner.exact(after)
    desk.screen.confirm(DeedSheet([Deed(case="", did=did, by=by, says=says, after=after)]))
