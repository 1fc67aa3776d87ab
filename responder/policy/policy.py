"""Policy: the whole judgement as one value, so that a step asks three questions and knows no rule.

Weigh a complaint, write a reply, check a person's words: all three pure, the same input giving the
same output, byte for byte.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, tzinfo
from functools import cached_property

from responder.model.calendar import Week
from responder.model.case import Case
from responder.model.draft import Draft, Origin
from responder.model.facts import Facts
from responder.model.limits import Limits
from responder.model.mention import Audience, Mention
from responder.model.promise import Commitment
from responder.model.remedy import Remedy, fitting
from responder.model.triage import UNKNOWN, Finding, Level, Triage
from responder.policy.commitments import commitments
from responder.policy.cues import base_language
from responder.policy.detectors import Context
from responder.policy.hours import promise_of
from responder.policy.moments import Zones
from responder.policy.planner import SCRIPTS, Plan, Playbook, plan
from responder.policy.rulebook import Rulebook
from responder.policy.rules import check
from responder.policy.senses import SET_ASIDE_BELOW, Senses
from responder.policy.urgency import triage
from responder.policy.variants import PLAYBOOKS, Told, variant
from responder.policy.wording import Room, Voice, Wording, write

#: How long a script may be, which no network takes.
_PAPER = 10_000
#: So many remedies are proposed: who offers more offers none.
_PROPOSED = 2
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
class Policy:
    """A rulebook and a company's voice."""

    rulebook: Rulebook
    voice: Voice
    #: Hosts, addresses, numbers and handles that a reply may name.
    allowed: tuple[str, ...] = ()
    #: When somebody is there, by day of the week; never a word when it is empty.
    hours: Week = ()
    zone: tzinfo = UTC
    #: Health, finance, law or minors: even that somebody is a customer stays private.
    regulated: bool = False
    #: The languages of accounts that have one of their own, by the account's name.
    homes: Mapping[str, str] = field(default_factory=dict)
    #: Below this probability a post is set aside as no complaint.
    set_aside_below: float = SET_ASIDE_BELOW
    #: Handles of people who asked us not to answer them.
    opted_out: tuple[str, ...] = ()
    #: What may be granted here, by id; None: as the rulebook says.
    catalogue: Mapping[str, Remedy] | None = None

    @property
    def version(self) -> str:
        """The rulebook's fingerprint, kept with each draft it judged."""
        return self.rulebook.version

    def prove(self) -> None:
        """Read and prove the rules of every language now; raises RulebookError with all that is wrong."""
        self.rulebook.prove()

    def weigh(
        self, mention: Mention, earlier: tuple[Mention, ...], now: datetime, *, language: str = ""
    ) -> Triage:
        """Say whether `mention` (after `earlier` posts of the thread) is a complaint, how urgent, and why.

        `language` is the one of ours that a person says they are in; "" finds it out.
        """
        senses = replace(self.senses, spoken=language) if language else self.senses
        return triage(mention, earlier, senses, now)

    @property
    def remedies(self) -> Mapping[str, Remedy]:
        """What may be granted here, by id."""
        return self.rulebook.remedies if self.catalogue is None else self.catalogue

    def fitting(self, case: Case, now: datetime) -> tuple[Remedy, ...]:
        """Return at most two remedies that fit a case, the better one first."""
        today, known = now.astimezone(self.zone).date(), case.known
        topic = self.rulebook.topics.catalogue.get(case.topic)
        about = case.topic, known.fault, known.broke
        return fitting(self.remedies.values(), topic.remedies if topic else (), about, today)[:_PROPOSED]

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
        case = _in_its_language(case)
        when = promise_of(now.astimezone(self.zone), self.hours, self.voice.update_within)
        planned = replace(self._with_its_words(self._plan(case), case, now), when=when, recent=recent)
        voice = replace(self.voice, private_messages=limits.private_messages)
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
        case = _in_its_language(case)
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

    def check(
        self, text: str, case: Case, before: Draft, limits: Limits, now: datetime | None = None
    ) -> tuple[Finding, ...]:
        """Check a person's words against the rules, as the successor of draft `before`.

        Where no time is told, no remedy has expired.
        """
        return self._checked(text, case, before, (limits, now), Origin.PERSON)

    def check_again(
        self, draft: Draft, case: Case, limits: Limits, now: datetime | None = None
    ) -> tuple[Finding, ...]:
        """Check a draft against the rules as they are now, as strictly as when it was written."""
        return self._checked(draft.text, case, draft, (limits, now), draft.origin)

    def _checked(
        self, text: str, case: Case, draft: Draft, where: tuple[Limits, datetime | None], origin: Origin
    ) -> tuple[Finding, ...]:
        case = _in_its_language(case)
        context = self._context(case, where, origin, draft.language, draft.playbook)
        return check(text, context, self.rulebook)

    def commitments(
        self, text: str, language: str, said: datetime, customer: tzinfo | None = None
    ) -> tuple[Commitment, ...]:
        """Return what a text of ours, said at `said` in one of our languages, commits us to, and by when.

        `customer` is the customer's time zone, where it is known. None in a language that is none of ours.
        """
        code = language.partition("-")[0].lower()
        if code not in self.rulebook.promises:
            return ()
        zones = Zones(firm=self.zone, customer=customer, week=self.hours)
        return commitments(text, self.rulebook.promises[code], said, zones)

    def lint(  # noqa: PLR0913  # a text and what it is
        self,
        text: str,
        *,
        language: str,
        audience: Audience = Audience.PUBLIC,
        playbook: str = "",
        origin: Origin = Origin.PERSON,
        post: str = "",
        length: int = 10_000,
    ) -> tuple[Finding, ...]:
        """Check any text, as the answer to `post` where there is one."""
        context = Context(
            audience=audience,
            origin=origin,
            playbook=playbook,
            language=language,
            length=length,
            mention_text=post,
            allowed=self.allowed,
            signature=self.voice.signature,
            regulated=self.regulated,
            topic_of=self.rulebook.topics.name,
        )
        return check(text, context, self.rulebook)

    def _ended(self, remedy: Remedy | None, now: datetime | None) -> date | None:
        """Return the last day of a remedy that is past; None where it may be offered."""
        if remedy is None or now is None or not remedy.expired(now.astimezone(self.zone).date()):
            return None
        return remedy.expires

    def _with_its_words(self, planned: Plan, case: Case, now: datetime) -> Plan:
        """Return the plan with how the catalogue says its remedy, where nobody told another solution.

        Only where this audience may hear of it, and it may be offered still.
        """
        remedy = self.remedies.get(planned.facts.remedy)
        if remedy is None or planned.facts.solution or self._ended(remedy, now):
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
        return replace(plan(case), informal=informal)

    def _judged(
        self, wording: Wording, case: Case, planned: Plan, where: tuple[Limits, datetime | None]
    ) -> tuple[Finding, ...]:
        """Return what the rules say about our own words."""
        context = self._context(case, where, Origin.OURS, wording.language, planned.playbook)
        return check(wording.text, replace(context, recent=planned.recent), self.rulebook)

    def _context(
        self,
        case: Case,
        where: tuple[Limits, datetime | None],
        origin: Origin,
        language: str,
        playbook: str,
    ) -> Context:
        limits, now = where
        remedy = self.remedies.get(case.known.remedy)
        said = "\n".join(one.text for one in (*case.earlier, case.target))
        return Context(
            audience=audience_of(case.target.audience, playbook),
            origin=origin,
            playbook=playbook,
            language=language,
            mention_language=case.target.language,
            length=_PAPER if playbook in SCRIPTS else limits.length,
            count=len if playbook in SCRIPTS else limits.count,
            unit=limits.unit,
            mention_text=said,
            handle=case.target.author.handle,
            allowed=self.allowed,
            tier=case.tier,
            fault=case.known.fault,
            turns=case.replies,
            remedy=remedy.id if remedy else "",
            remedy_in_public=remedy is not None and remedy.public,
            remedy_most=remedy.most if remedy else None,
            remedy_ended=self._ended(remedy, now),
            signature=self.voice.signature,
            register="" if self.voice.register == "mirror" else self.voice.register,
            regulated=self.regulated,
            topic_of=self.rulebook.topics.name,
        )


def audience_of(audience: Audience, playbook: str) -> Audience:
    """Return who takes in a text of that kind: a script is spoken, an e-mail is private."""
    if playbook in {Playbook.CALL, Playbook.VOICEMAIL}:
        return Audience.SCRIPT
    return Audience.PRIVATE if playbook in SCRIPTS else audience


def _in_its_language(case: Case) -> Case:
    """Return a case whose post says its language as triage found it, whatever the network told."""
    if case.spoken == case.target.language:
        return case
    return replace(case, target=replace(case.target, language=case.spoken))


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
