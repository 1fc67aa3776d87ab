"""Texts: what people see of a post, from what X sends of it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

#: A name at the beginning of a reply, with the one blank that X puts after it.
_NAME = re.compile(r"@\w{1,15} ", re.ASCII)
_SHORT = re.compile(r"https?://t\.co/\w+", re.ASCII)
_LINK = re.compile(r"https?://\S+")
#: A link that X adds for the button under our reply.
_BUTTON = re.compile(r"https://(?:x|twitter)\.com/messages/compose\?\S*", re.IGNORECASE)
#: How a link to a post begins, and one to a picture or film in a post.
_POST = r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com"
_PICTURE = rf"{_POST}/\w+/status/[0-9]+/(?:photo|video)/[0-9]+"
#: What X writes for the three characters that HTML keeps for itself; the last one last.
_ESCAPES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def hidden(text: str, shown_from: int) -> str:
    """Return the names before a reply that X put there itself and shows to nobody.

    `shown_from` is where X says that the text begins; as its own examples are off by one, only whole names
    are taken.
    """
    end = 0
    while (name := _NAME.match(text, end)) and name.end() - 1 <= shown_from:
        end = name.end()
    return text[:end]


def plain(text: str, before: str, urls: Sequence[Any]) -> str:
    """Return a text without the names in `before`, its characters unescaped, its links in full.

    A link is shown as X tells where it leads: t.co says nothing to a person, and outlives no account.
    """
    text = text.removeprefix(before)
    for escape, char in _ESCAPES:
        text = text.replace(escape, char)
    known = {
        url["url"]: url.get("expanded_url") for url in urls if isinstance(url, Mapping) and url.get("url")
    }
    text = _SHORT.sub(lambda short: str(known.get(short[0]) or short[0]), text)
    last = text.rpartition(" ")
    return last[0] if _BUTTON.fullmatch(last[2]) else text


def names(text: str, handle: str) -> bool:
    """Whether a text, as people see it, names `handle` itself."""
    name = rf"(?<![A-Za-z0-9_!#$%&*@＠])[@＠]{re.escape(handle)}(?![A-Za-z0-9_@\u00c0-\u024f]|://)"
    return re.search(name, _LINK.sub(" ", text), re.IGNORECASE) is not None


def quotes(text: str, handle: str) -> bool:
    """Whether a text, as people see it, quotes a post of `handle`: a link to one is last but pictures."""
    link = rf"{_POST}/{re.escape(handle)}/status/[0-9]+\S*"
    return re.search(rf"(?:^|\s){link}(?:\s+{_PICTURE})*\s*$", text, re.IGNORECASE) is not None
