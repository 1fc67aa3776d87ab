"""Letter: the digest as a person reads it and as a program does."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, tzinfo

from responder.model.budget import UNIT
from responder.model.case import Case, Stage
from responder.model.correction import What
from responder.model.digest import OVERDUE_CAP, AccountHealth, Digest
from responder.model.mention import Author, Mention
from responder.model.span import span
from responder.model.visible import one_line

__all__ = ["due", "figures", "span", "subject", "text"]

#: The journal's words that a digest tells, with the words it tells them in.
_HAPPENED = (
    ("answered", "answered"),
    ("heard", "new"),
    ("wrote again", "wrote again"),
    ("set aside", "set aside by triage"),
    ("answered by hand", "answered by hand"),
    ("dismissed", "dismissed"),
    ("edited by hand", "edited by hand"),
    ("approval void", "approvals void"),
    ("removed by its author", "removed by their authors"),
    ("closed", "closed"),
    ("malformed", "could not be read (responder unread)"),
)


def subject(digest: Digest, company: str, zone: tzinfo) -> str:
    """Return the one line that says whether anything is wrong."""
    day = digest.at.astimezone(zone)
    late = f", {_capped(digest.figures.overdue)} overdue" if digest.figures.overdue else ""
    whose = f"{company} complaints" if company else "complaints"
    return f"{digest.open:,} open{late} - {one_line(whose)}, {day:%a} {day.day} {day:%b}"


def text(digest: Digest, company: str, zone: tzinfo) -> str:
    """Return the whole letter: overdue first, then by urgency, what happened, and each account's health.

    A day without complaints is one line, so that silence always means that something is broken.
    """
    ill = [one for one in digest.health if one.problem or one.stopped]
    short = any(budget.short for budget in digest.money.values())
    told = digest.unsettled or digest.alarmed or digest.by_hand or ill or digest.paused or short
    quiet = not (digest.open or told)
    if quiet:
        return f"{_quiet(digest, zone)}\n"
    networks = {one.name: one.network for one in digest.health}
    lines = [subject(digest, company, zone), ""]
    if digest.search:
        lines += [f"The two lists below hold only: {one_line(digest.search)}", ""]
    if digest.paused:
        lines += ["ALL SENDING IS PAUSED: responder resume", ""]
    if digest.alarmed:
        lines.append(f"LOOK AT ONCE ({len(digest.alarmed)}): these replies are not as you approved them")
        lines += [f"  c-{one.case_id}  {one_line(one.alarm, 300)}" for one in digest.alarmed]
        lines.append("")
    lines += _section(f"OVERDUE ({_capped(digest.figures.overdue)})", digest.overdue, networks, digest.at)
    lines += _section(f"WAITING ({_waiting(digest)})", digest.waiting, networks, digest.at)
    lines += _by_hand(digest)
    if under_way := _under_way(digest):
        lines += [under_way, ""]
    if digest.asleep.n:
        lines += [f"ASLEEP  {_capped(digest.asleep.n)} put off for now: responder queue --stage snoozed", ""]
    if digest.unsettled:
        lines += [f"LOOK YOURSELF ({len(digest.unsettled)}): these replies may be public, nobody is sure"]
        lines += [
            f"  c-{one.case_id}  {_where(one.target)}  {one_line(one.problem)}" for one in digest.unsettled
        ]
        lines.append("")
    lines += [_since(digest, zone), *_health(digest, zone), *_money(digest), *_journal(digest)]
    lines += ["", "Answer: responder review"]
    return "\n".join(lines) + "\n"


def figures(digest: Digest) -> dict[str, object]:
    """Return the digest as plain data for JSON: times in ISO 8601 UTC, durations in seconds."""
    median = digest.figures.median_answer
    return {
        "at": digest.at.isoformat(),
        "since": digest.since.isoformat(),
        "open": digest.open,
        "overdue": digest.figures.overdue,
        "by_stage": dict(digest.figures.by_stage),
        "open_by_tier": {str(tier): n for tier, n in digest.figures.open_by_tier.items()},
        "happened": dict(digest.figures.happened),
        "median_answer_seconds": None if median is None else round(median.total_seconds()),
        "paused": digest.paused,
        "search": digest.search,
        "journal_head": f"{digest.head.hash}@{digest.head.seq}" if digest.head else None,
        "overdue_cases": [_case(one) for one in digest.overdue],
        "waiting_cases": [_case(one) for one in digest.waiting],
        "asleep": digest.asleep.n,
        "by_hand": [
            {"case": f"c-{one.case_id}", "url": one.target.url, "text": one.message.text}
            for one in digest.by_hand
        ],
        "unsettled": [{"case": f"c-{one.case_id}", "problem": one.problem} for one in digest.unsettled],
        "alarmed": [{"case": f"c-{one.case_id}", "alarm": one.alarm} for one in digest.alarmed],
        "money": [
            {
                "account": name,
                "currency": budget.allowance.currency,
                "budget": budget.allowance.month / UNIT,
                "spent": budget.this_month / UNIT,
                "forecast": budget.forecast / UNIT,
                "short": budget.short,
            }
            for name, budget in digest.money.items()
        ],
        "health": [
            {
                "account": one.name,
                "network": one.network,
                "heard_at": one.heard_at.isoformat() if one.heard_at else None,
                "problem": one.problem,
                "stopped": one.stopped,
            }
            for one in digest.health
        ],
    }


def due(case: Case, now: datetime) -> str:
    """Return when the first answer is due: "in 18 min", "2 h late", "" before triage."""
    if case.due_at is None:
        return ""
    left = case.due_at - now
    return f"in {span(left)}" if left >= timedelta(0) else f"{span(left)} late"


def _waiting(digest: Digest) -> str:
    """Return how many wait, are not overdue and do not sleep; what is overdue may stand elsewhere."""
    waiting = digest.figures.by_stage.get("WAITING", 0)
    if len(digest.overdue) < digest.figures.overdue:
        return f"{waiting:,} with the overdue"
    late = sum(case.stage is Stage.WAITING for case in digest.overdue)
    return f"{max(0, waiting - late - digest.asleep.n + digest.asleep.late):,}"


def _by_hand(digest: Digest) -> Iterator[str]:
    """Give the approved replies that only a person can send, with what is said when it is done."""
    if not digest.by_hand:
        return
    yield f"TO SEND BY HAND ({len(digest.by_hand)}): approved, and only a person can answer there"
    for one in digest.by_hand:
        yield f"  c-{one.case_id}  {_where(one.target)}  then: responder settle c-{one.case_id} --sent URL"
    yield ""


def _section(
    title: str, cases: tuple[Case, ...], networks: Mapping[str, str], now: datetime
) -> Iterator[str]:
    if not cases:
        return
    yield title
    width = max(7, *(len(case.name) for case in cases))
    for case in cases:
        who = f"{networks.get(case.account, case.account)} {_name(case.target.author)}"
        said = one_line(case.target.text, 38)
        yield f"  {case.name:<{width}} {case.tier}/{case.urgency:<3} {who:<30} {due(case, now):>12}  {said}"
    yield ""


def _under_way(digest: Digest) -> str:
    """Return what is open and stands in neither list: with the machine, or approved and not yet sent."""
    stages = digest.figures.by_stage
    machine = stages.get("NEW", 0) + stages.get("NEEDS_REPLY", 0)
    told = [f"{machine:,} to be weighed or drafted by the next run"] if machine else []
    if stages.get("APPROVED"):
        told.append(f"{stages['APPROVED']:,} approved and not sent yet")
    return "UNDER WAY  " + ", ".join(told) if told else ""


def _name(author: Author) -> str:
    """Return the handle, where there is one."""
    if author.handle:
        return f"@{one_line(author.handle, 20)}"
    return one_line(author.name or author.id, 20)


def _where(target: Mention) -> str:
    return one_line(target.url or target.external_id, 120)


def _since(digest: Digest, zone: tzinfo) -> str:
    happened = digest.figures.happened
    told = [f"{happened[word]:,} {says}" for word, says in _HAPPENED if happened.get(word)]
    told += _corrected(happened)
    median = digest.figures.median_answer
    if median is not None:
        told.append(f"half of the answers within {span(median, up=True)}")
    since = digest.since.astimezone(zone)
    return f"SINCE {since:%a %H:%M}  " + (", ".join(told) or "nothing happened")


def _corrected(happened: Mapping[str, int]) -> Iterator[str]:
    """Give how often people said that triage was wrong, and in what; nothing where nobody did."""
    counts = [(happened.get(what.action, 0), what.says) for what in What]
    if n := sum(count for count, _ in counts):
        parts = ", ".join(f"{count:,} {says}" for count, says in counts if count)
        yield f"triage corrected {n:,} time{'s' if n > 1 else ''} ({parts})"


def _health(digest: Digest, zone: tzinfo) -> Iterator[str]:
    if not digest.health:
        yield "HEALTH  no account is set up"
    for one in digest.health:
        if one.problem or one.stopped:
            yield f"HEALTH  {one.name}: {one_line(one.problem, 120)} ({_heard(one, zone)})"
    well = [one for one in digest.health if not one.problem and not one.stopped]
    if well:
        yield "HEALTH  " + ", ".join(f"{one.name} {_heard(one, zone)}" for one in well)


def _money(digest: Digest) -> Iterator[str]:
    """Give what each account with a budget spent this month, and what the month will come to."""
    for name, budget in digest.money.items():
        of = budget.allowance
        too_much = ", MORE THAN IT MAY" if budget.short else ""
        yield (
            f"MONEY  {name}: {of.rounded(budget.this_month)} of {of.rounded(of.month)} this month,"
            f" {of.rounded(budget.forecast)} at its end at this pace{too_much}"
        )


def _journal(digest: Digest) -> Iterator[str]:
    """Tell the head of the journal as `audit verify --expect` reads it; so much of a hash nobody meets."""
    if digest.head and digest.head.seq:
        yield f"JOURNAL  {digest.head.seq:,} events, head {digest.head.hash[:16]}@{digest.head.seq}"


def _quiet(digest: Digest, zone: tzinfo) -> str:
    heard = [one.heard_at for one in digest.health if one.heard_at]
    if not digest.health:
        return "0 open, but no account is set up: add [[accounts]] to the config"
    if len(heard) < len(digest.health):
        return f"0 open; {len(digest.health) - len(heard)} of {len(digest.health)} accounts never polled yet"
    whose = "every account" if len(heard) > 1 else digest.health[0].name
    last, today = min(heard).astimezone(zone), digest.at.astimezone(zone).date()
    day = "" if last.date() == today else f"{last:%a} "
    return f"0 open; {whose} was polled, the last time at {day}{last:%H:%M}"


def _heard(one: AccountHealth, zone: tzinfo) -> str:
    return f"heard {one.heard_at.astimezone(zone):%a %H:%M}" if one.heard_at else "never heard"


def _capped(n: int) -> str:
    return f"{n:,}+" if n >= OVERDUE_CAP else f"{n:,}"


def _case(case: Case) -> dict[str, object]:
    return {
        "id": case.name,
        "account": case.account,
        "author": case.target.author.handle,
        "tier": case.tier,
        "urgency": case.urgency,
        "due_at": case.due_at.isoformat() if case.due_at else None,
        "text": case.target.text,
        "url": case.target.url,
    }
