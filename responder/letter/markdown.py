"""Markdown: a letter for chats; short, and nothing that somebody wrote is markup in it."""

import re
from collections.abc import Iterator

from responder.letter.pieces import Cases, Chart, Fact, Facts, Page, Part, Row, Topics
from responder.letter.plain import marks

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+!|~$&])")
#: What calls people and rooms in chats: @everyone, <!channel>, #room.
_CALLS = re.compile(r"([@#!<])(?=[\w@#!])")
#: ... and what only is at the start of a line.
_START = re.compile(r"^(\s*)([-=]|\d+\.)")


def markdown(page: Page) -> str:
    """Return it."""
    blocks = [_fact(one) for one in page.first]
    blocks += [f"**{escaped(page.subject)}**"] if page.parts else []
    blocks += ["\n".join(_part(part)) for part in page.parts]
    blocks += [_fact(one) for one in page.last]
    return "\n\n".join(blocks) + "\n"


def escaped(words: str) -> str:
    """Return words of somebody, none of which is markup; nobody is called by them."""
    quiet = _CALLS.sub("\\1\u2060", words)  # a word joiner: nothing to see, and no name any more
    return _START.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", quiet))


def _part(part: Part) -> Iterator[str]:
    yield f"**{escaped(part.title)}**"
    match part:
        case Cases():
            yield from (_row(row) for row in part.rows)
        case Facts():
            if part.note:
                yield f"_{escaped(part.note)}_"
            yield from (f"- {_fact(one)}" for one in part.facts)
        case Chart():
            for label, counts in part.series:
                yield f"- {escaped(label)} `{marks(counts)}` {' '.join(map(str, counts))}"
        case Topics():
            yield from (f"- {escaped(f'{topic} {n} ({more})')}" for topic, n, more in part.topics)
            yield f"_{escaped(part.note)}_"


def _row(row: Row) -> str:
    name = f"[{row.name}]({_address(row.url)})" if row.url else row.name
    facts = " · ".join(
        escaped(one) for one in (f"{row.tier}/{row.urgency}", row.who, row.owner, row.due) if one
    )
    return f"- **{name}** {facts}: {escaped(row.said)}"


def _fact(fact: Fact) -> str:
    name = f"[{fact.name}]({_address(fact.url)})" if fact.name and fact.url else fact.name
    words = [f"**{name}**"] if name else []
    words += [escaped(fact.text)] if fact.text else []
    words += [f"`{fact.command}`"] if fact.command else []
    return " ".join(words)


def _address(url: str) -> str:
    """Return an address that ends where it ends."""
    return re.sub(r"[()<>\\\[\]`*_]", lambda one: f"%{ord(one[0]):02X}", url)
