"""How long a post is, as Mastodon counts: characters that people see, and addresses at a fixed price."""

import re

import regex

#: What an address counts, unless the server says otherwise.
PER_LINK = 23
#: Whatever a server may take for an address ...
_MAYBE = re.compile(r"https?://\S+", re.IGNORECASE)
#: ... and what every server takes for one: plain letters, and the ending of a name that is old and known.
_SURELY = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:com|org|net|edu|gov|info|biz|shop|store|app|[a-z]{2})"
    r"(?!\.?[\w-])(?::[0-9]{1,5})?(?:[/?](?:[\w\-.~!$&'*+,;=:@%/?#()]*[\w\-~&=/#+%])?)?",
    re.IGNORECASE | re.ASCII,
)
#: After these no address begins; with these none ends.
_WITHIN = re.compile(r"[\w@#$]")
_AFTER = ".,;:!?)]}\"'»”…"
#: Somebody on another server, whose server is not counted.
_FAR = re.compile(r"(?<![=/\w])(@[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)@[\w.-]+\w", re.IGNORECASE)
_SEEN = regex.compile(r"\X")


def length(text: str, per_link: int = PER_LINK) -> int:
    """Return how many characters of a post `text` takes, and rather more than too few.

    Where servers may differ on what an address is, it counts in full.
    """
    counted, end = 0, 0
    for found in _MAYBE.finditer(text):
        counted += _characters(text[end : found.start()])
        before = text[max(0, found.start() - 1) : found.start()]
        surely = None if _WITHIN.match(before) else _SURELY.match(found[0])
        if surely:
            counted += per_link + _characters(found[0][surely.end() :])
        else:
            after = len(found[0]) - len(found[0].rstrip(_AFTER))
            counted += max(per_link + after, _characters(found[0]))
        end = found.end()
    return counted + _characters(text[end:])


def _characters(text: str) -> int:
    """Count what people see as one character: an emoji of seven code points is one."""
    text = _FAR.sub(r"\1", text)
    return len(text) if text.isascii() and "\r" not in text else len(_SEEN.findall(text))
