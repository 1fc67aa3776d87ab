"""Standing: who we are on a network and what we may do there, as a person reads it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas
    from responder.connector import Standing


def draw_standing(canvas: "Canvas", standing: "Standing") -> None:
    """Draw it: the handle, what we may do, what is missing, what else there is to know."""
    if standing.handle:
        canvas.line((f"Signed in as @{standing.handle}.", "good"))
    if standing.may:
        canvas.item(("may", "faint"), ", ".join(standing.may), indent=2, hang=7)
    for missing in standing.lacks:
        canvas.item(("lacks", "alarm"), missing, indent=2, hang=7)
    for note in standing.notes:
        canvas.item(("note", "faint"), note, indent=2, hang=7)
