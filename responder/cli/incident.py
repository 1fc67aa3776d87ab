"""Incident: many complain of one thing. One cause, one statement, a reply of their own for each."""

# ruff: noqa: D417 (the desk is no argument that people give)

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Group, Parameter

from responder.cli import failures
from responder.cli.deeds import Deed, carry_out
from responder.cli.desk import AtDesk
from responder.cli.incident_sheets import IncidentSheet, IncidentsSheet
from responder.cli.reading import read_duration
from responder.cli.words import CaseId, IncidentId, many
from responder.model.case import Stage
from responder.model.incident import UNDER_WAY, Incident, IncidentStage, Kind
from responder.model.people import Right
from responder.model.visible import one_line
from responder.steps import incident as steps
from responder.steps.tell import Teller, Telling
from responder.store.gathering import Said

if TYPE_CHECKING:
    from responder.cli.desk import Desk

app = App(name="incident", result_action="return_value", group_commands=Group("Commands", sort_key=0))
#: How often there is news, as people type it.
Every = Annotated[timedelta | None, Parameter(converter=read_duration, metavar="TIME")]
_LONGEST, _LONGEST_CAUSE = 2_000, 200
_LISTED = 30


@app.command(name="list")
def list_(*, all_: Annotated[bool, Parameter(name="--all")] = False, desk: AtDesk) -> None:
    """List the incidents under way, the newest first.

    Args:
        all_: Those that ended too, the latest 50.
    """
    stages = tuple(IncidentStage) if all_ else UNDER_WAY
    found = desk.store.incidents.listed(stages)
    desk.screen.show(IncidentsSheet(incidents=found, now=desk.now()))
    if not found:
        desk.screen.hint("There is none. Many write alike? responder incident open --cause WHAT c-101 c-102")


@app.command
def show(id: IncidentId, /, *, desk: AtDesk) -> None:  # noqa: A002 (what people type)
    """Show one incident: who belongs to it and why, what all are told, and what can be done."""
    desk.screen.show(sheet_of(desk, desk.store.incidents.get(id)))


@app.command(name="open")
def open_(*ids: str, cause: str = "", every: Every = None, desk: AtDesk) -> int:
    """Open an incident: one that is proposed (i-3), or a new one about these cases (c-101 c-102).

    Args:
        ids: The incident that is proposed, or the cases of a new one.
        cause: What is wrong, in a few words for your colleagues: "log-in of the app is down".
        every: How often there will be news, like 2h.
    """
    desk.may(Right.GATHER)
    if not cause.strip() or len(cause) > _LONGEST_CAUSE or not ids:
        what = "Say which incident or cases, and the cause in a few words."
        raise failures.Trouble(
            failures.USAGE, what, todo="responder incident open i-3 --cause 'the app is down'"
        )
    return carry_out(desk.screen, [partial(_open, desk, ids, one_line(cause, _LONGEST_CAUSE), every)])


def _open(desk: "Desk", ids: tuple[str, ...], cause: str, every: timedelta | None) -> Deed:
    numbers, incidents = _told(ids)
    if incidents and (numbers or len(incidents) > 1):
        raise failures.Trouble(failures.USAGE, "Open one incident, or a new one about cases; not both.")
    if every is not None:  # before anything is opened: what cannot be promised opens none by half
        steps.may_promise(desk.store, every or None, desk.user)
    if incidents:
        one = steps.open_incident(
            desk.store, desk.store.incidents.get(incidents[0]), cause, desk.user, desk.now()
        )
    else:
        cases = [desk.store.casework.get(number) for number in numbers]
        one = steps.begin_incident(desk.store, cause, cases, desk.user, desk.now())
    one = _promised(desk, one, every)
    says = (
        f"{one.name} is open: {one.cause}. {many(len(one.belonging), 'case belongs', 'cases belong')} to it."
    )
    return _deed(
        desk, "incident opened", says, f"What all are told: responder incident statement {one.name} WORDS"
    )


@app.command
def add(id: IncidentId, /, *ids: CaseId, desk: AtDesk) -> int:  # noqa: A002 (what people type)
    """Say that cases belong to an incident.

    Args:
        id: The incident, like i-3.
        ids: The cases, like c-101.
    """
    _named(ids, f"responder incident add i-{id} c-101")

    def does() -> Deed:
        cases = [desk.store.casework.get(number) for number in dict.fromkeys(ids)]
        steps.add(desk.store, desk.store.incidents.get(id), cases, desk.user, desk.now())
        says = (
            f"{', '.join(case.name for case in cases)} {'belong' if len(cases) > 1 else 'belongs'} to i-{id}."
        )
        return _deed(desk, "joined incident", says, f"Look: responder incident show i-{id}")

    return carry_out(desk.screen, [does])


@app.command
def remove(id: IncidentId, /, *ids: CaseId, desk: AtDesk) -> int:  # noqa: A002 (what people type)
    """Take cases out of an incident: theirs is something else, and they get words of their own.

    Args:
        id: The incident, like i-3.
        ids: The cases, like c-101.
    """
    _named(ids, f"responder incident remove i-{id} c-101")

    def does(number: int) -> Deed:
        case = desk.store.casework.get(number)
        anew = steps.remove(desk.store, desk.store.incidents.get(id), case, desk.user, desk.now())
        says = f"{case.name} does not belong to i-{id} any more."
        after = "It gets words of its own: the daemon drafts it, or: responder draft" if anew else ""
        return _deed(desk, "left incident", says, after, case=case.name)

    return carry_out(desk.screen, [partial(does, number) for number in dict.fromkeys(ids)])


@app.command
def statement(
    id: IncidentId,  # noqa: A002 (what people type)
    words: str = "",
    /,
    *,
    language: str = "",
    also: bool = False,
    every: Every = None,
    desk: AtDesk,
) -> int:
    """Write what all are told, in one language; each gets a reply of their own around it, for your approval.

    Say what is wrong as our own doing, what we do now, and by when you write again. Nothing is translated:
    what a language lacks is asked for.

    Args:
        id: The incident, like i-3.
        words: The statement; asked for if it is left out.
        language: The language it is in (en, de ...); the company's if it is left out.
        also: It is another wording of the same, so that more replies can differ.
        every: How often there will be news from now on, like 2h; never ends that.
    """
    return _say(desk, id, words, (Kind.STATEMENT, language, also), every)


@app.command
def update(
    id: IncidentId,  # noqa: A002 (what people type)
    words: str = "",
    /,
    *,
    language: str = "",
    also: bool = False,
    every: Every = None,
    desk: AtDesk,
) -> int:
    """Write what is new; it is drafted for everybody who waits for an answer, for your approval.

    Who was answered and did not write again gets no second reply under the same post: `responder incident
    show` lists their posts with the addresses, to be told by hand.

    Args:
        id: The incident, like i-3.
        words: The news; asked for if it is left out.
        language: The language it is in; the company's if it is left out.
        also: It is another wording of the same.
        every: How often there will be news from now on, like 2h; never ends that.
    """
    return _say(desk, id, words, (Kind.UPDATE, language, also), every)


@app.command
def close(id: IncidentId, words: str = "", /, *, language: str = "", desk: AtDesk) -> int:  # noqa: A002
    """Close an incident with a note for those who wait; from then on its cases go the usual way.

    Args:
        id: The incident, like i-3.
        words: The closing note; asked for if it is left out.
        language: The language it is in; the company's if it is left out. Write the others first, with update.
    """
    desk.may(Right.TELL)
    said = _words(desk, words, id, "close")

    def does() -> Deed:
        one, telling = _stored(
            desk, id, Said(kind=Kind.CLOSING, language=_language(desk, language), text=said)
        )
        steps.end(desk.store, one, desk.user, desk.now())
        return _deed(desk, "incident closed", f"{one.name} is closed. {_became(telling)}", _approve(telling))

    return carry_out(desk.screen, [does])


@app.command
def dismiss(id: IncidentId, /, *, desk: AtDesk) -> int:  # noqa: A002 (what people type)
    """Say that a proposed incident is none; who says the same is not proposed again for a day.

    Args:
        id: The incident, like i-3.
    """

    def does() -> Deed:
        one = desk.store.incidents.get(id)
        if one.stage is IncidentStage.OPEN:
            raise failures.Trouble(
                failures.USAGE, f"{one.name} is open.", todo=f"responder incident close {one.name} WORDS"
            )
        steps.end(desk.store, one, desk.user, desk.now())
        return _deed(desk, "incident dismissed", f"{one.name} is none; its cases go the usual way.", "")

    return carry_out(desk.screen, [does])


def _say(desk: "Desk", number: int, words: str, what: tuple[Kind, str, bool], every: timedelta | None) -> int:
    desk.may(Right.TELL)
    kind, language, also = what
    said = _words(desk, words, number, str(kind))

    def does() -> Deed:
        if every is not None:
            _promised(desk, desk.store.incidents.get(number), every)
        told = Said(kind=kind, language=_language(desk, language), text=said, also=also)
        one, telling = _stored(desk, number, told)
        return _deed(desk, "incident told", f"{one.name}: {_became(telling)}", _approve(telling, one))

    return carry_out(desk.screen, [does])


def _stored(desk: "Desk", number: int, said: Said) -> tuple[Incident, Telling]:
    app_, one = desk.app, desk.store.incidents.get(number)
    return steps.say(desk.store, Teller(app_.policy, app_.accounts, desk.user, desk.now()), one, said)


def _became(telling: Telling) -> str:
    """Return what became of the members, in sentences."""
    n = len(telling.drafted)
    told = [f"{many(n, 'reply waits', 'replies wait')} for approval, each in words of its own."]
    for language, wait in sorted(telling.wanted.items()):
        told.append(f"{many(wait, 'case')} in {language} {'has' if wait == 1 else 'have'} no words yet.")
    reasons: dict[str, list[str]] = {}
    for case, why in telling.left.items():
        reasons.setdefault(one_line(why, 120), []).append(f"c-{case}")
    told += [
        f"Left as they are: {', '.join(some[:8])}{' ...' * (len(some) > 8)}: {why}."
        for why, some in reasons.items()
    ]
    return " ".join(told)


def _approve(telling: Telling, one: Incident | None = None) -> str:
    after = []
    if telling.drafted:
        names = " ".join(f"c-{n}" for n in telling.drafted[:_LISTED])
        after.append(f"Read and approve them: responder approve {names}")
    if one and telling.wanted:
        code = min(telling.wanted)
        after.append(f"The words in {code}: responder incident statement {one.name} --language {code} WORDS")
    return "\n".join(after)


def _promised(desk: "Desk", one: Incident, every: timedelta | None) -> Incident:
    if every is None:
        return one
    return steps.promise(desk.store, one, every or None, desk.user, desk.now())


def _words(desk: "Desk", words: str, number: int, what: str) -> str:
    """Return the words, asked for where somebody can be; Trouble for none, or too many."""
    if not words.strip() and desk.screen.asks:
        words = desk.screen.line("The words (nothing: leave): ") or ""
        if not words:
            raise failures.Trouble(failures.DECLINED, "Nothing was done.")
    if not words.strip():
        command = f"responder incident {what} i-{number} 'WORDS'"
        raise failures.Trouble(failures.USAGE, "There are no words.", todo=command)
    if len(words) > _LONGEST:
        raise failures.Trouble(failures.USAGE, f"It has at most {_LONGEST:,} characters.")
    return words.strip()


def _language(desk: "Desk", told: str) -> str:
    code = told.strip().lower() or desk.settings.company.language
    known = sorted(desk.app.policy.rulebook.around)
    if code not in known:
        raise failures.Trouble(
            failures.USAGE, f"{code!r} is no language here.", todo=f"Known: {', '.join(known)}."
        )
    return code


def _told(ids: tuple[str, ...]) -> tuple[list[int], list[int]]:
    """Return the numbers of cases, and of incidents, in what somebody typed."""
    from responder.cli.words import number_of

    cases, incidents = [], []
    for told in dict.fromkeys(ids):
        try:
            if told.strip().lower().startswith("i-"):
                incidents.append(number_of(told.strip()[2:]))
            else:
                cases.append(number_of(told))
        except ValueError as error:
            raise failures.Trouble(failures.USAGE, f"{error}.") from None
    return cases, incidents


def _named(ids: tuple[int, ...], todo: str) -> None:
    if not ids:
        raise failures.Trouble(failures.USAGE, "No case is named.", todo=todo)


def _deed(desk: "Desk", did: str, says: str, after: str, *, case: str = "") -> Deed:
    return Deed(case=case, did=did, by=desk.user, says=says, after=after)


def sheet_of(desk: "Desk", one: Incident) -> IncidentSheet:
    """Return an incident with its cases and what can be done about it."""
    cases = {member.case_id: desk.store.casework.get(member.case_id) for member in one.members}
    drafts = {number: draft for number, case in cases.items() if (draft := desk.store.casework.draft(case))}
    waits = [
        member.case_id
        for member in one.belonging
        if member.draft and cases[member.case_id].stage is Stage.WAITING
        and cases[member.case_id].draft_number == member.draft
    ]  # fmt: skip
    moves = []
    if waits:
        moves.append(
            (f"responder approve {' '.join(f'c-{n}' for n in waits[:_LISTED])}", "read and approve them")
        )
    if one.stage is IncidentStage.PROPOSED:
        moves.append((f"responder incident open {one.name} --cause WHAT", "it is one; name the cause"))
        moves.append((f"responder incident dismiss {one.name}", "they have no one cause"))
    if one.stage is IncidentStage.OPEN:
        what = "update" if one.round else "statement"
        moves.append((f"responder incident {what} {one.name} WORDS", "what all are told"))
        moves.append((f"responder incident remove {one.name} c-101", "theirs is something else"))
        moves.append((f"responder incident close {one.name} WORDS", "it is put right"))
    exact = desk.screen.manner.exact
    return IncidentSheet(
        incident=one, now=desk.now(), cases=cases, drafts=drafts,
        moves=[(exact(command), does) for command, does in moves],
    )  # fmt: skip
