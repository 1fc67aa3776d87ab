"""Contact points and figures in a draft: what leads a customer elsewhere, and what may be somebody's data."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from responder.policy.detectors import Context, Hit
from responder.policy.reading import Cover, Reading

#: Endings that networks turn into links even without "https://": every country's, and those that are in use.
_COUNTRIES = (
    "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by "
    "bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi "
    "fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in "
    "io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md "
    "me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe "
    "pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st "
    "su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu "
    "wf ws ye yt za zm zw рф бг ею срб укр"
)
_OTHERS = (
    "com org net info biz edu gov mil int name pro mobi tel app dev help support care service services team "
    "shop store site online web website xyz link click page live chat top club social email news today "
    "world life space fun win vip icu cyou buzz zip mov rocks tech cloud digital media agency group center "
    "solutions customer contact loan money cash credit bank finance legal travel tours flights hotel blog "
    "space one example test"
)
_ENDINGS = "|".join((*_COUNTRIES.split(), *_OTHERS.split()))
_NAME = r"[\w-]{1,63}"
_MAIL = re.compile(rf"(?<![\w.+@-])[\w.+-]{{1,64}}@{_NAME}(?:\.{_NAME}){{1,5}}")
_LINK = re.compile(
    r"(?<!\w)(?:[a-z][a-z0-9+.-]{1,15}://|www\.)[^\s<>\"]{1,400}|(?<!\w)(?:tel|mailto|sms):[^\s<>\"]{1,99}"
)
_BARE = re.compile(
    rf"(?<![\w@./-])(?:{_NAME}\.){{1,5}}(?:(?:{_ENDINGS})(?![\w-])|[a-z]{{2,24}}(?=/\w))(?:/[^\s<>\"]{{0,300}})?"
)
_HANDLE = re.compile(r"(?<![\w@./])(?:@\w[\w.-]{0,99}(?:@[\w.-]{1,99})?|/?u/[\w-]{2,40})")
_PHONE = re.compile(r"(?<![\w.])\+?\(?\d(?:[ ().\-/]{0,2}\d){6,14}(?![\w])")
#: Without one of these there is no contact point; most drafts hold none.
_DOTTED = re.compile(r"\.\w|(?:tel|mailto|sms):")
_FIGURES = re.compile(r"\d[ ().\-/]{0,2}\d[ ().\-/]{0,2}\d")

_IBAN = re.compile(r"(?<!\w)[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){3,7}(?: ?[a-z0-9]{1,3})?(?!\w)")
_GROUPED = re.compile(r"(?<!\d)\d(?:[ .\-/]?\d){5,30}")
_RUN = re.compile(r"\d{4,40}")
_DATA = (_MAIL, _IBAN, _GROUPED, _RUN)
_FOUR_FIGURES = re.compile(r"\d[ .\-/]?\d[ .\-/]?\d[ .\-/]?\d")
#: A booking code as airlines and shops print it: capitals and figures, at least two of each.
_MAYBE_CODE = re.compile(r"[A-Z0-9]{6}")
_CODE = re.compile(
    r"(?<!\w)(?=[A-Z0-9]{0,10}[A-Z][A-Z0-9]{0,10}[A-Z])(?=[A-Z0-9]{0,10}\d[A-Z0-9]{0,10}\d)[A-Z0-9]{6,14}(?!\w)"
)
#: Figures that say when, not who: dates, opening hours, and a year after a word of time.
_WHEN = re.compile(
    r"(?<!\d)(?:\d{1,2}[.:]\d\d ?(?:-|to|and) ?\d{1,2}[.:]\d\d"
    r"|(?:19|20)\d\d-\d\d-\d\d|\d{1,2}[./-]\d{1,2}[./-](?:20)?\d\d)(?!\d)"
    r"|(?<!\w)(?:in|since|of|from|until|by|before|after|during|than|compared to|january|february|march|april"
    r"|may|june|july|august|september|october|november|december|spring|summer|autumn|winter) "
    r"(?:19|20)\d\d(?!\d)"
)


class Contact(NamedTuple):
    """One contact point, in folded positions."""

    start: int
    end: int
    #: Comparable form: host, e-mail address, digits, or handle with its @.
    key: str


@dataclass(frozen=True, slots=True)
class Allowed:
    """Our own contact points, sorted by kind."""

    hosts: tuple[str, ...]
    keys: frozenset[str]

    def holds(self, key: str) -> bool:
        """Whether `key` is ours: one of the keys, a host of ours, or a host below one."""
        return key in self.keys or any(key == host or key.endswith(f".{host}") for host in self.hosts)


def unknown_contacts(reading: Reading, context: Context) -> Sequence[Hit]:
    """Return every link, address, phone number and handle that is neither ours nor the customer's own."""
    text = reading.spelt
    if not ("@" in text or "/" in text or _DOTTED.search(text) or _FIGURES.search(text)):
        return ()
    ours = _allowed(context.allowed)
    own = f"@{context.handle.lower()}" if context.handle else ""
    strange = (
        reading.place(contact.start, contact.end)
        for contact in _contacts(text)
        if not (own and contact.key == own) and not ours.holds(contact.key)
    )
    return [
        Hit(start, end, f"{reading.text[start:end]} is not one of our contact points")
        for start, end in strange
    ]


def disclosed_data(reading: Reading, context: Context) -> Sequence[Hit]:
    """Return every figure or address that could identify somebody, unless the customer said it in public."""
    text = reading.spelt
    codes = list(_CODE.finditer(reading.text)) if _MAYBE_CODE.search(reading.text) else []
    if not codes and "@" not in text and not _FOUR_FIGURES.search(text):
        return ()
    said = _said(context.mention_text)
    names = " ".join(context.allowed).lower()
    text = _masked(text, [*_spans_of_ours(text, context), *(match.span() for match in _WHEN.finditer(text))])
    places = [
        match.span() for match in codes if match[0].lower() not in said and match[0].lower() not in names
    ]
    for pattern in _DATA:
        unsaid = (match.span() for match in pattern.finditer(text) if _squeezed(match[0]) not in said)
        places.extend(reading.place(*span) for span in unsaid)
    return [
        Hit(start, end, f"{reading.text[start:end]} was not said by the customer in public")
        for start, end in places
    ]


def _contacts(text: str) -> Iterator[Contact]:
    """Yield the contact points in folded text; where two readings overlap, the first kind wins."""
    taken: list[tuple[int, int]] = []
    for pattern, key in _KINDS:
        cover = Cover(
            [*taken, *(match.span() for match in _WHEN.finditer(text))] if pattern is _PHONE else taken
        )
        for match in pattern.finditer(text):
            start = match.start()
            end = start + len(match[0].rstrip(".,;:!?)'\"-…"))
            if not cover.touches(start, end):
                taken.append((start, end))
                yield Contact(start, end, key(text[start:end]))


def _host(link: str) -> str:
    """Return the host a link leads to; "" when it hides one behind a name, a scheme or a backslash."""
    scheme, _, rest = link.rpartition("://") if "://" in link[:20] else ("https", "", link)
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if scheme not in {"http", "https"} or "@" in authority or "\\" in authority or ":" in scheme:
        return ""
    host = authority.partition(":")[0]
    return host.removeprefix("www.").rstrip(".")


def _handle(words: str) -> str:
    """Return a handle in comparable form, reddit's u/name too."""
    return "@" + words.lstrip("/").removeprefix("u/").lstrip("@").rstrip(".-")


def _digits(words: str) -> str:
    """Return the figures of a phone number; an international one with its +."""
    figures = "".join(char for char in words if char.isdecimal())
    return f"+{figures}" if words.startswith("+") else figures


def _squeezed(words: str) -> str:
    """Return words without the signs that people put between figures."""
    return re.sub(r"[ .\-/]", "", words)


#: In this order: what a link holds is no handle, and what an address holds is no link.
_KINDS = ((_LINK, _host), (_MAIL, str), (_HANDLE, _handle), (_BARE, _host), (_PHONE, _digits))


@lru_cache(maxsize=64)
def _allowed(contacts: tuple[str, ...]) -> Allowed:
    """Sort our contact points by kind, once for each configuration."""
    hosts: list[str] = []
    keys: set[str] = set()
    for contact in map(str.lower, contacts):
        if contact.startswith("@"):
            keys.add(_handle(contact))
        elif _MAIL.fullmatch(contact):
            keys.add(contact)
        elif _PHONE.fullmatch(contact):
            keys.add(_digits(contact))
        elif host := _host(contact):
            hosts.append(host)
    return Allowed(tuple(hosts), frozenset(keys))


def _said(mention_text: str) -> frozenset[str]:
    """Return what the customer said that could identify somebody, in comparable form."""
    folded = Reading(mention_text).folded
    said = {_squeezed(match[0]) for pattern in _DATA for match in pattern.finditer(folded)}
    return frozenset(said | {code.lower() for code in _CODE.findall(mention_text)})


def _masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return `text` with a sign in each place of `spans` that belongs to no word and no number."""
    pieces: list[str] = []
    end = 0
    for start, last in sorted(spans):
        pieces += [text[end:start], "\0" * (last - max(start, end))]
        end = max(last, end)
    return "".join([*pieces, text[end:]])


def _spans_of_ours(text: str, context: Context) -> Iterator[tuple[int, int]]:
    """Yield where folded text holds our own names and contact points (links apart) or anybody's handle."""
    ours = _allowed(context.allowed)
    for contact in _contacts(text):
        if contact.key in ours.keys or contact.key.startswith("@"):
            yield contact.start, contact.end
    for words in context.allowed:
        if any(char.isdecimal() for char in words):  # a name like "Studio 5400"
            name = re.escape(Reading(words).folded)
            yield from (match.span() for match in re.finditer(rf"(?<![\w@.]){name}(?!\w)", text))
