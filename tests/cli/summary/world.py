"""An invented shop's October: figures as they might be, and words that nobody wishes for."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from responder.model.budget import Allowance
from responder.model.period import Period
from responder.model.promise import PromiseStatus
from responder.model.remedy import Spend
from responder.model.summary import Came, Paid, Summary
from responder.model.times import Answer, times

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31), ZoneInfo("Europe/Ljubljana"))
MADE = datetime(2026, 11, 2, 8, 12, tzinfo=UTC)
#: What acts in a spreadsheet, in a page, in Markdown, at a terminal.
HOSTILE = (
    *('=HYPERLINK("https://evil.example","x")', '"=1+1', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"),
    *("<script>alert(1)</script>", '" onload="x', "|*b*|[a](https://evil.example)`", "\x1b[31mred"),
    "\u202eevil",
    *("</style><img src=https://evil.example/x>", "a\nb", "www.evil.example &amp; co", "é" * 300),
)  # fmt: skip


def answers(n: int) -> Iterator[Answer]:
    """Give so many cases that were answered, from quickly to slowly."""
    for at in range(n):
        took = (5 + at * at % 700) * 60_000_000
        yield Answer(
            tier=1 + at % 5,
            account="acme-x" if at % 3 else "acme-mastodon",
            network="x" if at % 3 else "mastodon",
            language="de" if at % 4 == 0 else "en",
            at=0,
            took=took if at % 20 else None,
            in_time=took < 14_400_000_000,
            settled=None,
            closed_after=None if at % 5 == 0 else 500_000_000_000 + at,
            reopened=at % 9 == 0,
        )


def came(n: int, topics: dict[str, int]) -> Came:
    """Return so many complaints."""
    return Came(
        cases=n + n // 2,
        complaints=n,
        by_tier={1: n - n // 2, 3: n // 4, 5: n // 2 - n // 4},
        by_network={"x": n - n // 3, "mastodon": n // 3},
        by_account={"acme-x": n - n // 3, "acme-mastodon": n // 3},
        by_language={"en": n - n // 4, "de": n // 4},
        by_topic=topics,
        by_stage={"CLOSED": n - 3, "WAITING": 3, "SET_ASIDE": n // 2},
    )


def october(of: Period = OCTOBER, topics: dict[str, int] | None = None) -> Summary:
    """Return a month in which things happened."""
    now = topics or {"parcel-lost": 40, "charged-twice": 25, "": 5}
    days = [at * 7 % 5 for at in range(of.days)]
    return Summary(
        at=MADE,
        period=of,
        search="",
        came=came(70, now),
        came_before=came(56, {"parcel-lost": 50, "app-crash": 6}),
        came_by_day=days,
        times=times(answers(60)),
        times_before=times(answers(40)),
        replies=64,
        in_private=9,
        by_hand=3,
        answers_by_day=[(n + 1) % 4 for n in days],
        happened={"set aside": 35, "dismissed": 6, "closed": 48, "wrote again": 7, "reopened": 1,
                  "corrected: not a complaint": 2},
        dismissed={"spam": 4, "another reason": 2},
        approved=62,
        overrides={"no-generic-apology": 3},
        voided={"the customer wrote again": 2},
        promises={PromiseStatus.KEPT: 61, PromiseStatus.LATE: 4, PromiseStatus.BROKEN: 3},
        paid=[
            Paid(account="acme-x", network="x", allowance=Allowance(), calls=1204, micros=27_430_000,
                 before=0)
        ],
        granted=[Spend(month="2026-10", kind="refund", currency="EUR", grants=3, micros=74_500_000)],
    )  # fmt: skip


def nothing() -> Summary:
    """Return a month in which nothing happened."""
    none = Came(
        cases=0,
        complaints=0,
        by_tier={},
        by_network={},
        by_account={},
        by_language={},
        by_topic={},
        by_stage={},
    )
    days = [0] * OCTOBER.days
    return Summary(
        at=MADE,
        period=OCTOBER,
        search="",
        came=none,
        came_before=none,
        came_by_day=days,
        times=times(()),
        times_before=times(()),
        replies=0,
        in_private=0,
        by_hand=0,
        answers_by_day=days,
        happened={},
        dismissed={},
        approved=0,
        overrides={},
        voided={},
        promises={},
        paid=[],
        granted=[],
    )


def hostile() -> Summary:
    """Return a month whose every name was chosen by somebody who means harm."""
    made = october(topics={name: at + 1 for at, name in enumerate(HOSTILE)})
    lived = (
        one._replace(network=name, account=name, language=name) for name in HOSTILE for one in answers(3)
    )
    return replace(
        made,
        search=" ".join(HOSTILE),
        overrides=dict.fromkeys(HOSTILE, 2),
        voided=dict.fromkeys(HOSTILE, 3),
        dismissed=dict.fromkeys(HOSTILE, 4),
        paid=[replace(one, account=name, network=name) for name in HOSTILE for one in made.paid or ()],
        times=times(lived),
    )
