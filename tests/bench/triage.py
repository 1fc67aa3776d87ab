"""How well and how fast triage does, by the published protocol; beside TextBlob, VADER and TF-IDF."""

import gc
import os
import resource
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from responder.model.mention import Author, Mention
from responder.training.data import Complaint, complaints, soundings
from tests.policy.sensed import NOW, senses, weigh

SHARED = Path(__file__).parents[3] / "shared" / "data"
COMPLAINTS = SHARED / "triage" / "complaints.csv"
PAIRS = Path(__file__).parents[1] / "policy" / "pairs"


def run(quick: bool) -> dict[str, object]:
    """Measure everything; without the labelled posts, only the pairs and the speed on invented posts."""
    figures: dict[str, object] = {"urgency pairs, share in the right order": pairs()}
    if not COMPLAINTS.exists():
        return figures | {
            "skipped": "the labelled posts (triage/complaints.csv) are not beside this checkout"
        }
    posts = complaints(COMPLAINTS)
    figures |= {"speed": speed(posts), "memory": memory()}
    figures |= quality(posts, 3 if quick else 10)
    return figures


def quality(posts: Sequence[Complaint], number: int) -> dict[str, object]:
    """Measure how well complaints, severity, sentiment and languages are told, over so many folds."""
    from tests.bench import complaints as detect
    from tests.bench import sounds

    heard = soundings(SHARED / "triage")
    sound, by_language = sounds.by_language(heard, 3 if number < 10 else 5)
    raw = detect.Seen(posts, sound)
    customers = detect.Seen([post for post in posts if post.customer], sound)
    return {
        "folds": number,
        "complaint or not": {
            "raw": detect.detection(raw, number),
            "cut": detect.detection(detect.Seen(detect.cut(posts), sound), number),
            "customers": detect.detection(customers, number),
            "customers, domain left out": detect.other_domains(customers),
            "others, raw": detect.others(posts, number),
            "others, customers": detect.others(customers.posts, number),
        },
        "kept at a probability": detect.thresholds(customers, number),
        "severity, customers": detect.ranking(customers, number),
        "negative, AUC": by_language,
        "language": sounds.languages(SHARED / "lid" / "sentences.csv", heard),
    }


def pairs() -> dict[str, float]:
    """Return by language how many of the invented pairs are in the right order; they are our own."""
    shares = {}
    for file in sorted(PAIRS.glob("*.toml")):
        told = tomllib.loads(file.read_text(encoding="utf-8"))["pair"]
        code = file.stem
        right = [in_order(pair["first"], pair["then"], code) for pair in told]
        shares[code] = round(sum(right) / len(right), 3)
    return shares


def in_order(first: str, then: str, language: str) -> bool:
    """Whether of two posts the first stands above the other in the queue."""
    one, other = weigh(first, language), weigh(then, language)
    return (not one.complaint, one.rank) < (not other.complaint, other.rank)


# --- speed and memory


def speed(posts: Sequence[Complaint]) -> dict[str, float]:
    """Return posts a second on one core: the whole of triage, and stage A (language, words, model) alone."""
    from responder.policy.language import identify
    from responder.policy.tokens import Tokens
    from responder.policy.urgency import triage

    mentions = [_mention(post.text, number) for number, post in enumerate(posts)]
    ours = senses()
    gc.collect()
    cold = _seconds(lambda: [triage(one, (), ours, NOW) for one in mentions], 1)
    warm = _seconds(lambda: [triage(one, (), ours, NOW) for one in mentions], 3)
    found = [(one, ours.take_in(one)) for one in mentions]

    def stage_a() -> None:
        for one, taken in found:
            words = Tokens(one.text).words
            identify(words, None, "en")
            ours.learned.opinion(taken.features, words, "en")

    stage = _seconds(stage_a, 3)
    blob = _seconds(_textblob(posts), 1)
    return {
        "posts a second, cold": round(len(posts) / cold),
        "posts a second, warm": round(len(posts) / warm),
        "posts a second, stage A": round(len(posts) / stage),
        "posts a second, TextBlob(text).sentiment": round(len(posts) / blob),
        "times TextBlob": round(blob / warm, 2),
    }


def _textblob(posts: Sequence[Complaint]) -> Callable[[], object]:
    from tests.bench.complaints import textblob

    judge = textblob()
    return lambda: [judge(post.text) for post in posts]


def _seconds(work: Callable[[], object], times: int) -> float:
    """Return the CPU seconds of the fastest of some runs."""
    taken = []
    for _ in range(times):
        started = time.process_time()
        work()
        taken.append(time.process_time() - started)
    return min(taken)


def _mention(text: str, number: int) -> Mention:
    return Mention(
        account="x",
        external_id=str(number),
        thread=str(number),
        author=Author(id=str(number), handle="someone"),
        text=text,
        created_at=NOW - timedelta(minutes=1),
    )


def memory() -> dict[str, int]:
    """Return the megabytes a process holds before and after it weighed a few hundred posts."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.bench.triage"],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    before, after, peak = map(int, done.stdout.split())
    return {"Python alone, MB": before, "after triage, MB": after, "peak, MB": peak}


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") // 2**20


if __name__ == "__main__":
    # nltk, which TextBlob brings, loads these where it finds them: who only weighs has not installed them
    sys.modules["scipy"] = sys.modules["sklearn"] = None  # type: ignore[assignment]
    bare = _resident()
    for file in sorted(PAIRS.glob("*.toml")):
        for pair in tomllib.loads(file.read_text(encoding="utf-8"))["pair"]:
            weigh(pair["first"], file.stem)
    print(bare, _resident(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
