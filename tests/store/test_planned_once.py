"""What is done every day is planned once: SQLite does not think anew about a statement that it knows."""

from collections import Counter
from typing import Any

from sqlalchemy import event

from responder.model.case import Stage
from responder.steps.post import Mode, post
from responder.store.store import Store
from tests.desk import approved, street
from tests.network import ScriptedNetwork, account, at, mention

#: What SQLite asks its authorizer about, once for each thing in a statement that it plans.
_OK, _PRAGMA = 0, 19


def _life(store: Store, net: ScriptedNetwork, number: int) -> None:
    """Let a complaint be heard, drafted for, seen, approved, answered and read back."""
    accounts, minute = {"shop": account(net)}, 20 * number
    net.say(mention(f"post {number}", author=f"author {number}", minutes=minute))
    street(store, accounts, minute + 1)
    for now in (None, at(minute + 2)):
        store.views.page(Stage.WAITING, limit=number, now=now)
    store.views.card(number)
    store.views.held(number)
    store.views.unsettled(number)
    approved(store, number, minute + 2)
    for later in (3, 9):
        post(store, accounts, Mode.ON, at(minute + later))


def test_a_complaint_like_others_before_is_answered_without_planning_a_statement_anew(store: Store) -> None:
    """A word compared with a partial index's condition, and a plain LIMIT, would be planned each time."""
    net, planned, under_way = ScriptedNetwork(), Counter[str](), list[str]()
    _life(store, net, 1)

    def plans(action: int, *_: object) -> int:
        if under_way and action != _PRAGMA:  # these run once by their nature
            planned[under_way[-1]] += 1
        return _OK

    event.listen(store.engine, "before_cursor_execute", lambda *about: under_way.append(about[2]))
    event.listen(store.engine, "after_cursor_execute", lambda *_: under_way.pop())
    with store.read() as connection:
        driver: Any = connection.connection.driver_connection
    driver.set_authorizer(plans)  # whereupon all is planned once more
    _life(store, net, 2)
    assert planned
    planned.clear()
    _life(store, net, 3)

    assert [target for target, _ in net.public] == ["post 1", "post 2", "post 3"]
    assert not planned
