"""Alerts: what stands that somebody must know now, and who has seen it."""

# ruff: noqa: D417 (the desk is no argument that people give)

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from responder.cli import words
from responder.cli.desk import AtDesk
from responder.cli.queue import moment
from responder.cli.words import CaseId, many
from responder.model.alert import OF_CASES, Alert, Kind
from responder.model.visible import one_line

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas

#: So many are listed.
_MOST = 200
#: What each kind is called at a terminal.
CALLED = {
    Kind.GRAVE: "harm or law",
    Kind.NEAR: "answer due soon",
    Kind.LATE: "answer overdue",
    Kind.SETTLE_NEAR: "to be settled soon",
    Kind.SETTLE_LATE: "should be settled by now",
    Kind.RULE_NEAR: "regulator's deadline near",
    Kind.RULE_LATE: "regulator's deadline over",
    Kind.REFUSED: "reply refused",
    Kind.UNSURE: "reply may be public",
    Kind.ALARM: "reply not as approved",
    Kind.PAUSED: "all sending is paused",
    Kind.ILL: "account not well",
    Kind.BLIND: "account hears nothing",
    Kind.PROMISE_NEAR: "promise due soon",
    Kind.PROMISE_LATE: "promise not kept",
    Kind.FOLLOW_UP: "follow-up overdue",
    Kind.NEWS: "incident waits for news",
}


@dataclass(frozen=True, slots=True)
class AlertsSheet:
    """What stands."""

    alerts: Sequence[Alert]
    now: datetime
    schema: str = "responder.alerts/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return each alert as plain data."""
        return [
            {
                "id": one.id,
                "kind": str(one.found.kind),
                "case": f"c-{one.found.case_id}" if one.found.case_id else None,
                "account": one.found.account or None,
                "tier": one.found.tier,
                "detail": one.found.detail,
                "since": moment(one.since),
                "told_at": moment(one.told_at) or None,
                "seen_at": moment(one.seen_at) or None,
                "seen_by": one.seen_by or None,
            }
            for one in self.alerts
        ]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return kind, case, account, tier, since, told, seen, by whom, and what is known of it."""
        for one in self.alerts:
            found = one.found
            yield (
                found.kind, f"c-{found.case_id}" if found.case_id else "", found.account, found.tier,
                moment(one.since), moment(one.told_at), moment(one.seen_at), one.seen_by, found.detail,
            )  # fmt: skip

    def draw(self, canvas: "Canvas") -> None:
        """Draw a line each."""
        if not self.alerts:
            canvas.line("Nothing stands that somebody must know now.")
        for one in self.alerts:
            found = one.found
            seen = f"seen by {one_line(one.seen_by, 20)}" if one.seen_at else ""
            detail = (
                words.TIERS.get(found.tier, "") if found.kind in OF_CASES else one_line(found.detail, 100)
            )
            facts = (found.account, detail, words.ago(one.since, self.now), seen)
            canvas.short(
                (f"{f'c-{found.case_id}' if found.case_id else '-':<7}", "strong"),
                (f"{CALLED[found.kind]:<26}", "" if one.seen_at else "alarm"),
                " · ".join(one_line(fact) for fact in facts if fact),
            )


def alerts(*ids: CaseId, seen: bool = False, desk: AtDesk) -> None:
    """List what stands that somebody must know now: it is told again until somebody has seen it.

    Args:
        ids: Only what stands about these cases, like c-101.
        seen: Say that you have seen it: nobody is told of it again.
    """
    from responder.steps.alert import alert

    store, now = desk.store, desk.now()
    if seen:
        standing = store.alerts.standing(ids)
        # without cases, all that stands: also what no list would hold
        n = store.alerts.see(desk.user, now, [one.id for one in standing] if ids else None)
        desk.screen.hint(f"{many(n, 'alert')} seen.")
    else:
        # a daemon may not run, or not have come to it: that nothing is known would not mean that nothing is
        alert(store, desk.app.targets, now)
    standing = store.alerts.standing(ids, limit=_MOST + 1)
    desk.screen.show(AlertsSheet(standing[:_MOST], now))
    if len(standing) > _MOST:
        desk.screen.hint(f"More stand than these {_MOST}; those of a case: responder alerts c-101")
