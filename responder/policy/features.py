"""Features: what the learned model sees of a post besides its n-grams, the same in every language."""

import re
from math import log1p

from responder.policy.hearing import Heard
from responder.policy.sentiment import Sound
from responder.policy.tokens import LONGEST

_CAPITALS = re.compile(r"\b[^\W\d_a-zß-öø-ÿа-я]{3,40}\b")
_SMILES = frozenset(":) :-) ;) ;-) :)) 😊 🙂 😀 😁 😍 🥰 👍 🙏 ❤ 💕 🎉 😂 🤣 😄 😃 😉 👏 💪".split())  # noqa: SIM905
_FROWNS = frozenset(":( :-( :(( 😡 😠 🤬 😢 😭 😤 🙄 👎 😞 😔 🤮 💔 🤦 😩 😒".split())  # noqa: SIM905
#: The feature that a topic was named.
TOPIC = "topic"
#: So many words are no more than a cry, and so many are a story.
_FEW, _MANY = 6, 30
#: A sum of points at which cues count as one.
_POINTS = 30.0


def features(text: str, heard: Heard, topic: str, sound: Sound) -> dict[str, float]:
    """Return the features that are not 0, by name, each about 0 to 1.

    `topic` is what the post names ("" for nothing), `sound` what TextBlob's lexicon hears (English only).
    Pure; the first 2,000 characters count.
    """
    found = {**_of_cues(heard), **_of_amounts(heard), **_of_shape(text[:LONGEST], heard.tokens.words)}
    if topic:
        found[TOPIC] = 1.0
    if sound.polarity:
        found["pleased" if sound.polarity > 0 else "displeased"] = abs(sound.polarity)
    if sound.subjectivity:
        found["opinion"] = sound.subjectivity
    return found


def _of_cues(heard: Heard) -> dict[str, float]:
    """Return what the cues say, by their ids and by their kinds."""
    found: dict[str, float] = {}
    points = 0
    for hit in (*heard.wrong.values(), *heard.calm.values()):
        found[hit.cue.id] = 1.0
        name = f"kind {hit.cue.kind}"
        found[name] = found.get(name, 0.0) + 0.5
        points += hit.cue.points
    for name in heard.turned:
        found[f"not {name}"] = 1.0
    if points:
        found["points" if points > 0 else "relief"] = log1p(abs(points) / _POINTS)
    tier = max((cue.tier for cue in heard.causes), default=0)
    for least in range(1, tier + 1):
        found[f"tier {least}"] = 1.0
    if heard.solved:
        found["all solved"] = 1.0
    return found


def _of_amounts(heard: Heard) -> dict[str, float]:
    """Return how long and how often, and whether a "but" turns it."""
    found = {
        "wait": log1p(max(0.0, heard.wait.value)) / 5 if heard.wait else 0.0,
        "count": float(heard.count is not None),
        "turn": float(heard.turn_at >= 0),
    }
    return {name: value for name, value in found.items() if value}


def _of_shape(text: str, words: list[str]) -> dict[str, float]:
    """Return how the text looks."""
    length, at, capitals = len(words), text.count("@"), len(_CAPITALS.findall(text))
    marks = "".join([word for word in words if word[0] in "!?.…"])
    shape = {
        "few": length <= _FEW,
        "many": length >= _MANY,
        "ends ?": text.rstrip().endswith("?"),
        "@": at > 0,
        "@@": at > 1,
        "begins @": text.startswith("@"),
        "begins .@": text.startswith(".@"),
        "link": "http" in text or "www." in text,
        "#": "#" in text,
        "quote": '"' in text or "“" in text,
        "RT": text.startswith("RT "),
        "number": any(word[0].isdigit() for word in words),
        "money": "$" in text or "€" in text or "£" in text,
        "capital": capitals > 0,
        "capitals": capitals > 2,
        "smile": not _SMILES.isdisjoint(words),
        "frown": not _FROWNS.isdisjoint(words),
    }
    if marks:
        shape |= {
            "?": "?" in marks,
            "!": "!" in marks,
            "!!": marks.count("!") > 1,
            "?!": "?!" in marks or "!?" in marks,
            "...": "…" in marks or "..." in marks,
        }
    found = {name: 1.0 for name, so in shape.items() if so}
    if length:
        found["length"] = log1p(length) / 3
    return found
