"""Train: fit the learned model anew to labelled posts, or change it a little by what people corrected."""

# ruff: noqa: D417 (the desk is no argument that people give)

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from responder.cli import failures
from responder.cli.desk import AtDesk
from responder.cli.words import many
from responder.model.correction import What

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas
    from responder.cli.desk import Desk
    from responder.training.corrections import Figures, Refit

#: So many of the latest approvals are looked at beside the corrections.
_APPROVED = 2_000
#: How the posts whose urgency people corrected are called.
_NUDGED = {What.LESS_URGENT: "called less urgent", What.MORE_URGENT: "called more urgent"}
_MODEL_ALONE = (
    "The model alone sets nothing aside: cues, a topic or a question keep these posts before a person, "
    "and only people change the rules."
)
#: So many cues of each are told.
_MOST_CUES = 8


@dataclass(frozen=True, slots=True)
class RefitSheet:
    """What a refit to corrections would change, and how it does on corrections that it did not see."""

    refit: "Refit"
    #: By what people said of the urgency, how often each cue earned points there.
    cues: Mapping[What, Counter[str]]
    #: The file it was written to; None for no file.
    out: Path | None
    schema: str = "responder.refit/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return the one refit as plain data."""
        made, local = self.refit, self.refit.local
        return [
            {
                "corrections": made.corrections,
                "approved": made.approved,
                "before": _item(made.before),
                "after": _item(made.after),
                "lost": made.lost,
                "bias": local["bias"],
                "features": local["features"],
                "words": local["words"],
                "called_less_urgent": dict(self.cues[What.LESS_URGENT]),
                "called_more_urgent": dict(self.cues[What.MORE_URGENT]),
                "out": str(self.out) if self.out else None,
            }
        ]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return lines that begin with what they tell: before, after, lost, bias, feature, word, cue."""
        made, local = self.refit, self.refit.local
        yield "corrections", made.corrections, made.approved
        for name, one in (("before", made.before), ("after", made.after)):
            yield name, one.accuracy, one.log_loss, one.sorted
        yield "lost", made.lost
        yield "bias", local["bias"]
        for name, weight in local["features"].items():
            yield "feature", name, weight
        for language, words in local["words"].items():
            for word, weight in words.items():
                yield "word", language, word, weight
        for what, counts in self.cues.items():
            for name, n in counts.most_common(_MOST_CUES):
                yield "cue", what, name, n

    def draw(self, canvas: "Canvas") -> None:
        """Draw before and after, what would be lost, and what was learned."""
        made, local = self.refit, self.refit.local
        posts = many(made.corrections, "correction")
        canvas.line(f"{posts} and {many(made.approved, 'post')} whose reply was approved.")
        canvas.table(
            ("held-out corrections", "right side of the threshold", "log loss", "sorted right by triage"),
            [
                (name, f"{one.accuracy:.1%}", f"{one.log_loss:.3f}", f"{one.sorted:.1%}")
                for name, one in (("before", made.before), ("after", made.after))
            ],
            widest=30,
        )
        if made.after.sorted <= made.before.sorted and made.after.accuracy > made.before.accuracy:
            canvas.line(_MODEL_ALONE)
        if made.lost:
            lost = f"{made.lost:,} of {many(made.approved, 'post')} that people answered"
            canvas.line((f"IT WOULD SET ASIDE {lost} and that triage keeps today.", "alarm"))
        else:
            canvas.line("Of the posts that people answered it would set none aside that triage keeps today.")
        for title, weights in _learned(local):
            canvas.item((title, "faint"), _strongest(weights), hang=10)
        for line in _earned(self.cues):
            canvas.line(line, hang=4)


def train(
    *,
    data: Path | None = None,
    out: Path | None = None,
    with_corrections: bool = False,
    desk: AtDesk,
) -> int:
    """Fit the model: to your corrections (seconds), or anew to labelled posts (minutes).

    On one Python the same posts give the same bytes. Nothing uses the file by itself: see what it would move
    (responder triage replay), then put it into a folder of your own policies as learned/triage.bin.

    Args:
        data: A folder with complaints.csv, sentiment.csv and umsab.csv, to fit it anew.
        out: The file to write; with corrections and without it, the figures are shown and nothing is written.
        with_corrections: Change the model in use a little, by what people corrected and what they answered.
    """
    if with_corrections is (data is not None) or (data and not out):
        raise failures.Trouble(
            failures.USAGE,
            "Say what to fit the model to.",
            todo="responder triage train --with-corrections [--out FILE], or: --data FOLDER --out FILE",
        )
    if data and out:
        return _anew(desk, data, out)
    return _by_corrections(desk, out)


def _by_corrections(desk: "Desk", out: Path | None) -> int:
    """Refit the model in use, show before and after, and write it where that was asked for."""
    from responder.policy.rulebook import model_in
    from responder.training.corrections import TooFew, earned, refit
    from responder.training.local import Lesson

    policy = desk.app.policy
    path = model_in(policy.rulebook.folders)
    if path is None:
        raise failures.Trouble(failures.FAILED, "There is no model to begin with in any folder of policies.")
    if out and out.exists() and out.samefile(path):
        raise failures.Trouble(
            failures.USAGE,
            f"{out} is the model in use.",
            "What it would move has to be seen first.",
            "Write another file, then: responder triage replay --policies FOLDER",
        )
    lookback = desk.store.lookback
    cues = earned(lookback.nudged(), policy.senses)
    lessons = [
        Lesson(post=one.post, language=one.language, complaint=one.complaint, corrected=one.corrected)
        for one in lookback.told(_APPROVED)
    ]
    try:
        made = refit(lessons, policy.senses, path.read_bytes())
    except TooFew as error:
        raise failures.Trouble(
            failures.FAILED,
            f"{failures.sentence(str(error))} Nothing was fitted.",
            todo="Correct cases as you meet them: responder correct",
            problems=tuple(_earned(cues)),
        ) from None
    if out:
        _write(out, made.raw)
    desk.screen.show(RefitSheet(made, cues, out))
    desk.screen.note(_use(out, len(made.raw)))
    return failures.DONE


def _use(out: Path | None, size: int) -> str:
    """Say what has to be done before anything uses the model."""
    if out is None:
        return "Nothing was written: --out FILE writes the model."
    return (
        f"{out}: {size:,} bytes. Nothing uses it before you put it into a folder of your own policies as "
        "learned/triage.bin; see what it would move: responder triage replay --policies FOLDER"
    )


def _anew(desk: "Desk", data: Path, out: Path) -> int:
    """Fit the whole model to labelled posts; needs scikit-learn."""
    try:
        from responder.training.data import DataError, complaints, soundings
        from responder.training.fit import fitted
    except ImportError:
        raise failures.Trouble(
            failures.FAILED,
            "Training needs scikit-learn, which is not installed.",
            todo="Install the extra `train`: pip install 'complaint-responder[train]'",
        ) from None
    rulebook = desk.app.policy.rulebook
    try:
        told, heard = complaints(data / "complaints.csv"), soundings(data)
    except DataError as error:
        raise failures.Trouble(failures.FAILED, f"{error}.") from None
    desk.screen.note(f"Fitting {len(told):,} posts to companies and {len(heard):,} about anything: minutes.")
    raw = fitted(told, heard, rulebook.cues, rulebook.topics)
    _write(out, raw)
    desk.screen.note(f"{out}: {len(raw):,} bytes. Nothing uses it before you put it into a policies folder.")
    return failures.DONE


def _write(out: Path, raw: bytes) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(raw)
    except OSError as error:
        raise failures.Trouble(failures.FAILED, f"{out} cannot be written: {error.strerror}.") from None


def _item(one: "Figures") -> Mapping[str, float]:
    return {"accuracy": one.accuracy, "log_loss": one.log_loss, "sorted": one.sorted}


def _learned(local: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, float]]]:
    """Give what was learned, by what a person calls it."""
    yield "all posts", {"": local["bias"]}
    yield "features", local["features"]
    for language, words in local["words"].items():
        yield f"words {language}", words


def _strongest(weights: Mapping[str, float]) -> str:
    """Return all weights, the strongest first; a plus speaks for a complaint."""
    order = sorted(weights.items(), key=lambda one: (-abs(one[1]), one[0]))
    return ", ".join(f"{name} {weight:+.2f}".strip() for name, weight in order) or "nothing"


def _earned(cues: Mapping[What, Counter[str]]) -> Iterator[str]:
    """Give a line for each urgency that people corrected: which cues earned points there."""
    for what, title in _NUDGED.items():
        if counts := cues[what].most_common(_MOST_CUES):
            told = ", ".join(f"{name} {n:,}" for name, n in counts)
            yield f"Cues in posts {title}: {told}. A person changes them, in cues.toml."
