"""Summary: what came in in some days, how it was answered, what came of it and what it cost."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from responder.model.budget import Allowance
from responder.model.period import Period
from responder.model.promise import PromiseStatus
from responder.model.remedy import Spend
from responder.model.times import Times

#: Why an approval ended before anything was sent, by how the journal's words begin. What follows there may
#: be a customer's words, and nobody wants to read those in a report.
_WHY = (
    ("the complaint is gone", "the complaint is gone"),
    ("it was answered already", "it was answered already"),
    ("it cannot be answered", "it cannot be answered any more"),
    ("its author is called", "its author has another name now"),
    ("its author wrote again", "the customer wrote again"),
    ("the customer's side changed: wrote again", "the customer wrote again"),
    ("the customer's side changed: removed", "the complaint is gone"),
    ("the customer's side changed", "the customer changed the post"),
    ("the rules changed", "the rules changed, and object"),
    ("its remedy ended", "a remedy ended that it offers"),
    ("its author asked us", "its author asked not to be answered"),
    ("we answered", "we answered often enough in this thread"),
    ("the words were edited", "a person edited the words"),
    ("withdrawn", "a person took it back"),
    ("dismissed", "a person dismissed the case"),
    ("redo asked", "a person asked for another draft"),
    ("merged", "the case was merged with another"),
    ("corrected", "a person corrected triage"),
)
OTHER_WHY, OTHER_REASON = "another cause", "another reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """Cases that customers opened in some days; counts are by how a case stands now."""

    cases: int
    #: Those that are not set aside, or were drafted for before they were: the counts below are of these.
    complaints: int
    #: Those that nobody weighed yet are not among them.
    by_tier: Mapping[int, int]
    by_network: Mapping[str, int]
    by_account: Mapping[str, int]
    by_language: Mapping[str, int]
    by_topic: Mapping[str, int]
    by_stage: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """What the calls of an account cost, in micros of its currency."""

    account: str
    network: str
    allowance: Allowance
    calls: int
    micros: int
    before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a report tells."""

    at: datetime
    period: Period
    #: What the cases are limited to, as a search; "" is nothing.
    search: str
    came: Came
    #: The same of as many days before.
    came_before: Came
    came_by_day: Sequence[int]
    times: Times
    times_before: Times
    #: Replies that we sent, and those of them in private; answers that people gave on the network themselves.
    replies: int
    in_private: int
    by_hand: int
    #: Replies and answers by hand.
    answers_by_day: Sequence[int]
    #: How often what the journal calls so happened to these cases.
    happened: Mapping[str, int]
    #: Dismissals, by the reason that people choose from; others together.
    dismissed: Mapping[str, int]
    approved: int
    #: Warnings that people approved a draft despite, by rule.
    overrides: Mapping[str, int]
    #: Approvals that ended before anything was sent, by why.
    voided: Mapping[str, int]
    #: What became of the promises made in these days; None where a search asks for some cases alone.
    promises: Mapping[PromiseStatus, int] | None
    #: None where the search asks for more than accounts: money is not told case by case.
    paid: Sequence[Paid] | None
    #: What was granted to customers; None where a search asks for some cases alone.
    granted: Sequence[Spend] | None

    @property
    def unfinished(self) -> bool:
        """Whether its days are not over."""
        return self.at < self.period.end


def cause(why: str) -> str:
    """Return why an approval ended, in words of ours alone."""
    return next((says for begins, says in _WHY if why.startswith(begins)), OTHER_WHY)


def reasons(said: Iterable[tuple[str, int]], usual: Sequence[str]) -> Counter[str]:
    """Count reasons by those that are usual; what somebody wrote beside them may name a person."""
    counts: Counter[str] = Counter()
    for reason, n in said:
        known = reason.strip().lower()
        counts[known if known in usual else OTHER_REASON] += n
    return counts
