"""The street from a customer's post to our answer, with the real store and steps."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from connectors.mastodon import Mastodon
from responder.connector import Account
from responder.model.case import Case, Stage
from responder.model.delivery import Delivery, DeliveryStage
from responder.steps.approve import approve, edit, settle
from responder.steps.draft import draft
from responder.steps.look import Patience
from responder.steps.poll import poll
from responder.steps.post import Mode, Terms, post
from responder.steps.report import Report
from responder.steps.triage import triage
from responder.store.store import Store
from responder.store.views import Card
from tests.connectors.stage import ACCOUNT
from tests.desk import seen
from tests.lifecycle.world import TARGETS
from tests.policies import PlainPolicy

#: Nothing waits longer than a minute of the street's own time.
TERMS = Terms(patience=Patience(look_after=timedelta(minutes=1), back_off=timedelta(minutes=1)))


@dataclass
class Street:
    """One account, its store, and a clock that tests set."""

    store: Store
    connector: Mastodon
    now: datetime = field(default_factory=lambda: datetime.now(UTC) + timedelta(minutes=1))
    terms: Terms = TERMS

    def __post_init__(self) -> None:
        self.account = Account(name=ACCOUNT, connector=self.connector, every=60)
        self.store.intake.introduce({ACCOUNT: "mastodon"})

    def listen(self) -> Report:
        """Poll once, weigh, and draft."""
        self.now += timedelta(minutes=1)
        report = poll(self.store, self.account, self.now)
        triage(self.store, PlainPolicy(), TARGETS, self.now)
        draft(self.store, PlainPolicy(), {ACCOUNT: self.account}, self.now)
        return report

    def approve(self, number: int, words: str = "") -> str:
        """Let a person approve a case's draft, or words of their own; return them."""
        if words:
            edit(self.store, PlainPolicy(), self.account, seen(self.store, number), (words, "sam"), self.now)
        case, current = seen(self.store, number)
        approve(self.store, self.account, (case, current), "sam", self.now)
        return current.text

    def not_sent(self, number: int) -> None:
        """Let a person say that a reply of which nobody is sure is surely not public."""
        settle(self.store, self.case(number), None, "sam", self.now)

    def send(self, minutes: float = 2) -> Report:
        """Look for what may be public, read back what is, send what is approved."""
        self.now += timedelta(minutes=minutes)
        return post(self.store, {ACCOUNT: self.account}, Mode.ON, self.now, terms=self.terms)

    def case(self, number: int = 1) -> Case:
        return self.store.casework.get(number)

    def card(self, number: int = 1) -> Card:
        return self.store.views.card(number)

    def delivery(self, number: int = 1) -> Delivery:
        return self.card(number).deliveries[-1]

    def waiting(self) -> list[Case]:
        """Return the cases that wait for a person, the oldest first."""
        return sorted(self.store.views.page(Stage.WAITING, limit=500), key=lambda one: one.id)

    def open(self) -> dict[int, str]:
        """Return the cases whose reply is not surely public yet, with what went wrong last."""
        unsettled = "SELECT case_id, problem FROM delivery WHERE stage IN ('PLANNED', 'SENDING', 'UNSURE')"
        with self.store.read() as connection:
            return {row.case_id: row.problem for row in connection.execute(text(unsettled))}

    def settled(self, number: int = 1) -> bool:
        """Whether a reply is public, as far as we know."""
        return self.delivery(number).stage is DeliveryStage.SENT
