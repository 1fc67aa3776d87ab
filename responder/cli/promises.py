"""Promises: the ledger of what we said we would do, and what a person says became of it."""

# ruff: noqa: D417 (the desk is no argument that people give)

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from responder.cli import failures
from responder.cli.deeds import Deed, carry_out
from responder.cli.desk import AtDesk
from responder.cli.edit import refuse_hidden
from responder.cli.when import until
from responder.cli.words import many, number_of
from responder.letter import span
from responder.model.promise import OWED, Promise, PromiseStatus
from responder.model.visible import one_line
from responder.steps.keep import agree, drop, keep, said_elsewhere

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas, Words
    from responder.cli.desk import Desk

_MOST = 200


@dataclass(frozen=True, slots=True)
class PromiseSheet:
    """Promises, the soonest first."""

    promises: Sequence[Promise]
    now: datetime
    schema: str = "responder.promises/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return each promise as plain data: times in ISO 8601 UTC."""
        return [
            {
                "id": one.name,
                "case": f"c-{one.case_id}",
                "status": str(one.status).lower(),
                "overdue": one.overdue(self.now),
                "kind": str(one.kind),
                "channel": one.channel or None,
                "quote": one.quote,
                "told": one.told or None,
                "due_at": one.due_at.isoformat() if one.due_at else None,
                "owner": one.owner or None,
                "made_at": one.made_at.isoformat(),
                "ended_at": one.ended_at.isoformat() if one.ended_at else None,
                "ended_by": one.ended_by or None,
                "evidence": one.evidence or None,
            }
            for one in self.promises
        ]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return id, case, status, when it is due, kind, channel, owner, our words."""
        for one in self.promises:
            due = one.due_at.isoformat() if one.due_at else ""
            yield (
                one.name, f"c-{one.case_id}", str(one.status).lower(), due, str(one.kind), one.channel,
                one.owner, one.quote,
            )  # fmt: skip

    def draw(self, canvas: "Canvas") -> None:
        """Draw a table; what is overdue says by how long."""
        cells: list[Sequence[Words]] = [
            (
                (one.name, "strong"),
                f"c-{one.case_id}",
                (_when(one, self.now), "care" if one.overdue(self.now) else "plain"),
                one.channel or str(one.kind),
                one_line(one.owner, 16) or "nobody",
                one_line(one.quote, 60),
            )
            for one in self.promises
        ]
        canvas.table(("", "case", "due", "what", "owner", "our words"), cells)


def promises(id: str = "", /, *, desk: AtDesk) -> None:  # noqa: A002 (what people type)
    """List what we promised and still owe, the soonest first; or all that was promised in a case.

    Args:
        id: A case, like c-101: also what was kept or broken there.
    """
    now, ledger = desk.now(), desk.store.promises
    found = ledger.of_case(_number(id)) if id else ledger.owed(_MOST)
    desk.screen.show(PromiseSheet(found, now))
    late = sum(one.overdue(now) for one in found)
    if not found:
        desk.screen.hint("Nothing was promised there." if id else "We owe nobody anything.")
    elif late:
        desk.screen.hint(
            f"{many(late, 'promise')} not kept in time: keep them now, or say so to the customer."
        )


def promise(  # noqa: PLR0913 (what people may say of one)
    id: str,  # noqa: A002 (what people type)
    words: str = "",
    /,
    *,
    kept: bool = False,
    where: str = "",
    moved_to: Annotated[str, Parameter(name="--moved-to")] = "",
    none: bool = False,
    due: str = "",
    desk: AtDesk,
) -> int:
    """Say what became of a promise, or note one that was made on the phone or in a letter.

    Args:
        id: The promise, like p-7; or the case, like c-101, in which one was made elsewhere.
        words: With a case: what was promised. With --none: why it is no promise.
        kept: It was kept.
        where: Where that can be seen: an address, or words.
        moved_to: Another time was agreed with the customer: 14:00, tomorrow, '2026-03-02 14:00'.
        none: It was no promise, or it fell away.
        due: With a case: by when, where the words do not say it.
    """
    if sum(map(bool, (kept, moved_to, none))) > 1:
        raise failures.Trouble(failures.USAGE, "Say one thing: --kept, --moved-to TIME or --none.")
    _refuse_unheard(id, told=(kept, bool(moved_to), none), rest=(words, where, due))
    if not id.lower().startswith("p"):
        return _note(desk, id, words, due)
    one = desk.store.promises.get(_promise(id))
    if kept:
        return carry_out(desk.screen, [partial(_kept, desk, one, where)])
    if moved_to:
        return carry_out(
            desk.screen, [partial(_moved, desk, one, until(moved_to, desk.settings, desk.now()))]
        )
    if none:
        return carry_out(desk.screen, [partial(_dropped, desk, one, words)])
    raise failures.Trouble(
        failures.USAGE, f"Say what became of {one.name}.", todo=f"responder promise {one.name} --kept"
    )


def _refuse_unheard(id_: str, *, told: tuple[bool, bool, bool], rest: tuple[str, str, str]) -> None:
    """Refuse what would be passed over in silence, so that nobody believes it was taken."""
    (kept, moved, none), (words, where, due) = told, rest
    says = ""
    if not id_.lower().startswith("p"):
        says = (
            "--kept, --moved-to, --none and --where are for a promise, like p-7."
            if any(told) or where
            else ""
        )
    elif due:
        says = "--due is for a promise that is noted in a case; another time is --moved-to."
    elif words and (kept or moved):
        says = "Words go with --none alone; where it can be seen that it was kept goes with --where."
    elif where and (moved or none):
        says = "--where goes with --kept."
    if says:
        raise failures.Trouble(failures.USAGE, says, "Nothing was changed.", "responder promise --help")


def _kept(desk: "Desk", one: Promise, where: str) -> Deed:
    now = keep(desk.store, one, where, desk.user, desk.now())
    late = " It was late." if now.status is PromiseStatus.LATE else ""
    return _deed(one, desk, "promise kept", f"{one.name} is kept.{late}")


def _moved(desk: "Desk", one: Promise, due: datetime) -> Deed:
    new = agree(desk.store, one, due, desk.user, desk.now())
    local = due.astimezone(desk.settings.company.timezone)
    return _deed(one, desk, "promise moved", f"{new.name} takes its place, due {local:%a %d %b %H:%M}.")


def _dropped(desk: "Desk", one: Promise, why: str) -> Deed:
    drop(desk.store, one, why, desk.user, desk.now())
    return _deed(one, desk, "promise dropped", f"{one.name} is no promise any more.")


def _note(desk: "Desk", told: str, words: str, due: str) -> int:
    case = desk.store.casework.get(_number(told))
    if not words.strip():
        raise failures.Trouble(
            failures.USAGE,
            "Say what was promised.",
            todo=f"responder promise {case.name} 'We call again tomorrow' --due tomorrow",
        )
    by_when = until(due, desk.settings, desk.now()) if due else None
    refuse_hidden(words)

    def noted() -> Deed:
        new = said_elsewhere(desk.store, desk.app.policy, case, (words, by_when), desk.user, desk.now())
        when = f", due {_when(new, desk.now())}" if new.due_at else ", without a time"
        return _deed(new, desk, "promised", f"{new.name} is noted{when}.")

    return carry_out(desk.screen, [noted])


def _deed(one: Promise, desk: "Desk", did: str, says: str) -> Deed:
    return Deed(case=f"c-{one.case_id}", did=did, by=desk.user, says=says)


def _when(one: Promise, now: datetime) -> str:
    """Return when a promise is due, as people say it; or what became of it."""
    if one.status not in OWED:
        return str(one.status).lower()
    if one.due_at is None:
        return "no time told"
    left = one.due_at - now
    return f"in {span(left)}" if left.total_seconds() >= 0 else f"{span(left)} late"


def _promise(told: str) -> int:
    if match := re.fullmatch(r"p-?(\d{1,18})", told.strip().lower(), re.ASCII):
        return int(match[1])
    raise failures.Trouble(failures.USAGE, f"{one_line(told, 40)!r} is no promise; they look like p-7.")


def _number(told: str) -> int:
    try:
        return number_of(told)
    except ValueError as error:
        raise failures.Trouble(failures.USAGE, f"{error}.") from None
