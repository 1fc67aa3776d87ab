"""Doctor: everything this installation rests on, looked at in one go, each with what to do about it."""

# ruff: noqa: D417 (the desk is no argument that people give)

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from responder.cli import doctor_checks as checks
from responder.cli import failures
from responder.cli.desk import AtDesk
from responder.cli.doctor_accounts import of_account
from responder.cli.doctor_checks import Check, State
from responder.cli.doctor_letters import of_letters
from responder.cli.words import many

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas
    from responder.cli.desk import Desk
    from responder.settings.sections import AccountSection

_STYLES = {State.OK: "good", State.NOTE: "faint", State.WARN: "care", State.FAIL: "alarm"}


@dataclass(frozen=True, slots=True)
class DoctorSheet:
    """What each look showed."""

    checks: Sequence[Check]
    schema: str = "responder.doctor/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return each look as plain data."""
        return [
            {"what": one.what, "state": str(one.state), "says": one.says, "todo": one.todo}
            for one in self.checks
        ]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return state, what was looked at, what it showed, what to do."""
        for one in self.checks:
            yield one.state, one.what, one.says, one.todo

    def draw(self, canvas: "Canvas") -> None:
        """Draw one paragraph a look, with what to do below it."""
        width = max(len(one.what) for one in self.checks)
        for one in self.checks:
            canvas.item((f"{one.state:<4}", _STYLES[one.state]), f"{one.what:<{width}}  {one.says}", hang=6)
            if one.todo:
                canvas.line(one.todo, indent=8 + width)


def doctor(which: Annotated[str, Parameter(metavar="NETWORK|ACCOUNT")] = "", /, *, desk: AtDesk) -> int:
    """Look whether everything is well, and say what to do where it is not; exit 1 then.

    Settings, secrets, rules, database, clock; then each account: can it be reached, who is it there, what may
    it do, what does it cost, when was it heard. Nothing is changed; only what asking a network cost is noted.

    Args:
        which: Only the accounts of this network, or only this one, and what they rest on.
    """
    from responder.settings import SettingsError

    try:
        settings = desk.settings
    except SettingsError as error:
        found = [
            checks.of_program(),
            *(checks.fail("config", str(one), "See: responder config check") for one in error.problems),
        ]
    else:
        found = list(_looked(desk, _chosen(settings.accounts, which), whole=not which))
    exact = desk.screen.manner.exact
    told = [Check(what=one.what, state=one.state, says=one.says, todo=exact(one.todo)) for one in found]
    desk.screen.show(DoctorSheet(told))
    failed = sum(one.state is State.FAIL for one in found)
    warned = sum(one.state is State.WARN for one in found)
    summary = f"{many(failed, 'thing')} to mend, {many(warned, 'thing')} to look at"
    desk.screen.hint(summary if failed or warned else "Everything is well.")
    return failures.FAILED if failed else failures.DONE


def _chosen(accounts: "Sequence[AccountSection]", which: str) -> "list[AccountSection]":
    chosen = [one for one in accounts if which in {"", one.name, one.connector}]
    if which and not chosen:
        there = sorted({one.name for one in accounts} | {one.connector for one in accounts})
        raise failures.Trouble(
            failures.USAGE,
            f"There is no account or network {which!r} in the config.",
            todo=f"There are: {', '.join(there) or 'none; set one up: responder connect NETWORK'}",
        )
    return chosen


def _looked(desk: "Desk", accounts: "Sequence[AccountSection]", *, whole: bool) -> Iterator[Check]:
    """Look at one thing after the other; none of them stops the others."""
    settings = desk.settings
    yield checks.of_program()
    yield checks.of_config(settings)
    yield from checks.of_people(settings)
    yield from checks.of_secrets(settings)
    if whole:
        yield from checks.of_policies(desk)
    store, found = checks.open_database(settings)
    yield from found
    try:
        yield checks.of_clock(store, desk.now())
        yield checks.of_posting(settings, store)
        yield from checks.of_codes(store, desk.now())
        if whole:
            yield from of_letters(desk, store)
        for one in accounts:
            yield from of_account(desk, store, one)
    finally:
        if store:
            store.close()
