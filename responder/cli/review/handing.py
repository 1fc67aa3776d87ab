"""Handing: opening a post, and sending a reply by hand where the network lets only a person do it."""

from responder.cli.card import unsettled
from responder.cli.decide import check_address
from responder.cli.review.questions import NOTHING, Copy, Dialogue, Line, Open, Read, Told
from responder.cli.review.session import Session
from responder.cli.show import card_of
from responder.connector import Answerable
from responder.model.delivery import Delivery
from responder.model.draft import address_by_hand
from responder.model.visible import visible
from responder.steps.approve import settle_this

#: What people type where a reply is surely not public.
_NOT_SENT = "no"


def waits_by_hand(session: Session) -> Delivery | None:
    """Return the reply of the card that a person sends or looks for; None when there is none."""
    return unsettled(session.shown.sheet.card) if session.shown else None


def address(session: Session) -> str:
    """Return where the post stands, or where it is answered by hand; "" where nobody knows."""
    if session.shown is None:
        return ""
    case, waits = session.shown.case, waits_by_hand(session)
    if waits and case.answerable == Answerable.BY_HAND:
        return address_by_hand(case.answer_detail, waits.message.text) or case.target.url
    return case.target.url


def no_opening(session: Session) -> str:
    """Return why there is nothing to open; "" when there is."""
    url = address(session)
    if not url:
        return "nobody knows the address of the post"
    safe = url.startswith(("https://", "http://")) and url.isprintable() and visible(url) == url
    return "" if safe else f"its address cannot be trusted: {visible(url)}"


def open_post(session: Session) -> Dialogue:
    """Open the post in a browser, where there is one; tell its address in any case."""
    url = address(session)
    opened = yield Open(url)
    return Told(f"{'Opened' if opened else 'It stands at'}: {url}")


def copy(session: Session) -> Dialogue:
    """Put the approved words on the clipboard, and show them."""
    waits = waits_by_hand(session)
    if waits is None:
        return NOTHING
    copied = yield Copy(waits.message.text)
    says = "Sent to the clipboard, where your terminal lets us; the words:" if copied else "The words:"
    return Told(says, lines=tuple(visible(waits.message.text).split("\n")))


def paste_back(session: Session) -> Dialogue:
    """Take the address of the reply that a person sent, or that it is surely not public."""
    shown, waits = session.shown, waits_by_hand(session)
    if shown is None or waits is None:
        return NOTHING
    asks = f"The address of the reply, from the browser ({_NOT_SENT}: it is surely not public)"
    said = yield Line(asks)
    if not said:
        return NOTHING
    if said != _NOT_SENT:
        check_address(said)
    desk, case = session.desk, shown.case
    url = None if said == _NOT_SENT else said
    patience = desk.settings.posting.give_up_after
    settle_this(desk.store, waits, url, desk.user, desk.now(), patience=patience)
    if url is None:
        session.refresh()
        return Told(f"Noted: the reply of {case.name} is not public.", "good")
    more = session.go_on([case.id])
    return Told(f"Noted: the reply of {case.name} is public.{more}", "good")


def history(session: Session) -> Dialogue:
    """Show the whole thread, the journal and earlier drafts."""
    if session.shown:
        yield Read(card_of(session.desk, session.shown.case.id, history=True))
    return Told("")
