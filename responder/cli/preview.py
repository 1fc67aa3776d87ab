"""Preview: the reply that a post would get, without keeping anything."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from responder.cli import failures
from responder.cli.card import finding_item
from responder.cli.card_drawing import draw_findings
from responder.cli.known import Typed, language_of
from responder.cli.words import many
from responder.model.case import Case, Stage
from responder.model.facts import Facts
from responder.model.limits import Limits
from responder.model.mention import Audience, Author, Mention
from responder.model.triage import Finding, Level, Triage

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas
    from responder.cli.desk import Desk
    from responder.policy.policy import Words


@dataclass(frozen=True, slots=True)
class PreviewSheet:
    """What triage says about a post, and what it would be answered."""

    post: str
    triage: Triage
    words: "Words"
    schema: str = "responder.preview/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return one item: the verdict, the words, the findings."""
        return [
            {
                "complaint": self.triage.complaint,
                "tier": self.triage.tier,
                "urgency": self.triage.urgency,
                "topic": self.words.topic,
                "playbook": self.words.playbook,
                "language": self.words.language,
                "text": self.words.text,
                "findings": [finding_item(one) for one in self.words.findings],
            }
        ]

    def rows(self) -> Iterator[tuple[object, ...]]:
        """Return "reply", playbook, topic, language and words; then "finding", level, rule, what it says."""
        yield "reply", self.words.playbook, self.words.topic, self.words.language, self.words.text
        for one in self.words.findings:
            yield "finding", one.level, one.rule, one.says, one.quote

    def draw(self, canvas: "Canvas") -> None:
        """Draw the post, the verdict, the findings and the words."""
        canvas.quote(self.post)
        canvas.blank()
        kind = "a complaint" if self.triage.complaint else "no complaint"
        about = self.words.topic.replace("_", " ")
        says = f"{kind}, tier {self.triage.tier}, urgency {self.triage.urgency}, about: {about}"
        canvas.line((says, "faint"))
        draw_findings(canvas, self.words.findings, "")
        what = self.words.playbook.replace("_", " ")
        canvas.line((f"{what} in {self.words.language}, {many(len(self.words.text), 'character')}", "strong"))
        canvas.quote(self.words.text)


def show_preview(desk: "Desk", post: Typed, facts: Facts) -> int:
    """Show the reply that `post` would get; exit 5 when a rule forbids it."""
    if post.variant < 1 or post.length < 1:
        raise failures.Trouble(failures.USAGE, "The first wording has the number 1, the least length is 1.")
    text = desk.screen.read().strip() if post.preview == "-" else post.preview
    policy, now = desk.app.policy, desk.now()
    language = language_of(post.lang or desk.settings.company.language, policy)
    mention = Mention(
        account="preview",
        external_id="preview",
        thread="preview",
        author=Author(id="preview", handle="", name=post.name),
        text=text,
        created_at=now,
        language=language,
        audience=Audience.PRIVATE if post.private else Audience.PUBLIC,
    )
    triage = policy.weigh(mention, (), desk.now())
    case = Case(
        id=0,
        account="preview",
        stage=Stage.NEEDS_REPLY,
        version=1,
        target=mention,
        posts=1,
        replies=0,
        opened_at=now,
        moved_at=now,
        tier=triage.tier,
        urgency=triage.urgency,
        topic=triage.topic,
        draft_number=post.variant - 1,
        facts=facts,
    )
    words = policy.write(case, Limits(length=post.length), now)
    desk.screen.show(PreviewSheet(text, triage, words))
    return failures.BLOCKED if _blocked(words.findings) else failures.DONE


def _blocked(findings: tuple[Finding, ...]) -> bool:
    return any(one.level is Level.BLOCK for one in findings)
