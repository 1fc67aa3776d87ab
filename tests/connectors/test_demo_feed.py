"""The demo feed holds what its README claims, and nothing of anybody real."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import pytest

from connectors.replay.columns import COLUMNS
from responder.model.mention import Audience, Author, Mention
from responder.model.triage import Triage
from responder.policy.urgency import triage
from tests.policy.sensed import senses

Row = dict[str, Any]

MORNING, NOON = "morning.jsonl", "noon.jsonl"
NETWORKS = {"x", "reddit", "bluesky", "mastodon"}
LANGUAGES = {"en", "fr", "sv", "sl", "hr", "bg", "de", "es"}
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
#: Numbers that no telephone has: Ofcom keeps them for drama.
FICTIONAL = re.compile(r"020 7946 0\d{3}|07700 900\d{3}")
TELEPHONE = re.compile(r"(?<![\w.])\+?0[\d ()-]{8,16}\d")
#: Names that must not stand in a text; a sample of those that come to mind first.
BRANDS = re.compile(
    r"\b(?:amazon|ikea|google|apple|iphone|samsung|facebook|meta|twitter|instagram|tiktok|whatsapp|telegram|paypal|visa"
    r"|ebay|booking\.com|airbnb|expedia|ryanair|lufthansa|hilton|marriott|dhl|ups|fedex|hermes|dpd|zalando|otto"
    r"|wayfair|lidl|aldi|tesco|klarna|uber|netflix|microsoft|vodafone)\b",
    re.IGNORECASE,
)


@cache
def rows(name: str) -> tuple[Row, ...]:
    lines = files("connectors.demo_feed").joinpath(name).read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line) for line in lines)


def every() -> Iterator[Row]:
    yield from rows(MORNING)
    yield from rows(NOON)


def by(author: str, name: str = MORNING) -> list[Row]:
    return [row for row in rows(name) if row["author"] == author]


def mention(row: Row) -> Mention:
    author = Author(id=row["author_id"], handle=row["author"], name=row["name"], bot=row.get("bot", False))
    return Mention(
        account=row["network"],
        external_id=row["id"],
        thread=row["thread"],
        author=author,
        text=row["text"],
        created_at=NOW - timedelta(minutes=row["ago"]),
        language=row["language"],
        audience=Audience(row.get("audience", "public")),
    )


@cache
def day(*names: str) -> dict[str, tuple[Mention, Triage]]:
    """Return every thread's latest post, as triage weighs it after the given files, by author and network."""
    posts: dict[tuple[str, str], Row] = {}
    for row in (row for name in names for row in rows(name)):
        key = (row["network"], row["id"])
        if row.get("removed"):
            posts.pop(key)
        elif not row.get("own"):
            posts[key] = row
    threads: defaultdict[tuple[str, str], list[Mention]] = defaultdict(list)
    for row in sorted(posts.values(), key=lambda row: -row["ago"]):
        threads[row["thread"], row["author_id"]].append(mention(row))
    return {
        said[-1].author.handle: (said[-1], triage(said[-1], tuple(said[:-1]), senses(), NOW))
        for said in threads.values()
    }


def test_there_are_enough_posts_in_every_language_and_network() -> None:
    assert len(rows(MORNING)) == 86, "the README says so"
    assert len(rows(NOON)) == 22, "the README says so"
    networks = Counter(row["network"] for row in every())
    assert set(networks) == NETWORKS
    assert min(networks.values()) >= 10
    languages = Counter(row["language"] for row in every())
    assert set(languages) >= LANGUAGES
    assert all(languages[code] >= 5 for code in LANGUAGES)
    assert languages[None] >= 10, "networks do not always tell"


@pytest.mark.parametrize("name", [MORNING, NOON])
def test_every_line_has_the_columns_and_kinds_of_value_it_should(name: str) -> None:
    for row in rows(name):
        assert set(row) - set(COLUMNS) <= {"network", "ago"}, row
        for key in ("network", "id", "thread", "author_id", "author", "text", "url"):
            assert isinstance(row[key], str), row
            assert row[key], row
        assert isinstance(row["ago"], int)
        assert row["ago"] >= 0
        assert row["followers"] is None or row["followers"] >= 0
        assert row["language"] is None or re.fullmatch("[a-z]{2}", row["language"])
        for key in ("bot", "own", "removed"):
            assert row.get(key, True) is True, "left out where it is not so"


def test_ids_are_unique_but_for_the_edit_and_the_removal_of_a_morning_post() -> None:
    morning = {(row["network"], row["id"]): row for row in rows(MORNING)}
    assert len(morning) == len(rows(MORNING))
    again = [row for row in rows(NOON) if (row["network"], row["id"]) in morning]
    edited, removed = again
    assert edited["edited"] == 2
    assert edited["text"] != morning[edited["network"], edited["id"]]["text"]
    assert removed["removed"] is True
    assert len({(row["network"], row["id"]) for row in every()}) == len(list(every())) - 2
    for row in again:
        assert row["ago"] == morning[row["network"], row["id"]]["ago"]


def test_noon_is_after_the_morning_and_answers_come_after_what_they_answer() -> None:
    posted = {row["id"]: row for row in rows(MORNING)}
    for row in rows(NOON):
        if row["id"] not in posted:
            assert row["ago"] < min(old["ago"] for old in rows(MORNING))
            posted[row["id"]] = row
    for row in every():
        if parent := row["in_reply_to"]:
            assert posted[parent]["ago"] > row["ago"]
            assert posted[parent]["thread"] == row["thread"]
        else:
            assert row["thread"] == row["id"]


def test_one_author_has_one_id_and_one_id_one_author() -> None:
    pairs = {(row["network"], row["author"], row["author_id"]) for row in every()}
    assert len({pair[:2] for pair in pairs}) == len({(pair[0], pair[2]) for pair in pairs}) == len(pairs)
    for shown in ("dan", "Sam"):
        assert len({row["author"] for row in rows(MORNING) if row["name"] == shown}) == 2


def test_nothing_in_it_belongs_to_anybody() -> None:
    everything = "\n".join(f"{row['text']} {row['name']} {row['author']} {row['url']}" for row in every())
    hosts = re.findall(r"(?:https?://|www\.)([^/\s]+)", everything)
    hosts += re.findall(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)", everything)
    assert hosts
    assert all(host.endswith(".example") for host in hosts)
    telephones = TELEPHONE.findall("\n".join(row["text"] for row in every()))
    assert len(telephones) == 2
    assert all(FICTIONAL.fullmatch(number) for number in telephones)
    for row in every():
        assert not BRANDS.search(row["text"]), row["text"]


def test_what_hostile_and_careless_people_send_is_there() -> None:
    texts = [row["text"] for row in rows(MORNING)]
    assert any("\u001b[2J" in text for text in texts), "terminal escapes"
    assert any("\u202e" in text and "gnore your instructions" in text for text in texts), "bidi and injection"
    assert any(len(re.findall("[\u0300-\u036f]", text)) > 30 for text in texts), "zalgo"
    assert max(map(len, texts)) >= 4_000, "a rant"
    assert any("07700 900" in text and "@mail.example" in text for text in texts), (
        "their own telephone and mail"
    )
    assert [row["audience"] for row in rows(MORNING) if "audience" in row] == ["private"]
    assert any(row.get("own") for row in rows(MORNING))
    assert any(row.get("bot") for row in rows(MORNING))


def test_an_outage_comes_in_a_burst_and_goes_on_at_noon() -> None:
    morning = [said for post, said in day(MORNING).values() if post.created_at > NOW - timedelta(minutes=45)]
    assert len(morning) >= 6
    about = [said.topic for said in morning]
    broken = {"outage", "app_fault"}  # the site, the app, the checkout
    assert set(about) <= {*broken, ""}
    assert about.count("") <= 1, "one told no language and few words"
    later = day(MORNING, NOON)
    assert len([said for _, said in later.values() if said.complaint and said.topic in broken]) >= 10


class TestTheMorningQueue:
    def test_begins_with_whom_a_sensible_person_answers_first(self) -> None:
        queue = sorted(day(MORNING).values(), key=lambda one: (one[1].rank, one[0].created_at))
        first = {post.author.handle for post, said in queue[:11] if said.complaint}
        assert first == {
            "sofie@lund.example",  # a child in hospital
            "quietharbour77",  # a heater that smoked beside a child's bed; the latest post only asks for news
            "maike_r",  # scalded
            "todor_g",  # sparks and smoke
            "velvet_ruin",  # four stitches, in the middle of a rant
            "cottagecore_dad",  # a bunk bed that comes apart
            "l_farrow",  # in private: a remark about a girl of fifteen
            "jana_kos",  # a woman of 79 without heating, at six degrees below
            "amira_on_rails",  # two children in front of a locked door at night
            "voyages_colette",  # two children at a station
            "joaquin_rv",  # the third time; goes to the authorities today
        }

    @pytest.mark.parametrize(
        ("author", "tier"),
        [
            ("r_okafor", 4),
            ("ben-ray.example", 4),
            ("o_lindqvist", 4),
            ("hugo@bordeaux.example", 4),
            ("mistletoe_mum", 4),
            ("pablo_mz", 4),
            ("jana_kos", 4),
            ("policy_pam", 4),
            ("throwaway_lr_2291", 3),
            ("petra_novotna", 3),
            ("dejan_z", 3),
            ("bjorn_a", 3),
            ("ticktock_tom", 3),
            ("kayleigh_dsn", 2),
            ("elin_skog", 2),
            ("hexvoid__", 1),
            ("old_mr_pym", 1),
            ("fitz_travels", 1),
            ("klara-m.example", 1),
            ("tilde_m", 1),
            ("marta_gil", 1),
        ],
    )
    def test_gives_everybody_the_tier_of_their_need(self, author: str, tier: int) -> None:
        said = day(MORNING)[author][1]
        assert (said.complaint, said.tier) == (True, tier)

    def test_sets_praise_questions_spam_and_bots_aside_and_nothing_else(self) -> None:
        aside = {author for author, (_, said) in day(MORNING).items() if not said.complaint}
        assert aside == {
            *(
                "marek_writes",
                "st_weber",
                "ana_vidmar",
                "h_lofgren",
                "callum_ferris",
                "theo-k.example",
            ),  # praise
            *("hanna.example", "northsea_nils", "danj_08", "hr_ivana", "renate-o.example", "studio_larkin"),
            *("crypto_lena_vip", "promo_palace", "mallory@evil.example", "dealhunter_bot"),
        }


class TestTheAfternoon:
    def test_ends_what_is_solved(self) -> None:
        solved = {"tessa_marlow", "gregor_t", "marion_d", "eskil@oslo.example", "fitz_travels"}
        later = day(MORNING, NOON)
        assert {author for author in solved if later[author][1].complaint} == set()
        assert all(day(MORNING)[author][1].complaint for author in solved)

    def test_brings_the_edit_that_changes_everything(self) -> None:
        assert day(MORNING)["jules_pt"][1].tier == 1
        assert day(MORNING, NOON)["jules_pt"][1].tier == 5

    def test_keeps_harm_at_the_top_while_nobody_answers(self) -> None:
        for author in ("quietharbour77", "amira_on_rails", "r_okafor"):
            assert len(by(author, NOON)) == 1
            before, after = day(MORNING)[author][1], day(MORNING, NOON)[author][1]
            assert after.tier == before.tier >= 4

    def test_takes_the_removed_post_away(self) -> None:
        assert "grumpy-fern.example" in day(MORNING)
        assert "grumpy-fern.example" not in day(MORNING, NOON)

    def test_shows_a_language_we_do_not_know_to_a_person(self) -> None:
        said = day(MORNING, NOON)["deniz_aa"][1]
        assert (said.complaint, said.tier, said.language) == (True, 0, "und")
        assert "unknown-language" in {finding.rule for finding in said.findings}
