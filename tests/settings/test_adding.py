"""Adding an account to the file of settings: what is there stays to the letter, or nothing is added."""

import os
import stat
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.settings.adding import Addition, added, write
from responder.settings.reading import load

SHIPPED = Path(__file__).parents[2] / "config" / "responder.toml"
ONE = Addition(name="x-main", connector="x", options={"auth": "oauth1"}, folder=Path("/srv/secrets"))
WITHOUT_FOLDER = Addition(name="x-main", connector="x")


def put(path: Path, text: str, one: Addition = ONE) -> str | None:
    path.write_text(text, encoding="utf-8", newline="")
    return added(path, one)


def test_into_the_file_that_comes_with_the_program_one_line_changes_and_the_rest_is_added(
    tmp_path: Path,
) -> None:
    before = SHIPPED.read_text(encoding="utf-8")
    after = put(tmp_path / "r.toml", before)
    assert after
    changed = [
        (old, new) for old, new in zip(before.split("\n"), after.split("\n"), strict=False) if old != new
    ]
    assert changed[0] == ('folder = ""', 'folder = "/srv/secrets"')
    assert after.endswith(
        '\n\n[[accounts]]\nname = "x-main"\nconnector = "x"\n\n[accounts.options]\nauth = "oauth1"\n'
    )
    assert len(changed) == 1 or changed[1][0] == ""
    (tmp_path / "r.toml").write_text(after, encoding="utf-8")
    settings = load(tmp_path / "r.toml", {})
    assert settings.secrets.folder == Path("/srv/secrets")
    assert [one.name for one in settings.accounts] == ["x-main"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a comment",
        '[company]\nname = "Acme"',
        '[company]\nname = "Acme"\n\n',
        '[[accounts]]\nname = "a"\nconnector = "replay"\n[accounts.options]\nfile = "x"\n',
        "[secrets] # here they are\n",
        "  [secrets]\r\nfolder = ''\r\n[digest]\r\nat = '08:00'\r\n",
        '[secrets]\nfolder = "" # none yet\n',
        'secrets = { folder = "" }\n',
    ],
)
def test_whatever_is_there_stays_and_the_new_comes_besides(tmp_path: Path, text: str) -> None:
    after = put(tmp_path / "r.toml", text)
    assert after
    assert tomllib.loads(after) == ONE.in_table(tomllib.loads(text))
    for comment in ("# only a comment", "# here they are", "# none yet"):
        assert (comment in after) == (comment in text)


@pytest.mark.parametrize(
    "text",
    [
        '[secrets]\nfolder = "/elsewhere"\n',
        'accounts = [{ name = "a", connector = "replay" }]\n',
        "[secrets\n",
        'accounts = "none"\n',
        "[secrets]\nfolder = 7\n",
        'secrets = "here"\n',
        'company.name = """\n[secrets]\n"""\nsecrets.folder = "/elsewhere"\n',
    ],
)
def test_what_would_change_more_is_left_to_a_person(tmp_path: Path, text: str) -> None:
    assert put(tmp_path / "r.toml", text) is None
    assert (tmp_path / "r.toml").read_bytes() == text.encode()


def test_a_file_that_is_not_there_is_made(tmp_path: Path) -> None:
    path = tmp_path / "responder" / "responder.toml"
    text = added(path, WITHOUT_FOLDER)
    assert text == '[[accounts]]\nname = "x-main"\nconnector = "x"\n'
    write(path, text)
    assert path.read_text() == text


def test_the_files_rights_and_links_stay_as_they_were(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "link.toml"
    real.write_text("")
    real.chmod(0o640)
    link.symlink_to(real)
    write(link, "# new\n")
    assert link.is_symlink()
    assert (real.read_text(), stat.S_IMODE(real.stat().st_mode)) == ("# new\n", 0o640)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["link.toml", "real.toml"]


@pytest.mark.skipif(os.geteuid() == 0, reason="the rights of a folder mean nothing to root")
def test_where_the_folder_cannot_be_written_to_the_file_stays(tmp_path: Path) -> None:
    file = tmp_path / "r.toml"
    file.write_text("# old\n")
    tmp_path.chmod(0o500)
    with pytest.raises(OSError, match="denied"):
        write(file, "# new\n")
    tmp_path.chmod(0o700)
    assert file.read_text() == "# old\n"


options = st.dictionaries(
    st.text(max_size=10),
    st.text(max_size=20)
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.lists(st.text(max_size=5), max_size=3),
    max_size=4,
)


@given(options)
def test_whatever_options_a_setup_brings_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, some: dict[str, object]
) -> None:
    path = tmp_path_factory.getbasetemp() / "none.toml"
    text = added(path, Addition(name="x", connector="x", options=some))
    assert text
    assert tomllib.loads(text)["accounts"][0].get("options", {}) == some
