"""Debriefs at the command line: one form, of which nothing is lost, and actions that come back."""

import sys
from pathlib import Path

import pytest

from tests.cli.scene import Scene
from tests.cli.test_json import documented, told
from tests.network import at

FORM = """
happened = '''
We took the money twice.
'''
caught = "A check at the till."
change = "The till asks before it books again."
words = "We said four hours and meant it."

[[actions]]
what = "let the till ask"
owner = "ana"
due = 2026-03-10
[[actions]]
what = "tell the shops"
owner = "bo"
due = 2026-03-20
"""


@pytest.fixture
def answered(scene: Scene) -> Scene:
    """A scene in which c-2 was answered."""
    scene.configure('undo = "0s"', mode="on")
    assert scene.call("approve", "c-2", "--draft", "1").code == 0
    assert scene.call("post").code == 0
    return scene


@pytest.fixture
def form(answered: Scene) -> Path:
    path = answered.folder / "form.toml"
    path.write_text(FORM, encoding="utf-8")
    return path


def test_a_form_is_taken_from_a_file_and_its_actions_come_back_until_done(
    answered: Scene, form: Path
) -> None:
    said = answered.call("debrief", "c-2", "--from", str(form), answers="")
    assert said.code == 0, said.err
    assert "The debrief of c-2 is written, with 2 actions. When one is done:" in said.words
    document = answered.call("debriefs", "--json").document
    assert told(document) == documented("responder.debriefs/1")
    assert [one["owner"] for one in document["items"][0]["actions"]] == ["ana", "bo"]
    answered.now = at(10 * 24 * 60)
    shown = answered.call("debriefs", answers="", width=120)
    assert "let the till ask (ana, by 10 Mar 2026) (late)" in shown.words
    digest = answered.call("digest", answers="", width=120).words
    assert "tell the shops (bo, Fri" in digest
    assert answered.call("debrief", "c-2", "--done", "1").code == 0
    assert answered.call("debrief", "c-2", "--done", "2").code == 0
    assert answered.call("debriefs").out == ""
    whole = answered.call("debrief", "c-2", "--show", answers="", width=120).words
    assert "We took the money twice." in whole
    assert "let the till ask (ana, by 10 Mar 2026) (done)" in whole
    assert answered.call("debriefs", "--all").rows[0][:2] == ["c-2", "written"]


def test_themes_of_a_month_tell_what_came_back(answered: Scene, form: Path) -> None:
    answered.call("debrief", "c-2", "--from", str(form))
    document = answered.call("debriefs", "--themes", "--json").document
    assert told(document) == documented("responder.debrief-themes/1")
    assert answered.call("debriefs", "--themes", "--month", "2026-03").rows == [
        ["2026-03", "refund", "1", "0", "2", "2"]
    ]
    assert answered.call("debriefs", "--themes", "--month", "2026-04").rows == []


@pytest.mark.slow
def test_a_grave_case_is_to_be_talked_over_when_it_is_closed(scene: Scene) -> None:
    scene.configure('undo = "0s"', mode="on")
    scene.call("approve", "c-3", "--draft", "1")
    scene.call("post")
    for one in scene.store.promises.owed():
        scene.call("promise", one.name, "--kept")
    scene.call("fixed", "c-3")
    for kind in ("check", "quality", "closing"):
        assert scene.call("follow-up", "c-3", kind, "--done").code == 0
    for one in scene.store.promises.owed():
        scene.call("promise", one.name, "--kept")
    scene.now = at(12 * 24 * 60)
    scene.call("daemon", "--once")
    assert scene.call("debriefs").rows == [["c-3", "due", "grave", "5", "safety", "0", "0"]]
    assert "talked over with the team" in scene.call("digest", answers="", width=120).words
    assert "It is to be talked over with the team: grave." in scene.call("log", "c-3", answers="").words


def test_the_editor_opens_with_the_questions_and_again_with_what_stands_there(
    answered: Scene, tmp_path: Path
) -> None:
    script, seen = tmp_path / "my editor.py", tmp_path / "seen.toml"
    script.write_text(
        "import pathlib, sys\np = pathlib.Path(sys.argv[1]); t = p.read_text(encoding='utf-8')\n"
        f"pathlib.Path({str(seen)!r}).write_text(t, encoding='utf-8')\n"
        "for key in ('happened', 'caught', 'change'):\n"
        "    t = t.replace(f\"{key} = '''\\n\", f\"{key} = '''\\nMore of it.\\n\")\n"
        "p.write_text(t, encoding='utf-8')\n"
    )
    answered.environ = {"NO_COLOR": "1", "EDITOR": f"'{sys.executable}' '{script}'", "TMPDIR": str(tmp_path)}
    assert answered.call("debrief", "c-2", answers="").code == 0
    assert "# Where could we have caught it earlier?" in seen.read_text(encoding="utf-8")
    assert "never who is guilty" in seen.read_text(encoding="utf-8")
    assert answered.call("debrief", "c-2", answers="").code == 0
    assert "More of it." in seen.read_text(encoding="utf-8")
    assert answered.store.debriefs.get(2).answers["caught"] == "More of it.\nMore of it."
    assert list(tmp_path.glob("responder-debrief-*")) == []


def test_two_who_write_it_at_once_do_not_overwrite_each_other_not_even_from_the_file_that_was_kept(
    answered: Scene,
) -> None:
    theirs = f'version = "none"\n{FORM}'
    assert answered.call("debrief", "c-2", "--from", "-", piped=theirs).code == 0
    mine = theirs.replace("We took the money twice.", "The till was slow.")
    first, again = (answered.call("debrief", "c-2", "--from", "-", piped=mine) for _ in range(2))
    assert (first.code, again.code) == (6, 6)
    assert "was written by sam meanwhile" in again.err
    assert answered.store.debriefs.get(2).answers["happened"] == "We took the money twice."
    version = again.err.split('version = "')[1].split('"')[0]
    mended = mine.replace('"none"', f'"{version}"')
    assert answered.call("debrief", "c-2", "--from", "-", piped=mended).code == 0
    assert answered.store.debriefs.get(2).answers["happened"] == "The till was slow."


def test_a_form_that_is_wrong_is_told_line_by_line_and_kept(answered: Scene) -> None:
    said = answered.call(
        "debrief", "c-2", "--from", "-", piped=FORM.replace("caught", "caugt").replace("2026-03-10", '"soon"')
    )
    assert said.code == 1
    assert "the form:5: caugt: is no field of this form; did you mean caught?" in said.err
    assert "the form:12: actions.1.due: must be a day: 2026-03-02" in said.err
    (kept,) = answered.folder.glob("responder-debrief-c-2-*.toml")
    assert "caugt" in kept.read_text(encoding="utf-8")
    assert str(kept) in said.err


def test_what_is_missing_is_told(answered: Scene) -> None:
    said = answered.call("debrief", "c-2", "--from", "-", piped='[[actions]]\nwhat = "x"\n')
    assert "the form: actions.1: needs what, owner and due" in said.err
    assert said.err.count("is empty") == 3


@pytest.mark.parametrize(
    ("tokens", "says"),
    [
        (["debrief", "c-1", "--from", "FORM"], "c-1 was not answered yet"),
        (["debrief", "c-1", "--show"], "c-1 has no debrief"),
        (["debrief", "c-2", "--show", "--done", "1"], "Say one thing"),
        (["debrief", "c-2", "--from", "nowhere.toml"], "nowhere.toml"),
        (["debrief", "c-2"], "There is no terminal for an editor."),
        (["debriefs", "--month", "2026-03"], "A month goes with --themes."),
        (["debriefs", "--themes", "--month", "March"], "'March' is no month."),
    ],
)
def test_what_cannot_be_done_is_told(answered: Scene, form: Path, tokens: list[str], says: str) -> None:
    said = answered.call(*(str(form) if one == "FORM" else one for one in tokens))
    assert said.code != 0
    assert says in " ".join(said.err.split())


def test_a_rehearsal_writes_nothing(answered: Scene, form: Path) -> None:
    assert answered.call("debrief", "c-2", "--from", str(form), "--dry-run").code == 0
    assert answered.store.debriefs.since() == []
