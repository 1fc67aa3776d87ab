"""Page: a letter as an HTML mail that loads nothing and reads in light, in dark and without styles."""

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from responder.letter.pieces import Cases, Facts, Page, Part, Topics

if TYPE_CHECKING:
    from jinja2 import Template

#: Pixels of the highest bar.
_HIGHEST = 48


def html(page: Page) -> str:
    """Return a whole document; whatever somebody wrote is text in it."""
    return _template().render(page=page, kind=_kind, loud=_loud, note=_note, high=_high, tone=_tone)


@cache
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined

    # everything is escaped: the template alone is markup
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    source = files("responder.letter").joinpath("page.html").read_text(encoding="utf-8")
    return environment.from_string(source)


def _kind(part: Part) -> str:
    return type(part).__name__


def _loud(part: Part) -> bool:
    """Whether its title calls."""
    return (isinstance(part, Cases) and part.late) or (isinstance(part, Facts) and part.alarm)


def _note(part: Part) -> str:
    return part.note if isinstance(part, Facts | Topics) else ""


def _high(n: int, counts: tuple[tuple[str, tuple[int, ...]], ...]) -> int:
    """Return the height of a bar, against the highest of all series."""
    most = max((one for _, row in counts for one in row), default=0) or 1
    return -(-n * _HIGHEST // most)


def _tone(tier: int) -> str:
    """Return how a tier is coloured; the words beside it say the same."""
    return "grave" if tier >= 4 else "care" if tier == 3 else "plain"
