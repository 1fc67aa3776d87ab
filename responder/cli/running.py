"""Running: the daemon, and the switch that stops all sending."""

# ruff: noqa: D417 (the desk is no argument that people give)

from typing import TYPE_CHECKING

from responder.cli.deeds import Deed, DeedSheet
from responder.cli.desk import AtDesk
from responder.cli.words import many

if TYPE_CHECKING:
    from responder.cli.desk import Desk


def daemon(*, once: bool = False, desk: AtDesk) -> int:
    """Read, weigh, draft, send and write the digest, again and again; SIGTERM ends it after the case in hand.

    Args:
        once: Do everything once and end, for cron.
    """
    from responder.daemon import serve

    return serve(desk.app, once=once)


def pause(*, desk: AtDesk) -> None:
    """Stop all sending at once; it stays stopped through a restart. Anybody may, listed or not."""
    desk.store.control.pause(desk.onlooker, desk.now())
    _tell(desk, desk.onlooker, "paused", "All sending is stopped.", "Let it go on: responder resume")


def resume(*, desk: AtDesk) -> None:
    """Let sending go on."""
    desk.store.control.pause(desk.user, desk.now(), on=False)
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
