"""The digest's letter: the worst first, silence told as silence, and nothing a stranger wrote acts."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from syrupy.assertion import SnapshotAssertion

from responder import letter
from responder.model.blind import Cause
from responder.model.budget import UNIT, Allowance
from responder.model.case import Case, Stage
from responder.model.delivery import Delivery, DeliveryStage, Route
from responder.model.digest import OVERDUE_CAP, AccountHealth, Digest, Figures
from responder.model.draft import Message
from responder.model.mention import Audience, Author
from responder.model.pause import Pause
from responder.model.statistics import Spread
from responder.steps.digest import digest
from responder.store.store import Store
from tests.desk import approved, waiting
from tests.network import START, at, mention


def test_corrections_of_triage_are_told_where_there_are_any() -> None:
    day = full_day()
    happened = {"corrected: not a complaint": 2, "corrected: more urgent": 1}
    told = letter.text(replace(day, figures=replace(day.figures, happened=happened)), "Acme", UTC)
    assert "triage corrected 3 times (not a complaint 2, more urgent 1)" in told
    assert "corrected" not in letter.text(day, "Acme", UTC)


def made(store: Store, minutes: float = 5) -> Digest:
    return digest(store, at(minutes) - timedelta(days=1), at(minutes))


def case(
    number: int,
    *,
    stage: Stage = Stage.WAITING,
    due_at: datetime | None = None,
    author: Author | None = None,
    said: str = "My parcel is lost.",
    url: str = "https://net.example/1",
) -> Case:
    post = replace(mention(str(number), said), url=url)
    return Case(
        id=number,
        account="shop",
        stage=stage,
        version=1,
        target=replace(post, author=author or post.author),
        posts=1,
        replies=0,
        opened_at=at(-60),
        moved_at=at(-60),
        tier=3,
        urgency=41,
        due_at=due_at,
    )


def delivery(problem: str) -> Delivery:
    words = Message(
        text="We are sorry.", audience=Audience.PUBLIC, language="en", key="k", planned_at=at(-30)
    )
    return Delivery(
        id=1,
        case_id=9,
        account="shop",
        target=mention("9"),
        message=words,
        fingerprint="f",
        stage=DeliveryStage.UNSURE,
        route=Route.API,
        fence=1,
        tries=0,
        looks=2,
        not_before=at(-5),
        problem=problem,
    )


def health(name: str, heard_at: datetime | None) -> AccountHealth:
    return AccountHealth(
        name=name, network="x", heard_at=heard_at, polled_at=heard_at, problem="", stopped=False
    )


def full_day() -> Digest:
    """A day on which there is something to say in every part."""
    return Digest(
        at=START,
        since=START - timedelta(days=1),
        figures=Figures(
            by_stage={"NEW": 2, "WAITING": 4, "APPROVED": 1, "ANSWERED": 30, "SET_ASIDE": 12},
            open_by_tier={5: 1, 3: 2, 1: 4},
            overdue=2,
            happened={
                "answered": 31,
                "heard": 44,
                "set aside": 12,
                "dismissed": 1,
                "malformed": 2,
                "drafted": 9,
            },
            median_answer=timedelta(hours=1, minutes=50),
        ),
        overdue=(
            case(
                1,
                due_at=at(-95),
                said="It smells of smoke and the plug is hot, what shall we do with it now?",
            ),
            case(
                12,
                stage=Stage.APPROVED,
                due_at=at(-1),
                author=Author(id="7", handle="a-very-long-handle-indeed"),
            ),
        ),
        waiting=(case(104, due_at=at(18)), case(1_000_105, due_at=at(60 * 50))),
        unsettled=(delivery("not found after 5 looks"),),
        alarmed=(),
        health=(
            health("shop", at(-1)),
            replace(
                health("forum", at(-200)),
                problem="The network does not accept our credentials.",
                stopped=True,
            ),
            health("new", None),
        ),
        paused=True,
    )


def test_an_empty_day_is_one_line(store: Store) -> None:
    waiting(store)
    assert letter.text(made(store), "Acme", UTC) == "0 open; shop was polled, the last time at 09:01\n"


def test_without_an_account_the_line_says_what_to_do(store: Store) -> None:
    assert "add [[accounts]] to the config" in letter.text(made(store), "Acme", UTC)


def test_a_month_that_would_cost_too_much_is_no_quiet_day(store: Store) -> None:
    store.intake.introduce({"shop": "scripted"})
    store.intake.polled("shop", at(5), at(4))
    store.money.note("shop", [("mention read", 200, 1_000_000)], at(4))

    def told(month: int) -> str:
        allowances = {"shop": Allowance(month=month * UNIT)}
        return letter.text(digest(store, at(-60), at(5), accounts=allowances), "Acme", UTC)

    assert told(100).startswith("0 open; ")
    assert "MONEY" not in told(100)
    line = "shop: USD 1.00 of USD 20.00 this month, USD 30.62 at its end at this pace: more than it may"
    assert f"MONEY {line}" in " ".join(told(20).split())


def test_an_account_that_never_answered_is_no_quiet_day(store: Store) -> None:
    store.intake.introduce({"shop": "scripted"})
    assert letter.text(made(store), "Acme", UTC) == "0 open; 1 of 1 accounts never polled yet\n"


def test_overdue_comes_first_then_what_waits_then_what_is_under_way(store: Store) -> None:
    old = mention("1", "It burns, there is fire!", minutes=-60 * 9)
    waiting(store, old, mention("2", author="bo"), mention("3", author="cy"))
    approved(store, 3)
    words = letter.text(made(store), "Acme", ZoneInfo("Europe/Ljubljana"))
    assert words.startswith("3 open, 1 overdue - Acme complaints, Mon 2 Mar\n")
    places = [words.index(part) for part in ("OVERDUE (1)", "c-1", "TODAY (1)", "c-2", "UNDER WAY", "SINCE")]
    assert places == sorted(places)
    assert "1 approved and not sent yet" in words
    assert "heard Mon 10:01" in words  # the zone's hour


def test_a_pause_and_a_failing_account_are_told(store: Store) -> None:
    waiting(store, mention("1"))
    store.control.pause("sam", at(2))
    store.intake.polled("shop", at(60), at(3), problem="the key was refused", cause=Cause.CREDENTIAL)
    words = letter.text(made(store), "", UTC)
    assert words.splitlines()[2] == "! All sending is paused by sam. → responder resume"
    assert words.splitlines()[:2] == [
        "! shop is not well (heard Mon 09:01): the key was refused (nothing is sent",
        "  there)",
    ]


@pytest.mark.parametrize(
    ("pause", "typed"),
    [
        (Pause(switched=True, by="sam"), "responder resume"),
        (Pause(file="/srv/our shop/responder.pause", note="drill"), "rm '/srv/our shop/responder.pause'"),
        (Pause(switched=True, file="/srv/p"), "responder resume && rm /srv/p"),
    ],
)
def test_a_pause_comes_with_what_ends_it_and_the_switch_takes_no_file_away(pause: Pause, typed: str) -> None:
    words = letter.text(replace(full_day(), paused=True, pause=pause), "", UTC)
    assert f"→ {typed}" in " ".join(words.split())


def test_nothing_a_stranger_wrote_acts_on_a_terminal(store: Store) -> None:
    waiting(store, mention("1", "\x1b]52;c;x\x07\u202e evil\nOVERDUE (0)", author="a\x1b[2J"))
    words = letter.text(made(store), "Acme\x1b", UTC)
    assert all(line.isprintable() for line in words.splitlines())
    assert sum(line.startswith("OVERDUE") for line in words.splitlines()) == 0


def test_the_figures_are_plain_json(store: Store) -> None:
    waiting(store, mention("1"))
    told = json.loads(json.dumps(letter.figures(made(store))))
    assert (told["open"], told["overdue"], told["paused"]) == (1, 0, False)
    assert told["waiting_cases"][0]["id"] == "c-1"
    assert told["happened"]["heard"] == 1


def test_more_than_a_thousand_overdue_are_not_counted_on() -> None:
    figures = Figures(
        by_stage={"WAITING": 5_000},
        open_by_tier={1: 5_000},
        overdue=OVERDUE_CAP,
        happened={},
        median_answer=None,
    )
    health = AccountHealth(
        name="shop", network="x", heard_at=START, polled_at=START, problem="", stopped=False
    )
    crowded = Digest(
        at=START,
        since=START - timedelta(days=1),
        figures=figures,
        overdue=(),
        waiting=(),
        unsettled=(),
        alarmed=(),
        health=(health,),
        paused=False,
    )
    assert letter.subject(crowded, "Acme", UTC) == "5,000 open, 1,000+ overdue - Acme complaints, Mon 2 Mar"


def test_the_whole_letter_of_a_full_day(snapshot: SnapshotAssertion) -> None:
    assert letter.text(full_day(), "Lindenrowe", ZoneInfo("Europe/Ljubljana")) == snapshot


def test_the_figures_of_a_full_day(snapshot: SnapshotAssertion) -> None:
    assert json.dumps(letter.figures(full_day()), indent=1) == snapshot


def test_the_letter_of_an_empty_day(snapshot: SnapshotAssertion) -> None:
    quiet = replace(
        full_day(),
        figures=Figures(by_stage={}, open_by_tier={}, overdue=0, happened={}, median_answer=None),
        overdue=(),
        waiting=(),
        unsettled=(),
        alarmed=(),
        health=(health("shop", START), health("forum", START - timedelta(minutes=7))),
        paused=False,
    )
    assert letter.text(quiet, "Lindenrowe", UTC) == snapshot


def test_what_waits_is_counted_without_what_is_overdue_elsewhere() -> None:
    late = case(1, stage=Stage.APPROVED, due_at=at(-60))
    figures = replace(full_day().figures, by_stage={"WAITING": 1, "APPROVED": 1}, overdue=1)
    some = replace(full_day(), figures=figures, overdue=(late,), waiting=(case(2, due_at=at(60)),))
    assert "TODAY (1)" in letter.text(some, "", UTC)


def test_what_waits_is_counted_with_the_overdue_where_not_all_of_them_are_listed() -> None:
    figures = replace(full_day().figures, by_stage={"WAITING": 40, "APPROVED": 10}, overdue=25)
    some = replace(full_day(), figures=figures)
    assert "TODAY (40 WITH THE OVERDUE)" in letter.text(some, "", UTC)


def test_a_quiet_day_after_which_nobody_polled_says_since_when(store: Store) -> None:
    waiting(store)
    words = letter.text(made(store, minutes=60 * 24 * 3), "Acme", UTC)
    assert words.startswith("! shop has been blind since Mon 09:01: nothing reads it")


def test_of_an_author_a_letter_names_the_public_handle_and_nothing_else() -> None:
    nameless = Author(id="id-of-ana", handle="", name="Ana Novak")
    written = letter.write(replace(full_day(), waiting=(case(3, author=nameless),)), "", UTC, "en")
    for words in (written.text, written.html, written.markdown):
        assert "c-3" in words
        assert "Novak" not in words
        assert "id-of-ana" not in words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(50, "half within 50 s"), (10_800, "half within 3 h"), (7_260, "half within 3 h"), (172_801, "3 days")],
)
def test_the_middle_answer_is_told_in_words_rounded_up(seconds: float, words: str) -> None:
    first = Spread(n=3, median=seconds, ninetieth=seconds)
    assert words in letter.text(replace(full_day(), first=first), "", UTC)
    assert "half within" not in letter.text(full_day(), "", UTC)


@pytest.mark.parametrize(
    ("due_at", "words"),
    [(at(18), "in 18 min"), (at(0), "in 0 s"), (at(-120), "2 h late"), (None, "")],
)
def test_when_an_answer_is_due_is_told_from_now(due_at: datetime | None, words: str) -> None:
    assert letter.due(case(1, due_at=due_at), START) == words


@pytest.mark.parametrize("words", ["\x1b[2J", "\u202e\u2066", "a\r\nOVERDUE (9)", "\x9b", "\U000e0041"])
def test_no_field_of_a_letter_lets_a_stranger_act(words: str) -> None:
    stranger = case(1, author=Author(id=words, handle=words, name=words), said=words, url=words)
    lost = delivery(words)
    some = replace(
        full_day(),
        overdue=(stranger,),
        waiting=(stranger,),
        unsettled=(lost,),
        alarmed=(),
        health=(replace(health("shop", START), problem=words),),
    )
    told = letter.text(some, words, UTC)
    assert all(line.isprintable() for line in told.splitlines())
    assert not any(line.startswith("OVERDUE (9)") for line in told.splitlines())


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=89), "89 s"),
        (timedelta(minutes=18), "18 min"),
        (timedelta(hours=5, minutes=59), "5 h"),
        (timedelta(days=3), "3 days"),
        (-timedelta(hours=2), "2 h"),
    ],
)
def test_a_length_of_time_is_told_as_people_say_it(length: timedelta, words: str) -> None:
    assert letter.span(length) == words


def test_the_letter_keeps_the_head_of_the_journal_where_the_database_does_not_reach(store: Store) -> None:
    waiting(store, mention("1"))
    said = letter.text(made(store), "Acme", UTC)
    (line,) = [one for one in said.splitlines() if one.startswith("  3 events, head ")]
    head = store.audit.head()
    assert head is not None
    assert line.endswith(f"{head.hash[:16]}@3")
    assert letter.figures(made(store))["journal_head"] == f"{head.hash}@3"
