"""Settings: everything this installation decides, section by section as in config/responder.toml."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, time, timedelta
from pathlib import Path
from typing import Any, ClassVar, Literal, NamedTuple
from urllib.parse import quote

from responder.model.budget import UNIT, Allowance
from responder.model.people import Roster
from responder.model.recipient import Recipient
from responder.settings.days import DayOff, Place
from responder.settings.filters import Views
from responder.settings.following import FollowUpSection
from responder.settings.kinds import (
    AccountName,
    Amount,
    ConnectorName,
    Count,
    Currency,
    Database,
    Duration,
    Entry,
    FileOrNone,
    Folder,
    FolderOrNone,
    Language,
    LanguageOrNone,
    Line,
    Share,
    TimeOfDay,
    Wait,
    Week,
    Zone,
    told,
    written,
)
from responder.settings.offline import ContactSection, OfflineSection
from responder.settings.people import ApprovalSection, PersonSection, roster_of
from responder.settings.remedies import RemedySection
from responder.settings.response import ResponseSection
from responder.settings.running import DaemonSection
from responder.settings.secret import Secrets
from responder.settings.telling import DigestSection, MailSection, RecipientSection, recipients_of
from responder.settings.week import OpeningHours

#: An approved reply is held back no longer; the store relies on it.
_LONGEST_UNDO = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanySection:
    """Who answers."""

    name: Line = field(default="", metadata=told("Your company's name, as customers know it."))
    contact: Line = field(
        default="",
        metadata=told("How a customer reaches you in private: an e-mail address, a number, a page."),
    )
    signature: Line = field(default="", metadata=told('Put at the end of every reply, like "^Ana".'))
    language: Language = field(
        default="en", metadata=told("The language of a reply when the post's own is not known.")
    )
    register: Literal["formal", "informal", "mirror"] = field(
        default="formal",
        metadata=told(
            'How replies say you, where there are two ways: "formal", "informal", or "mirror", as they do.'
        ),
    )
    timezone: Zone = field(
        default=UTC, metadata=told("Where your people work; the digest's hour and days are counted there.")
    )
    hours: Week = field(
        default=OpeningHours(""),
        metadata=told("When somebody is there; replies promise nothing for other hours. Empty: always."),
    )
    holidays: Place = field(
        default="", metadata=told("The country whose public holidays you keep; empty: none.")
    )
    closed: tuple[DayOff, ...] = field(default=(), metadata=told("Other days on which nobody is there."))
    regulated: bool = field(
        default=False,
        metadata=told("Health, finance, law or minors: even that somebody is your customer stays private."),
    )
    allow: tuple[Entry, ...] = field(
        default=(),
        metadata=told("Hosts, handles, addresses and numbers a reply may name; any other stops the draft."),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSection:
    """Where everything is kept."""

    url: Database = field(
        default="sqlite:///responder.db",
        metadata=told(
            "A file beside the program, or a PostgreSQL server; a password is a secret, never part of it."
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingSection:
    """Whether approved replies go out."""

    mode: Literal["off", "dry-run", "on"] = field(
        default="off",
        metadata=told(
            'Approved replies: "off" keeps them, "dry-run" shows what would be sent, "on" sends them.'
        ),
    )
    hours: Week = field(
        default=OpeningHours(""),
        metadata=told("When approved replies go out; tiers 4 and 5 (safety, law) always do. Empty: always."),
    )
    per_hour: Count = field(
        default=60,
        metadata=told("The most replies of an account within an hour, also grave ones; 0: any number."),
    )
    per_person: Count = field(
        default=5, metadata=told("The most replies to one person within a day; 0: any number.")
    )
    per_thread: Count = field(
        default=5,
        metadata=told(
            "The most replies to one person in one thread: more belongs in private. 0: any number."
        ),
    )
    undo: Wait = field(
        default=timedelta(seconds=20),
        metadata=told("An approved reply waits this long before it goes out: time to take it back."),
    )
    look_after: Duration = field(
        default=timedelta(minutes=2),
        metadata=told("When it is not sure that a reply went out, wait this long and look for it."),
    )
    give_up_after: Duration = field(
        default=timedelta(minutes=10), metadata=told("Looked for in vain for this long, a person is asked.")
    )
    pause_file: FileOrNone = field(
        default=Path("responder.pause"),
        metadata=told("While a file of this name is there, nothing is sent, by no process; empty: none."),
    )

    def __post_init__(self) -> None:
        """Refuse to give up before the first look, and to hold a reply back for long."""
        if self.undo > _LONGEST_UNDO:
            longest = f'"{written(_LONGEST_UNDO)}"'
            raise ValueError(f'undo ("{written(self.undo)}") must be at most {longest}: customers wait')
        if self.look_after >= self.give_up_after:
            raise ValueError(
                f'look_after ("{written(self.look_after)}") must be shorter'
                f' than give_up_after ("{written(self.give_up_after)}")'
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSection:
    """How people work through the queue."""

    tomorrow: TimeOfDay = field(
        default=time(9, 0),
        metadata=told("When a case comes back that is put off until tomorrow, by the company's time zone."),
    )
    longest_snooze: Duration = field(
        default=timedelta(days=14),
        metadata=told("No case is put off for longer than this, also not until the customer answers."),
    )
    lease: Duration = field(
        default=timedelta(minutes=2),
        metadata=told(
            "For so long others are told that you have a card open; it keeps nobody from working on it."
        ),
    )
    planted: Count = field(
        default=0,
        metadata=told(
            "About one card in so many holds the reply to another complaint, for you to notice: it can never"
            " be sent, and `stats --me` counts; 0: none."
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageSection:
    """What is a complaint."""

    set_aside_below: Share = field(
        default=0.2,
        metadata=told("A post with praise, thanks or a question in it is set aside below this probability."),
    )
    opted_out: tuple[Entry, ...] = field(
        default=(), metadata=told("Handles of people who asked you not to answer them.")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PoliciesSection:
    """What a reply has to keep to."""

    folders: tuple[Folder, ...] = field(
        default=(), metadata=told("Your own folders of rules and replies, laid over ours in this order.")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSection:
    """One of our accounts on one network."""

    name: AccountName = field(
        metadata=told("A short name that you choose: small letters, digits and hyphens.")
    )
    connector: ConnectorName = field(metadata=told('What it speaks to, like "replay".'))
    every: Duration = field(
        default=timedelta(minutes=2), metadata=told("How often it is asked for new posts.")
    )
    budget_month: Amount = field(
        default=0.0,
        metadata=told("What its calls may cost in a calendar month, where its network asks money; 0: any."),
    )
    currency: Currency = field(default="USD", metadata=told("The currency that its network is paid in."))
    language: LanguageOrNone = field(
        default="",
        metadata=told("The language of its customers where a post leaves it open; empty: the company's."),
    )
    options: Mapping[str, Any] = field(
        default_factory=dict, metadata=told("What its connector wants to know; never a secret.")
    )

    @property
    def allowance(self) -> Allowance:
        """What its calls may cost, in the smallest parts that are counted."""
        return Allowance(month=round(self.budget_month * UNIT), currency=self.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretsSection:
    """Where passwords and tokens are: never in this file."""

    folder: FolderOrNone = field(
        default=None,
        metadata=told("A folder with one file for each secret, readable by its owner alone; empty: none."),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """What config/responder.toml holds."""

    #: Read by pydantic when a file is loaded; the classes themselves need no pydantic.
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "hide_input_in_errors": True}

    company: CompanySection = CompanySection()
    database: DatabaseSection = DatabaseSection()
    posting: PostingSection = PostingSection()
    review: ReviewSection = ReviewSection()
    approval: ApprovalSection = field(default_factory=ApprovalSection)
    response: ResponseSection = field(default_factory=ResponseSection)
    follow_up: FollowUpSection = field(default_factory=FollowUpSection)
    offline: OfflineSection = field(default_factory=OfflineSection)
    triage: TriageSection = TriageSection()
    policies: PoliciesSection = PoliciesSection()
    daemon: DaemonSection = field(default_factory=DaemonSection)
    digest: DigestSection = field(default_factory=DigestSection)
    mail: MailSection = field(default_factory=MailSection)
    secrets: SecretsSection = SecretsSection()
    views: Views = field(default_factory=dict)
    people: tuple[PersonSection, ...] = ()
    recipients: tuple[RecipientSection, ...] = ()
    contacts: tuple[ContactSection, ...] = ()
    remedies: tuple[RemedySection, ...] = ()
    accounts: tuple[AccountSection, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(Sections):
    """The settings in force; `Settings()` is every default. Holds no secret, only the way to them."""

    #: Gives a secret by its name.
    secret: Secrets = field(default_factory=Secrets, compare=False)
    #: The file they were read from.
    path: Path | None = field(default=None, compare=False)
    #: Where a value that is not a default comes from: "posting.mode" -> "RESPONDER_POSTING__MODE".
    origins: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def allowances(self) -> dict[str, Allowance]:
        """What the accounts that have a budget may spend, by name."""
        return {one.name: one.allowance for one in self.accounts if one.allowance.month}

    @property
    def roster(self) -> Roster:
        """The people of the desk, and when two of them must say yes."""
        return roster_of(self.people, self.approval)

    @property
    def told(self) -> tuple[Recipient, ...]:
        """Those who are told by mail or chat."""
        return recipients_of(self.recipients, self.company, self.digest)

    def database_url(self) -> str:
        """Return the address to open. It may hold the password: for the store, and for nothing else."""
        driver, _, rest = self.database.url.partition("://")
        password = self.secret.find("database_password") if driver.startswith("postgresql") else None
        if password is None:
            return self.database.url
        # Only before the first "/" or "?" does an "@" end the user's name
        server = re.split("[/?]", rest, maxsplit=1)[0]
        user, _, host = server.rpartition("@")
        return f"{driver}://{user}:{quote(password, safe='')}@{host}{rest.removeprefix(server)}"


#: The sections of one table each, by name.
TABLES: dict[str, type] = {
    "company": CompanySection,
    "database": DatabaseSection,
    "posting": PostingSection,
    "review": ReviewSection,
    "approval": ApprovalSection,
    "response": ResponseSection,
    "follow_up": FollowUpSection,
    "offline": OfflineSection,
    "triage": TriageSection,
    "policies": PoliciesSection,
    "daemon": DaemonSection,
    "digest": DigestSection,
    "mail": MailSection,
    "secrets": SecretsSection,
}


class Listed(NamedTuple):
    """A section that is a list of tables, each under its name in two brackets."""

    table: type
    #: What one of them is called in a sentence.
    one: str
    #: What may stand for the keys that every one needs.
    example: Mapping[str, str]


#: The sections that are lists, by name; they stand in the file alone.
LISTS: dict[str, Listed] = {
    "people": Listed(PersonSection, "person", {"name": "Ana"}),
    "recipients": Listed(RecipientSection, "recipient", {"name": "ana"}),
    "contacts": Listed(ContactSection, "contact", {"name": "phone-sl", "phone": "+386 1 555 0100"}),
    "remedies": Listed(RemedySection, "remedy", {"id": "refund"}),
    "accounts": Listed(AccountSection, "account", {"name": "x-main", "connector": "replay"}),
}
