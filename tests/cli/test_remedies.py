"""Remedies at the command line: the catalogue with who may grant what, and grants with a second yes."""

from datetime import timedelta

import pytest

from responder.model.case import Stage
from tests.cli.scene import Scene
from tests.cli.test_json import documented, told

CONFIG = [
    '[[people]]\nname = "sam"\nrole = "agent"',
    '[[people]]\nname = "Bo"\nrole = "approver"',
    '[[remedies]]\nid = "refund"\ncap_agent = 20\ncap_approver = 100\nlegal = "Needs a credit note."',
    '[[remedies]]\nid = "mug"\nkind = "gesture"\nsays = "a mug with our name"\nexpires = "2025-12-31"',
]


@pytest.fixture
def desk(scene: Scene) -> Scene:
    """A scene with two people, an amount for refunds and a mug that ended."""
    scene.configure(*CONFIG)
    return scene


def test_the_catalogue_says_who_may_grant_what(desk: Scene) -> None:
    said = desk.call("remedies", answers="", width=140)
    assert said.code == 0, said.err
    line = next(line for line in said.out.splitlines() if "refund" in line)
    assert "agent 20, approver 100 EUR" in line
    assert "ended 2025-12-31" in said.out
    assert "Needs a credit note." in said.out
    document = desk.call("remedies", "--json").document
    assert told(document) == documented("responder.remedies/1")
    mug = document["items"][-1]
    assert (mug["id"], mug["expired"], mug["public"], mug["who_may"]) == ("mug", True, False, ["Bo"])


def test_of_a_case_at_most_two_that_fit_are_proposed(desk: Scene) -> None:
    for case in desk.call("queue", "--json").document["items"]:
        assert len(desk.call("remedies", case["id"]).rows) <= 2


def test_more_than_ones_authority_is_granted_by_two(desk: Scene) -> None:
    said = desk.call("remedy", "c-1", "refund", "--amount", "60", "--note", "second charge")
    assert said.code == 0, said.err
    assert "EUR 60.00 as refund waits for a second yes (g-1)." in said.words
    assert desk.call("remedy", "g-1", "--agree").code != 0
    assert [row[4] for row in desk.call("remedies", "--granted").rows] == ["asked"]
    shown = desk.call("show", "c-1", answers="", width=120)
    assert "refund EUR 60.00 waits for a second yes (g-1)" in " ".join((shown.out + shown.err).split())
    digest = desk.call("digest", answers="", width=120).words.lower()
    assert "remedies that wait for a second yes" in digest
    assert "refund eur 60.00 asked for by sam" in digest
    assert "responder remedy g-1 --agree" in digest
    said = desk.call("remedy", "g-1", "--agree", who="bo")
    assert "second yes" not in desk.call("digest", answers="", width=120).words.lower()
    assert "EUR 60.00 as refund is granted in c-1." in said.words
    document = desk.call("remedies", "c-1", "--granted", "--json").document
    assert told(document) == documented("responder.grants/1")
    (one,) = document["items"]
    assert (one["amount"], one["currency"], one["granted_by"], one["status"]) == (
        60.0,
        "EUR",
        "Bo",
        "granted",
    )
    assert "Bo granted the remedy refund, EUR 60.00, as sam asked." in " ".join(
        desk.call("log", "c-1").out.split()
    )
    report = desk.call("report", "--from", desk.now.date().isoformat(), "--format", "csv")
    assert "refund" in report.out, report.err


@pytest.mark.parametrize(
    ("tokens", "code", "says"),
    [
        (["c-1", "refund", "--amount", "101"], 1, "the most is EUR 100.00"),
        (["c-1", "mug"], 6, "the remedy mug ended on 2025-12-31"),
        (["c-1", "hug"], 2, "There is no remedy 'hug'."),
        (["c-1"], 2, "Say which remedy."),
        (["c-1", "refund", "--amount", "-3"], 2, "-3 is no amount"),
        (["c-1", "refund", "--amount", "nan"], 2, "nan is no amount"),
        (["c-1", "refund", "--amount", "0"], 2, "0 is no amount"),
        (["c-1", "refund", "--amount", "1,000"], 2, "1,000 is no amount"),
        (["c-1", "refund", "--amount", "12.345"], 2, "12.345 is no amount"),
        (["c-1", "--agree"], 2, "A case has no second yes"),
        (["g-9", "--agree"], 1, "there is no grant g-9"),
        (["g-9"], 2, "Say one thing about it."),
        (["gx", "refund"], 2, "is not the id of a case"),
    ],
)
def test_what_cannot_be_granted_is_told_in_words(
    desk: Scene, tokens: list[str], code: int, says: str
) -> None:
    said = desk.call("remedy", *tokens)
    assert says.lower() in " ".join(said.err.lower().split())
    assert said.code != 0
    assert (said.code == 2) is (code == 2)
    assert desk.store.grants.of_case(1) == []


@pytest.mark.parametrize("amount", ["49,90", "49.9", " 49.90"])
def test_an_amount_has_a_comma_or_a_point(desk: Scene, amount: str) -> None:
    assert desk.call("remedy", "c-1", "refund", "--amount", amount).code == 0
    (one,) = desk.store.grants.of_case(1)
    assert one.micros == 49_900_000


def test_another_draft_is_not_written_around_a_remedy_that_ended(desk: Scene) -> None:
    said = desk.call("redo", "c-1", "--remedy", "mug")
    assert said.code == 2
    assert "The remedy mug ended on 2025-12-31." in said.err
    assert desk.store.casework.get(1).facts.remedy == ""
    assert desk.call("redo", "c-1", "--remedy", "refund").code == 0


def test_a_dry_run_grants_nothing(desk: Scene) -> None:
    assert desk.call("remedy", "c-1", "refund", "--amount", "5", "--dry-run").code == 0
    assert desk.store.grants.of_case(1) == []


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('id = "hug"', '"hug" is new and needs kind and says'),
        ('id = "refund"\ntopics = ["weather"]', 'there is no topic "weather"'),
        ('id = "refund"\ncap_agent = -1', "not an amount of money"),
        ('id = "refund"\nexpires = "12-31"', "has no year"),
        ('id = "Refund!"', "is not the id of a remedy"),
        ('id = "refund"\n[[remedies]]\nid = "refund"', '"refund" is already remedies.1'),
    ],
)
def test_a_remedy_that_does_not_fit_is_told_with_its_line(scene: Scene, lines: str, says: str) -> None:
    scene.configure(f"[[remedies]]\n{lines}")
    said = scene.call("remedies")
    assert said.code == 2
    err = " ".join(said.err.split())
    assert says in err
    assert f"{scene.config}:" in err


@pytest.fixture
def offering(desk: Scene) -> Scene:
    """Where the words that wait in c-2 offer what ended yesterday; nobody objected when they were written."""
    ends = 'id = "refund"\npublic = "yes"\nexpires = "2026-03-02"'
    desk.configure(f"[[remedies]]\n{ends}", mode="on")
    assert desk.call("redo", "c-2", "--remedy", "refund").code == 0
    assert desk.call("draft").code == 0
    words = (
        "We charged you twice for one order. That is our fault, and we're sorry. "
        "We'll refund you the second charge and confirm it here by 15:00 today. ^Sam"
    )
    assert desk.call("edit", "c-2", "--text", words).code == 0
    approved = desk.call("approve", "c-2", "--yes", "--draft", "3", "--reason", "they wait", "--dry-run")
    assert approved.code == 0, approved.err
    desk.now += timedelta(days=1)
    return desk


YES = ("approve", "c-2", "--yes", "--draft", "3", "--reason", "they wait")


def test_words_that_offer_what_ended_since_cannot_be_approved(offering: Scene) -> None:
    said = offering.call(*YES)
    assert said.code == 5, said.out + said.err
    assert "Offers refund, which ended on 2026-03-02" in said.err
    assert offering.store.casework.get(2).stage is Stage.WAITING


def test_words_whose_remedy_ends_before_they_go_out_stay(offering: Scene) -> None:
    offering.now -= timedelta(days=1)
    assert offering.call(*YES).code == 0
    offering.now += timedelta(days=1)
    said = offering.call("post")
    assert "its remedy ended: Offers refund, which ended on 2026-03-02" in said.words, said.out + said.err
    assert not offering.outbox.exists()
    assert offering.store.casework.get(2).stage is Stage.WAITING
    assert "Offers refund, which ended" in offering.call("show", "c-2", answers="", width=200).words
