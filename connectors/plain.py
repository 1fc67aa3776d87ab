"""HTML from strangers as plain text; it knows no network, and what it reads is only text to us."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from urllib.parse import unquote

#: These stand apart from what is before and after them.
_BLOCKS = frozenset({"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table"})
#: What these hold is not for reading.
_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript", "iframe", "object", "svg"})
#: Marks that people type and servers turn into tags; they are put back as they are typed.
_MARKS = {"code": "`", "b": "**", "strong": "**", "i": "*", "em": "*", "u": "__", "s": "~~", "del": "~~"}
#: Nobody quotes a quote of a quote more often.
_DEEPEST = 5
_SCHEME = re.compile(r"^https?://(?:www\.)?", re.IGNORECASE)
#: What is for machines only, or where a tag seems to begin and none does.
_NO_TAG = re.compile(r"<[!?][^<>]*>|<(?!/?[a-zA-Z][^<>]*>)")


def plain(html: str, people: Mapping[str, str] | None = None) -> str:
    """Return the text of a post as a reader sees it, with its links whole.

    Paragraphs are parted by an empty line, quoted lines begin with "> ", points of a list with "- ", and
    words that hide where their link leads are followed by the address in brackets. `people` is handles by
    the addresses of profiles: a mention reads as @handle. Blanks stay as they are.
    """
    reader = _Reader(people or {})
    reader.feed(_with_whole_tags(html))
    reader.close()
    return reader.text()


def _with_whole_tags(html: str) -> str:
    """Return HTML without comments, and with each < as a letter that begins no tag.

    Over tags that never end the parser goes back and forth: a page of them would keep it busy for hours.
    """
    return _NO_TAG.sub(lambda found: "" if found[0] != "<" else "&lt;", "".join(_without_comments(html)))


def _without_comments(html: str) -> Iterator[str]:
    end = 0
    while (start := html.find("<!--", end)) >= 0 and (stop := html.find("-->", start)) >= 0:
        yield html[end:start]
        end = stop + 3
    yield html[end:]


class _Reader(HTMLParser):
    """Writes down one post as its HTML is read."""

    def __init__(self, people: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self._people = people
        self._page = _Page()
        #: The links that are open: address, words so far.
        self._links: list[tuple[str, list[str]]] = []
        self._marks: Counter[str] = Counter()
        #: The lists that are open: the number of the last point, None where points have no numbers.
        self._lists: list[int | None] = []
        self._silent = 0
        self._as_typed = 0

    def text(self) -> str:
        """Return what was read."""
        self._leave_links()
        return self._page.text()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "br":
            self._break()
        elif tag == "a":
            self._leave_links()  # no link stands within another
            self._links.append((dict(attrs).get("href") or "", []))
        elif tag == "img":  # within a text it is an emoji, and its name stands for it
            self._write(dict(attrs).get("alt") or "")
        elif tag in _MARKS and not self._as_typed:
            self._marks[tag] += 1
            self._write(_MARKS[tag])
        else:
            self._enter(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "a" and self._links:
            self._leave_link()
        elif self._marks[tag]:
            self._marks[tag] -= 1
            self._write(_MARKS[tag])
        else:
            self._leave(tag)

    def handle_data(self, data: str) -> None:
        first, *others = data.split("\n")
        self._write(first)
        for line in others:
            self._break()
            self._write(line)

    def _enter(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._page.part(1 if self._lists else 2)
        if tag == "blockquote":
            self._page.quoted += 1
        elif tag in {"ul", "ol"}:
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._point()
        elif tag in {"tr", "dt", "dd"}:
            self._page.part(1)
        elif tag == "hr":
            self._alone("---")
        elif tag == "pre":
            self._page.part(2)
            self._write("```")
            self._page.part(1)
            self._as_typed += 1

    def _leave(self, tag: str) -> None:
        if tag == "pre" and self._as_typed:
            self._as_typed -= 1
            self._page.part(1)
            self._write("```")
            self._page.part(2)
        if tag == "blockquote":
            self._page.quoted = max(0, self._page.quoted - 1)
        elif tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
        if tag in _BLOCKS:
            self._page.part(1 if self._lists else 2)

    def _point(self) -> None:
        self._page.part(1)
        number = self._lists[-1] if self._lists else None
        if number is not None:
            self._lists[-1] = number + 1
        indent = "  " * min(len(self._lists) - 1, _DEEPEST)
        self._page.point = indent + ("- " if number is None else f"{number + 1}. ")

    def _alone(self, words: str) -> None:
        self._page.part(2)
        self._write(words)
        self._page.part(2)

    def _write(self, words: str) -> None:
        if self._silent:
            return
        if self._links:
            self._links[-1][1].append(words)
        else:
            self._page.write(words)

    def _break(self) -> None:
        if self._links:
            self._write(" ")
        elif not self._silent:
            self._page.end_line()

    def _leave_links(self) -> None:
        while self._links:
            self._leave_link()

    def _leave_link(self) -> None:
        address, said = self._links.pop()
        self._write(_link(address.strip(), "".join(said), self._people))


class _Page:
    """Lines of text, parted as their blocks ask for."""

    def __init__(self) -> None:
        #: How many quotes we are in.
        self.quoted = 0
        #: What marks the next line as a point of a list.
        self.point = ""
        self._pieces: list[str] = []
        #: Ends of lines before the next word: those that were written, and those that blocks ask for.
        self._ends = self._apart = 0
        #: The quotes that the last word stood in; whether a word was written since the last block began.
        self._was_quoted = 0
        self._begun = False

    def text(self) -> str:
        return "".join(self._pieces)

    def part(self, ends: int) -> None:
        """End a block: the next word stands so many ends of lines below."""
        self._apart = max(self._apart, ends)
        self._ends = 0
        self._begun = False

    def end_line(self) -> None:
        self._ends += 1

    def write(self, words: str) -> None:
        """Add words to the line; blanks before the first word of a block are how its HTML is laid out."""
        if not words or not (self._begun or words.strip()):
            return
        ends = max(self._apart, self._ends) if self._pieces else 0
        if ends:
            both = min(self._was_quoted, self.quoted, _DEEPEST)
            self._pieces.append("\n" + (">" * both + "\n") * (ends - 1))
        if ends or not self._pieces:
            self._pieces.append("> " * min(self.quoted, _DEEPEST) + self.point)
            self.point = ""
        self._pieces.append(words)
        self._ends = self._apart = 0
        self._was_quoted, self._begun = self.quoted, True


def _link(address: str, said: str, people: Mapping[str, str]) -> str:
    """Return what a link says, and where it leads unless that is the same."""
    if address in people and said.startswith("@"):
        return f"@{people[address]}"
    scheme = address.partition(":")[0].lower()
    if said[:1] in {"#", "@"} or scheme not in {"http", "https", "mailto", "tel"}:
        return said
    if scheme in {"mailto", "tel"}:
        there = address.partition(":")[2].partition("?")[0]
        return said if said.strip() == unquote(there) else f"{said} ({there})"
    if not said.strip():
        return address
    shown, there = _bare(said), _bare(address)
    if shown == there:
        return said if _SCHEME.match(said.strip()) else address
    if shown.endswith(("…", "...")) and there.startswith(shown.rstrip("….")):
        return address
    return f"{said} ({address})"


def _bare(address: str) -> str:
    """Return an address as it can be compared with what people see of it."""
    return unquote(_SCHEME.sub("", address.strip())).rstrip("/")
