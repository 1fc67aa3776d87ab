"""The one place that builds: settings -> store, policy and accounts, each when it is first needed."""

import gc
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from responder import settings as configuration
from responder.settings import Settings, SettingsError
from responder.settings.sections import AccountSection

if TYPE_CHECKING:  # each of these costs more than `responder --help` may take
    from responder.connector import Account, Connector
    from responder.policy.policy import Policy
    from responder.steps.post import Mode, Terms
    from responder.store.store import Store

#: The folder of policies that comes with the program.
_OURS = Path(str(files("policies")))


def clock() -> datetime:
    """Return the time now: the only clock there is; everything below takes it as a value."""
    return datetime.now(UTC)


def read_settings(explicit: Path | None = None) -> Settings:
    """Return the settings in force, or raise SettingsError with everything that is wrong."""
    path = configuration.find(explicit, os.environ, Path())
    return configuration.load(path, os.environ)


@dataclass(frozen=True)
class App:
    """What faces take apart; never handed to a step."""

    settings: Settings

    @cached_property
    def store(self) -> "Store":
        """The store, its tables ready."""
        from responder.store.store import Store

        store = Store(self.settings.database_url(), roster=self.settings.roster)
        store.prepare()
        return store

    @cached_property
    def policy(self) -> "Policy":
        """Our rules and replies under the company's own, in the company's voice."""
        return self.policy_of(self.settings.policies.folders)

    def policy_of(self, own: Sequence[Path]) -> "Policy":
        """Return our rules and replies under those in `own`, in the company's voice: to try a folder."""
        from responder.policy.policy import Policy
        from responder.policy.rulebook import load
        from responder.policy.wording import Voice

        company, response = self.settings.company, self.settings.response
        voice = Voice(
            company=company.name,
            signature=company.signature,
            contact=company.contact,
            update_within=max(1, round(response.update_within / timedelta(hours=1))),
            language=company.language,
            register=company.register,
        )
        contact = (company.contact,) if company.contact else ()
        # Lexicons and rules are many objects that never die; looking through them after every few hundred
        # new ones took a fifth of the time (bench street)
        gc.set_threshold(20_000, 50, 50)
        return Policy(
            rulebook=load([_OURS, *own], whole=False),
            voice=voice,
            allowed=company.allow + contact,
            hours=company.hours.days,
            zone=company.timezone,
            regulated=company.regulated,
            homes={one.name: one.language for one in self.settings.accounts if one.language},
            set_aside_below=self.settings.triage.set_aside_below,
            opted_out=self.settings.triage.opted_out,
        )

    @property
    def policy_folders(self) -> list[Path]:
        """Our own folder of policies, then the company's, later ones laid over earlier."""
        return [_OURS, *self.settings.policies.folders]

    @cached_property
    def accounts(self) -> "Mapping[str, Account]":
        """Every account of the config with its connector, known to the store; by name."""
        from responder.plugins import PluginError, build

        accounts = {}
        for section in self.settings.accounts:
            try:
                connector = build(
                    section.connector, section.name, section.options, self.settings.secret.of(section.name)
                )
            except PluginError as error:
                raise configuration.refused(self.settings, section.name, error.says, error.key) from error
            accounts[section.name] = account_of(section, connector)
        self.store.intake.introduce({name: one.connector.network for name, one in accounts.items()})
        return accounts

    @property
    def targets(self) -> Mapping[int, timedelta]:
        """By tier, how soon a first answer is due."""
        return {tier: self.settings.response.target(tier) for tier in range(6)}

    @property
    def mode(self) -> "Mode":
        """Whether anything is sent."""
        from responder.steps.post import Mode

        return Mode(self.settings.posting.mode)

    @property
    def terms(self) -> "Terms":
        """What sending keeps to: patience, caps, hours, and the rules as they are now."""
        from responder.model.caps import Caps
        from responder.policy.hours import after_working
        from responder.steps.look import Patience
        from responder.steps.post import Terms

        posting, zone = self.settings.posting, self.settings.company.timezone

        def closed_until(now: datetime) -> datetime | None:
            local = now.astimezone(zone)
            opens = after_working(local, timedelta(0), posting.hours.days)
            return opens.astimezone(UTC) if opens > local else None

        return Terms(
            patience=Patience(look_after=posting.look_after, give_up_after=posting.give_up_after),
            caps=Caps(
                per_hour=posting.per_hour,
                per_person=posting.per_person,
                per_thread=posting.per_thread,
                spared=frozenset(one.lower().removeprefix("@") for one in self.settings.triage.opted_out),
            ),
            closed_until=closed_until,
            policy=lambda: self.policy,
        )

    def close(self) -> None:
        """Give back what was opened."""
        if "store" in self.__dict__:
            self.store.close()


def account_of(section: AccountSection, connector: "Connector") -> "Account":
    """Return a connector under the name, and with the terms, that the config gives it."""
    from responder.connector import Account

    return Account(
        name=section.name,
        connector=connector,
        every=section.every.total_seconds(),
        allowance=section.allowance,
    )


def set_up_logs(stream: TextIO | None = None) -> None:
    """Log lines of key=value to `stream` (standard error); what libraries say, from WARNING on."""
    import structlog

    stream = stream or sys.stderr
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        foreign_pre_chain=shared,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)  # at DEBUG some libraries write bearer tokens
    logging.getLogger("responder").setLevel(logging.INFO)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


__all__ = ["App", "SettingsError", "account_of", "clock", "read_settings", "set_up_logs"]
