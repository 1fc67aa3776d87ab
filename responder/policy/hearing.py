"""Hearing: everything one text says, before anybody weighs it."""

import re
from dataclasses import dataclass, field

from responder.model.triage import GRAVE
from responder.policy.amounts import Amount, amounts
from responder.policy.cues import Cue, Hit, Kind
from responder.policy.tokens import LONGEST, Tokens, is_stop
from responder.policy.vocabulary import Several, Vocabulary

#: Three words in capitals, or an indignant row of marks, count as shouting.
_CAPITALS = re.compile(r"\b[A-ZÀ-ÖØ-ÞĆČĐŠŽА-Я]{4,40}\b")
_MARKS = re.compile(r"\?[!?]|!\?")
_SHOUTED_WORDS = 3
#: A cue of the kind "solved" that takes less away only says that something came.
_SETTLED = -20

#: How far a long text is heard for grave harm, in characters, and how much of a part the next hears again.
FARTHEST, _OVERLAP = 20_000, 200


@dataclass(slots=True)
class Heard:
    """What one text says, as far as its words are known."""

    tokens: Tokens
    #: The first hit of every cue that makes more urgent, by cue id.
    wrong: dict[str, Hit] = field(default_factory=dict)
    #: The same for every cue that makes calmer.
    calm: dict[str, Hit] = field(default_factory=dict)
    #: Praise and "solved" with a "not" before them.
    turned: dict[str, Hit] = field(default_factory=dict)
    #: How many words and phrases sound like spam.
    spam: int = 0
    #: Where each kind of calm cue was heard last.
    calm_at: dict[Kind, int] = field(default_factory=dict)
    #: Where something was last wrong, and where the last "but" stands; -1 for nowhere.
    wrong_at: int = -1
    turn_at: int = -1
    #: Grave harm after the first LONGEST characters: the cue and where it stands in the text.
    late: dict[str, tuple[Cue, int, int]] = field(default_factory=dict)
    #: The longest time and the highest count in the text, where something is wrong.
    wait: Amount | None = None
    count: Amount | None = None

    @property
    def solved(self) -> bool:
        """Whether it says that all is well now, and nothing wrong after that.

        That something came is not enough without a thank you: it may have come in pieces.
        """
        if not self.means(Kind.SOLVED) or self.calm_at[Kind.SOLVED] < self.wrong_at:
            return False
        points = min(hit.cue.points for hit in self.calm.values() if hit.cue.kind is Kind.SOLVED)
        return points <= _SETTLED or self.means(Kind.PRAISE)

    @property
    def text(self) -> str:
        """The text as it was said."""
        return self.tokens.text

    @property
    def causes(self) -> list[Cue]:
        """The cues of all that is wrong."""
        return [hit.cue for hit in self.wrong.values()] + [cue for cue, _, _ in self.late.values()]

    @property
    def whole(self) -> bool:
        """Whether the text was heard to its end."""
        return len(self.tokens.text) <= LONGEST

    def means(self, kind: Kind) -> bool:
        """Whether a calm kind was heard and no "but" took it back."""
        return self.calm_at.get(kind, -1) > self.turn_at

    def quote(self, hit: Hit | Amount) -> str:
        """Return the words of a hit as they stand in the text."""
        start, end = self.tokens.span(hit.first, hit.after)
        return self.tokens.text[start:end]


def listen(tokens: Tokens, vocabulary: Vocabulary | Several) -> Heard:
    """Find the cues of `vocabulary` in a text, and how long and how often where something is wrong."""
    heard = Heard(tokens)
    for hit in vocabulary.hits(heard.tokens):
        if hit.cue.kind is not Kind.SOLVED or not _asked(heard.tokens.words, hit.after):
            _sort_in(hit, heard)
    if heard.calm:
        turns = vocabulary.grammar.turns
        heard.turn_at = max(
            (place for place, word in enumerate(heard.tokens.words) if word in turns), default=-1
        )
    if heard.wrong:
        heard.wait, heard.count = amounts(heard.tokens.words, vocabulary.grammar)
    if not heard.whole:
        late = _grave(heard.text, vocabulary)
        heard.late = {name: place for name, place in late.items() if name not in heard.wrong}
    return heard


def _grave(text: str, vocabulary: Vocabulary | Several) -> dict[str, tuple[Cue, int, int]]:
    """Find grave harm from LONGEST to FARTHEST: a fire may stand at the end of a long story."""
    found: dict[str, tuple[Cue, int, int]] = {}
    for middle in range(LONGEST, min(len(text), FARTHEST), LONGEST - _OVERLAP):
        begin = middle - _OVERLAP
        part = Tokens(text[begin : begin + LONGEST])
        for hit in vocabulary.hits(part):
            if hit.cue.kind is Kind.HARM and hit.cue.tier >= GRAVE and not hit.denied:
                start, end = part.span(hit.first, hit.after)
                found.setdefault(hit.cue.id, (hit.cue, begin + start, begin + end))
    return found


def shouting(text: str) -> tuple[int, int]:
    """Return the span of the first thing shouted, (0, 0) where nobody shouts."""
    capitals = list(_CAPITALS.finditer(text, 0, LONGEST))
    if len(capitals) >= _SHOUTED_WORDS:
        return capitals[0].span()
    marks = _MARKS.search(text, 0, LONGEST)
    return marks.span() if marks else (0, 0)


def _asked(words: list[str], place: int) -> bool:
    """Whether the sentence that goes on at `place` ends with a question mark."""
    end = next((word for word in words[place:] if is_stop(word) and word != ","), "")
    return "?" in end


def _sort_in(hit: Hit, heard: Heard) -> None:
    """Put one hit where it belongs."""
    cue = hit.cue
    if cue.kind in {Kind.HARM, Kind.BREACH, Kind.NEED}:
        if not hit.denied:
            heard.wrong.setdefault(cue.id, hit)
            if cue.tier:
                heard.wrong_at = max(heard.wrong_at, hit.first)
    elif hit.denied and cue.kind in {Kind.PRAISE, Kind.SOLVED}:
        heard.turned.setdefault(cue.id, hit)
        heard.wrong_at = max(heard.wrong_at, hit.first)
    else:
        heard.calm.setdefault(cue.id, hit)
        heard.spam += cue.kind is Kind.SPAM
        heard.calm_at[cue.kind] = max(heard.calm_at.get(cue.kind, -1), hit.first)
