"""The HTML that Mastodon makes of what people type."""

import re
from collections.abc import Callable
from html import escape

_ENTITY = re.compile(
    r"(?P<link>https?://[^\s<>\"“”]+[^\s<>\"“”.,;:!?)'…])|(?<![\w/])@(?P<user>\w+(?:@[\w.:-]+\w)?)"
    r"|(?<![\w/])#(?P<tag>\w*[^\W\d]\w*)"
)


def markup(text: str, profile: Callable[[str], str | None]) -> str:
    """Return the HTML of a text; `profile` gives the address behind a handle, None where there is nobody."""
    pieces, end = [], 0
    for found in _ENTITY.finditer(text):
        pieces += [escape(text[end : found.start()]), _entity(found, profile)]
        end = found.end()
    pieces.append(escape(text[end:]))
    return paragraphs("".join(pieces))


def paragraphs(html: str) -> str:
    """Part paragraphs at empty lines, of which any number is one, and break lines at the others."""
    parts = re.split(r"\n\n+", html)
    return "".join(f"<p>{part.replace(chr(10), '<br />')}</p>" for part in parts)


def _entity(found: re.Match[str], profile: Callable[[str], str | None]) -> str:
    if found["link"]:
        return _link(found["link"])
    if found["tag"]:
        tag = escape(found["tag"])
        address = f"https://social.example/tags/{tag}"
        return f'<a href="{address}" class="mention hashtag" rel="tag">#<span>{tag}</span></a>'
    where = profile(found["user"])
    if where is None:
        return f"@{escape(found['user'])}"
    name = f"@<span>{escape(found['user'].partition('@')[0])}</span>"
    return f'<span class="h-card"><a href="{escape(where)}" class="u-url mention">{name}</a></span>'


def _link(url: str) -> str:
    """Hide the scheme, and all after thirty characters."""
    prefix = re.match(r"https?://(?:www\.)?", url)
    hidden = prefix[0] if prefix else ""
    shown, rest = url[len(hidden) :][:30], url[len(hidden) :][30:]
    cut = "ellipsis" if rest else ""
    return (
        f'<a href="{escape(url)}" target="_blank" rel="nofollow noopener noreferrer">'
        f'<span class="invisible">{escape(hidden)}</span><span class="{cut}">{escape(shown)}</span>'
        f'<span class="invisible">{escape(rest)}</span></a>'
    )
