"""Triage: weigh new cases, explain a post, and score a file of posts."""

# ruff: noqa: D417 (the desk is no argument that people give)

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Group, Parameter

from responder.cli import failures
from responder.cli.card import finding_item
from responder.cli.desk import AtDesk
from responder.cli.words import many
from responder.model.mention import Author, Mention
from responder.model.triage import UNKNOWN, Triage

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas
    from responder.policy.policy import Policy

app = App(name="triage", result_action="return_value", group_commands=Group("Commands", sort_key=0))

app.command(
    "responder.cli.train:train",
    name="train",
    help="Fit the model to your corrections, or anew to labelled posts; nothing uses it by itself.",
)
app.command(
    "responder.cli.replay:replay",
    name="replay",
    help="Show which stored cases the rules, the model and the settings of now would move; nothing moves.",
)

#: Files of posts that can be read, by their ending.
_TABLES, _LINES = (".csv",), (".jsonl", ".ndjson")
#: A longer name is words, not a file.
_LONGEST_NAME = 250


@dataclass(frozen=True, slots=True)
class Weighed:
    """One post and what triage makes of it."""

    #: Its line in the file; 0 for one that was typed in.
    line: int
    text: str
    triage: Triage


@dataclass(frozen=True, slots=True)
class WeighedSheet:
    """Posts as they were weighed, in the order they came."""

    posts: Sequence[Weighed]
    schema: str = "responder.triage/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return each post as plain data."""
        return [
            {
                "line": one.line or None,
                "text": one.text,
                "language": one.triage.language if one.triage.language != UNKNOWN else None,
                "complaint": one.triage.complaint,
                "probability": one.triage.probability,
                "negative": one.triage.negative,
                "tone": one.triage.tone,
                "tier": one.triage.tier,
                "score": one.triage.urgency,
                "rank": one.triage.rank,
                "topic": one.triage.topic,
                "reasons": [finding_item(finding) for finding in one.triage.findings],
            }
            for one in self.posts
        ]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return line, language, kind, probability, tone, tier, score, topic, what earned points, text."""
        for one in self.posts:
            said = one.triage
            reasons = ", ".join(finding.rule for finding in said.findings if finding.points)
            kind = "complaint" if said.complaint else "aside"
            yield (
                one.line, said.language, kind, said.probability, said.tone, said.tier, said.urgency,
                said.topic, reasons, one.text,
            )  # fmt: skip

    def draw(self, canvas: "Canvas") -> None:
        """Draw one post with every reason, or a table of many, the most urgent first."""
        if len(self.posts) == 1:
            _draw_one(canvas, self.posts[0])
            return
        order = sorted(self.posts, key=lambda one: (not one.triage.complaint, one.triage.rank, one.line))
        head = ("line", "tier", "score", "tone", "sure", "lang", "about", "post")
        rows = [
            (
                str(one.line),
                str(one.triage.tier) if one.triage.complaint else "aside",
                str(one.triage.urgency),
                f"{one.triage.tone:.2f}",
                f"{one.triage.probability:.0%}",
                one.triage.language,
                one.triage.topic.replace("_", " "),
                one.text,
            )
            for one in order
        ]
        canvas.table(head, rows, widest=60)
        asides = sum(not one.triage.complaint for one in self.posts)
        canvas.line((f"{many(len(self.posts), 'post')}, {asides:,} set aside.", "faint"))


def _draw_one(canvas: "Canvas", one: Weighed) -> None:
    said = one.triage
    canvas.quote(one.text)
    canvas.blank()
    kind = f"A complaint, tier {said.tier}" if said.complaint else "Set aside"
    language = "an unknown language" if said.language == UNKNOWN else said.language
    canvas.line((kind, "strong"), f", score {said.urgency}, tone {said.tone:.2f}, in {language}.")
    for finding in said.findings:
        points = f"{finding.points:+d}" if finding.points else ""
        quote = f": “{finding.quote}”" if finding.quote else ""
        why = f" ({finding.why})" if finding.why else ""
        canvas.item((f"{points:>4}", "faint"), f"{finding.says}{quote}{why}", hang=6)


@app.default
def triage(
    post: Annotated[str | None, Parameter(allow_leading_hyphen=True)] = None,
    /,
    *,
    lang: str = "",
    desk: AtDesk,
) -> int:
    """Weigh new cases; or explain one post, or score every post of a file.

    Args:
        post: The words of a post, "-" for what is piped in, or a .csv or .jsonl file with a field `text`, and
            if you have them `lang`, `posted_at` and `reach`. Without it, the cases that are new are weighed.
        lang: Its language as its network tells it, like en; found out if it is left out.
    """
    if post is None:
        from responder.cli.steps import weigh_new_cases

        return weigh_new_cases(desk)
    if not post.strip():
        raise failures.Trouble(
            failures.USAGE, "There are no words to weigh.", todo="responder triage 'the words of a post'"
        )
    policy, now = desk.app.policy, desk.now()
    file = _file(post)
    if file:
        posts = [_weigh(policy, row, line, now) for line, row in _rows(file)]
    else:
        words = desk.screen.read().strip() if post == "-" else post
        posts = [_weigh(policy, {"text": words, "lang": lang}, 0, now)]
    desk.screen.show(WeighedSheet(posts))
    return failures.DONE


def _file(given: str) -> Path | None:
    """Return the file of posts that was named; None for the words of a post."""
    if len(given) > _LONGEST_NAME or not given.lower().endswith((*_TABLES, *_LINES)) or "\n" in given:
        return None
    path = Path(given)
    if not path.is_file():
        raise failures.Trouble(failures.FAILED, f"{given} is not there, or is no file.")
    return path


def _weigh(policy: "Policy", row: Mapping[str, object], line: int, now: datetime) -> Weighed:
    """Weigh one row; what it does not tell is left open."""
    text = str(row["text"])
    mention = Mention(
        account="triage",
        external_id=str(line),
        thread=str(line),
        author=Author(id=str(line), handle="", followers=_reach(row.get("reach"))),
        text=text,
        created_at=_moment(row.get("posted_at"), line) or now,
        language=str(row.get("lang") or "") or None,
    )
    return Weighed(line, text, policy.weigh(mention, (), now))


def _rows(file: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Give each row of a file with its line; Trouble with file and line for one that cannot be read."""
    try:
        with file.open(newline="", encoding="utf-8-sig") as lines:
            rows = _table(lines, file) if file.suffix.lower() in _TABLES else _objects(lines, file)
            for line, row in rows:
                if not isinstance(row.get("text"), str):
                    raise _wrong(file, line, "there is no `text`")
                yield line, row
    except OSError as error:
        raise failures.Trouble(failures.FAILED, f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise failures.Trouble(
            failures.FAILED, f"{file} is not UTF-8 text: {error.reason}.", todo="Save it as UTF-8."
        ) from None


def _table(lines: Any, file: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    reader = csv.DictReader(lines)
    if "text" not in (reader.fieldnames or ()):
        raise _wrong(
            file, 1, f"there is no column `text`, but {', '.join(reader.fieldnames or ()) or 'none'}"
        )
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise _wrong(file, reader.line_num, str(error)) from None


def _objects(lines: Any, file: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for line, words in enumerate(lines, 1):
        if not words.strip():
            continue
        try:
            row = json.loads(words)
        except (ValueError, RecursionError):
            raise _wrong(file, line, "not JSON") from None
        if not isinstance(row, dict):
            raise _wrong(file, line, 'not an object like {"text": "..."}')
        yield line, row


def _wrong(file: Path, line: int, what: str) -> failures.Trouble:
    return failures.Trouble(
        failures.FAILED, f"{file}:{line}: {what}.", todo="Mend the line; no post of the file was scored."
    )


def _reach(value: object) -> int | None:
    """Return how many follow the author; None where it is not told or no number."""
    try:
        return max(0, int(float(str(value))))
    except (ValueError, OverflowError):
        return None


def _moment(value: object, line: int) -> datetime | None:
    """Return when it was written (UTC where it has no zone); None where it is not told."""
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise failures.Trouble(
            failures.FAILED,
            f"Line {line}: {str(value)[:40]!r} is no time.",
            todo="Write 2026-03-02T09:00:00Z.",
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
