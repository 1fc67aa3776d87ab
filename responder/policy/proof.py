"""Proof: before a reply is ever used, it is written out in full and held against our own rules."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from responder.model.mention import Audience, Author, Mention
from responder.model.triage import Level
from responder.policy.detectors import Context
from responder.policy.planner import REACHABLE
from responder.policy.rules import Rule, check
from responder.policy.wording import SACRIFICE, SMALLEST_LIMIT, Reply, Voice, compose, variants_for

#: So that two replies in a row never read the same.
LEAST_VARIANTS = 2

#: The longest signature and span of hours a reply may meet, and both ways to reach us.
_LONGEST, _ELSEWHERE = (
    Voice(company="Acme", signature="^Maximilian, at Acme", update_within=167),
    Voice(
        company="Acme", contact="through the help page in our app", private_messages=False, update_within=1
    ),
)


@dataclass(frozen=True, slots=True)
class Proving:
    """Rules as `check` wants them."""

    rules: Mapping[str, tuple[Rule, ...]]


def faults(reply: Reply, proving: Proving) -> Iterator[str]:
    """Yield what is wrong with `reply`: rules of ours it breaks, more words than the smallest limit takes."""
    told: set[str] = set()
    for audience in Audience:
        mention = _mention(audience)
        for voice, left_out in ((_LONGEST, ()), (_LONGEST, SACRIFICE), (_ELSEWHERE, ())):
            text = compose(reply, voice, mention, left_out)
            context = Context(audience=audience, playbook=reply.playbook, language=reply.language)
            for finding in check(text, context, proving):
                if finding.level is not Level.NOTE:
                    told.add(f"{reply.id} breaks {finding.rule}: {finding.says} {finding.quote!r}")
        bare = compose(reply, _LONGEST, mention, SACRIFICE)
        if len(bare) > SMALLEST_LIMIT:
            told.add(
                f"{reply.id} has {len(bare)} characters without {', '.join(SACRIFICE)} ({audience}); "
                f"the smallest limit is {SMALLEST_LIMIT}"
            )
    yield from sorted(told)


def gaps(replies: Sequence[Reply]) -> Iterator[str]:
    """Yield every plan that has fewer than LEAST_VARIANTS replies."""
    for playbook, topic in REACHABLE:
        count = len(variants_for(playbook, topic, replies))
        if count < LEAST_VARIANTS:
            yield f"{playbook} about {topic or 'anything'} has {count} replies, and needs {LEAST_VARIANTS}"


def _mention(audience: Audience) -> Mention:
    """Return a complaint by somebody with the longest name a greeting takes."""
    author = Author(id="1", handle="someone", name="Maximilianalexandria Example")
    at = datetime(2000, 1, 1, tzinfo=UTC)
    return Mention(
        account="", external_id="", thread="", author=author, text="", created_at=at, audience=audience
    )
