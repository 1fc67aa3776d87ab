"""Urgency: how soon must somebody answer a post; every point with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log2, log10

from responder.model.mention import Mention
from responder.model.triage import UNKNOWN, Finding, Level, Triage
from responder.model.visible import one_line
from responder.policy.amounts import Amount
from responder.policy.cues import Cue, Hit, Kind
from responder.policy.hearing import FARTHEST, Heard, shouting
from responder.policy.senses import Senses, Taken
from responder.policy.sorting import why_aside, why_doubt
from responder.policy.tokens import LONGEST

#: The tier of what lasts: days of waiting, a third time of asking, a thread of more than a day.
_LASTING = 3
#: The tier of what hurts somebody.
_HARM = 5
_LONG_WAIT_HOURS = 72.0
_OFTEN = 2
_DAY = timedelta(days=1)
#: What a "not" makes of praise and of "solved".
_TURNED_POINTS = 6
_MOST_WAIT_POINTS = 13
_COUNT_POINTS = 8
_SHOUTING_POINTS = 3
#: Nobody writes so much about a trifle.
_LONG_POINTS = 10
_FOLLOW_UP_POINTS, _MOST_FOLLOW_UPS = 3, 3
#: From this probability on a post with a question in it is taken for a complaint.
_LIKELY = 0.5
#: From so many followers on it is told, with points for every tenfold.
_WIDE, _REACH_POINTS, _MOST_REACH_POINTS = 1_000, 2, 8


@dataclass(frozen=True, slots=True)
class _Before:
    """What the customer's earlier posts left unsolved."""

    wrong: tuple[tuple[Cue, str], ...] = ()
    #: The post with which the unsolved part of the thread begins.
    since: Mention | None = None
    posts: int = 0

    @property
    def worst(self) -> int | None:
        """The worst tier of it; None when nothing is unsolved."""
        return max((cue.tier for cue, _ in self.wrong), default=0) if self.since else None


def triage(mention: Mention, earlier: tuple[Mention, ...], senses: Senses, now: datetime) -> Triage:
    """Weigh a customer's latest post together with their earlier ones in the thread (oldest first).

    Its topic is what the latest post names, else what one before it does, the later first; somebody in danger
    is a topic whatever the words. Pure: the same posts, senses and time give the same triage. Two numbers
    stay apart: the tone is learned, and the urgency is the sum of points that words earned. A post is set
    aside only for a reason that is told, and with grave harm in it for none at all.
    """
    taken = senses.take_in(mention)
    heard = taken.heard
    before = _Before() if heard.solved else _before(earlier, taken, senses)
    wrong = [*heard.causes, *(cue for cue, _ in before.wrong)]
    aside = why_aside(mention, taken, senses, unsolved=before.worst)
    findings = [*_about_words(heard, mention, now), *_about_before(mention, before)]
    if wrong:
        findings += _about_amounts(heard)
    findings += _about_manner(mention, heard)
    if not aside:
        findings += _about_reach_and_time(mention, now)
    findings += _about_model(taken)
    findings += [_plain(rule, says, 0) for rule, says in aside or why_doubt(taken)]
    total = sum(finding.points for finding in findings)
    tier = 0 if aside else _tier(mention, taken, before, wrong, now)
    return Triage(
        complaint=not aside,
        probability=round(taken.opinion.complaint, 3),
        negative=round(taken.opinion.negative, 3),
        tier=tier,
        urgency=max(0, min(100, total)),
        tone=round(taken.opinion.tone, 2),
        language=taken.language.code or UNKNOWN,
        topic=_topic(earlier, taken, tier, senses),
        reach=mention.author.followers or 0,
        findings=tuple(sorted(findings, key=_weight)),
    )


def _weight(finding: Finding) -> tuple[int, int]:
    return -abs(finding.points), finding.start


def _before(earlier: tuple[Mention, ...], latest: Taken, senses: Senses) -> _Before:
    """Return what earlier posts left unsolved and the latest does not say again."""
    wrong: dict[str, tuple[Cue, str]] = {}
    since: Mention | None = None
    posts = 0
    for mention in earlier:
        heard = senses.hear(mention, latest.language.code)
        if heard.solved:
            wrong, since, posts = {}, None, 0
            continue
        lasting = {name: hit for name, hit in heard.wrong.items() if hit.cue.tier}
        if lasting or since:
            since, posts = since or mention, posts + 1
        for name, hit in lasting.items():
            wrong.setdefault(name, (hit.cue, heard.quote(hit)))
    unsaid = tuple(entry for name, entry in wrong.items() if name not in latest.heard.wrong)
    return _Before(unsaid, since, posts)


def _about_words(heard: Heard, mention: Mention, now: datetime) -> list[Finding]:
    """Return a finding for every cue heard, with its points; what was urgent then and is over has none."""
    findings = [
        _finding(hit.cue.id, *_worth(hit.cue, mention, now), heard, hit) for hit in heard.wrong.values()
    ]
    findings += [
        _finding(hit.cue.id, hit.cue.says, hit.cue.points, heard, hit) for hit in heard.calm.values()
    ]
    findings += [
        _finding(f"not-{hit.cue.id}", f"not: {hit.cue.says}", _TURNED_POINTS, heard, hit)
        for hit in heard.turned.values()
    ]
    findings += [
        _at(cue.id, cue.says, cue.points, heard.text, (start, end)) for cue, start, end in heard.late.values()
    ]
    return findings


def _worth(cue: Cue, mention: Mention, now: datetime) -> tuple[str, int]:
    """Return what a cue says of a post, and its points: half of them once its hours are over."""
    if not _over(cue, mention, now):
        return cue.says, cue.points
    return f"{cue.says}; that was {_length(_hours(now - mention.created_at))} ago", cue.points // 2


def _over(cue: Cue, mention: Mention, now: datetime) -> bool:
    """Whether the time in which a cue is urgent has gone by since the post."""
    return bool(cue.fades) and now - mention.created_at > timedelta(hours=cue.fades)


def _about_before(mention: Mention, before: _Before) -> list[Finding]:
    """Return findings about what was said earlier in the thread and still stands."""
    findings = [
        Finding(
            rule=cue.id,
            level=Level.NOTE,
            says=f"said earlier: {cue.says}",
            why=f"an earlier post says “{one_line(quote, 60)}”, and none since says it is solved",
            points=cue.points,
        )
        for cue, quote in before.wrong
    ]
    if before.since:
        hours = _hours(mention.created_at - before.since.created_at)
        says = f"writes again, {_length(hours)} after a post that is not solved"
        points = _FOLLOW_UP_POINTS * min(before.posts, _MOST_FOLLOW_UPS) + _wait_points(hours)
        findings.append(Finding(rule="follow-up", level=Level.NOTE, says=says, points=points))
    return findings


def _about_amounts(heard: Heard) -> list[Finding]:
    """Return findings about how long and how often, in a text where something is wrong."""
    findings = []
    if heard.wait:
        says = f"tells of {_length(heard.wait.value)}"
        findings.append(_finding("duration", says, _wait_points(heard.wait.value), heard, heard.wait))
    if heard.count:
        says = f"counts {heard.count.value:g} times or messages"
        findings.append(_finding("count", says, _COUNT_POINTS, heard, heard.count))
    return findings


def _about_manner(mention: Mention, heard: Heard) -> list[Finding]:
    """Return findings about how it is said."""
    findings = []
    start, end = shouting(mention.text)
    if end:
        findings.append(_at("shouting", "shouts", _SHOUTING_POINTS, mention.text, (start, end)))
    if not heard.whole:
        says = (
            f"long: of {len(mention.text):,} characters the first {LONGEST:,} were weighed, "
            f"and the rest up to {FARTHEST:,} heard for grave harm only"
        )
        findings.append(_plain("long", says, _LONG_POINTS))
    return findings


def _about_reach_and_time(mention: Mention, now: datetime) -> list[Finding]:
    """Return findings about how many may read it, and how long it has gone without an answer."""
    findings = []
    followers = mention.author.followers or 0
    if followers >= _WIDE:
        points = min(_MOST_REACH_POINTS, _REACH_POINTS * (int(log10(followers)) - 2))
        findings.append(_plain("reach", f"{followers:,} followers", points))
    hours = _hours(now - mention.created_at)
    if now - mention.created_at >= _DAY:
        findings.append(_plain("age", f"written {_length(hours)} ago", _wait_points(hours)))
    return findings


def _about_model(taken: Taken) -> list[Finding]:
    """Return what the model and TextBlob make of it: no points, for learned and counted are never mixed."""
    opinion = taken.opinion
    told = ", ".join(f"{name} {part:+.1f}" for name, part in opinion.because)
    reads = Finding(
        rule="learned",
        level=Level.NOTE,
        says=f"reads like a complaint: {opinion.complaint:.0%}; sharpness {opinion.tone:.2f} of 1",
        why=f"what told most: {one_line(told, 200)}" if told else "",
    )
    findings = [reads]
    if taken.sound.polarity:
        findings.append(_plain("sound", f"sounds {taken.sound.polarity:+.2f} (TextBlob, -1 to 1)", 0))
    if taken.language.says:
        findings.append(_plain("language", taken.language.says, 0))
    return findings


def _finding(rule: str, says: str, points: int, heard: Heard, at: Hit | Amount) -> Finding:
    """Return a finding about words that were heard."""
    return _at(rule, says, points, heard.tokens.text, heard.tokens.span(at.first, at.after))


def _at(rule: str, says: str, points: int, text: str, span: tuple[int, int]) -> Finding:
    """Return a finding about one place of a text."""
    start, end = span
    return Finding(
        rule=rule, level=Level.NOTE, says=says, start=start, end=end, quote=text[start:end], points=points
    )


def _plain(rule: str, says: str, points: int) -> Finding:
    """Return a finding about the whole post."""
    return Finding(rule=rule, level=Level.NOTE, says=says, points=points)


def _tier(mention: Mention, taken: Taken, before: _Before, wrong: Sequence[Cue], now: datetime) -> int:
    """Return the tier of a complaint: its worst cue, or that it has lasted."""
    heard = taken.heard
    tiers = [min(cue.tier, _LASTING) if _over(cue, mention, now) else cue.tier for cue in wrong]
    tier = max(tiers, default=1 if heard.turned else 0)
    if wrong and all(cue.kind is Kind.NEED for cue in wrong) and _calm(taken):
        return 0  # somebody asks for something soon, or gives thanks for it, and nothing is wrong
    lasts = heard.wait is not None and heard.wait.value >= _LONG_WAIT_HOURS
    often = heard.count is not None and heard.count.value > _OFTEN
    again = before.since is not None and mention.created_at - before.since.created_at >= _DAY
    return max(tier, _LASTING) if tier and (lasts or often or again) else tier


def _calm(taken: Taken) -> bool:
    """Whether a post asks, praises or is content, as far as its words or the model tell."""
    heard = taken.heard
    asks = any("?" in word for word in heard.tokens.words) and taken.opinion.complaint < _LIKELY
    return asks or any(heard.means(kind) for kind in (Kind.QUESTION, Kind.PRAISE, Kind.SOLVED))


def _topic(earlier: Sequence[Mention], taken: Taken, tier: int, senses: Senses) -> str:
    """Return what it is about, by the words of the latest post that names anything."""
    topic = taken.topic
    for post in reversed(earlier):
        topic = topic or senses.topics.name(post.text, taken.language.code)
    return topic or ("safety" if tier == _HARM else "")


def _wait_points(hours: float) -> int:
    """Return the points of a wait: they grow with its logarithm, 4 for a day and 7 for a week."""
    return min(_MOST_WAIT_POINTS, round(log2(1 + max(hours, 0))))


def _hours(length: timedelta) -> float:
    return max(0.0, length.total_seconds() / 3600)


def _length(hours: float) -> str:
    """Return a length of time for a person, in the largest unit of which there are two."""
    for unit, length in (("weeks", 168.0), ("days", 24.0), ("hours", 1.0)):
        if hours >= 2 * length:
            return f"{hours / length:.0f} {unit}"
    return f"{hours * 60:.0f} minutes"
