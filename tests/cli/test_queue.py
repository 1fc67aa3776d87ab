"""The queue: the most urgent first, page by page, with what one should know before opening a case."""

from datetime import timedelta
from io import StringIO

import pytest
from syrupy.assertion import SnapshotAssertion

from responder.cli.canvas import Canvas
from responder.cli.queue import QueueSheet
from responder.model.case import Stage
from responder.store.store import Store
from tests.cli.scene import WARNED, Scene
from tests.desk import seen, waiting
from tests.network import at, mention


def sheet(store: Store) -> QueueSheet:
    """Return the queue of a store with a handful of drafts, whatever our rules say today."""
    waiting(
        store,
        mention("1", "My parcel is lost. Third time, and nobody answers!", author="ana", minutes=-40),
        mention("2", "There was a fire in my kitchen", author="b" * 30, minutes=-3000),
        mention(
            "3", "客户服务太差了 客户服务太差了 客户服务太差了 客户服务太差了 客户服务太差了", author="li"
        ),
        mention("4", "Where is my refund?", thread="1", author="ana", minutes=-2),
    )
    cases = store.views.page(Stage.WAITING)
    drafts = {case.id: seen(store, case.id)[1] for case in cases}
    return QueueSheet(cases=cases, now=at(60), networks={"shop": "mastodon"}, drafts=drafts)


@pytest.mark.parametrize("width", [40, 80, 100, 120])
def test_the_queue_reads_as_it_did(store: Store, snapshot: SnapshotAssertion, width: int) -> None:
    out = StringIO()
    sheet(store).draw(Canvas(out, width, color=False))
    assert out.getvalue() == snapshot
    assert all(len(line) <= width for line in out.getvalue().splitlines())


def test_it_begins_with_the_most_urgent(scene: Scene) -> None:
    rows = scene.call("queue").rows
    assert rows[0][0] == "c-3"
    items = scene.call("queue", "--json").document["items"]
    places = [(one["tier"], one["tone"]) for one in items]
    assert places == sorted(places, reverse=True)


def test_a_pipe_gets_the_fields_that_the_documentation_names(scene: Scene) -> None:
    row = next(row for row in scene.call("queue").rows if row[0] == "c-1")
    assert row[1:3] == ["WAITING", "3"]
    assert row[5:11] == ["shop", "bluesky", "customer1", "14300", "2026-03-02T09:00:00+00:00", "en"]
    assert row[12] == "My parcel never arrived and nobody answers my mails."
    assert len(row) == 13


def test_pages_follow_each_other_without_a_gap_or_a_repeat(scene: Scene) -> None:
    whole = [item["id"] for item in scene.call("queue", "--json").document["items"]]
    pages: list[str] = []
    after: list[str] = []
    while True:
        document = scene.call("queue", "--limit", "2", "--json", *after).document
        pages += [item["id"] for item in document["items"]]
        if document["next"] is None:
            break
        after = ["--after", document["next"]]
    assert pages == whole
    assert len(whole) == 4


def test_a_person_is_told_how_to_go_on(scene: Scene) -> None:
    said = scene.call("queue", "--limit", "2", answers="")
    third = scene.call("queue").rows[1][0]
    assert f"queue --limit 2 --after {third}" in " ".join(said.out.split())


@pytest.mark.parametrize(
    ("stage", "ids"),
    [
        ("set-aside", {"c-5"}),
        ("waiting", {"c-1", "c-2", "c-3", "c-4"}),
        ("open", {"c-1", "c-2", "c-3", "c-4"}),
        ("all", {"c-1", "c-2", "c-3", "c-4", "c-5"}),
        ("answered", set()),
    ],
)
def test_any_stage_can_be_asked_for(scene: Scene, stage: str, ids: set[str]) -> None:
    said = scene.call("queue", "--stage", stage)
    assert said.code == 0
    assert {row[0] for row in said.rows} == ids


def test_only_an_account_that_exists_can_be_asked_for(scene: Scene) -> None:
    assert len(scene.call("queue", "--account", "shop").rows) == 4
    said = scene.call("queue", "--account", "shap")
    assert said.code == 2
    assert "Known are: shop" in said.err


def test_an_empty_queue_is_a_kind_word_for_a_person_and_nothing_for_a_pipe(empty: Scene) -> None:
    assert empty.call("queue").out == ""
    assert "responder --config" in empty.call("queue", answers="").out
    assert empty.call("queue", "--json").document == {
        "schema": "responder.queue/1",
        "items": [],
        "next": None,
        "asleep": 0,
        "by_hand": [],
        "paused_by": None,
    }
    assert empty.call("poll").code == 0
    assert "Nothing waits for you" in empty.call("queue", answers="", width=200).out


def test_a_case_that_is_late_says_so_in_words(scene: Scene) -> None:
    scene.now += timedelta(hours=3)
    assert "3 h late" in scene.call("queue", answers="").out


def test_marks_tell_of_warnings_edits_and_blocks(scene: Scene) -> None:
    def marks(name: str) -> list[str]:
        items = scene.call("queue", "--json").document["items"]
        found: list[str] = next(item["marks"] for item in items if item["id"] == name)
        return found

    assert marks("c-4") == marks("c-1") == []
    assert scene.call("edit", "c-4", "--text", WARNED).code == 0
    assert marks("c-4") == ["1 warning", "edited"]
    assert scene.call("edit", "c-1", "--text", "Send your card number 4111 1111 1111 1111 here.").code == 0
    assert {"blocked", "edited"} <= set(marks("c-1"))
