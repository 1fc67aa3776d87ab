"""A policy for tests of the machine: it judges and writes in no time and always the same."""

from dataclasses import dataclass

from responder.model.case import Case
from responder.model.draft import Draft
from responder.model.limits import Limits
from responder.model.mention import Mention
from responder.model.triage import Finding, Level, Triage
from responder.policy.policy import Policy, Words


@dataclass(frozen=True)
class PlainPolicy(Policy):
    """Everything is a complaint unless it says thanks; every reply says sorry."""

    def __init__(self) -> None:  # no rulebook, no voice
        pass

    def weigh(self, mention: Mention, earlier: tuple[Mention, ...]) -> Triage:
        if "poison" in mention.text:
            raise ValueError("this text cannot be weighed")
        complaint = "thanks" not in mention.text
        says = "a complaint" if complaint else "thanks"
        finding = Finding(rule="plain", level=Level.NOTE, says=says, points=10)
        return Triage(
            complaint=complaint,
            tier=5 if "fire" in mention.text else 1,
            urgency=10,
            tone=-0.1,
            topic="delivery",
            findings=(finding,),
        )

    def write(self, case: Case, number: int, limits: Limits) -> Words:
        text = f"We got this wrong and we are sorry ({case.name}, {case.target.external_id}, draft {number})."
        return Words(text=text, language="en", playbook="first_reply", findings=())

    def check(self, text: str, case: Case, before: Draft, limits: Limits) -> tuple[Finding, ...]:
        if "forbidden" not in text:
            return ()
        return (Finding(rule="forbidden", level=Level.BLOCK, says="a forbidden word", quote="forbidden"),)
