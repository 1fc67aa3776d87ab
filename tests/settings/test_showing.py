"""The settings in force, shown so that they can be read again; and the schema of the file."""

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.settings import Settings, load, schema, show
from responder.settings.secret import misplaced
from responder.settings.sections import AccountSection

words = st.text(max_size=8)
integers = st.integers(-(2**63), 2**63 - 1)
times = st.dates() | st.times() | st.datetimes()
plain = words | st.booleans() | integers | st.floats(allow_nan=False) | times
options = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(words, options, max_size=3).filter(lambda table: not any(misplaced(table, "a"))))
def test_what_is_shown_is_read_back_as_the_same(
    tmp_path_factory: pytest.TempPathFactory, table: dict[str, Any]
) -> None:
    settings = Settings(accounts=(AccountSection(name="a", connector="b", options=table),))
    file = tmp_path_factory.getbasetemp() / "shown.toml"
    file.write_text(show(settings), encoding="utf-8")
    assert load(file, {}) == settings


def test_each_value_is_shown_with_where_it_comes_from(tmp_path: Path) -> None:
    file = tmp_path / "responder.toml"
    file.write_text(
        '[company]\nname = "Acme"\n[posting]\nmode = "off"\n[[accounts]]\nname = "a"\nconnector = "b"\n'
        "[accounts.options]\nwide = inf\n",
        encoding="utf-8",
    )
    lines = show(load(file, {"RESPONDER_POSTING__MODE": "on"})).splitlines()
    assert lines[0] == f"# The settings in force. Read: {file}."
    assert f'name = "Acme"        # {file}' in lines
    assert 'mode = "on"                     # RESPONDER_POSTING__MODE' in lines
    assert 'give_up_after = "10m"           # default' in lines
    assert f'name = "a"                # {file}' in lines
    assert 'every = "2m"              # default' in lines
    assert f"options = {{ wide = inf }}  # {file}" in lines
    assert lines[-1] == "# Secrets: none is set."


def test_without_a_file_the_defaults_are_shown() -> None:
    assert show(Settings()).startswith("# The settings in force. Read: no file, so the defaults hold.\n")


def test_what_could_act_on_a_terminal_is_shown_escaped() -> None:
    options = {"a\x1b": "\u202ex\x7f\u2028", "b": math.pi}
    shown = show(Settings(accounts=(AccountSection(name="a", connector="b", options=options),)))
    assert all(line.isprintable() for line in shown.splitlines())
    assert shown.count("\n") == len(shown.splitlines())


def test_the_schema_has_a_sentence_and_the_default_for_every_key() -> None:
    told = schema()
    for name, section in told["properties"].items():
        table = section.get("items", section)
        assert table["additionalProperties"] is False
        for key, about in table["properties"].items():
            assert about["description"].endswith("."), (name, key)
            assert "default" in about or key in {"name", "id", "connector", "options"}, (name, key)
    assert told["properties"]["posting"]["properties"]["look_after"]["default"] == "2m"
    assert json.loads(json.dumps(told)) == told


def test_nothing_heavy_is_loaded_before_a_file_is_read() -> None:
    program = (
        "import sys, responder.settings; print({'pydantic', 'parse_errors', 'sqlalchemy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
