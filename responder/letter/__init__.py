"""Letter: the digest as people read it, each in their own language, and as a program does.

What needs the words of a language is imported where it is used: they cost more than most commands may.
"""

from datetime import datetime, timedelta, tzinfo

from responder.letter.data import figures
from responder.letter.languages import OTHERWISE, spoken
from responder.letter.pieces import Page
from responder.model.alert import Waits
from responder.model.case import Case
from responder.model.digest import Digest
from responder.model.letter import Letter
from responder.model.recipient import Recipient
from responder.model.span import span

__all__ = ["drawn", "due", "figures", "span", "subject", "text", "until", "write", "write_alert"]


def write(digest: Digest, company: str, zone: tzinfo, language: str, *, to: str = "") -> Letter:
    """Return the digest as a letter in `language`, its times by `zone`; `to` is who gets it by mail.

    A day on which nothing was is one line, so that silence always means that something is broken.
    """
    from responder.letter.compose import compose
    from responder.letter.markdown import markdown
    from responder.letter.page import html
    from responder.letter.plain import plain
    from responder.letter.tongue import tongue

    page = compose(digest, company, zone, tongue(spoken(language)), to=to)
    return Letter(subject=page.subject, text=plain(page), html=html(page), markdown=markdown(page))


def write_alert(waits: Waits, company: str, now: datetime, to: Recipient) -> Letter:
    """Return what somebody must know now as a letter in their language."""
    from responder.letter.alert import compose_alert
    from responder.letter.markdown import markdown
    from responder.letter.page import html
    from responder.letter.plain import plain
    from responder.letter.tongue import tongue

    page = compose_alert(waits, company, now, to, tongue(spoken(to.language)))
    return Letter(subject=page.subject, text=plain(page), html=html(page), markdown=markdown(page))


def drawn(page: Page, form: str) -> str:
    """Return pieces as "text", "html" or "md"."""
    from responder.letter.markdown import markdown
    from responder.letter.page import html
    from responder.letter.plain import plain

    return {"text": plain, "html": html, "md": markdown}[form](page)


def text(digest: Digest, company: str, zone: tzinfo, language: str = OTHERWISE) -> str:
    """Return its text alone."""
    from responder.letter.compose import compose
    from responder.letter.plain import plain
    from responder.letter.tongue import tongue

    return plain(compose(digest, company, zone, tongue(spoken(language))))


def subject(digest: Digest, company: str, zone: tzinfo, language: str = OTHERWISE) -> str:
    """Return the one line that says whether anything is wrong."""
    from responder.letter.compose import subject as line
    from responder.letter.tongue import tongue

    return line(digest, company, zone, tongue(spoken(language)))


def due(case: Case, now: datetime) -> str:
    """Return when our next answer is due: "in 18 min", "2 h late", "" before triage."""
    return until(case.due_at, now) if case.due_at else ""


def until(end: datetime, now: datetime) -> str:
    """Return how long it is to a deadline: "in 18 min", "2 h late"."""
    left = end - now
    return f"in {span(left)}" if left >= timedelta(0) else f"{span(left)} late"
