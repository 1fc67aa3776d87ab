"""A refit to a company's own corrections: a small change to the complaint's score, tried on held-out ones.

Needs numpy alone, and no posts for training. The model itself stays as it is; `responder.training.local` says
what is fitted. The same corrections give the same bytes.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from responder.model.correction import What
from responder.model.mention import Mention
from responder.policy.learned import localised, read_model
from responder.policy.senses import Senses, Taken
from responder.policy.sorting import why_aside
from responder.training.local import Floats, Lesson, Seen, fit
from responder.training.words import learnable, names_of

#: Fewer corrections tell more about chance than about the model.
LEAST = 20
_FOLDS = 5
#: Beyond these log-odds the model is as good as sure.
_SURE = 8.0


class TooFew(Exception):
    """There is too little to learn from; the message says what there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How well a model does on the corrections."""

    #: The share whose probability is on the right side of `[triage] set_aside_below`.
    accuracy: float
    log_loss: float
    #: The share that triage as a whole sets aside, or does not, as the person said.
    sorted: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Refit:
    """What was fitted, and how it did on corrections that the fit did not see."""

    corrections: int
    approved: int
    before: Figures
    after: Figures
    #: Approved complaints that it would newly set aside, each judged by a fit that did not see it.
    lost: int
    #: The local part of the model, as `learned.read_model` reads it, and the whole file with it.
    local: dict[str, Any]
    raw: bytes


def refit(lessons: Sequence[Lesson], senses: Senses, raw: bytes) -> Refit:
    """Fit the local part of the model in `raw` to what people said; raises TooFew."""
    corrected = sum(one.corrected for one in lessons)
    if corrected < LEAST:
        raise TooFew(f"{corrected} of the {LEAST} corrections that a refit needs are there")
    if len({one.complaint for one in lessons}) < 2:
        raise TooFew(f"all {corrected} corrections say the same, and no reply was approved beside them")
    seen = _look(lessons, senses, raw)
    held = np.zeros(len(seen))
    folds = _folds(seen)
    for fold in range(_FOLDS):
        held[folds == fold] = fit(_some(seen, folds != fold)).scores(_some(seen, folds == fold))
    used = np.array([one.used for one in seen])
    local = fit(seen).local | {
        "from": {
            "corrections": corrected,
            "complaints": sum(one.corrected and one.complaint for one in lessons),
            "approved": len(lessons) - corrected,
        }
    }
    return Refit(
        corrections=corrected,
        approved=len(lessons) - corrected,
        before=_figures(seen, used, senses),
        after=_figures(seen, held, senses),
        lost=sum(
            not one.lesson.corrected and not _aside(one, was, senses) and _aside(one, now, senses)
            for one, was, now in zip(seen, used.tolist(), held.tolist(), strict=True)
        ),
        local=local,
        raw=localised(raw, local),
    )


def earned(nudged: Iterable[tuple[What, Mention]], senses: Senses) -> dict[What, Counter[str]]:
    """Count by cue what earned points in posts called more or less urgent: people change rules, no fit."""
    counts: dict[What, Counter[str]] = {What.MORE_URGENT: Counter(), What.LESS_URGENT: Counter()}
    for what, post in nudged:
        heard = senses.take_in(post).heard
        counts[what].update(sorted({cue.id for cue in heard.causes if cue.points > 0}))
    return counts


# --- what the model sees


def _look(lessons: Sequence[Lesson], senses: Senses, raw: bytes) -> list[Seen]:
    """Take in every lesson, with the model without its local part and with the one in use."""
    plain = replace(senses, learned=read_model(localised(raw, None)))
    named = names_of(one.post for one in lessons)
    seen = []
    for one in lessons:
        taken, used = _take_in(one, plain), _take_in(one, senses)
        language = taken.language.code
        words = learnable(one.post.text, named) & set(taken.heard.tokens.words) if language else set()
        seen.append(
            Seen(
                lesson=one,
                taken=taken,
                base=_log_odds(taken.opinion.complaint),
                used=_log_odds(used.opinion.complaint),
                words=frozenset((language or "", word) for word in words),
            )
        )
    return seen


def _take_in(one: Lesson, senses: Senses) -> Taken:
    """Take in a post in the language of its case."""
    taken = senses.take_in(one.post)
    if one.language in {"", taken.language.code} or one.language not in senses.cues.languages:
        return taken
    return replace(senses, spoken=one.language).take_in(one.post)


def _log_odds(chance: float) -> float:
    sure = 1 / (1 + np.exp(_SURE))
    chance = min(max(chance, sure), 1 - sure)
    return float(np.log(chance / (1 - chance)))


# --- how well it does


def _folds(seen: Sequence[Seen]) -> NDArray[np.int64]:
    """Return the fold of each post: all of one person's in one, by nothing but who wrote them."""
    people = sorted(
        {one.author for one in seen}, key=lambda name: (crc32(name.encode("utf-8", "replace")), name)
    )
    fold = {name: at % _FOLDS for at, name in enumerate(people)}
    return np.array([fold[one.author] for one in seen])


def _some(seen: Sequence[Seen], chosen: NDArray[np.bool_]) -> list[Seen]:
    return [one for one, take in zip(seen, chosen.tolist(), strict=True) if take]


def _figures(seen: Sequence[Seen], scores: Floats, senses: Senses) -> Figures:
    """Return how well these log-odds do on the corrections."""
    here = [at for at, one in enumerate(seen) if one.lesson.corrected]
    corrected = [seen[at] for at in here]
    truth = np.array([one.lesson.complaint for one in corrected])
    odds = scores[here]
    chances = 1 / (1 + np.exp(-odds))
    sorted_right = [
        _aside(one, score, senses) is not one.lesson.complaint
        for one, score in zip(corrected, odds.tolist(), strict=True)
    ]
    return Figures(
        accuracy=round(float(((chances >= senses.set_aside_below) == truth).mean()), 3),
        log_loss=round(float((np.logaddexp(0, odds) - truth * odds).mean()), 3),
        sorted=round(sum(sorted_right) / len(corrected), 3),
    )


def _aside(one: Seen, score: float, senses: Senses) -> bool:
    """Whether triage sets a post aside where the model gives it these log-odds."""
    opinion = one.taken.opinion._replace(complaint=float(1 / (1 + np.exp(-score))))
    return bool(why_aside(one.lesson.post, replace(one.taken, opinion=opinion), senses, unsolved=None))
