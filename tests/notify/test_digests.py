"""Each gets the digest at their hour, in their language, once a day; a failure holds up nobody."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from responder.model.letter import Letter
from responder.model.recipient import Recipient, Way
from responder.notify import Desk, NotifyError, Sender, send_again, send_digests
from responder.settings import Settings
from responder.settings.sections import CompanySection
from responder.settings.telling import DigestSection, MailSection, RecipientSection
from responder.store.store import Store
from tests.desk import waiting

MORNING = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post(Sender):
    """Takes letters down instead of sending them."""

    taken: list[tuple[str, Way, Letter, str]] = field(default_factory=list)
    #: Who cannot be reached, and whether it may help to try again.
    away: dict[str, bool] = field(default_factory=dict)

    def send(self, letter: Letter, recipient: Recipient, way: Way, key: str, now: datetime) -> None:
        if recipient.name in self.away:
            raise NotifyError("the line is down", again=self.away[recipient.name])
        self.taken.append((recipient.name, way, letter, key))


def settings(folder: Path, *told: RecipientSection) -> Settings:
    return Settings(
        company=CompanySection(name="Acme", timezone=ZoneInfo("Europe/Ljubljana"), language="sl"),
        digest=DigestSection(folder=folder),
        mail=MailSection(host="post.example", sender="responder@acme.example"),
        recipients=told,
    )


def ana(**how: object) -> RecipientSection:
    return RecipientSection(**({"name": "ana", "mail": "ana@acme.example"} | how))  # type: ignore[arg-type]


def hours(store: Store, some: Settings, post: Post, moments: Sequence[datetime]) -> list[int]:
    """Ring at each of these moments; return how many letters had gone out by then."""
    counts = []
    for now in moments:
        send_digests(store, some, post, now)
        counts.append(len(post.taken))
    return counts


def test_each_gets_it_by_each_way_at_their_hour_and_in_their_language(store: Store, tmp_path: Path) -> None:
    waiting(store)
    bo = RecipientSection(
        name="bo", chat=True, timezone=ZoneInfo("America/New_York"), language="de", digest=time(8, 0)
    )
    some, post = settings(tmp_path, ana(chat=True), bo), Post()
    assert hours(store, some, post, [MORNING - timedelta(minutes=1), MORNING]) == [0, 2]
    assert [(name, way) for name, way, _, _ in post.taken] == [("ana", Way.MAIL), ("ana", Way.CHAT)]
    eight_there = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
    assert hours(store, some, post, [eight_there - timedelta(minutes=1), eight_there]) == [2, 3]
    assert post.taken[0][2].subject == "0 odprtih – pritožbe Acme, pon., 2. mar."
    assert post.taken[2][2].subject == "0 offen – Beschwerden Acme, Mo., 2. März"
    assert post.taken[0][3] == "digest 2026-03-02 ana mail"
    assert (tmp_path / "digest-2026-03-02.txt").read_text().startswith("0 odprtih; ")


def test_who_wants_none_gets_none(store: Store, tmp_path: Path) -> None:
    post = Post()
    assert hours(store, settings(tmp_path, ana(digest="none")), post, [MORNING, MORNING]) == [0, 0]


@pytest.mark.parametrize(
    ("first", "at"),
    [
        (datetime(2026, 3, 28, tzinfo=UTC), time(2, 30)),  # on the 29th it does not exist
        (datetime(2026, 10, 24, tzinfo=UTC), time(2, 30)),  # on the 25th it comes twice
        (datetime(2026, 10, 24, tzinfo=UTC), time(0, 0)),
        (datetime(2026, 3, 28, tzinfo=UTC), time(23, 59)),
    ],
)
def test_every_day_has_one_also_when_the_clocks_change(
    store: Store, tmp_path: Path, first: datetime, at: time
) -> None:
    some, post = settings(tmp_path, ana(digest=at)), Post()
    for minute in range(0, 3 * 24 * 60, 10):
        send_digests(store, some, post, first + timedelta(minutes=minute, seconds=30 * 18))
    days = [key.split()[1] for *_, key in post.taken]
    assert sorted(set(days)) == sorted(days)
    assert len(days) in {3, 4}


def test_one_that_slept_sends_it_when_it_wakes_and_none_for_days_gone_by(
    store: Store, tmp_path: Path
) -> None:
    some, post = settings(tmp_path, ana()), Post()
    send_digests(store, some, post, MORNING)
    send_digests(store, some, post, MORNING + timedelta(days=3, hours=9))
    assert [key.split()[1] for *_, key in post.taken] == ["2026-03-02", "2026-03-05"]


def test_two_daemons_and_a_restart_send_it_once(any_store: Store, tmp_path: Path) -> None:
    some, one, other = settings(tmp_path, ana()), Post(), Post()
    for post in (one, other, one, other):
        send_digests(any_store, some, post, MORNING)
    assert (len(one.taken), len(other.taken)) == (1, 0)


def test_who_cannot_be_reached_holds_up_nobody_and_is_tried_again_the_same_day(
    store: Store, tmp_path: Path
) -> None:
    bo = RecipientSection(name="bo", mail="bo@acme.example")
    some, post = settings(tmp_path, ana(), bo), Post(away={"ana": True})
    report = send_digests(store, some, post, MORNING)
    assert [name for name, *_ in post.taken] == ["bo"]
    assert report.problems == ("the digest for ana did not go out: the line is down",)
    assert send_digests(store, some, post, MORNING + timedelta(seconds=59)).problems == ()
    assert len(send_digests(store, some, post, MORNING + timedelta(minutes=1)).problems) == 1
    assert [one.tries for one in store.notices.failing(MORNING)] == [2]
    post.away.clear()
    send_digests(store, some, post, MORNING + timedelta(minutes=2))
    assert len(post.taken) == 1
    send_digests(store, some, post, MORNING + timedelta(minutes=3))
    assert post.taken[-1][3] == "digest 2026-03-02 ana mail"
    assert store.notices.failing(MORNING) == []


@pytest.mark.slow
def test_the_tries_of_a_day_are_few_and_the_last_one_failed_is_told_in_the_next_digest(
    store: Store, tmp_path: Path
) -> None:
    bo = RecipientSection(name="bo", mail="bo@acme.example", digest=time(7, 31))
    some, post = settings(tmp_path, ana(), bo), Post(away={"ana": True})
    tries = sum(
        bool(send_digests(store, some, post, MORNING + timedelta(minutes=minute)).problems)
        for minute in range(16 * 60)
    )
    assert 15 < tries < 25
    (_, _, letter, _) = post.taken[0]
    assert "ana: obvestilo ni prispelo (mail, pon., 07:30): the line is down" in " ".join(letter.text.split())


def test_what_no_try_can_mend_is_not_tried_again(store: Store, tmp_path: Path) -> None:
    some, post = settings(tmp_path, ana()), Post(away={"ana": False})
    problems = [send_digests(store, some, post, MORNING + timedelta(hours=n)).problems for n in range(9)]
    assert [len(one) for one in problems] == [1] + [0] * 8


def test_on_request_it_is_sent_again_and_the_days_own_all_the_same(store: Store, tmp_path: Path) -> None:
    some, post = settings(tmp_path, ana(chat=True)), Post()
    early = MORNING - timedelta(hours=1)
    for now in (early, early + timedelta(seconds=1)):
        assert list(send_again(Desk(store, some, now), post, some.told[0])) == [
            (Way.MAIL, ""),
            (Way.CHAT, ""),
        ]
    assert len({key for *_, key in post.taken}) == 4
    assert hours(store, some, post, [MORNING, MORNING]) == [6, 6]


def test_nobody_tries_again_by_themselves_what_was_sent_on_request(store: Store, tmp_path: Path) -> None:
    some, post = settings(tmp_path, ana()), Post(away={"ana": True})
    early = MORNING - timedelta(hours=1)
    assert list(send_again(Desk(store, some, early), post, some.told[0])) == [(Way.MAIL, "the line is down")]
    assert [one.again_at for one in store.notices.failing(early)] == [None]
