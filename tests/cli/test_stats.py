"""Figures on the command line: a table with bars, lines for a pipe, JSON, and one's own for oneself alone."""

from io import BytesIO, StringIO, TextIOWrapper

import pytest
from syrupy.assertion import SnapshotAssertion

from responder.cli.canvas import Canvas
from responder.cli.person import PersonSheet
from responder.cli.stats import StatsSheet
from responder.model.decision import Verdict
from responder.model.statistics import PersonStatistics, Spread, Statistics
from tests.cli.scene import Scene
from tests.cli.test_json import documented, told
from tests.network import at

DESK = Statistics(
    at=at(60),
    since=at(-60 * 24 * 6),
    search="",
    open=37,
    open_by_tier={5: 2, 3: 30, 1: 5},
    open_by_network={"mastodon": 12, "x": 25},
    answered=1312,
    more=True,
    first=Spread(n=1300, median=2280, ninetieth=10800),
    first_by_tier={
        5: Spread(n=12, median=540, ninetieth=1500),
        1: Spread(n=1288, median=2400, ninetieth=10800),
    },
    first_by_network={"x": Spread(n=1300, median=2280, ninetieth=10800)},
    in_time=1250,
    timed=1312,
    settled=700,
    to_settle=900,
    resolution=Spread(n=900, median=700000, ninetieth=900000),
    reopened=140,
    replies=1400,
    in_private=20,
    to_invite=50,
    invited=45,
    overrides={"no-generic-apology": 8, "offline-invitation-present": 2},
    by_day=[10, 0, 200, 400, 350, 300, 52],
)
SAM = PersonStatistics(
    name="sam",
    since=at(-60),
    decided={Verdict.APPROVE: 30, Verdict.DISMISS: 4},
    seconds=Spread(n=30, median=14.2, ninetieth=55),
    approved=30,
    untouched=27,
    changed=Spread(n=3, median=0.2, ninetieth=0.5),
    streak=21,
    longest=21,
    cases=34,
    corrected=3,
    noticed=4,
    planted=5,
    more=False,
)


@pytest.mark.parametrize("width", [80, 120])
def test_the_figures_read_as_they_did(snapshot: SnapshotAssertion, width: int) -> None:
    out = StringIO()
    canvas = Canvas(out, width, color=False)
    StatsSheet(DESK).draw(canvas)
    canvas.blank()
    PersonSheet(SAM).draw(canvas)
    assert out.getvalue() == snapshot
    assert all(len(line) <= width for line in out.getvalue().splitlines())


def test_where_only_ascii_can_be_drawn_bars_are_ascii() -> None:
    canvas = Canvas(TextIOWrapper(BytesIO(), encoding="ascii"), 80, color=False)
    assert (canvas.bar(0.5, 4), canvas.bar(0.001, 4), canvas.bar(0, 4)) == ("##", "#", "")
    assert canvas.marks([0, 1, 4, 8]) == ".148"


def test_a_pipe_gets_lines_that_say_what_they_tell(scene: Scene) -> None:
    rows = scene.call("stats").rows
    assert ["open", "all", "4"] in rows
    assert ["open", "tier 5", "1"] in rows
    assert ["open", "bluesky", "4"] in rows
    assert ["answered", "all", "0"] in rows


def test_an_answer_by_hand_is_counted_with_its_time(scene: Scene) -> None:
    scene.configure(mode="on")
    assert scene.call("approve", "c-1", "--yes", "--draft", "1").code == 0
    scene.now = at(61)
    assert scene.call("post").code == 0
    item = scene.call("stats", "--json").document["items"][0]
    assert (item["answered"], item["first_answer"]["median"], item["in_time"]) == (1, 61 * 60, 1)
    assert scene.call("stats", "lang:de", "--json").document["items"][0]["answered"] == 0
    assert "half in" in scene.call("stats", answers="").out


def test_the_fields_are_those_that_are_documented(scene: Scene) -> None:
    for tokens, schema in ((["stats"], "responder.stats/1"), (["stats", "--me"], "responder.person-stats/1")):
        document = scene.call(*tokens, "--json").document
        assert document["schema"] == schema
        names = {name.partition(".")[0] for name in told(document)}
        assert {name.removesuffix("[]") for name in names} == {
            name.removesuffix("[]") for name in documented(schema)
        }


def test_everybody_sees_their_own_figures_alone(scene: Scene) -> None:
    assert scene.call("dismiss", "c-2", "--reason", "spam").code == 0
    assert ["decided", "dismiss", "1"] in scene.call("stats", "--me").rows
    assert scene.call("stats", "--person", "sam").rows == scene.call("stats", "--me").rows
    said = scene.call("stats", "--person", "sam", who="ana")
    assert said.code == 5
    assert said.out == ""
    assert "You cannot see how sam reviews." in said.err
    assert scene.call("stats", "--me", who="ana").rows == [["untouched", "0", "0"], ["streak", "0", "0"],
                                                           ["triage corrected", "0", "0"]]  # fmt: skip


def test_an_admin_of_the_list_sees_the_figures_of_others(scene: Scene) -> None:
    people = ('name = "sam"', 'role = "approver"'), ('name = "Bo"', 'role = "admin"')
    scene.configure(*(line for one in people for line in ("[[people]]", *one)))
    assert scene.call("dismiss", "c-2", "--reason", "spam").code == 0
    assert ["decided", "dismiss", "1"] in scene.call("stats", "--person", "SAM", who="bo").rows
    assert scene.call("stats", "--person", "Bo", who="sam").code == 5


def test_figures_of_a_person_take_no_filter(scene: Scene) -> None:
    assert scene.call("stats", "--me", "tier:5").code == 2


def test_a_desk_without_answers_says_so_and_no_more(empty: Scene) -> None:
    assert empty.call("stats", answers="").out.splitlines() == [
        "Open now: 0",
        "",
        "Answered since Sat 31 Jan 2026: 0",
    ]
