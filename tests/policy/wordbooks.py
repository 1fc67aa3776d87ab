"""Topics and words for tests: our English ones, and small ones that a test can break."""

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import policies
from responder.policy.frames import WordBook
from responder.policy.reply_files import load_wording
from responder.policy.topic_files import load_topics
from responder.policy.topics import Topics

OURS = Path(policies.__file__).parent
#: The languages that are complete.
LANGUAGES = ("bg", "de", "en", "es", "fr", "hr", "sl", "sv")

CATALOGUE = """
[[topic]]
id = "lost"
says = "a parcel is lost"
family = "delivery"
remedies = ["replacement"]

[[topic]]
id = "late"
says = "a parcel is late"
family = "delivery"

[[topic]]
id = "unclear"
says = "nothing we could name"
family = "service"
"""

TOPICS = """
[[topic]]
id = "lost"
words = ["lost my parcel", "never arrived", "vanish*", "gone missing", "says delivered"]
not = ["lost my job"]
catches = ["you lost my parcel", "it vanished", "says delivered, not here"]
spares = ["where is it", "my parcel is late", "I lost my job and it vanished"]
own = ["we lost your parcel", "we didn't get your parcel to you"]
cost = ["you paid for it", "you had counted on it"]
step = ["I'm tracing it now", "I'm looking for it now"]
reason = "to keep your address private"
ask = "Which order is it?"

[[topic]]
id = "late"
words = ["late", "still waiting", "# days", "hasn't arrived", "was due ... yesterday"]
catches = ["my parcel is late", "three days", "it was due here yesterday"]
spares = ["you lost my parcel", "lovely", "a parcel never arrived"]
own = ["we're late with {Your|your} parcel", "we kept you waiting"]
cost = ["you had planned around it", "you waited"]
step = ["I'm tracing it now", "I'm looking for it now"]
reason = "to keep your address private"
ask = "Which order is it?"

[[topic]]
id = "unclear"
own = ["we let you down", "we didn't do our job"]
cost = ["you expected better", "you shouldn't have to ask"]
step = ["I'm taking it up now", "I'm reading it all now"]
reason = "to get it right"
ask = "What would put it right?"
"""

CUES = """
[language]
negators = ["not"]
numbers = { three = 3 }

[[cue]]
id = "late"
tier = 1
points = 10
kind = "breach"
says = "late"
words = ["late"]
catches = ["it is late", "late again"]
spares = ["see you later", "it is not late"]
"""


def folder_of(place: Path, language: str = "en", **files: str) -> Path:
    """Write policy files into `place` and return it; `catalogue` is the topics.toml beside the languages."""
    (place / language).mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        path = place / "topics.toml" if name == "catalogue" else place / language / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
    return place


def small(place: Path, **files: str) -> Path:
    """Write a small sound folder of topics, with `files` in place of its own."""
    return folder_of(place, **({"catalogue": CATALOGUE, "topics": TOPICS, "cues": CUES} | files))


@cache
def topics_of(language: str = "en") -> Topics:
    """Return our topics of one language, loaded once."""
    return _loaded(language)[0]


@cache
def words_of(language: str = "en") -> WordBook:
    """Return our words of one language, loaded once."""
    return _loaded(language)[1]


@cache
def _loaded(language: str) -> tuple[Topics, WordBook]:
    with TemporaryDirectory() as name:
        copy = Path(name)
        (copy / language).mkdir()
        for path in ("topics.toml", *(f"{language}/{one}.toml" for one in ("cues", "topics", "replies"))):
            shutil.copy(OURS / path, copy / path)
        topics, problems = load_topics([copy])
        words, more = load_wording([copy], topics)
        assert problems + more == []
        return topics, words
