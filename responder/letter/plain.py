"""Plain: a letter in 78 columns, for mails without HTML, folders and terminals."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from responder.letter.pieces import Cases, Chart, Fact, Facts, Page, Part, Topics
from responder.model.visible import visible

WIDTH = 78
_MARKS = "▁▂▃▄▅▆▇█"


def plain(page: Page) -> str:
    """Return it; a line is longer only where a word is (an address)."""
    if not page.parts:
        return _ended(_lines(page.first, ""))
    # what makes the rest less true comes before everything, also before the headline
    lines = [*_lines(page.first, "! "), ""] if page.first else []
    lines += [page.subject, ""]
    for part in page.parts:
        lines += [*_part(part), ""]
    return _ended([*lines, *_lines(page.last, "")])


def marks(counts: Sequence[int]) -> str:
    """Return a mark for each count, the higher the more: ▂▅▃█; none stands for nothing."""
    most = max(counts, default=0) or 1
    return "".join(_MARKS[-(-n * len(_MARKS) // most) - 1] if n else " " for n in counts)


def _ended(lines: Sequence[str]) -> str:
    # what comes from people is visible already; this makes sure
    return visible("\n".join(line.rstrip() for line in lines)) + "\n"


def _part(part: Part) -> Iterator[str]:
    title = part.title.upper()
    match part:
        case Cases():
            yield title
            yield from _cases(part)
        case Facts():
            yield title
            if part.note:
                yield from _wrapped(part.note, "  ", "  ")
            yield from _lines(part.facts, "  ")
        case Chart():
            yield title
            yield from _chart(part)
        case Topics():
            yield title
            told = ", ".join(f"{topic} {n} ({more})" for topic, n, more in part.topics)
            yield from _wrapped(told, "  ", "  ")
            yield from _wrapped(f"({part.note})", "  ", "  ")


def _cases(part: Cases) -> Iterator[str]:
    width = max(7, *(len(row.name) for row in part.rows))
    indent = " " * (width + 4)
    for row in part.rows:
        place = f"  {row.name:<{width}}  {row.tier}/{row.urgency:<3}  "
        due = "  ".join(filter(None, (row.owner, row.due)))
        room = WIDTH - len(place) - len(due) - 2
        who = row.who if len(row.who) <= room else f"{row.who[: room - 1]}…"
        yield f"{place}{who:<{room}}  {due}"
        if row.said:
            yield from _wrapped(f"“{row.said}”", indent, indent)
        if row.url:
            yield f"{indent}{row.url}"


def _lines(facts: Sequence[Fact], indent: str) -> list[str]:
    lines: list[str] = []
    for fact in facts:
        alone = fact.name and not fact.text
        words = "  ".join(filter(None, (fact.name, fact.url if alone else fact.text)))
        if fact.command and not fact.name:
            words = f"{words} → {fact.command}"
        lines += _wrapped(words, indent, " " * (len(indent) + 2 * bool(fact.name)))
        below = " " * (len(indent) + 2)
        lines += [
            f"{below}{one}" for one in ("" if alone else fact.url, fact.command if fact.name else "") if one
        ]
    return lines


def _wrapped(words: str, first: str, later: str) -> list[str]:
    return wrap(
        words,
        WIDTH,
        initial_indent=first,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [first]


def _chart(part: Chart) -> Iterator[str]:
    name = max(len(label) for label, _ in part.series)
    columns = range(len(part.days))
    widths = [max(len(part.days[at]), *(len(f"{counts[at]}") for _, counts in part.series)) for at in columns]
    marked = len(part.days)
    yield f"  {'':<{name}}  {'':<{marked}}  " + "  ".join(f"{part.days[at]:>{widths[at]}}" for at in columns)
    for label, counts in part.series:
        numbers = "  ".join(f"{counts[at]:>{widths[at]}}" for at in columns)
        yield f"  {label:<{name}}  {marks(counts)}  {numbers}"
