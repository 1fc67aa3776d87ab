"""Judging: what the rules say about a text, for those who read or hear it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo

from responder.model.calendar import Week
from responder.model.case import Case
from responder.model.channel import Channels
from responder.model.draft import Draft, Origin
from responder.model.limits import Limits
from responder.model.mention import Audience
from responder.model.promise import Commitment
from responder.model.remedy import Remedy, fitting
from responder.model.triage import Finding
from responder.policy.commitments import commitments
from responder.policy.detectors import Context
from responder.policy.moments import Zones
from responder.policy.planner import SCRIPTS, Plan, Playbook
from responder.policy.rulebook import Rulebook
from responder.policy.rules import check
from responder.policy.wording import Voice, Wording

#: How long a script may be, which no network takes.
PAPER = 10_000
#: So many remedies are proposed: who offers more offers none.
_PROPOSED = 2


@dataclass(frozen=True, kw_only=True)
class Judging:
    """The rulebook, and what a company lets its replies say."""

    rulebook: Rulebook
    voice: Voice
    #: Hosts, addresses, numbers and handles that a reply may name.
    allowed: tuple[str, ...] = ()
    #: When somebody is there, by day of the week; never a word when it is empty.
    hours: Week = ()
    zone: tzinfo = UTC
    #: Health, finance, law or minors: even that somebody is a customer stays private.
    regulated: bool = False
    #: Where customers reach us, by account and language.
    channels: Channels = field(default_factory=Channels)
    #: What may be granted here, by id; None: as the rulebook says.
    catalogue: Mapping[str, Remedy] | None = None

    @property
    def version(self) -> str:
        """The rulebook's fingerprint, kept with each draft it judged."""
        return self.rulebook.version

    def prove(self) -> None:
        """Read and prove the rules of every language now; raises RulebookError with all that is wrong."""
        self.rulebook.prove()

    @property
    def remedies(self) -> Mapping[str, Remedy]:
        """What may be granted here, by id."""
        return self.rulebook.remedies if self.catalogue is None else self.catalogue

    def ended(self, now: datetime) -> frozenset[str]:
        """Return the ids of the remedies that may not be offered any more."""
        today = now.astimezone(self.zone).date()
        return frozenset(name for name, one in self.remedies.items() if one.expired(today))

    def fitting(self, case: Case, now: datetime) -> tuple[Remedy, ...]:
        """Return at most two remedies that fit a case, the better one first."""
        today, known = now.astimezone(self.zone).date(), case.known
        topic = self.rulebook.topics.catalogue.get(case.topic)
        about = case.topic, known.fault, known.broke
        return fitting(self.remedies.values(), topic.remedies if topic else (), about, today)[:_PROPOSED]

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
        case = in_its_language(case)
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
            length=PAPER if playbook in SCRIPTS else limits.length,
            count=len if playbook in SCRIPTS else limits.count,
            unit=limits.unit,
            mention_text=said,
            handle=case.target.author.handle,
            allowed=self.allowed + self.channels.allowed(case.account, language),
            tier=case.tier,
            fault=case.known.fault,
            turns=case.replies,
            remedy=remedy.id if remedy else "",
            remedy_in_public=remedy is not None and remedy.public,
            remedy_most=remedy.most if remedy else None,
            remedy_ended=remedy.expires if remedy and now and remedy.id in self.ended(now) else None,
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


def in_its_language(case: Case) -> Case:
    """Return a case whose post says its language as triage found it, whatever the network told."""
    if case.spoken == case.target.language:
        return case
    return replace(case, target=replace(case.target, language=case.spoken))
