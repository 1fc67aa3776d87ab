"""Connect: walk a person through the keys of an account, keep them, and have the network say who we are."""

# ruff: noqa: D417 (the desk is no argument that people give)

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter, validators

from responder.cli import failures
from responder.cli.desk import AtDesk
from responder.cli.guide import TerminalGuide
from responder.cli.standing import draw_standing
from responder.cli.words import many
from responder.setup import Declined, Keys

if TYPE_CHECKING:
    from responder.cli.desk import Desk
    from responder.connector import Connector, Unauthorised
    from responder.settings.adding import Addition
    from responder.settings.sections import AccountSection
    from responder.setup import Setup

#: Where a browser comes back to; people register it with their network, so it does not change.
PORT = 8723


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an account and its secrets are kept."""

    account: str
    kind: str
    #: What the account's options are now.
    options: Mapping[str, Any]
    #: It stands in the config already.
    known: bool
    folder: Path
    #: The folder is not in the config yet.
    new_folder: bool


def connect(
    network: str,
    *,
    account: Annotated[str, Parameter(metavar="NAME")] = "",
    port: Annotated[int, Parameter(validator=validators.Number(gte=1, lte=65535))] = PORT,
    desk: AtDesk,
) -> int:
    """Set up an account: ask for its keys, keep them as secret files, and read the account back.

    Args:
        network: x, reddit ... or a connector of your own that can be set up.
        account: The account's name in the config; asked for if it is left out.
        port: Where the browser comes back to on this machine; 8723 if it is left out.
    """
    from responder.plugins import setup_of

    setup = setup_of(network)
    if not desk.screen.asks:
        raise failures.Trouble(
            failures.USAGE,
            "Keys are asked for at a terminal.",
            todo=f"Type there: responder connect {network}",
        )
    guide = TerminalGuide(desk.screen, port, desk.now)
    try:
        place = _place(desk, guide, network, account)
        keys = _asked(setup, guide, place)
        _keep(desk, place, keys)
        connector = _built(desk, place, keys)  # what it does not take must not come into the settings
        _write_down(desk, place, keys)
    except Declined as declined:
        why = str(declined)
        raise failures.Trouble(failures.DECLINED, "Nothing more was set up.", why) from None
    return _read_back(desk, place, connector)


def _asked(setup: "Setup", guide: TerminalGuide, place: Place) -> Keys:
    """Walk through the questions; where the network says no to an answer, say how to begin anew."""
    from responder.connector import Unauthorised

    try:
        return setup(guide, place.options)
    except Unauthorised as refused:
        raise _refused(refused, place, "Nothing was kept or changed.") from None


def _refused(why: "Unauthorised", place: Place, kept: str) -> failures.Trouble:
    """Return what to say of a login that a network refuses."""
    anew = f"Begin anew: responder connect {place.kind} --account {place.account}"
    return failures.Trouble(failures.CREDENTIALS, failures.sentence(str(why)), kept, anew)


def _place(desk: "Desk", guide: TerminalGuide, kind: str, name: str) -> Place:
    """Find out where things are kept, before anybody types a key."""
    from responder.settings.keeping import make_room, others_see

    known = {one.name: one for one in desk.settings.accounts}
    name = name or _name(guide, kind, known)
    before = known.get(name)
    if before and before.connector != kind:
        raise failures.Trouble(
            failures.USAGE,
            f"{name} is the name of an account on {before.connector}.",
            todo=f"Choose another: responder connect {kind} --account NAME",
        )
    set_folder = desk.settings.secrets.folder
    folder = set_folder or _config(desk).parent.absolute() / "secrets"
    make_room(folder)
    guide.say(f"The secrets of {name} will be files in {folder}, which only you can read.")
    if others_see(folder):
        guide.say(f"Others can see which files are there; to change that: chmod 700 {folder}")
    taken = sorted(file.name for file in folder.iterdir() if file.name.startswith(f"{name}_"))
    if taken and not desk.screen.ask(
        f"There are secrets of {name} already: {', '.join(taken)}. Replace them?"
    ):
        raise Declined("What was there stays as it was.")
    return Place(
        account=name,
        kind=kind,
        options=before.options if before else {},
        known=before is not None,
        folder=folder,
        new_folder=set_folder is None,
    )


def _name(guide: TerminalGuide, kind: str, known: "Mapping[str, AccountSection]") -> str:
    """Ask for the account's name; the one there is on this network is offered."""
    from typing import get_args

    from responder.settings.kinds import AccountName, Kind, Wrong

    of_kind = [one.name for one in known.values() if one.connector == kind]
    offered = of_kind[0] if of_kind else kind
    name_kind: Kind = get_args(AccountName)[1]
    while True:
        try:
            return str(name_kind.read(guide.ask("A short name for the account", offered)))
        except Wrong as wrong:
            guide.say(str(wrong))


def _config(desk: "Desk") -> Path:
    """Return the file of settings; the personal one where there is none yet."""
    if desk.settings.path:
        return desk.settings.path
    home = desk.screen.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(home) / "responder" / "responder.toml"


def _keep(desk: "Desk", place: Place, keys: Keys) -> None:
    from responder.settings import Secrets
    from responder.settings.keeping import keep

    secrets = Secrets(place.folder, desk.screen.environ)
    for name, value in keys.secrets.items():
        keep(secrets, place.folder, f"{place.account}_{name}", value)
    names = ", ".join(f"{place.account}_{name}" for name in keys.secrets)
    if names:
        desk.screen.canvas().line((f"Kept {many(len(keys.secrets), 'secret')}: {names}", "good"))


def _write_down(desk: "Desk", place: Place, keys: Keys) -> None:
    """Bring the account into the config, or say what a person has to put there."""
    from responder.settings.adding import Addition, added, write

    folder = place.folder if place.new_folder else None
    one = Addition(name=place.account, connector=place.kind, options=keys.options, folder=folder)
    if place.known:
        _tell_changes(desk, place, keys, one)
        return
    path, canvas = _config(desk), desk.screen.canvas()
    canvas.line(f"{path} needs this:")
    canvas.quote(f"{one.secrets}\n{one.account}".strip())
    text = added(path, one)
    if text is None:
        canvas.line(("It cannot be added without changing more of the file: please do it yourself.", "care"))
    elif desk.screen.ask(f"Add it to {path}?"):
        write(path, text)
        canvas.line(("Added; every other line is as it was.", "good"))
    else:
        canvas.line("Nothing was added; put it there yourself.")


def _tell_changes(desk: "Desk", place: Place, keys: Keys, one: "Addition") -> None:
    """Say what the config, which has the account, does not have yet."""
    from responder.settings.showing import toml

    canvas = desk.screen.canvas()
    changed = {name: value for name, value in keys.options.items() if place.options.get(name) != value}
    if one.secrets or changed:
        lines = [f"{name} = {toml(value)}" for name, value in changed.items()]
        options = "\n".join([f"# in the [accounts.options] of {place.account}", *lines]) if lines else ""
        canvas.line(f"{desk.settings.path} needs this, please put it there:")
        canvas.quote(f"{one.secrets}\n{options}".strip())


def _built(desk: "Desk", place: Place, keys: Keys) -> "Connector":
    """Build the connector as the daemon will."""
    from responder.plugins import build
    from responder.settings import Secrets

    secret = Secrets(place.folder, desk.screen.environ).of(place.account)
    return build(place.kind, place.account, {**place.options, **keys.options}, secret)


def _read_back(desk: "Desk", place: Place, connector: "Connector") -> int:
    """Show what the network says about us."""
    from responder.connector import Introduces, Unauthorised

    canvas = desk.screen.canvas()
    if not isinstance(connector, Introduces):
        canvas.line("The keys are kept; whether they work is seen when it is read.")
        desk.screen.hint(f"Next: responder poll {place.account}")
        return failures.DONE
    try:
        standing = connector.whoami()
    except Unauthorised as refused:
        raise _refused(refused, place, "The keys are kept as you gave them.") from None
    finally:
        _note(desk, place.account, connector)
    draw_standing(canvas, standing)
    desk.screen.hint(f"Next: responder doctor {place.account}, then: responder poll {place.account}")
    return failures.FAILED if standing.lacks else failures.DONE


def _note(desk: "Desk", account: str, connector: "Connector") -> None:
    """Write down what asking cost."""
    from responder.connector import Priced

    if isinstance(connector, Priced) and (charges := connector.spent()):
        told = [(one.kind, one.units, one.micros) for one in charges]
        desk.store.money.note(account, told, desk.now())
