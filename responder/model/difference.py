"""Difference: what changed between two texts, word by word."""

from difflib import SequenceMatcher

from responder.model.visible import one_line

#: Words of each text that are compared.
_COMPARED = 200


def difference(before: str, after: str) -> str:
    """Return what changed between two texts: [-gone-] and {+new+} words; one line, safe to show.

    Of long ones at most 200 words from where they part: the time to compare grows with the square.
    """
    old, new, start = before.split(), after.split(), 0
    if max(len(old), len(new)) > _COMPARED:
        same = (place for place, (one, other) in enumerate(zip(old, new, strict=False)) if one != other)
        start = max(0, next(same, min(len(old), len(new))) - 5)
        old, new = old[start : start + _COMPARED], new[start : start + _COMPARED]
    said = ["…"] if start else []
    for tag, i, to_i, j, to_j in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            said += old[i:to_i]
            continue
        said += [f"[-{' '.join(old[i:to_i])}-]"] * (i < to_i) + [f"{{+{' '.join(new[j:to_j])}+}}"] * (
            j < to_j
        )
    return one_line(" ".join(said), 2000)
