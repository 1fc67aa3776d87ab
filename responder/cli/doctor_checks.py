"""Checks: what this installation rests on, looked at one by one; nothing is written."""

import os
import platform
import shlex
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from responder import letter
from responder.cli.words import many
from responder.model.people import Right, either
from responder.model.visible import one_line

if TYPE_CHECKING:
    from responder.cli.desk import Desk
    from responder.settings import Settings
    from responder.store.store import Store

#: No clock that is right shows an earlier time.
_WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)
#: Clocks of several machines may differ by this.
_APART = timedelta(minutes=5)
#: So many codes in vain within two hours are no slips of the tongue.
_MANY_WRONG = 20
#: Less room than this fills up within days, in bytes.
_ROOM = 200_000_000


class State(StrEnum):
    """How one thing is."""

    OK = "ok"
    NOTE = "note"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What one look showed."""

    #: What was looked at: config, database ... or the name of an account.
    what: str
    state: State
    says: str
    #: What to do; "" where nothing is to be done.
    todo: str = ""


def ok(what: str, says: str) -> Check:
    """Return a check that found nothing wrong."""
    return Check(what=what, state=State.OK, says=says)


def note(what: str, says: str) -> Check:
    """Return one that found something to know, with which all is well."""
    return Check(what=what, state=State.NOTE, says=says)


def warn(what: str, says: str, todo: str = "") -> Check:
    """Return one that found something that may be meant so, or not."""
    return Check(what=what, state=State.WARN, says=says, todo=todo)


def fail(what: str, says: str, todo: str = "") -> Check:
    """Return one that found something to mend."""
    return Check(what=what, state=State.FAIL, says=says, todo=todo)


def of_program() -> Check:
    """Say which program this is."""
    from responder import __version__

    return ok("program", f"complaint-responder {__version__}, Python {platform.python_version()}")


def of_config(settings: "Settings") -> Check:
    """Say which settings were read."""
    accounts = many(len(settings.accounts), "account")
    if settings.path is None:
        return warn(
            "config", f"there is no file, so the defaults hold: {accounts}", "See: responder config path"
        )
    if not settings.accounts:
        return warn(
            "config", f"{settings.path}: no account is set up", "Set one up: responder connect NETWORK"
        )
    return ok("config", f"{settings.path}: {accounts}")


def of_people(settings: "Settings") -> Iterator[Check]:
    """Say who may approve, where people are listed; what could never go out, reading the settings refuses."""
    roster = settings.roster
    if not roster.people:
        return
    approvers = roster.who_may(Right.APPROVE)
    says = f"{many(len(roster.people), 'person', 'people')}; {either(approvers)} may approve"
    if len(approvers) == 1:
        yield warn("people", says, "While they are away nothing goes out: give somebody else that role too")
    else:
        yield ok("people", says)


def _of_remedies(desk: "Desk") -> Iterator[Check]:
    """Look whether the remedies that need a second yes exist."""
    known = desk.app.policy.remedies
    for name in desk.settings.approval.second_for_remedies:
        if name not in known:
            says = f"[approval] second_for_remedies names {one_line(name, 60)}, no remedy"
            yield fail("people", says, f"There are: {', '.join(known)}")


def of_codes(store: "Store | None", now: datetime) -> Iterator[Check]:
    """Say how often codes were looked for in vain lately: somebody may be trying them."""
    wrong = store.references.wrong(now - timedelta(hours=1)) if store else 0
    if wrong >= _MANY_WRONG:
        says = f"{many(wrong, 'code')} looked for in vain within two hours"
        yield warn("codes", says, "Somebody may be guessing: tell nobody more than they tell you")


def of_secrets(settings: "Settings") -> Iterator[Check]:
    """Look at the folder of secrets and at each secret in it."""
    folder = settings.secrets.folder
    problems = [] if folder is None else list(_of_folder(folder))
    yield from problems
    names = settings.secret.names()
    unsafe = [(name, settings.secret.state(name)) for name in names if settings.secret.state(name) != "set"]
    yield from (fail("secrets", f"{name} {state}") for name, state in unsafe)
    if not unsafe and not problems:
        where = f" in {folder}" if folder else ""
        yield ok(
            "secrets",
            f"{many(len(names), 'secret')}{where}, for their owner alone" if names else "none is set",
        )


def _of_folder(folder: Path) -> Iterator[Check]:
    chmod = f"Type: chmod 700 {shlex.quote(str(folder))}"
    try:
        mode = stat.S_IMODE(folder.stat().st_mode)
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        yield fail("secrets", f"the folder {folder} cannot be used: {why}", "See [secrets] in the config")
        return
    if os.name == "posix" and mode & 0o022:
        yield fail("secrets", f"others can put files into the folder {folder}", chmod)
    elif os.name == "posix" and mode & 0o077:
        yield warn("secrets", f"others can see which secrets there are in {folder}", chmod)


def of_policies(desk: "Desk") -> Iterator[Check]:
    """Read and try all that the policies have in the languages that you use or that your folders have."""
    from responder.policy.rulebook import RulebookError

    settings, own = desk.settings, desk.settings.policies.folders
    languages = {settings.company.language, *(one.language for one in settings.accounts if one.language)}
    languages |= {
        place.name for folder in own if folder.is_dir() for place in folder.iterdir() if place.is_dir()
    }
    try:
        rules = sum(len(desk.app.policy.rulebook.read(language)) for language in languages)
    except RulebookError as error:
        todo = "All of it: responder rules check"
        yield from (fail("policies", one_line(problem, 300), todo) for problem in error.problems[:5])
        return
    yours = f", {many(len(own), 'folder')} of yours among them" if own else ""
    yield ok("policies", f"{many(rules, 'rule')} in {', '.join(sorted(languages))}{yours}")
    yield from _of_remedies(desk)


def open_database(settings: "Settings") -> "tuple[Store | None, list[Check]]":
    """Look at the database; return it as well where its tables are as this version has them."""
    from responder.store.engine import file_of
    from responder.store.errors import StoreError
    from responder.store.store import HEAD, Store
    from responder.wiring import pause_file

    file = file_of(settings.database.url)
    if file is not None and not file.exists():  # opening would make it
        makes = "The first command that needs it makes it: responder poll"
        return None, [warn("database", f"{file} is not there yet", makes)]
    checks = list(_room(file)) if file else []
    try:
        store = Store(settings.database_url(), pause_file=pause_file(settings))
        version = store.version()
    except StoreError as error:
        return None, [*checks, fail("database", str(error), "Which one is meant: responder config check")]
    if version == HEAD:
        return store, [*checks, ok("database", f"{settings.database.url}, its tables are up to date")]
    store.close()
    if version is not None and version > HEAD:
        return None, [*checks, fail("database", "a newer version of responder made it", "Update responder")]
    brings = "The next command that needs it brings them up: responder poll"
    return None, [*checks, warn("database", "its tables are older than this version", brings)]


def _room(file: Path) -> Iterator[Check]:
    free = shutil.disk_usage(file.parent).free
    if free < _ROOM:
        yield warn("database", f"only {free // 1_000_000} MB are left on its disk", "Make room")
    if not os.access(file, os.W_OK) or not os.access(file.parent, os.W_OK):
        yield fail("database", f"{file} and its folder cannot be written to", "Give both to this user")


def of_clock(store: "Store | None", now: datetime) -> Check:
    """Look whether the clock can be right: it is no earlier than this program or the journal's last word."""
    shown = f"{now:%Y-%m-%d %H:%M} UTC"
    if now < _WRITTEN:
        return fail("clock", f"it shows {shown}, which is long ago", "Set the clock of this machine")
    last = store.audit.last_at() if store else None
    if last and last > now + _APART:
        behind = letter.span(last - now)
        return fail(
            "clock",
            f"it shows {shown}, {behind} before the journal's last word",
            "Set the clock of this machine",
        )
    return ok("clock", shown)


def of_posting(settings: "Settings", store: "Store | None") -> Check:
    """Say whether anything is sent."""
    if store and (pause := store.control.pausing()):
        return warn("posting", f"all sending is paused {pause.whose}", f"Let it go on: {pause.todo}")
    says = {
        "off": 'off: approved replies stay in the outbox ([posting] mode = "on" sends them)',
        "dry-run": "dry-run: what would be sent is only shown",
        "on": "on: what a person approved is sent",
    }
    return ok("posting", says[settings.posting.mode])
