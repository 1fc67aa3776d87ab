"""Bursts: how many are found, after how many posts, and how often a quiet day looks like one.

Days are simulated with our own topics and no store: posts come by the hour of the day as customers do, in
eight languages; a burst is one cause as different people put it, misspelt here and there.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from statistics import mean, median

from responder.policy.bursts import LEAST, PAST, Burst, Post, burst
from responder.policy.likeness import Likeness
from responder.store.incidents import LATEST, USUAL
from tests.policy.sensed import senses

_WORDS = tomllib.loads((Path(__file__).parent / "bursts.toml").read_text(encoding="utf-8"))
CAUSES = ("app", "charged")
START = datetime(2026, 1, 5, tzinfo=UTC)
#: How much of a day's posts comes in each hour.
_HOURS = (1, 1, 1, 1, 1, 1, 3, 5, 7, 8, 8, 7, 7, 6, 6, 6, 6, 7, 8, 8, 7, 5, 3, 2)


@cache
def topic(text: str, language: str) -> str:
    """Return what our topics call a post."""
    return senses().topics.name(text, language)


@dataclass
class Company:
    """The complaints of one company, day after day."""

    chance: Random
    #: Complaints on a usual day.
    a_day: float
    languages: Sequence[str] = tuple(_WORDS)
    posts: list[Post] = field(default_factory=list)

    def day(self, number: int) -> list[Post]:
        """Return what is written on one day, by the hour."""
        began = START + timedelta(days=number)
        written = []
        for hour, share in enumerate(_HOURS):
            for _ in range(_poisson(self.chance, self.a_day * share / sum(_HOURS))):
                at = began + timedelta(hours=hour, minutes=self.chance.uniform(0, 60))
                written.append(self.post(at, "quiet"))
        return sorted(written, key=lambda one: one.at)

    def post(self, at: datetime, what: str, language: str = "") -> Post:
        """Return a post about a matter, as somebody puts it."""
        chance = self.chance
        language = language or chance.choice(self.languages)
        words: Mapping[str, Sequence[str]] = _WORDS[language]
        said = chance.choice(words[what])
        text = " ".join(
            filter(
                None,
                (chance.choice(words["openings"]), _misspelt(said, chance), chance.choice(words["endings"])),
            )
        )
        named = topic(text, language)
        return Post(number=0, author=str(chance.random()), at=at, language=language, topic=named, text=text)

    def write(self, one: Post) -> Post:
        """Take a post in, with the next number."""
        numbered = replace(one, number=len(self.posts) + 1)
        self.posts.append(numbered)
        return numbered

    def look(self, now: datetime, taken: frozenset[int] = frozenset()) -> Burst | None:
        """Look for a burst as the machine does, at the latest posts."""
        latest = self.posts[-LATEST:]
        recent = [one for one in latest if one.at >= now - timedelta(hours=6) and one.number not in taken]
        if len(recent) < LEAST:
            return None
        likeness = Likeness.of(one.text for one in latest if one.at < now - timedelta(hours=6))

        def history(name: str) -> tuple[list[datetime], datetime]:
            times = [one.at for one in reversed(self.posts) if one.topic == name and one.at >= now - PAST]
            return times[:USUAL], self.posts[0].at

        return burst(recent, likeness, history, now)


def _poisson(chance: Random, rate: float) -> int:
    n, left = 0, chance.expovariate(1)
    while left < rate:
        n, left = n + 1, left + chance.expovariate(1)
    return n


def _misspelt(text: str, chance: Random) -> str:
    """Return a text as it is typed in a hurry: now and then a letter left out, doubled or swapped."""
    letters = list(text)
    for at in range(1, len(letters) - 1):
        if letters[at].isalpha() and chance.random() < 0.012:
            letters[at] = chance.choice(["", letters[at] * 2, letters[at + 1]])
    return "".join(letters)


def quiet(days: int, a_day: float, seed: int) -> Iterator[Burst]:
    """Give the bursts that are seen in so many quiet days, after four weeks of them."""
    company = Company(Random(seed), a_day)  # noqa: S311 (chance, not secrecy)
    taken: frozenset[int] = frozenset()
    for number in range(28 + days):
        for one in company.day(number):
            company.write(one)
            if number >= 28 and (found := company.look(one.at, taken)):
                taken |= {post.number for post in found.posts}
                yield found


def bursts(a_day: float, per_hour: float, seed: int, *, known: int = 28) -> dict[str, object]:
    """Return how many bursts are found within 40 posts each, and after how many posts, by language."""
    after: dict[str, list[int]] = {}
    strangers: list[float] = []
    missed = 0
    for place, language in enumerate(_WORDS):
        for at, cause in enumerate(CAUSES):
            chance = Random(seed + 10 * place + at)  # noqa: S311
            company = Company(chance, a_day, (language, "en"))
            for number in range(known):
                for one in company.day(number):
                    company.write(one)
            found, posts = _one_burst(company, cause, language, per_hour, known)
            if found:
                after.setdefault(language, []).append(posts)
                about = {one.text for one in found.posts}
                own = {one.text for one in company.posts[-posts * 3 :] if one.author.startswith("burst")}
                strangers.append(len(about - own) / len(about))
            else:
                missed += 1
    every = [n for some in after.values() for n in some]
    return {
        "bursts": len(_WORDS) * len(CAUSES),
        "missed": missed,
        "posts until found, median": median(every) if every else None,
        "posts until found, most": max(every, default=None),
        "by language": {code: round(mean(some), 1) for code, some in after.items()},
        "strangers among the members": round(mean(strangers), 3) if strangers else None,
    }


def _one_burst(
    company: Company, cause: str, language: str, per_hour: float, day: int
) -> tuple[Burst | None, int]:
    """Let something break at 13:00 of a day; return what is seen, and after how many of its posts."""
    now = START + timedelta(days=day, hours=13)
    for one in company.day(day):
        if one.at < now:
            company.write(one)
    for n in range(1, 41):
        now += timedelta(hours=company.chance.expovariate(per_hour))
        if company.chance.random() < company.a_day / 16 / per_hour:  # the rest of the day goes on
            company.write(company.post(now, "quiet"))
        one = company.post(now, cause, language)
        company.write(replace(one, author=f"burst {n}"))
        if found := company.look(now):
            return found, n
    return None, 40


def run(quick: bool) -> dict[str, object]:
    """Return the figures: bursts by how busy the company is, and false proposals on quiet days."""
    days = 30 if quick else 300
    return {
        "found": {
            f"{a_day:.0f} complaints a day, {rate:.0f} an hour more": bursts(a_day, rate, seed=1)
            for a_day, rate in ((4, 12), (40, 30), (200, 60))
        },
        "found on the third day of all": bursts(20, 30, seed=5, known=3),
        "false": {
            f"{a_day:.0f} complaints a day, {days} quiet days": sum(1 for _ in quiet(days, a_day, seed=2))
            for a_day in (4.0, 40.0, *([] if quick else [120.0]))
        },
    }
