"""The journal is proven and handed out on the command line, and what strangers wrote stays data in it."""

import csv
import json
import stat
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import text
from syrupy.assertion import SnapshotAssertion

from responder.model.chain import START, Link, hash_of, mark_of
from responder.store.moves import record
from tests.cli.scene import ACTING, Scene
from tests.network import at

EVIL = '=cmd|"/C calc"!A0\x1b[2J\u202e\r\nnew'


def tampered(scene: Scene, *statements: str) -> None:
    """Change the journal as somebody would who owns the database."""
    with scene.store.engine.begin() as connection:
        for name in ("event_is_kept", "event_stays"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
        for statement in statements:
            connection.execute(text(statement))


def evil(scene: Scene) -> None:
    with scene.store.write() as connection:
        record(connection, [(1, EVIL, "edited", "+sam", {"before": EVIL})], at(70))


def test_a_sound_journal_is_said_to_be_so_with_the_head_to_note(scene: Scene) -> None:
    scene.call("approve", "c-1", "--draft", "1")
    said = scene.call("audit", "verify", answers="", width=200)
    assert said.code == 0
    assert said.out.startswith("The journal is as it was written: 15 events.\n")
    head = said.out.split("--expect ")[1].split()[0]
    assert scene.call("audit", "verify", "--expect", head).code == 0
    assert scene.call("audit", "verify", "--expect", f"{head[:16]}@15").code == 0


def test_a_changed_journal_reads_as_it_did(scene: Scene, snapshot: SnapshotAssertion) -> None:
    tampered(
        scene, "UPDATE event SET action = 'closed' WHERE seq = 3", "DELETE FROM event WHERE seq IN (6, 7)"
    )
    said = scene.call("audit", "verify", answers="")
    assert said.code == 7
    assert said.out == snapshot
    item = scene.call("audit", "verify", "--json").document["items"][0]
    assert not item["sound"]
    assert item["broken"][1] == "events 6 to 7 are missing"
    assert [row[0] for row in scene.call("audit", "verify").rows] == [
        "events",
        "erased",
        "head",
        *["broken"] * 2,
    ]


def test_a_tail_cut_off_with_its_head_is_found_by_what_was_noted(scene: Scene) -> None:
    head = scene.store.audit.head()
    assert head is not None
    tampered(
        scene,
        "DELETE FROM event WHERE seq > 9",
        "UPDATE journal_head SET seq = 9, hash = (SELECT hash FROM event WHERE seq = 9)",
    )
    assert scene.call("audit", "verify").code == 0
    said = scene.call("audit", "verify", "--expect", f"{head.hash}@{head.seq}")
    assert said.code == 7
    assert "is gone; the journal ends at 9" in said.out


@pytest.mark.parametrize("head", ["abc@3", "0" * 64, f"{'0' * 64}@0", f"{'x' * 64}@1", "@"])
def test_what_is_no_head_is_a_wrong_command_line(scene: Scene, head: str) -> None:
    said = scene.call("audit", "verify", "--expect", head)
    assert said.code == 2
    assert "is no head" in said.err


def test_every_hash_can_be_computed_from_the_export(scene: Scene) -> None:
    scene.call("approve", "c-1", "--draft", "1")
    evil(scene)
    before = START
    for line in scene.call("audit", "export").out.splitlines():
        one = json.loads(line)
        detail = json.dumps(one["detail"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        micros = int(one["at"][20:26])
        seconds = int(datetime.fromisoformat(one["at"]).replace(microsecond=0).timestamp())
        case = one["case"] and int(one["case"][2:])
        micros += seconds * 1_000_000
        link = Link(0, one["seq"], case, one["account"], micros, one["action"], one["by"],
                    detail, one["salt"], one["mark"], one["hash"])  # fmt: skip
        assert mark_of(link.salt, detail) == link.mark
        before = hash_of(before, one["seq"], link)
        assert before == link.hash


def test_who_approved_which_words_can_be_read_from_the_export(scene: Scene) -> None:
    scene.call("approve", "c-1", "--draft", "1", who="kim")
    lines = scene.call("audit", "export", "--case", "c-1").out.splitlines()
    approved = next(one for one in map(json.loads, lines) if one["action"] == "approved")
    shown = scene.call("show", "c-1", "--json").document["items"][0]["draft"]
    assert (approved["by"], approved["detail"]["text"]) == ("kim", shown["text"])
    assert {json.loads(line)["case"] for line in lines} == {"c-1"}


def test_no_cell_of_the_csv_acts(scene: Scene) -> None:
    evil(scene)
    out = scene.call("audit", "export", "--format", "csv").out
    assert not ACTING.search(out)
    rows = list(csv.DictReader(StringIO(out)))
    assert rows[-1]["account"].startswith("'=cmd")
    assert rows[-1]["by"] == "'+sam"
    assert not [cell for row in rows for cell in row.values() if cell[:1] in set("=+-@\t\r")]
    assert len(rows) == 15


def test_what_strangers_wrote_is_whole_in_the_lines_and_does_not_act(scene: Scene) -> None:
    evil(scene)
    for answers in (None, ""):
        out = scene.call("audit", "export", answers=answers).out
        assert not ACTING.search(out)
        assert json.loads(out.splitlines()[-1])["detail"] == {"before": EVIL}
    tampered(scene, "UPDATE event SET by = 'eve' WHERE seq = 14")
    assert not ACTING.search(scene.call("audit", "verify", answers="").out)


def test_since_is_a_day_of_our_calendar(scene: Scene) -> None:
    scene.now += timedelta(days=1)
    scene.call("pause")
    (line,) = scene.call("audit", "export", "--since", "2026-03-03").out.splitlines()
    assert json.loads(line)["action"] == "paused"
    assert scene.call("audit", "export", "--since", "soon").code == 2


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_a_file_of_it_is_for_its_owner_only_and_new(scene: Scene, tmp_path: Path, form: str) -> None:
    file = tmp_path / "journal"
    said = scene.call("audit", "export", "--format", form, "--output", str(file))
    assert (said.code, said.out, said.err) == (0, "", f"14 events in {file}\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text(encoding="utf-8") == scene.call("audit", "export", "--format", form).out
    again = scene.call("audit", "export", "--output", str(file))
    assert again.code == 2
    assert "already" in again.err


def test_erased_words_are_told_apart_from_empty_ones(scene: Scene) -> None:
    with scene.store.engine.begin() as connection:
        connection.execute(text("UPDATE event SET detail = '{}', salt = '' WHERE seq = 2"))
    first, second = map(json.loads, scene.call("audit", "export").out.splitlines()[:2])
    assert (first["detail"], first["erased"]) == ({}, False)
    assert (second["detail"], second["erased"]) == (None, True)
    assert "The words of 1 event were erased" in scene.call("audit", "verify", answers="").out


def test_the_help_says_what_it_is_for(empty: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    empty.call("audit", "--help")
    told = " ".join(capsys.readouterr().out.split())
    assert "export Print the journal" in told
    assert "verify Walk along the journal and name every event that was changed" in told
