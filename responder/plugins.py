"""Plug-ins: connectors and how they are set up, found by their entry points."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from responder.connector import Connector, Limits, Secret
from responder.model.visible import visible
from responder.setup import Setup

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint, EntryPoints

#: The entry-point group in which a distribution names its connectors.
GROUP = "responder.connectors"
#: ... and how their accounts are set up, each under its connector's name.
SETUPS = "responder.setups"
#: What a connector must be able to do.
_METHODS = tuple(name for name, value in vars(Connector).items() if callable(value) and name[0] != "_")


class PluginError(Exception):
    """A connector cannot be had; the message says what happened, why, and what to do."""

    def __init__(self, message: str, *, key: str = "connector", says: str = "") -> None:
        super().__init__(message)
        #: The key of the account's table where the mistake stands: "connector" or "options".
        self.key = key
        #: "options": the connector's own words, one problem a line, like "page: must be ...".
        self.says = says or message


def names() -> tuple[str, ...]:
    """Return the kinds of connector that are installed, sorted."""
    return tuple(sorted(_installed().names))


def setups() -> tuple[str, ...]:
    """Return the kinds of connector whose accounts can be set up by answering questions, sorted."""
    return tuple(sorted(_installed(SETUPS).names))


def setup_of(kind: str) -> Setup:
    """Return what asks a person for the keys of an account; raises PluginError when nothing does."""
    found = tuple(_installed(SETUPS).select(name=kind))
    if len(found) == 1:
        _imported(_entry(kind))  # before anybody types a key: it is what the keys are for
        return _imported(found[0])
    if found:
        origins = " and ".join(sorted(map(_origin, found)))
        raise PluginError(f"How {kind} is set up is told by {origins}. Uninstall all but one of them.")
    if kind in names():
        raise PluginError(f"{kind} asks for no keys: write its account into the config (docs/connectors.md).")
    near = get_close_matches(kind, setups(), n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    there = ", ".join(setups()) or "none"
    raise PluginError(f"There is no network {visible(kind)!r} to connect to.{hint} There are: {there}.")


def costs(kind: str) -> bool:
    """Whether the network of a connector asks for money, as far as its class tells without being built."""
    try:
        return callable(getattr(_imported(_entry(kind)), "spent", None))
    except PluginError:
        return False


def build(kind: str, account: str, options: Mapping[str, Any], secret: Secret) -> Connector:
    """Build the connector of `kind` for an account.

    Raises PluginError when it is not installed, cannot be imported, refuses its options, breaks, or lacks a
    part of the contract. What `secret` raises goes on up. A secret it was given stands in no message.
    """
    entry = _entry(kind)
    confidant = _Confidant(secret)
    try:
        made = _imported(entry)(account, options, confidant)
        lacking = _lacking(made)
    except PluginError:
        raise
    except Exception as error:  # whatever it raises, for it is not ours
        if error is confidant.failure:
            raise
        says = visible(confidant.hide(str(error)))
        refused = isinstance(error, ValueError)
        problem = _refusal(entry, account, says) if refused else _breakdown(entry, account, error, says)
        raise problem from (None if confidant.trusted else error)
    if lacking:
        raise PluginError(
            f"The connector {kind} of {_origin(entry)} lacks {', '.join(lacking)} of the contract in "
            "responder/connector.py. Install a version of it made for this version of responder."
        )
    connector: Connector = made
    return connector


class _Confidant:
    """Hands secrets on, and remembers them to keep them out of messages."""

    def __init__(self, secret: Secret) -> None:
        self.failure: Exception | None = None
        self._secret = secret
        self._told: set[str] = set()

    def __call__(self, name: str) -> str:
        try:
            value = self._secret(name)
        except Exception as error:
            self.failure = error
            raise
        self._told.add(value)
        return value

    def keeps(self, name: str) -> bool:
        """Whether a secret can be renewed."""
        return self._secret.keeps(name)

    def renew(self, name: str, old: str, by: Callable[[str], str]) -> str:
        """Put a new secret in place of `old`, and remember that one too."""
        value = self._secret.renew(name, old, by)
        self._told.add(value)
        return value

    @property
    def trusted(self) -> bool:
        """Whether a secret was handed on."""
        return bool(self._told)

    def hide(self, text: str) -> str:
        """Return `text` without the secrets, the longest first (one may be a part of another)."""
        for value in sorted(self._told - {""}, key=len, reverse=True):
            text = text.replace(value, "***")
        return text


def _installed(group: str = GROUP) -> "EntryPoints":
    from importlib.metadata import entry_points

    return entry_points(group=group)


def _entry(kind: str) -> "EntryPoint":
    installed = _installed()
    found = tuple(installed.select(name=kind))
    if len(found) > 1:
        origins = " and ".join(sorted(map(_origin, found)))
        raise PluginError(f"The connector {kind} is offered by {origins}. Uninstall all but one of them.")
    if found:
        return found[0]
    if not installed.names:
        raise PluginError(
            "No connector is installed, not even ours. Install complaint-responder with pip or uv."
        )
    near = get_close_matches(kind, installed.names, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise PluginError(
        f"There is no connector {visible(kind)!r}.{hint} Installed are: {', '.join(names())}. "
        "A connector of your own needs an entry point; docs/connectors.md says how."
    )


def _imported(entry: "EntryPoint") -> Callable[..., Any]:
    try:
        loaded = entry.load()
    except (Exception, SystemExit) as error:
        raise PluginError(
            f"The connector {entry.name} of {_origin(entry)} cannot be imported from {entry.value}: "
            f"{type(error).__name__}: {visible(str(error))}. Install what it needs, or another version of it."
        ) from error
    if not callable(loaded):
        raise PluginError(
            f"The connector {entry.name} of {_origin(entry)} cannot be built: its entry point names "
            f"{entry.value}, which is no class. It must name one, like acme.connector:Acme."
        )
    factory: Callable[..., Any] = loaded
    return factory


def _refusal(entry: "EntryPoint", account: str, says: str) -> PluginError:
    """Return the error for options that the connector does not take."""
    message = (
        f"The connector {entry.name} of {_origin(entry)} does not take the options of account {account}:"
    )
    return PluginError(
        f"{message}\n{says}\nCorrect them in its [accounts.options].", key="options", says=says
    )


def _breakdown(entry: "EntryPoint", account: str, error: Exception, says: str) -> PluginError:
    """Return the error for a connector that cannot be built and does not say that the options are wrong."""
    return PluginError(
        f"The connector {entry.name} of {_origin(entry)} broke when it was built for account {account}: "
        f"{type(error).__name__}: {says}. It is at fault: tell those who made it, or use another version."
    )


def _lacking(made: object) -> list[str]:
    """Return the parts of the contract that a connector does not have."""
    lacking = [f"{name}()" for name in _METHODS if not callable(getattr(made, name, None))]
    network = getattr(made, "network", None)
    if not isinstance(network, str) or not network:
        lacking.append("network (a word)")
    if not isinstance(getattr(made, "limits", None), Limits):
        lacking.append("limits (a Limits)")
    return lacking


def _origin(entry: "EntryPoint") -> str:
    """Return the distribution an entry point comes from, like "acme-connector 1.2"."""
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else "an unknown distribution"
