"""Planting: now and then a card holds the reply to another complaint, for whoever reads it to notice.

Such words stand nowhere but on the screen: nothing is stored that could be approved, and no key approves
them.
"""

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from responder.cli.review.questions import Told
from responder.model.case import Stage
from responder.model.draft import Draft
from responder.model.triage import Level
from responder.store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from responder.cli.desk import Desk
    from responder.cli.review.session import Session, Shown

#: The keys with which somebody says yes to the words of a card, and those with which they do not.
_YES, _NO = frozenset("a "), frozenset({*"eEnr", "md"})
#: No draft has this fingerprint: a yes to planted words would be refused by the store, too.
_NOWHERE = "planted"
#: So many of the cases that wait are looked through for words to plant.
_LOOKED_THROUGH = 20


def planted(desk: "Desk", shown: "Shown", chance: "Callable[[], float]") -> "Shown":
    """Return the card with the reply to another complaint, one time in so many; else the card itself."""
    often = desk.settings.review.planted
    if not often or shown.case.stage is not Stage.WAITING or chance() * often >= 1:
        return shown
    card, ours = shown.sheet.card, shown.draft
    if ours is None or _troubled(ours):
        return shown
    for other in desk.store.views.page(Stage.WAITING, limit=_LOOKED_THROUGH, now=shown.sheet.now):
        if other.account != card.case.account or other.topic == card.case.topic:
            continue
        draft = desk.store.casework.draft(other)
        if draft is None or not _alike(ours, draft) or _troubled(draft):
            continue
        words = replace(ours, text=draft.text, playbook=draft.playbook, fingerprint=_NOWHERE, findings=())
        return _holding(shown, words, other.name)
    return shown


def kept(before: "Shown", now: "Shown") -> "Shown":
    """Return the card as it is now, with the words that were planted on it."""
    return _holding(now, before.draft, before.planted) if before.draft else now


def _holding(shown: "Shown", words: Draft, whose: str) -> "Shown":
    """Return the card with these words in the place of its own draft."""
    card = shown.sheet.card
    drafts = tuple(words if one is card.draft else one for one in card.drafts)
    return replace(shown, sheet=replace(shown.sheet, card=replace(card, drafts=drafts)), planted=whose)


def answered(session: "Session", letter: str) -> Told | None:
    """Say what the words were when somebody pressed a key about them, and count it; None for other keys."""
    shown = session.shown
    if shown is None or not shown.planted or letter not in _YES | _NO:
        return None
    if letter in _YES and session.too_early():
        return Told(f"{shown.case.name} has only just come up: read it first.", "care")
    desk, noticed = session.desk, letter in _NO
    with suppress(StoreError):  # a figure is not worth an interruption
        desk.store.planted.note(desk.user, desk.now(), noticed=noticed)
    session.uproot()
    what = f"That was planted: the reply to {shown.planted}, which could never have gone out."
    if noticed:
        return Told(f"{what} Well read. Here is the draft that is meant.", "good")
    return Told(f"{what} Nothing was approved. Here is the draft that is meant.", "care")


def _alike(ours: Draft, other: Draft) -> bool:
    """Whether words could stand on a card in the place of others."""
    return (ours.language, ours.audience) == (other.language, other.audience) and ours.text != other.text


def _troubled(draft: Draft) -> bool:
    """Whether the rules stop or warn of a draft: it would be noticed for that, or not be approved anyway."""
    return any(one.level is not Level.NOTE for one in draft.findings)
