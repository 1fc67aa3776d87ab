"""The section about what is due after an answer, until it is fixed and after that."""

from dataclasses import dataclass, field

from responder.model.follow_up import Rhythm
from responder.settings.kinds import Count, Duration, Tier, told

_DEFAULT = Rhythm()


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpSection:
    """When what is due after an answer."""

    from_tier: Tier = field(
        default=_DEFAULT.from_tier,
        metadata=told("From this tier on they hear from us until it is fixed; below it, what was promised."),
    )
    first_status: Duration = field(
        default=_DEFAULT.first_status,
        metadata=told("The first word on where it stands, after our last one."),
    )
    status_every: Count = field(
        default=_DEFAULT.status_every, metadata=told("The next ones, every so many working days.")
    )
    call_from_tier: Tier = field(
        default=_DEFAULT.call_from_tier,
        metadata=told("From this tier on they are called, when they write again and after written answers."),
    )
    call_after: Count = field(
        default=_DEFAULT.call_after, metadata=told("... after so many written answers without a call.")
    )
    call_within: Duration = field(default=_DEFAULT.call_within, metadata=told("How soon such a call is due."))
    recap_within: Duration = field(
        default=_DEFAULT.recap_within,
        metadata=told("How soon after a call they have in writing what was agreed."),
    )
    grace: Duration = field(
        default=_DEFAULT.grace,
        metadata=told("A promise may be late for so long before we owe them more than was promised."),
    )
    check_after: Duration = field(
        default=_DEFAULT.check_after, metadata=told("After it was fixed, we ask whether it really is.")
    )
    quality_after: Duration = field(
        default=_DEFAULT.quality_after,
        metadata=told("After it was fixed: has it stayed so? Then the public closing note."),
    )
    debrief_from_tier: Tier = field(
        default=4,
        metadata=told("Cases from this tier on are talked over with the team when they are closed."),
    )

    def __post_init__(self) -> None:
        """Refuse a rhythm that stands still, and quality before the check."""
        if not self.status_every:
            raise ValueError("status_every must be at least 1: a status a working day")
        if not self.call_after:
            raise ValueError("call_after must be at least 1")
        if self.quality_after <= self.check_after:
            raise ValueError("quality_after must be longer than check_after")

    @property
    def rhythm(self) -> Rhythm:
        """The same as the plan wants it."""
        return Rhythm(**{name: getattr(self, name) for name in Rhythm.__slots__})
