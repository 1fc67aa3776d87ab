"""Desk: what every command is given: who sits there, the time, the screen, and what wiring built."""

import getpass
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from responder.cli.failures import USAGE, Trouble
from responder.cli.screen import Screen
from responder.model.people import either
from responder.model.visible import one_line

if TYPE_CHECKING:  # these cost more than `responder --help` may take
    from responder.connector import Account, Limits
    from responder.model.case import Case
    from responder.model.people import Right
    from responder.settings import Settings
    from responder.store.store import Store
    from responder.wiring import App

#: What the journal keeps of a name.
_LONGEST_NAME = 100


@dataclass(frozen=True)
class Desk:
    """One call of responder."""

    screen: Screen
    #: The file of --config; None for the usual places.
    config: Path | None = None
    #: The name of --as; "" for the login name.
    named: str = ""
    #: Gives the time; None for the one clock in wiring.
    clock: Callable[[], datetime] | None = None
    #: What is built already, where the settings are not the usual ones.
    built: "App | None" = None
    _accounts: "dict[str, Account]" = field(default_factory=dict)

    @cached_property
    def app(self) -> "App":
        """Everything there is, built when it is first needed."""
        from responder.wiring import App, read_settings

        return self.built or App(read_settings(self.config), rehearsing=self.screen.manner.rehearsed)

    @property
    def settings(self) -> "Settings":
        """The settings in force."""
        return self.app.settings

    @property
    def store(self) -> "Store":
        """The store, its tables ready."""
        return self.app.store

    def now(self) -> datetime:
        """Return the time."""
        if self.clock:
            return self.clock()
        from responder.wiring import clock

        return clock()

    @cached_property
    def user(self) -> str:
        """Who decides, as the config lists them; Trouble when it lists people, and not them."""
        roster = self.settings.roster
        person = roster.called(self.name)
        if person is None and roster.people:
            raise Trouble(
                USAGE,
                f"{self.name} is not one of the people who work here.",
                f"The config lists: {either(one.name for one in roster.people)}.",
                "Say who you are: responder --as NAME ..., or add yourself as [[people]] in the config.",
            )
        return person.name if person else self.name

    def may(self, right: "Right") -> None:
        """Raise Trouble or NotAllowed, before anybody is asked anything, when the user may not do so."""
        self.settings.roster.allowed(self.user, right)

    @cached_property
    def name(self) -> str:
        """The name of --as, or else of the login; Trouble when there is neither."""
        try:
            name = one_line(self.named) or one_line(getpass.getuser())
        except (OSError, KeyError):  # no such user in the password file, as in some containers
            name = ""
        if not name or len(name) > _LONGEST_NAME:
            raise Trouble(
                USAGE,
                "It is not clear who decides.",
                "The journal keeps who decided what, and this user has no login name."
                if not name
                else f"A name has at most {_LONGEST_NAME} characters.",
                "Say it: responder --as NAME ...",
            )
        return name

    @property
    def onlooker(self) -> str:
        """Who sits here, "" where nobody can tell: for what is only looked at."""
        try:
            return self.user
        except Trouble:
            return ""

    def account(self, case: "Case") -> "Account":
        """Return the account of a case, the only one that is built; Trouble when the config lost it."""
        from responder.plugins import build
        from responder.wiring import account_of

        section = next((one for one in self.settings.accounts if one.name == case.account), None)
        if section is None:
            raise Trouble(
                USAGE,
                f"The account {case.account}, which heard {case.name}, is not in the config any more.",
                "Only through it can the case be answered.",
                f"Put it back, or: responder dismiss {case.name}",
            )
        if section.name not in self._accounts:
            secret = self.settings.secret.of(section.name)
            connector = build(section.connector, section.name, section.options, secret)
            self._accounts[section.name] = account_of(section, connector)
        return self._accounts[section.name]

    def last_move(self, case: "Case") -> str:
        """Return who of us moved a case last, as " (Sam approved it 12 s ago)"; "" where nobody did."""
        from responder.model.moved import told

        last = self.store.tending.last_move(case)
        return f" ({told(last, self.now())})" if last and last.by else ""

    def limits(self, case: "Case") -> "Limits | None":
        """Return what the network of a case allows; None when its connector cannot be built now."""
        from responder.plugins import PluginError
        from responder.settings import SettingsError

        try:
            return self.account(case).connector.limits
        except (Trouble, PluginError, SettingsError):
            return None

    def networks(self) -> dict[str, str]:
        """Return the network of every account that was ever heard, by its name."""
        return {one.name: one.network for one in self.store.views.health()}

    def close(self) -> None:
        """Give back what was opened."""
        if "app" in self.__dict__:
            self.app.close()


#: How a command asks for the desk; nothing of it is parsed.
AtDesk = Annotated[Desk, Parameter(parse=False)]
