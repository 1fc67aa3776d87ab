"""Language: which of our languages a post is in, by its script and py3langid; its one home."""

import warnings
from array import array
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

#: The languages we hear and answer (ISO 639-1).
OURS = ("bg", "de", "en", "es", "fr", "hr", "sl", "sv")
#: Others that people here write, which must not be taken for one of ours.
_OTHERS = {
    "af": "Afrikaans", "be": "Belarusian", "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish",
    "et": "Estonian", "eu": "Basque", "fi": "Finnish", "ga": "Irish", "gl": "Galician", "hu": "Hungarian",
    "id": "Indonesian", "is": "Icelandic", "it": "Italian", "la": "Latin", "lb": "Luxembourgish",
    "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian", "mt": "Maltese", "nl": "Dutch",
    "nn": "Norwegian", "no": "Norwegian", "oc": "Occitan", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sq": "Albanian", "sw": "Swahili", "tl": "Tagalog",
    "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese",
}  # fmt: skip
#: Written in Latin letters, these read like Croatian; a speaker of one reads it.
_LIKE_CROATIAN = ("bs", "sr")
_CROATIAN = "hr"
_CYRILLIC = frozenset({"bg", "be", "mk", "ru", "uk", "sr"})
_NEVER_LATIN = _CYRILLIC | set(_LIKE_CROATIAN)
#: Letters of Russian, Ukrainian, Serbian and Macedonian that Bulgarian does not have.
_NOT_BULGARIAN = frozenset("ыэёіїєґђѓјљњћќџѕ")
#: By how much (log-odds) another language must lead before a text is taken for none of ours, and within
#: which lead two of ours are too close to call.
_FOREIGN, _CLOSE = 8.0, 5.0
#: Within this lead a post is heard in both of ours.
_NEAR = 12.0
#: Words remembered; strangers choose them, so the memory has an end.
_MEMO_SIZE, _LONGEST_WORD = 50_000, 40
_NOTHING = -1e30


class Known(NamedTuple):
    """What is known of the language of a post."""

    #: One of ours, or None: none of ours, or no words to tell it by.
    code: str | None
    #: Why, for a person; "" where there is nothing to say.
    says: str = ""
    #: Another of ours that it may be as well: harm is heard in both.
    also: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """The languages in which to hear it; none: in all."""
        return tuple(code for code in (self.code, self.also) if code)


def identify(words: Sequence[str], told: str | None, home: str) -> Known:
    """Return the language of a text by its words (tokens: lower case).

    What the network told decides where two of ours are too close to call (Slovenian and Croatian often are),
    then `home`, the account's own language. A text in another language is None, never a guess at one of ours;
    so is a text without words, unless its language was told.
    """
    spoken = [word for word in words if word[0].isalpha()]
    hint = told if told in OURS else home
    if not spoken:
        return Known(told if told in OURS else None, "no words to tell a language by")
    script = _script(spoken)
    if script is None:
        return Known(None, "written in letters of no language of ours")
    return _by_words(spoken, script, hint)


def _script(words: Sequence[str]) -> str | None:
    """Return the script most letters are of: latin, cyrillic, or None for any other."""
    if "".join(words).isascii():
        return "latin"
    counts = {"latin": 0, "cyrillic": 0, "": 0}
    for word in words:
        letter = word[0]
        if letter < "\u0250" or "\u1e00" <= letter < "\u1f00":
            counts["latin"] += len(word)
        elif "\u0400" <= letter < "\u0530":
            counts["cyrillic"] += len(word)
        else:
            counts[""] += len(word)
    return max(counts, key=lambda script: counts[script]) or None


def _by_words(words: Sequence[str], script: str, hint: str) -> Known:
    """Return the language that the words speak for."""
    identifier = _identifier()
    scores = identifier.scores(words)
    ours, others = identifier.latin if script == "latin" else identifier.cyrillic
    if script == "latin":
        croatian = ours[_CROATIAN]
        scores[croatian] = max(scores[place] for place in (croatian, *identifier.like_croatian))
    elif not _NOT_BULGARIAN.isdisjoint("".join(words)):
        ours = {}
    heard = {code: scores[place] for code, place in ours.items()}
    foreign = max([scores[place] for place in others.values()])
    best = max(heard, key=heard.__getitem__, default="")
    if not best or foreign - heard[best] > _FOREIGN:
        other = max(others, key=lambda code: scores[others[code]])
        return Known(None, f"reads like {_OTHERS.get(other, other)}, which is none of ours")
    if hint != best and heard.get(hint, _NOTHING) > heard[best] - _CLOSE:
        return Known(hint, f"between {best} and {hint} too close to call", best)
    least = heard.pop(best) - _NEAR
    also = max(heard, key=heard.__getitem__, default="")
    return Known(best, also=also if also and heard[also] > least else "")


class _Identifier:
    """py3langid asked word by word: what it says of a text is the sum over its words, each asked once."""

    def __init__(self, library: Any, table: Any) -> None:  # types of libraries that are loaded late
        self._library = library
        #: The languages of the columns, and what the library says of each without any word.
        self._languages: tuple[str, ...] = tuple(dict.fromkeys(library.nb_classes))
        self._prior = [float(library.nb_pc[library.nb_classes.index(code)]) for code in self._languages]
        places = {code: place for place, code in enumerate(self._languages)}
        #: By script, the columns of our languages and of others.
        self.latin = _sides({code: at for code, at in places.items() if code not in _NEVER_LATIN})
        self.cyrillic = _sides({code: at for code, at in places.items() if code in _CYRILLIC})
        self.like_croatian = [places[code] for code in _LIKE_CROATIAN]
        self._rows: dict[str, int] = {}
        #: A row a word; the first is never used, so that a row's number is true.
        self._table = table

    def scores(self, words: Sequence[str]) -> list[float]:
        """Return the log-likelihood of the words in each language."""
        if len(self._rows) + len(words) >= _MEMO_SIZE - 2:  # before, so that no row of these is written anew
            self._rows.clear()
        rows = [self._rows.get(word) or self._ask(word) for word in words]
        scores: list[float] = self._table[rows].sum(0).tolist()
        return scores

    def _ask(self, word: str) -> int:
        """Ask the library about one word, and remember it."""
        row = len(self._rows) + 1
        said = dict(self._library.rank(f" {word[:_LONGEST_WORD]} "))
        # the library says the lowest number there is where it knows nothing of a word
        known = max(said.values()) > _NOTHING
        self._table[row] = [
            said[code] - prior if known else 0.0
            for code, prior in zip(self._languages, self._prior, strict=True)
        ]
        self._rows[word] = row
        return row


class _Moves:
    """The library's table of moves in a fortieth of its memory: of each row only what differs from another.

    It is the table of an automaton that reads letters: a row is much like the one it would be without the
    first letter it has read. The library reads it by the same number as its own: a row times 256 and a byte.
    """

    def __init__(self, np: Any, table: Any, row_of: Any) -> None:  # a library that is loaded late, its arrays
        like = _resembled(np, table, row_of)
        differ = table != table[like]
        self._start = int(row_of[0])
        self._common: list[int] = table[self._start].tolist()
        self._like: array[int] = array("I", like.astype("u4").tobytes())
        #: The bytes on which a row differs, row after row, and the states they lead to.
        self._bytes: bytes = differ.nonzero()[1].astype("u1").tobytes()
        self._states: array[int] = array("I", table[differ].astype("u4").tobytes())
        self._ends: array[int] = array("I", [0, *differ.sum(1).cumsum().tolist()])

    def __getitem__(self, move: int) -> int:
        """Return the state after a move."""
        row, byte = move >> 8, move & 255
        while row != self._start:
            place = self._bytes.find(byte, self._ends[row], self._ends[row + 1])
            if place >= 0:
                return self._states[place]
            row = self._like[row]
        return self._common[byte]


def _resembled(np: Any, table: Any, row_of: Any) -> Any:
    """Return for each row the one that it is like, which is nearer to the first; the first is like itself."""
    start = row_of[0]
    like = np.full(len(table), start)
    known = np.zeros(len(table), bool)
    known[start] = True
    states, likes = table[start], np.full(256, start)
    while len(states):
        rows, places = np.unique(row_of[states], return_index=True)
        likes = likes[places][~known[rows]]
        rows = rows[~known[rows]]
        known[rows], like[rows] = True, likes
        at, byte = (table[rows] != table[likes]).nonzero()
        states, likes = table[rows[at], byte], row_of[table[likes[at], byte]]
    return like


def _sides(places: Mapping[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """Return the places of our languages and of others."""
    ours = {code: at for code, at in places.items() if code in OURS}
    return ours, {code: at for code, at in places.items() if code not in OURS}


@cache
def _identifier() -> _Identifier:
    """Load py3langid with the languages that matter here; the rest of its model is let go."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import numpy as np
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

    whole = LanguageIdentifier.from_model_file(MODEL_FILE)
    wanted = {*OURS, *_OTHERS, *_LIKE_CROATIAN}
    places = [place for place, code in enumerate(whole.nb_classes) if code in wanted]
    moves = np.frombuffer(whole.tk_nextmove, whole.tk_nextmove.typecode).reshape(-1, 256)
    rows = np.frombuffer(whole.tk_row, whole.tk_row.typecode)
    classes = [whole.nb_classes[place] for place in places]
    library = LanguageIdentifier(
        whole.nb_ptc[:, places].copy(),
        whole.nb_pc[places].copy(),
        classes,
        _Moves(np, moves, rows),
        array("i", whole.tk_output),
        tk_row=whole.tk_row,
    )
    return _Identifier(library, np.zeros((_MEMO_SIZE, len(set(classes))), np.float32))
