"""The Store: one database, opened safely, with one room for each part of the street."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from secrets import randbelow, token_hex
from time import sleep
from typing import Any

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from responder.model.people import Roster
from responder.store.alerts import Alerts
from responder.store.archive import Archive
from responder.store.audit import Audit
from responder.store.blindness import Blindness
from responder.store.casework import Casework
from responder.store.control import Control
from responder.store.corrections import Corrections
from responder.store.daemons import Daemons
from responder.store.debriefs import Debriefs
from responder.store.engine import Reading, lease_clock, open_engine
from responder.store.errors import StoreBusy, StoreNewer, StoreUnusable, translated
from responder.store.finding import Finder
from responder.store.follow_ups import FollowUps
from responder.store.gathering import Gathering
from responder.store.grants import Grants
from responder.store.incidents import Incidents
from responder.store.intake import Intake
from responder.store.journal import open_journal, write_journal
from responder.store.lists import Lists
from responder.store.lookback import Lookback
from responder.store.looking import Looking
from responder.store.matters import Matters
from responder.store.money import Money
from responder.store.moves import open_tallies, write_tallies
from responder.store.notices import Notices
from responder.store.outbox import Outbox
from responder.store.planted import Planted
from responder.store.promises import Promises
from responder.store.recent import Recent
from responder.store.references import References
from responder.store.silence import Silence
from responder.store.statistics import Statistics
from responder.store.summing import Summing
from responder.store.tending import Tending
from responder.store.views import Views
from responder.store.watching import Watching
from responder.store.worksheets import Worksheets
from responder.store.yeses import Yeses

#: The newest migration; a database that knows a later one is not ours to touch.
HEAD = "0020"
#: How often, and after how many seconds, a database that others open too is tried again.
_TRIES, _PAUSE = 20, 0.1
MIGRATIONS = Path(__file__).parent / "migrations"


class Store:
    """The queue, the journal and the outbox in SQLite or PostgreSQL.

    `url` is an SQLAlchemy address, `roster` says who may do what at its desk. `clock` replaces the lease
    clock (name, seconds) where time is simulated, and `salt` chance, where a run must repeat. While
    `rehearsing`, what is written is taken back at once: to see what a deed would do. While a file is at
    `pause_file`, nothing is sent. Opening does not connect; `prepare` does.
    """

    def __init__(
        self,
        url: str,
        *,
        roster: Roster | None = None,
        clock: Callable[[], Reading] | None = None,
        salt: Callable[[], str] | None = None,
        rehearsing: bool = False,
        pause_file: Path | None = None,
    ) -> None:
        try:
            self.engine = open_engine(url)
        except (ArgumentError, NoSuchModuleError) as error:
            raise StoreUnusable(f"this is not a database address we know: {error}") from None
        self.roster = roster or Roster()
        self.rehearsing = rehearsing
        self.pause_file = pause_file
        self.lease_clock = clock
        self.salt = salt or partial(token_hex, 8)
        #: A number under its argument that nobody can guess; set anew where a run must repeat.
        self.chance: Callable[[int], int] = randbelow
        self.intake = Intake(self)
        self.casework = Casework(self)
        self.corrections = Corrections(self)
        self.tending = Tending(self)
        self.silence = Silence(self)
        self.matters = Matters(self)
        self.incidents = Incidents(self)
        self.gathering = Gathering(self)
        self.outbox = Outbox(self)
        self.watching = Watching(self)
        self.promises = Promises(self)
        self.follow_ups = FollowUps(self)
        self.debriefs = Debriefs(self)
        self.references = References(self)
        self.worksheets = Worksheets(self)
        self.grants = Grants(self)
        self.blindness = Blindness(self)
        self.daemons = Daemons(self)
        self.money = Money(self)
        self.control = Control(self)
        self.views = Views(self)
        self.lists = Lists(self)
        self.looking = Looking(self)
        self.yeses = Yeses(self)
        self.planted = Planted(self)
        self.notices = Notices(self)
        self.alerts = Alerts(self)
        self.recent = Recent(self)
        self.statistics = Statistics(self)
        self.summing = Summing(self)
        self.finding = Finder(self)
        self.archive = Archive(self)
        self.lookback = Lookback(self)
        self.audit = Audit(self)

    def prepare(self) -> None:
        """Create or upgrade the tables; raises StoreNewer when this version is too old for them.

        Where others open a new database at the same moment, SQLite's change to a write-ahead log lets one
        through and tells the rest at once that it is busy: they try again.
        """
        for _ in range(_TRIES):
            try:
                self._prepare()
            except StoreBusy:
                sleep(_PAUSE)
            else:
                return
        self._prepare()

    def _prepare(self) -> None:
        version = self.version()
        if version == HEAD:
            return
        known = {path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("0*.py")}
        if version is not None and version not in known:
            raise StoreNewer
        self.migrate()

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    @contextmanager
    def write(self, *, lasting: bool = True) -> Iterator[Connection]:
        """Give a transaction that holds the write lock from its start; all of it happens or nothing.

        One that need not be `lasting` is over before it is on the disk (PostgreSQL): it may be missing, with
        all that came after it, when the server's machine lost its power within a second. Only for what is
        found out again without it; whoever waits for the journal's head waits for less.
        """
        try:
            with self.engine.begin() as connection:
                if not lasting and connection.dialect.name == "postgresql":
                    connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
                open_tallies(connection)
                open_journal(connection, self.salt)
                yield connection
                write_tallies(connection)
                write_journal(connection)
                if self.rehearsing:
                    connection.rollback()
        except DBAPIError as error:
            raise translated(error) from None  # the original's text may hold a customer's words

    @contextmanager
    def read(self, *, whole: bool = False) -> Iterator[Connection]:
        """Give a connection to read with, that no writer makes wait.

        `whole` shows everything as of one moment; else each statement may show a later one, which saves the
        beginning and the end of a transaction.
        """
        options: dict[str, Any] = {"reading": True, "whole": whole}
        if self.engine.dialect.name == "postgresql":
            options["isolation_level"] = "REPEATABLE READ" if whole else "AUTOCOMMIT"
        try:
            with self.engine.connect().execution_options(**options) as connection, connection.begin():
                yield connection
        except DBAPIError as error:
            raise translated(error) from None

    def reading(self) -> Reading:
        """Return the name and the seconds of the clock that leases run on."""
        with self.read() as connection:
            return self.clock_of(connection)

    def clock_of(self, connection: Connection, shown: float | None = None) -> Reading:
        """Return the same within a transaction; `shown` is what its last statement's `server_clock` gave."""
        return self.lease_clock() if self.lease_clock else lease_clock(connection, shown)

    def __repr__(self) -> str:
        return f"Store({make_url(self.engine.url).render_as_string(hide_password=True)!r})"

    def version(self) -> str | None:
        """Return the number of the newest migration it has seen; None while it is empty."""
        with self.read() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            version = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return None if version is None else str(version)

    def migrate(self, to: str = "head") -> None:
        """Run the migrations up to one of them; alembic costs more than opening the database: only here."""
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        sqlite = self.engine.dialect.name == "sqlite"
        try:
            with self.engine.connect() as connection:
                if sqlite:  # a table rebuilt with foreign keys on takes its children along, silently
                    connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]
                with connection.begin():
                    if not sqlite:  # two processes starting at once
                        connection.execute(text("SELECT pg_advisory_xact_lock(7263518)"))
                    config.attributes["connection"] = connection
                    command.upgrade(config, to)
                    if sqlite and connection.execute(text("PRAGMA foreign_key_check")).first():
                        raise StoreUnusable(
                            "a migration would have broken links between rows; nothing was changed"
                        )
                if sqlite:
                    connection.connection.driver_connection.execute("PRAGMA foreign_keys = ON")  # type: ignore[union-attr]
        except DBAPIError as error:
            raise translated(error) from None
