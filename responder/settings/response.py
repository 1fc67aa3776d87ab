"""The section about how soon customers are answered, and their matters settled."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Annotated, Any

from responder.model.clocks import Targets
from responder.settings.kinds import (
    Duration,
    Kind,
    Share,
    Tier,
    Wrong,
    quoted,
    read_duration,
    spelt,
    told,
    written,
)
from responder.settings.problems import Keys

_TIER = re.compile("tier_[0-5]")
_TIMES = {
    "type": "object",
    "additionalProperties": False,
    "patternProperties": {"^tier_[0-5]$": {"type": "string", "pattern": "^[1-9][0-9]{0,8}[smhd]$"}},
}
#: What [response.networks] holds of a network beside its first answers.
_PARTS = ("next", "settle")


def _read_times(value: object) -> dict[str, Any]:
    """Return lengths of time by tier, or raise Wrong."""
    if not isinstance(value, dict):
        raise Wrong(f'{quoted(value)} is not a table of tiers; write one like {{ tier_5 = "30m" }}')
    for name in value:
        if not _TIER.fullmatch(str(name)):
            raise Wrong(f"{quoted(name)} is not a tier; they are tier_0 to tier_5")
    times = {name: read_duration(length) for name, length in value.items()}
    for above, below in _out_of_order(times):
        raise Wrong(f"{above} is more urgent than {below} and must not wait longer")
    return times


def _read_networks(value: object) -> dict[str, Any]:
    """Return the times of each network by its name, or raise Wrong."""
    if not isinstance(value, dict) or not all(isinstance(one, dict) for one in value.values()):
        raise Wrong('this is not a table of networks; write one like { x = { tier_5 = "15m" } }')
    return {
        name: _read_times({key: one for key, one in times.items() if key not in _PARTS})
        | {part: _read_times(times[part]) for part in _PARTS if part in times}
        for name, times in value.items()
    }


#: Lengths of time by tier: { tier_5 = "30m" }.
Times = Annotated[Mapping[str, Any], Kind(_read_times, _TIMES)]
#: The same by network; in each also `next` and `settle`.
NetworkTimes = Annotated[
    Mapping[str, Any],
    Kind(
        _read_networks,
        {
            "type": "object",
            "additionalProperties": {**_TIMES, "properties": dict.fromkeys(_PARTS, _TIMES)},
        },
    ),
]
RuleName = Annotated[str, spelt("[a-z0-9-]{0,32}", "the name of a rule", "uk-fca")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseSection:
    """How fast we mean to be."""

    update_within: Duration = field(
        default=timedelta(hours=4), metadata=told("The time to the next word that drafts promise.")
    )
    tier_5: Duration = field(
        default=timedelta(minutes=30), metadata=told("First answer due: safety and health.")
    )
    tier_4: Duration = field(
        default=timedelta(hours=1), metadata=told("First answer due: legal threats, fraud, travel today.")
    )
    tier_3: Duration = field(
        default=timedelta(hours=3), metadata=told("First answer due: money, outages, asked before.")
    )
    tier_2: Duration = field(
        default=timedelta(hours=8), metadata=told("First answer due: about to leave us.")
    )
    tier_1: Duration = field(default=timedelta(days=1), metadata=told("First answer due: annoyed."))
    tier_0: Duration = field(default=timedelta(days=1), metadata=told("First answer due: none of these."))
    next: Times = field(
        default_factory=dict,
        metadata=told("Next answer due, when they write again after one of ours; a tier left out: as above."),
    )
    settle: Times = field(
        default_factory=dict,
        metadata=told("The whole matter settled, without the time we wait for them; no tier: no time."),
    )
    networks: NetworkTimes = field(
        default_factory=dict,
        metadata=told("Other times on a network, by the name of its connector; what is left out: as above."),
    )
    round_the_clock_from: Tier = field(
        default=4,
        metadata=told("From this tier on every hour counts; the others count your hours. 0: none does."),
    )
    warn_at: Share = field(
        default=0.75, metadata=told("When this share of a time is over, somebody is warned.")
    )
    complaint_rule: RuleName = field(
        default="", metadata=told("The regulator's deadline for complaints that holds for you; empty: none.")
    )
    close_after: Duration = field(
        default=timedelta(days=7), metadata=told("Quiet for this long after an answer, a case is closed.")
    )

    def __post_init__(self) -> None:
        """Refuse a more urgent complaint that may wait longer than a lesser one."""
        for tier in range(5):
            if self.target(tier + 1) > self.target(tier):
                raise ValueError(
                    f'tier_{tier + 1} ("{written(self.target(tier + 1))}") is more urgent than tier_{tier}'
                    f' ("{written(self.target(tier))}") and must not wait longer'
                )

    def target(self, tier: int) -> timedelta:
        """Return the time to the first answer for a tier from 0 to 5."""
        return (self.tier_0, self.tier_1, self.tier_2, self.tier_3, self.tier_4, self.tier_5)[tier]

    def targets(self, connector: str = "") -> Targets:
        """Return the times that hold, on a network where it is named."""
        own = self.networks.get(connector, {})
        return Targets(
            first={tier: self.target(tier) for tier in range(6)} | _by_tier(own),
            next=_by_tier(self.next) | _by_tier(own.get("next", {})),
            settle=_by_tier(self.settle) | _by_tier(own.get("settle", {})),
        )


def _by_tier(times: Mapping[str, Any]) -> dict[int, timedelta]:
    return {int(name[-1]): length for name, length in times.items() if _TIER.fullmatch(name)}


def _out_of_order(times: Mapping[str, timedelta]) -> Iterator[tuple[str, str]]:
    """Yield each tier that may wait longer than the lesser one named next."""
    names = sorted(times, reverse=True)
    for above, below in pairwise(names):
        if times[above] > times[below]:
            yield above, below


def refused_times(
    response: ResponseSection, connectors: set[str], rules: Mapping[str, object]
) -> Iterator[tuple[Keys, str]]:
    """Yield, with its keys, what is wrong with times and rules though each is right by itself."""
    for name in response.networks:
        if name not in connectors:
            says = f"no account is on {quoted(name)}; there are: {', '.join(sorted(connectors)) or 'none'}"
            yield ("response", "networks"), says
    if response.complaint_rule and response.complaint_rule not in rules:
        says = f"{quoted(response.complaint_rule)} is no rule we know; there are: {', '.join(rules)}"
        yield ("response", "complaint_rule"), says
