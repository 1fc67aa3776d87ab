"""A company's own folder over ours: added, replaced, switched off, said in its own words."""

from pathlib import Path

from responder.model.mention import Audience
from responder.model.triage import Level
from responder.policy.detectors import Context
from responder.policy.planner import Plan, Playbook
from responder.policy.rulebook import load
from responder.policy.rules import check
from responder.policy.wording import Room, variants_for, write
from tests.policy.books import REPLY, RULE, VOICE, company, mention, ours


def test_a_company_adds_a_rule_replaces_one_and_switches_one_off(base: Path, tmp_path: Path) -> None:
    rules = (
        RULE
        + RULE.replace("no-shouting", "no-minimising")
        + "[[rule]]\nid = 'no-vague-time-promise'\nenabled = false\nbecause = 'Soon is our brand.'\n"
    )
    book = load([base, company(tmp_path, rules=rules)])
    names = [rule.id for rule in book.rules["en"]]
    assert names[-1] == "no-shouting"
    assert names.index("no-minimising") == [rule.id for rule in ours().rules["en"]].index("no-minimising")
    assert "no-vague-time-promise" not in names
    assert book.off == {"en/no-vague-time-promise": "Soon is our brand."}
    assert book.version != ours().version
    found = {finding.rule: finding for finding in check("Just a small delay!! Back ASAP.", Context(), book)}
    assert {"no-shouting", "no-minimising"} & set(found)
    assert "no-vague-time-promise" not in found
    assert found.get("no-shouting", found.get("no-minimising")).level is Level.WARN  # type: ignore[union-attr]


def test_levels_follow_audience_and_off_is_silence(base: Path, tmp_path: Path) -> None:
    text = (
        RULE.replace('private = "note"', 'private = "off"')
        + "level_own = { public = 'block', private = 'off' }\n"
    )
    book = load([base, company(tmp_path, rules=text)])

    def level(audience: Audience) -> Level | None:
        findings = check("Now!!", Context(audience=audience), book)
        return next((finding.level for finding in findings if finding.rule == "no-shouting"), None)

    assert level(Audience.PUBLIC) is Level.BLOCK
    assert level(Audience.PRIVATE) is None


def test_a_rule_for_some_playbooks_leaves_the_others_alone(base: Path, tmp_path: Path) -> None:
    book = load([base, company(tmp_path, rules=RULE + 'playbooks = ["outage"]\n')])

    def rules(playbook: str) -> set[str]:
        return {finding.rule for finding in check("Now!!", Context(playbook=playbook), book)}

    assert "no-shouting" in rules("outage")
    assert "no-shouting" in rules("")
    assert "no-shouting" not in rules("legal")


def test_a_company_uses_pieces_of_ours_and_its_own_do_not_change_our_rules(
    base: Path, tmp_path: Path
) -> None:
    own = "[pieces]\nSORRY = 'pardon'\nLOUD = ['!!', '{SORRY} me']\n" + RULE.replace(
        "'!!'", "'{LOUD}', '{W} alas'"
    )
    book = load([base, company(tmp_path, rules=own)])
    assert any(finding.rule == "no-shouting" for finding in check("Pardon me.", Context(), book))
    assert any(
        finding.rule == "no-conditional-apology"
        for finding in check("Sorry if we were late.", Context(), book)
    )


def test_a_company_says_it_in_its_own_words(base: Path, tmp_path: Path) -> None:
    ours_off = "".join(
        f"[[reply]]\nid = '{reply.id}'\nenabled = false\nbecause = 'we have a van'\n"
        for reply in variants_for("first_reply", "delivery", ours().replies["en"])
    )
    own = (
        ours_off
        + REPLY
        + REPLY.replace("delivery-ours", "delivery-again").replace("Our van", "One of our vans")
    )
    book = load([base, company(tmp_path, replies=own)])
    plan = Plan(playbook=Playbook.FIRST_REPLY, topic="delivery")
    text = write(plan, VOICE, mention(), Room(length=280), book.replies).text
    assert "broke down, and that's on us." in text
    assert len(book.off) == 3


def test_the_rules_for_every_language_can_be_replaced_too(base: Path, tmp_path: Path) -> None:
    book = load([base, company(tmp_path, rulebook=RULE)])
    assert any(finding.rule == "no-shouting" for finding in check("Nu!!", Context(language="sv"), book))
