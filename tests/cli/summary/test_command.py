"""responder report: which days, which cases, into which file."""

import json
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.scene import Scene, fields
from tests.cli.test_json import documented

#: The day on which the scene's posts were written and read.
TODAY = ("--from", "2026-03-02")


def test_the_last_full_month_is_told_if_nothing_is_said(scene: Scene) -> None:
    said = scene.call("report", answers="")
    assert said.code == 0, said.err
    assert "Sun 1 Feb 2026 to Sat 28 Feb 2026, both whole days, UTC" in said.words
    assert "0 complaints came in." in said.words


def test_a_pipe_gets_a_figure_a_line(scene: Scene) -> None:
    rows = scene.call("report", *TODAY).rows
    assert ["figures", "complaints", "now", "4"] in rows
    assert ["figures", "cases, with what needs no reply", "now", "5"] in rows
    assert ["stages", "set aside, no reply needed", "n", "1"] in rows
    assert {len(row) for row in rows} == {4}


def test_a_filter_chooses_the_cases(scene: Scene) -> None:
    assert ["figures", "complaints", "now", "1"] in scene.call("report", *TODAY, "lang:de").rows
    told = scene.call("report", *TODAY, "lang:de", "--json").document["items"][0]
    assert told["filter"] == "lang:de"
    assert "Only cases that are: lang:de" in scene.call("report", *TODAY, "lang:de", answers="").words


def test_days_are_those_of_the_company(scene: Scene) -> None:
    scene.configure("[company]")
    words = scene.config.read_text().replace('[company]\nname = "Acme"\n', "", 1)
    scene.config.write_text(words.replace("[company]\n", '[company]\ntimezone = "Pacific/Auckland"\n'))
    told = scene.call("report", "--from", "2026-03-02", "--to", "2026-03-02", "--json").document["items"][0]
    assert (told["from"], told["to"]) == ("2026-03-01T11:00:00+00:00", "2026-03-02T11:00:00+00:00")
    assert told["parts"][0]["lines"][0]["now"] == 4
    tomorrow = scene.call("report", "--from", "2026-03-01", "--to", "2026-03-01", "--json").document["items"][
        0
    ]
    assert tomorrow["parts"][0]["lines"] if tomorrow["parts"] else True
    assert not [one for one in tomorrow["parts"] if one["part"] == "stages"]


def test_days_that_are_not_over_are_told_so(scene: Scene) -> None:
    assert "These days are not over" in scene.call("report", *TODAY, answers="").words
    scene.now += timedelta(days=1)
    assert "not over" not in scene.call("report", *TODAY, "--to", "2026-03-02", answers="").words


@pytest.mark.parametrize(
    ("tokens", "says"),
    [
        (["--from", "tomorrow"], "'tomorrow' is no day and no span of days."),
        (["--from", "2026-04-01"], "2026-04-01 has not come yet."),
        (["--from", "2026-02-03", "--to", "2026-02-01"], "2026-02-01 comes before 2026-02-03."),
        (["--to", "2026-02-01"], "It is not told where the days begin."),
        (["--out", "report"], "report does not tell which format is meant."),
        (["--bom"], "Only CSV begins with such a mark."),
        (["--format", "pdf"], "pdf"),
        (["account:nobody"], "No account 'nobody' was ever polled."),
    ],
)
def test_what_cannot_be_understood_is_told(scene: Scene, tokens: list[str], says: str) -> None:
    said = scene.call("report", *tokens)
    assert (said.code, said.out) == (2, "")
    assert says in said.err


def test_the_name_of_a_file_tells_the_format(scene: Scene) -> None:
    begins = {"html": "<!DOCTYPE html>", "md": "# Complaints at Acme", "csv": "part,line", "txt": "Mon 2 Mar"}
    for ending, beginning in (begins | {"json": "{", "htm": "<!DOCTYPE"}).items():
        file = scene.folder / f"report.{ending}"
        said = scene.call("report", *TODAY, "--out", str(file))
        assert (said.code, said.out) == (0, ""), said.err
        assert file.read_text(encoding="utf-8").startswith(beginning)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with (scene.folder / "report.csv").open(encoding="utf-8", newline="") as table:
        assert table.read().count("\r\n") > 10


def test_two_formats_are_one_too_many(scene: Scene) -> None:
    said = scene.call("report", "--format", "html", "--json")
    assert (said.code, said.document["items"][0]["what"]) == (2, "Two formats are asked for.")


def test_a_format_goes_to_standard_output_where_no_file_is_named(scene: Scene) -> None:
    assert scene.call("report", *TODAY, "--format", "html").out.endswith("</html>\n")
    assert scene.call("report", *TODAY, "--format", "csv", "--bom").out.startswith("\ufeffpart,line")
    told = json.loads(scene.call("report", *TODAY, "--format", "json").out)
    assert told == scene.call("report", *TODAY, "--json").document


def test_a_file_is_replaced_whole_and_keeps_who_may_read_it(scene: Scene) -> None:
    file = scene.folder / "report.md"
    file.write_text("yesterday's")
    file.chmod(0o640)
    link = scene.folder / "latest.md"
    link.symlink_to(file)
    assert scene.call("report", "--out", str(link)).code == 0
    assert link.is_symlink()
    assert file.read_text().startswith("# Complaints")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_what_cannot_be_written_leaves_what_was_there(scene: Scene, tmp_path: Path) -> None:
    assert scene.call("report", "--out", str(tmp_path / "nowhere" / "report.md")).code == 1
    folder = tmp_path / "folder.md"
    folder.mkdir()
    said = scene.call("report", "--out", str(folder))
    assert said.code == 2
    assert "is no file" in said.err
    before = set(scene.folder.iterdir())
    assert scene.call("report", "--from", "never", "--out", str(scene.folder / "x.md")).code == 2
    assert set(scene.folder.iterdir()) == before


def test_a_report_names_no_colleague(scene: Scene) -> None:
    assert scene.call("dismiss", "c-2", "--reason", "Ana told me to", who="Grace").code == 0
    for form in ("html", "md", "csv", "json", "text"):
        said = scene.call("report", *TODAY, "--format", form, who="Hedy").out
        assert "another reason" in said
        assert not any(name in said for name in ("Grace", "Hedy", "Ana"))


def test_the_fields_are_those_that_are_documented(scene: Scene) -> None:
    document = scene.call("report", *TODAY, "--json").document
    assert document["schema"] == "responder.summary/1"
    names = {name.removeprefix("items[].") for name in fields(document) if name.startswith("items[].")}
    assert {name.partition(".")[0] for name in names} == documented("responder.summary/1")
