"""Rulebooks, posts and drafts for tests of policy."""

import shutil
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import policies
from responder.model.draft import Origin
from responder.model.mention import Audience, Author, Mention
from responder.model.triage import Finding
from responder.policy.detectors import Context
from responder.policy.rulebook import Rulebook, load
from responder.policy.rules import check
from responder.policy.wording import Reply, Voice, compose

OURS = Path(policies.__file__).parent
VOICE = Voice(company="Acme Kettles", signature="^Ana")

#: Rules and replies do not depend on cues; a small file of them keeps these tests quick.
CUES = """
[[cue]]
id = "lost"
tier = 1
points = 5
topic = "delivery"
kind = "breach"
says = "a delivery is lost"
words = ["never arrived", "lost again"]
catches = ["my parcel never arrived", "it is lost again"]
spares = ["see you later", "it arrived"]
"""


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
id = "delivery-ours"
playbook = "first_reply"
topic = "delivery"
own = "Our van broke down, and that's on us."
apologise = "I'm sorry."
step = "I'm at the depot and will write here within {hours} of this reply."
"""


def company(folder: Path, **files: str) -> Path:
    """Return a company's folder of policies; `rules` stands for en/rules.toml."""
    place = folder / "company"
    (place / "en").mkdir(parents=True)
    for name, text in files.items():
        path = place / "rulebook.toml" if name == "rulebook" else place / "en" / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
    return place


def copy_of_ours(folder: Path) -> Path:
    """Copy our English policy into `folder`, with a small file of cues, and return the copy."""
    copy = folder / "ours"
    (copy / "en").mkdir(parents=True)
    for name in ("rulebook.toml", "en/rules.toml", "en/replies.toml"):
        shutil.copy(OURS / name, copy / name)
    (copy / "en" / "cues.toml").write_text(CUES, encoding="utf-8")
    return copy


@cache
def ours() -> Rulebook:
    """Return our English rulebook, loaded once."""
    with TemporaryDirectory() as folder:
        return load([copy_of_ours(Path(folder))])


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


def good_replies(audience: Audience = Audience.PUBLIC) -> list[tuple[Reply, str]]:
    """Return every reply of ours with its words to Sam."""
    post = mention(audience=audience)
    return [(reply, compose(reply, VOICE, post)) for reply in ours().replies["en"]]


def found(text: str, context: Context | None = None) -> dict[str, Finding]:
    """Return what our rules say about a draft, by rule, folded findings included."""
    findings = check(text, context or Context(), ours())
    by_rule = {finding.rule: finding for finding in reversed(findings)}
    for finding in findings:
        also = finding.why.partition(" Also here: ")[2].removesuffix(".")
        by_rule = {name: finding for name in also.split(", ") if name} | by_rule
    return by_rule


def by_a_person(**surroundings: object) -> Context:
    """Return the context of a draft that a person wrote."""
    return Context(origin=Origin.PERSON, **surroundings)  # type: ignore[arg-type]
