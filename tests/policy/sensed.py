"""Our own senses, and posts to try them on."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import policies
from responder.model.mention import Author, Mention
from responder.model.triage import Triage
from responder.policy.cue_files import lazy_cues
from responder.policy.learned import read_model
from responder.policy.rulebook import MODEL, RulebookError
from responder.policy.senses import Senses
from responder.policy.topic_files import lazy_topics
from responder.policy.urgency import triage

HOME = Path(policies.__file__).parent
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@cache
def senses() -> Senses:
    """Return what triage hears and judges with, as it is shipped; a language is read when it is heard."""
    topics, problems = lazy_topics([HOME], RulebookError)
    assert problems == []
    return Senses(lazy_cues([HOME], RulebookError), topics, read_model((HOME / MODEL).read_bytes()))


def post(
    text: str,
    language: str | None = "en",
    *,
    days_ago: float = 0.0,
    author: Author | None = None,
) -> Mention:
    """Return a post of today, or of some days ago."""
    return Mention(
        account="shop",
        external_id="1",
        thread="1",
        author=author or Author(id="7", handle="sam"),
        text=text,
        created_at=NOW - timedelta(days=days_ago),
        language=language,
    )


def weigh(text: str, language: str | None = "en", *earlier: Mention) -> Triage:
    """Return the triage of a post of today."""
    return triage(post(text, language), earlier, senses(), NOW)


def rules(said: Triage) -> set[str]:
    """Return the rules of a triage's findings."""
    return {finding.rule for finding in said.findings}
