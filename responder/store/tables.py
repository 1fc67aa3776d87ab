"""The tables: what is kept, what is unique, and what the queue is read by."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from responder.store.moment import Moment

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def own_id() -> Column[int]:
    """Return the column of a number that counts up by itself."""
    # SQLite counts up by itself only for INTEGER
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


def link(name: str, to: str, *, nullable: bool = False) -> Column[int]:
    """Return the column of the number of a row elsewhere."""
    kind = BigInteger().with_variant(Integer, "sqlite")
    return Column(name, kind, ForeignKey(to), nullable=nullable)


account = Table(
    "account",
    metadata,
    Column("name", Text, primary_key=True),
    Column("connector", Text, nullable=False),
    Column("cursor", Text),
    Column("next_poll_at", Moment),
    Column("polled_at", Moment),
    Column("heard_at", Moment),  # the last poll that worked
    Column("problem", Text, nullable=False, server_default=""),
    Column("stopped", Boolean, nullable=False, server_default=text("false")),
    Column("own_id", Text, nullable=False, server_default=""),  # ours on the network, where it was told
    # until when the network gives no more for money, as it said: no call that costs is made before
    Column("rests_until", Moment),
    Column("rests_why", Text, nullable=False, server_default=""),
    # what kind of problem it is (model.blind.Cause), since when, and how many polls failed in a row
    Column("cause", Text, nullable=False, server_default=""),
    Column("ill_since", Moment),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    Column("spoke_at", Moment),  # the last poll that brought a post
)

mention = Table(
    "mention",
    metadata,
    own_id(),
    Column("account", Text, ForeignKey("account.name"), nullable=False),
    Column("external_id", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("author_id", Text, nullable=False),
    Column("author_handle", Text, nullable=False),
    Column("author_name", Text, nullable=False),
    Column("author_followers", BigInteger),
    Column("author_bot", Boolean, nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("url", Text, nullable=False),
    Column("language", Text),
    Column("in_reply_to", Text),
    Column("edit_mark", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("removed_at", Moment),
    # never the account first: it is in every row, and PostgreSQL, new to a table, would read them all
    UniqueConstraint("external_id", "account"),
    Index("ix_mention_case", "thread", "author_id", "account"),
)

cases = Table(
    "cases",
    metadata,
    own_id(),
    Column("account", Text, ForeignKey("account.name"), nullable=False),
    Column("thread", Text, nullable=False),
    Column("author_id", Text, nullable=False),
    link("target_id", "mention.id"),
    Column("posts", Integer, nullable=False),
    Column("replies", Integer, nullable=False, server_default=text("0")),
    Column("stage", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("opened_at", Moment, nullable=False),
    Column("moved_at", Moment, nullable=False),
    Column("rank", Integer, nullable=False, server_default=text("0")),
    Column("tier", Integer, nullable=False, server_default=text("0")),
    Column("urgency", Integer, nullable=False, server_default=text("0")),
    Column("tone", Double, nullable=False, server_default=text("0")),
    Column("language", Text, nullable=False, server_default=""),
    Column("probability", Double, nullable=False, server_default=text("0")),
    Column("topic", Text, nullable=False, server_default=""),
    Column("reasons", JSON(none_as_null=True)),
    Column("due_at", Moment),
    Column("answered_at", Moment),
    # the other clocks of a case, and when the next of them strikes: see model/clocks.py
    Column("owed_since", Moment),
    Column("first_by", Moment),
    Column("settle_by", Moment),
    Column("rule_by", Moment),
    Column("strikes_at", Moment),
    Column("draft_number", Integer, nullable=False, server_default=text("0")),
    # the machine leaves the case alone until then: how a poisoned row steps aside
    Column("not_before", Moment, nullable=False),
    Column("stumbles", Integer, nullable=False, server_default=text("0")),
    # whether the network lets us answer, as it was last asked: connector.Answerable, and how or why not
    Column("answerable", Text, nullable=False, server_default=""),
    Column("answer_detail", Text, nullable=False, server_default=""),
    # what people told about it, by name: see model/facts.py
    Column("facts", JSON(none_as_null=True)),
    Column("prepared", JSON(none_as_null=True)),  # ... and what of its worksheet a reply may go by
    # the person or team that has it; until when nobody wants to see it, and until when nobody did before the
    # customer wrote again; the case of the same matter that speaks for it
    Column("owner", Text, nullable=False, server_default=""),
    Column("snoozed_until", Moment),
    Column("woken_from", Moment),
    Column("merged_into", BigInteger),
    UniqueConstraint("thread", "author_id", "account"),
)
#: Whether a mention belongs to a case.
SAME = (
    (mention.c.account == cases.c.account)
    & (mention.c.thread == cases.c.thread)
    & (mention.c.author_id == cases.c.author_id)
)
#: Each page of the queue, of whatever stage, is one short range of this.
Index("ix_cases_queue", cases.c.stage, cases.c.rank, cases.c.opened_at, cases.c.id)
#: ... and each page of one account's queue, which may be small among large ones, of this.
Index("ix_cases_account_queue", cases.c.stage, cases.c.account, cases.c.rank, cases.c.opened_at, cases.c.id)
#: How often people complain about something.
Index("ix_cases_topic", cases.c.topic, cases.c.opened_at)
#: The longest overdue of a stage.
Index("ix_cases_due", cases.c.stage, cases.c.due_at)
STRIKES = text("strikes_at IS NOT NULL")
#: The clocks that strike next, of all cases.
Index("ix_cases_strikes_at", cases.c.strikes_at, sqlite_where=STRIKES, postgresql_where=STRIKES)
# A partial index is used only by a query that says the same words, hence text on both sides.
#: Cases that are answered and may fall quiet; said so that no other index seems to serve (SQLite).
ANSWERED = text("stage || '' = 'ANSWERED'")
Index("ix_cases_quiet", cases.c.moved_at, sqlite_where=ANSWERED, postgresql_where=ANSWERED)
Index("ix_cases_answered", cases.c.answered_at)
#: Complaints by what they are about, as they came.
TOPICAL = text("topic <> '' AND stage <> 'SET_ASIDE'")
Index(
    "ix_cases_topical",
    cases.c.opened_at,
    cases.c.topic,
    cases.c.stage,  # so that no row is read
    sqlite_where=TOPICAL,
    postgresql_where=TOPICAL,
)
Index("ix_cases_opened", cases.c.opened_at)
#: Cases that wait for a person and do not sleep, nor did since they moved: nearly all that wait. Told to each
#: database in words by which no index of the whole stage seems to serve: one would meet those that sleep.
AWAKE = {
    "sqlite": text("stage || '' = 'WAITING' AND snoozed_until IS NULL"),
    "postgresql": text("stage IN ('WAITING', '') AND snoozed_until IS NULL"),
}
#: ... each page of them, however many sleep among them.
Index(
    "ix_cases_awake",
    cases.c.rank,
    cases.c.opened_at,
    cases.c.id,
    sqlite_where=AWAKE["sqlite"],
    postgresql_where=AWAKE["postgresql"],
)
#: Cases on their way to a person that sleep, or did until their time came.
SLEEPY = text("snoozed_until IS NOT NULL")
Index("ix_cases_sleepy", cases.c.snoozed_until, cases.c.id, sqlite_where=SLEEPY, postgresql_where=SLEEPY)
OWNED = text("owner <> ''")
#: Each page of what one person or team has.
Index(
    "ix_cases_owner",
    cases.c.owner,
    cases.c.stage,
    cases.c.rank,
    cases.c.opened_at,
    cases.c.id,
    sqlite_where=OWNED,
    postgresql_where=OWNED,
)
MERGED = text("merged_into IS NOT NULL")
Index("ix_cases_merged_into", cases.c.merged_into, sqlite_where=MERGED, postgresql_where=MERGED)

draft = Table(
    "draft",
    metadata,
    own_id(),
    link("case_id", "cases.id"),
    Column("number", Integer, nullable=False),
    link("target_id", "mention.id"),
    Column("origin", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("playbook", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("findings", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("rulebook", Text, nullable=False, server_default=""),
    UniqueConstraint("case_id", "number"),
)

decision = Table(
    "decision",
    metadata,
    own_id(),
    link("case_id", "cases.id"),
    Column("draft_number", Integer, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("seen", Text, nullable=False, server_default=""),  # the thread an approval rests on: draft.as_seen
    Column("seconds", Double),  # how long the person had the card before them, where a desk told
    Column("two", Boolean, nullable=False, server_default=text("false")),  # two people had to say yes
    Index("ix_decision_case_id", "case_id"),
    Index("ix_decision_by", "by"),
    Index("ix_decision_at", "at"),
)

delivery = Table(
    "delivery",
    metadata,
    own_id(),
    link("case_id", "cases.id"),
    link("decision_id", "decision.id"),
    Column("draft_number", Integer, nullable=False),
    Column("account", Text, ForeignKey("account.name"), nullable=False),
    link("target_id", "mention.id"),
    Column("fingerprint", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("planned_at", Moment, nullable=False),
    Column("route", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("fence", Integer, nullable=False, server_default=text("0")),
    Column("lease_clock", Text, nullable=False, server_default=""),
    Column("lease_until", Double, nullable=False, server_default=text("0")),
    Column("not_before", Moment, nullable=False),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("looks", Integer, nullable=False, server_default=text("0")),
    Column("unsure_since", Moment),
    Column("remote_id", Text),
    Column("remote_url", Text),
    Column("remote_text", Text),
    Column("sent_at", Moment),
    Column("problem", Text, nullable=False, server_default=""),
    # after it was SENT: how often it was read back, when next, and what was wrong
    Column("watches", Integer, nullable=False, server_default=text("0")),
    Column("watch_at", Moment),
    Column("alarm", Text, nullable=False, server_default=""),
    Column("unread", Boolean, nullable=False, server_default=text("false")),  # for what it promises
    Index("ix_delivery_case_id", "case_id"),
    Index("ix_delivery_sent_at", "sent_at"),
)
#: Deliveries that hold the one place a post of an account has.
LIVE = text("stage IN ('PLANNED', 'SENDING', 'UNSURE', 'SENT')")
#: The last line of defence against a second reply: the database itself refuses it.
Index(
    "uq_delivery_live",
    delivery.c.account,
    delivery.c.target_id,
    unique=True,
    sqlite_where=LIVE,
    postgresql_where=LIVE,
)
_SENDING = text("stage = 'SENDING'")
#: One call at a time on an account.
Index(
    "uq_delivery_sending", delivery.c.account, unique=True, sqlite_where=_SENDING, postgresql_where=_SENDING
)
#: Deliveries that something must still happen to.
PENDING = text("stage IN ('PLANNED', 'SENDING', 'UNSURE')")
Index(
    "ix_delivery_pending",
    delivery.c.stage,
    delivery.c.not_before,
    sqlite_where=PENDING,
    postgresql_where=PENDING,
)

#: Replies that are still read back; those that were not as they should be.
WATCHED = text("watch_at IS NOT NULL")
Index("ix_delivery_watch_at", delivery.c.watch_at, sqlite_where=WATCHED, postgresql_where=WATCHED)
UNREAD = text("unread")
Index("ix_delivery_unread", delivery.c.id, sqlite_where=UNREAD, postgresql_where=UNREAD)
REFUSED = text("stage = 'REFUSED'")
Index("ix_delivery_refused", delivery.c.id, sqlite_where=REFUSED, postgresql_where=REFUSED)
ALARMED = text("alarm <> ''")
Index("ix_delivery_alarm", delivery.c.id, sqlite_where=ALARMED, postgresql_where=ALARMED)

attempt = Table(
    "attempt",
    metadata,
    own_id(),
    link("delivery_id", "delivery.id"),
    Column("fence", Integer, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("outcome", Text, nullable=False, server_default=""),
    UniqueConstraint("delivery_id", "fence"),
)

event = Table(
    "event",
    metadata,
    own_id(),
    link("case_id", "cases.id", nullable=True),
    Column("account", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("action", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("detail", JSON, nullable=False),
    # its place in the chain, and what proves it: see model/chain.py
    Column("seq", BigInteger),
    Column("salt", Text, nullable=False, server_default=""),
    Column("mark", Text, nullable=False, server_default=""),
    Column("hash", Text, nullable=False, server_default=""),
    Index("ix_event_case_id", "case_id"),
    Index("uq_event_seq", "seq", unique=True),
)

#: What a report tells of each case and nothing else does; few events, beside those of a usual life.
REPORTED = text(
    "action IN ('wrote again', 'removed by its author', 'set aside', 'answered by hand',"
    " 'edited by hand', 'dismissed', 'reopened', 'closed', 'delivery void', 'corrected: complaint',"
    " 'corrected: not a complaint', 'corrected: more urgent', 'corrected: less urgent',"
    " 'corrected: language')"
)
Index(
    "ix_event_reported",
    event.c.at,
    event.c.action,
    event.c.case_id,
    sqlite_where=REPORTED,
    postgresql_where=REPORTED,
)

#: The end of the chain, in one row.
journal_head = Table(
    "journal_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", Text, nullable=False),
)

#: How many cases stand where: kept by every move, checked against a count by `Views.verify`.
stage_tally = Table(
    "stage_tally",
    metadata,
    Column("account", Text, primary_key=True),
    Column("stage", Text, primary_key=True),
    Column("tier", Integer, primary_key=True),
    Column("n", BigInteger, nullable=False),
)

#: How often each thing happened, by the hour (hours since 1970).
hour_tally = Table(
    "hour_tally",
    metadata,
    Column("hour", Integer, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("action", Text, primary_key=True),
    Column("n", BigInteger, nullable=False),
)
