"""Bursts: so many alike, so much more often than usual, that they have one cause; or that others join it.

Two things must hold. The count: given how often people wrote about the same things before (over four weeks,
in the last day, and at this time of day, whichever lets it look most usual), so many within the window have a
chance below CHANCE. And the words: each of them says much of what the one in their middle says. The less is
known of what is usual, the more must write: the chance is that of a rate drawn from what was seen.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, lgamma, log, log1p, sqrt

from responder.policy.likeness import Likeness, Pieces, pieces, said

#: Posts of a burst are looked for within each of these times.
WINDOWS = (timedelta(hours=1), timedelta(hours=6))
#: How far back what is usual is looked for.
PAST = timedelta(days=28)
#: So unlikely must a burst be by chance. There are some 20,000 ends of windows and topics a year that do not
#: overlap: less than one false proposal in ten years by the count alone, were complaints independent.
CHANCE = 1e-6
#: Fewer people than these are none, however seldom anybody writes.
LEAST = 5
#: From this likeness on two posts say the same; where they are about the same thing, from the lower one.
ALIKE, ALIKE_ON_TOPIC = 0.32, 0.16
#: Of the latest posts at most so many are compared.
_MOST = 150
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A complaint, as far as it matters whether others say the same."""

    number: int
    author: str
    at: datetime
    language: str
    #: What it is about; "" where that is not told.
    topic: str
    text: str

    @property
    def words(self) -> Pieces:
        """Its words, hashed."""
        return pieces(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """Many that say the same, and what else it would take for chance to do that."""

    posts: tuple[Post, ...]
    #: The one in their middle.
    middle: Post
    topic: str
    window: timedelta
    #: How many were to be expected in the window, and how likely so many are by chance.
    usual: float
    chance: float
    #: What they say that others do not.
    words: tuple[str, ...]


#: Gives the times at which people wrote about a topic before, and since when that was noted.
History = Callable[[str], tuple[Sequence[datetime], datetime]]


def burst(posts: Sequence[Post], likeness: Likeness, history: History, now: datetime) -> Burst | None:
    """Return the largest burst among the latest complaints, None where there is none."""
    found = [one for window in WINDOWS if (one := _in_window(posts, likeness, history, (window, now)))]
    return max(found, key=lambda one: (len(one.posts), -one.chance), default=None)


def _in_window(
    posts: Sequence[Post], likeness: Likeness, history: History, when: tuple[timedelta, datetime]
) -> Burst | None:
    window, now = when
    since = now - window
    recent = [one for one in posts if one.at >= since][-_MOST:]
    if len({one.author for one in recent}) < LEAST:
        return None
    middle, alike = _largest(recent, likeness)
    people = len({one.author for one in alike})
    if people < LEAST:
        return None
    topics = Counter(one.topic for one in alike)
    # what one of them alone is about would only make more of them usual
    counted = {topic for topic, n in topics.items() if n > 1} or set(topics)
    people = len({one.author for one in alike if one.topic in counted})
    past = [history(topic) for topic in sorted(counted)]
    times = sorted(at for some, _ in past for at in some if at < since)
    usual, chance = chance_of(people, times, max(began for _, began in past), (window, since))
    if people < LEAST or chance >= CHANCE / len(WINDOWS):
        return None
    named = max((topic for topic in topics if topic), key=lambda topic: topics[topic], default="")
    return Burst(
        posts=tuple(alike),
        middle=middle,
        topic=named,
        window=window,
        usual=usual,
        chance=chance,
        words=telling(alike, likeness),
    )


def chance_of(
    n: int, times: Sequence[datetime], began: datetime, when: tuple[timedelta, datetime]
) -> tuple[float, float]:
    """Return how many were to be expected in a window that begins then, and the chance of `n` or more.

    `times` are those of earlier posts, `began` is since when such posts were noted. The larger chance of
    three is told: by all that was seen, by the last day, and by this time of the day.
    """
    window, since = when
    known = max(timedelta(0), min(PAST, since - began))
    known_times = [at for at in times if since - known <= at < since]
    days = known // _DAY
    near = window / 2
    same_hour = [at for at in known_times if _from_hour(at, since + near) <= near]
    lately = [at for at in known_times if at >= since - _DAY]
    seen = [(len(known_times), known / window), (len(lately), min(known, _DAY) / window)]
    if days >= 3:  # of fewer days an hour tells nothing
        seen.append((len(same_hour), float(days)))
    told = [((count + 0.5) / (windows + 0.5), tail(n, count, windows)) for count, windows in seen]
    return max(told, key=lambda one: one[1])


def _from_hour(at: datetime, of: datetime) -> timedelta:
    """Return how far apart the times of day of two moments are."""
    apart = (at - of) % _DAY
    return min(apart, _DAY - apart)


def tail(n: int, count: int, windows: float) -> float:
    """Return the chance of `n` or more in one window after `count` in so many windows before.

    The rate is not known, only seen: of a Poisson count whose rate is drawn from Gamma(count + 1/2,
    windows + 1/2), which makes it negative binomial. With nothing seen nothing is unlikely.
    """
    if n <= 0:
        return 1.0
    shape, rest = count + 0.5, windows + 0.5
    stay, go = log(rest / (rest + 1)), -log1p(rest)
    term = exp(lgamma(shape + n) - lgamma(shape) - lgamma(n + 1) + shape * stay + n * go)
    total, k = 0.0, n
    while term > total * 1e-12:
        total += term
        term *= (shape + k) / (k + 1) * exp(go)
        k += 1
    return min(1.0, total)


def alike(one: Post, other: Post, likeness: Likeness) -> bool:
    """Whether two posts say the same."""
    least = ALIKE_ON_TOPIC if one.topic and one.topic == other.topic else ALIKE
    return likeness.between(one.words, other.words) >= least


def _largest(posts: Sequence[Post], likeness: Likeness) -> tuple[Post, list[Post]]:
    """Return the post that most others are like, with those and itself.

    Posts of its topic in other languages belong to it where they are as many among themselves as to be one.
    """
    around: dict[int, list[int]] = {at: [at] for at in range(len(posts))}
    for at, one in enumerate(posts):
        for place in range(at + 1, len(posts)):
            if alike(one, posts[place], likeness):
                around[at].append(place)
                around[place].append(at)
    middle = max(around, key=lambda at: (len({posts[one].author for one in around[at]}), -at))
    chosen = set(around[middle])
    of = posts[middle]
    for at in list(chosen):  # who says what one of them says
        chosen.update(place for place in around[at] if len(chosen & set(around[place])) > 1)
    if of.topic:
        chosen.update(
            at for at, one in enumerate(posts) if one.topic == of.topic and one.language != of.language
        )
    return of, [posts[at] for at in sorted(chosen)]


def telling(posts: Sequence[Post], likeness: Likeness, most: int = 4) -> tuple[str, ...]:
    """Return the words that most of these say and that are not usual, the most telling first."""
    counts = Counter(word for one in posts for word in set(said(one.text)))

    def tells(word: str) -> float:
        marks = pieces(word)
        return counts[word] * likeness.length(marks) / sqrt(max(1, len(marks)))

    often = [word for word, n in counts.items() if n >= max(2, len(posts) // 3) and len(word) > 3]
    return tuple(sorted(often, key=lambda word: (-tells(word), word))[:most])


def joins(one: Post, members: Sequence[Post], likeness: Likeness) -> str:
    """Return why a post belongs to what these say, in words; "" where it does not.

    It says what two of them say; or is about the same thing, in a language that none of them speaks.
    """
    near = [other for other in members if other.author != one.author and alike(one, other, likeness)]
    if len(near) >= min(2, len(members)):
        return f"it says what c-{near[0].number} says"
    topics = Counter(other.topic for other in members if other.topic)
    named = topics.most_common(1)[0][0] if topics else ""
    spoken = {other.language for other in members}
    if named and one.topic == named and one.language not in spoken:
        return f"it is about {named.replace('_', ' ')} too, in another language"
    return ""


def why(found: Burst) -> str:
    """Return why a burst is proposed, in words."""
    people = len({one.author for one in found.posts})
    hours = round(found.window / timedelta(hours=1))
    span = "an hour" if hours == 1 else f"{hours} hours"
    usual = "hardly one" if found.usual < 0.75 else f"about {max(1, round(found.usual))}"
    words = f"; they say: {', '.join(found.words)}" if found.words else ""
    return f"{people} people wrote alike within {span}, where {usual} does usually{words}"


def reasons(found: Burst) -> Mapping[int, str]:
    """Return by number why each post belongs to a burst."""
    middle = found.middle
    told = f"it says what c-{middle.number} says"
    return {
        one.number: "it says what the others say" if one == middle
        else told if one.language == middle.language
        else f"it is about {found.topic.replace('_', ' ')} too, in another language"
        for one in found.posts
    }  # fmt: skip
