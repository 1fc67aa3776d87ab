"""Our own words: every error of the TOML reader and of pydantic that can occur has them."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from responder.settings import SettingsError, load
from responder.settings.reading import _reader
from responder.settings.sections import LISTS, TABLES
from responder.settings.showing import toml
from responder.settings.wording import TOML_WORDS, WORDS, _anything, keys_of, toml_words


def problems(folder: Path, text: str) -> list[str]:
    """Return what is wrong with a file, without the file's name."""
    file = folder / "responder.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(file, {})
    return [line.removeprefix(f"{file}:") for line in str(caught.value).splitlines()]


SYNTAX = {
    "Invalid value": "[posting]\nmode = off\n",
    "Expected newline": "[digest]\nat = 07:30\n",
    "Expected '='": "[posting]\nmode: on\n",
    "Expected ']'": "[a]\n[posting\n",
    "Expected ']]'": "[a]\n[[accounts]\n",
    "Invalid statement": "[a]\n{}\n",
    "Invalid initial character": "[a]\na.= 1\n",
    "Cannot declare": "[posting]\n[posting]\n",
    "Cannot overwrite": '[posting]\nmode = "on"\nmode = "off"\n',
    "Duplicate inline table key": "[a]\nb = { c = 1, c = 2 }\n",
    "Unterminated string": '[a]\nb = """x',
    "Illegal character '\\n'": '[a]\nb = "x\n',
    "Unclosed array": "[a]\nb = [1 2]\n",
    "Unclosed inline table": "[a]\nb = { c = 1 d = 2 }\n",
    "Unescaped": '[a]\nb = "C:\\digests"\n',
}


@pytest.mark.parametrize("start", TOML_WORDS)
def test_each_mistake_in_toml_is_told_in_our_words_at_its_line(start: str, tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, SYNTAX[start])
    place, _, says = problem.partition(": ")
    assert says == TOML_WORDS[start]
    assert place.split(":")[0] in {"2", "3"}


def test_a_message_nobody_foresaw_is_still_told_in_our_words(tmp_path: Path) -> None:
    assert toml_words("Found a unicorn").startswith("this is not TOML")
    deep = "a = " + "[" * 5000 + "]" * 5000
    assert problems(tmp_path, deep) == [f"1:{len(deep) + 1}: {toml_words('nested too deeply')}"]


MISTAKES = [
    ("[posting]\nmod = 1", "2:1: posting.mod: unknown key; did you mean `mode`?"),
    ("[companny]", "1:1: companny: unknown section; did you mean [company]?"),
    ("[[account]]", "1:1: account: unknown section; did you mean [[accounts]]?"),
    ('mode = "on"', "1:1: mode: this key stands before any section; it belongs in [posting]"),
    ("x = 1", "1:1: x: this key stands before any section; it belongs in one of the sections"),
    (
        '[posting]\nupdate_within = "4h"',
        "2:1: posting.update_within: unknown key; it belongs in [response]",
    ),
    ('[company]\nfolder = "x"', "2:1: company.folder: unknown key; it belongs in [digest] or [secrets]"),
    (
        "[posting]\nzzz = 1",
        (
            "2:1: posting.zzz: unknown key; [posting] takes mode, hours, per_hour, per_person, per_thread, "
            "undo, look_after, give_up_after"
        ),
    ),
    (
        '[database]\npassword = "hunter2"',
        "2:1: database.password: a secret does not belong in the settings; take it out, and keep it as",
    ),
    (
        '[[accounts]]\nname = "a"\nconnector = "replay"\nfile = "x"',
        "4:1: accounts.1.file: unknown key; what the connector wants to know stands under",
    ),
    (
        '[[accounts]]\nname = "a"',
        '1:1: accounts.1.connector: is missing; every account needs one, like connector = "replay"',
    ),
    ("[[peple]]", "1:1: peple: unknown section; did you mean [[people]]?"),
    ("[[people]]\nteams = []", '1:1: people.1.name: is missing; every person needs one, like name = "Ana"'),
    (
        '[[people]]\nname = "Ana"\nrole = "aprover"',
        '3:8: people.1.role: "aprover" is not one of "agent", "approver" or "admin"; did you mean',
    ),
    (
        '[[people]]\nname = "Ana"\nage = 30',
        "3:1: people.1.age: unknown key; [[people]] takes name, role, teams",
    ),
    (
        '[people]\nname = "Ana"',
        "1:1: people: every person begins with [[people]], in two brackets on both sides",
    ),
    (
        '[posting]\nmode = "dryrun"',
        '2:8: posting.mode: "dryrun" is not one of "off", "dry-run" or "on"; did you mean "dry-run"?',
    ),
    (
        "[posting]\nmode = false",
        '2:8: posting.mode: false is not one of "off", "dry-run" or "on"; write it in quotes',
    ),
    (
        '[company]\nallow = "a"',
        '2:9: company.allow: this is a list; write it in brackets, like ["one", "two"]',
    ),
    (
        '[accounts]\nname = "a"',
        "1:1: accounts: every account begins with [[accounts]], in two brackets on both sides",
    ),
    (
        "accounts = [1]",
        "1:12: accounts.1: every account begins with [[accounts]], in two brackets on both sides",
    ),
    (
        "[[company]]",
        "1:1: company: this is a section; write [company] once, in single brackets, and its",
    ),
    (
        '[[accounts]]\nname = "a"\nconnector = "b"\noptions = 1',
        "4:11: accounts.1.options: options are a table; write [accounts.options] and the",
    ),
    ("[acme]", "1:1: acme: unknown section; there are " + ", ".join(f"[{name}]" for name in TABLES)),
]


@pytest.mark.parametrize(("text", "says"), MISTAKES)
def test_what_pydantic_finds_is_told_in_our_words(text: str, says: str, tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, text)
    assert problem.startswith(says)


def test_a_misspelt_key_is_not_reported_as_missing_as_well(tmp_path: Path) -> None:
    assert problems(tmp_path, '[[accounts]]\nname = "a"\nconnektor = "replay"') == [
        "3:1: accounts.1.connektor: unknown key; did you mean `connector`?"
    ]


names = st.sampled_from([*TABLES, *LISTS, "acme"])
keys = st.sampled_from([key for table in (*TABLES, *LISTS) for key in keys_of(table)])
plain = st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.dates() | st.times()
values = plain | st.lists(plain, max_size=2) | st.dictionaries(st.text(max_size=5), plain, max_size=2)
tables = st.dictionaries(keys | st.text(max_size=5), values, max_size=4)


@given(st.dictionaries(names, tables | values | st.lists(tables, max_size=2), max_size=3))
def test_whatever_stands_in_the_file_is_read_or_told_in_our_words(
    tmp_path_factory: pytest.TempPathFactory, table: dict[str, Any]
) -> None:
    file = tmp_path_factory.getbasetemp() / "whatever.toml"
    file.write_text("".join(f"{name} = {toml(value)}\n" for name, value in table.items()), encoding="utf-8")
    try:
        load(file, {})
    except SettingsError as error:
        for problem in error.problems:
            assert re.fullmatch(rf"{re.escape(str(file))}:\d+:\d+", problem.place)
            assert problem.key
            assert _anything((), 0, {}).partition(" is ")[2] not in problem.says
            assert "nput should" not in problem.says


def test_the_table_of_words_holds_what_can_occur_and_nothing_else() -> None:
    occurred = set()
    for text, _ in [*MISTAKES, ("[daemon]\ndeadline = 1", "")]:
        with pytest.raises(ValidationError) as caught:
            _reader().validate_python(tomllib.loads(text))
        occurred |= {error["type"] for error in caught.value.errors()}
    assert occurred == set(WORDS)
