"""Real input: the customer posts of the shared data end in a queue, every one of them."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from responder.model.case import Stage
from responder.settings import Settings
from responder.settings.sections import AccountSection, DatabaseSection
from responder.steps.draft import draft
from responder.steps.poll import poll
from responder.steps.triage import triage
from responder.wiring import App

COMPLAINTS = Path(__file__).parents[2] / "shared" / "data" / "triage" / "complaints.csv"
NOT_CUSTOMERS = ["random_reply", "random_tweet"]
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.slow
@pytest.mark.skipif(not COMPLAINTS.exists(), reason="the data for measuring is not beside this checkout")
def test_every_real_customer_post_becomes_a_case_that_is_weighed_and_drafted(tmp_path: Path) -> None:
    with COMPLAINTS.open(newline="") as rows:
        customers = sum(1 for row in csv.DictReader(rows) if row["domain"] not in NOT_CUSTOMERS)
    options = {"file": str(COMPLAINTS), "outbox": str(tmp_path / "out.jsonl"), "network": "x"}
    section = AccountSection(
        name="archive", connector="replay", options={**options, "skip": {"domain": NOT_CUSTOMERS}}
    )
    app = App(Settings(database=DatabaseSection(url=f"sqlite:///{tmp_path / 'x.db'}"), accounts=(section,)))
    report = poll(app.store, app.accounts["archive"], NOW)
    report += triage(app.store, app.policy, app.targets, NOW)
    report += draft(app.store, app.policy, app.accounts, NOW)
    assert report.problems == ()
    by_stage = app.store.views.figures(NOW, NOW).by_stage
    assert customers > 1_500
    assert sum(by_stage.values()) == customers
    assert set(by_stage) <= {Stage.WAITING, Stage.SET_ASIDE}
    assert by_stage[Stage.WAITING] > customers / 2
    assert app.store.views.verify() == []
    blocked = [
        case.name for case in app.store.views.page(Stage.WAITING, limit=2_000) if _blocked(app, case.id)
    ]
    assert blocked == [], "a draft of ours breaks a rule of ours"
    app.close()


def _blocked(app: App, number: int) -> bool:
    draft_now = app.store.views.card(number).draft
    if draft_now is None or {one.rule for one in draft_now.findings} & {"unknown-language"}:
        return False  # a guess at somebody's language is no reply of ours
    return draft_now.blocked
