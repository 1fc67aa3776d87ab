"""How good scores are: areas, F1, ranks; the same definitions for ours and for what we are compared with."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score, roc_auc_score

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def area(scores: Sequence[float] | Floats, truth: Sequence[bool] | Ints) -> float:
    """Return the area under the ROC curve: how often a true one scores above one that is not, ties half."""
    return float(roc_auc_score(np.asarray(truth), np.asarray(scores)))


def macro_f1(said: Ints, truth: Ints) -> float:
    """Return the mean of both classes' F1."""
    return float(f1_score(truth, said, average="macro"))


def threshold(scores: Floats, truth: Ints) -> float:
    """Return the threshold at which the macro F1 on these posts is best."""
    tried = np.quantile(scores, np.linspace(0.05, 0.95, 91))
    return float(max(tried, key=lambda one: macro_f1((scores > one).astype(np.int64), truth)))


def spearman(scores: Floats, truth: Ints) -> float:
    """Return the correlation of the ranks."""
    from scipy.stats import spearmanr

    return float(spearmanr(scores, truth).statistic)


def severity(scores: Floats, levels: Ints) -> dict[str, float]:
    """Return how well scores rank posts by severity (0 to 4); grave is 3 and 4."""
    grave = levels >= 3
    top = np.argsort(-scores, kind="stable")[: len(scores) // 10]
    return {
        "Spearman": round(spearman(scores, levels), 3),
        "AUC (3 and 4)": round(area(scores, grave.astype(np.int64)), 3),
        "precision in the top tenth": round(float(grave[top].mean()), 3),
    }
