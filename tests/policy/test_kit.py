"""The offline kit: every piece in every language keeps the rules, and says what it must and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from responder.model.calendar import Calendar
from responder.model.case import Case, Stage
from responder.model.channel import Channel, Channels
from responder.model.facts import Facts
from responder.model.limits import Limits
from responder.model.mention import Audience, Author, Mention
from responder.model.promise import Promise, PromiseKind, PromiseStatus
from responder.model.triage import Level
from responder.model.windows import windows
from responder.policy.kit import Kind, Known, blocks
from responder.policy.kit_files import load_kits
from responder.policy.policy import Policy, Words
from responder.policy.rulebook import load
from responder.policy.wording import Voice
from tests.policy.books import OURS, copy_of_ours

LANGUAGES = ("bg", "de", "en", "es", "fr", "hr", "sl", "sv")
FRIDAY = datetime(2026, 3, 6, 15, 0, tzinfo=UTC)
CHANNELS = Channels(
    (
        Channel(phone="+386 1 555 0100", mail="care@acme.example"),
        Channel(language="de", phone="+49 30 5550100"),
        Channel(account="bakery", phone="+44 20 7946 0123"),
        Channel(account="bakery", language="de", phone="+49 89 5550100"),
    )
)
CODE = "lomirusabatofikun"


def policy(register: str = "formal", channels: Channels = CHANNELS) -> Policy:
    voice = Voice(company="Acme", signature="^Ana", register=register)
    return Policy(rulebook=load([OURS], whole=False), voice=voice, references=True, channels=channels)


def case(language: str, topic: str = "lost", account: str = "shop", facts: Facts = Facts()) -> Case:  # noqa: B008 (it never changes)
    target = Mention(
        account=account,
        external_id="1",
        thread="t",
        author=Author(id="1", handle="jo", name="Ana Novak"),
        text="",
        created_at=FRIDAY,
        language=language,
        audience=Audience.PUBLIC,
    )
    return Case(
        id=1, account=account, stage=Stage.WAITING, version=1, target=target, posts=1, replies=0,
        opened_at=FRIDAY, moved_at=FRIDAY, tier=3, topic=topic, language=language, reference=CODE,
        facts=facts,
    )  # fmt: skip


def promise(quote: str, due: datetime | None) -> Promise:
    return Promise(
        id=1, case_id=1, account="shop", kind=PromiseKind.UPDATE, channel="", quote=quote, told="",
        due_at=due, owner="Ana", status=PromiseStatus.OPEN, made_at=FRIDAY,
    )  # fmt: skip


def written(
    kind: Kind, language: str, *, one: Case | None = None, by: Policy | None = None, now: datetime = FRIDAY
) -> Words:
    known = Known(
        caller="Ana",
        windows=windows(now, Calendar()),
        goal="…",
        news="…",
        promises=[promise("…", now + timedelta(days=1)), promise("……", None)],
    )
    return (by or policy()).offline(one or case(language), kind, known, Limits(length=500), now)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_rule_objects_to_a_piece_in_any_language(language: str, kind: Kind) -> None:
    for register in ("formal", "informal"):
        for topic in ("lost", "billing", "unclear"):
            for days in (0, 2, 4):
                words = written(
                    kind,
                    language,
                    one=case(language, topic),
                    by=policy(register),
                    now=FRIDAY + timedelta(days=days),
                )
                objections = [one for one in words.findings if one.level is not Level.NOTE]
                assert objections == [], words.text
                assert words.language == language
                assert "{" not in words.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_voicemail_is_short_and_says_when_and_where_and_nothing_of_the_case(language: str) -> None:
    one = case(language, facts=Facts(solution="…solution…", promised="…promised…"))
    text = written(Kind.VOICEMAIL, language, one=one).text
    assert len(text.split()) <= 75
    for said in ("Ana", "Acme", "16:00", "17:00", "9:00", "10:00"):
        assert said in text
    assert ("+49 30 5550100" if language == "de" else "+386 1 555 0100") in text
    for unsaid in (CODE[:4], "…solution…", "…promised…", "care@"):
        assert unsaid not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_call_listens_before_it_solves_and_knows_four_other_ways(language: str) -> None:
    parts = blocks(written(Kind.CALL, language, one=case(language, facts=Facts(solution="…fix…"))).text)
    turns = [one for one in parts if not one.branch]
    assert [one.branch for one in parts] == [False] * 9 + [True] * 4
    solves = next(at for at, one in enumerate(turns) if any("…fix…" in says for says, _ in one.lines))
    pauses = [at for at, one in enumerate(turns) if any(aside for _, aside in one.lines)]
    assert len([at for at in pauses if at < solves]) >= 2
    assert all(one.title and any(not aside for _, aside in one.lines) for one in parts if one.branch)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_email_says_when_we_call_in_one_window_and_warns_of_impostors(language: str) -> None:
    text = written(Kind.EMAIL, language).text
    assert text.count("16:00") == text.count("17:00") == 1
    assert "10:00" not in text
    assert "lomi-rusa-bato-fikun" in text
    assert "care@acme.example" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_recap_holds_every_promise_with_its_time_where_it_has_one(language: str) -> None:
    lines = written(Kind.RECAP, language).text.splitlines()
    dated = next(line for line in lines if line[2:].startswith("… ("))
    assert "15:00" in dated
    assert any(line[2:] == "……" for line in lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_private_impostors_are_warned_of_and_in_public_nothing_is_said_of_them(language: str) -> None:
    nowhere = written(Kind.MESSAGE, language, by=policy(channels=Channels())).text
    somewhere = written(Kind.MESSAGE, language).text
    assert "care@acme.example" in somewhere
    kit = load([OURS], whole=False).kits[language]
    assert kit.warning("", informal=False) in nowhere
    assert kit.warning("care@acme.example", informal=False) not in written(Kind.CLOSING, language).text


def test_a_brand_and_a_language_have_their_own_number_and_no_other_may_be_named() -> None:
    numbers = [
        (account, language, CHANNELS.of(account, language).phone)
        for account in ("shop", "bakery")
        for language in ("en", "de")
    ]
    assert [one[2] for one in numbers] == [
        "+386 1 555 0100",
        "+49 30 5550100",
        "+44 20 7946 0123",
        "+49 89 5550100",
    ]
    assert CHANNELS.of("bakery", "de-AT").mail == "care@acme.example"
    wrong = case("en", facts=Facts(number="+44 20 7946 0123"))
    assert "safe-official-channel" in {one.rule for one in written(Kind.EMAIL, "en", one=wrong).findings}
    right = case("en", account="bakery", facts=Facts(number="+44 20 7946 0123"))
    assert "safe-official-channel" not in {one.rule for one in written(Kind.EMAIL, "en", one=right).findings}


def test_what_somebody_told_of_the_case_stands() -> None:
    told = case("en", facts=Facts(owner="Mia", number="+386 1 555 0100", window="at noon"))
    text = written(Kind.VOICEMAIL, "en", one=told).text
    assert "This is Mia from Acme" in text
    assert "again at noon" in text


def test_days_are_told_as_people_tell_them() -> None:
    kit = load([OURS], whole=False).kits["sl"]
    days = [kit.day(FRIDAY + timedelta(days=n), FRIDAY) for n in (0, 1, 3, 6, 7)]
    assert days == ["danes", "jutri", "v ponedeljek", "v četrtek", "v petek (13. 3.)"]


@pytest.mark.parametrize(
    ("found", "instead", "problem"),
    [
        ('warn = "', 'warn_ = "', "unknown key 'warn_'"),
        ('warn = "', '#warn = "', "warn must be one line of text"),
        ("{contact}", "{phone}", "warn must hold {contact}"),
        ('"on Sunday"', "7", "days must be seven texts"),
        ("warn = ", "warn ", "cannot be read"),
    ],
)
def test_a_file_that_misses_something_does_not_load(
    tmp_path: Path, found: str, instead: str, problem: str
) -> None:
    base = copy_of_ours(tmp_path)
    path = base / "en" / "kit.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(found, instead), encoding="utf-8")
    _, problems = load_kits([base])
    assert any(problem in one for one in problems), problems


def test_a_language_without_one_does_not_load(tmp_path: Path) -> None:
    base = copy_of_ours(tmp_path)
    (base / "en" / "kit.toml").unlink()
    kits, problems = load_kits([base])
    assert not kits
    assert [one.endswith("kit.toml:1: is missing; the cues speak this language") for one in problems] == [
        True
    ]


def test_every_language_has_one() -> None:
    kits, problems = load_kits([OURS])
    assert (sorted(kits), problems) == (list(LANGUAGES), [])


@pytest.mark.parametrize("kind", [Kind.CALL, Kind.VOICEMAIL])
@pytest.mark.parametrize("language", LANGUAGES)
def test_who_calls_says_who_they_are_also_where_the_customer_has_no_name(kind: Kind, language: str) -> None:
    one = case(language)
    nameless = replace(one, target=replace(one.target, author=Author(id="1", handle="jo", name="[b]x[/b]")))
    text = written(kind, language, one=nameless).text
    assert "Ana" in text
    assert "Acme" in text
