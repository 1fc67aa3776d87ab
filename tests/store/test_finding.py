"""Finding: what a search describes is what comes out, in the queue's order, on each kind of database."""

import operator
import random
import unicodedata
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update

from responder.connector import Page
from responder.model.case import OPEN, Case, Stage
from responder.model.mention import Mention
from responder.model.search import Search, parse
from responder.model.term import KEYS, Term
from responder.model.triage import UNKNOWN, rank
from responder.store.store import Store
from responder.store.tables import cases, draft, mention
from tests.network import at
from tests.network import mention as post

NOW = at(60)
WORDS = ("Lost parcel", "100% lost", "snake_case", "STRASSE", "Straße", "Кошмар!", "ŽELIM DENAR", "İstanbul")
SEARCHES = (
    *("stage:waiting", "stage:open", "stage:snoozed", "stage:all", "-stage:waiting", "-stage:snoozed"),
    *("stage:waiting stage:snoozed", "stage:set-aside", "-stage:open -stage:closed"),
    *("network:x", "account:small", "-account:small", "network:x -account:shop", "network:none"),
    *("owner:sam", "owner:nobody", "owner:sam owner:nobody", "owner:sam owner:team", "-owner:nobody"),
    *("owner:sam account:small stage:open", "owner:sam tier:>2"),
    *("tier:3", "tier:>3", "tier:>=1 tier:<4", "tier:5 tier:<2", "-tier:0", "tier:>5", "tier:0 tier:5"),
    *("urgency:>50", "urgency:10 urgency:>=60", "topic:late", "topic:unclear", "-topic:late"),
    *("lang:en", "lang:de", "lang:unknown", "-lang:en"),
    *("lost", "lost 100%", "LOST -parcel", "strasse", "straße", "КОШМАР", "želim", "text:lost text:želim"),
    *("text:%", "text:_", "snake_", '"no such words"', "i̇stanbul"),
    *("author:ana", "author:@Ana", "author:@an", "author:bo author:ana", "author:Žan", "-author:@ana"),
    *("mark:blocked", "mark:warning", "mark:by-hand", "mark:private", "mark:edited", "-mark:warning"),
    *("settle:late", "settle:<2d", "-settle:today", "rule:late", "rule:today", "rule:>1w"),
    *("due:late", "due:today", "due:<2h", "due:>2h", "-due:late", "due:late due:>10h", "due:>=1h due:<6h"),
    *("age:>2h", "age:<=1h", "age:>30m age:<5h", "-age:>2h", "id:c-3", "id:3 id:7 lost", "-id:3"),
    *("stage:waiting network:x tier:>1 owner:sam lost", "stage:open due:late account:shop", ""),
)


@pytest.fixture
def varied(any_store: Store) -> Store:
    """A store with sixty cases that differ in everything one can ask for."""
    store, dice = any_store, random.Random(3)  # noqa: S311 (no secret; the same cases each time)
    accounts = {"shop": "x", "small": "x", "other": "reddit"}
    store.intake.introduce(accounts)
    authors = ("ana", "Bo", "an", "žan")
    for name in accounts:
        posts = tuple(
            replaced(post(f"{name}{n}", WORDS[n % 8], author=authors[n % 4], minutes=-10 * n), name)
            for n in range(20)
        )
        more = (replaced(post(f"{name}more", "Lost again", thread=f"{name}2", author="an"), name),)
        store.intake.keep(name, None, Page(mentions=posts + more, cursor="1"), at(1))
    with store.write() as connection:
        rows = connection.execute(select(cases.c.id, cases.c.target_id)).all()
        for row in rows:
            tier, urgency = dice.randrange(6), dice.choice([10, 60, 80])
            connection.execute(
                update(cases)
                .where(cases.c.id == row.id)
                .values(
                    stage=str(dice.choice([*Stage, Stage.WAITING, Stage.WAITING])),
                    tier=tier,
                    urgency=urgency,
                    rank=rank(tier, dice.choice([0.0, 0.7, 1.0]), dice.choice([1, 10**9])),
                    owner=dice.choice(["", "", "sam", "team"]),
                    snoozed_until=dice.choice([None, None, at(30), at(60), at(90)]),
                    topic=dice.choice(["", "late"]),
                    language=dice.choice(["", "en", "de", UNKNOWN]),
                    due_at=dice.choice([None, at(-5), at(60), at(100), at(700), at(2000)]),
                    draft_number=dice.choice([1, 2]),
                )
            )
            found: list[dict[str, str]] = [{"rule": "r", "level": dice.choice(["block", "warn", "note"]),
                      "says": 'a "level":"warn" in words'}]  # fmt: skip
            found += [{"rule": "by-hand", "level": "note", "says": ""}] * dice.choice([0, 1])
            connection.execute(insert(draft).values(
                case_id=row.id, number=1, target_id=row.target_id, origin=dice.choice(["ours", "person"]),
                by="", text="Sorry.", language="en", playbook="first_public_reply", audience="public",
                fingerprint="f", findings=found, created_at=at(1),
            ))  # fmt: skip
            connection.execute(
                update(mention)
                .where(mention.c.id == row.target_id)
                .values(audience=dice.choice(["public", "private"]), language=dice.choice([None, "en", "de"]))
            )
    return store


def replaced(one: Mention, name: str) -> Mention:
    return replace(one, account=name)


class Reference:
    """The same said once more, in Python and row by row."""

    def __init__(self, store: Store) -> None:
        self.cards = [store.views.card(number) for number in range(1, 61)]
        self.networks = {one.name: one.network for one in store.views.health()}

    def found(self, search: Search, now: datetime) -> list[int]:
        """Return the numbers of the cases that a search describes, in the queue's order."""
        hits = [card.case for card in self.cards if self.matches(card, search, now)]
        return [one.id for one in sorted(hits, key=lambda one: one.place)]

    def matches(self, card: Any, search: Search, now: datetime) -> bool:
        if not self.in_stage(card.case, search, now):
            return False
        for key in {one.key for one in search.terms} - {"stage"}:
            terms = search.of(key)
            if any(self.holds(card, one, now) for one in terms if one.negated):
                return False
            wanted = [one for one in terms if not one.negated]
            equal = [self.holds(card, one, now) for one in wanted if one.op == "="]
            compared = [self.holds(card, one, now) for one in wanted if one.op != "="]
            alternatives = [*equal, *([all(compared)] if compared else [])]
            if wanted and not (all(equal) if key == "" else any(alternatives)):
                return False
        return True

    def in_stage(self, case: Case, search: Search, now: datetime) -> bool:
        asleep = case.stage in OPEN and case.snoozed_until is not None and case.snoozed_until > now

        def means(name: str) -> bool:
            if name == "all":
                return True
            if name == "snoozed":
                return asleep
            return case.stage in (OPEN if name == "open" else [name.upper().replace("-", "_")])

        positive = [str(one.value) for one in search.of("stage") if not one.negated]
        negative = [str(one.value) for one in search.of("stage") if one.negated]
        if any(means(name) for name in negative):
            return False
        awake = [name for name in positive if means(name) and (not asleep or name in {"all", "snoozed"})]
        return not positive or bool(awake)

    def holds(self, card: Any, term: Term, now: datetime) -> bool:  # noqa: C901 (one line a key)
        case, said, value = card.case, card.case.target, term.value
        match term.key:
            case "network":
                return self.networks[case.account] == value
            case "tier" | "urgency" | "id" | "owner" | "account" | "topic":
                return compared(getattr(case, term.key), term.op, value)
            case "lang":
                return (case.spoken or UNKNOWN) == value
            case "author":
                name = str(value)
                if name.startswith("@"):
                    return fold(said.author.handle) == fold(name[1:])
                return fold(name) in fold(said.author.handle) or fold(name) in fold(said.author.name)
            case "age":
                return compared(now - case.opened_at, term.op, value)
            case "due" | "settle" | "rule":
                return self.due(case, term, now)
            case "mark":
                return str(value) in marks(card)
            case _:
                return any(fold(str(value)) in fold(one.text) for one in card.posts)

    def due(self, case: Case, term: Term, now: datetime) -> bool:
        end = {"due": case.due_at, "settle": case.settle_by, "rule": case.rule_by}[term.key]
        waits = case.stage in OPEN or (term.key == "rule" and case.stage is Stage.ANSWERED)
        if end is None or not waits:
            return False
        if term.value == "late":
            return end < now
        if term.value == "today":
            return end.astimezone(now.tzinfo).date() <= now.date()
        return compared(end - now, term.op, term.value)


def marks(card: Any) -> set[str]:
    found = {"private"} if card.case.target.audience == "private" else set()
    if one := card.draft:
        levels = {finding.level for finding in one.findings}
        found |= {"blocked"} if "block" in levels else set()
        found |= {"warning"} if "warn" in levels else set()
        found |= {"by-hand"} if any(finding.rule == "by-hand" for finding in one.findings) else set()
        found |= {"edited"} if one.origin == "person" else set()
    return found


def compared(value: Any, op: str, other: Any) -> bool:
    by = {"=": operator.eq, ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}
    return bool(by[op](value, other))


def fold(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


@pytest.mark.slow
def test_what_a_search_describes_is_what_is_found(varied: Store) -> None:
    reference = Reference(varied)
    pairs = [f"{one} {other}" for one, other in product(SEARCHES[:7], SEARCHES[7::11])]
    wrong, hits = {}, 0
    for text in (*SEARCHES, *pairs):
        search = parse(text, me="sam")
        page = [one.id for one in varied.finding.page(search, NOW, limit=100)]
        if page != (expected := reference.found(search, NOW)):
            wrong[text] = (page, expected)
        hits += bool(page)
        assert varied.finding.count(search, NOW) == len(expected), text
    assert wrong == {}
    assert hits > len(SEARCHES)  # nearly all of them find something


def test_every_key_is_among_those_that_are_tried() -> None:
    assert {term.key for text in SEARCHES for term in parse(text).terms} == {*KEYS, ""}


def test_pages_follow_each_other_without_a_gap_or_a_repeat(varied: Store) -> None:
    for text in ("stage:all", "-stage:closed network:x lost", "owner:sam owner:team", ""):
        search = parse(text)
        whole = [one.id for one in varied.finding.page(search, NOW, limit=100)]
        pages: list[int] = []
        page = varied.finding.page(search, NOW, limit=3)
        while page:
            pages += [one.id for one in page]
            page = varied.finding.page(search, NOW, after=page[-1].place, limit=3)
        assert pages == whole, text
        assert len(whole) > 3, text
    assert varied.finding.count(parse("stage:all"), NOW, cap=7) == 7


def test_a_day_ends_where_the_clock_of_the_desk_says(varied: Store) -> None:
    reference, search = Reference(varied), parse("due:today")
    for zone in ("UTC", "Asia/Tokyo", "Pacific/Honolulu"):
        now = (NOW - timedelta(hours=2)).astimezone(ZoneInfo(zone))
        assert [one.id for one in varied.finding.page(search, now)] == reference.found(search, now), zone


def test_words_in_whatever_case_and_writing_are_found(any_store: Store) -> None:
    any_store.intake.introduce({"shop": "x"})
    posts = ("Cafe\u0301 closed", "GROẞE Pakete", "ОТВРАТИТЕЛНО", "a\\b [c] (d)* ^e$ {f}", "100%")
    page = Page(mentions=tuple(post(str(n), words) for n, words in enumerate(posts)), cursor="1")
    any_store.intake.keep("shop", None, page, at(1))
    for needle, number in (
        ("CAFÉ", 1),
        ("grosse", 2),
        ("große", 2),
        ("отвратително", 3),
        (r"a\b [c] (d)* ^e$ {f}", 4),
        ("A\\B", 4),
        ("0%", 5),
    ):
        search = Search((Term(key="text", value=needle),))
        assert [one.id for one in any_store.finding.page(search, NOW)] == [number], needle
    for needle in ("%", "_", "a.b", "x*", "\0"):
        hits = any_store.finding.count(Search((Term(key="text", value=needle),)), NOW)
        assert hits == (1 if needle == "%" else 0), needle
