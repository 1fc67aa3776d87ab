"""Short ways for tests to what a person does."""

from datetime import timedelta

from responder.connector import Account, Unsure
from responder.model.delivery import DeliveryStage, Route
from responder.model.draft import Draft
from responder.steps.approve import approve, edit
from responder.steps.look import Patience
from responder.steps.post import Mode, Terms, post
from responder.store.store import Store
from tests.desk import seen, waiting
from tests.network import ScriptedNetwork, at, mention
from tests.policies import PlainPolicy

TERMS = Terms(patience=Patience(look_after=timedelta(minutes=2), give_up_after=timedelta(minutes=10)))


def approves(store: Store, accounts: dict[str, Account], minutes: float = 2, number: int = 1) -> Route | None:
    return approve(store, accounts["shop"], seen(store, number), "sam", at(minutes))


def edits(store: Store, accounts: dict[str, Account], text: str, minutes: float = 3) -> Draft:
    return edit(store, PlainPolicy(), accounts["shop"], seen(store), (text, "sam"), at(minutes))


def posts(store: Store, accounts: dict[str, Account], minutes: float) -> None:
    store.lease_clock = lambda: ("boot", minutes * 60)
    post(store, accounts, Mode.ON, at(minutes), terms=TERMS)


def raises(error: Exception) -> None:
    raise error


def unsure(store: Store) -> tuple[ScriptedNetwork, dict[str, Account]]:
    """Bring case 1 to where its reply may be public."""
    net, accounts = waiting(store, mention("1"))
    approves(store, accounts)
    net.before_effect.append(lambda: raises(Unsure("timed out")))
    posts(store, accounts, 3)
    return net, accounts


def deliveries(store: Store, number: int = 1) -> list[DeliveryStage]:
    return [one.stage for one in store.views.card(number).deliveries]
