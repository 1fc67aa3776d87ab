"""How negative posts sound, by language, over folds; and which language they are in."""

import csv
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import numpy as np

from responder.policy.language import identify
from responder.policy.tokens import Tokens
from responder.training.data import Sounding
from responder.training.fit import (
    SOUND_STRENGTH,
    Rows,
    SoundModel,
    both_tables,
    fit_sound,
    folds,
    held_out,
    look,
)
from tests.bench.complaints import textblob
from tests.bench.scores import area
from tests.policy.sensed import senses


def by_language(posts: Sequence[Sounding], number: int) -> tuple[SoundModel, dict[str, dict[str, float]]]:
    """Return the model of all posts, and the AUC of negative ones by set and language over the folds."""
    seen = look(posts, senses().cues, senses().topics)
    strata = np.array([crc32(f"{post.language} {post.source} {post.negative}".encode()) for post in posts])
    truth = np.array([int(post.negative) for post in posts])
    rows = Rows(both_tables(seen.grams), seen.features)
    held = held_out(rows, truth, SOUND_STRENGTH, folds(strata, number))
    sets = np.array([f"{post.source} {post.language}" for post in posts])
    figures = {}
    for name in sorted(set(sets.tolist())):
        here = np.flatnonzero(sets == name)
        some = here[:: max(1, len(here) // 1_000)]
        blob = [-textblob()(posts[at].text) for at in some]
        figures[name] = {
            "AUC": round(area(held[here], truth[here]), 3),
            "TextBlob": round(area(blob, truth[some]), 3),
        }
    return fit_sound(seen, posts), figures


def languages(file: Path, posts: Sequence[Sounding]) -> dict[str, dict[str, float]]:
    """Return the share of texts told right, with the account's language unknown and known."""
    with file.open(newline="", encoding="utf-8") as lines:
        rows = [(row["lang"], row["text"]) for row in csv.DictReader(lines)]
    sets = {
        "the first 5 words": [
            (code, " ".join(text.split()[:5])) for code, text in rows if len(text.split()) >= 5
        ],
        "the first 10 words": [
            (code, " ".join(text.split()[:10])) for code, text in rows if len(text.split()) >= 10
        ],
        "posts": [(post.language, post.text) for post in posts[::8]],
    }
    figures = {}
    for name, texts in sets.items():
        words = [(code, Tokens(text).words) for code, text in texts]
        right = [identify(said, None, "en").code == code for code, said in words]
        known = [identify(said, None, code).code == code for code, said in words]
        slavic = [identify(said, None, "sl").code == code for code, said in words if code in {"sl", "hr"}]
        figures[name] = {
            "account's language unknown": round(float(np.mean(right)), 4),
            "account's language known": round(float(np.mean(known)), 4),
            "Slovenian and Croatian at a Slovenian account": round(float(np.mean(slavic)), 4),
        }
    return figures
