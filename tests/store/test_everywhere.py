"""The disk full at every page, the connection cut at every piece: nothing is lost, nothing is sent twice."""

import resource
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from responder.model.case import Stage
from responder.steps.approve import settle
from responder.steps.post import Mode, post
from responder.store.errors import Conflict, StoreError
from responder.store.store import Store
from tests.desk import approved, street
from tests.network import ScriptedNetwork, account, at, mention
from tests.store.cut import wire
from tests.store.reused import emptied_postgres

#: A page of SQLite and its place in the write-ahead log, in bytes.
PAGE = 4_096 + 24


@dataclass
class Life:
    """A customer's posts on their way to a reply, and a clock of leases that goes on between tries."""

    store: Store
    posts: tuple[str, ...]
    net: ScriptedNetwork = field(default_factory=ScriptedNetwork)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.net.say(*(mention(one, "words " * 300, author=f"a{one}") for one in self.posts))
        self.accounts = {"shop": account(self.net)}
        self.store.lease_clock = lambda: ("boot", self.seconds)

    def live(self, minutes: float) -> None:
        """Read, weigh, draft, approve and send whatever there is."""
        street(self.store, self.accounts, minutes)
        for case in self.store.views.page(Stage.WAITING):
            with suppress(Conflict):  # its reply may be public
                approved(self.store, case.id, minutes)
        post(self.store, self.accounts, Mode.ON, at(minutes))

    def fails(self) -> bool:
        """Live once; say whether the database failed."""
        try:
            self.live(1)
        except StoreError:
            return True
        return False

    def lives_on(self) -> None:
        """Live on with a database that works, people who say what they see, and judge."""
        for minutes in (10, 30, 50, 70, 90):
            self.seconds += 600
            for one in self.store.views.unsettled():
                answered = [target for target, _ in self.net.public]
                url = "https://net.example/r" if one.target.external_id in answered else None
                settle(self.store, self.store.casework.get(one.case_id), url, "sam", at(minutes))
            self.live(minutes)
        assert sorted(target for target, _ in self.net.public) == list(self.posts)
        assert len(self.store.views.page(Stage.ANSWERED)) == len(self.posts)
        assert self.store.views.verify() == []
        assert self.store.audit.verify().broken == ()
        self.store.close()


# --- a full disk -----------------------------------------------------------------------------------------


@contextmanager
def no_file_longer_than(most: int) -> Iterator[None]:
    """Let no write of this process go beyond so many bytes of a file: the disk is full from there on."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def prepared(folder: Path) -> Path:
    """Make a database with empty tables, all of it in one file."""
    file = folder / "prepared.db"
    store = Store(f"sqlite:///{file}")
    store.prepare()
    with store.engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
    store.close()
    return file


def full_from_each_page(folder: Path, step: int) -> int:
    """Live with a log that takes 0, `step`, 2 * `step` ... pages until all fits; return how many failed."""
    like = prepared(folder)
    for pages in range(0, 10_000, step):
        file = folder / f"full{pages}.db"
        shutil.copy(like, file)
        life = Life(Store(f"sqlite:///{file}"), ("1", "2"))
        with no_file_longer_than(32 + pages * PAGE):
            failed = life.fails()
        life.lives_on()
        if not failed:
            return pages // step
    raise AssertionError("it never fits")


def test_a_disk_that_is_full_from_any_of_some_pages_on_costs_nothing(tmp_path: Path) -> None:
    assert full_from_each_page(tmp_path, 16) > 3


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_disk_that_is_full_from_any_page_on_costs_nothing(tmp_path: Path) -> None:
    assert full_from_each_page(tmp_path, 1) > 80


# --- a connection that is cut ----------------------------------------------------------------------------


def cut_at_each_piece(address: str, step: int) -> int:
    """Live with a connection cut at piece 1, 1 + `step` ... of what passes; return how often it failed."""
    cuts, direct = 0, Store(address)
    with wire(make_url(address)) as (line, by_wire):
        for cut_at in range(1, 100_000, step):
            emptied_postgres(direct.engine)
            life = Life(Store(by_wire.render_as_string(hide_password=False)), ("1",))
            line.passed, line.cut_at = 0, cut_at
            failed, reached = life.fails(), line.passed >= cut_at
            line.cut_at = None
            life.lives_on()
            if not reached:
                direct.close()
                return cuts
            cuts += failed
    raise AssertionError("it never ends")


def test_a_connection_cut_at_some_pieces_costs_nothing(postgres_url: str) -> None:
    assert cut_at_each_piece(postgres_url, 25) > 3


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_connection_cut_at_any_piece_costs_nothing(postgres_url: str) -> None:
    assert cut_at_each_piece(postgres_url, 1) > 60
