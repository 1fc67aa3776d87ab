"""Topic files prove themselves: what does not load is told with its file and line, all of it at once."""

from pathlib import Path

import pytest

from responder.policy.rulebook import RulebookError
from responder.policy.topic_files import lazy_topics, load_topics
from responder.policy.topics import REMEDIES
from tests.policy.wordbooks import CATALOGUE, CUES, LANGUAGES, OURS, TOPICS, folder_of, small


def problems(folder: Path, **files: str) -> list[str]:
    return [one.removeprefix(f"{folder}/") for one in load_topics([small(folder, **files)])[1]]


@pytest.mark.slow
def test_our_own_files_have_no_problem_and_every_language_tells_every_topic() -> None:
    topics, found = load_topics([OURS])
    assert found == []
    assert topics.languages == LANGUAGES
    for language in LANGUAGES:
        assert set(topics.tellings(language)) == set(topics.catalogue), f"{language} is not complete"


@pytest.mark.slow
def test_there_are_at_least_25_topics_and_each_says_what_it_is_in_english() -> None:
    catalogue = load_topics([OURS])[0].catalogue
    assert len(catalogue) >= 26
    says = [topic.says for topic in catalogue.values()]
    assert len(set(says)) == len(says)
    assert all(says)
    assert {remedy for topic in catalogue.values() for remedy in topic.remedies} <= set(REMEDIES)


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("topics", '"vanish*"', '"x*"', "en/topics.toml:4: words: the stem 'x*' needs 3 to 40 letters"),
        ("topics", '"vanish*", ', '"... gone", ', "en/topics.toml:4: words: '... gone' is open at one end"),
        ("topics", '"three days"', '"three weeks"', "en/topics.toml:17: the topic 'late' does not catch"),
        ("topics", '"where is it"', '"it vanished"', "en/topics.toml:7: the topic 'lost' does not spare"),
        ("topics", "it vanished", "it is late", "'it is late': it names 'late'"),
        ("topics", '"it vanished", ', '"nothing", ', "'nothing': it names none"),
        (
            "topics",
            ', "it vanished", "says',
            ', "says',
            "en/topics.toml:6: catches holds 2, and needs at least 3",
        ),
        ("topics", '"you waited"]', "]", "en/topics.toml:20: cost holds 1, and needs at least 2"),
        (
            "topics",
            '"you waited"',
            '"you waited."',
            "cost must be a clause without a stop at its end: 'you waited.'",
        ),
        ("topics", '"you waited"', '"you  waited"', "cost must be one line with single spaces"),
        ("topics", '"you waited"', '"you {waited}"', "cost may hold no braces but {formal|informal}"),
        ("topics", '"What would put it right?"', '"Tell"', "ask must be a whole sentence: 'Tell'"),
        ("topics", 'reason = "to get it right"\n', "", "reason is missing"),
        (
            "topics",
            'own = ["we let',
            'words = ["hm"]\nown = ["we let',
            "the topic 'unclear': unknown key 'words'",
        ),
        ("topics", 'id = "late"', 'id = "tardy"', "there is no topic 'tardy' in the catalogue"),
        ("topics", 'id = "late"', 'id = "lost"', "the topic 'lost' stands twice in this file"),
        ("topics", 'id = "late"', 'id = "tardy"', "en/topics.toml:1: has no sound topic late"),
        ("topics", "cost", "costs", "unknown key 'costs'; did you mean 'cost'?"),
        ("catalogue", '"replacement"', '"a hug"', "topics.toml:6: unknown remedy 'a hug'; known: refund"),
        (
            "catalogue",
            '"late"',
            '"Too late"',
            "topics.toml:9: id 'Too late' must be lower-case words joined by _",
        ),
        ("catalogue", 'id = "unclear"', 'id = "vague"', "topics.toml:1: the topic 'unclear' is missing"),
        (
            "catalogue",
            "[[topic]]",
            "[[topics]]",
            "topics.toml:2: unknown key 'topics'; did you mean 'topic'?",
        ),
        ("catalogue", "[[topic]]", "[[topic]", "is not TOML"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, file: str, old: str, new: str, says: str
) -> None:
    text = {"topics": TOPICS, "catalogue": CATALOGUE}[file]
    assert old in text
    found = problems(tmp_path, **{file: text.replace(old, new)})
    assert any(says in one for one in found), found


def test_a_language_of_the_cues_without_topics_is_told(tmp_path: Path) -> None:
    home = small(tmp_path)
    folder_of(home, "fr", cues=CUES)
    assert load_topics([home])[1] == [f"{home}/fr/topics.toml:1: has no sound topic lost, late, unclear"]


def test_numbers_come_from_the_cues(tmp_path: Path) -> None:
    home = small(tmp_path, cues=CUES.replace("three", "drei"))
    assert "drei" in (home / "en" / "cues.toml").read_text(encoding="utf-8")
    topics, _ = load_topics([home])
    assert [topics.name(f"{n} days", "en") for n in ("drei", "three")] == ["late", ""]


def test_a_language_is_not_read_before_somebody_asks_for_it(tmp_path: Path) -> None:
    home = small(tmp_path)
    folder_of(home, "fr", topics=TOPICS.replace('"vanish*"', '"x*"'), cues=CUES)
    topics, problems = lazy_topics([home], RulebookError)
    assert (problems, topics.languages) == ([], ("en", "fr"))
    assert topics.name("it is late", "en") == "late"
    for _ in range(2):
        with pytest.raises(RulebookError, match=r"fr/topics\.toml:4: words: the stem"):
            topics.name("it is late", "fr")


class TestACompanysFolder:
    OWN_CATALOGUE = '[[topic]]\nid = "kettle"\nsays = "a kettle boils over"\nfamily = "kettles"\n'
    OWN = (
        TOPICS[: TOPICS.index('\n[[topic]]\nid = "late"')]
        .replace("lost", "kettle")
        .replace("vanish*", "boils over")
    )

    def load(self, tmp_path: Path, **files: str) -> tuple[list[str], dict[str, str]]:
        ours, own = small(tmp_path / "ours"), folder_of(tmp_path / "own", **files)
        topics, found = load_topics([ours, own])
        texts = ("it boils over", "it vanished", "it is late")
        return [one.removeprefix(f"{own}/") for one in found], {
            text: topics.name(text, "en") for text in texts
        }

    def test_adds_a_topic_of_its_own(self, tmp_path: Path) -> None:
        own = self.OWN.replace('"it vanished"', '"it boils over"').replace('not = ["kettle my job"]\n', "")
        own = own.replace('"I kettle my job and it vanished"', '"I boil"').replace(
            '"never arrived", ', '"boil dry", '
        )
        own = (
            own.replace('"says delivered"', '"spits"')
            .replace('"gone missing"', '"leaks"')
            .replace("says delivered, not here", "it spits")
        )
        found, named = self.load(tmp_path, catalogue=self.OWN_CATALOGUE, topics=own)
        assert found == []
        assert named == {"it boils over": "kettle", "it vanished": "lost", "it is late": "late"}

    def test_needs_no_words_for_a_topic_it_only_renames(self, tmp_path: Path) -> None:
        renamed = self.OWN_CATALOGUE.replace('"kettle"', '"late"')
        found, named = self.load(tmp_path, catalogue=renamed)
        assert found == []
        assert named["it is late"] == "late"

    def test_switches_a_topic_off_with_a_reason_in_one_language_or_in_all(self, tmp_path: Path) -> None:
        off = '[[topic]]\nid = "late"\nenabled = false\n'
        assert self.load(tmp_path, topics=off)[0] == ["en/topics.toml:1: because is missing"]
        off += 'because = "we are never late"\n'
        found, named = self.load(tmp_path, topics=off)
        assert (found, named["it is late"]) == ([], "")
        found, named = self.load(tmp_path, topics="", catalogue=off)
        assert (found, named["it is late"]) == ([], "")

    def test_cannot_switch_off_what_is_not_there_nor_what_replies_need(self, tmp_path: Path) -> None:
        off = '[[topic]]\nid = "{}"\nenabled = false\nbecause = "why not"\n'
        found, _ = self.load(tmp_path, topics=off.format("kettle"))
        assert found == ["en/topics.toml:2: there is no topic 'kettle' to switch off"]
        found, _ = self.load(tmp_path, topics="", catalogue=off.format("unclear"))
        assert found == ["topics.toml:2: the topic 'unclear' cannot be switched off: a reply needs it"]
