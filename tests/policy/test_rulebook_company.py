"""A company's own folder over ours: added, changed, switched off, said in its own words."""

from pathlib import Path

import pytest

from responder.model.mention import Audience
from responder.model.triage import Level
from responder.policy.detectors import Context
from responder.policy.hours import When
from responder.policy.planner import Plan, Playbook
from responder.policy.rulebook import Rulebook, load
from responder.policy.rules import check
from responder.policy.wording import Room, write
from tests.policy.books import REPLY, RULE, VOICE, company, mention, ours


def heard(text: str, context: Context, book: Rulebook) -> dict[str, Level]:
    return {name: one.level for one in check(text, context, book) for name in (one.rule, *one.also)}


@pytest.mark.slow
def test_a_company_adds_a_rule_changes_one_and_switches_one_off(base: Path, tmp_path: Path) -> None:
    rules = (
        RULE
        + "[[rule]]\nid = 'no-minimising'\nlevel_own = { public = 'note', private = 'note' }\n"
        + "[[rule]]\nid = 'no-vague-time-promise'\nenabled = false\nbecause = 'Soon is our brand.'\n"
    )
    book = load([base, company(tmp_path, rules=rules)])
    names = [rule.id for rule in book.rules["en"]]
    assert names[-1] == "no-shouting"
    assert names.index("no-minimising") == [rule.id for rule in ours().rules["en"]].index("no-minimising")
    assert "no-vague-time-promise" not in names
    assert book.off == {"en/no-vague-time-promise": "Soon is our brand."}
    assert book.version != ours().version
    found = heard("It was just a small delay. Now!! Back ASAP.", Context(), book)
    assert found["no-shouting"] is Level.WARN
    assert found["no-minimising"] is Level.NOTE
    assert "no-vague-time-promise" not in found


@pytest.mark.slow
def test_levels_follow_audience_and_off_is_silence(base: Path, tmp_path: Path) -> None:
    text = (
        RULE.replace('private = "note"', 'private = "off"')
        + "level_own = { public = 'block', private = 'off', script = 'warn' }\n"
    )
    book = load([base, company(tmp_path, rules=text)])
    levels = [heard("Now!!", Context(audience=one), book).get("no-shouting") for one in Audience]
    assert levels == [Level.BLOCK, None, Level.WARN]


@pytest.mark.slow
def test_a_rule_for_some_playbooks_leaves_the_others_alone(base: Path, tmp_path: Path) -> None:
    book = load([base, company(tmp_path, rules=RULE + 'playbooks = ["outage"]\n')])
    kinds = ("outage", "", "legal")
    assert ["no-shouting" in heard("Now!!", Context(playbook=kind), book) for kind in kinds] == [
        True,
        False,
        False,
    ]


@pytest.mark.slow
def test_a_company_uses_pieces_and_signals_of_ours(base: Path, tmp_path: Path) -> None:
    rules = "[pieces]\nLOUD = ['!!', '{SORRY} me']\n" + RULE.replace("'!!'", "'{LOUD}', '{W} alas'")
    book = load([base, company(tmp_path, rules=rules + "unless_said = ['own']\n")])
    assert "no-shouting" in heard("Sorry me.", Context(), book)
    assert "no-shouting" not in heard("Sorry me, that's on us.", Context(), book)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Our synergies help.", True),
        ("A WIN-WIN for all.", True),
        ("A win, win or lose.", False),
        ("Help.", False),
    ],
)
def test_words_that_a_company_does_not_use_need_no_rule(
    base: Path, tmp_path: Path, text: str, found: bool
) -> None:
    book = load([base, company(tmp_path, rules='[words]\nforbidden = ["synerg*", "win-win"]\n')])
    assert ("no-forbidden-words" in heard(text, Context(), book)) is found


@pytest.mark.slow
def test_a_company_says_it_in_its_own_words(base: Path, tmp_path: Path) -> None:
    frames = ours().words.languages["en"].frames("first_public_reply")
    off = "".join(
        f"[[reply]]\nid = '{one.id}'\nenabled = false\nbecause = 'we have our own'\n" for one in frames
    )
    own = off + "".join(REPLY.replace("first-acme", f"first-acme-{n}") for n in range(3))
    book = load([base, company(tmp_path, replies=own)])
    plan = Plan(playbook=Playbook.FIRST_PUBLIC_REPLY, topic="late", when=When(hours=4))
    text = write(plan, VOICE, mention(), Room(length=280), book.words).text
    assert "that's on us." in text


@pytest.mark.slow
def test_a_rule_for_every_language_can_be_a_companys_own(base: Path, tmp_path: Path) -> None:
    book = load([base, company(tmp_path, rulebook=RULE.replace("kind", 'group = "style"\nkind'))])
    assert "no-shouting" in heard("Nu!!", Context(language="pt"), book)
    assert "no-shouting" in heard("Now!!", Context(), book)


@pytest.mark.slow
def test_a_company_says_who_may_approve_how_much(base: Path, tmp_path: Path) -> None:
    place = company(tmp_path)
    (place / "remedies.toml").write_text("[[remedy]]\nid = 'voucher'\ncap_agent = 20\n", encoding="utf-8")
    book = load([base, place])
    assert book.remedies["voucher"].caps == {"agent": 20}
    assert book.remedies["voucher"].says == ours().remedies["voucher"].says
    assert book.remedies["refund"].caps == {}


@pytest.mark.slow
def test_a_rule_of_the_catalogue_is_switched_off_in_every_language(base: Path, tmp_path: Path) -> None:
    text = "[[rule]]\nid = 'no-over-apologising'\nenabled = false\nbecause = 'our house apologises often'\n"
    book = load([base, company(tmp_path, rulebook=text)])
    assert "no-over-apologising" not in [rule.id for rule in book.rules["en"]]
    assert book.off == {"*/no-over-apologising": "our house apologises often"}
