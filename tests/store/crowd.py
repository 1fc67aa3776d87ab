"""A desk after a long time: many cases in every stage, each with all that belongs to it."""

from sqlalchemy import text

from responder.store.store import Store
from tests.network import at

#: The first minute of every test, as a column holds it.
_NOW = int(at(0).timestamp()) * 1_000_000
#: Where a case stands: few are in the machine's hands (they stepped aside) or on their way out by hand.
_STAGE = (
    "CASE WHEN n % 1000 = 0 THEN 'NEW' WHEN n % 1000 = 1 THEN 'NEEDS_REPLY' WHEN n % 1000 = 4 THEN 'APPROVED'"
    " WHEN n % 10 < 5 THEN 'WAITING' WHEN n % 10 < 7 THEN 'ANSWERED' WHEN n % 10 < 9 THEN 'CLOSED'"
    " ELSE 'SET_ASIDE' END"
)
#: The most urgent of those that wait sleep, in the way of the others; a few slept until lately.
_ASLEEP = (
    f"CASE WHEN n % 10 < 5 AND n % 6 = 5 THEN {_NOW} + 86400000000 + n"
    f" WHEN n % 1000 = 10 THEN {_NOW} - 3600000000 END"
)
_SENT = "n % 10 BETWEEN 5 AND 8"
_APPROVED = f"({_SENT} OR n % 1000 = 4)"
#: One case in a thousand is of the small account.
_ACCOUNT = "CASE n % 1000 WHEN 2 THEN 'small' ELSE 'shop' END"
_STATEMENTS = (
    "INSERT INTO account (name, connector, problem, stopped) VALUES ('shop', 'x', '', false)",
    "INSERT INTO account (name, connector, problem, stopped) VALUES ('small', 'x', '', false)",
    f"""INSERT INTO mention (id, account, external_id, thread, author_id, author_handle, author_name,
           author_bot, text, created_at, url, edit_mark, audience, seen_at)
       SELECT n, {_ACCOUNT}, 'old' || n, 't' || n, 'a' || n, 'user', '', false, 'My parcel is lost.',
           {_NOW} - n * 60000000, '', '', 'public', {_NOW} FROM {{numbers}}""",
    # the machine has tried all it can: nothing is due but what a test adds
    f"""INSERT INTO cases (id, account, thread, author_id, target_id, posts, stage, opened_at, moved_at, rank,
           tier, urgency, due_at, answered_at, draft_number, stumbles, not_before,
           snoozed_until, owner)
       SELECT n, {_ACCOUNT}, 't' || n, 'a' || n, n, 1, {_STAGE}, {_NOW} - n * 60000000,
           {_NOW} - n * 1000000, -((n % 6) * 10000 + n % 97), n % 6, n % 97,
           {_NOW} + 86400000000 - n * 60000000, CASE WHEN {_SENT} THEN {_NOW} - n * 1000000 END,
           1, 5, {_NOW} + 43200000000, {_ASLEEP}, CASE WHEN n % 1000 = 3 THEN 'sam' ELSE '' END
           FROM {{numbers}}""",
    f"""INSERT INTO draft (case_id, number, target_id, origin, "by", text, language, playbook, audience,
           fingerprint, findings, created_at)
       SELECT n, 1, n, 'ours', '', 'We are sorry.', 'en', 'outage', 'public', 'f' || n, '[]', {_NOW}
       FROM {{numbers}} WHERE n % 10 < 9""",
    f"""INSERT INTO decision (id, case_id, draft_number, verdict, fingerprint, "by", reason, at)
       SELECT n, n, 1, 'approve', 'f' || n, 'sam', '', {_NOW} FROM {{numbers}} WHERE {_APPROVED}""",
    f"""INSERT INTO delivery (id, case_id, decision_id, draft_number, account, target_id, fingerprint, text,
           audience, language, "key", planned_at, route, stage, not_before)
       SELECT n, n, n, 1, {_ACCOUNT}, n, 'f' || n, 'We are sorry.', 'public', 'en', 'k' || n, {_NOW},
           CASE WHEN {_SENT} THEN 'api' ELSE 'by_hand' END, CASE WHEN {_SENT} THEN 'SENT' ELSE 'PLANNED' END,
           {_NOW}
       FROM {{numbers}} WHERE {_APPROVED}""",
    f"""INSERT INTO attempt (delivery_id, fence, started_at, outcome)
       SELECT n, 1, {_NOW}, 'SENT' FROM {{numbers}} WHERE {_SENT}""",
    f"""INSERT INTO event (case_id, account, at, action, "by", detail)
       SELECT n, {_ACCOUNT}, {_NOW} - n * 60000000, 'heard', '', '{{{{}}}}' FROM {{numbers}}""",
    f"""INSERT INTO malformed (account, place, mark, problem, body, seen_at)
       SELECT 'shop', 'feed:' || n, '', 'no text', '', {_NOW} FROM {{numbers}}""",
    """INSERT INTO stage_tally (account, stage, tier, n)
       SELECT account, stage, tier, count(*) FROM cases GROUP BY account, stage, tier""",
    """INSERT INTO hour_tally (hour, account, action, n)
       SELECT at / 3600000000, account, action, count(*) FROM event GROUP BY 1, 2, 3""",
)
_NUMBERS = {
    "sqlite": """(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {size})
        SELECT n FROM c) AS s""",
    "postgresql": "generate_series(1::bigint, {size}::bigint) AS s(n)",
}


def crowd(store: Store, size: int, *, known: bool) -> None:
    """Fill `store` with so many cases; `known`: the database has counted them (ANALYZE)."""
    dialect = store.engine.dialect.name
    with store.write() as connection:
        if dialect == "postgresql":  # a million take longer than any statement of ours may
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        for statement in _STATEMENTS:
            connection.execute(text(statement.format(numbers=_NUMBERS[dialect].format(size=size))))
        if dialect == "postgresql":  # ids were given by hand
            for table in ("mention", "cases", "decision", "delivery"):
                connection.execute(text(f"SELECT setval('{table}_id_seq', {size})"))
    if known:
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
