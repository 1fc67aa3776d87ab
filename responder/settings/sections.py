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
from responder.settings.filters import Views
from responder.settings.kinds import (
    AccountName,
    Amount,
    ConnectorName,
    Count,
    Currency,
    Database,
    Duration,
    Entry,
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
from responder.settings.people import ApprovalSection, PersonSection, roster_of
from responder.settings.secret import Secrets
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
class ResponseSection:
    """How fast we mean to be."""

    update_within: Duration = field(
        default=timedelta(hours=4), metadata=told("The time to the next word that drafts promise.")
    )
    tier_5: Duration = field(
        default=timedelta(minutes=30), metadata=told("First answer due: safety and health.")
    )
    tier_4: Duration = field(
        default=timedelta(hours=1), metadata=told("First answer due: legal threats, fraud, travel today.")
    )
    tier_3: Duration = field(
        default=timedelta(hours=3), metadata=told("First answer due: money, outages, asked before.")
    )
    tier_2: Duration = field(
        default=timedelta(hours=8), metadata=told("First answer due: about to leave us.")
    )
    tier_1: Duration = field(default=timedelta(days=1), metadata=told("First answer due: annoyed."))
    tier_0: Duration = field(default=timedelta(days=1), metadata=told("First answer due: none of these."))
    close_after: Duration = field(
        default=timedelta(days=7), metadata=told("Quiet for this long after an answer, a case is closed.")
    )

    def __post_init__(self) -> None:
        """Refuse a more urgent complaint that may wait longer than a lesser one."""
        for tier in range(5):
            if self.target(tier + 1) > self.target(tier):
                raise ValueError(
                    f'tier_{tier + 1} ("{written(self.target(tier + 1))}") is more urgent than tier_{tier}'
                    f' ("{written(self.target(tier))}") and must not wait longer'
                )

    def target(self, tier: int) -> timedelta:
        """Return the time to the first answer for a tier from 0 to 5."""
        return (self.tier_0, self.tier_1, self.tier_2, self.tier_3, self.tier_4, self.tier_5)[tier]


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
class DaemonSection:
    """How the daemon keeps its hours."""

    step_every: Duration = field(default=timedelta(seconds=5), metadata=told("How often it looks for work."))
    deadline: Duration = field(
        default=timedelta(minutes=2),
        metadata=told(
            "Work that runs longer is taken for stuck: the daemon ends, and its supervisor starts it again."
        ),
    )
    health_every: Duration = field(
        default=timedelta(minutes=1), metadata=told("How often it writes a line about its health.")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSection:
    """The daily letter about open complaints."""

    at: TimeOfDay = field(
        default=time(7, 30), metadata=told("When it is written, by the company's time zone.")
    )
    folder: Folder = field(default=Path("digests"), metadata=told("Where it is written."))


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
    response: ResponseSection = ResponseSection()
    triage: TriageSection = TriageSection()
    policies: PoliciesSection = PoliciesSection()
    daemon: DaemonSection = DaemonSection()
    digest: DigestSection = DigestSection()
    secrets: SecretsSection = SecretsSection()
    views: Views = field(default_factory=dict)
    people: tuple[PersonSection, ...] = ()
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
    "triage": TriageSection,
    "policies": PoliciesSection,
    "daemon": DaemonSection,
    "digest": DigestSection,
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
    "accounts": Listed(AccountSection, "account", {"name": "x-main", "connector": "replay"}),
}
