"""What our own people are told goes out once: with two daemons, over a restart, and after a failure later."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from responder.store.notices import LEASE, Claim
from responder.store.store import Store
from tests.network import at

LATER_ON = at(60)
KEY = "digest 2026-03-02 ana mail"


def claimed(store: Store, minutes: float = 0, key: str = KEY) -> Claim | None:
    return store.notices.claim(key, "digest", "ana", at(minutes))


def has(store: Store, minutes: float = 0) -> Claim:
    claim = claimed(store, minutes)
    assert claim is not None
    return claim


def at_once(store: Store, minutes: float) -> list[Claim]:
    """Return the claims of eight who try at the same moment; those of one connection go one by one."""
    with ThreadPoolExecutor(1 if repr(store) == "Store('sqlite://')" else 8) as pool:
        return [one for one in pool.map(lambda _: claimed(store, minutes), range(8)) if one]


def test_a_notice_is_claimed_by_one_of_many_at_once(any_store: Store) -> None:
    assert [claim.fence for claim in at_once(any_store, 0)] == [1]


def test_what_was_told_is_not_told_again(any_store: Store) -> None:
    assert any_store.notices.due([KEY], LATER_ON) == {KEY}
    assert any_store.notices.sent(has(any_store), at(1))
    assert any_store.notices.due([KEY], LATER_ON) == set()
    assert claimed(any_store, 60 * 24) is None


def test_a_failed_notice_is_claimed_again_by_one_when_its_time_has_come(any_store: Store) -> None:
    assert any_store.notices.failed(has(any_store), "the line is down", at(0), again_at=at(2))
    assert claimed(any_store, 1) is None
    assert any_store.notices.due([KEY], at(1)) == set()
    assert any_store.notices.due([KEY], at(2)) == {KEY}
    (failed,) = any_store.notices.failing(at(-1))
    assert (failed.problem, failed.way, failed.again_at) == ("the line is down", "mail", at(2))
    claims = at_once(any_store, 2)
    assert [(claim.fence, claim.tries) for claim in claims] == [(2, 2)]
    assert any_store.notices.sent(claims[0], at(3))
    assert any_store.notices.failing(at(-1)) == []


def test_what_nobody_can_send_is_not_tried_again(any_store: Store) -> None:
    any_store.notices.failed(has(any_store), "no such person", at(0), again_at=None)
    assert claimed(any_store, 60 * 24) is None
    assert any_store.notices.due([KEY], LATER_ON) == set()
    assert any_store.notices.failing(at(-1))[0].again_at is None


def test_of_each_kind_person_and_way_only_the_last_that_failed_is_told(any_store: Store) -> None:
    for minutes in range(30):
        alert = any_store.notices.claim(f"alert {minutes} ana mail", "alert", "ana", at(minutes))
        assert alert
        any_store.notices.failed(alert, f"no such person {minutes}", at(minutes), again_at=None)
    any_store.notices.failed(has(any_store), "no such person", at(0), again_at=None)
    lost = any_store.notices.failing(at(-1))
    assert [(one.kind, one.problem) for one in lost] == [
        ("alert", "no such person 29"),
        ("digest", "no such person"),
    ], "the digest is not lost among the alerts"


def test_a_later_one_that_went_out_mends_what_failed_before_by_the_same_way(any_store: Store) -> None:
    for way in ("mail", "chat"):
        lost = any_store.notices.claim(f"alert 1 ana {way}", "alert", "ana", at(0))
        assert lost
        any_store.notices.failed(lost, "no such person", at(0), again_at=None)
    later = any_store.notices.claim("alert 2 ana mail", "alert", "ana", at(10))
    assert later
    assert len(any_store.notices.failing(at(-1))) == 2, "what is on its way mends nothing yet"
    any_store.notices.sent(later, at(10))
    assert [one.way for one in any_store.notices.failing(at(-1))] == ["chat"]


@pytest.mark.parametrize(
    ("later", "again"), [(("boot", LEASE - 1), False), (("boot", LEASE + 1), True), (("other", 0.0), True)]
)
def test_a_claim_whose_daemon_died_is_free_after_its_lease_or_a_restart_of_the_machine(
    store: Store, later: tuple[str, float], again: bool
) -> None:
    store.lease_clock = lambda: ("boot", 0.0)
    dead = has(store)
    store.lease_clock = lambda: later
    claim = claimed(store)
    assert (claim is not None) is again
    if claim:
        assert not store.notices.sent(dead, at(0))
        assert store.notices.sent(claim, at(0))


def test_no_jump_of_the_wall_clock_frees_a_claim_or_puts_a_notice_off_for_long(store: Store) -> None:
    store.lease_clock = lambda: ("boot", 0.0)
    claim = has(store)
    assert claimed(store, 60 * 24 * 365) is None
    store.notices.failed(claim, "broken", at(60 * 24 * 365), again_at=at(60 * 24 * 365 + 1))
    assert claimed(store, 0) is not None


def test_the_journal_tells_once_that_it_failed_and_once_that_it_went_out(store: Store) -> None:
    for minutes in (0, 5, 10):
        again_at = at(minutes + 1)
        store.notices.failed(has(store, minutes), "the line is down", at(minutes), again_at=again_at)
    store.notices.sent(has(store, 15), at(15))
    with store.read() as connection:
        told = connection.execute(text("SELECT action FROM event ORDER BY id")).scalars().all()
    assert list(told) == ["not told", "told"]


def test_a_digest_that_an_older_version_wrote_is_not_written_again_on_its_day() -> None:
    store = Store("sqlite://")
    store.migrate("0009")
    with store.engine.begin() as connection:
        connection.execute(text("INSERT INTO digest (day, made_at) VALUES ('2026-03-02', 5)"))
    store.prepare()
    assert store.notices.due(["digest 2026-03-02 folder", "digest 2026-03-03 folder"], LATER_ON) == {
        "digest 2026-03-03 folder"
    }
    assert store.notices.claim("digest 2026-03-02 folder", "digest", "", at(0)) is None
    assert store.notices.failing(at(0) - timedelta(days=30_000 // 24)) == []
    store.close()
