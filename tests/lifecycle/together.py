"""What people do in the world of the lifecycle beside deciding: give, put off, note, join, silence."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from sqlalchemy import select

from responder.model.case import Case, Stage
from responder.model.incident import IncidentStage, Kind
from responder.steps.assign import assign, escalate
from responder.steps.dismiss import answered_by_hand
from responder.steps.incident import add, begin_incident, end, remove, say
from responder.steps.merge import merge, split
from responder.steps.note import note
from responder.steps.notice import notice
from responder.steps.opt_out import opt_out, undo_opt_out
from responder.steps.snooze import NotThen, same_again, snooze, wake
from responder.steps.tell import Teller, tell_new
from responder.store.errors import Conflict
from responder.store.gathering import Said
from responder.store.incident_tables import incident, incident_case
from responder.store.tables import cases
from tests.lifecycle.world import Violation, World


def picked(world: World, which: int) -> Case | None:
    """Return one of all the cases there are, as it is now."""
    found = [case for stage in Stage for case in world.store.views.page(stage)]
    return world.store.casework.get(found[which % len(found)].id) if found else None


def gives(world: World, case: Case, other: int) -> None:
    assign(world.store, case, ["ana", "sam", ""][other % 3], "sam", world.now)


def passes_on(world: World, case: Case, other: int) -> None:
    escalate(world.store, case, "legal", f"question {other}", "sam", world.now)


def writes_a_note(world: World, case: Case, other: int) -> None:
    note(world.store, case, f"note {other}", "sam", world.now)


def puts_off(world: World, case: Case, other: int) -> None:
    until = None if other == 7 else world.now + timedelta(minutes=(1, 20, 200)[other % 3])
    snooze(world.store, case, until, "sam", world.now)


def puts_off_again(world: World, case: Case, _other: int) -> None:
    snooze(world.store, case, same_again(case, world.now), "sam", world.now)


def wakes(world: World, case: Case, _other: int) -> None:
    wake(world.store, case, "sam", world.now)


def joins(world: World, case: Case, other: int) -> None:
    into = picked(world, other)
    assert into
    merge(world.store, into, case, "sam", world.now, different_people=True)
    world.standing.pop(case.id, None)


def takes_apart(world: World, case: Case, _other: int) -> None:
    split(world.store, case, "sam", world.now)


def silences(world: World, case: Case, _other: int) -> None:
    opt_out(world.store, case, "sam", world.now)
    world.silent.add(case.target.author.id)


def lets_answer_again(world: World, case: Case, _other: int) -> None:
    undo_opt_out(world.store, case, "sam", world.now)
    world.silent.discard(case.target.author.id)


def answers_by_hand(world: World, case: Case, other: int) -> None:
    answered_by_hand(world.store, case, f"https://net.example/hand{other}", ("sam", ""), world.now)


def belongs(world: World, case: Case, other: int) -> None:
    """Open an incident about the case, or let it belong to the latest one that is open."""
    under_way = world.store.incidents.listed()
    if under_way and other % 4:
        add(world.store, under_way[0], [case], "sam", world.now)
    else:
        begin_incident(world.store, f"cause {other}", [case], "sam", world.now)


def tells_all(world: World, _case: Case, other: int) -> None:
    """Say something to all of an incident; every draft that it replaces ends what stood approved."""
    for one in world.store.incidents.listed((IncidentStage.OPEN,))[:1]:
        news = bool(one.texts) and (one.texts[-1].kind is Kind.UPDATE or other % 2 == 1)
        kind = Kind.UPDATE if news else Kind.STATEMENT
        teller = Teller(world.policy, world.accounts, "sam", world.now)
        _, telling = say(world.store, teller, one, Said(kind=kind, language="en", text=f"Told {other}."))
        for number in telling.drafted:
            world.ended(number)


def tells_who_joined(world: World, _case: Case, _other: int) -> None:
    before = {one.id: one for one in world.store.incidents.listed()}
    tell_new(world.store, world.policy, world.accounts, world.now)
    for one in world.store.incidents.listed():
        told = {member.case_id: member.draft for member in before[one.id].members}
        for member in one.members:
            if member.draft != told.get(member.case_id):
                world.ended(member.case_id)


def takes_out(world: World, case: Case, _other: int) -> None:
    one = world.store.incidents.of([case.id]).get(case.id)
    if one and remove(world.store, one, case, "sam", world.now):
        world.ended(case.id)


def ends_it(world: World, _case: Case, _other: int) -> None:
    for one in world.store.incidents.listed()[:1]:
        end(world.store, one, "sam", world.now)


def notices_bursts(world: World, _case: Case, _other: int) -> None:
    notice(world.store, world.now)


def stops_by_a_file(world: World, _case: Case, other: int) -> None:
    """Put the file there that stops all sending, or take it away."""
    assert world.store.pause_file
    if other % 3:
        world.store.pause_file.unlink(missing_ok=True)
    else:
        world.store.pause_file.touch()


DEEDS: dict[str, Callable[[World, Case, int], None]] = {
    one.__name__.replace("_", " "): one
    for one in (
        *(gives, passes_on, writes_a_note, puts_off, puts_off_again, wakes, joins, takes_apart),
        *(silences, lets_answer_again, answers_by_hand),
        *(belongs, tells_all, tells_who_joined, takes_out, ends_it, notices_bursts, stops_by_a_file),
    )
}


def do(world: World, deed: str, which: int, other: int) -> None:
    """Let a person do one of the deeds to a case, where it can be done."""
    case = picked(world, which)
    if case:
        with suppress(Conflict, NotThen):
            DEEDS[deed](world, case, other)


def check(world: World) -> None:
    """Check that nothing sleeps without an end, or belongs to what belongs elsewhere, and none is hidden."""
    _check_incidents(world)
    with world.store.read() as connection:
        rows = {row.id: row for row in connection.execute(_STANDS)}
    waiting = {number for number, row in rows.items() if row.stage == "WAITING"}
    shown = {case.id for case in world.store.views.page(Stage.WAITING, limit=1000, now=world.now)}
    asleep = {case.id for case in world.store.lists.asleep(world.now, limit=1000)}
    if shown | (asleep & waiting) != waiting or shown & asleep:
        raise Violation(f"{waiting} wait, {shown} are shown, {asleep} sleep")
    if astray := [number for number in asleep if rows[number].stage not in _MAY_SLEEP]:
        raise Violation(f"{astray} sleep, and nobody would wake them")
    roots = {number: row.merged_into for number, row in rows.items()}
    if chains := [number for number, root in roots.items() if root and roots.get(root, root) is not None]:
        raise Violation(f"{chains} belong to cases that belong to others, or to none")


def _check_incidents(world: World) -> None:
    """Check that a case is of one incident at a time, and that none that ended has live members."""
    with world.store.read() as connection:
        live = connection.execute(
            select(incident_case.c.case_id, incident.c.stage)
            .join(incident, incident.c.id == incident_case.c.incident_id)
            .where(incident_case.c.live)
        ).all()
    if len({row.case_id for row in live}) != len(live):
        raise Violation(f"a case is of two incidents: {live}")
    if over := [row for row in live if row.stage not in {"PROPOSED", "OPEN"}]:
        raise Violation(f"{over} belong to incidents that ended")


_STANDS = select(cases.c.id, cases.c.stage, cases.c.merged_into)
_MAY_SLEEP = {Stage.NEW, Stage.NEEDS_REPLY, Stage.WAITING}
