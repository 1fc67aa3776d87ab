"""Rulebooks, posts and drafts for tests of policy."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import policies
from responder.model.draft import Origin
from responder.model.mention import Audience, Author, Mention
from responder.model.triage import Finding
from responder.policy.detectors import Context
from responder.policy.rule_files import RuleFiles
from responder.policy.rulebook import Rulebook, load
from responder.policy.rules import Rule, check
from responder.policy.sheets import Sheet
from responder.policy.wording import Voice

OURS = Path(policies.__file__).parent
VOICE = Voice(company="Acme Kettles", signature="^Ana")

RULE = """
[[rule]]
id = "no-shouting"
kind = "lexical"
says = "Shouts"
why = "Nobody is helped by it."
source = "our house"
suggestion = "Speak."
level = { public = "warn", private = "note" }
patterns = ['!!']
catches = ["Now!!", "No!!!"]
spares = ["Now!", "No! No!"]
"""

REPLY = """
[[reply]]
id = "first-acme"
playbook = "first_public_reply"
own = "{own}: that's on us."
apologise = "I'm sorry: {cost}."
step = "{step} and will write here {when}."
ask = "{ask}"
"""


_COPIED = (
    "rulebook.toml",
    "topics.toml",
    "remedies.toml",
    "en/rules.toml",
    "en/replies.toml",
    "en/topics.toml",
    "en/cues.toml",
    "en/incident.toml",
    "en/followups.toml",
    "en/kit.toml",
)


def company(folder: Path, **files: str) -> Path:
    """Return a company's folder of policies; `rules` stands for en/rules.toml."""
    place = folder / "company"
    (place / "en").mkdir(parents=True)
    for name, text in files.items():
        path = place / "rulebook.toml" if name == "rulebook" else place / "en" / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
    return place


def copy_of_ours(folder: Path) -> Path:
    """Copy our English policy into `folder` and return the copy."""
    copy = folder / "ours"
    (copy / "en").mkdir(parents=True)
    for name in _COPIED:
        shutil.copy(OURS / name, copy / name)
    return copy


@cache
def ours() -> Rulebook:
    """Return our English rulebook, loaded once."""
    with TemporaryDirectory() as folder:
        book = load([copy_of_ours(Path(folder))])
        assert book.words.languages["en"].tellings  # read while the folder is there
        return book


def mention(
    text: str = "Where is it?",
    *,
    name: str = "Sam Weaver",
    external_id: str = "1",
    audience: Audience = Audience.PUBLIC,
) -> Mention:
    """Return a post by a customer."""
    return Mention(
        account="acme",
        external_id=external_id,
        thread=external_id,
        author=Author(id="7", handle="sam_weaver", name=name),
        text=text,
        created_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
        audience=audience,
    )


@dataclass(frozen=True)
class OnlyRules:
    """Rules without words and cues, which take long to load."""

    rules: Mapping[str, tuple[Rule, ...]]


#: The languages that are complete.
LANGUAGES = ("bg", "de", "en", "es", "fr", "hr", "sl", "sv")


@cache
def every_rule(language: str = "en") -> OnlyRules:
    """Return our rules of a language, loaded once."""
    problems: list[str] = []
    shelf = RuleFiles(problems)
    shelf.open_folder()
    shelf.lay_catalogue(_sheet("rulebook.toml", problems))
    shelf.lay(_sheet(f"{language}/rules.toml", problems), language)
    rules = {code: shelf.of(code) for code in shelf.languages}
    assert problems == []
    return OnlyRules(rules)


def _sheet(name: str, problems: list[str]) -> Sheet:
    return Sheet(OURS / name, (OURS / name).read_bytes(), problems)


def found(text: str, context: Context | None = None) -> dict[str, Finding]:
    """Return what our English rules say about a draft, by rule; what is folded is under its own name too."""
    findings = check(text, context or Context(), every_rule())
    folded = {name: one for one in findings if one.end for name in one.also}
    return folded | {one.rule: one for one in reversed(findings)}


def by_a_person(**surroundings: object) -> Context:
    """Return the context of a draft that a person wrote."""
    return Context(origin=Origin.PERSON, **surroundings)  # type: ignore[arg-type]
