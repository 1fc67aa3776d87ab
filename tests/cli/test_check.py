"""Check: what the rules say about any text, in any language."""

from pathlib import Path

import pytest

from tests.cli.scene import Scene

SORRY_IF = "Sorry if you feel bad."


@pytest.mark.parametrize("form", ["words", "file", "pipe"])
def test_a_text_is_taken_as_words_from_a_file_and_from_a_pipe(
    scene: Scene, tmp_path: Path, form: str
) -> None:
    file = tmp_path / "reply.txt"
    file.write_text(f"{SORRY_IF}\n", encoding="utf-8")
    given = {"words": SORRY_IF, "file": str(file), "pipe": "-"}[form]
    said = scene.call("check", given, "--json", piped=f"{SORRY_IF}\n")
    assert said.code == 5
    finding = next(item for item in said.document["items"] if item["rule"] == "no-conditional-apology")
    assert SORRY_IF[finding["start"] : finding["end"]] == finding["quote"]
    assert finding["fix"] == "I'm sorry we got this wrong."
    assert (finding["fix_start"], finding["fix_end"]) == (0, len(SORRY_IF))


def test_a_text_that_may_pass_ends_well(scene: Scene) -> None:
    words = (
        "We lost your parcel and left you waiting: that's on us. I'm sorry. I'll write here by 18:00. ^Ana"
    )
    said = scene.call("check", words, answers="")
    assert (said.code, said.err) == (0, "")
    assert "promise-needs-ledger" in said.words


def test_findings_are_drawn_with_their_places_and_the_words_that_mend_them(scene: Scene) -> None:
    said = scene.call("check", f"Hello.\n{SORRY_IF}", answers="", width=120)
    assert said.code == 5
    assert "block 2:1" in said.words
    assert "no-conditional-apology: " in said.words
    assert "I'm sorry we got this wrong." in said.words
    assert "this cannot be approved" in said.words


@pytest.mark.parametrize(
    ("lang", "text", "rule"),
    [
        ("fr", "Nous vous garantissons que cela n'arrivera plus jamais.", "no-over-promise"),
        ("de", "Es tut uns leid, aber so sind unsere Regeln.", "no-but-apology"),
        ("sl", "Opravičujemo se za morebitne nevšečnosti.", "no-inconvenience-boilerplate"),
        ("hr", "Trebali ste pročitati upute.", "no-customer-blame"),
        ("bg", "Ще се свържем с вас възможно най-скоро.", "no-vague-time-promise"),
        ("es", "Nuestro repartidor se olvidó de llamar.", "no-colleague-blame"),
        ("sv", "Det var bara ett litet fel.", "no-minimising"),
    ],
)
def test_each_language_has_its_own_words(scene: Scene, lang: str, text: str, rule: str) -> None:
    items = scene.call("check", text, "--lang", lang, "--json").document["items"]
    assert rule in {name for item in items for name in (item["rule"], *item["also"])}


def test_audience_kind_origin_and_the_post_decide_what_a_rule_weighs(scene: Scene) -> None:
    def level(rule: str, *tokens: str) -> str:
        items = scene.call("check", *tokens, "--json").document["items"]
        return next((one["level"] for one in items if rule in (one["rule"], *one["also"])), "")

    asks = "What's your order number?"
    assert level("no-personal-data-request-in-public", asks) == "block"
    assert level("no-personal-data-request-in-public", asks, "--audience", "private") == ""
    assert level("own-the-fault", "Noted.") == "warn"
    assert level("own-the-fault", "Noted.", "--origin", "model") == "block"
    assert level("own-the-fault", "Noted.", "--kind", "broken-promise") == "block"
    post = ("--against", "the kettle you sent leaks all over the kitchen and nobody picks up the phone")
    assert level("no-reask-known-info", "How can we help?", *post) == "warn"
    assert level("restate-specific-problem", "We let you down.", *post) == "warn"
    assert level("fits-platform-limit", "Noted.", "--length", "3") == "block"


@pytest.mark.parametrize(
    ("tokens", "told"),
    [
        (["Hi", "--lang", "tlh"], "There are no rules for the language 'tlh'"),
        (["Hi", "--kind", "poem"], "There is no kind of reply 'poem'"),
    ],
)
def test_what_cannot_be_checked_is_told_with_what_can(scene: Scene, tokens: list[str], told: str) -> None:
    said = scene.call("check", *tokens)
    assert said.code == 2
    assert told in said.err
    assert "Known: " in said.err


def test_a_file_that_is_no_text_is_told_with_its_line(scene: Scene, tmp_path: Path) -> None:
    file = tmp_path / "reply.txt"
    file.write_bytes(b"fine\n\xff\xfe")
    said = scene.call("check", str(file))
    assert said.code == 1
    assert f"{file}, line 2: not UTF-8 text." in said.err


def test_a_preview_shows_the_reply_and_keeps_nothing(scene: Scene) -> None:
    post = "Mein Paket ist seit zwei Wochen weg, niemand antwortet."
    (item,) = scene.call("draft", "--preview", post, "--lang", "de", "--json").document["items"]
    assert item["complaint"] is True
    assert (item["language"], item["playbook"]) == ("de", "first_public_reply")
    assert len(item["text"]) <= 280
    again = scene.call("draft", "--preview", post, "--lang", "de", "--json").document["items"]
    assert again == [item]
    other = scene.call("draft", "--preview", post, "--lang", "de", "--variant", "2", "--json")
    assert other.document["items"][0]["text"] != item["text"]
    assert "Paket" in scene.call("draft", "--preview", post, "--lang", "de", answers="", width=90).words
    assert len(scene.call("queue").rows) == 4


def test_a_preview_says_what_nobody_told_and_uses_what_somebody_did(scene: Scene) -> None:
    tokens = ["draft", "--preview", "You promised it for Friday!", "--broke", "late", "--json"]
    (item,) = scene.call(*tokens).document["items"]
    assert item["playbook"] == "broken_promise"
    assert "fact-untold" in {one["rule"] for one in item["findings"]}
    assert scene.call("draft", "--fault", "vendor").code == 2


def test_what_people_know_goes_into_the_next_draft(scene: Scene) -> None:
    scene.call("redo", "c-1", "--fault", "vendor")
    scene.call("draft")
    (item,) = scene.call("show", "c-1", "--json").document["items"]
    assert item["draft"]["playbook"] == "vendor_fault"
    assert item["draft"]["rulebook"]
    assert scene.call("redo", "c-1", "--remedy", "castle").code == 2
