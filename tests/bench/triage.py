"""How well and how fast triage hears real complaints, and how long its cues take to load."""

import csv
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import policies
from responder.model.mention import Author, Mention
from responder.model.triage import Triage
from responder.policy import hearing
from responder.policy.topic_files import load_topics
from responder.policy.urgency import load_cues, triage

#: X-CI, Singh et al., ACL 2023: a part of it, with the severity of Jin and Aletras (0 is no complaint).
COMPLAINTS = Path(__file__).parents[3] / "shared" / "data" / "triage" / "complaints.csv"
NOT_CUSTOMERS = {"random_reply", "random_tweet"}
GRAVE = 3
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AUTHOR = Author(id="1", handle="someone")


def run() -> dict[str, object]:
    """Measure triage on the customer posts; without them say why there are no figures."""
    if not COMPLAINTS.exists():
        return {"skipped": "the posts for measuring (triage/complaints.csv) are not beside this checkout"}
    with COMPLAINTS.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["domain"] not in NOT_CUSTOMERS]
    started = time.process_time()
    home = [Path(policies.__file__).parent]
    cues, _ = load_cues(home)
    topics, _ = load_topics(home)
    loading = time.process_time() - started
    mentions = [_mention(row["text"], number) for number, row in enumerate(rows)]
    judged = [triage(mention, (), cues, topics) for mention in mentions]
    vocabulary = cues.vocabulary("en")
    started = time.process_time()
    for mention in mentions:
        triage(mention, (), cues, topics)
    whole = time.process_time() - started
    started = time.process_time()
    for mention in mentions:
        hearing.listen(mention.text, vocabulary)
    heard = time.process_time() - started
    return {
        "posts": len(rows),
        "complaint": _complaints(judged, [row["complaint"] == "1" for row in rows]),
        "severity": _severity(judged, [int(row["severity"]) >= GRAVE for row in rows]),
        "microseconds": {
            "a post": round(1e6 * whole / len(rows), 1),
            "a post, its cues alone": round(1e6 * heard / len(rows), 1),
        },
        "loading cues and topics, seconds": round(loading, 3),
    }


def _mention(text: str, number: int) -> Mention:
    name = str(number)
    return Mention(
        account="x", external_id=name, thread=name, author=AUTHOR, text=text, created_at=NOW, language="en"
    )


def _complaints(judged: Sequence[Triage], truth: Sequence[bool]) -> dict[str, float]:
    """Return how well complaints are told from other posts."""
    hits = sum(said.complaint and true for said, true in zip(judged, truth, strict=True))
    precision = hits / sum(said.complaint for said in judged)
    recall = hits / sum(truth)
    return {
        "precision": round(precision, 3),
        "recall": round(recall, 3),
        "F1": round(2 * precision * recall / (precision + recall), 3),
        "AUC of the evidence": round(area([evidence(said) for said in judged], truth), 3),
    }


def _severity(judged: Sequence[Triage], grave: Sequence[bool]) -> dict[str, float]:
    """Return how well the grave ones (severity 3 and 4) are ranked above the others."""
    return {
        "AUC of urgency": round(area([said.urgency for said in judged], grave), 3),
        "AUC of the rank": round(area([-said.rank for said in judged], grave), 3),
        "AUC of tone alone": round(area([-said.tone for said in judged], grave), 3),
    }


def evidence(said: Triage) -> int:
    """Return what speaks for a complaint: all points, those that take away too."""
    return sum(finding.points for finding in said.findings)


def area(scores: Sequence[float], truth: Sequence[bool]) -> float:
    """Return the area under the ROC curve: how often a true one scores above one that is not, ties half."""
    order = sorted(range(len(scores)), key=lambda at: scores[at])
    ranks = 0.0
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and scores[order[end]] == scores[order[start]]:
            end += 1
        ranks += sum(truth[at] for at in order[start:end]) * (start + 1 + end) / 2
        start = end
    positives = sum(truth)
    return (ranks - positives * (positives + 1) / 2) / (positives * (len(truth) - positives))
