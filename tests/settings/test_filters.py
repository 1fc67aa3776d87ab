"""Saved views in the settings: each a filter that can be read, or a problem at its place."""

from pathlib import Path

import pytest

from responder.settings import SettingsError, load, show


def loaded(folder: Path, text: str) -> Path:
    """Write a file of settings and return it."""
    file = folder / "responder.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_views_are_kept_as_they_were_written(tmp_path: Path) -> None:
    file = loaded(tmp_path, "[views]\nmine = 'owner:me text:\"lost parcel\"'\nlate-3 = ' due:late '\n")
    settings = load(file, {})
    assert settings.views == {"mine": 'owner:me text:"lost parcel"', "late-3": "due:late"}
    shown = show(settings)
    assert "[views]" in shown
    assert load(loaded(tmp_path, shown), {}).views == settings.views


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            'late = "due:late teir:3"',
            "2:8: views.late: teir: is not known; did you mean tier? (at character 10",
        ),
        ("late = 3", "2:8: views.late: 3 is not a text"),
        ('late = ""', '2:8: views.late: "" finds every case'),
        ('"My view" = "due:late"', '2:1: views.My view: "My view" is not a name of 1 to 32 small letters'),
    ],
)
def test_a_view_that_cannot_be_used_is_told_with_its_line_and_key(
    tmp_path: Path, text: str, says: str
) -> None:
    file = loaded(tmp_path, f"[views]\n{text}\n")
    with pytest.raises(SettingsError) as caught:
        load(file, {})
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"{file}:{says}")


def test_views_are_no_list_and_not_of_the_environment(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load(loaded(tmp_path, 'views = ["due:late"]'), {"RESPONDER_VIEWS__LATE": "due:late"})
    assert [str(one).partition(": ")[2] for one in caught.value.problems] == [
        'views: views stand under [views], each as name = "filter"',
        "RESPONDER_VIEWS__LATE: means nothing to responder; views are set in the file alone",
    ]
