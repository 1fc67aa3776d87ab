"""Short ways to approved replies and to a run of post over them."""

from collections.abc import Callable
from datetime import timedelta

from responder.connector import Account
from responder.model.case import Stage
from responder.model.delivery import Delivery
from responder.model.mention import Mention
from responder.steps.look import Patience
from responder.steps.post import Mode, Terms, post
from responder.steps.report import Report
from responder.store.store import Store
from tests.desk import approved, waiting
from tests.network import ScriptedNetwork, at, mention

TERMS = Terms(patience=Patience(back_off=timedelta(minutes=1)))


def ready(store: Store, *posts: Mention) -> tuple[ScriptedNetwork, dict[str, Account]]:
    """Bring these posts to APPROVED."""
    net, accounts = waiting(store, *(posts or (mention("1"),)))
    for case in store.views.page(Stage.WAITING, limit=500):
        approved(store, case.id)
    return net, accounts


def send(store: Store, accounts: dict[str, Account], minutes: float = 3, mode: Mode = Mode.ON) -> Report:
    return post(store, accounts, mode, at(minutes), terms=TERMS)


def raising(error: BaseException) -> Callable[[], None]:
    def fails() -> None:
        raise error

    return fails


def delivery(store: Store, number: int = 1) -> Delivery:
    return store.views.card(number).deliveries[-1]
