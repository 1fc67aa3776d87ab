"""A form as a commented TOML file: what is printed is read back, and each mistake is told with its place."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.cli.form_file import Field, FormError, Kind, missing, parsed, printed
from responder.model.visible import visible

_FIELDS = (
    Field(key="what", help="What happened, in three lines.", needed=True),
    Field(key="goal", help="What they came for.", kind=Kind.LINE),
    Field(key="legal", help="Whether a lawyer should read it.", kind=Kind.FLAG),
    Field(key="day", help="When it began.", kind=Kind.DAY),
    Field(key="who", help="Who knows.", kind=Kind.TEXTS),
    Field(
        key="steps",
        help="What changes.",
        kind=Kind.ROWS,
        fields=(
            Field(key="what", help="In a few words.", kind=Kind.LINE),
            Field(key="due", help="By when.", kind=Kind.DAY),
        ),
    ),
)
_EMPTY = {"what": "", "goal": "", "legal": False, "day": None, "who": (), "steps": ()}


def _wrong(text: str) -> tuple[str, ...]:
    with pytest.raises(FormError) as raised:
        parsed(text, _FIELDS, "form.toml")
    return raised.value.problems


def test_an_empty_form_is_printed_with_its_questions_and_read_back_empty() -> None:
    text = printed(_FIELDS, {}, "The form of c-7.")
    assert text.startswith("# The form of c-7.\n")
    for one in _FIELDS:
        assert f"# {one.help}" in text
    assert parsed(text, _FIELDS, "form.toml") == _EMPTY


_texts = (
    st.text(max_size=60).map(lambda said: said.replace("\r", "")).filter(lambda said: visible(said) == said)
)
_lines = _texts.map(lambda said: " ".join(said.split()))


@given(
    what=_texts.map(lambda said: said.strip("\n").rstrip()),
    goal=_lines,
    legal=st.booleans(),
    day=st.none() | st.dates(),
    who=st.lists(_lines.filter(bool), max_size=3).map(tuple),
    steps=st.lists(
        st.fixed_dictionaries({"what": _lines.filter(bool), "due": st.none() | st.dates()}), max_size=3
    ).map(tuple),
)
def test_whatever_people_typed_comes_back_as_it_was(**filled: Any) -> None:
    assert parsed(printed(_FIELDS, filled), _FIELDS, "form.toml") == filled


def test_a_file_that_is_no_toml_is_told_with_its_line() -> None:
    assert _wrong("what = 'x'\ngoal = hello\n")[0].startswith("form.toml:2: this cannot be read: ")


def test_an_unknown_key_is_told_with_its_line_and_the_nearest_one() -> None:
    assert _wrong("what = 'x'\n\ngaol = 'y'\n") == (
        "form.toml:3: gaol: is no field of this form; did you mean goal?",
    )


def test_every_wrong_value_is_told_at_once_with_what_is_expected() -> None:
    text = 'goal = 3\nday = "soon"\nlegal = "yes"\n[[steps]]\nwhat = "a"\n[[steps]]\nwhat = "b"\ndue = 7\n'
    assert _wrong(text) == (
        'form.toml:1: goal: must be words on one line: "..."',
        "form.toml:3: legal: must be true or false",
        "form.toml:2: day: must be a day: 2026-03-02",
        "form.toml:8: steps.2.due: must be a day: 2026-03-02",
    )


def test_a_field_twice_or_words_that_never_end_are_told_and_not_guessed_at() -> None:
    assert _wrong("goal = 'x'\ngoal = 'y'\n")[0].startswith("form.toml:2:")
    assert _wrong("what = '''\nthey wrote\n")[0].startswith("form.toml:")


def test_words_with_three_quotes_and_with_marks_that_move_the_cursor_are_safe_to_print() -> None:
    filled = _EMPTY | {"what": "they said '''no''' and \\n \"\"\"yes\"\"\""}
    assert parsed(printed(_FIELDS, filled), _FIELDS, "form.toml") == filled
    assert _wrong('goal = "a\\u001b[31mb"')[0].endswith("holds something that cannot be seen; type it again")


def test_what_is_missing_is_told_and_is_no_mistake() -> None:
    assert [one.key for one in missing(_FIELDS, _EMPTY)] == ["what"]
    assert missing(_FIELDS, _EMPTY | {"what": "x", "day": date(2026, 3, 2)}) == []
