"""Reread: settings that changed take effect in a running daemon, or the old ones stay in force."""

from collections.abc import Callable

import structlog

from responder.daemon.proving import prove
from responder.policy.rulebook import RulebookError
from responder.settings import SettingsError
from responder.store.errors import StoreError
from responder.wiring import App, clock, read_settings

log = structlog.stdlib.get_logger("responder.daemon")


class Refused(Exception):
    """The settings cannot take effect; the message has one line for each problem."""


def reread(old: App, read: Callable[[App], App] | None = None) -> App:
    """Return a new App by the settings as they are now, all of it built and proven; raises Refused.

    `read` gives the new App in place of the usual file.
    """
    try:
        new = read(old) if read else App(read_settings(old.settings.path))
    except SettingsError as error:
        raise Refused("\n".join(map(str, error.problems))) from error
    try:
        _build(old, new)
    except BaseException:
        new.close()
        raise
    finally:  # whichever stays in force, neither's secrets stand in the log
        _share(old, new)
    for name, account in new.accounts.items():
        if name in old.accounts:  # what calls cost that the database could not take yet
            account.owed.extend(old.accounts[name].owed)
    return new


def _share(one: App, other: App) -> None:
    """Let both know every secret of either."""
    for here, there in ((one, other), (other, one)):
        for value in here.settings.secret.known():
            there.settings.secret.keep_out(value)


def _build(old: App, new: App) -> None:
    """Build all that the rings will need, so that it fails now if it fails."""
    try:
        if new.settings.database != old.settings.database:
            raise Refused("database.url: another database needs another daemon; start it anew")
        _ = new.store, new.accounts, new.policy, new.terms
        prove(new, clock())
    except SettingsError as error:
        raise Refused("\n".join(map(str, error.problems))) from error
    except RulebookError as error:
        raise Refused("\n".join(error.problems)) from error
    except (StoreError, OSError, ValueError) as error:
        raise Refused(f"{type(error).__name__}: {error}") from error
