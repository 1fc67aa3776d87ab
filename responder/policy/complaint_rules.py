"""Complaint rules: the deadlines that regulators set, read from policies/clocks.toml."""

import tomllib
from functools import cache
from importlib.resources import files

from responder.model.clocks import Rule


@cache
def complaint_rules() -> dict[str, Rule]:
    """Return every rule we know, by its name."""
    text = (files("policies") / "clocks.toml").read_text(encoding="utf-8")
    return {name: Rule(id=name, **table) for name, table in tomllib.loads(text).items()}
