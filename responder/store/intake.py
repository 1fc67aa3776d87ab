"""Taking in what a connector read: cursor, mentions and cases land in one transaction, or none does."""

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from responder.model.blind import Cause
from responder.model.case import Stage
from responder.model.mention import Mention
from responder.model.page import Page, Unread
from responder.store.blindness import sees_again, told_missing
from responder.store.errors import Conflict
from responder.store.moves import count_stages, insert_or, lock, portions, record
from responder.store.parting import joined
from responder.store.polling import note_poll
from responder.store.rows import mention_values, storable
from responder.store.side_tables import malformed
from responder.store.tables import account, cases, mention
from responder.store.threads import CaseKey, back_to_new, cases_of

if TYPE_CHECKING:
    from responder.store.store import Store

_FIRST = update(account).where(account.c.name == bindparam("b_name"), account.c.cursor.is_(None))
_ON = update(account).where(account.c.name == bindparam("b_name"), account.c.cursor == bindparam("b_before"))
_CURSOR = select(account.c.cursor).where(account.c.name == bindparam("account"))
_POLLED_LATER = account.c.polled_at > bindparam("now")
_DUE = select(account.c.name).where(
    account.c.name.in_(bindparam("accounts", expanding=True)),
    or_(account.c.next_poll_at.is_(None), account.c.next_poll_at <= bindparam("now"), _POLLED_LATER),
)
_SPOKEN_TO = update(account).where(account.c.name == bindparam("b_name")).values(spoke_at=bindparam("now"))
#: What we are called on every account of a network.
_OUR_IDS = select(account.c.own_id).where(
    account.c.connector
    == select(account.c.connector).where(account.c.name == bindparam("account")).scalar_subquery(),
    account.c.own_id != "",
)
_THESE = (
    mention.c.account == bindparam("account"),
    mention.c.external_id.in_(bindparam("ids", expanding=True)),
)
_STORED = select(mention.c.external_id).where(*_THESE)
_STANDING = select(mention.c.id, mention.c.thread, mention.c.author_id).where(
    *_THESE, mention.c.removed_at.is_(None)
)
#: What is known of posts: what may have changed, and what leads to their case.
_KNOWN = select(
    mention.c.external_id,
    mention.c.id,
    mention.c.edit_mark,
    mention.c.text,
    mention.c.removed_at,
    mention.c.thread,
    mention.c.author_id,
    mention.c.author_handle,
    mention.c.author_name,
).where(*_THESE)
_PLACES = select(mention.c.thread, mention.c.author_id).where(*_THESE)
_AS_READ = _KNOWN.with_only_columns(mention.c.text, mention.c.edit_mark)
_THIS = update(mention).where(mention.c.id == bindparam("b_id"))


@dataclass(frozen=True, slots=True)
class Taken:
    """What one page changed in the store."""

    heard: int = 0  # mentions stored for the first time
    opened: int = 0  # cases opened by them
    edited: int = 0  # mentions whose author changed them
    removed: int = 0  # mentions whose author took them away
    malformed: int = 0  # entries set aside unread


class Intake:
    """The first door of the street."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def introduce(self, names: dict[str, str]) -> None:
        """Make these accounts (name -> network) known; known ones stay as they are."""
        with self._store.write() as connection:
            rows = [{"name": name, "connector": network} for name, network in names.items()]
            if rows:
                connection.execute(insert_or(connection, account).on_conflict_do_nothing(), rows)

    def cursor(self, name: str) -> str | None:
        """Return where reading account `name` goes on; None from the start."""
        with self._store.read() as connection:
            return connection.scalar(_CURSOR, {"account": name})

    def due(self, names: Sequence[str], now: datetime) -> list[str]:
        """Return those of these accounts whose next poll is due.

        One that was polled in the future is due: the clock was set back since.
        """
        with self._store.read() as connection:
            return list(connection.scalars(_DUE, {"accounts": list(names), "now": now}))

    def keep(self, name: str, before: str | None, page: Page, now: datetime) -> Taken:
        """Store `page` of account `name`, read from cursor `before`, with its new cursor.

        Raises Conflict when another process moved the cursor meanwhile: nothing of the page is lost,
        for the other one read it too. The same page twice changes nothing.
        """
        with self._store.write() as connection:
            moved = _FIRST if before is None else _ON
            values = {"b_name": name, "b_before": before, "cursor": page.cursor}
            if connection.execute(moved, values).rowcount != 1:
                raise Conflict(f"another process is reading {name}")
            _lock_cases(connection, name, page.mentions, page.removed)
            gone = [storable(one) for one in page.removed]
            if page.own_id:
                _keep_own_id(connection, name, page.own_id)
            heard = _by_others(connection, name, page.mentions)
            taken = _keep_mentions(connection, name, heard, now, gone=frozenset(gone))
            removed = sum(_keep_removed(connection, name, some, now) for some in portions(gone))
            unread = _keep_malformed(connection, name, page.malformed, now)
            if page.gap:
                told_missing(connection, name, page.gap, now)
            if taken.heard:
                connection.execute(_SPOKEN_TO, {"b_name": name, "now": now})
                sees_again(connection, name, now, spoken=True)
        return Taken(taken.heard, taken.opened, taken.edited, removed, unread)

    def seen_again(self, posts: Sequence[Mention], now: datetime, *, before: Mention | None = None) -> int:
        """Store what a fresh look at a thread showed; return how many of the posts were new or edited.

        Their case is weighed again, which ends an approval for it. `before` is what was compared with: where
        that post has other words by now, somebody read it later, and they stay.
        """
        name = posts[0].account
        with self._store.write() as connection:
            _lock_cases(connection, name, posts, [])
            if before:
                posts = _still_news(connection, posts, before)
            taken = _keep_mentions(connection, name, _by_others(connection, name, posts), now)
        return taken.heard + taken.edited

    def unknown(self, posts: Sequence[Mention]) -> list[Mention]:
        """Return those of these posts (of one account) that were never stored."""
        if not posts:
            return []
        with self._store.read() as connection:
            stored = _stored(connection, posts[0].account, posts)
        return [one for one in posts if storable(one.external_id) not in stored]

    def gone(self, removed: Mention, now: datetime) -> None:
        """Store that a fresh look did not find a mention any more."""
        with self._store.write() as connection:
            _lock_cases(connection, removed.account, [], [removed.external_id])
            _keep_removed(connection, removed.account, [storable(removed.external_id)], now)

    def polled(
        self,
        name: str,
        next_at: datetime,
        now: datetime,
        *,
        problem: str = "",
        cause: Cause = Cause.NETWORK,
    ) -> None:
        """Note how a poll of account `name` went and when the next is due: at once, if it was interrupted.

        A credential that is refused stops sending on it until a poll works again; another problem leaves
        that as it is. What was read to its end closes the gap of an account that was blind.
        """
        note_poll(self._store, name, next_at, now, (problem, cause))

    def next_polls(self) -> dict[str, datetime | None]:
        """Return when each account is polled next, by name; None: it was never polled."""
        query = select(account.c.name, account.c.next_poll_at).order_by(account.c.name)
        with self._store.read() as connection:
            return {row.name: row.next_poll_at for row in connection.execute(query)}

    def failures(self, name: str) -> int:
        """Return how many polls of account `name` failed in a row."""
        with self._store.read() as connection:
            return connection.scalar(select(account.c.failures).where(account.c.name == name)) or 0


def _keep_own_id(connection: Connection, name: str, own_id: str) -> None:
    """Note our own id on the account's network."""
    other = account.c.name == name, account.c.own_id != storable(own_id)
    connection.execute(update(account).where(*other).values(own_id=storable(own_id)))


def _by_others(connection: Connection, name: str, posts: Sequence[Mention]) -> Sequence[Mention]:
    """Leave out what an account of our own on the same network wrote: we never answer ourselves."""
    ours = set(connection.scalars(_OUR_IDS, {"account": name}))
    return [one for one in posts if storable(one.author.id) not in ours] if ours else posts


def _still_news(connection: Connection, posts: Sequence[Mention], before: Mention) -> list[Mention]:
    """Leave out what somebody read since: other words of the post looked at, and posts that are stored."""
    known = _stored(connection, before.account, posts)
    if _reads_still(connection, before):
        known.discard(storable(before.external_id))
    return [one for one in posts if storable(one.external_id) not in known]


def _stored(connection: Connection, name: str, posts: Sequence[Mention]) -> set[str]:
    """Return the ids (on their network) of those of these posts that are stored."""
    ids = [storable(one.external_id) for one in posts]
    return set(connection.scalars(_STORED, {"account": name, "ids": ids}))


def _reads_still(connection: Connection, one: Mention) -> bool:
    """Whether a mention is stored as it was read then."""
    which = {"account": one.account, "ids": [storable(one.external_id)]}
    row = connection.execute(_AS_READ, which).one_or_none()
    return row is not None and tuple(row) == (one.text, one.edit_mark)


def _lock_cases(
    connection: Connection, name: str, mentions: Sequence[Mention], removed: Sequence[str]
) -> None:
    """Lock every case these posts are about, before the posts: each part of a page locks some of them."""
    if connection.dialect.name == "sqlite":
        return  # it has one writer
    keys = {(storable(one.thread), storable(one.author.id)) for one in mentions}
    posts = [storable(one) for one in (*(one.external_id for one in mentions), *removed)]
    for ids in portions(posts):  # a post is where it was stored, whatever its network says by now
        rows = connection.execute(_PLACES, {"account": name, "ids": ids})
        keys |= {(row.thread, row.author_id) for row in rows}
    numbers = [n for some in portions(list(keys)) for n in cases_of(connection, name, some).values()]
    lock(connection, {*numbers, *joined(connection, numbers)})


def _keep_mentions(
    connection: Connection,
    name: str,
    mentions: Sequence[Mention],
    now: datetime,
    *,
    gone: AbstractSet[str] = frozenset(),
) -> Taken:
    """Store what is new or reads otherwise; `gone` (external ids) is what the same page says was removed."""
    # within a page the last word counts
    latest = {row["external_id"]: row for row in (mention_values(one, now) for one in mentions)}
    taken = Taken()
    for keys in portions(list(latest)):
        some = _keep_portion(connection, name, [latest[key] for key in keys], now, gone=gone)
        taken = Taken(taken.heard + some.heard, taken.opened + some.opened, taken.edited + some.edited)
    return taken


def _keep_portion(
    connection: Connection, name: str, rows: list[dict[str, Any]], now: datetime, *, gone: AbstractSet[str]
) -> Taken:
    which = {"account": name, "ids": [row["external_id"] for row in rows]}
    known = {row.external_id: row for row in connection.execute(_KNOWN, which)}
    fresh = [row for row in rows if row["external_id"] not in known]
    edited, renamed = [], []
    for row in rows:
        was = known.get(row["external_id"])
        if was is None:
            continue
        if (row["author_handle"], row["author_name"]) != (was.author_handle, was.author_name):
            renamed.append(row | {"b_id": was.id})
        changed = (row["edit_mark"], row["text"]) != (was.edit_mark, was.text)
        if changed or (was.removed_at is not None and was.external_id not in gone):
            # the case is found by what was stored: a network may say otherwise by now
            place = {"b_id": was.id, "thread": was.thread, "author_id": was.author_id}
            edited.append(row | place | {"before": was.text if changed else None})
    opened = 0
    if fresh:
        connection.execute(insert(mention), fresh)  # RETURNING ids would cost a round trip a row
        numbers = {row.external_id: row.id for row in connection.execute(_KNOWN, which)}
        opened = _open_cases(connection, name, [(row, numbers[row["external_id"]]) for row in fresh], now)
    if renamed:
        _rename(connection, renamed)
    if edited:
        _edit(connection, name, edited, now)
    return Taken(heard=len(fresh), opened=opened, edited=len(edited))


def _open_cases(
    connection: Connection, name: str, fresh: list[tuple[dict[str, Any], int]], now: datetime
) -> int:
    """Put new mentions into their cases: opened where there is none, back to NEW where there is one."""
    groups: dict[CaseKey, list[tuple[dict[str, Any], int]]] = {}
    for row, number in sorted(fresh, key=lambda pair: (pair[0]["created_at"], pair[1])):
        groups.setdefault((row["thread"], row["author_id"]), []).append((row, number))
    known = cases_of(connection, name, groups)
    new = {key: group for key, group in groups.items() if key not in known}
    if new:
        rows = [
            {
                "account": name,
                "thread": thread,
                "author_id": author,
                "target_id": group[-1][1],
                "posts": len(group),
                "stage": str(Stage.NEW),
                "opened_at": group[0][0]["created_at"],
                "moved_at": now,
                "not_before": now,
            }
            for (thread, author), group in new.items()
        ]
        connection.execute(insert(cases), rows)
        ids = cases_of(connection, name, new).values()
        count_stages(connection, Counter({(name, str(Stage.NEW), 0): len(rows)}))
        record(connection, [(number, name, "heard", "", {}) for number in ids], now)
    if known:
        more = {number: len(groups[key]) for key, number in known.items()}
        back_to_new(connection, more, "wrote again", now)
    return len(new)


def _rename(connection: Connection, renamed: list[dict[str, Any]]) -> None:
    """Store what authors are called now; that says nothing new about their case."""
    columns = ("b_id", "author_handle", "author_name")
    connection.execute(_THIS, [{key: row[key] for key in columns} for row in renamed])


def _edit(connection: Connection, name: str, edited: list[dict[str, Any]], now: datetime) -> None:
    """Store edited words; the journal keeps the words before, and the case is weighed again.

    A post that was gone and is back counts as edited, without words before.
    """
    columns = ("b_id", "text", "edit_mark", "audience", "seen_at", "removed_at")
    connection.execute(_THIS, [{key: row[key] for key in columns} for row in edited])
    keys = list({(row["thread"], row["author_id"]) for row in edited})
    numbers = cases_of(connection, name, keys)
    happened: list[tuple[int | None, str, str, str, dict[str, str]]] = []
    for row in edited:
        number = numbers[row["thread"], row["author_id"]]
        is_back = row["before"] is None
        happened.append((number, name, "is back", "", {}) if is_back
                        else (number, name, "edited", "", {"before": row["before"]}))  # fmt: skip
    record(connection, happened, now)
    back_to_new(connection, dict.fromkeys(numbers.values(), 0), "edit weighed", now)


def _keep_removed(connection: Connection, name: str, removed: Sequence[str], now: datetime) -> int:
    """Mark mentions as removed; a case with nothing left to answer is set aside."""
    rows = connection.execute(_STANDING, {"account": name, "ids": removed}).all()
    if not rows:
        return 0
    connection.execute(_THIS, [{"b_id": row.id, "removed_at": now} for row in rows])
    keys = list({(row.thread, row.author_id) for row in rows})
    numbers = cases_of(connection, name, keys).values()
    back_to_new(connection, dict.fromkeys(numbers, 0), "removed by its author", now)
    return len(rows)


def _keep_malformed(connection: Connection, name: str, unread: Sequence[Unread], now: datetime) -> int:
    if not unread:
        return 0
    rows = [
        {
            "account": name,
            "place": storable(one.place),
            "mark": sha256(one.body.encode("utf-8", "replace")).hexdigest()[:16],
            "problem": storable(one.problem),
            "body": storable(one.body),
            "seen_at": now,
        }
        for one in unread
    ]
    connection.execute(insert_or(connection, malformed).on_conflict_do_nothing(), rows)
    record(
        connection,
        [(None, name, "malformed", "", {"place": one.place, "problem": one.problem}) for one in unread],
        now,
    )
    return len(rows)
