"""Cue files prove themselves: what does not load is told with its file and line, all of it at once."""

import tomllib
from pathlib import Path

import pytest

import policies
from responder.policy.cue_files import load_cues
from responder.policy.cues import Hit, Kind
from responder.policy.tokens import Tokens
from responder.policy.vocabulary import Cues

OURS = Path(policies.__file__).parent
LANGUAGES = ("bg", "de", "en", "es", "fr", "hr", "sl", "sv")

GOOD = """
[language]
negators = ["not"]
numbers = { two = 2 }
days = ["day", "days"]

[[cue]]
id = "late"
tier = 1
points = 10
kind = "breach"
says = "late"
words = ["late", "no parcel"]
catches = ["it is late", "still no parcel"]
spares = ["see you later", "it is not late"]
"""


def write(folder: Path, text: str, language: str = "en") -> Path:
    path = folder / language / "cues.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def load(folder: Path, text: str) -> list[str]:
    path = write(folder, text)
    return [problem.removeprefix(f"{path}:") for problem in load_cues([folder])[1]]


def hits(cues: Cues, text: str, language: str | None = "en") -> list[Hit]:
    return cues.vocabulary(language).hits(Tokens(text))


@pytest.mark.slow
def test_our_own_files_have_no_problem_and_say_the_same_in_every_language() -> None:
    cues, problems = load_cues([OURS])
    assert problems == []
    assert cues.languages == LANGUAGES
    english = {cue.id: cue for cue in cues.vocabulary("en").cues}
    for language in LANGUAGES:
        found = {cue.id: cue for cue in cues.vocabulary(language).cues}
        assert list(found) == list(english), f"{language} is not complete"
        for name, cue in found.items():
            ours = english[name]
            said = (cue.tier, cue.points, cue.kind, cue.says)
            assert said == (ours.tier, ours.points, ours.kind, ours.says), (language, name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_little_words_and_says_nothing_twice(language: str) -> None:
    data = tomllib.loads((OURS / language / "cues.toml").read_text(encoding="utf-8"))
    little = data["language"]
    wanted = {
        "negators",
        "breakers",
        "turns",
        "numbers",
        "minutes",
        "hours",
        "days",
        "weeks",
        "months",
        "times",
    }
    assert set(little) == wanted
    assert all(little.values())
    for cue in data["cue"]:
        for key in ("words", "catches", "spares"):
            assert len(cue[key]) == len(set(cue[key])), f"{cue['id']}: one of its {key} stands twice"


def test_a_good_file_loads_and_its_cues_are_found(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    cues, problems = load_cues([tmp_path])
    assert problems == []
    (hit,) = hits(cues, "so late")
    assert (hit.cue.id, hit.cue.kind, hit.denied) == ("late", Kind.BREACH, False)
    assert [found.denied for found in hits(cues, "it was not late")] == [True]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("says = ", "sais = ", 12, "a cue: unknown key 'sais'; did you mean 'says'?"),
        ('says = "late"\n', "", 7, "says is missing"),
        ("tier = 1", "tier = 6", 9, "tier must be a whole number from 0 to 5"),
        ("tier = 1", "tier = true", 9, "tier must be a whole number from 0 to 5"),
        ("points = 10", "points = 1.5", 10, "points must be a whole number from -100 to 100"),
        ("points = 10", "points = -3", 10, "points is -3, but a cue of the kind breach must add points"),
        ('"breach"', '"rant"', 11, "kind is 'rant'; it must be one of harm, breach, need"),
        ('words = ["late", "no parcel"]', "words = []", 13, "words holds 0, and needs at least 1"),
        ('["late", ', '["!!", ', 13, "words: '!!' is not a word"),
        ('["late", ', '["la*", ', 13, "words: the stem 'la*' needs 3 to 40 letters"),
        ('["late", ', '["late ...", ', 13, "words: 'late ...' is open at one end"),
        ('["late", ', '["#", ', 13, "words: '#' is open at one end, or only a number"),
        ('["late", ', '["a b c d e f g h i", ', 13, "words: 'a b c d e f g h i' is too long"),
        (', "still no parcel"]', "]", 14, "catches holds 1, and needs at least 2"),
        (', "it is not late"]', "]", 15, "spares holds 1, and needs at least 2"),
        ('"it is late"', '"it is here"', 14, "the cue 'late' does not catch 'it is here'"),
        ('"see you later"', '"it is too late"', 15, "the cue 'late' does not spare 'it is too late'"),
        ('negators = ["not"]', 'negators = "not"', 3, "negators must be a list"),
        ("{ two = 2 }", '["two"]', 4, "numbers must be a table"),
        ("negators", "negations", 3, "[language]: unknown key 'negations'; did you mean 'negators'?"),
        ("[[cue]]", "[[cues]]", 7, "unknown key 'cues'; did you mean 'cue'?"),
        ("[[cue]]", "[[cue]", 7, "is not TOML"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, message: str
) -> None:
    assert old in GOOD
    problems = load(tmp_path, GOOD.replace(old, new))
    assert any(problem.startswith(f"{line}: {message}") for problem in problems), problems


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    broken = GOOD.replace("tier = 1", "tier = 9").replace('"breach"', '"rant"').replace('"not"', '"?"')
    write(tmp_path, GOOD + GOOD[GOOD.index("[[cue]]") :], "fr")
    path = write(tmp_path, broken)
    problems = load_cues([tmp_path])[1]
    assert len(problems) == 4
    assert sum(problem.startswith(f"{path}:") for problem in problems) == 3
    assert "the cue 'late' stands twice in this file" in problems[-1]


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, "")
    path.write_bytes(b"\n\xff")
    assert load_cues([tmp_path])[1][0].startswith(f"{path}:2: is not UTF-8 text")


@pytest.mark.parametrize("folders", [[], ["empty"]])
def test_no_cues_at_all_is_a_problem(tmp_path: Path, folders: list[str]) -> None:
    cues, problems = load_cues([tmp_path / name for name in folders])
    assert "there is no cue" in problems[0]
    assert hits(cues, "anything") == []


class TestACompanysFolder:
    def test_replaces_a_cue_by_id_and_words_by_key(self, tmp_path: Path) -> None:
        write(tmp_path / "ours", GOOD)
        own = (
            GOOD.replace('"late", ', '"tardy", ')
            .replace("it is late", "how tardy")
            .replace("points = 10", "points = 20")
        )
        write(tmp_path / "own", own.replace('negators = ["not"]', 'negators = ["never"]'))
        cues, problems = load_cues([tmp_path / "ours", tmp_path / "own"])
        assert problems == []
        assert [(hit.cue.points, hit.denied) for hit in hits(cues, "not tardy, never tardy")] == [
            (20, False),
            (20, True),
        ]
        assert hits(cues, "late") == []

    def test_adds_a_cue_and_a_language(self, tmp_path: Path) -> None:
        write(tmp_path / "ours", GOOD)
        write(tmp_path / "own", GOOD.replace('id = "late"', 'id = "tardy"'))
        write(tmp_path / "own", GOOD, "fi")
        cues, problems = load_cues([tmp_path / "ours", tmp_path / "own"])
        assert problems == []
        assert {hit.cue.id for hit in hits(cues, "late")} == {"late", "tardy"}
        assert cues.languages == ("en", "fi")

    def test_switches_a_cue_off_with_a_reason(self, tmp_path: Path) -> None:
        write(tmp_path / "ours", GOOD)
        off = '[[cue]]\nid = "late"\nenabled = false\n'
        path = write(tmp_path / "own", off)
        folders = [tmp_path / "ours", tmp_path / "own"]
        assert load_cues(folders)[1][0] == f"{path}:1: because is missing"
        write(tmp_path / "own", off + 'because = "we are never late"\n')
        write(tmp_path / "own", GOOD.replace('"late"', '"tardy"', 1), "fr")
        cues, problems = load_cues(folders)
        assert problems == []
        assert hits(cues, "late") == []

    def test_cannot_switch_off_what_is_not_there(self, tmp_path: Path) -> None:
        off = '[[cue]]\nid = "late"\nenabled = false\nbecause = "why not"\n'
        assert load(tmp_path, off) == ["2: there is no cue 'late' to switch off"]
