"""Replies on a real server whose connections break: none is lost, and none is there twice."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from random import Random
from threading import Barrier

import pytest

from responder.model.delivery import DeliveryStage
from responder.steps.look import Patience
from responder.steps.post import Terms
from responder.store.store import Store
from tests.connectors.mastodon.real import Real, in_time
from tests.connectors.mastodon.street import Street
from tests.standins.proxy import Fault, Request, closes, resets, says, stops_short

pytestmark = pytest.mark.slow

SENDS = 250
#: What may become of a request: before the server hears of it, or after.
_BEFORE = (
    Fault(closes),
    Fault(resets),
    Fault(says(429, '{"error":"Throttled"}', "Retry-After: 30")),
    Fault(says(503, "<html>Busy</html>")),
)
_AFTER = (
    Fault(closes, after=True),
    Fault(resets, after=True),
    Fault(stops_short, after=True),
    Fault(says(500, '{"error":"oops"}'), after=True),
    Fault(says(200, "{}"), after=True),
)


class Weather:
    """Breaks some requests; remembers how many of each kind."""

    def __init__(self, chance: Random, writes: float, reads: float) -> None:
        self._chance, self._writes, self._reads = chance, writes, reads
        self.broke: Counter[str] = Counter()

    def __call__(self, request: Request) -> Fault | None:
        write = request.method == "POST"
        if self._chance.random() >= (self._writes if write else self._reads):
            return None
        fault = self._chance.choice((*_BEFORE, *_AFTER) if write else _BEFORE)
        self.broke[f"{'write' if write else 'read'} {'after' if fault.after else 'before'}"] += 1
        return fault


#: So that looking for a reply costs no waiting.
QUICK = Terms(
    patience=Patience(
        look_after=timedelta(seconds=1), give_up_after=timedelta(seconds=3), back_off=timedelta(seconds=1)
    )
)


@pytest.mark.timeout(600)
def test_of_many_replies_none_is_lost_and_none_is_there_twice(real: Real, store: Store) -> None:
    street = Street(store, real.connector(page=64), terms=QUICK)
    for first in range(0, SENDS, 50):
        real.say_much([f"Complaint {number}" for number in range(first, first + 50)])
        street.listen()
    approved = {
        case.target.external_id: street.approve(case.id, f"We are sorry, case {case.id}.")
        for case in street.waiting()
    }
    assert len(approved) == SENDS

    real.proxy.fault = bad = Weather(Random(17), writes=0.3, reads=0.02)  # noqa: S311 (the same every time)
    asked = 0
    for _ in range(1000):
        street.send(minutes=0.1)
        for number, problem in street.open().items():
            if problem.startswith("not found after"):  # a person waits, looks, and approves again
                assert in_time(lambda: not real.proxy.under_way, 60)
                street.not_sent(number)
                street.approve(number)
                asked += 1
        if not street.open():
            break
    real.proxy.fault = lambda _: None

    assert street.open() == {}  # of which nobody knows is not yet lost, and told apart from it
    assert Counter(real.sent()) == Counter(dict.fromkeys(approved.items(), 1))
    assert bad.broke["write after"] > 20
    assert bad.broke["write before"] > 10
    assert 0 < asked <= bad.broke["write before"]


def test_eight_at_once_leave_one_reply(real: Real, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'responder.db'}"
    first = Store(url)
    first.prepare()
    street = Street(first, real.connector())
    complaint = real.say("My parcel is late.")
    street.listen()
    words = street.approve(1)
    together = Barrier(8)

    def send(_: int) -> None:
        store = Store(url)
        mine = Street(store, real.connector(), now=street.now)
        together.wait()
        mine.send()
        store.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(8)))
    assert real.sent() == [(complaint, words)]
    assert len(real.proxy.writes) == 1
    assert street.delivery().stage is DeliveryStage.SENT
    first.close()


def test_a_lost_answer_and_eight_that_look_leave_one_reply(real: Real, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'responder.db'}"
    first = Store(url)
    first.prepare()
    street = Street(first, real.connector())
    complaint = real.say("My parcel is late.")
    street.listen()
    words = street.approve(1)
    real.proxy.fault = lambda one: Fault(closes, after=True) if one.method == "POST" else None
    street.send()
    together = Barrier(8)

    def look(_: int) -> None:
        store = Store(url)
        mine = Street(store, real.connector(), now=street.now)
        together.wait()
        mine.send(minutes=5)
        store.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(look, range(8)))
    assert real.sent() == [(complaint, words)]
    assert street.settled()
    first.close()
