"""Story: each event of the journal as a sentence that a person reads."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo

from responder.model.draft import Draft
from responder.model.event import Event
from responder.model.mention import Mention
from responder.model.triage import Finding
from responder.model.visible import one_line

#: A sentence an action. {} is filled from the event's detail and from `_known`; what stands in [] is left out
#: where something in it is not told.
SENTENCES = {
    "heard": "Heard[ on {network}][ from @{handle}][: “{said}”].",
    "wrote again": "{customer} wrote again[: “{said}”].",
    "edited": "{customer} edited a post[; before, it said “{before}”].",
    "edit weighed": "It is weighed again, because of the edit.",
    "is back": "A post of theirs that was gone is there again.",
    "removed by its author": "{customer} removed a post.",
    "triaged": "Triaged as a complaint[, tier {tier}][, urgency {urgency}][: {why}].",
    "set aside": "Set aside by triage, no reply needed[: {why}].",
    "drafted": "Draft[ {draft}] was written[: “{text}”].",
    "not drafted": "No draft was written, because the network does not let us answer[: {why}].",
    "judged by other rules": "The rules or a remedy changed: the same words are[ draft {draft}] judged anew.",
    "stepped aside": "Left for later, because a step failed on it[: {problem}].",
    "edited by hand": "{who} put other words in its place[, draft {draft}][: “{text}”].",
    "another wording": "{who} took another of our wordings[, draft {draft}][: “{text}”].",
    "words put back": "{who} put earlier words back[, as draft {draft}][: “{text}”].",
    "approved once": "{who} said yes to[ draft {draft}], and a second person must[: {why}]"
    "[; the words: “{text}”].",
    "approved": "{who} approved[ draft {draft}][ together with {first}][, the words: “{text}”]"
    "[, despite a warning: {reason}].",
    "redo asked": "{who} asked for another draft[: {reason}][, and told: {told}].",
    "dismissed": "{who} decided that it needs no reply[: {reason}].",
    "reopened": "{who} decided that it does need a reply[: {reason}].",
    "withdrawn": "{who} took the approval back[: {reason}].",
    "corrected: complaint": "{who} said that it is a complaint[: {reason}].",
    "corrected: not a complaint": "{who} said that it is not a complaint[: {reason}].",
    "corrected: more urgent": "{who} said that it is more urgent[: {reason}].",
    "corrected: less urgent": "{who} said that it is less urgent[: {reason}].",
    "corrected: language": "{who} said that it is in another language[, {language}][: {reason}].",
    "assigned": "{who} gave it to {to}.",
    "escalated": "{who} asked[ {to}] to look at it[: “{note}”].",
    "noted": "{who} noted[: “{note}”].",
    "snoozed": "{who} put it off[ until {until}][, or {wakes}].",
    "woken": "{who} took it up again before its time.",
    "merged": "{who} joined it[ with {with}]: they are of one matter[, and {into} speaks for both].",
    "split": "{who} took it[ and {from}] apart again.",
    "opted out": "{who} noted that {customer} asked not to be answered.",
    "opt-out undone": "{who} noted that {customer} may be answered again.",
    "answered by hand": "{who} answered on the network itself[, at {url}][: {reason}].",
    "sending": "The reply is being sent[, try {fence}].",
    "answered": "[{by} says that ]the reply is public[ at {url}][: “{text}”][; the network shows “{shown}”].",
    "not sent yet": "It could not be sent yet, and is tried again[: {problem}].",
    "refused": "The network refused the reply[: {problem}].",
    "unsure": "Nobody is sure whether the reply went out[: {problem}].",
    "not sent": "{who} looked: the reply is not public.",
    "delivery void": "What was to be sent is not sent[: {why}].",
    "approval void": "The approval ended[: {why}].",
    "alarm": "Our reply is not as it was approved[: {what}].",
    "alarm over": "Our reply is as it was approved again[; it was: {what}].",
    "closed": "Closed: nothing happened any more.",
    "words erased": "{who} had the words taken out of[ {events}] events.",
    "gap": "[{account}: ]the network could not show everything since the last poll[: {why}].",
    "blind": "[{account}: ]nothing is heard any more[, since {since}][: {says}].",
    "sees again": "[{account}: ]it hears again[; what was said since {since}: {filled}][ ({missing})].",
    "malformed": "[{account}: ]something could not be read as a post[, at {place}][: {problem}].",
    "poll failed": "[{account}: ]reading failed[: {problem}].",
    "poll works again": "[{account}: ]reading works again.",
    "sending stopped": "[{account}: ]nothing more is sent until reading works again[: {problem}].",
    "exhausted": "[{account}: ]the network gives no more for our money[: {problem}].",
    "refilled": "{who} said that there is more to be had[ on {account}] again.",
    "incident proposed": "Many write alike: an incident is proposed[, {incident}][, {cases} cases][: {why}].",
    "incident opened": "{who} opened incident[ {incident}][: {cause}].",
    "incident told": "{who} wrote what all of incident[ {incident}] are told[, in {language}][: “{text}”].",
    "incident rhythm": "{who} changed how often incident[ {incident}] brings news[: every {every}].",
    "incident closed": "{who} closed incident[ {incident}].",
    "incident dismissed": "{who} decided that incident[ {incident}] is none.",
    "joined incident": "{who} let it belong to incident[ {incident}][: {why}].",
    "left incident": "{who} took it out of incident[ {incident}].",
    "told alike": "Words for all of an incident took the place of the draft[, draft {draft}][: “{text}”].",
    "found by code": "{who} found it by the code that the customer said[ (hash {code})].",
    "unknown code": "{who} looked for a code that finds no case[ (hash {code})].",
    "promised": "[{by} noted that ]we promised[: “{quote}”][; due {due}].",
    "promise kept": "[{by} says that ]what we promised is kept[; it shows at {evidence}].",
    "promise kept late": "[{by} says that ]what we promised is kept, late[; it shows at {evidence}].",
    "promise broken": "What we promised was not kept in its time[: {promise}].",
    "promise moved": "{who} agreed on another time for what we promised[: {due}].",
    "worksheet written": "{who} filled in the worksheet[, version {version}][: {told}].",
    "remedy asked": "{who} asked for a second yes to the remedy[ {remedy}][, {amount}][: “{note}”].",
    "remedy granted": "{who} granted the remedy[ {remedy}][, {amount}][, as {asked} asked][: “{note}”].",
    "remedy refused": "{who} refused the remedy[ {remedy}][, {amount}][: “{note}”].",
    "remedy taken back": "{who} took the remedy[ {remedy}][, {amount},] back[: “{note}”].",
    "promise dropped": "{who} said that it was no promise[: {evidence}].",
    "follow-up planned": "To be followed up[: {kind}][, due {due}].",
    "follow-up done": "[{by} says that ]it is followed up[: {kind}].",
    "follow-up skipped": "[{by} says that ]it needs no follow-up any more[: {kind}].",
    "follow-up moved": "{who} put a follow-up to another time[: {kind}][, due {due}].",
    "fixed": "{who} said that it is put right[: {how}].",
    "not fixed": "{who} said that it is not put right after all.",
    "debrief due": "It is to be talked over with the team[: {why}].",
    "debrief written": "{who} wrote down what it taught us[; to change: {actions}].",
    "debrief action done": "{who} said that what was to change is changed[: action {number}].",
    "alerted": "Somebody must know now[: {what}][, {about}].",
    "alert seen": "{who} saw what was to be known[: {what}][, {about}].",
    "alert over": "It is not so any more[: {what}][, {about}].",
    "told": "[{to}: ]told[ by {what}].",
    "not told": "[{to}: ]not told yet[ by {what}][: {problem}].",
    "paused": "{who} stopped all sending.",
    "resumed": "{who} let sending go on.",
    "digest": "The digest[ of {day}] is out.",
}
#: What made a draft, whose words are told.
_WITH_WORDS = frozenset({
    "drafted", "edited by hand", "judged by other rules", "another wording", "words put back", "told alike",
})  # fmt: skip
#: Details that are moments.
_TIMES = frozenset({"until", "due"})
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_FIELD = re.compile(r"\{(\w+)\}")
#: What a sentence quotes of a text, in characters.
_LONGEST = 2_000
#: So many reasons are told of why a case is urgent.
_REASONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event with its sentence."""

    event: Event
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What a case's events are about: it tells what the journal does not repeat."""

    network: str
    #: The customer's posts, oldest first.
    posts: Sequence[Mention]
    drafts: Sequence[Draft]
    #: Why it is as urgent as it was weighed last.
    reasons: Sequence[Finding]
    #: The time zone a person reads times in.
    zone: tzinfo = UTC


def story(events: Sequence[Event], about: Matter) -> Iterator[Told]:
    """Give the events of one case with their sentences, the oldest first."""
    unheard = list(about.posts)
    author = about.posts[0].author.handle if about.posts else ""
    weighed = [event for event in events if event.action in {"triaged", "set aside"}][-1:]
    for event in events:
        said = ""
        if event.action in {"heard", "wrote again"} and unheard:
            said = unheard.pop(0).text
        more = {"network": about.network, "handle": author, "said": said} | _draft(event, about.drafts)
        if any(event is one for one in weighed):
            strongest = sorted(about.reasons, key=lambda one: -abs(one.points))[:_REASONS]
            more["why"] = ", ".join(one.says for one in strongest)
        yield Told(event=event, says=sentence(_read(event, about.zone), more))


def _read(event: Event, zone: tzinfo) -> Event:
    """Return an event with the times it tells of as people read them."""
    read = {}
    for key in _TIMES & event.detail.keys():
        try:
            at = datetime.fromisoformat(event.detail[key]).astimezone(zone)
        except ValueError:
            continue
        read[key] = f"{day(at)} {at:%H:%M}"
    return replace(event, detail={**event.detail, **read}) if read else event


def sentence(event: Event, more: Mapping[str, str] | None = None) -> str:
    """Return an event as a sentence: ours, on one line, that begins with a capital and ends with a full stop.

    `more` is what is known beside the event; an action of another version is told by its name.
    """
    told = dict(more or {}) | _known(event, more or {})
    known = {name: one_line(text, _LONGEST) for name, text in told.items()}
    pattern = SENTENCES.get(event.action, "{who}: {action}[ ({everything})].")
    chosen = _OPTIONAL.sub(lambda part: part[1] if _all_known(part[1], known) else "", pattern)
    words = _FIELD.sub(lambda field: known.get(field[1], ""), chosen)
    words = re.sub(r"([.!?…]”?)\.$", r"\1", words)  # what is told is often a sentence itself
    return words[0].upper() + words[1:]


def _all_known(part: str, known: Mapping[str, str]) -> bool:
    return all(known.get(name) for name in _FIELD.findall(part))


def _known(event: Event, more: Mapping[str, str]) -> dict[str, str]:
    handle = more.get("handle", "")
    return {
        "to": "nobody",
        **{name: str(value) for name, value in event.detail.items() if value},
        "by": event.by,
        "who": event.by or "Responder",
        "customer": f"@{handle}" if handle else "the customer",
        "account": event.account,
        "action": event.action,
        "everything": "; ".join(f"{name} {value}" for name, value in event.detail.items()),
    }


def _draft(event: Event, drafts: Sequence[Draft]) -> dict[str, str]:
    """Return number and words of the draft that an event tells of, where the event does not say."""
    if event.action not in _WITH_WORDS:
        return {}
    number = event.detail.get("draft", "")
    found = next((one for one in drafts if str(one.number) == number), None)
    found = found or next((one for one in drafts if not number and one.created_at == event.at), None)
    return {"draft": str(found.number), "text": found.text} if found else {}


def day(at: datetime) -> str:
    """Return the day of a time in its own zone: "Mon 2 Mar 2026"."""
    return f"{at:%a} {at.day} {at:%b} {at.year}"
