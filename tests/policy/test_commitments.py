"""Commitments: promises are found in every language, near misses are not, and each has its time."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.model.promise import Commitment, PromiseKind
from responder.policy.commitments import commitments
from responder.policy.moments import Zones
from responder.policy.planner import Playbook
from responder.policy.promise_files import Promisings, load_promising
from responder.policy.proof import every_trial, written
from responder.policy.rulebook import RulebookError
from tests.policy.books import OURS
from tests.policy.wordbooks import LANGUAGES, words_of

HOW = Promisings([OURS], RulebookError)
HOME = ZoneInfo("Europe/Ljubljana")
#: A Wednesday, 11:00 at home.
SAID = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
WEEK = (((540, 1020),),) * 5 + ((), ())
#: When the promises of each file are over, in the order of their lines; None: no time is told.
OVER = (
    "Fri 06 23:59", "Thu 05 11:00", "Mon 09 12:00", "Wed 04 15:00", "Wed 04 16:00", "Tue 12 23:59",
    "Wed 04 12:00", "Thu 05", "Fri 06 23:59", "Fri 06 23:59", "Wed 04 18:00", None, "Thu 05 22:00",
    "Wed 04", "Wed 04 18:00",
)  # fmt: skip
YEARS = datetime(2026, 1, 1), datetime(2027, 12, 31)  # noqa: DTZ001  # drawn with a zone
#: Kinds of replies that promise our next word.
PROMISING = {
    Playbook.FIRST_PUBLIC_REPLY, Playbook.STILL_ANGRY, Playbook.OUTAGE, Playbook.VENDOR_FAULT,
    Playbook.BROKEN_PROMISE, Playbook.PRIVATE_MESSAGE,
}  # fmt: skip


def found(text: str, language: str = "en", said: datetime = SAID, **zones: object) -> tuple[Commitment, ...]:
    return commitments(text, HOW[language], said, Zones(firm=HOME, week=WEEK, **zones))  # type: ignore[arg-type]


def over(text: str, language: str = "en", said: datetime = SAID, **zones: object) -> str:
    """Return when the first promise of a text is over, by the clocks at home."""
    due = found(text, language, said, **zones)[0].due
    return f"{due.astimezone(HOME):%a %d %b %H:%M}" if due else ""


def lines(language: str, what: str) -> list[str]:
    file = Path(__file__).parent / "data" / "promises" / f"{language}.txt"
    promised, _, other = file.read_text(encoding="utf-8").partition("no:\n")
    return (promised.partition("yes:\n")[2] if what == "yes" else other).splitlines()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_promise_is_found_with_its_time(language: str) -> None:
    told = lines(language, "yes")
    assert len(told) == len(OVER)
    for words, when in zip(told, OVER, strict=True):
        assert len(found(words, language)) == 1, words
        due = found(words, language)[0].due
        assert (due is None) == (when is None), words
        assert not due or f"{due.astimezone(HOME):%a %d %H:%M}".startswith(when or ""), (words, str(due))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_only_looks_like_a_promise_is_none(language: str) -> None:
    assert [words for words in lines(language, "no") if found(words, language)] == []
    assert len(lines(language, "no")) == 15


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_sends_one_of_our_replies_promises_the_word_it_tells(language: str) -> None:
    words = words_of(language).languages[language]
    for trial in islice(every_trial(words), 0, None, 101):
        if trial.playbook not in PROMISING:
            continue
        text = written(trial, words).text
        dues = [one.due for one in found(text, language) if one.due]
        if trial.when.hours:
            assert SAID + timedelta(hours=4) in dues, text
        else:
            assert datetime(2026, 3, 5, 10, 0, tzinfo=HOME) in dues, text


def test_every_language_says_how_it_promises() -> None:
    assert set(HOW) == set(LANGUAGES)


def test_the_kind_and_the_channel_are_told() -> None:
    kinds = {
        "We'll post an update here by noon.": (PromiseKind.UPDATE, ""),
        "A manager will call you by noon.": (PromiseKind.ACTION, "call"),
        "We'll e-mail you the form today.": (PromiseKind.ACTION, "mail"),
        "I'll message you privately today.": (PromiseKind.ACTION, "message"),
        "Your refund will be in your account by Friday.": (PromiseKind.OUTCOME, ""),
    }
    for words, wanted in kinds.items():
        (one,) = found(words)
        assert (one.kind, one.channel) == wanted, words


def test_two_promises_of_a_sentence_have_a_time_each() -> None:
    both = found("I'll call you on Friday before noon and refund the charge by the end of next week.")
    assert [one.kind for one in both] == [PromiseKind.ACTION, PromiseKind.OUTCOME]
    assert [f"{one.due.astimezone(HOME):%d %H:%M}" for one in both if one.due] == ["06 12:00", "13 23:59"]


def test_the_place_is_that_of_the_words_in_the_text() -> None:
    text = "Sorry, Ana…  that was ours. I’ll write to you   by noon. Thanks!"
    (one,) = found(text)
    assert text[one.start : one.end] == one.quote == "I’ll write to you   by noon."


@pytest.mark.parametrize(
    ("words", "when"),
    [
        ("I'll call you by 9.", "Thu 05 Mar 09:00"),  # nine has passed today
        ("I'll call you by 5.", "Wed 04 Mar 17:00"),
        ("I'll call you at half past nothing.", ""),
        ("I'll call you by 5:30 pm.", "Wed 04 Mar 17:30"),
        ("I'll call you by midnight.", "Thu 05 Mar 00:00"),
        ("I'll call you on Wednesday.", "Wed 11 Mar 23:59"),
        ("I'll call you the day after tomorrow at 10:15.", "Fri 06 Mar 10:15"),
        ("I'll call you on Friday, 6 March, at the latest by 14:00.", "Fri 06 Mar 14:00"),
        ("I'll call you tomorrow afternoon, by 3 pm.", "Thu 05 Mar 15:00"),
        ("I'll call you within half an hour.", "Wed 04 Mar 11:30"),
        ("I'll call you within 2-3 hours.", "Wed 04 Mar 14:00"),
        ("I'll call you within three working days.", "Mon 09 Mar 23:59"),
        ("I'll call you by 10:00 on our next working day.", "Thu 05 Mar 10:00"),
        ("I'll call you on 29 February.", "Sun 28 Feb 23:59"),
        ("I'll call you this week.", "Fri 06 Mar 23:59"),
        ("I'll call you by the end of the month.", "Tue 31 Mar 23:59"),
        ("We'll refund 15.50 EUR by Friday.", "Fri 06 Mar 23:59"),
        ("We'll send 3 new cups.", ""),
    ],
)
def test_a_time_is_read_as_people_mean_it(words: str, when: str) -> None:
    assert over(words) == when


def test_a_time_that_nobody_says_whose_it_is_is_kept_by_either_clock() -> None:
    far = ZoneInfo("Asia/Tokyo")  # eight hours ahead of home
    assert over("I'll call you by 20:00.", customer=far) == "Wed 04 Mar 12:00"
    assert over("I'll call you by 20:00 our time.", customer=far) == "Wed 04 Mar 20:00"
    near = ZoneInfo("America/New_York")  # six behind
    assert over("I'll call you by 20:00.", customer=near) == "Wed 04 Mar 20:00"
    assert over("I'll call you by 20:00 your time.", customer=near) == "Thu 05 Mar 02:00"
    assert over("I'll call you tomorrow.", customer=far) == "Thu 05 Mar 15:59"


def test_the_night_in_which_the_clocks_change_is_as_long_as_it_is() -> None:
    before = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)  # 23:00; at 2:00 the clocks go to 3:00
    assert over("We'll write to you within 6 hours.", said=before) == "Sun 29 Mar 06:00"
    assert over("We'll write to you by 02:30.", said=before) == "Sun 29 Mar 03:30"
    assert over("We'll write to you tomorrow by 8:00.", said=before) == "Sun 29 Mar 08:00"


def test_a_customer_who_works_no_hours_has_working_days_all_the_same() -> None:
    always = commitments("We'll call within two working days.", HOW["en"], SAID, Zones(firm=HOME))
    assert always[0].due == datetime(2026, 3, 6, 23, 59, tzinfo=HOME)


@given(st.text(max_size=400), st.sampled_from(LANGUAGES))
def test_any_text_is_read_and_each_promise_stands_in_it(text: str, language: str) -> None:
    for one in found(text, language):
        assert text[one.start : one.end] == one.quote
        assert one.due is None or one.due.utcoffset() == timedelta(0)


@given(
    st.sampled_from([words for words in lines("en", "yes") if "look into" not in words]),
    st.datetimes(*YEARS, timezones=st.just(UTC)),
    st.sampled_from(["Asia/Tokyo", "America/New_York", "Australia/Sydney", "Europe/Sofia"]),
)
def test_a_promise_is_over_after_it_was_made_and_never_later_for_the_customers_clock(
    words: str, said: datetime, where: str
) -> None:
    alone = found(words, said=said)[0].due
    both = found(words, said=said, customer=ZoneInfo(where))[0].due
    assert alone is not None
    assert both is not None
    assert both <= alone
    assert alone > said or "today" in words or "tonight" in words or "afternoon" in words or "week" in words


def test_a_text_of_nothing_but_promises_is_read_in_no_time_that_stalls() -> None:
    assert len(found("I'll call you on Friday. " * 4_000)) == 160  # the first 4,000 characters


def test_a_file_that_is_wrong_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    good = (OURS / "en" / "promises.toml").read_text(encoding="utf-8")
    bad = good.replace('"We\'ll call you by 17:00."', '"Nobody calls."').replace("months = [", "moons = [")
    (tmp_path / "en" / "promises.toml").write_text(bad, encoding="utf-8")
    problems: list[str] = []
    load_promising([OURS, tmp_path], "en", problems)
    assert any("months must hold 12" in one for one in problems)
    problems.clear()
    (tmp_path / "en" / "promises.toml").write_text(
        good.replace('"We\'ll call you by 17:00."', '"Nobody calls."'), encoding="utf-8"
    )
    load_promising([OURS, tmp_path], "en", problems)
    line = next(at for at, text in enumerate(good.splitlines(), 1) if "We'll call you by 17:00." in text)
    assert problems == [f"{tmp_path / 'en' / 'promises.toml'}:{line}: 'Nobody calls.' is no promise to us"]
