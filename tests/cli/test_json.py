"""docs/json.md tells the truth: its fields are those that come out, schema by schema."""

import re
from pathlib import Path

import pytest

from responder.cli import failures
from tests.cli.scene import WARNED, Scene, fields

DOCS = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")
#: What holds counts by names of their own.
OPEN_ENDED = {
    *("decided", "open_by_network", "overrides", "first_answer_by_tier", "first_answer_by_network"),
    *("done", "happened", "by_stage", "open_by_tier", "off", "level", "level_own"),
    *("answers", "features", "words", "called_less_urgent", "called_more_urgent", "queues"),
}


def documented(schema: str) -> set[str]:
    """Return the fields in the table of a schema."""
    section = next(part for part in DOCS.split("\n## ") if schema in part.partition("\n")[0])
    return set(re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE))


def told(document: object) -> set[str]:
    """Return the fields of a document's items; of lists whose items stand elsewhere, the name alone."""
    names = {name.removeprefix("items[].") for name in fields(document) if name.startswith("items[].")}
    names = {re.sub(rf"^({'|'.join(OPEN_ENDED)})\..*", r"\1", name) for name in names}
    return {name if name.startswith("thread[].") else re.sub(r"\[\]\..*", "[]", name) for name in names}


@pytest.mark.parametrize(
    ("schema", "tokens"),
    [
        ("responder.queue/1", ["queue"]),
        ("responder.report/1", ["poll"]),
        ("responder.digest/1", ["digest"]),
        ("responder.findings/1", ["check", "Sorry if you feel bad."]),
        ("responder.triage/1", ["triage", "my parcel is late"]),
        pytest.param("responder.rulebook/1", ["rules", "check"], marks=pytest.mark.slow),
        ("responder.rules/1", ["rules", "list"]),
        ("responder.deed/1", ["pause"]),
        ("responder.status/1", ["status"]),
        ("responder.audit/1", ["audit", "verify"]),
        ("responder.error/1", ["show", "c-99"]),
    ],
)
def test_the_fields_are_those_that_are_documented(scene: Scene, schema: str, tokens: list[str]) -> None:
    document = scene.call(*tokens, "--json").document
    assert document["schema"] == schema
    assert told(document) == documented(schema)


def test_a_card_has_the_fields_of_the_queue_and_its_own(scene: Scene) -> None:
    scene.call("edit", "c-4", "--text", WARNED)
    document = scene.call("show", "c-4", "--json").document
    own = told(document) - (documented("responder.queue/1") - {"draft"})
    assert own == documented("responder.card/1")
    for findings in (document["items"][0]["reasons"], document["items"][0]["draft"]["findings"]):
        documents = {name.removesuffix("[]") for name in documented("responder.findings/1")}
        assert set(findings[0]) == documents


def test_the_history_is_documented_field_by_field(scene: Scene) -> None:
    scene.call("approve", "c-1", "--draft", "1")
    history = scene.call("show", "c-1", "--json", "--history").document["items"][0]["history"]
    section = DOCS[DOCS.index("With `--history`") : DOCS.index("## responder.findings/1")]
    for name in ("decisions", "deliveries", "journal"):
        listed = re.search(rf"`{name}\[\]` \(([^)]+)\)", section)
        assert listed
        assert list(history[name][0]) == re.findall(r"`([a-z_]+)`", listed[1])


def test_the_corrections_of_a_card_are_documented_field_by_field(scene: Scene) -> None:
    scene.call("correct", "c-1", "more-urgent")
    (told,) = scene.call("show", "c-1", "--json").document["items"][0]["corrections"]
    (line,) = [line for line in DOCS.splitlines() if line.startswith("| `corrections[]`")]
    assert list(told) == re.findall(r"`([a-z]+)`", line.partition("wrong: ")[2])


@pytest.mark.parametrize(
    ("tokens", "schema"),
    [
        (["unread"], "responder.unread/1"),
        (["views"], "responder.views/1"),
        (["completion", "bash"], "responder.completion/1"),
        (["verify"], "responder.verify/1"),
        (["config", "check"], "responder.config/1"),
        (["config", "show"], "responder.settings/1"),
        (["config", "path"], "responder.path/1"),
        (["edit", "c-1", "--text", "Sorry."], "responder.deed/1"),
    ],
)
def test_every_other_document_has_its_schema_named(scene: Scene, tokens: list[str], schema: str) -> None:
    document = scene.call(*tokens, "--json").document
    assert document["schema"] == schema
    assert schema in DOCS
    for item in document["items"]:
        assert all(f"`{name}`" in DOCS for name in item)


def test_every_exit_code_is_documented() -> None:
    codes = {value for name, value in vars(failures).items() if name.isupper() and isinstance(value, int)}
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", DOCS, re.MULTILINE)} == codes
