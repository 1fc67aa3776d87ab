"""Reference: a code that a customer says on the phone, by which their case is found.

Eight syllables and a letter that proves them: "lomi-rusa-bato-fikun". It is made to be said and heard in
eight languages. Of letters that sound alike in one of them it has only one, so whoever hears another of
that family still finds the case: "p" is read as "b", "d" as "t", "e" as "i".
"""

import re
from collections.abc import Callable
from hashlib import sha256
from unicodedata import normalize

CONSONANTS = "bfklmnrst"
VOWELS = "aiou"
SYLLABLES = 8
#: A syllable's share in the proof, one row of weights for consonants and one for vowels: each weight has no
#: common divisor with 9, nor has the difference of neighbours, so one wrong letter and two consonants or two
#: vowels that changed places with their neighbours always show.
_WEIGHTS = ((1, 2), (4, 5))
#: Letters of a code in one group, as people are shown it.
_GROUP = 4
#: What letters outside the alphabet are heard as; Cyrillic as it is said. Others count for nothing.
_FAMILIES = {
    "b": "pvw8бвп", "f": "ф", "k": "cgqгк", "l": "л", "m": "м", "n": "н", "r": "р", "s": "z5сзцчшщж",
    "t": "dтд", "a": "а", "i": "ey1еийъ", "o": "0о", "u": "ую",
}  # fmt: skip
_HEARD = str.maketrans({one: letter for letter, family in _FAMILIES.items() for one in family})
#: What nobody wants to say to a customer, as it sounds in one of the eight languages. Three letters where so
#: many are enough to be heard, else four: a code that holds one anywhere, hyphens aside, is drawn again. No
#: word with two consonants together, or with a letter that the alphabet lacks, can stand in a code at all.
RUDE = (
    "fuk", "fik", "fut", "fot", "kur", "kuk", "kak", "kok", "kul", "kun", "kum", "tit", "nik", "sis",
    "bita", "biti", "buta", "fasi", "fata", "fita", "kona", "lolo", "loka", "loko", "mari", "mona", "moro",
    "nabo", "nasi", "nuta", "rabo", "rata", "riti", "rita", "sati", "sota", "suka", "suki", "tara", "tuta",
)  # fmt: skip

#: A code as `spelt` shows it.
_SYLLABLE = f"[{CONSONANTS}][{VOWELS}]"
_SPELT = re.compile(rf"\b(?:{_SYLLABLE * 2}-){{3}}{_SYLLABLE * 2}[{CONSONANTS}]\b", re.ASCII)


def drawn(below: Callable[[int], int]) -> str:
    """Return a new code; `below(n)` gives a number under n by chance that nobody can guess."""
    while True:
        letters = "".join(
            CONSONANTS[below(len(CONSONANTS))] + VOWELS[below(len(VOWELS))] for _ in range(SYLLABLES)
        )
        letters += _proof(letters)
        if not any(rude in letters for rude in RUDE):
            return letters


def spelt(code: str) -> str:
    """Return a code as people are shown it: "lomi-rusa-bato-fikun"."""
    last = SYLLABLES * 2 - _GROUP
    return "-".join([*(code[at : at + _GROUP] for at in range(0, last, _GROUP)), code[last:]])


def spelt_in(text: str) -> tuple[tuple[int, int], ...]:
    """Return where codes stand in a text, as people are shown them; what has a wrong proof is none."""
    found = ((match.span(), match[0].replace("-", "")) for match in _SPELT.finditer(text))
    return tuple(span for span, letters in found if _proof(letters[:-1]) == letters[-1])


def heard(words: str) -> str:
    """Return the code that somebody typed as they heard it; "" where it cannot be one.

    Capitals, accents, spaces and signs between are as good as none.
    """
    plain = normalize("NFKD", words[:200]).casefold().translate(_HEARD)
    letters = "".join(one for one in plain if one in CONSONANTS or one in VOWELS)
    if len(letters) != SYLLABLES * 2 + 1 or any(
        one not in (VOWELS if at % 2 else CONSONANTS) for at, one in enumerate(letters)
    ):
        return ""
    return letters if _proof(letters[:-1]) == letters[-1] else ""


def mark(code: str) -> str:
    """Return what a code is looked up by, and what the journal holds instead of it."""
    return sha256(f"reference {code}".encode()).hexdigest()


def _proof(letters: str) -> str:
    """Return the letter that proves so many syllables."""
    total = 0
    for at in range(SYLLABLES):
        consonant, vowel = CONSONANTS.index(letters[2 * at]), VOWELS.index(letters[2 * at + 1])
        total += _WEIGHTS[0][at % 2] * consonant + _WEIGHTS[1][at % 2] * vowel
    return CONSONANTS[total % len(CONSONANTS)]
