"""The demo: repeatable, in its own folder, never twice, and over in seconds."""

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest

from responder.cli.app import run
from responder.cli.demo import cases, feed
from responder.cli.demo.place import Place
from responder.cli.failures import Trouble
from responder.cli.screen import Streams
from responder.model.case import Case, Stage
from responder.model.draft import Draft
from responder.store.store import Store
from tests.cli.scene import ACTING, Said, Terminal
from tests.desk import seen, waiting
from tests.network import START, mention

NOW = START


def shown(
    folder: Path, *, terminal: bool = False, width: int = 80, environ: dict[str, str] | None = None
) -> Said:
    """Run the demo in `folder`/demo."""
    kind = Terminal if terminal else StringIO
    out, err = kind(), kind()
    streams = Streams(out, err, kind(), {"TERM": "xterm", "COLUMNS": str(width), **(environ or {})})
    code = run(["demo", "--folder", str(folder / "demo")], streams, lambda: NOW)
    return Said(code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Said]:
    """A demo that has run, with its folder; not to be changed."""
    folder = tmp_path_factory.mktemp("a folder")
    return folder / "demo", shown(folder)


def outbox(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (folder / "outbox.jsonl").read_text(encoding="utf-8").splitlines()]


def test_it_tells_the_whole_story(told: tuple[Path, Said]) -> None:
    folder, said = told
    assert said.code == 0, said.err
    assert said.err == ""
    scenes = [
        "1  Listening",
        "2  The queue",
        "3  One card",
        "4  One yes",
        "5  Noon",
        "6  The digest",
        "Now you",
    ]
    places = [said.out.index(scene) for scene in scenes]
    assert places == sorted(places)
    assert f"--config '{folder / 'responder.toml'}' review\n" in said.out
    assert f"--config '{folder / 'responder.toml'}' queue\n" in said.out


def test_it_can_be_read_on_a_small_terminal(told: tuple[Path, Said]) -> None:
    lines = told[1].out.splitlines()
    commands = [line for line in lines if "--config" in line]
    assert all(len(line) <= 80 for line in lines if line not in commands)
    assert len(lines) <= 160
    assert not ACTING.search(told[1].out)


def test_one_reply_is_posted_and_none_whose_complaint_changed(told: tuple[Path, Said]) -> None:
    folder, said = told
    sent = outbox(folder)
    noon = feed.rows(feed.packaged(), feed.NOON, NOW)
    changed = cases.to_be_changed(noon)
    assert len(sent) == 1
    assert len(changed) == 2
    assert {one["in_reply_to"] for one in sent}.isdisjoint(changed)
    assert "was removed by its author. The approval is over" in said.words
    assert "was edited: " in said.words
    assert "none of them twice" in said.words
    assert "the kept figures are right" in said.words


def test_what_it_leaves_can_be_worked_on(told: tuple[Path, Said]) -> None:
    out, err = StringIO(), StringIO()
    tokens = ["--config", str(told[0] / "responder.toml"), "queue", "--json"]
    assert run(tokens, Streams(out, err, StringIO(), {}), lambda: NOW) == 0
    assert len(json.loads(out.getvalue())["items"]) == 20


@pytest.mark.slow
def test_it_can_be_run_again_and_again(tmp_path: Path) -> None:
    first = shown(tmp_path)
    (tmp_path / "demo" / "digests").mkdir()
    second = shown(tmp_path, terminal=True, width=120, environ={"NO_COLOR": "1"})
    assert (first.code, second.code) == (0, 0)
    assert len(outbox(tmp_path / "demo")) == 1
    assert "case  urgent  answer" in second.out


@pytest.mark.slow
def test_the_environment_of_real_cases_is_left_alone(tmp_path: Path) -> None:
    real = tmp_path / "real.db"
    command = [sys.executable, "-m", "responder", "demo", "--folder", str(tmp_path / "demo")]
    environ = {**os.environ, "RESPONDER_DATABASE__URL": f"sqlite:///{real}", "RESPONDER_POSTING__MODE": "off"}
    said = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert not real.exists()
    assert len(outbox(tmp_path / "demo")) == 1


def test_it_has_no_json(tmp_path: Path) -> None:
    out = StringIO()
    tokens = ["demo", "--folder", str(tmp_path / "demo"), "--json"]
    assert run(tokens, Streams(out, StringIO(), StringIO(), {}), lambda: NOW) == 2
    assert not (tmp_path / "demo").exists()


class TestPlace:
    """The folder of the demo: nothing in it that it did not make is ever touched."""

    def test_a_folder_with_something_else_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "thesis.txt").write_text("mine")
        with pytest.raises(Trouble, match=r"it holds thesis\.txt"):
            Place(tmp_path).clear()
        assert (tmp_path / "thesis.txt").exists()

    @pytest.mark.parametrize("config", [None, "[company]\nname = 'Mine'\n"])
    def test_files_of_the_same_names_that_it_did_not_make_are_refused(
        self, tmp_path: Path, config: str | None
    ) -> None:
        (tmp_path / "outbox.jsonl").write_text("mine")
        if config:
            (tmp_path / "responder.toml").write_text(config)
        with pytest.raises(Trouble, match=r"was not made by a demo"):
            Place(tmp_path).clear()
        assert (tmp_path / "outbox.jsonl").read_text() == "mine"

    def test_a_file_in_the_place_of_the_folder_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "demo").write_text("mine")
        with pytest.raises(Trouble, match="it is a file"):
            Place(tmp_path / "demo").clear()

    def test_what_it_made_is_removed_and_the_digests_stay(self, tmp_path: Path) -> None:
        place = Place(tmp_path / "demo")
        place.clear()
        place.furnish(["x"], "")
        (place.folder / "demo.db-wal").write_text("")
        (place.folder / "digests").mkdir()
        place.clear()
        assert [path.name for path in place.folder.iterdir()] == ["digests"]

    def test_a_folder_that_no_database_can_lie_in_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(Trouble, match=r"has a \? or a #"):
            Place(tmp_path / "what?").furnish(["x"], "")

    @pytest.mark.slow
    def test_any_other_name_is_written_as_toml_wants_it(self, tmp_path: Path) -> None:
        place = Place(tmp_path / 'a "quoted\\ ü folder')
        place.clear()
        place.furnish(["x"], "")
        assert shown(place.folder.parent).code == 0  # demo/ beside it; the odd one is read below
        out, err = StringIO(), StringIO()
        code = run(
            ["--config", str(place.config), "config", "check"], Streams(out, err, StringIO(), {}), lambda: NOW
        )
        assert (code, err.getvalue()) == (0, "")


class TestFeed:
    """The posts of the demo are dated back from now."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / "morning.jsonl").write_text(
            '{"id": "1", "network": "x", "ago": 90}\n\n{"id": "2", "network": "y"}\n'
        )
        return tmp_path

    def test_minutes_ago_become_a_time(self, folder: Path) -> None:
        first, second = feed.rows(folder, feed.MORNING, NOW)
        assert first == {"id": "1", "network": "x", "created_at": "2026-03-02T07:30:00+00:00"}
        assert second == {"id": "2", "network": "y"}

    def test_networks_come_in_the_order_of_the_posts(self, folder: Path) -> None:
        assert feed.networks(feed.rows(folder, feed.MORNING, NOW)) == ["x", "y"]

    @pytest.mark.parametrize("name", [feed.MORNING, feed.NOON])
    def test_the_packaged_posts_are_all_of_the_last_days(self, name: str) -> None:
        rows = feed.rows(feed.packaged(), name, NOW)
        times = [datetime.fromisoformat(row["created_at"]) for row in rows if "created_at" in row]
        assert times
        assert all(NOW - timedelta(days=7) < at <= NOW for at in times)


class TestCases:
    """What the demo shows and approves."""

    def pairs(self, store: Store) -> list[tuple[Case, Draft]]:
        waiting(
            store,
            mention("1", "There is a fire in my kitchen, and nobody at your shop picks up the telephone."),
            mention("2", "My parcel is lost."),
            mention("3", "My parcel is lost, too."),
        )
        return [seen(store, case.id) for case in store.views.page(Stage.WAITING)]

    def test_the_most_telling_card_is_urgent_and_long(self, store: Store) -> None:
        pair = cases.most_telling(self.pairs(store))
        assert pair
        assert pair[0].target.external_id == "1"

    def test_a_sensible_approval_is_about_nothing_dangerous_and_nothing_that_changes(
        self, store: Store
    ) -> None:
        pair = cases.sensible(self.pairs(store), [{"id": "2"}, {"id": "9", "thread": "8"}])
        assert pair
        assert pair[0].target.external_id == "3"

    def test_where_nothing_is_sensible_nothing_is_chosen(self, store: Store) -> None:
        assert cases.sensible(self.pairs(store), [{"id": "2"}, {"id": "9", "thread": "3"}]) is None
        assert cases.most_telling([]) is None

    def test_the_common_topic_is_what_most_are_about(self, store: Store) -> None:
        assert cases.common_topic([case for case, _ in self.pairs(store)]) == ("late", 3)
        assert cases.common_topic([]) == ("", 0)

    def test_posts_that_change_are_those_edited_or_removed(self) -> None:
        rows: list[feed.Row] = [
            {"id": "1"},
            {"id": "2", "edited": "2"},
            {"id": "3", "removed": True},
            {"id": "2", "edited": "3"},
        ]
        assert cases.to_be_changed(rows) == ["2", "3"]
