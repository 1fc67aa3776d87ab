"""Weighing: how long a text is to X, by the configuration it publishes (twitter-text, version 3)."""

import re
from unicodedata import normalize

from connectors.x.links import links

#: The longest post of an account without Premium, and the longest anybody may write.
LENGTH, LONGEST = 280, 25_000
#: What a link weighs, however long it is.
_LINK = 23
#: Characters that weigh 1; every other one weighs 2.
_LIGHT = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
#: What may be drawn as a picture, alone or joined to others.
_PICTURE = (
    "[\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a-\u23ff\u24c2\u25aa-\u27bf\u2934\u2935\u2b05-\u2b55"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_DRAWN = f"{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff]?"
#: An emoji, which weighs 2 whatever it is made of: a flag, a key, a flag of a part of a country, pictures
#: joined to one, and the two signs that weigh 1 when they are not drawn.
_EMOJI = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}"
    "|[0-9#*]\ufe0f?\u20e3"
    "|\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"
    f"|{_DRAWN}(?:\u200d{_DRAWN})*"
    "|[\xa9\xae]\ufe0f"
)


def weight(text: str) -> int:
    """Return the weighted length of `text`.

    The @names that X puts before a reply weigh nothing; what is written here does, and they are not
    written here.
    """
    text = normalize("NFC", text)
    total = at = 0
    for link in links(text):
        total += _of(text[at : link.start]) + _LINK
        at = link.end
    return total + _of(text[at:])


def _of(text: str) -> int:
    """Weigh what holds no link."""
    if text.isascii():
        return len(text)
    rest, emoji = _EMOJI.subn("", text)
    return 2 * emoji + sum(1 if _light(ord(char)) else 2 for char in rest)


def _light(code: int) -> bool:
    return any(first <= code <= last for first, last in _LIGHT)
