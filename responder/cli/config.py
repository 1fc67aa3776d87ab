"""Config: is it right, what holds, and where it is read from."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts import App, Group

from responder.cli import failures
from responder.cli.desk import AtDesk
from responder.cli.reading import LinesSheet
from responder.cli.words import many

if TYPE_CHECKING:
    from responder.cli.desk import Desk
    from responder.settings import Problem

app = App(name="config", result_action="return_value", group_commands=Group("Commands", sort_key=0))


@app.command
def check(*, desk: AtDesk) -> None:
    """Say everything that is wrong with the settings, as file:line:col, or that they are right.

    Every connector is built as well, and so the secrets are looked for; nothing is sent or read.
    """
    settings = desk.settings
    problems, secrets = _connectors(desk)
    if problems:
        raise failures.Trouble(
            failures.CREDENTIALS if secrets == len(problems) else failures.USAGE,
            "The settings cannot be used:",
            todo="Correct them, then look again with: responder config check",
            problems=tuple(map(str, problems)),
        )
    accounts, posting, database = len(settings.accounts), settings.posting.mode, settings.database.url
    if desk.screen.manner.json:
        path = str(settings.path) if settings.path else None
        facts = {"path": path, "accounts": accounts, "posting": posting, "database": database}
        desk.screen.document("responder.config/1", [facts])
        return
    right = f"{settings.path} is right" if settings.path else "There is no file, so the defaults hold"
    desk.screen.write(f"{right}: {many(accounts, 'account')}, posting {posting}, database {database}\n")


@app.command
def show(*, desk: AtDesk) -> None:
    """Print the settings in force as TOML, each with where it comes from; secrets are never shown."""
    from responder.settings import show as told

    text = told(desk.settings)
    if desk.screen.manner.json:
        desk.screen.document("responder.settings/1", [{"text": text}])
    else:
        desk.screen.write(text)


@app.command
def schema(*, desk: AtDesk) -> None:
    """Print the JSON schema of the file, for editors."""
    from responder.settings import schema as told

    desk.screen.write(json.dumps(told(), indent=2) + "\n")


@app.command
def path(*, desk: AtDesk) -> int:
    """Print which file is read; exit 1 when there is none and the defaults hold."""
    from responder.settings import find

    found = find(desk.config, os.environ, Path.cwd())
    facts = [{"path": str(found)}] if found else []
    desk.screen.show(LinesSheet(schema="responder.path/1", facts=facts))
    if not found:
        desk.screen.hint("There is no file, so the defaults hold. The places: responder --help, --config")
    return failures.DONE if found else failures.FAILED


def _connectors(desk: "Desk") -> "tuple[list[Problem], int]":
    """Build every connector; return what is wrong, and for how many a secret is the reason."""
    from responder.plugins import PluginError, build
    from responder.settings import SecretError, refused

    problems: list[Problem] = []
    secrets = 0
    for one in desk.settings.accounts:
        try:
            build(one.connector, one.name, one.options, desk.settings.secret.of(one.name))
        except PluginError as error:
            problems += refused(desk.settings, one.name, error.says, error.key).problems
        except SecretError as error:
            problems += error.problems
            secrets += len(error.problems)
    return problems, secrets
