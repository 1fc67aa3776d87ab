"""Correct: a person says what triage got wrong; it is kept, and the case follows at once."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from responder.model.case import Case
from responder.model.clocks import Clocks
from responder.model.correction import LEAST, MOST, Correction, What, nudged
from responder.model.draft import fingerprint
from responder.model.people import Right
from responder.model.triage import rank
from responder.policy.corrected import finding
from responder.policy.language import OURS
from responder.store.corrections import Weight
from responder.store.rows import storable
from responder.store.store import Store


class NothingToCorrect(Exception):
    """What was said is so already, or cannot be: the message says which. Nothing was changed."""


class Said(NamedTuple):
    """What a person says about a case."""

    what: What
    by: str
    reason: str = ""
    #: One of our eight, where `what` is a language.
    language: str = ""


def correct(store: Store, targets: Clocks, case: Case, said: Said, now: datetime) -> Case:
    """Keep what was said about `case` as it was seen, and return the case as it stands by it.

    Not a complaint: it is set aside; a complaint: it needs a reply; more or less urgent: its place in the
    queue and its deadlines (by `targets`) follow; another language: it is weighed and drafted anew. What
    is answered keeps its stage. Raises NothingToCorrect, NotAllowed where a role does not let them, or
    Conflict when it is too late for it.
    """
    by = store.roster.allowed(said.by, Right.CORRECT)
    _check(case, said)
    kept = Correction(
        case_id=case.id,
        mention_id=case.target.id or 0,
        seen=fingerprint(case.target, case.target.audience, ""),
        what=said.what,
        language=said.language,
        by=storable(by),
        at=now,
        reason=storable(said.reason),
        probability=case.probability,
        tier=case.tier,
        urgency=case.urgency,
        found=case.language,
    )
    weight = _weight(targets, case, kept)
    stage = store.corrections.correct(case, kept, finding(kept), weight)
    moved = replace(case, stage=stage, version=case.version + 1, corrections=(*case.corrections, kept))
    if weight is None:
        return moved
    return replace(moved, tier=weight.tier, rank=weight.rank, **weight.clocks.of_case())


def _check(case: Case, said: Said) -> None:
    """Raise NothingToCorrect for a step beyond the scale, and for a language that is unknown or known."""
    if said.what is What.MORE_URGENT and case.tier >= MOST:
        raise NothingToCorrect(f"{case.name} is of tier {case.tier}, the most urgent there is")
    if said.what is What.LESS_URGENT and case.tier <= LEAST:
        raise NothingToCorrect(f"{case.name} is of tier {case.tier}, and none is less urgent")
    if said.what is not What.LANGUAGE:
        return
    if said.language not in OURS:
        raise NothingToCorrect(f"{said.language!r} is none of our languages: {', '.join(OURS)}")
    if said.language == case.language:
        raise NothingToCorrect(f"{case.name} is taken for {said.language} already")


def _weight(targets: Clocks, case: Case, kept: Correction) -> Weight | None:
    """Return how urgent the case is by a correction of its urgency, None for the other kinds."""
    if kept.what not in {What.MORE_URGENT, What.LESS_URGENT}:
        return None
    tier = nudged(case.tier, kept)
    return Weight(
        tier=tier,
        rank=rank(tier, case.tone, case.target.author.followers or 0),
        clocks=targets.weigh(case, tier, kept.at),
    )
