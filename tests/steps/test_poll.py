"""Poll: every page is kept with its cursor or not at all, and a failing network harms no other."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from responder.connector import (
    Account,
    Exhausted,
    Malformed,
    Page,
    Refused,
    Unauthorised,
    Unavailable,
    Unread,
    Unsure,
)
from responder.model.case import Stage
from responder.model.digest import AccountHealth
from responder.steps.poll import poll
from responder.store.store import Store
from tests.network import ScriptedNetwork, account, at, mention


@dataclass
class Pages(ScriptedNetwork):
    """A network that answers with these pages, one after the other, and then with the last again."""

    pages: list[Page] = field(default_factory=list)
    #: Called before each answer.
    meanwhile: Callable[[], None] | None = None
    asked: int = 0

    def poll(self, cursor: str | None) -> Page:
        if self.meanwhile:
            self.meanwhile()
        self.asked += 1
        return self.pages[min(self.asked, len(self.pages)) - 1]


def network(store: Store, posts: int = 0) -> ScriptedNetwork:
    """Return a network of a known account on which so many people have written."""
    store.intake.introduce({"shop": "scripted"})
    net = ScriptedNetwork()
    net.say(*(mention(f"p{number}", author=f"a{number}", minutes=number) for number in range(posts)))
    return net


def health(store: Store) -> AccountHealth:
    (one,) = store.views.health()
    return one


def due_at(store: Store, minutes: float) -> bool:
    return store.intake.due(["shop"], at(minutes)) == ["shop"]


def test_everything_is_read_page_by_page_and_counted(any_store: Store) -> None:
    net, told = network(any_store, 120), []
    report = poll(any_store, account(net), at(1), progress=lambda *done: told.append(done))
    assert (report.done, report.problems) == ({"heard": 120, "opened": 120}, ())
    assert told == [(50, None), (100, None), (120, None)]
    assert any_store.intake.cursor("shop") == "120"
    assert len(any_store.views.page(Stage.NEW, limit=500)) == 120


def test_progress_tells_the_share_where_the_network_knows_it(store: Store) -> None:
    network(store)
    pages = [
        Page(mentions=(mention("1"),), cursor="1", more=True, progress=0.5),
        Page(mentions=(mention("2"),), cursor="2", progress=1.0),
    ]
    told: list[tuple[int, float | None]] = []
    poll(store, account(Pages(pages=pages)), at(1), progress=lambda *done: told.append(done))
    assert told == [(1, 0.5), (2, 1.0)]


def test_reading_again_hears_nothing_twice(any_store: Store) -> None:
    net = network(any_store, 3)
    poll(any_store, account(net), at(1))
    assert poll(any_store, account(net), at(2)).done == {}


def test_the_next_poll_is_due_when_the_account_says(store: Store) -> None:
    poll(store, Account(name="shop", connector=network(store), every=300), at(1))
    assert not due_at(store, 5.9)
    assert due_at(store, 6)
    assert health(store).heard_at == at(1)


@pytest.mark.parametrize(
    ("error", "minutes"),
    [
        (Unavailable("no route"), 1),
        (Unavailable("slow down", retry_after=90), 1.5),
        (Unauthorised(), 60),
        (Refused(), 60),
        (Exhausted(), 360),
        (Malformed(), 1),
        (Unsure(), 1),
        (KeyError("a bug"), 1),
        (RecursionError(), 1),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_each_failure_waits_as_long_as_it_says(store: Store, error: Exception, minutes: float) -> None:
    net = network(store)
    net.unreachable = error
    report = poll(store, account(net), at(0))
    assert len(report.problems) == 1
    assert report.problems[0].startswith("shop: ")
    assert not due_at(store, 0.79 * minutes if minutes == 1 else minutes - 0.01)  # a part is its own
    assert due_at(store, minutes)
    assert health(store).heard_at is None
    assert health(store).polled_at == at(0)


@pytest.mark.parametrize("seconds", [float("inf"), float("nan"), 1e300, -1e300, -5, 0, 10**400])
def test_a_network_that_says_nonsense_about_when_to_come_back_is_asked_within_a_day(
    store: Store, seconds: float
) -> None:
    net = network(store)
    net.unreachable = Unavailable(retry_after=seconds)
    poll(store, account(net), at(0))
    assert due_at(store, 24 * 60)
    assert not due_at(store, 0)


def test_only_wrong_credentials_stop_an_account_and_only_a_working_poll_starts_it_again(store: Store) -> None:
    net = network(store)
    for error, stopped in (
        (Unavailable(), False),
        (Exhausted(), False),
        (Unauthorised(), True),
        (Unavailable(), True),
        (None, False),
    ):
        net.unreachable = error
        poll(store, account(net), at(0))
        assert health(store).stopped is stopped, error


def test_a_bug_in_a_connector_is_told_as_one_and_stored_without_what_could_act(store: Store) -> None:
    net = network(store)
    net.unreachable = RuntimeError("boom \x1b[2J")
    report = poll(store, account(net), at(0))
    assert report.problems == ("shop: this is a bug in the connector: RuntimeError: boom <U+001B>[2J",)
    assert health(store).problem in report.problems[0]


def test_one_broken_account_does_not_stop_the_next(store: Store) -> None:
    store.intake.introduce({"shop": "scripted", "broken": "scripted"})
    bad, good = ScriptedNetwork(unreachable=ZeroDivisionError()), ScriptedNetwork()
    good.say(mention("1"))
    poll(store, Account(name="broken", connector=bad), at(0))
    assert poll(store, account(good), at(0)).done == {"heard": 1, "opened": 1}


def test_a_failure_is_in_the_journal_once_and_its_end_too(store: Store) -> None:
    net = network(store)
    for error in (Unavailable("no route"), Unavailable("no route"), None, None):
        net.unreachable = error
        poll(store, account(net), at(0))
    assert store.views.figures(at(1), at(0)).happened == {"poll failed": 1, "poll works again": 1}


def test_a_failure_after_some_pages_keeps_those(store: Store) -> None:
    network(store)

    class Failing(Pages):
        def poll(self, cursor: str | None) -> Page:
            if self.asked == 1:
                raise Unavailable
            return super().poll(cursor)

    first = Page(mentions=(mention("1"),), cursor="1", more=True)
    report = poll(store, account(Failing(pages=[first])), at(0))
    assert report.done == {"heard": 1, "opened": 1}
    assert len(report.problems) == 1
    assert store.intake.cursor("shop") == "1"


def test_a_stop_comes_between_two_pages_and_the_rest_is_due_at_once(store: Store) -> None:
    net = network(store, 120)
    answers = iter([False, True])
    report = poll(store, account(net), at(1), stop=lambda: next(answers))
    assert report.done == {"heard": 50, "opened": 50}
    assert due_at(store, 1)
    assert poll(store, account(net), at(1)).done == {"heard": 70, "opened": 70}
    assert not due_at(store, 1.5)


def test_a_stop_before_the_first_page_is_not_told_as_a_poll(store: Store) -> None:
    net = network(store, 1)
    net.unreachable = Unauthorised()
    poll(store, account(net), at(0))
    before = health(store)
    assert poll(store, account(net), at(90), stop=lambda: True).done == {}
    assert health(store) == before
    assert due_at(store, 90)


def test_of_two_readers_one_gives_way_and_nothing_is_lost(any_store: Store) -> None:
    net = network(any_store, 3)

    def other_reads() -> None:
        if any_store.intake.cursor("shop") is None:
            poll(any_store, account(net), at(1))

    slow = Pages(pages=[net.poll(None)], meanwhile=other_reads)
    report = poll(any_store, account(slow), at(1))
    assert report.problems == ("shop: another process is reading shop",)
    assert len(any_store.views.page(Stage.NEW)) == 3


def test_a_late_post_is_kept_though_the_cursor_stays(store: Store) -> None:
    """Networks index late: an older post can come up behind the newest one that was read."""
    network(store)
    pages = [
        Page(mentions=(mention("9"),), cursor="9"),
        Page(mentions=(mention("8"), mention("9")), cursor="9"),
    ]
    net = Pages(pages=pages)
    poll(store, account(net), at(1))
    assert poll(store, account(net), at(2)).done == {"heard": 1, "opened": 1}


def test_removals_and_unreadable_things_are_kept_though_the_cursor_stays(store: Store) -> None:
    network(store)
    unread = Unread(place="p7", problem="no text", body="{}")
    pages = [
        Page(mentions=(mention("1"),), cursor="1"),
        Page(mentions=(), cursor="1", removed=("1",), malformed=(unread,)),
    ]
    net = Pages(pages=pages)
    poll(store, account(net), at(1))
    assert poll(store, account(net), at(2)).done == {"removed": 1, "malformed": 1}


def test_a_connector_that_does_not_move_on_is_told_and_left(store: Store) -> None:
    network(store)
    net = Pages(pages=[Page(mentions=(mention("1"),), cursor="1", more=True)])
    report = poll(store, account(net), at(1))
    assert net.asked <= 3
    assert report.done == {"heard": 1, "opened": 1}
    assert "bug in the connector" in report.problems[0]
    assert not due_at(store, 1.7)


def test_a_gap_is_in_the_journal(store: Store) -> None:
    network(store)
    net = Pages(pages=[Page(mentions=(), cursor="1", gap="the file was cut")])
    poll(store, account(net), at(1))
    assert store.views.figures(at(2), at(0)).happened == {"gap": 1}


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=300)])
def test_a_clock_that_was_set_back_does_not_silence_an_account(store: Store, back: timedelta) -> None:
    net = network(store)
    wrong: datetime = at(0) + back
    poll(store, account(net), wrong)
    assert due_at(store, 1)
    poll(store, account(net), at(1))
    assert not due_at(store, 1.5)
