"""What a case went through is told in sentences and figures: whatever stands in a field, none of it acts."""

import json
from pathlib import Path

import pytest
from sqlalchemy import update

from responder.model.event import ACTIONS
from responder.store.moves import record
from responder.store.store import Store
from responder.store.tables import account, cases, decision, delivery, draft, mention
from tests.cli.scene import ACTING, Scene
from tests.cli.test_hostile import EVIL
from tests.network import at

#: Every field that a detail of some event has, by docs/journal.md, and some that none has.
FIELDS = (
    *("before", "tier", "urgency", "why", "draft", "text", "fingerprint", "reason", "first", "told", "url"),
    *("to", "note", "until", "wakes", "with", "into", "from", "author", "language", "fence", "id", "shown"),
    *("problem", "what", "events", "place", "day", "{who}", "[x", "%s"),
)
#: A name that a login, or --as, may have.
NAME = f"{EVIL[:12]}=1"
FORMS = ("table", "narrow", "pipe", "json")


@pytest.fixture(scope="module")
def lived(polled: Scene, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A scene with a case in whose past everything is hostile."""
    scene = polled.copy(Path(tmp_path_factory.mktemp("lived")))
    assert scene.call("approve", "c-1", "--yes", "--draft", "1").code == 0
    assert scene.call("dismiss", "c-2", "--reason", EVIL, who=NAME).code == 0
    store = scene.store
    spoil(store)
    store.money.note("shop", [(EVIL, 3, 5_000_000)], at(62))
    store.close()
    scene.now = at(1000)
    return scene


def spoil(store: Store) -> None:
    """Put hostile words wherever words are kept, and let everything happen that can happen."""
    warned = [{"rule": EVIL, "level": "warn", "says": EVIL, "also": [EVIL]}]
    author = {"author_handle": EVIL, "author_name": EVIL, "url": EVIL, "language": EVIL}
    known = {"topic": EVIL, "language": EVIL, "owner": EVIL, "answer_detail": EVIL}
    with store.write() as connection:
        connection.execute(update(mention).values(author))
        connection.execute(update(cases).values(replies=1, answered_at=at(61), **known))
        connection.execute(update(account).values(connector=EVIL, problem=EVIL))
        connection.execute(update(draft).values(findings=warned, by=EVIL, playbook=EVIL, text=EVIL))
        connection.execute(update(decision).values(reason=EVIL))
        connection.execute(update(delivery).values(sent_at=at(61), problem=EVIL, stage="SENT"))
        for minute, action in enumerate(sorted(ACTIONS)):
            detail = dict.fromkeys(FIELDS, EVIL)
            record(connection, [(1, "shop", action, NAME, detail)], at(62 + minute))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "tokens",
    [
        ("log", "c-1"),
        ("show", "c-1", "--history"),
        ("stats",),
        ("stats", "-topic:x"),
        ("stats", "--me"),
        ("stats", "--view", EVIL),
        ("stats", "--person", EVIL),
        ("report", "--from", "2026-03", "-topic:x"),
    ],
    ids=lambda tokens: "-".join(one.strip("-")[:9] for one in tokens if one != EVIL),
)
def test_no_story_and_no_figure_lets_it_act(lived: Scene, form: str, tokens: tuple[str, ...]) -> None:
    options = ["--json"] if form == "json" else []
    answers = "" if form in {"table", "narrow"} else None
    width = 40 if form == "narrow" else 100
    said = lived.call(*tokens, *options, answers=answers, width=width, who=NAME)
    assert not ACTING.search(said.out), said.out
    assert not ACTING.search(said.err), said.err
    assert said.out or said.err
    if form == "json":
        json.loads(said.out)
    if form in {"table", "narrow"} and tokens[0] != "show":
        assert [line for line in said.out.splitlines() if len(line) > width] == []


@pytest.mark.parametrize("form", ["html", "md", "csv", "text"])
def test_no_report_lets_it_act(lived: Scene, form: str) -> None:
    said = lived.call("report", "--from", "2026-03", "--format", form)
    assert (said.code, said.err) == (0, "")
    assert not ACTING.search(said.out.replace("\r\n", "\n")), said.out
    if form != "text":  # where what is long is cut
        assert "[red]markup[/red]" in said.out.replace("\\", "")


def test_a_sentence_is_one_line_however_it_is_made(lived: Scene) -> None:
    rows = lived.call("log", "c-1").rows
    assert {len(row) for row in rows} == {4}
    assert len(rows) > len(ACTIONS)
    assert all(row[3].endswith((".", "!", "?", "…", "”")) for row in rows)
