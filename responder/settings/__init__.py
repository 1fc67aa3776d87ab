"""Settings: TOML, environment and secret files -> one frozen Settings, or every problem at once."""

from responder.settings.problems import Problem, SettingsError
from responder.settings.reading import find, load, refused, refused_remedies
from responder.settings.secret import SecretError, Secrets
from responder.settings.sections import Settings
from responder.settings.showing import schema, show

__all__ = [
    "Problem",
    "SecretError",
    "Secrets",
    "Settings",
    "SettingsError",
    "find",
    "load",
    "refused",
    "refused_remedies",
    "schema",
    "show",
]
