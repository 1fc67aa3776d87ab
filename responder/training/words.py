"""Words that a model may learn from customers' posts: plain ones, of no name, handle, address or number."""

import re
from collections.abc import Iterable

from responder.model.mention import Mention
from responder.policy.tokens import LONGEST

#: A plain word, with the signs that may stand around it; "don't" is one.
_WORD = re.compile(r"[(\[\"'“”„«»‘’¡¿]*([^\W\d_]{2,20}(?:['’]t)?)[)\]\"'“”„«»‘’.,;:!?…]*")
#: What ends a sentence, so that a capital after it is no name.
_ENDS = tuple('.!?…:"“”„«»)')
_PART = re.compile(r"[^\W\d_]+")


def names_of(posts: Iterable[Mention]) -> frozenset[str]:
    """Return every word that may be a name: of an author, or written with a capital inside a sentence.

    German writes every noun so: of German posts no noun is learned.
    """
    names: set[str] = set()
    for post in posts:
        names.update(part.lower() for part in _PART.findall(f"{post.author.handle} {post.author.name}"))
        begins = True
        for chunk in post.text[:LONGEST].split():
            found = _WORD.fullmatch(chunk)
            word = found[1] if found else ""
            if word and word[0].isupper() and not word.isupper() and not begins:
                names.add(_plain(word))
            begins = chunk.endswith(_ENDS)
    return frozenset(names)


def learnable(text: str, names: frozenset[str]) -> set[str]:
    """Return the words of a text that its author wrote in small letters and that stand for nobody."""
    found = (_WORD.fullmatch(chunk) for chunk in text[:LONGEST].split())
    return {_plain(one[1]) for one in found if one and one[1].islower()} - names


def _plain(word: str) -> str:
    return word.lower().replace("’", "'")
