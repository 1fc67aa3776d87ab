"""Searching the archive and writing a case as a document, at the command line."""

from pathlib import Path

import pytest

from tests.cli.scene import Scene
from tests.cli.test_json import documented, told

NASTY = "<script>alert(1)</script> **bold** \x1b[31mred \u202eback [x](https://bad.example) parcel"


def test_words_are_found_in_what_was_said_with_their_case_and_day(scene: Scene) -> None:
    said = scene.call("search", "paket", answers="", width=100)
    assert said.code == 0, said.err
    assert "wrote" in said.out
    assert "never to prove a customer wrong" in said.words
    document = scene.call("search", "paket", "--json").document
    assert told(document) == documented("responder.search/1")
    assert {one["kind"] for one in document["items"]} == {"said"}
    assert all("paket" in one["text"].lower() for one in document["items"])


def test_a_note_is_found_and_only_where_it_is_looked_for(scene: Scene) -> None:
    assert scene.call("note", "c-4", "The driver Émile knows the house.").code == 0
    assert [row[:2] for row in scene.call("search", "emile").rows] == [["c-4", "noted"]]
    assert scene.call("search", "emile", "--in", "said").rows == []
    assert scene.call("search", "emile", "--case", "c-5").rows == []
    said = scene.call("search", "nothinglikeit", answers="")
    assert (said.code, "Nothing was found" in said.words) == (0, True)


@pytest.mark.parametrize("asked", [[], ["!!!"], ["--", "-sofa"]])
def test_without_a_word_it_is_said_what_to_type(scene: Scene, asked: list[str]) -> None:
    said = scene.call("search", *asked)
    assert said.code == 2
    assert "There is no word to look for." in said.err


def test_a_case_is_written_as_a_document(scene: Scene, tmp_path: Path) -> None:
    scene.call("note", "c-4", "The driver knows the house.")
    for name, begins in (("case.md", "**c-4"), ("case.html", "<!doctype html>"), ("case.txt", "c-4: ")):
        said = scene.call("export", "c-4", "--out", str(tmp_path / name))
        assert said.code == 0, said.err
        written = (tmp_path / name).read_text(encoding="utf-8")
        assert written.startswith(begins)
        for title in ("Where it stands", "What they wrote", "What happened"):
            assert title.lower() in written.lower()
        assert "The driver knows the house." in " ".join(written.split())
    said = scene.call("export", "c-4", "--out", str(tmp_path / "case.pdf"))
    assert (said.code, "does not tell which format" in said.err) == (2, True)
    said = scene.call("export", "c-4", "--json")
    assert (said.code, "A document is no JSON" in said.err + said.out) == (2, True)


def test_what_was_prepared_granted_followed_and_learned_is_found_and_in_the_document(
    scene: Scene, tmp_path: Path
) -> None:
    scene.configure('undo = "0s"', mode="on")
    sheet, form = tmp_path / "sheet.toml", tmp_path / "debrief.toml"
    sheet.write_text('happened = ["the lorry stood in Ulm"]\ngoal = "a lamp for Žana"\n', encoding="utf-8")
    form.write_text(
        'happened = "nobody looked"\ncaught = "at the gate"\nchange = "a second look"\n'
        '[[actions]]\nwhat = "hang up a list"\nowner = "kim"\ndue = 2026-03-20\n',
        encoding="utf-8",
    )
    assert scene.call("worksheet", "c-2", "--from", str(sheet)).code == 0
    assert scene.call("remedy", "c-2", "repair", "--note", "the lamp's foot").code == 0
    assert scene.call("approve", "c-2", "--draft", "1").code == 0
    assert scene.call("post").code == 0
    assert scene.call("follow-up", "c-2", "call", "--said", "She is glad of it.").code == 0
    assert scene.call("debrief", "c-2", "--from", str(form)).code == 0
    assert [row[1] for row in scene.call("search", "zana").rows] == ["prepared"]
    assert [row[1] for row in scene.call("search", "glad").rows] == ["followed"]
    assert [row[1] for row in scene.call("search", "second", "look").rows] == ["learned"]
    written = " ".join(scene.call("export", "c-2").out.split())
    for words in (
        "What we knew before we spoke to them", "the lorry stood in Ulm", "What we learned", "nobody looked",
        "hang up a list", "kim by 2026-03-20", ": not done yet.", "repair is granted", "What followed",
        "She is glad of it.",
    ):  # fmt: skip
        assert words in written


@pytest.mark.parametrize("form", ["md", "html", "text"])
def test_what_a_stranger_wrote_is_no_markup_and_no_terminal_code(scene: Scene, form: str) -> None:
    scene.call("note", "c-4", NASTY)
    written = scene.call("export", "c-4", "--format", form).out
    assert "\x1b" not in written
    assert "\u202e" not in written
    if form != "text":
        assert "<script>" not in written
    if form == "md":
        assert "**bold**" not in written
        assert "[x](" not in written
