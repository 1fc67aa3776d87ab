"""Channel: how customers reach us away from the thread, by brand and language."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Contact points of ours; "" is none."""

    #: Whose they are: an account's and a language's. "" is everybody's.
    account: str = ""
    language: str = ""
    phone: str = ""
    mail: str = ""
    page: str = ""

    @property
    def points(self) -> tuple[str, ...]:
        """What there is."""
        return tuple(filter(None, (self.phone, self.mail, self.page)))

    @property
    def written(self) -> str:
        """Where people write to: an address or a page, else a number."""
        return self.mail or self.page or self.phone


@dataclass(frozen=True, slots=True)
class Channels:
    """All of them."""

    listed: Sequence[Channel] = ()

    def of(self, account: str, language: str) -> Channel:
        """Return what customers of an account are told in a language.

        The account's own before the others', and among those the language's own; a phone, an address and a
        page each for itself.
        """
        fitting = sorted(
            self._fitting(account, language), key=lambda one: (not one.account, not one.language)
        )
        phone, mail, page = (
            next((value for one in fitting if (value := getattr(one, key))), "")
            for key in ("phone", "mail", "page")
        )
        return Channel(account=account, language=language, phone=phone, mail=mail, page=page)

    def allowed(self, account: str, language: str) -> tuple[str, ...]:
        """Return every contact point that a text of an account may name in a language."""
        return tuple(point for one in self._fitting(account, language) for point in one.points)

    def _fitting(self, account: str, language: str) -> list[Channel]:
        return [
            one
            for one in self.listed
            if one.account in {"", account} and one.language in {"", language.partition("-")[0].lower()}
        ]
