"""Policy: the whole judgement as one value, so that a step asks three questions and knows no rule.

Weigh a complaint, write a reply, check a person's words: all three pure, the same input giving the
same output, byte for byte.
"""

from dataclasses import dataclass, replace

from responder.model.case import Case
from responder.model.draft import Draft, Origin
from responder.model.limits import Limits
from responder.model.mention import Mention
from responder.model.triage import Finding, Level, Triage
from responder.policy.detectors import Context
from responder.policy.planner import plan
from responder.policy.rulebook import Rulebook
from responder.policy.rules import check
from responder.policy.urgency import triage
from responder.policy.wording import Room, Voice, write


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A reply as it was written, and what the rules say about it."""

    text: str
    language: str
    playbook: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A rulebook and a company's voice."""

    rulebook: Rulebook
    voice: Voice
    #: Hosts, addresses, numbers and handles that a reply may name.
    allowed: tuple[str, ...] = ()

    def weigh(self, mention: Mention, earlier: tuple[Mention, ...]) -> Triage:
        """Say whether `mention` (after `earlier` posts of the thread) is a complaint, how urgent, and why."""
        return triage(mention, earlier, self.rulebook.cues)

    def write(self, case: Case, number: int, limits: Limits) -> Words:
        """Write draft `number` of the reply to `case`, within `limits`."""
        planned = replace(plan(case.target, case.topic, case.tier, case.posts, case.replies), number=number)
        voice = replace(self.voice, private_messages=limits.private_messages)
        room = Room(length=limits.length, count=limits.count)
        wording = write(planned, voice, case.target, room, self.rulebook.replies)
        context = self._context(case, limits, Origin.OURS, wording.language, planned.playbook)
        findings = check(wording.text, context, self.rulebook)
        if any(one.level is Level.BLOCK for one in findings):  # a display name can hold anything
            nameless = replace(case.target, author=replace(case.target.author, name=""))
            wording = write(planned, voice, nameless, room, self.rulebook.replies)
            findings = check(wording.text, context, self.rulebook)
        return Words(
            text=wording.text, language=wording.language, playbook=planned.playbook, findings=findings
        )

    def check(self, text: str, case: Case, before: Draft, limits: Limits) -> tuple[Finding, ...]:
        """Check a person's words against the rules, as the successor of draft `before`."""
        context = self._context(case, limits, Origin.PERSON, before.language, before.playbook)
        return check(text, context, self.rulebook)

    def _context(self, case: Case, limits: Limits, origin: Origin, language: str, playbook: str) -> Context:
        said = "\n".join(one.text for one in (*case.earlier, case.target))
        return Context(
            audience=case.target.audience,
            origin=origin,
            playbook=playbook,
            language=language,
            mention_language=case.target.language,
            length=limits.length,
            count=limits.count,
            unit=limits.unit,
            mention_text=said,
            handle=case.target.author.handle,
            allowed=self.allowed,
        )
