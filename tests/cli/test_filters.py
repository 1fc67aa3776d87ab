"""Filters on the command line: the same words for the queue and the digest, and views that keep them."""

from pathlib import Path

import pytest

from responder.model.term import KEYS, MARKS, STAGES
from tests.cli.scene import Scene

VIEWS = ("[views]", "mine = 'owner:me'", "late = 'due:late'", "refunds = 'stage:all money -lang:de'")


@pytest.fixture
def viewed(scene: Scene) -> Scene:
    """A scene with saved views."""
    scene.configure(*VIEWS)
    return scene


def ids(scene: Scene, *tokens: str) -> set[str]:
    """Return the cases that a call lists."""
    said = scene.call("queue", *tokens)
    assert said.code == 0, said.err
    return {row[0] for row in said.rows}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["PARCEL"], {"c-1"}),
        (["lang:de"], {"c-4"}),
        (["-lang:de", "tier:>=3"], {"c-1", "c-2", "c-3"}),
        (["tier:5"], {"c-3"}),
        (["stage:all", "text:thank you"], {"c-5"}),
        (["network:bluesky", "author:@customer2"], {"c-2"}),
        (["lang:de money"], set()),
        (["lang:de", "lang:en", "id:4", "id:1"], {"c-1", "c-4"}),
        (["--stage", "set-aside", "account:shop"], {"c-5"}),
        (["--account", "shop", "fire"], {"c-3"}),
        (["owner:me"], set()),
        (["owner:nobody", "stage:open"], {"c-1", "c-2", "c-3", "c-4"}),
    ],
)
def test_the_queue_holds_what_the_words_describe(scene: Scene, words: list[str], found: set[str]) -> None:
    assert ids(scene, *words) == found


def test_how_to_go_on_is_told_with_the_filter(scene: Scene) -> None:
    said = scene.call("queue", "owner:nobody", "-text:thank you", "--limit", "1")
    (first,) = [row[0] for row in said.rows]
    assert f"queue owner:nobody '-text:\"thank you\"' --limit 1 --after {first}" in said.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["teir:3"], "teir: is not known; did you mean tier?"),
        (["lost", "tier:"], "At character 6 of the filter: tier:"),
        (["stage:open", "--stage", "all"], "stage is told twice"),
        (["account:shap"], "Known are: shop"),
        (["network:x"], "Known are: bluesky"),
        (["--view", "mien"], "Did you mean mine?"),
        (["--view", "mien"], "There are: late, mine, refunds."),
    ],
)
def test_what_cannot_be_found_by_is_told_with_what_can(viewed: Scene, words: list[str], says: str) -> None:
    said = viewed.call("queue", *words)
    assert said.code == 2
    assert says in said.err
    assert viewed.call("queue", *words, "--json").document["schema"] == "responder.error/1"


def test_a_saved_view_is_listed_and_may_be_narrowed(viewed: Scene) -> None:
    assert ids(viewed, "--view", "refunds") == {"c-2"}
    assert ids(viewed, "--view", "refunds", "charged") == {"c-2"}
    assert ids(viewed, "--view", "refunds", "fire") == set()
    assert ids(viewed, "--view", "refunds", "stage:set-aside") == set()


def test_the_views_are_listed_with_how_many_each_holds(viewed: Scene) -> None:
    assert viewed.call("views").rows == [
        ["mine", "0", "owner:sam stage:waiting"],
        ["late", "1", "due:late stage:waiting"],
        ["refunds", "1", "stage:all money -lang:de"],
    ]
    document = viewed.call("views", "--json").document
    assert document["schema"] == "responder.views/1"
    assert document["items"][2] == {
        "name": "refunds",
        "filter": "stage:all money -lang:de",
        "cases": 1,
        "more": False,
    }
    drawn = viewed.call("views", answers="").out
    assert "refunds" in drawn
    assert "queue --view mine" in drawn


def test_where_no_view_is_saved_one_is_shown_how(scene: Scene) -> None:
    assert "No view is saved." in scene.call("views", answers="").out
    assert "There is none yet." in scene.call("queue", "--view", "mine").err


def test_a_view_that_cannot_be_read_stops_every_command(scene: Scene) -> None:
    scene.configure("[views]", 'mine = "teir:3"')
    said = scene.call("queue")
    line = scene.config.read_text().splitlines().index('mine = "teir:3"') + 1
    assert said.code == 2
    assert f"{scene.config}:{line}:8: views.mine: teir: is not known; did you mean tier?" in said.err


def test_a_digest_lists_only_what_a_filter_describes(viewed: Scene) -> None:
    whole = viewed.call("digest", "--json").document["items"][0]
    some = viewed.call("digest", "lang:de", "--json").document["items"][0]
    assert [one["id"] for one in some["waiting_cases"]] == ["c-4"]
    assert some["by_stage"] == whole["by_stage"]
    assert some["search"] == "lang:de"
    letter = viewed.call("digest", "--view", "refunds", answers="").out
    assert "The two lists below hold only: stage:all money -lang:de" in letter
    assert "c-2" in letter
    assert "c-3" not in letter


def test_every_key_is_told_in_the_help_and_in_the_papers(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    assert scene.call("queue", "--help").code == 0
    told = capsys.readouterr().out
    page = (Path(__file__).parents[2] / "docs" / "search.md").read_text(encoding="utf-8")
    for key in KEYS:
        assert key in told
        assert f"`{key}`" in page
    for word in (*MARKS, *STAGES):
        assert f"`{word}`" in page, word
