"""Promise: what went out is read for promises, and those whose time passed are broken."""

from datetime import datetime

from responder.policy.policy import Policy
from responder.steps.report import Report, Stop, never
from responder.store.store import Store


def promise(store: Store, policy: Policy, now: datetime, *, stop: Stop = never) -> Report:
    """Write down what our public and private replies promise, once each, and note what was not kept.

    A time that is relative counts from when the reply went out. Killed anywhere it goes on where it was.
    """
    made = 0
    while not stop() and (some := store.promises.unread()):
        for one, sent in some:
            found = policy.commitments(one.message.text, one.message.language, sent)
            made += store.promises.read(one, found, sent, now)
    broken = len(store.promises.lapse(now)) if not stop() else 0
    counted = (("promised", made), ("promises broken", broken))
    return Report({word: n for word, n in counted if n})
