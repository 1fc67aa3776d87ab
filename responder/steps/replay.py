"""Replay: weigh stored cases anew, as of when they were weighed, and tell which would move; nothing moves."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from heapq import nsmallest
from typing import NamedTuple

from responder.model.case import Case
from responder.model.correction import CORRECTED, What
from responder.model.triage import Finding, Triage
from responder.policy.corrected import called_a_complaint, lay_over, still_reads, told_language
from responder.policy.policy import Policy
from responder.policy.rulebook import RulebookError
from responder.store.errors import StoreError
from responder.store.lookback import Weighed
from responder.store.store import Store

#: Findings that every post has, or that no rule and no model made.
_NO_REASON = frozenset({"learned", "sound", "language", CORRECTED})
#: Told of how many cases were weighed so far.
Progress = Callable[[int], None]


class Stand(NamedTuple):
    """What triage makes of a case, with what people corrected laid over."""

    #: False: set aside.
    complaint: bool
    tier: int
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A case that would be elsewhere."""

    case: Case
    before: Stand
    after: Stand
    #: The reasons that are new and those that are gone: what each rule says, by its id.
    new: Mapping[str, str]
    gone: Mapping[str, str]

    @property
    def kinds(self) -> frozenset[str]:
        """What happened to it: picked up, set aside, moved up, moved down, another language."""
        before, after = self.before, self.after
        kinds = {"another language"} if before.language != after.language else set()
        if before.complaint != after.complaint:
            kinds.add("picked up" if after.complaint else "set aside")
        elif before.tier != after.tier:
            kinds.add("moved up" if after.tier > before.tier else "moved down")
        return frozenset(kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What the rules, the model and the settings of now make of stored cases."""

    #: How many were weighed anew, and how many could not be.
    weighed: int
    failed: int
    #: How many would move, in all and by kind (see `Moved.kinds`).
    moving: int
    kinds: Mapping[str, int]
    #: The corrections of posts that still read as the person saw them, and how many triage now agrees with.
    corrections: int
    agreed: int
    #: Those that moved most, complaints that would be set aside first.
    moved: tuple[Moved, ...]


def replay(
    store: Store,
    policy: Policy,
    since: datetime | None,
    *,
    most: int = 50,
    progress: Progress | None = None,
) -> Replay:
    """Weigh the cases that were weighed since then (None: ever), each as of that moment.

    Keeps the `most` that would move farthest; reads page by page, so that many cases take time and no room.
    A case that cannot be weighed is counted and left; RulebookError and StoreError are raised.
    """
    counts: Counter[str] = Counter()
    kinds: Counter[str] = Counter()

    def moves() -> Iterator[Moved]:
        for one in store.lookback.weighed(since):
            if progress:
                progress(counts["weighed"])
            try:
                moved, told = _again(one, policy)
            except (StoreError, RulebookError):  # nothing is wrong with the case
                raise
            except Exception:  # noqa: BLE001 (one case must not hide the others)
                counts["failed"] += 1
                continue
            counts.update(weighed=1, corrections=len(told), agreed=sum(told))
            if moved.kinds:
                counts["moving"] += 1
                kinds.update(moved.kinds)
                yield moved

    most_moved = tuple(nsmallest(most, moves(), key=_size))
    return Replay(
        weighed=counts["weighed"],
        failed=counts["failed"],
        moving=counts["moving"],
        kinds=kinds,
        corrections=counts["corrections"],
        agreed=counts["agreed"],
        moved=most_moved,
    )


def _again(one: Weighed, policy: Policy) -> tuple[Moved, list[bool]]:
    """Return what a case was and would be, and of each of its corrections whether triage agrees by itself."""
    case, language = one.case, told_language(one.case)
    alone = policy.weigh(case.target, case.earlier, one.at)
    verdict = policy.weigh(case.target, case.earlier, one.at, language=language) if language else alone
    after = lay_over(verdict, case, policy, one.at)
    before = Stand(one.complaint or called_a_complaint(case), case.tier, case.language or after.language)
    was, now = _reasons(one.reasons), _reasons(after.findings)
    moved = Moved(
        case=case,
        before=before,
        after=Stand(after.complaint, after.tier, after.language),
        new={rule: says for rule, says in now.items() if rule not in was},
        gone={rule: says for rule, says in was.items() if rule not in now},
    )
    return moved, [_agrees(said.what, alone, said.tier, said.language)
                   for said in case.corrections if still_reads(case.target, said)]  # fmt: skip


def _agrees(what: What, verdict: Triage, tier: int, language: str) -> bool:
    """Whether triage says by itself what a person said when it gave `tier`."""
    match what:
        case What.NOT_A_COMPLAINT:
            return not verdict.complaint
        case What.COMPLAINT:
            return verdict.complaint
        case What.MORE_URGENT:
            return verdict.tier > tier
        case What.LESS_URGENT:
            return verdict.tier < tier
        case What.LANGUAGE:
            return verdict.language == language


def _reasons(findings: tuple[Finding, ...]) -> dict[str, str]:
    return {one.rule: one.says for one in findings if one.rule not in _NO_REASON}


def _size(moved: Moved) -> tuple[bool, int, int]:
    """Return the key that puts first what a person has to look at: complaints lost, then the widest moves."""
    lost = moved.before.complaint and not moved.after.complaint
    return not lost, -abs(moved.after.tier - moved.before.tier), moved.case.id
