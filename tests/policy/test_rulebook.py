"""Loading a policy: everything is proven, every problem is told at once with its line."""

import re
import time
from pathlib import Path

import pytest

from responder.policy.rulebook import Rulebook, RulebookError, load
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
    assert set(book.rules) == {"*", "bg", "de", "en", "es", "fr", "hr", "sl", "sv"}
    assert re.fullmatch(r"[0-9a-f]{12}", book.version)
    assert book.off == {}
    assert set(book.words.languages) == set(book.rules) - {"*"}
    named = {one for topic in book.topics.catalogue.values() for one in topic.remedies}
    assert named <= set(book.remedies)


def test_a_language_is_not_read_before_somebody_asks_for_it(base: Path, tmp_path: Path) -> None:
    place = company(tmp_path, rules=RULE.replace('"Now!!"', '"Now"'))
    book = load([base, place], whole=False)
    assert len(book.rules) == 2
    with pytest.raises(RulebookError, match="no-shouting does not catch 'Now'"):
        _ = book.rules["en"]
    with pytest.raises(RulebookError, match="no-shouting does not catch 'Now'"):
        book.prove()


def test_one_language_loads_in_no_more_time_than_a_command_has(base: Path) -> None:
    load([base])
    begin = time.process_time()
    load([base])
    assert time.process_time() - begin < 3.0  # about 0.3 s on a quiet machine


def test_every_rule_has_a_source_and_a_suggestion() -> None:
    for rule in ours().rules["en"]:
        assert rule.source
        assert rule.suggestion.endswith(".")
        assert rule.none or not rule.catches or len(rule.catches) >= 2


def test_the_version_tells_one_state_of_the_files_from_another(base: Path) -> None:
    before = load([base], whole=False).version
    assert load([base], whole=False).version == before == ours().version
    rules = base / "en" / "rules.toml"
    rules.write_text(rules.read_text(encoding="utf-8") + "# a word\n", encoding="utf-8")
    assert load([base], whole=False).version != before


def test_a_rulebook_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        ours().rules["en"] = ()  # type: ignore[index]
    with pytest.raises(KeyError):
        _ = ours().rules["xx"]


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
id = "no-but-apology"
patterns = ['but we']
catches = ["in a word, no", "but we"]
spares = ["but we can", "another one"]

[[rule]]
id = "no-but-apology"

[[rule]]
id = "No Capitals"

[[signal]]
id = "thanks"
patterns = ['cheers']
catches = ["cheers", "thanks", "ta"]
spares = ["no", "cheers up", "well"]
"""


def test_every_problem_is_told_at_once_with_its_line(base: Path, tmp_path: Path) -> None:
    told = problems(base, company(tmp_path, rules=BROKEN_RULES))
    expected = [
        (3, "piece LOUD names the piece {NOBODY}, which does not exist"),
        (7, "kind is 'lexicle'; it must be one of lexical, component, context, format"),
        (9, "suggestion is missing"),
        (15, "unknown key 'sugestion'; did you mean 'suggestion'?"),
        (16, "level.private is 'shout'; it must be one of block, warn, note, off"),
        (24, "no-but-apology does not catch 'in a word, no'"),
        (25, "no-but-apology does not spare 'but we can'"),
        (28, "rule 'no-but-apology' is already in this file, at"),
        (31, "id 'No Capitals' must be lower-case words joined by hyphens"),
        (36, "thanks is not heard in 'ta'"),
        (37, "thanks is heard in 'cheers up'"),
    ]
    for line, message in expected:
        assert any(problem.startswith(f"rules.toml:{line}: ") and message in problem for problem in told), (
            line,
            message,
            told,
        )
    lines = [int(problem.split(":")[1]) for problem in told if problem.startswith("rules.toml")]
    assert lines == sorted(lines)


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
        (RULE.replace("no-shouting", "completeness"), "rules.toml:3: id 'completeness' must be"),
        (RULE.replace('"Now!!"', "1"), "rules.toml:11: catches must hold a text, or a table of"),
        (RULE.replace("['!!']", '"!!"'), "rules.toml:10: patterns must be a list"),
        (RULE.replace("['!!']", "['!{1,900}']"), "holds a repeat with the upper bound 900"),
        (RULE + "playbooks = ['first']\n", "rules.toml:13: unknown playbook 'first'"),
        (RULE.replace('"Shouts"', "7"), "rules.toml:5: says must be a text that is not empty"),
        (RULE.replace('{ public = "warn", private = "note" }', '"warn"'), "toml:9: level must be a table"),
        (RULE.replace('"Now!!"', "{ text = 'Now!!', length = 'x' }"), "rules.toml:11: catches must hold"),
        (RULE.replace("lexical", "component"), "component is missing"),
        (RULE + "unless_said = ['shyness']\n", "rules.toml:13: there is no signal 'shyness' in en"),
        ("[pieces]\nLOUD = 1\n", "rules.toml:2: the piece LOUD must be a text, or a list of texts"),
        ("[pieces]\nSORRY = 'pardon'\n", "rules.toml:2: the piece SORRY is ours already"),
        ("[words]\nstop = 'the'\n", "rules.toml:2: stop is unknown, or no list of texts"),
        ("pieces = 3\n", "rules.toml:1: pieces must be a table"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_told_at_its_line(
    base: Path, tmp_path: Path, text: str, problem: str
) -> None:
    told = problems(base, company(tmp_path, rules=text))
    assert any(problem in one for one in told), told


def test_a_language_that_lacks_a_rule_does_not_load(base: Path) -> None:
    path = base / "en" / "rules.toml"
    text = path.read_text(encoding="utf-8")
    begin = text.index('[[rule]]\nid = "no-minimising"')
    path.write_text(text[:begin] + text[text.index("[[rule]]", begin + 9) :], encoding="utf-8")
    assert problems(base) == ["rules.toml:1: the rule no-minimising is missing in en"]


@pytest.mark.slow
def test_a_reply_that_breaks_our_own_rules_is_told_with_its_line(base: Path, tmp_path: Path) -> None:
    replies = REPLY.replace("I'm sorry: {cost}.", "I'm sorry if {cost}.")
    told = problems(base, company(tmp_path, replies=replies))
    assert any(
        one.startswith("replies.toml:2: first-acme about ") and "breaks no-conditional-apology" in one
        for one in told
    ), told


@pytest.mark.slow
def test_a_file_that_is_no_text_a_missing_folder_and_a_stray_file_are_told_together(
    base: Path, tmp_path: Path
) -> None:
    place = company(tmp_path)
    (place / "en" / "rules.toml").write_bytes(b"# fine\n\xff\xfe")
    (place / "notes.toml").write_text("", encoding="utf-8")
    told = problems(base, place, tmp_path / "nowhere")
    assert any(one.startswith("rules.toml:2: is not UTF-8") for one in told)
    assert any(one.startswith("notes.toml:1: is not read; known: rulebook.toml") for one in told)
    assert any("nowhere" in one and "no such folder" in one for one in told)


def told_places(book: Rulebook) -> list[str]:
    return [rule.place for rules in book.rules.values() for rule in rules]


@pytest.mark.slow
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
