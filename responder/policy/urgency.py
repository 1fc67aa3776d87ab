"""Urgency: is a post a complaint, and how soon must somebody answer it; every point with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import log2

from responder.model.mention import Mention
from responder.model.triage import Finding, Level, Triage
from responder.model.visible import one_line
from responder.policy.amounts import Amount
from responder.policy.cue_files import load_cues
from responder.policy.cues import Cue, Cues, Hit, Kind
from responder.policy.hearing import FARTHEST, GRAVE, Heard, listen, shouting
from responder.policy.sentiment import polarity
from responder.policy.tokens import LONGEST
from responder.policy.topics import Topics

__all__ = ["Cues", "Topics", "load_cues", "triage"]

#: The tier of what lasts: days of waiting, a third time of asking, a thread of more than a day.
_LASTING = 3
#: The tier of what hurts somebody.
_HARM = 5
_LONG_WAIT_HOURS = 72.0
_OFTEN = 2
_LONG_AGO = timedelta(days=1)
#: What a "not" makes of praise and of "solved".
_TURNED_POINTS = 6
_MOST_WAIT_POINTS = 13
_COUNT_POINTS = 8
_SHOUTING_POINTS = 3
_BOT_POINTS = -30
#: Nobody writes so much about a trifle.
_LONG_POINTS = 10
_FOLLOW_UP_POINTS, _MOST_FOLLOW_UPS = 3, 3
#: Points for the harshest and the kindest tone: tone comes last.
_HARSHEST, _KINDEST = 5, 3
#: Sums up to which praise, thanks, a plain question or spam is all there is to a post.
_CALM_PRAISE, _CALM_THANKS, _CALM_QUESTION, _SPAM = -6, -4, -4, -25
#: Thanks alone close a post of so few words; a longer one ends with thanks out of politeness.
_SHORT = 12
_HARSH_TONE = -0.2


@dataclass(frozen=True, slots=True)
class _Before:
    """What the customer's earlier posts left unsolved."""

    wrong: tuple[tuple[Cue, str], ...] = ()
    #: The post with which the unsolved part of the thread begins.
    since: Mention | None = None
    posts: int = 0


def triage(mention: Mention, earlier: tuple[Mention, ...], cues: Cues, topics: Topics) -> Triage:
    """Weigh a customer's latest post together with their earlier ones in the thread (oldest first).

    Its topic is what the latest post names, else what one before it does, the later first; somebody in danger
    is a topic whatever the words. Pure: the same posts, cues and topics give the same triage. A post is set
    aside only for a positive reason (praise without anything wrong, solved, a plain question, spam, a bot),
    never because its tone is neutral or its words are unknown; with harm in it, for no reason at all.
    """
    heard = listen(mention.text, cues.vocabulary(mention.language))
    tone = polarity(mention.text, mention.language)
    before = _Before() if heard.solved else _before(earlier, heard, cues)
    wrong = [*heard.causes, *(cue for cue, _ in before.wrong)]
    findings = [*_about_words(heard), *_about_before(mention, before)]
    if wrong:
        findings += _about_amounts(heard)
    findings += _about_manner(mention, heard, tone)
    if not findings:
        findings.append(_plain("unknown", "says nothing we know, so a person reads it", 0))
    total = sum(finding.points for finding in findings)
    complaint = not _set_aside(mention, heard, before, total, tone)
    tier = _tier(mention, heard, before, wrong) if complaint else 0
    return Triage(
        complaint=complaint,
        tier=tier,
        urgency=max(0, min(100, total)),
        tone=tone,
        topic=_topic(mention, earlier, heard, tier, topics),
        findings=tuple(sorted(findings, key=lambda finding: (-abs(finding.points), finding.start))),
    )


def _before(earlier: tuple[Mention, ...], latest: Heard, cues: Cues) -> _Before:
    """Return what earlier posts left unsolved and the latest does not say again."""
    wrong: dict[str, tuple[Cue, str]] = {}
    since: Mention | None = None
    posts = 0
    for mention in earlier:
        heard = listen(mention.text, cues.vocabulary(mention.language))
        if heard.solved:
            wrong, since, posts = {}, None, 0
            continue
        lasting = {name: hit for name, hit in heard.wrong.items() if hit.cue.tier}
        if lasting or since:
            since, posts = since or mention, posts + 1
        for name, hit in lasting.items():
            wrong.setdefault(name, (hit.cue, heard.quote(hit)))
    unsaid = tuple(entry for name, entry in wrong.items() if name not in latest.wrong)
    return _Before(unsaid, since, posts)


def _about_words(heard: Heard) -> list[Finding]:
    """Return a finding for every cue heard, with its points."""
    said = (*heard.wrong.values(), *heard.calm.values())
    return [
        *(_finding(hit.cue.id, hit.cue.says, hit.cue.points, heard, hit) for hit in said),
        *(
            _finding(f"not-{hit.cue.id}", f"not: {hit.cue.says}", _TURNED_POINTS, heard, hit)
            for hit in heard.turned.values()
        ),
        *(
            _at(cue.id, cue.says, cue.points, heard.text, (start, end))
            for cue, start, end in heard.late.values()
        ),
    ]


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
        hours = max(0.0, (mention.created_at - before.since.created_at).total_seconds() / 3600)
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


def _about_manner(mention: Mention, heard: Heard, tone: float) -> list[Finding]:
    """Return findings about how it is said and who says it."""
    findings = []
    start, end = shouting(mention.text)
    if end:
        findings.append(_at("shouting", "shouts", _SHOUTING_POINTS, mention.text, (start, end)))
    if mention.author.bot:
        findings.append(_plain("bot", "the network marks the author as automated", _BOT_POINTS))
    if not heard.whole:
        says = (
            f"long: of {len(mention.text):,} characters the first {LONGEST:,} were weighed, "
            f"and the rest up to {FARTHEST:,} heard for grave harm only"
        )
        findings.append(_plain("long", says, _LONG_POINTS))
    if tone:
        findings.append(
            _plain("tone", f"tone {tone:+.2f}", -round(tone * (_HARSHEST if tone < 0 else _KINDEST)))
        )
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


def _set_aside(mention: Mention, heard: Heard, before: _Before, total: int, tone: float) -> bool:
    """Whether there is a positive reason to set a post aside, and none against it."""
    worst = max((cue.tier for cue in heard.causes if cue.kind is not Kind.NEED), default=0)
    if worst >= GRAVE:
        return False
    if heard.means(Kind.OPT_OUT):
        return True
    if before.since:
        return False
    if heard.spam and total <= _SPAM and (heard.spam > 1 or not worst):
        return True
    if mention.author.bot:
        return True
    if not heard.whole or heard.turned:
        return False
    if heard.solved:
        return True
    return not worst and tone >= _HARSH_TONE and _calm(mention, heard, total)


def _calm(mention: Mention, heard: Heard, total: int) -> bool:
    """Whether praise, thanks or a plain question is all there is to a post in which nothing is wrong."""
    wrong = [hit.cue for hit in heard.wrong.values()]
    if heard.means(Kind.QUESTION):
        return not wrong and total <= _CALM_QUESTION
    needs = sum(cue.points for cue in wrong if cue.kind is Kind.NEED)
    if not heard.means(Kind.PRAISE) or (needs and any(cue.kind is not Kind.NEED for cue in wrong)):
        return False
    short = len(heard.tokens.words) <= _SHORT and "?" not in mention.text
    return total - needs <= (_CALM_THANKS if short else _CALM_PRAISE)


def _tier(mention: Mention, heard: Heard, before: _Before, wrong: Sequence[Cue]) -> int:
    """Return the tier of a complaint: its worst cue, or that it has lasted."""
    tier = max((cue.tier for cue in wrong), default=1 if heard.turned else 0)
    if heard.means(Kind.QUESTION) and wrong and all(cue.kind is Kind.NEED for cue in wrong):
        return 0  # somebody asks for something soon, and nothing is wrong
    lasts = heard.wait is not None and heard.wait.value >= _LONG_WAIT_HOURS
    often = heard.count is not None and heard.count.value > _OFTEN
    again = before.since is not None and mention.created_at - before.since.created_at >= _LONG_AGO
    return max(tier, _LASTING) if tier and (lasts or often or again) else tier


def _topic(mention: Mention, earlier: Sequence[Mention], heard: Heard, tier: int, topics: Topics) -> str:
    """Return what it is about, by the words of the latest post that names anything."""
    topic = topics.name_in(heard.tokens, mention.language)
    for post in reversed(earlier):
        topic = topic or topics.name(post.text, post.language)
    return topic or ("safety" if tier == _HARM else "")


def _wait_points(hours: float) -> int:
    """Return the points of a wait: they grow with its logarithm, 4 for a day and 7 for a week."""
    return min(_MOST_WAIT_POINTS, round(log2(1 + max(hours, 0))))


def _length(hours: float) -> str:
    """Return a length of time for a person, in the largest unit of which there are two."""
    for unit, length in (("weeks", 168.0), ("days", 24.0), ("hours", 1.0)):
        if hours >= 2 * length:
            return f"{hours / length:.0f} {unit}"
    return f"{hours * 60:.0f} minutes"
