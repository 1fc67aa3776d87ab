"""The digest's figures equal a count over the rows, whatever happened; overdue and waiting part the queue."""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, text

from responder.model.case import OPEN, Case, Stage
from responder.model.decision import Verdict
from responder.model.digest import OVERDUE_CAP
from responder.steps.approve import decide
from responder.steps.digest import digest
from responder.steps.follow_up import follow_up
from responder.store.errors import Conflict
from responder.store.store import Store
from responder.store.tables import cases, event
from tests.desk import approved, keep, stage, street, waiting
from tests.network import ScriptedNetwork, account, at, mention
from tests.steps.sending import send
from tests.store.reused import emptied, emptied_postgres

DAY = timedelta(days=1)
DEEDS = ("writes", "edits", "removes", "is_read", "is_approved", "is_sent", "is_closed")
PERSONS = (Verdict.REDO, Verdict.DISMISS, Verdict.WITHDRAW, Verdict.REOPEN)
#: (deed, which, minutes that pass before it)
HISTORIES = st.lists(
    st.tuples(
        st.sampled_from([*DEEDS, *PERSONS, "writes", "is_read"]),
        st.integers(0, 4),
        st.sampled_from([1, 30, 400, 2000]),
    ),
    min_size=5,
    max_size=30,
)


@dataclass
class Life:
    """Customers, machine and person, in whatever order a history says."""

    store: Store
    net: ScriptedNetwork = field(default_factory=ScriptedNetwork)
    minutes: float = 0.0

    def live(self, history: list[tuple[str, int, int]]) -> float:
        """Let all this happen, one after the other; return the minute it is then."""
        self.store.intake.introduce({"shop": "scripted"})
        for deed, which, passed in history:
            self.minutes += passed
            if deed in set(Verdict):
                self.decides(Verdict(deed), which)
            else:
                getattr(self, deed)(which)
        return self.minutes

    def writes(self, which: int) -> None:
        words = ("It broke.", "A fire!", "Many thanks!", "Again!", "Lost.")[which]
        number = f"p{len(self.net.feed)}"
        self.net.say(mention(number, words, thread=f"t{which}", author=f"a{which}", minutes=self.minutes))

    def edits(self, which: int) -> None:
        for known in self.known()[which : which + 1]:
            self.net.edit(known, f"edited at {self.minutes}", f"e{self.minutes}")

    def removes(self, which: int) -> None:
        for known in self.known()[which : which + 1]:
            self.net.remove(known)

    def known(self) -> list[str]:
        ids = dict.fromkeys(one.external_id for one in self.net.feed if not isinstance(one, str))
        return [one for one in ids if not self.net.gone(one)]

    def is_read(self, which: int) -> None:
        street(self.store, {"shop": account(self.net)}, self.minutes)

    def is_approved(self, which: int) -> None:
        for case in self.store.views.page(Stage.WAITING)[: which + 1]:
            with suppress(Conflict):
                approved(self.store, case.id, self.minutes)

    def is_sent(self, which: int) -> None:
        send(self.store, {"shop": account(self.net)}, self.minutes)

    def is_closed(self, which: int) -> None:
        follow_up(self.store, DAY, at(self.minutes))

    def decides(self, verdict: Verdict, which: int) -> None:
        every = [case for one in Stage for case in self.store.views.page(one)]
        for case in every[which : which + 1]:
            with suppress(Conflict):
                decide(self.store, case, verdict, ("sam", ""), at(self.minutes))


def check(store: Store, minutes: float, since: float) -> None:
    """Compare every figure of a digest with a plain count over all rows."""
    now = at(minutes)
    made = digest(store, at(since), now, lines=1000)
    with store.read() as connection:
        rows = connection.execute(select(cases)).all()
        happened = connection.execute(select(event)).all()
    assert made.figures.by_stage == Counter(row.stage for row in rows)
    unanswered = [row for row in rows if row.stage in OPEN]
    assert made.figures.open_by_tier == Counter(row.tier for row in unanswered)
    assert made.open == len(unanswered)
    late = {row.id for row in unanswered if row.due_at and row.due_at < now}
    assert made.figures.overdue == len(late)
    assert {case.id for case in made.overdue} == late
    in_time = {row.id for row in rows if row.stage == "WAITING" and row.id not in late}
    assert {case.id for case in made.waiting} == in_time
    for part in (made.overdue, made.waiting):
        assert list(part) == sorted(part, key=lambda case: case.place)
    begun = at(since).replace(minute=0)
    assert made.figures.happened == Counter(row.action for row in happened if row.at >= begun)
    times = sorted(
        row.answered_at - row.opened_at for row in rows if row.answered_at and row.answered_at >= at(since)
    )
    assert made.figures.median_answer == (times[len(times) // 2] if times else None)
    assert store.views.verify() == []


@pytest.mark.slow
@given(history=HISTORIES, since=st.sampled_from([0, 60, 1000]))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_figures_are_a_count_over_the_rows_on_sqlite(
    memory_engine: Engine, history: list[tuple[str, int, int]], since: int
) -> None:
    store = emptied(memory_engine)
    check(store, Life(store).live(history) + 1, since)


@pytest.mark.slow
@given(history=HISTORIES, since=st.sampled_from([0, 60, 1000]))
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_figures_are_a_count_over_the_rows_on_postgresql(
    postgres_engine: Engine, history: list[tuple[str, int, int]], since: int
) -> None:
    store = emptied_postgres(postgres_engine)
    check(store, Life(store).live(history) + 1, since)


def test_an_empty_desk_has_a_digest_too(any_store: Store) -> None:
    made = digest(any_store, at(0), at(1))
    assert (made.open, made.overdue, made.waiting, made.unsettled, made.health) == (0, (), (), (), ())
    assert made.figures.median_answer is None
    assert not made.paused


def test_it_says_who_is_ill_what_is_unsettled_and_that_sending_is_paused(any_store: Store) -> None:
    _, accounts = waiting(any_store, mention("1"))
    accounts["shop"].connector.before_effect.append(lambda: 1 / 0)  # type: ignore[attr-defined]
    approved(any_store)
    send(any_store, accounts)
    any_store.intake.polled("shop", at(9), at(4), problem="no route")
    any_store.control.pause("sam", at(5))
    made = digest(any_store, at(0), at(6))
    assert [one.case_id for one in made.unsettled] == [1]
    assert [(one.name, one.problem) for one in made.health] == [("shop", "no route")]
    assert made.paused


def test_the_most_urgent_is_shown_first_also_when_more_are_overdue_than_are_counted(any_store: Store) -> None:
    keep(any_store, mention("1", "A fire!"))
    with any_store.write() as connection:
        connection.execute(text("UPDATE cases SET tier = 5, rank = -5010, stage = 'WAITING'"))
        connection.execute(text(f"UPDATE cases SET due_at = {_micros(9)}"))
        numbers = (
            "WITH RECURSIVE c(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM c WHERE n < 1500) SELECT n FROM c"
        )
        connection.execute(
            text(
                "INSERT INTO cases (id, account, thread, author_id, target_id, posts, stage, opened_at,"
                " moved_at, rank, due_at, not_before)"
                f" SELECT n, 'shop', 't' || n, 'a', 1, 1, 'WAITING', 0, 0, -1000, n, 0 FROM ({numbers}) AS s"
            )
        )
    made = digest(any_store, at(0), at(10), lines=3)
    assert made.figures.overdue == OVERDUE_CAP
    assert [case.id for case in made.overdue] == [1, 2, 3]


def _micros(minutes: float) -> int:
    return int(at(minutes).timestamp()) * 1_000_000


def test_what_happened_while_the_clock_was_wrong_is_not_told_for_ever(store: Store) -> None:
    _, accounts = waiting(store, mention("1"))
    approved(store)
    wrong = 60 * 24 * 365 * 10
    send(store, accounts, wrong)
    assert stage(store) is Stage.ANSWERED
    today = digest(store, at(0), at(60 * 24))
    assert "answered" not in today.figures.happened
    assert today.figures.median_answer is None
    assert store.views.verify() == []


def test_a_case_is_overdue_from_the_moment_it_is_due(store: Store) -> None:
    waiting(store, mention("1"))
    due = store.casework.get(1).due_at
    assert due is not None

    def parts(moment: timedelta) -> tuple[list[Case], list[Case]]:
        made = digest(store, at(0), due + moment)
        return list(made.overdue), list(made.waiting)

    assert [len(part) for part in parts(timedelta(0))] == [0, 1]
    assert [len(part) for part in parts(timedelta(microseconds=1))] == [1, 0]


@pytest.mark.parametrize("lines", [0, 1, 5])
def test_as_many_cases_are_shown_as_were_asked_for(store: Store, lines: int) -> None:
    waiting(store, *(mention(str(n), author=f"a{n}") for n in range(3)))
    assert len(digest(store, at(0), at(2), lines=lines).waiting) == min(3, lines)
