"""Log: one case's whole story, from the journal, in sentences."""

# ruff: noqa: D417 (the desk is no argument that people give)

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING

from responder.cli.desk import AtDesk
from responder.cli.queue import moment
from responder.cli.words import CaseId
from responder.story import Matter, Told, day, story

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas
    from responder.store.views import Card


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSheet:
    """What happened to a case, oldest first."""

    events: Sequence[Told]
    #: The time zone a person reads times in.
    zone: tzinfo = UTC
    schema: str = "responder.log/1"

    def items(self) -> list[dict[str, object]]:
        """Return each event as plain data, with its sentence."""
        return [event_item(one) for one in self.events]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return time, action, who, sentence."""
        for one in self.events:
            yield moment(one.event.at), one.event.action, one.event.by, one.says

    def draw(self, canvas: "Canvas") -> None:
        """Draw each day, and under it each sentence with its time."""
        draw_events(canvas, self.events, self.zone)


def event_item(told: Told) -> dict[str, object]:
    """Return an event for JSON."""
    one = told.event
    return {
        "at": moment(one.at),
        "action": one.action,
        "by": one.by,
        "detail": dict(one.detail),
        "says": told.says,
    }


def draw_events(canvas: "Canvas", events: Sequence[Told], zone: tzinfo) -> None:
    """Draw events under their days, in the time zone of who reads."""
    before = ""
    for one in events:
        at = one.event.at.astimezone(zone)
        if before != (before := day(at)):
            canvas.line((before, "strong"))
        canvas.item((f"{at:%H:%M}", "faint"), one.says, indent=2, hang=7)


def events_of(card: "Card", network: str, zone: tzinfo) -> list[Told]:
    """Return the story of a case, with times as they are in a zone."""
    about = Matter(network=network, posts=card.posts, drafts=card.drafts, reasons=card.reasons, zone=zone)
    return list(story(card.events, about))


def log(id: CaseId, /, *, desk: AtDesk) -> None:  # noqa: A002 (what people type)
    """Tell the whole story of one case, from the journal.

    Args:
        id: The case, like c-101.
    """
    card = desk.store.views.card(id)
    network = desk.networks().get(card.case.account, card.case.account)
    zone = desk.settings.company.timezone
    desk.screen.show(LogSheet(events=events_of(card, network, zone), zone=zone))
