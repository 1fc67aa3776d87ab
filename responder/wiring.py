"""The one place that builds: settings -> store, policy and accounts, each when it is first needed."""

import gc
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from responder import settings as configuration
from responder.settings import Settings, SettingsError
from responder.settings.sections import AccountSection

if TYPE_CHECKING:  # each of these costs more than `responder --help` may take
    from responder.connector import Account, Connector
    from responder.model.calendar import Calendar
    from responder.model.clocks import Clocks
    from responder.model.promise import Commitment
    from responder.notify import Sender
    from responder.policy.policy import Policy
    from responder.policy.promise_files import Promisings
    from responder.steps.afterwards import Course
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
    #: Whether nothing that is written is kept.
    rehearsing: bool = field(default=False, kw_only=True)

    @cached_property
    def store(self) -> "Store":
        """The store, its tables ready."""
        from responder.store.store import Store

        store = Store(
            self.settings.database_url(),
            roster=self.settings.roster,
            rehearsing=self.rehearsing,
            pause_file=self.pause_file,
        )
        store.prepare()
        return store

    @property
    def pause_file(self) -> Path | None:
        """The file that stops all sending while it is there; None: the settings name none."""
        return pause_file(self.settings)

    @cached_property
    def policy(self) -> "Policy":
        """Our rules and replies under the company's own, in the company's voice."""
        return self.policy_of(self.settings.policies.folders)

    def policy_of(self, own: Sequence[Path]) -> "Policy":
        """Return our rules and replies under those in `own`, in the company's voice: to try a folder."""
        from responder.policy.policy import Policy
        from responder.policy.remedies import laid_over
        from responder.policy.rulebook import load
        from responder.policy.wording import Voice
        from responder.settings.offline import channels_of

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
        book = load([_OURS, *own], whole=False)
        remedies, wrong = laid_over(
            book.remedies, [one.laid() for one in self.settings.remedies], book.topics.catalogue
        )
        if wrong:
            raise configuration.refused_remedies(self.settings, wrong)
        return Policy(
            rulebook=book,
            catalogue=remedies,
            voice=voice,
            allowed=company.allow + contact,
            hours=company.hours.days,
            zone=company.timezone,
            regulated=company.regulated,
            homes={one.name: one.language for one in self.settings.accounts if one.language},
            set_aside_below=self.settings.triage.set_aside_below,
            opted_out=self.settings.triage.opted_out,
            references=self.settings.offline.reference,
            channels=channels_of(self.settings.contacts),
        )

    def commitments(self, text: str, language: str, said: datetime) -> "Sequence[Commitment]":
        """Return what a text would commit us to, without loading all there is to judge it by."""
        from responder.policy.commitments import commitments
        from responder.policy.moments import Zones

        code, company = language.partition("-")[0].lower(), self.settings.company
        if code not in self._promising:
            return ()
        return commitments(
            text, self._promising[code], said, Zones(firm=company.timezone, week=company.hours.days)
        )

    @cached_property
    def _promising(self) -> "Promisings":
        from responder.policy.promise_files import Promisings

        return Promisings(self.policy_folders, _refused)

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

    @cached_property
    def sender(self) -> "Sender":
        """What letters to our own people go out by."""
        from responder.notify import MailServer, Sender
        from responder.notify.mail import STEP, TALK

        # a ring comes back after half of its deadline: one more letter must fit into the rest
        longest = min(TALK, self.settings.daemon.deadline.total_seconds() / 3)
        mail, secret = self.settings.mail, self.settings.secret
        server = MailServer(
            host=mail.host,
            port=mail.at,
            security=mail.security,
            sender=mail.sender,
            user=mail.user,
            password=lambda: secret("mail_password"),
            step=min(STEP, longest),
            talk=longest,
        )
        return Sender(server=server if mail.host else None, secret=secret)

    @property
    def targets(self) -> "Clocks":
        """By when a first answer is due, a next one, and a matter settled, and in whose hours that counts."""
        from responder.model.clocks import Clocks
        from responder.policy.complaint_rules import complaint_rules

        response = self.settings.response
        return Clocks(
            targets=response.targets(),
            by_account={one.name: response.targets(one.connector) for one in self.settings.accounts},
            calendar=self.calendar,
            always_from=response.round_the_clock_from or 6,
            warn_at=response.warn_at,
            rule=complaint_rules().get(response.complaint_rule),
        )

    @property
    def course(self) -> "Course":
        """What planning goes by, after an answer."""
        from responder.steps.afterwards import Course

        told = self.settings.follow_up
        return Course(
            policy=self.policy,
            accounts=self.accounts,
            rhythm=told.rhythm,
            calendar=self.calendar,
            debrief_from=told.debrief_from_tier,
        )

    @cached_property
    def calendar(self) -> "Calendar":
        """When somebody is there."""
        from responder.model.calendar import Calendar
        from responder.policy.days_off import days_off

        company = self.settings.company
        week, zone = company.hours.days, company.timezone
        if not (company.holidays or company.closed):
            return Calendar(week=week, zone=zone)
        return Calendar(week=week, zone=zone, off=days_off(company.holidays, company.closed))

    @property
    def mode(self) -> "Mode":
        """Whether anything is sent."""
        from responder.steps.post import Mode

        return Mode(self.settings.posting.mode)

    @property
    def terms(self) -> "Terms":
        """What sending keeps to: patience, caps, hours, and the rules as they are now."""
        from responder.model.calendar import Calendar
        from responder.model.caps import Caps
        from responder.steps.look import Patience
        from responder.steps.post import Terms

        posting = self.settings.posting
        hours = Calendar(week=posting.hours.days, zone=self.settings.company.timezone)

        def closed_until(now: datetime) -> datetime | None:
            opens = hours.due(now, timedelta(0))
            return opens if opens > now else None

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


def _refused(problems: list[str]) -> Exception:
    """Return the error for policies that cannot be used."""
    from responder.policy.rulebook import RulebookError

    return RulebookError(problems)


def pause_file(settings: Settings) -> Path | None:
    """Return the whole path of the file that stops all sending while it is there; None: there is none.

    A name without a leading / counts from the folder of an SQLite database, so that all processes that share
    it look at one file, wherever they were started; with a server, from where responder is started.
    """
    from responder.store.engine import file_of

    named, database = settings.posting.pause_file, file_of(settings.database.url)
    if named is None:
        return None
    return ((database.parent if database else Path()) / named).absolute()


def account_of(section: AccountSection, connector: "Connector") -> "Account":
    """Return a connector under the name, and with the terms, that the config gives it."""
    from responder.connector import Account

    return Account(
        name=section.name,
        connector=connector,
        every=section.every.total_seconds(),
        allowance=section.allowance,
    )


__all__ = ["App", "SettingsError", "account_of", "clock", "pause_file", "read_settings"]
