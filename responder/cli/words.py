"""Words: how cases, people, times and marks are named wherever the command line shows them."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Annotated, Any

from cyclopts import Parameter, Token

from responder import letter
from responder.connector import Answerable
from responder.model.case import OPEN, Case, Stage
from responder.model.clocks import Rule
from responder.model.decision import Decision
from responder.model.delivery import Delivery
from responder.model.draft import Draft, Origin, address_by_hand
from responder.model.limits import Limits
from responder.model.mention import Audience, Mention
from responder.model.pause import Pause
from responder.model.triage import Finding, Level
from responder.model.visible import one_line

#: What each tier of urgency is about, as in responder.model.triage.
TIERS = {
    5: "safety or health",
    4: "legal, fraud or time-critical",
    3: "money, outage or asked before",
    2: "about to leave",
    1: "annoyed",
    0: "nothing urgent",
}
#: What each stage means to a person.
STAGES = {
    Stage.NEW: "new, not weighed yet",
    Stage.NEEDS_REPLY: "needs a reply, not drafted yet",
    Stage.SET_ASIDE: "set aside, no reply needed",
    Stage.WAITING: "waits for you",
    Stage.APPROVED: "approved, in the outbox",
    Stage.ANSWERED: "answered",
    Stage.CLOSED: "closed",
}
#: The languages we draft or read in, by their code.
_LANGUAGES = {
    "en": "English",
    "fr": "French",
    "sv": "Swedish",
    "sl": "Slovene",
    "hr": "Croatian",
    "bg": "Bulgarian",
    "de": "German",
    "es": "Spanish",
}


def read_id(_type: Any, tokens: Sequence[Token]) -> int:
    """Return the number in c-101 or 101."""
    return number_of(tokens[0].value)


def number_of(told: str) -> int:
    """Return the number in c-101 or 101; ValueError where there is none."""
    match = re.fullmatch(r"(?:c-)?0*([1-9][0-9]{0,17})", told.strip(), re.IGNORECASE | re.ASCII)
    if not match:
        raise ValueError(f"{told!r} is not the id of a case; it looks like c-101, see: responder queue")
    return int(match[1])


def read_incident(_type: Any, tokens: Sequence[Token]) -> int:
    """Return the number in i-3 or 3."""
    told = tokens[0].value
    match = re.fullmatch(r"(?:i-)?0*([1-9][0-9]{0,17})", told.strip(), re.IGNORECASE | re.ASCII)
    if not match:
        raise ValueError(
            f"{told!r} is not the id of an incident; it looks like i-3, see: responder incident list"
        )
    return int(match[1])


def _complete_id(context: Any) -> list[tuple[str, str]]:
    """Return what a shell offers for an id that is half typed."""
    from responder.cli.completion import cases

    return cases(context.incomplete)


#: An id as people type it.
IncidentId = Annotated[int, Parameter(converter=read_incident, metavar="INCIDENT")]
CaseId = Annotated[int, Parameter(converter=read_id, completer=_complete_id, metavar="ID")]


def who(mention: Mention, network: str) -> str:
    """Return "mastodon @ana_m"; the network alone where nobody knows who wrote."""
    return f"{network} @{mention.author.handle}" if mention.author.handle else network


def reach(mention: Mention) -> str:
    """Return "14,300 followers", "" where the network does not tell."""
    n = mention.author.followers
    if n is None:
        return ""
    return "1 follower" if n == 1 else f"{n:,} followers"


def short_reach(mention: Mention) -> str:
    """Return "14k", "" where the network does not tell."""
    n = mention.author.followers
    if n is None or n < 1000:
        return "" if n is None else str(n)
    return f"{n // 1000:,}k"


def ago(then: datetime, now: datetime) -> str:
    """Return "42 min ago"; "just now" also for what a wrong clock puts into the future."""
    past = now - then
    return f"{letter.span(past)} ago" if past >= timedelta(seconds=2) else "just now"


def age(then: datetime, now: datetime) -> str:
    """Return "42 min"."""
    return letter.span(max(now - then, timedelta(0)))


def language(code: str | None) -> str:
    """Return "French", the code of a language we have no name for, or "language unknown"."""
    return _LANGUAGES.get(code, code) if code else "language unknown"


def clock(at: datetime, now: datetime, zone: tzinfo) -> str:
    """Return "14:30" of today, else "Mon 2 Mar 14:30", as people where we work read it."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%a} {local.day} {local:%b %H:%M}"


def due(case: Case, now: datetime) -> str:
    """Return "in 18 min" or "2 h late" while a customer waits for an answer, "" otherwise."""
    return letter.due(case, now) if case.stage in OPEN else ""


def deadlines(case: Case, rule: Rule | None, now: datetime, zone: tzinfo) -> list[tuple[str, bool]]:
    """Return what else runs out, each with whether it is late: the whole matter, and a regulator's time."""
    told = []
    if case.settle_by and case.stage in OPEN:
        told.append((f"to be settled {letter.until(case.settle_by, now)}", case.settle_by < now))
    if case.rule_by and case.stage not in {Stage.CLOSED, Stage.SET_ASIDE}:
        day = f"{case.rule_by.astimezone(zone):%-d %b %Y}"
        what = f"{rule.says} ({rule.id})" if rule else "the regulator's deadline"
        told.append((f"{what}: by {day}, {letter.until(case.rule_by, now)}", case.rule_by < now))
    return told


def many(n: int, one: str, more: str = "") -> str:
    """Return "1 reply" or "12 replies"."""
    return f"{n:,} {one if n == 1 else more or f'{one}s'}"


def marks(case: Case, draft: Draft | None, first: Decision | None = None) -> tuple[str, ...]:
    """Return what a person should know about a draft before opening it; `first` is the first yes of two."""
    unanswerable = "no answer possible" if case.answerable == "no" else ""
    if draft is None:
        private = "private" if case.target.audience is Audience.PRIVATE else ""
        return tuple(mark for mark in (unanswerable, private) if mark)
    warnings = sum(finding.level is Level.WARN for finding in draft.findings)
    found = [
        unanswerable,
        "blocked" if draft.blocked else "",
        "needs a second yes" if first else "",
        many(warnings, "warning") if warnings else "",
        "edited" if draft.origin is Origin.PERSON else "",
        "by hand" if any(finding.rule == "by-hand" for finding in draft.findings) else "",
        "follow-up" if case.posts > 1 else "",
        "private" if case.target.audience is Audience.PRIVATE else "",
    ]
    return tuple(mark for mark in found if mark)


def second(first: Decision, now: datetime) -> str:
    """Return "needs a second yes (Sam said yes 5 min ago)"."""
    return f"needs a second yes ({one_line(first.by)} said yes {ago(first.at, now)})"


def paused(pause: Pause, now: datetime) -> str:
    """Return that nothing is sent, who or what stops it, and what lets it go on."""
    return f"ALL SENDING IS PAUSED {pause.since(now)}. Let it go on: {pause.todo}"


def counted(words: str, limits: Limits | None) -> str:
    """Return "205/280 characters" as the network counts, and by how much it is too long."""
    if limits is None:
        return many(len(words), "character")
    n = limits.count(words)
    over = f", {n - limits.length:,} over" if n > limits.length else ""
    return f"{n:,}/{limits.length:,} {limits.unit}{over}"


def besides(to: Mention, draft: Draft | None, limits: Limits | None) -> str:
    """Return what would go out with the words of a draft that nobody typed; "" for nothing."""
    return limits.besides(draft.text, to) if draft and limits else ""


def about(finding: Finding) -> str:
    """Return a finding in one line: what, where, and what to do."""
    quote = f" “{finding.quote}”" if finding.quote and finding.end else ""
    mend = f" - {finding.suggestion}" if finding.suggestion else ""
    return f"{finding.says}{quote}{mend}"


def objection(finding: Finding) -> str:
    """Return what a finding objects to, without what to do about it: for who has the whole before them."""
    return finding.says.rstrip(".")


def by_hand(case: Case, text: str) -> str:
    """Return how somebody answers where only a person can: "open https://..., paste the draft, send it"."""
    named = case.answer_detail if case.answerable == Answerable.BY_HAND else ""
    where = one_line(address_by_hand(named, text) or case.target.url) or "the post"
    return f"open {where}, {'' if '{words}' in named else 'paste the draft, '}send it"


def sent_by_hand(one: Delivery) -> str:
    """Return what is left to do for an approved reply that only a person can send."""
    where = one_line(one.target.url or one.target.external_id, 200)
    return f"answer {where}, then: responder settle c-{one.case_id} --sent URL"


def by_hand_item(one: Delivery) -> dict[str, object]:
    """Return such a reply for JSON."""
    return {
        "case": f"c-{one.case_id}",
        "url": one.target.url,
        "text": one.message.text,
        "next": f"responder settle c-{one.case_id} --sent URL",
    }
