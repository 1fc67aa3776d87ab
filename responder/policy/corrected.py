"""Corrected: what people said triage got wrong about a case, laid over what it says of it from then on.

Four rules. A language told is the case's from then on. A post called a complaint is not set aside again,
however it is edited; what was called no complaint is weighed anew when the customer writes or edits, for
nobody has judged those words. More urgent: never below the tier it was raised to. Less urgent: a tier below
what triage says, but new words that tell of grave harm by themselves keep their tier.
"""

from dataclasses import replace
from datetime import datetime

from responder.model.case import Case
from responder.model.correction import CORRECTED, Correction, What, nudged
from responder.model.draft import fingerprint
from responder.model.mention import Mention
from responder.model.triage import GRAVE, Finding, Level, Triage
from responder.policy.policy import Policy
from responder.policy.sorting import OPTED_OUT


def weigh(case: Case, policy: Policy, now: datetime) -> Triage:
    """Weigh the customer's latest post after their earlier ones, with what people corrected laid over."""
    language = told_language(case)
    verdict = policy.weigh(case.target, case.earlier, now, language=language)
    if case.opted_out and verdict.complaint and verdict.tier < GRAVE:
        silence = Finding(rule=OPTED_OUT[0], level=Level.NOTE, says=OPTED_OUT[1])
        verdict = replace(verdict, complaint=False, findings=(*verdict.findings, silence))
    return lay_over(verdict, case, policy, now) if case.corrections else verdict


def lay_over(verdict: Triage, case: Case, policy: Policy, now: datetime) -> Triage:
    """Return `verdict` with the corrections of its case; each that counts is among the reasons."""
    tier, complaint = verdict.tier, verdict.complaint or called_a_complaint(case)
    counted: list[Correction] = []
    for one in case.corrections:
        if one.what in {What.MORE_URGENT, What.LESS_URGENT} and complaint:
            tier = max(nudged(tier, one), _grave(one, case, policy, now))
            counted.append(one)
        elif one.what is What.LANGUAGE or (one.what is What.COMPLAINT and one.mention_id == case.target.id):
            counted.append(one)
    findings = (*verdict.findings, *map(finding, counted))
    return replace(verdict, complaint=complaint, tier=tier, findings=findings)


def told_language(case: Case) -> str:
    """Return the language that a person said the case is in, "" where nobody did."""
    return next((one.language for one in reversed(case.corrections) if one.language), "")


def called_a_complaint(case: Case) -> bool:
    """Whether the last word of a person about the post to answer is that it is a complaint."""
    kinds = (What.COMPLAINT, What.NOT_A_COMPLAINT)
    said = [one.what for one in case.corrections if one.what in kinds and one.mention_id == case.target.id]
    return said[-1:] == [What.COMPLAINT]


def still_reads(post: Mention, said: Correction) -> bool:
    """Whether `post` is the one a correction was about, in the words that the person saw."""
    return said.mention_id == post.id and said.seen == fingerprint(post, post.audience, "")


def finding(said: Correction) -> Finding:
    """Return a correction as a reason; it has no points, for nobody counted words."""
    return Finding(rule=CORRECTED, level=Level.NOTE, says=f"{said.by}: {said.says}", why=said.reason)


def _grave(said: Correction, case: Case, policy: Policy, now: datetime) -> int:
    """Return the tier of words that nobody saw then and that tell of grave harm by themselves, else 0."""
    if said.what is not What.LESS_URGENT or still_reads(case.target, said):
        return 0
    alone = policy.weigh(case.target, (), now, language=told_language(case)).tier
    return alone if alone >= GRAVE else 0
