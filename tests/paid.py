"""A scripted network that asks money for its calls, and an account on it with a budget."""

from collections.abc import Callable
from dataclasses import dataclass, field

from responder.connector import Account, Charge, Exhausted, Look, Page
from responder.model.budget import UNIT, Allowance
from responder.model.delivery import Receipt, Shown
from responder.model.draft import Message
from responder.model.mention import Mention
from tests.network import ScriptedNetwork


@dataclass
class PaidNetwork(ScriptedNetwork):
    """Charges for what it gives, and sometimes gives no more."""

    #: By kind, in micros each.
    prices: dict[str, int] = field(
        default_factory=lambda: {"mention read": 5_000, "post read": 5_000, "reply": 10_000}
    )
    #: Every call that reached it, by name.
    calls: list[str] = field(default_factory=list)
    #: What it says instead of an answer, to any call that costs.
    says: Exception | None = None
    #: Done after the effect of each call, before it is answered.
    meanwhile: Callable[[], None] = lambda: None
    unpaid: list[Charge] = field(default_factory=list)
    #: All that was ever charged, in micros.
    charged: int = 0

    def spent(self) -> tuple[Charge, ...]:
        charges, self.unpaid = tuple(self.unpaid), []
        return charges

    def poll(self, cursor: str | None) -> Page:
        self._called("poll")
        page = super().poll(cursor)
        self._charge("mention read", len(page.mentions))
        return page

    def look(self, mention: Mention) -> Look:
        self._called("look")
        self._charge("post read", 1)
        return super().look(mention)

    def send(self, message: Message, to: Mention) -> Receipt:
        self._called("send")
        self._charge("reply", 1)
        return super().send(message, to)

    def find_sent(self, message: Message, to: Mention) -> tuple[Receipt, ...]:
        self._called("find_sent")
        found = super().find_sent(message, to)
        self._charge("post read", len(found))
        return found

    def shown(self, receipt: Receipt, to: Mention) -> Shown:
        self._called("shown")
        self._charge("post read", 1)
        return super().shown(receipt, to)

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if self.says:
            raise self.says

    def _charge(self, kind: str, units: int) -> None:
        if units:
            micros = units * self.prices[kind]
            self.unpaid.append(Charge(kind=kind, units=units, micros=micros))
            self.charged += micros
        self.meanwhile()


def paid_account(network: PaidNetwork, budget: float = 0, every: float = 120) -> Account:
    """Return the account "shop" on a network, with a budget of so many units a month."""
    allowance = Allowance(month=int(budget * UNIT))
    return Account(name="shop", connector=network, every=every, allowance=allowance)


def no_credits() -> Exhausted:
    return Exhausted("the network says that there are no credits left")
