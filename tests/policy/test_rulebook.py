"""Loading a policy: everything is proven, every problem is told at once with its line."""

import re
import time
from pathlib import Path

import pytest

from responder.policy.planner import REACHABLE
from responder.policy.rulebook import Rulebook, RulebookError, load
from responder.policy.wording import variants_for
from tests.policy.books import OURS, REPLY, RULE, company, ours


def problems(*folders: Path) -> list[str]:
    """Return what loading complains about, without the folder's own path."""
    with pytest.raises(RulebookError) as caught:
        load(folders)
    assert str(caught.value).endswith("\n".join(caught.value.problems))
    return [re.sub(r"^.*?(\w+/)?(\w+\.toml)", r"\2", problem) for problem in caught.value.problems]


# --- our own ------------------------------------------------------------------------------------------------


def test_our_own_policy_loads_whole() -> None:
    book = load([OURS])
    assert set(book.rules) >= {"*", "en"}
    assert re.fullmatch(r"[0-9a-f]{12}", book.version)
    assert book.off == {}
    for playbook, topic in REACHABLE:
        assert len(variants_for(playbook, topic, book.replies["en"])) >= 2


def test_our_rules_and_replies_load_in_no_more_time_than_a_command_has(base: Path) -> None:
    load([base])
    begin = time.process_time()
    load([base])
    assert time.process_time() - begin < 1.0  # about 0.1 s on a quiet machine


def test_every_rule_has_a_source_and_a_sly_example() -> None:
    for rule in (*ours().rules["*"], *ours().rules["en"]):
        assert len(rule.catches) >= 2
        assert len(rule.spares) >= 2
        assert rule.source
        assert rule.suggestion
        assert rule.suggestion.endswith((".", "..."))


def test_the_version_tells_one_state_of_the_files_from_another(base: Path) -> None:
    before = load([base]).version
    assert load([base]).version == before == ours().version
    rules = base / "en" / "rules.toml"
    rules.write_text(rules.read_text(encoding="utf-8") + "# a word\n", encoding="utf-8")
    assert load([base]).version != before


def test_a_rulebook_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        ours().rules["en"] = ()  # type: ignore[index]


# --- problems -----------------------------------------------------------------------------------------------

BROKEN_RULES = """
[pieces]
LOUD = '{NOBODY}!!'

[[rule]]
id = "no-shouting"
kind = "lexicle"

[[rule]]
id = "no-whispering"
kind = "lexical"
says = "Whispers"
why = "Nobody hears it."
source = "our house"
sugestion = "Speak."
level = { public = "warn", private = "shout" }
patterns = ['psst(', 'ps+t', 'fine']
catches = ["fine then"]
spares = ["well", "all fine"]

[[rule]]
id = "no-silence"
kind = "component"
component = "a word"
says = "Says nothing"
why = "A reply has words."
source = "our house"
suggestion = "Say one."
level = { public = "warn", private = "warn" }
present = ['word']
catches = ["in a word, no", "nothing"]
spares = ["one word", "another one"]

[[rule]]
id = "no-silence"
kind = "component"

[[rule]]
id = "No Capitals"
kind = "lexical"

[[rule]]
id = "fits-the-limit"
kind = "format"
test = "width"
"""


def test_every_problem_is_told_at_once_with_its_line(base: Path, tmp_path: Path) -> None:
    told = problems(base, company(tmp_path, rules=BROKEN_RULES))
    expected = [
        (3, "piece LOUD names the piece {NOBODY}, which does not exist"),
        (7, "kind is 'lexicle'; it must be one of lexical, component, context, format"),
        (9, "suggestion is missing"),
        (15, "unknown key 'sugestion'; did you mean 'suggestion'?"),
        (16, "level.private is 'shout'; it must be one of block, warn, note, off"),
        (17, "patterns: 'psst(' is not a regular expression"),
        (17, "patterns: 'ps+t' holds a repeat with no upper bound"),
        (18, "catches holds 1, and needs at least 2"),
        (31, "no-silence does not catch 'in a word, no'"),
        (32, "no-silence does not spare 'another one'"),
        (35, "rule 'no-silence' is already in this folder, at"),
        (39, "id 'No Capitals' must be lower-case words joined by hyphens"),
        (45, "test is 'width'; it must be one of length, leftovers"),
    ]
    for line, message in expected:
        assert any(problem.startswith(f"rules.toml:{line}: ") and message in problem for problem in told), (
            line,
            message,
            told,
        )
    lines = [int(problem.split(":")[1]) for problem in told if problem.startswith("rules.toml")]
    assert lines == sorted(lines)


BROKEN_REPLIES = """
[greeting]
not_names = "The"

[[reply]]
id = "delivery-hasty"
playbook = "first_reply"
topic = "parcels"
own = "That's on us."

[[reply]]
id = "money-slots"
playbook = "first_reply"
topic = "money"
own = "That's on us, {name}, and {customer}."
apologise = "I'm sorry {"
step = "I'll write within {hours} of this reply."

[[reply]]
id = "money-cold"
playbook = "first_reply"
topic = "money"
own = "A mistake occurred, and it is beyond our control."
apologise = "Sorry if that upset you."
step = "We'll write soon."

[[reply]]
id = "money-long"
playbook = "first_reply"
topic = "money"
own = "That's on us."
apologise = "I'm sorry."
step = "@LONG@"
signed = "Jo"
""".replace("@LONG@", "I'm on it and will write here within {hours} of this reply" + ", and again" * 25 + ".")


def test_a_reply_that_breaks_our_own_rules_or_does_not_fit_is_told_with_its_line(
    base: Path, tmp_path: Path
) -> None:
    told = problems(base, company(tmp_path, replies=BROKEN_REPLIES))
    expected = [
        (3, "not_names must be a list of texts"),
        (8, "topic is 'parcels'; it must be one of delivery"),
        (15, "{name} can only stand in greet"),
        (15, "unknown slot {customer}; known: name, hours, reach"),
        (16, "apologise must be one line with whole {slots}"),
        (19, "money-cold breaks no-conditional-apology"),
        (19, "money-cold breaks no-vague-time-promise"),
        (19, "money-cold breaks completeness: missing: ownership, our next step"),
        (34, "unknown key 'signed'"),
    ]
    for line, message in expected:
        assert any(problem.startswith(f"replies.toml:{line}: ") and message in problem for problem in told), (
            line,
            message,
            told,
        )


def test_a_reply_too_long_for_the_smallest_limit_does_not_load(base: Path, tmp_path: Path) -> None:
    long = BROKEN_REPLIES.partition('id = "money-long"')[2].replace('signed = "Jo"\n', "")
    told = problems(base, company(tmp_path, replies=f'[[reply]]\nid = "money-long"{long}'))
    assert any("money-long has" in one and "the smallest limit is 280" in one for one in told)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[rule]]\nid = \n", "rules.toml:2: is not TOML"),
        ("rule = 1\n", "rules.toml:1: rule must be written as tables: [[rule]]"),
        ("[[rules]]\nid = 'a'\n", "rules.toml:1: unknown key 'rules'; did you mean 'rule'?"),
        ("[[rule]]\nkind = 'lexical'\n", "rules.toml:1: id is missing"),
        ("[[rule]]\nid = 'gone'\nenabled = false\nbecause = 'x'\n", "rules.toml:2: there is no rule 'gone'"),
        ("[[rule]]\nid = 'no-minimising'\nenabled = false\n", "rules.toml:1: because is missing"),
        ("[[rule]]\nid = 'no-minimising'\nenabled = true\nbecause = 'x'\n", "enabled can only be false"),
        (RULE.replace("no-shouting", "reply-language"), "rule 'reply-language' is already a rule for every"),
        (RULE.replace("no-shouting", "completeness"), "rules.toml:3: id 'completeness' must be"),
        (RULE.replace('"Now!!"', "1"), "rules.toml:11: catches must hold a text, or a table of"),
        (RULE.replace("['!!']", '"!!"'), "rules.toml:10: patterns must be a list"),
        (RULE + "playbooks = ['first']\n", "rules.toml:13: unknown playbook 'first'"),
        (RULE.replace('"Shouts"', "7"), "rules.toml:5: says must be a text that is not empty"),
        (RULE.replace('{ public = "warn", private = "note" }', '"warn"'), "toml:9: level must be a table"),
        (RULE.replace('"Now!!"', "{ text = 'Now!!', length = 'x' }"), "rules.toml:11: catches must hold"),
        (RULE.replace("lexical", "format") + "test = 'length'\n", "only the test leftovers reads"),
        ("[pieces]\nLOUD = 1\n", "rules.toml:2: the piece LOUD must be a text, or a list of texts"),
        ("pieces = 3\n", "rules.toml:1: pieces must be a table"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_told_at_its_line(
    base: Path, tmp_path: Path, text: str, problem: str
) -> None:
    told = problems(base, company(tmp_path, rules=text))
    assert any(problem in one for one in told), told


def test_a_file_that_is_no_text_a_missing_folder_and_a_stray_file_are_told_together(
    base: Path, tmp_path: Path
) -> None:
    place = company(tmp_path, replies=REPLY)
    (place / "en" / "rules.toml").write_bytes(b"# fine\n\xff\xfe")
    (place / "notes.toml").write_text("", encoding="utf-8")
    told = problems(base, place, tmp_path / "nowhere")
    assert any(one.startswith("rules.toml:2: is not UTF-8") for one in told)
    assert any(one.startswith("notes.toml:1: is not read; known: rulebook.toml") for one in told)
    assert any("nowhere" in one and "no such folder" in one for one in told)


def told_places(book: Rulebook) -> list[str]:
    return [rule.place for rules in book.rules.values() for rule in rules]


def test_a_repositorys_own_files_are_left_alone_and_what_cannot_be_read_is_told(
    base: Path, tmp_path: Path
) -> None:
    place = company(tmp_path)
    (place / ".github").mkdir()
    (place / ".github" / "labels.toml").write_text("a = 1", encoding="utf-8")
    assert told_places(load([base, place])) == told_places(load([base]))
    (place / "en" / "rules.toml").mkdir()
    (told,) = problems(base, place)
    assert told.startswith("rules.toml:1: cannot be read: ")


def test_a_language_without_replies_for_a_plan_is_incomplete(base: Path) -> None:
    replies = base / "en" / "replies.toml"
    kept = replies.read_text(encoding="utf-8").partition("# --- many are hit")[0]
    replies.write_text(kept, encoding="utf-8")
    told = problems(base)
    assert "replies.toml:1: outage about outage has 0 replies, and needs 2" in told
    assert "replies.toml:1: follow_up about anything has 0 replies, and needs 2" in told
