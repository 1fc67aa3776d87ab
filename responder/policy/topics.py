"""Topics: what a complaint is about, named from its words, or not at all where its words do not tell."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from responder.policy.cues import Cue, Hit, Kind, Said, base_language
from responder.policy.tokens import Tokens, is_stop
from responder.policy.vocabulary import Several, Vocabulary

#: The topic of a complaint that names none: it has words for a reply, and none by which it is heard.
UNCLEAR = "unclear"
#: Kinds of remedy a topic may lead to.
REMEDIES = (
    "refund",
    "replacement",
    "repair",
    "credit",
    "discount",
    "voucher",
    "correction",
    "rebooking",
    "priority",
    "visit",
    "reframed_plan",
    "access",
    "free_hours",
    "own_contact",
    "donation",
)
#: A phrase weighs as much as it has words, up to this.
_HEAVIEST = 3
#: So much heavier than the next must a topic be that the catalogue ranks after that.
_MARGIN = 2
#: Words that must speak for a topic when nobody knows the language.
_LEAST_UNTOLD = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One entry of the catalogue."""

    id: str
    #: What it is, in English, for the digest.
    says: str
    #: Which topics belong together: "delivery", "money" ...
    family: str
    #: What may be offered to put it right, of REMEDIES.
    remedies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How a reply speaks of a topic in one language: clauses without a full stop, with {formal|informal}."""

    #: Our failing, in active voice.
    own: tuple[str, ...]
    #: What it typically costs them.
    cost: tuple[str, ...]
    #: What I do now.
    step: tuple[str, ...]
    #: Why to move into private.
    reason: str
    #: One good question, as a whole sentence.
    ask: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """The topics in one language."""

    #: Cues whose id is a topic's; those that take points away take the topic back in their sentence.
    vocabulary: Vocabulary
    #: By topic, how a reply speaks of it.
    tellings: Mapping[str, Telling]


class Topics:
    """The catalogue, and by language the words that name its topics and the words that tell of them."""

    def __init__(self, catalogue: Mapping[str, Topic], spoken: Mapping[str, Spoken]) -> None:
        self.catalogue = dict(catalogue)
        self._spoken = spoken
        self._rank = {name: rank for rank, name in enumerate(catalogue)}

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages there are words for (ISO 639-1), in order."""
        return tuple(sorted(self._spoken))

    def tellings(self, language: str) -> Mapping[str, Telling]:
        """Return by topic how a reply speaks of it; empty for a language that has no words for topics."""
        return self._spoken[language].tellings if language in self._spoken else {}

    def name(self, text: str, language: str | None) -> str:
        """Return the id of the topic that `text` names, "" when none is sure.

        For a language that is not told or not ours the words of all are heard, and more of them must agree.
        """
        return self.name_in(Tokens(text), language)

    def name_in(self, tokens: Tokens, language: str | None) -> str:
        """Do the same for a text already cut into tokens."""
        known = self._spoken.get(base_language(language))
        weights = (
            _weights(known.vocabulary.everything(tokens), tokens.words)
            if known
            else self._pooled_weights(tokens)
        )
        ranked = sorted(weights.items(), key=lambda entry: (-entry[1], self._rank[entry[0]]))
        if not ranked:
            return ""
        (best, most), *others = ranked
        heavy = [name for name, weight in others if weight > most - _MARGIN]
        return min([best, *heavy], key=self._rank.__getitem__)

    def _pooled_weights(self, tokens: Tokens) -> dict[str, int]:
        """Return the weights in the language that most words speak for; none when two do, or too few."""
        by_language: dict[str, list[Hit]] = defaultdict(list)
        for hit in self._pooled.everything(tokens):
            by_language[hit.cue.language].append(hit)
        weighed = [_weights(hits, tokens.words) for hits in by_language.values()]
        if not weighed:
            return {}
        most = max(sum(weights.values()) for weights in weighed)
        loudest = [weights for weights in weighed if sum(weights.values()) == most]
        agreed = all(set(weights) == set(loudest[0]) for weights in loudest)
        return loudest[0] if agreed and most >= _LEAST_UNTOLD else {}

    @cached_property
    def _pooled(self) -> Several:
        """All languages as one."""
        return Several([one.vocabulary for one in self._spoken.values()])


def naming(topic: str, language: str, spelt: Iterable[tuple[str, ...]], *, takes_back: bool = False) -> Said:
    """Return phrases as a cue that names `topic`, or takes it back."""
    cue = Cue(
        id=topic,
        language=language,
        tier=0,
        points=-1 if takes_back else 1,
        kind=Kind.PRAISE if takes_back else Kind.BREACH,
        says="",
    )
    return Said(cue, tuple(dict.fromkeys(spelt)))


def _weights(hits: Sequence[Hit], words: list[str]) -> dict[str, int]:
    """Return how heavy each topic weighs: the words of its phrases, none twice, none within another."""
    named = sorted((hit for hit in hits if hit.cue.points > 0), key=lambda hit: (hit.first, -hit.after))
    if not named:
        return {}
    taken_back = _taken_back(hits, words)
    weights: dict[str, int] = defaultdict(int)
    heard: set[tuple[str, tuple[str, ...]]] = set()
    reach = (0, 0)  # the farthest span so far: what ends within it is a part of it
    for hit in named:
        span = (hit.first, hit.after)
        if hit.after <= reach[1] and span != reach:
            continue
        reach = span
        said = (hit.cue.id, tuple(words[hit.first : hit.after]))
        if said not in heard and not taken_back(hit):
            heard.add(said)
            weights[hit.cue.id] += min(hit.after - hit.first, _HEAVIEST)
    return dict(weights)


def _taken_back(hits: Sequence[Hit], words: list[str]) -> Callable[[Hit], bool]:
    """Return whether a hit is taken back by a phrase in its sentence."""
    back = [hit for hit in hits if hit.cue.points < 0]
    if not back:
        return lambda _: False
    sentence_of = _sentences(words)
    places = {(hit.cue.id, sentence_of[hit.first]) for hit in back}
    return lambda hit: (hit.cue.id, sentence_of[hit.first]) in places


def _sentences(words: list[str]) -> list[int]:
    """Return the number of the sentence each word stands in; a comma ends none."""
    number, out = 0, []
    for word in words:
        out.append(number)
        if is_stop(word) and word not in {",", ";", "–", "—"}:
            number += 1
    return out
