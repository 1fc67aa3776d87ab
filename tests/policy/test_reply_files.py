"""Reply files prove themselves: what does not load is told with its file and line, all of it at once."""

from pathlib import Path

import pytest

from responder.policy.frames import SMALLEST_LIMIT, WordBook
from responder.policy.hours import When
from responder.policy.planner import SCRIPTS
from responder.policy.reply_files import LEAST, lazy_wording, load_wording
from responder.policy.rulebook import RulebookError
from responder.policy.topic_files import load_topics
from tests.policy.wordbooks import CUES, LANGUAGES, OURS, folder_of, small, words_of

HEAD = """
[greeting]
not_names = ["The", "Team"]

[phrases]
hour = "within an hour"
hours = "within {n} hours"
days = "within {n} days"
next_day = "by {time} on our next working day"
private = "message us"
elsewhere = "write to {contact}"
reference = "Code: {code}."
"""
FRAME = """
[[reply]]
id = "{id}"
playbook = "{playbook}"
{about}greet = "Hi {{name}},"
own = "{{own}}, and that's on us."
apologise = "I'm sorry: {{cost}}."
explain = "It began at {{since}}."
step = "{{step}} and will update you {{when}}."
invite = "{{reason}}, {{reach}}."
ask = "{{ask}}"
"""
SCRIPT = """
[[script]]
id = "{id}"
playbook = "{id}"
text = \"\"\"
Hello {{name}},
{{own}}.
\"\"\"
"""


def every_frame() -> str:
    frames = []
    for playbook, count in LEAST.items():
        for number, kind in zip(range(count), ("contract", "late", "predecessor"), strict=False):
            about = f'about = "{kind}"\n' if playbook == "broken_promise" else ""
            frames.append(FRAME.format(id=f"{playbook}-{number}", playbook=playbook, about=about))
    return HEAD + "".join(frames) + "".join(SCRIPT.format(id=name) for name in sorted(SCRIPTS))


GOOD = every_frame()


def load(folder: Path, *more: Path, **files: str) -> tuple[WordBook, list[str]]:
    home = small(folder, **({"replies": GOOD} | files))
    topics, problems = load_topics([home, *more])
    assert problems == []
    book, found = load_wording([home, *more], topics)
    return book, [one.removeprefix(f"{home}/") for one in found]


@pytest.mark.slow
def test_our_own_files_have_no_problem_and_every_language_has_every_frame() -> None:
    topics, _ = load_topics([OURS])
    book, found = load_wording([OURS], topics)
    assert found == []
    assert tuple(book.languages) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_promise_of_our_next_word_is_said_in_words(language: str) -> None:
    phrases = words_of(language).languages[language].phrases
    said = [phrases.of(When(hours=n)) for n in range(1, 24)] + [
        phrases.of(When(days=n)) for n in range(2, 15)
    ]
    said.append(phrases.of(When(by=605)))
    assert len(set(said)) == len(said)
    assert all("{" not in words for words in said)
    assert "10:05" in said[-1]


def test_a_sound_file_loads(tmp_path: Path) -> None:
    book, found = load(tmp_path)
    assert found == []
    words = book.languages["en"]
    assert [len(words.frames(playbook)) for playbook in LEAST] == list(LEAST.values())
    assert [frame.about for frame in words.frames("broken_promise", "late")] == ["late"]
    assert words.not_names == {"the", "team"}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('hour = "within an hour"\n', "", "en/replies.toml:1: [phrases] lacks hour"),
        ('hours = "within {n} hours"', 'hours = "soon"', "en/replies.toml:7: the phrase hours must hold {n}"),
        ('private = "message us"', 'private = "message {us}"', "the phrase private must hold no slot"),
        ('private = "message us"', 'private = " message us"', "the phrase private must be one line of text"),
        ('days = "within', 'daze = "within', "unknown phrase 'daze'; known: hour, hours"),
        ('not_names = ["The", "Team"]', 'not_names = "The"', "not_names must be a list of texts"),
        ('not_names = ["The", "Team"]', "", "en/replies.toml:1: [greeting] lacks not_names"),
        ('id = "legal-0"', 'id = "legal-1"', "the reply 'legal-1' stands twice in this file"),
        ('playbook = "legal"', 'playbook = "closed"', "en/replies.toml:1: legal has 0 replies, and needs 2"),
        (
            'playbook = "legal"',
            'playbook = "follow_up"',
            "playbook is 'follow_up'; it must be one of first_public",
        ),
        (
            'playbook = "legal"',
            'playbook = "call"',
            "playbook is 'call'; it must be one of first_public_reply",
        ),
        ('about = "late"\n', "", "about belongs to every broken_promise, and to nothing else"),
        (
            'about = "late"',
            'about = "contract"',
            "en/replies.toml:1: broken_promise has no reply about 'late'",
        ),
        (
            'own = "{own}, and',
            'own = "{owns}, and',
            "own: unknown slot {owns}; known: ask, caller, cost, name",
        ),
        ('own = "{own}, and', 'own = "{own, and', "own has a brace without its other half"),
        ('own = "{own}, and', 'own = "{a|b|c} {own}, and', "own: {a|b|c} must be {formal|informal}"),
        ('own = "{own}, and', 'own = "{own},  and', "own must be one line with single spaces"),
        (
            'own = "{own}, and',
            'own = "{promised}, and',
            "{promised} may be unknown, and a reply needs its own",
        ),
        (
            'own = "{own}, and',
            'own = "{name}, and',
            "{name} can only stand in greet: elsewhere it may be empty",
        ),
        ('own = "{own}, and', 'owned = "{own}, and', "a reply: unknown key 'owned'; did you mean 'own'?"),
        ('own = "{own}, and', 'acknowledge = "{own}, and', "own is missing"),
        ('id = "call"\nplaybook = "call"', 'id = "call"\nplaybook = "email"', "there is no script call"),
        ("Hello {name}", "Hello {nobody}", "unknown slot {nobody}; known: ask, caller, code, company"),
        ("[[script]]", "[[scripts]]", "unknown key 'scripts'; did you mean 'script'?"),
        ("[[reply]]", "[[reply]", "is not TOML"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    _, found = load(tmp_path, replies=GOOD.replace(old, new))
    assert any(says in one for one in found), found


def test_a_language_of_the_cues_without_replies_is_told(tmp_path: Path) -> None:
    home = small(tmp_path, replies=GOOD)
    topics, _ = load_topics([home])
    folder_of(home, "fr", cues=CUES)
    missing = f"{home}/fr/replies.toml:1: is missing; the cues speak this language"
    assert load_wording([home], topics)[1] == [missing]


def test_a_language_is_not_read_before_somebody_asks_for_it(tmp_path: Path) -> None:
    home = small(tmp_path, replies=GOOD)
    topics, _ = load_topics([home])
    folder_of(home, "fr", replies=GOOD.replace("[[reply]]", "[[reply]", 1))
    book, problems = lazy_wording([home], topics, RulebookError)
    assert (problems, list(book.languages)) == ([], ["en", "fr"])
    assert book.languages["en"].phrases.private == "message us"
    for _ in range(2):
        with pytest.raises(RulebookError, match=r"fr/replies\.toml:\d+: is not TOML"):
            _ = book.languages["fr"]


class TestLengths:
    def grown(self, tmp_path: Path, part: str, room: int) -> list[str]:
        """Load with `part` of the first frame grown until its longest reply has `room` characters left."""
        spare = SMALLEST_LIMIT - len(
            "We didn't get your parcel to you, and that's on us. I'm sorry: you had counted on it."
            " I'm looking for it now and will update you by 12:00 on our next working day."
            " To keep your address private, message us."
        )
        grown = GOOD.replace(f'{part} = "', f'{part} = "{"x" * (spare - room - 1)} ', 1)
        return load(tmp_path, replies=grown)[1]

    def test_a_frame_just_fits_the_smallest_limit_with_its_longest_topic(self, tmp_path: Path) -> None:
        assert self.grown(tmp_path, "own", 0) == []

    def test_a_frame_a_letter_too_long_is_told_with_its_longest_topics(self, tmp_path: Path) -> None:
        (told,) = self.grown(tmp_path, "own", -1)
        assert told.startswith(
            "en/replies.toml:14: first_public_reply-0 is too long in public, without greet"
        )
        assert told.endswith("lost 281; the smallest limit is 280 characters")

    def test_what_goes_first_where_there_is_no_room_may_be_long(self, tmp_path: Path) -> None:
        assert self.grown(tmp_path, "explain", -100) == []

    def test_a_question_is_measured_in_private_and_an_invitation_in_public(self, tmp_path: Path) -> None:
        (told,) = self.grown(tmp_path, "invite", -1)
        assert "in public" in told
        found = load(tmp_path / "asks", replies=GOOD.replace('ask = "', f'ask = "{"x" * 200} ', 1))[1]
        assert ["in private" in one for one in found] == [True]


def test_the_narrowest_phrase_for_a_number_wins(tmp_path: Path) -> None:
    counted = GOOD.replace(
        'days = "within',
        'hours_few = "{n} hodiny"\nhours_3_4 = "{n} ure"\nhours_22 = "{n} sata"\n'
        'days_2 = "two days"\ndays = "within',
    )
    book, found = load(tmp_path, replies=counted)
    assert found == []
    phrases = book.languages["en"].phrases
    said = [phrases.of(When(hours=n)) for n in (1, 2, 3, 5, 12, 14, 22, 23)]
    assert said == [
        "within an hour",
        "2 hodiny",
        "3 ure",
        "within 5 hours",
        "within 12 hours",
        "within 14 hours",
        "22 sata",
        "23 hodiny",
    ]
    assert [phrases.of(When(days=n)) for n in (2, 3)] == ["two days", "within 3 days"]


def test_a_script_promises_in_its_own_words_where_a_language_has_them(tmp_path: Path) -> None:
    own = GOOD.replace(
        'days = "within', 'spoken_hours = "in {n} h"\nspoken_hours_2 = "in two"\ndays = "within'
    )
    phrases = load(tmp_path, replies=own)[0].languages["en"].phrases
    whens = [When(hours=1), When(hours=2), When(hours=3), When(days=2), When(by=600)]
    assert [phrases.of(when, spoken=True) for when in whens] == [
        "within an hour",
        "in two",
        "in 3 h",
        "within 2 days",
        "by 10:00 on our next working day",
    ]
    assert phrases.of(When(hours=2)) == "within 2 hours"


class TestACompanysFolder:
    def test_replaces_a_frame_by_id_and_phrases_by_key(self, tmp_path: Path) -> None:
        own = '[phrases]\nhour = "in one hour"\n' + FRAME.format(
            id="legal-0", playbook="legal", about=""
        ).replace("that's on us", "we own it")
        book, found = load(tmp_path / "ours", folder_of(tmp_path / "own", replies=own))
        assert found == []
        words = book.languages["en"]
        assert [dict(one.parts)["own"] for one in words.frames("legal")] == [
            "{own}, and we own it.",
            "{own}, and that's on us.",
        ]
        assert (words.phrases.hours[1], words.phrases.hours[2]) == ("in one hour", "within 2 hours")

    def test_switches_a_frame_or_script_off_with_a_reason_as_long_as_enough_are_left(
        self, tmp_path: Path
    ) -> None:
        own = '[[reply]]\nid = "legal-0"\nenabled = false\nbecause = "our lawyer wrote one"\n'
        _, found = load(tmp_path / "ours", folder_of(tmp_path / "own", replies=own))
        assert found == ["en/replies.toml:1: legal has 1 replies, and needs 2"]
        own += FRAME.format(id="legal-ours", playbook="legal", about="")
        assert load(tmp_path / "ours", folder_of(tmp_path / "own", replies=own))[1] == []

    def test_cannot_switch_off_what_is_not_there(self, tmp_path: Path) -> None:
        off = '[[{0}]]\nid = "nothing"\nenabled = false\nbecause = "why not"\n'
        for what in ("reply", "script"):
            own = folder_of(tmp_path / "own", replies=off.format(what))
            (told,) = load(tmp_path / "ours", own)[1]
            assert told == f"{own}/en/replies.toml:2: there is no {what} 'nothing' to switch off"
