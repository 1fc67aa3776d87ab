"""The sections about leaving the thread: the code by which a case is found, and where customers reach us."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated

from responder.model.channel import Channel, Channels
from responder.settings.kinds import AccountName, Duration, LanguageOrNone, Line, quoted, spelt, told
from responder.settings.problems import Keys
from responder.settings.telling import MailAddress

#: A reply has room for no more (policy.wording.Voice).
_LONGEST = 60
Phone = Annotated[str, spelt(r"(\+?[0-9][0-9 ()./-]{5,28}[0-9])?", "a phone number", "+386 1 555 0100")]
AccountOrNone = Annotated[str, spelt("[a-z0-9-]{0,32}", "the name of an account", "x-main")]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineSection:
    """What a conversation needs away from the thread."""

    reference: bool = field(
        default=True,
        metadata=told("Whether an invitation into private names a code by which the case is found."),
    )
    reference_for: Duration = field(
        default=timedelta(days=90),
        metadata=told("A code finds its case for this long after the case is closed or set aside."),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactSection:
    """Where customers reach you: replies, letters and calls name these and nothing else."""

    name: AccountName = field(
        metadata=told("A short name that you choose: small letters, digits and hyphens.")
    )
    account: AccountOrNone = field(
        default="", metadata=told("The account whose customers it is for; empty: those of every account.")
    )
    language: LanguageOrNone = field(
        default="", metadata=told("The language it is for; empty: every language.")
    )
    phone: Phone = field(default="", metadata=told("The number that is given for calls; empty: none."))
    mail: MailAddress = field(
        default="", metadata=told("The address that is given for letters; empty: none.")
    )
    page: Line = field(default="", metadata=told("The page where people write to you; empty: none."))

    def __post_init__(self) -> None:
        """Refuse what is no way to reach anybody, and what no reply has room for."""
        if not (self.phone or self.mail or self.page):
            raise ValueError("it names no phone, no mail and no page")
        for key in ("mail", "page"):
            if len(getattr(self, key)) > _LONGEST:
                raise ValueError(f"{key} has more than {_LONGEST} characters: no reply has room for it")


def channels_of(listed: Sequence[ContactSection]) -> Channels:
    """Return where customers reach us."""
    return Channels(
        tuple(
            Channel(account=one.account, language=one.language, phone=one.phone, mail=one.mail, page=one.page)
            for one in listed
        )
    )


def refused_contacts(
    listed: Sequence[ContactSection], accounts: Collection[str]
) -> Iterator[tuple[Keys, str]]:
    """Yield, with its keys, a contact of an account that there is not."""
    for place, one in enumerate(listed):
        if one.account and one.account not in accounts:
            there = ", ".join(sorted(accounts)) or "none"
            yield (
                ("contacts", place, "account"),
                f"there is no account {quoted(one.account)}; there are: {there}",
            )
