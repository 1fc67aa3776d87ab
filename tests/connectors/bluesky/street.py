"""The whole street over a Bluesky account: the real Store and the real steps, run by hand."""

from datetime import UTC, datetime, timedelta

from responder.connector import Account
from responder.model.case import Case, Stage
from responder.model.delivery import Delivery
from responder.steps.approve import approve
from responder.steps.draft import draft
from responder.steps.look import Patience
from responder.steps.poll import poll
from responder.steps.post import Mode, Terms, post
from responder.steps.report import Report
from responder.steps.triage import triage
from responder.store.store import Store
from tests.connectors.bluesky.stage import BlueskyStage
from tests.connectors.stage import ACCOUNT
from tests.lifecycle.world import TARGETS
from tests.policies import PlainPolicy

TERMS = Terms(patience=Patience(look_after=timedelta(seconds=1), back_off=timedelta(seconds=1)))


class Street:
    """What stands between a customer's post and our answer; time goes on only when it is told to."""

    def __init__(self, store: Store, stage: BlueskyStage) -> None:
        self.store = store
        self.now = datetime.now(UTC)
        self.accounts = {ACCOUNT: Account(name=ACCOUNT, connector=stage.hasty(page=100))}
        store.intake.introduce({ACCOUNT: "bluesky"})

    @property
    def account(self) -> Account:
        return self.accounts[ACCOUNT]

    def hear(self) -> Report:
        """Read, weigh and draft, once."""
        self.now = max(self.now + timedelta(seconds=1), datetime.now(UTC))
        report = poll(self.store, self.account, self.now)
        triage(self.store, PlainPolicy(), TARGETS, self.now)
        draft(self.store, PlainPolicy(), self.accounts, self.now)
        return report

    def waiting(self) -> list[Case]:
        """Return the cases that wait for a person."""
        rows = self.store.views.page(Stage.WAITING, limit=500)
        return [self.store.casework.get(row.id) for row in rows]

    def approve(self, case: Case) -> str:
        """Let a person approve the draft of a case; return its words."""
        words = self.store.casework.draft(case)
        assert words is not None
        approve(self.store, self.account, (case, words), "sam", self.now)
        return words.text

    def post(self, seconds: float = 0) -> Report:
        """Send what may be sent, so many seconds later."""
        self.now += timedelta(seconds=seconds)
        return post(self.store, self.accounts, Mode.ON, self.now, terms=TERMS)

    def delivery(self, case: Case) -> Delivery:
        """Return the latest delivery of a case."""
        return self.store.views.card(case.id).deliveries[-1]

    def stage(self, case: Case) -> Stage:
        """Return where a case stands."""
        return self.store.casework.get(case.id).stage
