"""Editing: a person's own words, checked at once, and never lost."""

import os
import re
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from responder.cli.editor import SCISSORS
from responder.model.case import Stage
from responder.model.draft import Origin
from tests.cli.scene import WARNED, Scene

GOOD = (
    "Hi Ana, we lost track of your parcel, and that's on us. I'm sorry. "
    "I'm tracing it now and will update you here within 4 hours."
)


@pytest.fixture
def typing(scene: Scene, tmp_path: Path) -> Callable[[str], Path]:
    """A way to have an editor that does what a line of Python says: `t` is the text of the file."""

    def set_up(does: str) -> Path:
        seen = tmp_path / "seen.txt"
        script = tmp_path / "my editor.py"
        script.write_text(
            "import pathlib, sys\np = pathlib.Path(sys.argv[1]); t = p.read_text(encoding='utf-8')\n"
            f"pathlib.Path({str(seen)!r}).write_text(t, encoding='utf-8')\n"
            f"{does}\np.write_text(t, encoding='utf-8')\n"
        )
        scene.environ = {"NO_COLOR": "1", "EDITOR": f"'{sys.executable}' '{script}'", "TMPDIR": str(tmp_path)}
        return seen

    return set_up


def text(scene: Scene) -> str:
    case = scene.store.casework.get(1)
    draft = scene.store.casework.draft(case)
    assert draft
    return draft.text


def test_words_that_are_given_become_the_next_draft_by_that_person(scene: Scene) -> None:
    said = scene.call("edit", "c-1", "--text", f"  {GOOD}\r\n", answers="", width=400)
    assert said.code == 0, said.err
    draft = scene.store.casework.draft(scene.store.casework.get(1))
    assert draft
    assert (draft.text, draft.number, draft.origin, draft.by) == (GOOD, 2, Origin.PERSON, "sam")
    assert "Stored as draft 2 of c-1." in said.out
    assert f"{len(GOOD)}/300 characters" in said.out
    assert "approve c-1" in said.words


def test_findings_are_shown_at_once(scene: Scene) -> None:
    said = scene.call("edit", "c-1", "--text", "Sorry if you feel bad.", answers="", width=400)
    assert said.code == 0
    assert "block" in said.out
    assert "It cannot be approved as it stands." in said.out
    rows = scene.call("edit", "c-1", "--text", "Sorry if you feel so bad.").rows
    assert rows[0][:4] == ["c-1", "edited by hand", "sam", "3"]
    assert rows[1][:2] == ["finding", "block"]


def test_words_come_from_a_file_or_a_pipe(scene: Scene, tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text(f"\ufeff{GOOD}\n", encoding="utf-8")
    assert scene.call("edit", "c-1", "--file", str(file)).code == 0
    assert text(scene) == GOOD
    assert scene.call("edit", "c-1", "--file", "-", piped=f"{GOOD} Promised.\n").code == 0
    assert text(scene) == f"{GOOD} Promised."


def test_the_same_words_or_none_change_nothing(scene: Scene) -> None:
    assert scene.call("edit", "c-1", "--text", text(scene)).code == 3
    assert scene.call("edit", "c-1", "--text", " \n").code == 3
    assert scene.store.casework.get(1).draft_number == 1


def test_words_cannot_be_given_twice(scene: Scene) -> None:
    assert scene.call("edit", "c-1", "--text", "a", "--file", "b").code == 2


def test_editing_ends_an_approval_and_says_so(scene: Scene) -> None:
    scene.call("approve", "c-1", "--draft", "1")
    said = scene.call("edit", "c-1", "--text", GOOD, answers="", width=200)
    assert "The approval of the words before is over." in said.out
    assert scene.store.casework.get(1).stage is Stage.WAITING


def test_only_a_draft_can_be_edited(scene: Scene) -> None:
    said = scene.call("edit", "c-5", "--text", GOOD)
    assert said.code == 6
    assert "set aside" in said.err


def test_the_editor_gets_the_words_and_below_a_line_what_one_should_know(
    scene: Scene, typing: Callable[[str], Path]
) -> None:
    seen = typing(f"t = {GOOD!r} + t[t.index({SCISSORS!r}) - 1:]")
    assert scene.call("edit", "c-4", "--text", WARNED).code == 0
    said = scene.call("edit", "c-4", answers="")
    assert said.code == 0, said.err
    words, _, notes = seen.read_text(encoding="utf-8").partition(SCISSORS)
    assert words.strip() == scene.store.views.card(4).drafts[1].text
    assert all(line.startswith("#") for line in notes.strip().splitlines())
    for part in ("300 characters", "warn: ", "@customer4 wrote", "Mein Paket ist seit zwei Wochen weg"):
        assert part in notes
    assert scene.store.views.card(4).drafts[2].text == GOOD


@pytest.mark.parametrize("does", ["", "t = ''", f"t = {SCISSORS!r}"])
def test_an_editor_that_changed_nothing_or_left_nothing_changes_nothing(
    scene: Scene, typing: Callable[[str], Path], does: str
) -> None:
    typing(does)
    assert scene.call("edit", "c-1", answers="").code == 3
    assert scene.store.casework.get(1).draft_number == 1


@pytest.mark.parametrize(
    ("does", "why"),
    [
        (f"t = 'My words\\n' + t.replace({SCISSORS!r}, '')", "the line with >8 is gone"),
        ("p.write_text('My words'); sys.exit(7)", "it ended with exit code 7"),
        (
            f"t = 'My words\\n' + t.replace({SCISSORS!r}, '') + '#   ' + {SCISSORS!r} + '\\n'",
            "the line with >8 is gone",  # and the customer's words hold another one
        ),
    ],
)
def test_what_cannot_be_taken_from_an_editor_is_kept_and_named(
    scene: Scene, typing: Callable[[str], Path], does: str, why: str
) -> None:
    typing(does)
    said = scene.call("edit", "c-1", answers="")
    assert said.code == 1
    assert why in said.err
    assert "My words" in kept(said.err).read_text(encoding="utf-8")


def test_an_editor_that_leaves_no_utf_8_is_told(scene: Scene, typing: Callable[[str], Path]) -> None:
    typing("p.write_bytes(b'caf\\xe9'); sys.exit()")
    said = scene.call("edit", "c-1", answers="")
    assert said.code == 1
    assert "is not text in UTF-8" in said.err


def test_ctrl_c_in_the_editor_loses_nothing(scene: Scene, typing: Callable[[str], Path]) -> None:
    typing(f"import os, signal, time; os.kill(os.getppid(), signal.SIGINT); time.sleep(0.1); t = {GOOD!r}")
    assert scene.call("edit", "c-1", answers="").code == 0
    assert text(scene) == GOOD


@pytest.mark.parametrize(("named", "code"), [("/no/such/editor", 1), ("'unclosed", 2)])
def test_an_editor_that_is_not_there_is_named(scene: Scene, named: str, code: int) -> None:
    scene.environ = {"VISUAL": named}
    said = scene.call("edit", "c-1", answers="")
    assert said.code == code
    assert "editor" in said.err.lower()


def test_without_a_terminal_no_editor_opens(scene: Scene) -> None:
    said = scene.call("edit", "c-1")
    assert said.code == 2
    assert "--text" in said.err


@pytest.mark.parametrize(
    ("hidden", "named"),
    [("\x07", "<U+0007>"), ("\u202e", "<U+202E>"), ("\u200b", "<U+200B>"), ("\udce9", "<U+DCE9>")],
)
def test_words_that_hide_something_are_not_stored_but_kept(scene: Scene, hidden: str, named: str) -> None:
    said = scene.call("edit", "c-1", "--text", f"{GOOD}{hidden}!")
    assert said.code == 1
    assert f"they hold something that cannot be seen, {named}." in said.err
    assert scene.store.casework.get(1).draft_number == 1
    assert kept(said.err).parent == scene.folder


def test_emoji_accents_and_tabs_are_as_good_as_letters(scene: Scene) -> None:
    assert scene.call("edit", "c-1", "--text", f"{GOOD}\t👨‍👩‍👧 ❤️ e\u0301").code == 0
    assert text(scene) == f"{GOOD} 👨‍👩‍👧 ❤️ e\u0301"


@pytest.mark.slow
def test_who_came_too_late_is_told_who_won_and_finds_the_words_on_the_case(
    scene: Scene, typing: Callable[[str], Path]
) -> None:
    call = ["--config", str(scene.config), "--as", "kim", "approve", "c-1", "--draft", "1"]
    typing(
        f"import subprocess; subprocess.call([sys.executable, '-m', 'responder', *{call!r}]); t = {GOOD!r}"
    )
    said = scene.call("edit", "c-1", answers="")
    assert said.code == 6
    assert "c-1 moved while you looked: kim approved it just now; it is approved now." in said.err
    assert "Your words are kept, also as a note on the case." in said.err
    assert kept(said.err).read_text(encoding="utf-8") == GOOD
    (note,) = scene.call("show", "c-1", "--json").document["items"][0]["notes"]
    assert (note["by"], note["note"]) == ("sam", f"an edit that came too late: {GOOD}")
    assert scene.store.casework.get(1).stage is Stage.APPROVED


def test_words_are_kept_when_they_cannot_be_stored(scene: Scene) -> None:
    (scene.folder / "r.db").chmod(stat.S_IRUSR)
    if os.access(
        scene.folder / "r.db", os.W_OK
    ):  # root may write anything: make the store refuse another way
        break_writes(scene)
    said = scene.call("edit", "c-1", "--text", GOOD)
    assert said.code != 0
    path = kept(said.err)
    assert path.read_text(encoding="utf-8") == GOOD
    assert path.stat().st_mode & 0o077 == 0


def test_words_from_a_file_stay_in_that_file(scene: Scene, tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text(GOOD, encoding="utf-8")
    break_writes(scene)
    said = scene.call("edit", "c-1", "--file", str(file))
    assert kept(said.err) == file


def break_writes(scene: Scene) -> None:
    """Let the database refuse every new draft."""
    with scene.store.write() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER no BEFORE INSERT ON draft BEGIN SELECT RAISE(FAIL, 'no'); END"
        )


def kept(err: str) -> Path:
    """Return the file that an error names."""
    match = re.search(r"--file (\S+)", err)
    assert match, err
    return Path(match[1])
