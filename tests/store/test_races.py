"""Everybody at once on the same few cases: nobody waits for another for ever, and nothing goes out twice."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select

from responder.connector import Look, Page, Sight, Unauthorised
from responder.model.blind import Cause
from responder.model.case import Case, Stage
from responder.model.correction import What
from responder.model.decision import Verdict
from responder.model.delivery import Receipt
from responder.model.draft import Draft, Message
from responder.model.mention import Mention
from responder.steps.approve import approve, decide, edit
from responder.steps.correct import NothingToCorrect, Said, correct
from responder.steps.draft import draft
from responder.steps.post import Mode, post
from responder.steps.triage import triage
from responder.store.errors import Conflict
from responder.store.store import Store
from responder.store.tables import decision, delivery
from responder.store.tables import mention as mentions
from tests.desk import seen, waiting
from tests.lifecycle.world import TARGETS
from tests.network import ScriptedNetwork, account, at, mention
from tests.policies import PlainPolicy

THREADS = 30


@dataclass
class BusyNetwork(ScriptedNetwork):
    """A network that takes replies from several threads, turns some away and leaves some in doubt."""

    chance: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311 (chance, not secrecy)

    def look(self, mention: Mention) -> Look:
        return Look(sight=Sight.PRESENT)

    def send(self, message: Message, to: Mention) -> Receipt:
        fate = self.chance.random()
        if fate < 0.2:
            raise Unauthorised
        self.public.append((to.external_id, message.text))
        if fate < 0.4:
            raise TimeoutError
        return Receipt(remote_id=to.external_id, url="")


@dataclass
class Street:
    """One database, and people and daemons who all work on it, each with a Store of their own."""

    url: str
    net: BusyNetwork = field(default_factory=BusyNetwork)
    numbers: "count[int]" = field(default_factory=lambda: count(1))
    failed: list[Exception] = field(default_factory=list)

    def run(self, seconds: float, *works: Callable[[Store, random.Random], None]) -> None:
        """Let each of these go on for so long, all at once."""
        end = time.monotonic() + seconds
        threads = [threading.Thread(target=self._repeat, args=(*work, end)) for work in enumerate(works)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _repeat(self, seed: int, work: Callable[[Store, random.Random], None], end: float) -> None:
        store, chance = Store(self.url), random.Random(seed)  # noqa: S311 (chance, not secrecy)
        while time.monotonic() < end and not self.failed:
            try:
                work(store, chance)
            except Conflict:
                continue  # somebody was quicker, as told
            except Exception as error:  # noqa: BLE001 (whatever it is, it is the finding)
                self.failed.append(error)
        store.close()

    def hears(self, store: Store, chance: random.Random) -> None:
        """New posts, edited ones and removed ones, of the same few threads in any order."""
        new = [self.post(next(self.numbers), chance.randrange(THREADS)) for _ in range(6)]
        again = [self.post(chance.randrange(1, 60), chance.randrange(THREADS)) for _ in range(6)]
        edited = [replace(one, edit_mark=str(chance.random())) for one in again]
        removed = tuple(f"p{chance.randrange(1, 300)}" for _ in range(2))
        page = Page(mentions=tuple(new + edited), cursor=str(next(self.numbers)), removed=removed)
        store.intake.keep("shop", store.intake.cursor("shop"), page, at(1))

    def looks(self, store: Store, chance: random.Random) -> None:
        """Fresh looks that show posts edited or gone, and polls that stop the account or let it go on."""
        for case in chance.sample(found := store.views.page(chance.choice(list(Stage))), min(3, len(found))):
            if chance.random() < 0.8:
                store.intake.seen_again([replace(case.target, edit_mark=str(chance.random()))], at(1))
            else:
                store.intake.gone(case.target, at(1))
        refused = chance.random() < 0.3
        store.intake.polled(
            "shop", at(2), at(1), problem="refused" if refused else "", cause=Cause.CREDENTIAL
        )

    def post(self, number: int, thread: int) -> Mention:
        return mention(f"p{number}", thread=f"t{thread}", author="a", minutes=number / 1000)

    def judges(self, store: Store, chance: random.Random) -> None:
        triage(store, PlainPolicy(), TARGETS, at(1))
        draft(store, PlainPolicy(), {"shop": account(self.net)}, at(1))

    def decides(self, store: Store, chance: random.Random) -> None:
        for case in chance.sample(waiting := store.views.page(Stage.WAITING), min(3, len(waiting))):
            shown = store.casework.draft(case)
            if shown and chance.random() < 0.8:
                approve(store, account(self.net), (case, shown), "sam", at(1))
            elif shown:
                edit(store, PlainPolicy(), account(self.net), (case, shown), ("better", "sam"), at(1))
        for case in store.views.page(Stage.APPROVED)[: chance.randrange(2)]:
            decide(store, case, Verdict.WITHDRAW, ("sam", ""), at(1))
        for case in store.views.page(Stage.SET_ASIDE):
            decide(store, case, Verdict.REOPEN, ("sam", ""), at(1))

    def corrects(self, store: Store, chance: random.Random) -> None:
        for case in chance.sample(found := store.views.page(chance.choice(list(Stage))), min(2, len(found))):
            what = chance.choice(list(What))
            said = Said(what, "sam", "", chance.choice(["de", "fr"]) if what is What.LANGUAGE else "")
            with suppress(NothingToCorrect):
                correct(store, TARGETS, case, said, at(1))

    def sends(self, store: Store, chance: random.Random) -> None:
        post(store, {"shop": account(self.net)}, Mode.ON, at(next(self.numbers)))


def raced(url: str, seconds: float) -> Street:
    """Let two of each work on one database, and check what they leave."""
    street = Street(url)
    store = Store(url)
    store.prepare()
    store.intake.introduce({"shop": "scripted"})
    works = (*(street.hears, street.looks, street.judges), *(street.decides, street.corrects, street.sends))
    street.run(seconds, *works, *works)
    assert street.failed == []
    assert [
        target for target, times in Counter(target for target, _ in street.net.public).items() if times > 1
    ] == []
    sent = select(mentions.c.external_id).join(delivery, delivery.c.target_id == mentions.c.id)
    with store.read() as connection:
        recorded = set(connection.scalars(sent.where(delivery.c.stage == "SENT")))
    assert recorded <= {target for target, _ in street.net.public}
    assert store.views.verify() == []
    store.close()
    return street


@pytest.mark.slow
def test_all_at_once_on_postgresql(postgres_url: str) -> None:
    """A transaction that locks out of order is a deadlock here within seconds: see store/moves.py."""
    street = raced(postgres_url, 3)
    assert next(street.numbers) > 10  # how much more is done in the time is the machine's affair


def test_all_at_once_on_sqlite(tmp_path: Path) -> None:
    raced(f"sqlite:///{tmp_path / 'busy.db'}", 1)


@pytest.mark.slow
def test_all_at_once_on_postgresql_for_longer(postgres_url: str) -> None:
    street = raced(postgres_url, 30)
    assert street.net.public != []


CASES, PEOPLE = 400, 8


@dataclass
class Approvals:
    """Eight people who all have the same cards before them, and how it went for each."""

    url: str
    cards: list[tuple[Case, Draft]]
    won: list[tuple[str, int]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    failed: list[Exception] = field(default_factory=list)

    def by(self, name: str) -> None:
        """Approve every card, in an order of one's own."""
        store, mine = Store(self.url), list(self.cards)
        random.Random(name).shuffle(mine)  # noqa: S311 (chance, not secrecy)
        for case, shown in mine:
            try:
                approve(store, account(ScriptedNetwork()), (case, shown), name, at(2))
                self.won.append((name, case.id))
            except Conflict as told:
                self.told.append(str(told))
            except Exception as error:  # noqa: BLE001 (whatever it is, it is the finding)
                self.failed.append(error)
        store.close()


def approved_by_eight(url: str) -> None:
    """Let eight people approve the same four hundred cases at once, and check who won."""
    store = Store(url)
    store.prepare()
    waiting(store, *(mention(f"p{n}", author=f"a{n}") for n in range(CASES)))
    cards = [seen(store, case.id) for case in store.views.page(Stage.WAITING, limit=CASES)]
    assert len(cards) == CASES
    approvals = Approvals(url, cards)
    people = [threading.Thread(target=approvals.by, args=(f"person {n}",)) for n in range(PEOPLE)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert approvals.failed == []
    assert Counter(number for _, number in approvals.won) == Counter({case.id: 1 for case, _ in cards})
    assert len(approvals.told) == (PEOPLE - 1) * CASES
    assert all("moved while you looked: person " in told for told in approvals.told)
    assert all("approved it just now; it is APPROVED now" in told for told in approvals.told)
    with store.read() as connection:
        planned = select(decision.c.by, delivery.c.case_id).join(
            decision, decision.c.id == delivery.c.decision_id
        )
        assert {(row.by, row.case_id) for row in connection.execute(planned)} == set(approvals.won)
    assert len(store.views.page(Stage.APPROVED, limit=2 * CASES)) == CASES
    assert store.views.verify() == []
    store.close()


@pytest.mark.slow
def test_of_eight_people_one_wins_each_of_four_hundred_cases_and_the_others_are_told(tmp_path: Path) -> None:
    approved_by_eight(f"sqlite:///{tmp_path / 'desk.db'}")


@pytest.mark.slow
def test_of_eight_people_one_wins_each_case_on_postgresql_too(postgres_url: str) -> None:
    approved_by_eight(postgres_url)
