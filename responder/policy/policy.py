"""Policy: the whole judgement as one value, so that a step asks three questions and knows no rule.

Weigh a complaint, write a reply, check a person's words: all three pure, the same input giving the
same output, byte for byte.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from responder.model.case import Case
from responder.model.draft import Origin
from responder.model.facts import Facts
from responder.model.follow_up import FollowUpKind
from responder.model.limits import Limits
from responder.model.mention import Audience, Mention
from responder.model.promise import Promise
from responder.model.reference import spelt
from responder.model.triage import UNKNOWN, Finding, Level, Triage
from responder.model.windows import Window
from responder.policy.afterwards import BY_PLAYBOOK, OWN_WORDS, PUBLIC, promised, said
from responder.policy.cues import base_language
from responder.policy.filling import filled, first_name
from responder.policy.hours import promise_of
from responder.policy.judging import PAPER, Judging, audience_of, in_its_language
from responder.policy.kit import Kind, Known, prepared
from responder.policy.kit import said as said_offline
from responder.policy.planner import Plan, plan
from responder.policy.rules import check
from responder.policy.senses import SET_ASIDE_BELOW, Senses
from responder.policy.urgency import triage
from responder.policy.variants import PLAYBOOKS, Told, variant
from responder.policy.wording import Room, Voice, write

#: Findings that `write` makes about what it had to go by, and no rule about a text.
WHILE_WRITING = frozenset({"unknown-language", "fact-untold"})
#: What a person can tell, in words, by the field of Facts.
FACTS = {
    "broke": "how the promise was broken: contract, late or predecessor",
    "promised": "what was promised",
    "solution": "what we will do",
    "prevention": "what we changed so that it stays away",
    "since": "since when it is down",
    "owner": "who looks after it",
    "number": "the number to call us back",
    "window": "when we call",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A reply as it was written, and what the rules say about it."""

    text: str
    language: str
    playbook: str
    topic: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True)
class Policy(Judging):
    """A rulebook and a company's voice."""

    #: The languages of accounts that have one of their own, by the account's name.
    homes: Mapping[str, str] = field(default_factory=dict)
    #: Below this probability a post is set aside as no complaint.
    set_aside_below: float = SET_ASIDE_BELOW
    #: Handles of people who asked us not to answer them.
    opted_out: tuple[str, ...] = ()
    #: Whether an invitation names the code by which the case is found.
    references: bool = False

    def weigh(
        self, mention: Mention, earlier: tuple[Mention, ...], now: datetime, *, language: str = ""
    ) -> Triage:
        """Say whether `mention` (after `earlier` posts of the thread) is a complaint, how urgent, and why.

        `language` is the one of ours that a person says they are in; "" finds it out.
        """
        senses = replace(self.senses, spoken=language) if language else self.senses
        return triage(mention, earlier, senses, now)

    @cached_property
    def senses(self) -> Senses:
        """What triage hears and judges with."""
        return Senses(
            cues=self.rulebook.cues,
            topics=self.rulebook.topics,
            learned=self.rulebook.learned,
            home=self.voice.language,
            homes=self.homes,
            set_aside_below=self.set_aside_below,
            ourselves=frozenset(one.lower().removeprefix("@") for one in self.allowed if one.startswith("@")),
            opted_out=frozenset(one.lower().removeprefix("@") for one in self.opted_out),
        )

    def write(self, case: Case, limits: Limits, now: datetime, *, recent: tuple[str, ...] = ()) -> Words:
        """Write the next draft of the reply to `case`, within `limits`, unlike our `recent` ones.

        What nobody told is left out, and told among the findings: nothing is made up.
        """
        case = in_its_language(case)
        return self._worded(case, replace(self._plan(case), recent=recent), limits, now)

    def offline(self, case: Case, kind: Kind, known: Known, limits: Limits, now: datetime) -> Words:
        """Write a piece of the kit for a conversation away from the thread."""
        case = in_its_language(case)
        code = base_language(case.target.language)
        words = self.rulebook.kits.get(code) or self.rulebook.kits[self.voice.language]
        channel, here = self.channels.of(case.account, code), now.astimezone(self.zone)
        times = known.windows[:1] if kind is Kind.EMAIL else known.windows
        case = prepared(case, kind, known.caller, channel.phone, words.windows(times, here))
        planned = self._plan(case)
        contact, warn = channel.written or self.voice.contact, ""
        if kind is not Kind.CLOSING:  # where others read, it would be noise
            warn = words.warning(contact, informal=planned.informal)
        told = said_offline(case, known, warn, words, here, informal=planned.informal)
        return self._worded(case, replace(planned, said=told), limits, now)

    def told_window(self, case: Case, window: Window, now: datetime) -> str:
        """Return in the customer's language when we call."""
        words = self.rulebook.kits.get(base_language(case.spoken)) or self.rulebook.kits[self.voice.language]
        return words.windows([window], now.astimezone(self.zone))

    def _worded(self, case: Case, planned: Plan, limits: Limits, now: datetime) -> Words:
        """Write what is planned, and judge it."""
        when = promise_of(now.astimezone(self.zone), self.hours, self.voice.update_within)
        planned = replace(self._with_its_words(planned, case, now), when=when)
        voice = self._voice(case, limits)
        room = Room(length=limits.length, count=limits.count)
        wording = write(planned, voice, case.target, room, self.rulebook.words)
        findings = self._judged(wording, case, planned, (limits, now))
        if any(one.level is Level.BLOCK for one in findings):  # a display name can hold anything
            nameless = replace(case.target, author=replace(case.target.author, name=""))
            wording = write(planned, voice, nameless, room, self.rulebook.words)
            findings = self._judged(wording, case, planned, (limits, now))
        return Words(
            text=wording.text,
            language=wording.language,
            playbook=planned.playbook,
            topic=planned.topic,
            findings=findings + _guessed(case) + tuple(_untold(fact, case) for fact in wording.missing),
        )

    def alike(self, case: Case, told: Told, limits: Limits) -> Words | None:
        """Write what all of an incident are told for one of them, within `limits`.

        None where no wording differs enough from `told.others`, or nobody has words in their language.
        """
        case = in_its_language(case)
        code = base_language(case.target.language)
        around, words = self.rulebook.around.get(code), self.rulebook.words.languages.get(code)
        if around is None or words is None:
            return None
        informal = self._plan(case).informal
        room, parts = Room(length=limits.length, count=limits.count), (around, words.telling(case.topic))
        text = variant(
            replace(told, informal=informal), self.voice, case.target, room, (*parts, words.not_names)
        )
        if text is None:
            return None
        kind = PLAYBOOKS[told.kind]
        context = self._context(case, (limits, None), Origin.OURS, code, kind)
        findings = check(text, context, self.rulebook)
        return Words(text=text, language=code, playbook=kind, topic=case.topic, findings=findings)

    def follow_up(
        self, kind: FollowUpKind, case: Case, limits: Limits, now: datetime, owed: Promise | None = None
    ) -> Words:
        """Write what is said or done after an answer; `owed` is the promise that was not kept.

        A kind with a playbook is written by that; the others have their own words. A broken promise has all
        the room it needs: a person says it, wherever they can.
        """
        if kind not in OWN_WORDS:
            told = replace(case, facts=replace(case.facts, kind=BY_PLAYBOOK[kind]))
            room = replace(limits, length=PAPER, count=len) if kind is FollowUpKind.BROKEN_PROMISE else limits
            return self.write(self.owing(told, owed) if owed else told, room, now)
        case = in_its_language(case)
        code = base_language(case.target.language)
        code = code if code in self.rulebook.after else self.voice.language
        words, plan_ = self.rulebook.words.languages[code], self._plan(case)
        audience = Audience.PUBLIC if kind in PUBLIC else Audience.PRIVATE
        when = promise_of(now.astimezone(self.zone), self.hours, self.voice.update_within)
        slots = {
            "name": first_name(case.target, self.voice.company, words.not_names),
            "step": filled(words.telling(plan_.topic).step[0], {}, informal=plan_.informal),
            "when": filled(
                words.phrases.of(when, spoken=audience is Audience.PRIVATE), {}, informal=plan_.informal
            ),
        }
        text = said(kind, self.rulebook.after[code], slots, informal=plan_.informal)
        if self.voice.signature:
            text += f"{' ' if kind in PUBLIC else chr(10)}{self.voice.signature}"
        findings = self.follow_up_findings(kind, text, case, limits)
        return Words(text=text, language=code, playbook=kind, topic=plan_.topic, findings=findings)

    def follow_up_findings(
        self, kind: FollowUpKind, text: str, case: Case, limits: Limits
    ) -> tuple[Finding, ...]:
        """Return what the rules say about words after an answer, for those who read or hear them."""
        case = in_its_language(case)
        code = base_language(case.target.language)
        playbook = BY_PLAYBOOK.get(kind, kind)
        room = limits if kind in PUBLIC else Limits(length=PAPER)
        context = self._context(case, (room, None), Origin.OURS, code or self.voice.language, playbook)
        if kind in OWN_WORDS and kind not in PUBLIC:
            context = replace(context, audience=Audience.PRIVATE)
        return check(text, context, self.rulebook)

    def owing(self, case: Case, owed: Promise) -> Case:
        """Return a case of which is known what we promised and did not keep; what people told stays."""
        code = base_language(case.spoken)
        code = code if code in self.rulebook.after else self.voice.language
        words = promised(owed, self.rulebook.after[code], self.zone)
        facts = case.facts
        known = replace(facts, broke=facts.broke or "late", promised=facts.promised or words)
        return replace(case, facts=known)

    def _voice(self, case: Case, limits: Limits) -> Voice:
        """Return how we speak where a case is: its network, and the contact points of its brand."""
        ours = self.channels.of(case.account, base_language(case.target.language) or self.voice.language)
        contact = ours.written or self.voice.contact
        return replace(self.voice, private_messages=limits.private_messages, contact=contact)

    def _with_its_words(self, planned: Plan, case: Case, now: datetime) -> Plan:
        """Return the plan with how the catalogue says its remedy, where nobody told another solution.

        Only where this audience may hear of it, and it may be offered still.
        """
        remedy = self.remedies.get(planned.facts.remedy)
        if remedy is None or planned.facts.solution or remedy.id in self.ended(now):
            return planned
        private = audience_of(case.target.audience, planned.playbook) is not Audience.PUBLIC
        code = base_language(case.target.language) or self.voice.language
        words = remedy.words.get(code, "") if remedy.public or private else ""
        return replace(planned, facts=planned.facts.with_news(Facts(solution=words)))

    def _plan(self, case: Case) -> Plan:
        """Return what to write: the kind of reply, its topic, and how it says you."""
        informal = self.voice.register == "informal" or (
            self.voice.register == "mirror" and self.rulebook.informal(case.target.text, case.target.language)
        )
        reference = spelt(case.reference) if self.references and case.reference else ""
        return replace(plan(case), informal=informal, reference=reference)


def _guessed(case: Case) -> tuple[Finding, ...]:
    """Return what stops a draft to somebody whose language we do not know: no reply is a guess."""
    if case.language != UNKNOWN:
        return ()
    says = "the customer's language is none of ours, or cannot be told: these words are a guess at it"
    todo = f"write in their language: responder edit {case.name}"
    return (Finding(rule="unknown-language", level=Level.BLOCK, says=says, suggestion=todo),)


def _untold(fact: str, case: Case) -> Finding:
    """Return the finding that a fact would have a place and is not known."""
    return Finding(
        rule="fact-untold",
        level=Level.NOTE,
        says=f"nobody told {FACTS.get(fact, fact)}",
        why="What we do not know is left out; a reply that makes it up breaks the next promise.",
        suggestion=f"responder redo {case.name} --{fact} ...",
    )
