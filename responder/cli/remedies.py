"""Remedies: the catalogue with who may grant what, and what was granted; no money moves by any of it."""

# ruff: noqa: D417 (the desk is no argument that people give)

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from responder.cli import failures
from responder.cli.decide import checked_reason
from responder.cli.deeds import Deed, carry_out
from responder.cli.desk import AtDesk
from responder.cli.words import number_of
from responder.model.budget import UNIT
from responder.model.people import Role, either
from responder.model.remedy import Grant, GrantStatus, Remedy
from responder.model.visible import one_line
from responder.steps import grant as step
from responder.steps.grant import Wish, who_may

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas, Words
    from responder.cli.desk import Desk

#: Nothing dearer is granted by one line.
_RICHEST = 1_000_000


@dataclass(frozen=True, slots=True)
class RemedySheet:
    """Remedies, in the order of the catalogue."""

    remedies: Sequence[Remedy]
    today: date
    #: Who may grant each without an amount; empty where nobody is listed.
    people: Mapping[str, Sequence[str]]
    schema: str = "responder.remedies/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return each remedy as plain data; amounts in whole units of its currency."""
        return [
            {
                "id": one.id,
                "kind": str(one.kind),
                "says": one.says,
                "public": one.public,
                "caps": {str(role): one.caps.get(role) for role in Role},
                "currency": one.currency,
                "who_may": list(self.people.get(one.id, ())),
                "topics": list(one.topics),
                "faults": list(one.faults),
                "legal": one.legal or None,
                "expires": one.expires.isoformat() if one.expires else None,
                "expired": one.expired(self.today),
                "words": dict(one.words),
            }
            for one in self.remedies
        ]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return id, kind, what it is, "public" or nothing, the caps by role, its currency, its last day."""
        for one in self.remedies:
            caps = [one.caps.get(role, "") for role in Role]
            yield (
                one.id, str(one.kind), one.says, "public" if one.public else "", *caps,
                one.currency if one.caps else "", one.expires or "",
            )  # fmt: skip

    def draw(self, canvas: "Canvas") -> None:
        """Draw a table, and below it what lawyers want to be thought of."""
        cells: list[Sequence[Words]] = [
            (
                (one.id, "strong"),
                self._limits(one),
                "yes" if one.public else "no",
                (self._until(one), "care" if one.expired(self.today) else "plain"),
                one_line(one.says, 46),
            )
            for one in self.remedies
        ]
        canvas.table(("", "who may grant it", "in public", "until", "what it is"), cells, widest=44)
        for one in self.remedies:
            if one.legal:
                canvas.line(f"{one.id}: {one_line(one.legal, 200)}", indent=2)

    def _limits(self, one: Remedy) -> str:
        caps = [f"{role} {one.caps[role]:,.10g}" for role in Role if role in one.caps]
        if caps:
            return f"{', '.join(caps)} {one.currency}"
        return either(self.people.get(one.id, ())) or "whoever approves"

    def _until(self, one: Remedy) -> str:
        return f"ended {one.expires}" if one.expired(self.today) else str(one.expires or "")


@dataclass(frozen=True, slots=True)
class GrantSheet:
    """What was granted or asked for, oldest first."""

    grants: Sequence[Grant]
    schema: str = "responder.grants/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return each as plain data: the amount in whole units of its currency, times in ISO 8601 UTC."""
        return [
            {
                "id": one.name,
                "case": f"c-{one.case_id}",
                "remedy": one.remedy,
                "kind": one.kind,
                "amount": one.micros / UNIT if one.micros else None,
                "currency": one.currency,
                "note": one.note or None,
                "status": status(one),
                "by": one.by,
                "at": one.at.isoformat(),
                "granted_by": one.granted_by or None,
                "granted_at": one.granted_at.isoformat() if one.granted_at else None,
            }
            for one in self.grants
        ]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return id, case, remedy, amount with its currency, status, who asked, who said yes, the note."""
        for one in self.grants:
            yield (
                one.name, f"c-{one.case_id}", one.remedy, one.amount, status(one), one.by, one.granted_by,
                one.note,
            )  # fmt: skip

    def draw(self, canvas: "Canvas") -> None:
        """Draw a table."""
        cells: list[Sequence[Words]] = [
            (
                (one.name, "strong"),
                f"c-{one.case_id}",
                one.remedy,
                one.amount,
                ("waits for a second yes", "care") if one.status is GrantStatus.ASKED else status(one),
                one_line(one.by, 16),
                one_line(one.note, 40),
            )
            for one in self.grants
        ]
        canvas.table(("", "case", "remedy", "amount", "", "asked by", "note"), cells)


def remedies(id: str = "", /, *, granted: bool = False, desk: AtDesk) -> None:  # noqa: A002 (what people type)
    """List what may be granted to put things right, and by whom; for a case: what fits it, two at most.

    Args:
        id: A case, like c-101.
        granted: What was granted or asked for instead: in this case, or all that waits for a second yes.
    """
    number = _number(id) if id else 0
    if granted:
        grants = desk.store.grants
        found = grants.of_case(number) if number else grants.asked()
        desk.screen.show(GrantSheet(found))
        if not found:
            desk.screen.hint("Nothing was granted there." if number else "Nothing waits for a second yes.")
        elif any(one.status is GrantStatus.ASKED for one in found):
            desk.screen.hint("To say the second yes: responder remedy g-3 --agree; or --refuse")
        return
    policy, now = desk.app.policy, desk.now()
    shown = list(policy.remedies.values())
    if number:
        shown = list(policy.fitting(desk.store.casework.get(number), now))
    people = {one.id: who_may(desk.settings.roster, one, 0) for one in shown}
    desk.screen.show(RemedySheet(shown, now.astimezone(policy.zone).date(), people))
    if not shown:
        desk.screen.hint("Nothing of the catalogue fits it; all of it: responder remedies")
    elif not any(one.caps for one in policy.remedies.values()):
        desk.screen.hint("Nothing has an amount yet. To give it one: [[remedies]] in the config")


def remedy(  # noqa: PLR0913 (what people may say of one)
    id: str,  # noqa: A002 (what people type)
    name: str = "",
    /,
    *,
    amount: str = "",
    note: str = "",
    agree: bool = False,
    refuse: bool = False,
    take_back: bool = False,
    desk: AtDesk,
) -> int:
    """Grant a remedy to the customer of a case, or say the second yes to one. No money moves by it.

    What is more than you may grant alone waits for the yes of somebody who may.

    Args:
        id: The case, like c-101; or what was asked for, like g-3.
        name: With a case: the id of the remedy (responder remedies).
        amount: What it costs, in its currency: 20, 12.50 or 12,50; left out: it has no amount.
        note: What it is for, or why not; the journal keeps it, so no customer's data.
        agree: Say the second yes.
        refuse: Say no to what was asked for.
        take_back: It was granted and is not given after all.
    """
    said = sum((agree, refuse, take_back))
    why = checked_reason(note)
    if re.match(r"g-?\d", id.strip().lower(), re.ASCII):
        if said != 1:
            todo = "responder remedy g-3 --agree, --refuse or --take-back"
            raise failures.Trouble(failures.USAGE, "Say one thing about it.", todo=todo)
        one = desk.store.grants.get(_grant(id))
        deed = _agreed if agree else _refused if refuse else _taken_back
        return carry_out(desk.screen, [partial(deed, desk, one, why)])
    if said or not name:
        what = "A case has no second yes; what was asked for does, like g-3." if said else "Say which remedy."
        todo = "responder remedies --granted" if said else f"responder remedy {id} refund --amount 20"
        raise failures.Trouble(failures.USAGE, what, todo=todo)
    return carry_out(desk.screen, [_granting(desk, _number(id), _wish(name, amount, why))])


def _wish(name: str, amount: str, note: str) -> Wish:
    return Wish(remedy=name, micros=_micros(amount) if amount else 0, note=note)


def _micros(amount: str) -> int:
    """Read an amount in whole units and hundredths; "1,000" says a thousand to one and one to another."""
    sum_of = re.fullmatch(r"(\d{1,9})(?:[.,](\d{1,2}))?", amount.strip(), re.ASCII)
    hundredths = int(sum_of[1]) * 100 + int((sum_of[2] or "").ljust(2, "0")) if sum_of else 0
    if not 1 <= hundredths <= _RICHEST * 100:
        what = f"{one_line(amount, 40)} is no amount; it is from 0.01 to {_RICHEST}, written 1250 or 12.50."
        raise failures.Trouble(failures.USAGE, what)
    return hundredths * (UNIT // 100)


def _granting(desk: "Desk", number: int, wish: Wish) -> Callable[[], Deed]:
    case, policy = desk.store.casework.get(number), desk.app.policy
    if wish.remedy not in policy.remedies:
        raise failures.Trouble(
            failures.USAGE,
            f"There is no remedy {one_line(wish.remedy, 40)!r}.",
            todo=f"Known: {', '.join(policy.remedies)}.",
        )

    def granted() -> Deed:
        one = step.grant(desk.store, policy, case, wish, desk.user, desk.now())
        if one.status is GrantStatus.GRANTED:
            return _deed(desk, one, f"{_what(one)} is granted in {case.name} ({one.name}).")
        others = either(who_may(desk.settings.roster, policy.remedies[one.remedy], one.micros, but=desk.user))
        says = f"{_what(one)} waits for a second yes ({one.name})."
        return _deed(desk, one, says, f"{others or 'Another person'}: responder remedy {one.name} --agree")

    return granted


def _agreed(desk: "Desk", one: Grant, _: str) -> Deed:
    now = step.agree(desk.store, desk.app.policy, one, desk.user, desk.now())
    return _deed(desk, now, f"{_what(now)} is granted in c-{now.case_id}.")


def _refused(desk: "Desk", one: Grant, why: str) -> Deed:
    return _deed(desk, step.refuse(desk.store, one, why, desk.user, desk.now()), f"{one.name} is refused.")


def _taken_back(desk: "Desk", one: Grant, why: str) -> Deed:
    now = step.take_back(desk.store, desk.app.policy, one, why, desk.user, desk.now())
    return _deed(desk, now, f"{_what(now)} is taken back.")


def _deed(desk: "Desk", one: Grant, says: str, after: str = "") -> Deed:
    did = f"remedy {status(one)}"
    return Deed(case=f"c-{one.case_id}", did=did, by=desk.user, says=says, after=after)


def _what(one: Grant) -> str:
    return f"{one.amount} as {one.remedy}" if one.amount else one.remedy.capitalize().replace("_", " ")


def status(one: Grant) -> str:
    """Return what became of a wish to grant something, in words."""
    return str(one.status).lower().replace("_", " ")


def _grant(told: str) -> int:
    if match := re.fullmatch(r"g-?(\d{1,18})", told.strip().lower(), re.ASCII):
        return int(match[1])
    raise failures.Trouble(failures.USAGE, f"{one_line(told, 40)!r} is no grant; they look like g-3.")


def _number(told: str) -> int:
    try:
        return number_of(told)
    except ValueError as error:
        raise failures.Trouble(failures.USAGE, f"{error}.") from None
