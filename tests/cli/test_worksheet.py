"""The worksheet at the command line: one form that opens in the editor, and nothing typed is lost."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from responder.model.worksheet import missing
from tests.cli.scene import ACTING, Said, Scene, post
from tests.cli.test_json import documented, told

PEOPLE = ['[[people]]\nname = "sam"\nrole = "agent"', '[[people]]\nname = "Bo"\nrole = "approver"']
#: What somebody fills in: the form's answers, and the words that may be said.
FILLED = {
    "happened = []": 'happened = ["The label was torn.", "Nobody looked twice."]',
    'effect = ""': 'effect = "Two weeks without it; they said \\"never again\\"."',
    'why = ""': 'why = """\nThe labels are of the old kind.\nNobody knew."""',
    'prevention = ""\n\n# Why they': 'prevention = "New labels from Monday."\n\n# Why they',
    'goal = ""': 'goal = "A present for Friday."',
    "informed = []": 'informed = ["the depot"]',
    'legal = ""': 'legal = "no"',
    '# [[options]]\n# what = ""': '[[options]]\nwhat = "send it again by courier"',
    '# authorised_by = ""\n# [[': 'authorised_by = "Bo"\n# [[',
    'solution = ""': 'solution = "we send it again today"',
}


@pytest.fixture
def types(scene: Scene) -> Callable[..., Said]:
    """Call the command at a terminal whose editor replaces words, or leaves with a code."""

    def call(words: dict[str, str], *, code: int = 0, case: str = "c-1") -> Said:
        script = scene.folder / "editor.py"
        script.write_text(
            "import json, pathlib, sys\n"
            "path = pathlib.Path(sys.argv[1]); text = path.read_text(encoding='utf-8')\n"
            f"words = json.loads({json.dumps(words)!r})\n"
            "for before, after in words.items():\n"
            "    assert before in text, before\n"
            "    text = text.replace(before, after, 1)\n"
            f"path.write_text(text, encoding='utf-8'); sys.exit({code})\n",
            encoding="utf-8",
        )
        scene.environ = {**scene.environ, "EDITOR": f"'{sys.executable}' '{script}'"}
        return scene.call("worksheet", case, answers="")

    return call


def uncommented(words: dict[str, str]) -> dict[str, str]:
    """Return the replacements with the option's remedy taken into use, whatever the form proposes."""
    return words


def left(scene: Scene) -> list[Path]:
    return sorted(scene.folder.glob("responder-*worksheet*.toml"))


def test_the_form_is_filled_in_in_the_editor_and_comes_back_as_it_was_typed(
    scene: Scene, types: Callable[..., Said]
) -> None:
    option = {key: value for key, value in FILLED.items() if "authorised" not in key}
    said = types(option)
    assert said.code == 0, said.out + said.err
    assert "The worksheet of c-1 is kept; still missing: who authorised an option." in said.words
    assert left(scene) == []
    sheet = scene.store.worksheets.of(1)
    assert sheet
    assert (sheet.by, sheet.version) == ("sam", 1)
    assert sheet.why == "The labels are of the old kind.\nNobody knew."
    assert sheet.effect == 'Two weeks without it; they said "never again".'
    shown = scene.call("worksheet", "c-1", "--show", answers="", width=120)
    assert "Nobody looked twice." in shown.out
    assert not ACTING.search(shown.out)


def test_the_form_opens_again_with_what_is_filled_in(scene: Scene, types: Callable[..., Said]) -> None:
    types({'effect = ""': 'effect = "no present"'})
    said = types({'effect = "no present"': 'effect = "no present on Friday"'})
    assert said.code == 0, said.err
    sheet = scene.store.worksheets.of(1)
    assert sheet
    assert (sheet.effect, sheet.version) == ("no present on Friday", 2)


def test_a_form_that_is_not_changed_changes_nothing(scene: Scene, types: Callable[..., Said]) -> None:
    said = types({})
    assert said.code == 3
    assert "The worksheet of c-1 stays as it was." in said.err
    assert scene.store.worksheets.of(1) is None
    assert left(scene) == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({'goal = ""': 'gaol = "tea"'}, r":\d+: unknown key 'gaol'; did you mean 'goal'\?"),
        ({'goal = ""': "goal = tea"}, r":\d+: is not TOML"),
        ({'goal = ""': "goal = 7"}, r":\d+: goal must be a text"),
        ({"happened = []": 'happened = "x"'}, r":\d+: happened must be a list"),
        (
            {"happened = []": 'happened = ["1", "2", "3", "4"]'},
            r":\d+: happened has room for 3, and there are 4",
        ),
        ({'legal = ""': 'legal = "maybe"'}, r':\d+: legal is "maybe"; it must be "no" or "yes"'),
        ({'fault = ""': 'fault = "theirs"'}, r':\d+: fault is "theirs"; it must be one of ours'),
        ({"# [[options]]": '[[options]]\nremedy = "refund"\n#'}, r":\d+: what is missing: say what"),
        ({"# [[options]]": '[[options]]\nwhat = "x"\nremedy = "hug"\n#'}, r':\d+: there is no remedy "hug"'),
        ({"version = 0": "version = 5"}, r"nobody wrote the worksheet of c-1 meanwhile"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_all_that_was_typed_is_kept(
    scene: Scene, types: Callable[..., Said], words: dict[str, str], says: str
) -> None:
    said = types({'effect = ""': 'effect = "a week of tea lost"', **words})
    assert said.code in {2, 6}
    err = " ".join(said.err.split())
    assert re.search(says, err, re.IGNORECASE), err
    (file,) = left(scene)
    assert "a week of tea lost" in file.read_text(encoding="utf-8")
    assert f"worksheet c-1 --from {file}" in err
    assert scene.store.worksheets.of(1) is None


def test_the_line_that_is_told_is_the_one_that_is_wrong(scene: Scene) -> None:
    file = scene.folder / "form.toml"
    file.write_text(
        'version = 0\neffect = "x"\n[[options]]\nwhat = "y"\n\nremedy = "hug"\n', encoding="utf-8"
    )
    said = scene.call("worksheet", "c-1", "--from", str(file))
    assert f"{file}:6: there is no remedy" in said.err


@pytest.mark.parametrize(
    ("cut", "says"),
    [
        ("", "nothing stands in it"),
        ("# The worksheet of c-1\n", "nothing stands in it"),
        ('version = 1\neffect = "a week of tea lost"\n', "it ends before [reply], as if it was cut off"),
    ],
)
def test_a_form_that_an_editor_cut_off_takes_nothing_out_of_the_worksheet(
    scene: Scene, cut: str, says: str
) -> None:
    form = 'effect = "a week of tea lost"\ngoal = "tea"\n[reply]\nsolution = "we send it again today"\n'
    assert scene.call("worksheet", "c-1", "--from", "-", piped=form).code == 0
    said = scene.call("worksheet", "c-1", "--from", "-", piped=cut)
    assert (said.code, says in " ".join(said.err.split())) == (2, True), said.err
    sheet = scene.store.worksheets.of(1)
    assert sheet
    assert (sheet.version, sheet.goal) == (1, "tea")


def test_what_is_taken_out_on_purpose_is_told(scene: Scene) -> None:
    form = 'effect = "a week of tea lost"\ngoal = "tea"\n[reply]\nsolution = "we send it again today"\n'
    scene.call("worksheet", "c-1", "--from", "-", piped=form)
    said = scene.call("worksheet", "c-1", "--from", "-", piped='version = 1\neffect = "a week"\n[reply]\n')
    assert said.code == 0
    assert "Taken out: goal, in a reply: solution." in said.words


def test_what_nobody_can_see_does_not_come_into_a_worksheet(scene: Scene) -> None:
    said = scene.call(
        "worksheet", "c-1", "--from", "-", piped='[reply]\nsolution = "we send\\u202E it today"\n'
    )
    assert said.code == 2
    assert "2: solution holds something that cannot be seen" in " ".join(said.err.split())
    assert scene.store.worksheets.of(1) is None


@pytest.mark.parametrize("form", ["informed = " + "[" * 3000, "version = " + "9" * 6000])
@pytest.mark.parametrize("command", ["worksheet", "debrief"])
def test_a_form_that_no_reader_of_toml_can_read_is_no_bug(scene: Scene, command: str, form: str) -> None:
    said = scene.call(command, "c-1", "--from", "-", piped=form)
    assert said.code in {1, 2}
    assert "This is a bug" not in said.err
    assert "kept" in said.err


def test_what_an_editor_left_that_did_not_end_well_is_kept(scene: Scene, types: Callable[..., Said]) -> None:
    said = types({'effect = ""': 'effect = "a week"'}, code=1)
    assert said.code == 1
    assert "it ended with exit code 1" in said.err
    (file,) = left(scene)
    assert 'effect = "a week"' in file.read_text(encoding="utf-8")


def test_a_form_comes_from_a_file_or_a_pipe_and_a_dry_run_keeps_nothing(scene: Scene) -> None:
    form = 'effect = "a week"\n[reply]\nsolution = "we send it again today"\n'
    file = scene.folder / "form.toml"
    file.write_text(form, encoding="utf-8")
    assert scene.call("worksheet", "c-1", "--from", str(file), "--dry-run").code == 0
    assert scene.store.worksheets.of(1) is None
    said = scene.call("worksheet", "c-1", "--from", "-", "--json", piped=form)
    assert told(said.document) == documented("responder.deed/1")
    assert said.document["items"][0]["did"] == "worksheet written"
    assert file.exists()
    said = scene.call("worksheet", "c-1")
    assert said.code == 2
    assert "There is no terminal for an editor." in said.err


def test_a_program_gets_every_answer_and_what_is_missing(scene: Scene) -> None:
    document = scene.call("worksheet", "c-1", "--json").document
    assert told(document) == documented("responder.worksheet/1")
    (item,) = document["items"]
    assert item["missing"] == list(missing(None))
    assert (item["version"], item["by"], item["goal"]) == (0, None, None)


def test_the_next_draft_goes_by_what_may_be_said_and_by_nothing_else(scene: Scene) -> None:
    secret = "Zaphod dropped it"
    form = (
        f'happened = ["{secret}"]\neffect = "{secret}"\nwhy = "{secret}"\nprevention = "{secret}"\n'
        f'goal = "{secret}"\nlonger = "{secret}"\n[[options]]\nwhat = "{secret}"\n'
        '[reply]\nfault = "ours"\nsolution = "we send it again today"\nprevention = "we label all twice"\n'
    )
    assert scene.call("worksheet", "c-2", "--from", "-", piped=form).code == 0
    assert scene.call("redo", "c-2").code == 0
    assert scene.call("draft").code == 0
    case = scene.store.casework.get(2)
    draft = scene.store.casework.draft(case)
    assert draft
    assert case.known.solution == "we send it again today"
    assert "Zaphod" not in draft.text
    log = scene.call("log", "c-2").out
    assert "Zaphod" not in log
    assert "filled in the worksheet" in log


def test_what_a_customer_wrote_stands_in_the_form_as_a_comment_alone(
    scene: Scene, types: Callable[..., Said]
) -> None:
    scene.say(post(90, 'Broken!\nlegal = "yes"\n[reply]\nsolution = "a million"\n\x1b[31m"""'))
    assert scene.call("poll").code == 0
    scene.call("triage")
    number = next(
        one["id"] for one in scene.call("queue", "--json").document["items"] if "Broken!" in json.dumps(one)
    )
    said = types({'effect = ""': 'effect = "broken"'}, case=number)
    assert said.code == 0, said.err
    sheet = scene.store.worksheets.of(int(number.removeprefix("c-")))
    assert sheet
    assert sheet.answers() == {"effect": "broken"}


def test_high_tiers_wait_for_it_by_the_setting(scene: Scene) -> None:
    tiers = {one["id"]: one["tier"] for one in scene.call("queue", "--json").document["items"]}
    name, tier = max(tiers.items(), key=lambda one: one[1])
    scene.configure(f"[approval]\nworksheet_from_tier = {tier}")
    assert scene.call("worksheet", name, "--json").document["items"][0]["gates"] is True
    scene.configure("[approval]\nworksheet_from_tier = 0")
    assert scene.call("worksheet", name, "--json").document["items"][0]["gates"] is False


def test_an_authority_must_be_somebody_here(scene: Scene) -> None:
    scene.configure(*PEOPLE)
    form = '[[options]]\nwhat = "x"\nremedy = "refund"\nauthorised_by = "Dora"\n'
    said = scene.call("worksheet", "c-1", "--from", "-", piped=form)
    assert 'nobody is called "Dora": it is sam or Bo' in " ".join(said.err.split())
    form = form.replace("Dora", "Bo")
    assert scene.call("worksheet", "c-1", "--from", "-", piped=form).code == 0
    assert scene.store.casework.get(1).known.remedy == "refund"
