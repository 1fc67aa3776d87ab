"""Tongue: the words, numbers and dates of one language, as letters to our own people use them."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from responder.letter.languages import FILE, OTHERWISE
from responder.model.visible import one_line

#: Where a language's dates are written in more than one way: the one without AM and PM.
_LOCALES = {"en": "en_GB"}
_BRACES = re.compile(r"\{([a-z]*)\}")
#: CLDR's form for a million and more in French and Spanish: it is about numbers written out.
_WRITTEN_OUT = "many"
_Words = Mapping[str, str | Mapping[str, str]]


class LetterError(Exception):
    """The words of a language are not complete; the message says in which file, and what is wrong."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """How one language says things."""

    language: str
    locale: Locale = field(repr=False)
    #: By section and key: "say.paused".
    words: _Words = field(repr=False)

    def say(self, key: str, **values: str) -> str:
        """Return the words under `key` with these values put in."""
        words = self.words[key]
        if not isinstance(words, str):
            raise TypeError(key)
        return words.format(**values)

    def count(self, key: str, n: int, *, shown: str = "", **values: str) -> str:
        """Return the words under `key` for `n` of it, which is `shown` like that where it is capped."""
        forms = self.words[key]
        if isinstance(forms, str):
            raise TypeError(key)
        form = self.locale.plural_form(n)
        words = forms.get(form) or forms["other"]
        return words.format(n=shown or self.number(n), **values)

    def knows(self, key: str) -> bool:
        """Whether there are words under `key`."""
        return key in self.words

    def number(self, n: int) -> str:
        """Return a whole number."""
        return _plain(format_decimal(n, locale=self.locale))

    def amount(self, currency: str, micros: int) -> str:
        """Return an amount of money, its currency as its code."""
        return f"{currency} {_plain(format_decimal(micros / 1_000_000, '#,##0.00', locale=self.locale))}"

    def day(self, at: datetime) -> str:
        """Return the day of `at`: "Mon 2 Mar"."""
        return _plain(format_skeleton("MMMEd", at, locale=self.locale))

    def weekday(self, day: date) -> str:
        """Return the short name of a day of the week."""
        return _plain(format_date(day, "ccc", locale=self.locale)).rstrip(".")

    def moment(self, at: datetime, zone: tzinfo, today: date | None = None) -> str:
        """Return when it was, by the clock of `zone`: "Mon 14:05", and "14:05" where it was `today`."""
        local = at.astimezone(zone)
        form = "Hm" if local.date() == today else "EHm"
        return _plain(format_skeleton(form, local.replace(tzinfo=None), locale=self.locale))

    def span(self, length: timedelta, *, up: bool = False) -> str:
        """Return a length of time, rounded down, or (`up`) up."""
        seconds = int(abs(length).total_seconds())
        for size, unit, most in ((1, "s", 90), (60, "min", 90), (3600, "h", 48)):
            if seconds < most * size:
                return self.say(f"span.{unit}", n=self.number((seconds + (size - 1) * up) // size))
        return self.count("span.days", (seconds + 86_399 * up) // 86_400)


@cache
def tongue(language: str) -> Tongue:
    """Return the words of a language, or raise LetterError where they are not complete."""
    locale = Locale.parse(_LOCALES.get(language, language))
    words = _read(language)
    wanted = words if language == OTHERWISE else _read(OTHERWISE)
    if problems := list(_wrong(words, wanted, _forms(locale))):
        raise LetterError("\n".join(f"policies/{language}/{FILE}: {one}" for one in problems))
    return Tongue(language, locale, words)


def _plain(text: str) -> str:
    """Return it with one kind of space that holds together: terminals know no narrow one."""
    return text.replace("\u202f", "\u00a0")


def _forms(locale: Locale) -> set[str]:
    return {*locale.plural_form.rules, "other"} - {_WRITTEN_OUT}


def _read(language: str) -> dict[str, str | Mapping[str, str]]:
    table: Mapping[str, Mapping[str, Any]] = tomllib.loads(
        files("policies").joinpath(language, FILE).read_text(encoding="utf-8")
    )
    return {f"{section}.{key}": words for section, keyed in table.items() for key, words in keyed.items()}


def _wrong(words: _Words, wanted: _Words, forms: set[str]) -> Iterator[str]:
    """Say what is missing, what nobody asks for, and where the braces differ from those of English."""
    yield from (f"{key} is missing" for key in wanted if key not in words)
    for key, said in words.items():
        if key not in wanted:
            yield f"{key} is not known"
            continue
        if isinstance(said, str) != isinstance(wanted[key], str):
            must = "have a form for each kind of number" if isinstance(said, str) else "be one text"
            yield f"{key} must {must}"
            continue
        if not isinstance(said, str) and set(said) != forms:
            yield f"{key} must have the forms {', '.join(sorted(forms))}"
        for text in [said] if isinstance(said, str) else said.values():
            if not text or one_line(text) != text:
                yield f"{key} must be one line of words"
            if sorted(_BRACES.findall(text)) != _braces(wanted[key]):
                yield f"{key} must have the braces {_braces(wanted[key])}"


def _braces(wanted: str | Mapping[str, str]) -> list[str]:
    return sorted(_BRACES.findall(wanted if isinstance(wanted, str) else wanted["other"]))
