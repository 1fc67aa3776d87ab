"""Judges: what only code can tell of a draft, from what surrounds it."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache

from responder.model.draft import Origin
from responder.model.mention import Audience
from responder.policy.detectors import WHOLE, Context, Hit
from responder.policy.planner import Playbook
from responder.policy.reading import Reading
from responder.policy.similar import SAME, similar

#: Public replies of ours after which a thread is a quarrel before an audience.
_TURNS = 3
#: A post this long (in words that mean something) has said what is wrong.
_TOLD = 8
#: Words of a voicemail: about half a minute.
_VOICEMAIL = 75
#: Sentences with a cause that a reply may hold.
_CAUSES = {Audience.PUBLIC: 1}
_MOST_CAUSES = 2
#: As many letters of a word as its forms share.
_STEM = 5
#: An amount with its currency before or behind it.
_CURRENCY = (
    r"(?:[$€£]|(?:eur|usd|gbp|chf|bgn|sek|kr|kn|лв)\b|euro|evr|dollar|dólar|d[oó]lar|pound|pfund|libra|livre"
    r"|kron|евр|лев|долар)"
)
_FIGURES = r"\d{1,3}(?:[.,\u00a0 ]\d{3})+(?:[.,]\d{1,2})?|\d{1,7}(?:[.,]\d{1,2})?"
_MONEY = re.compile(rf"{_CURRENCY}\s?({_FIGURES})(?!\d)|(?<!\d)({_FIGURES})\s?{_CURRENCY}", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3,40}")
_SPLIT = re.compile(r"(?:^|\s)\(?[1-9] ?/ ?[2-9]\)?(?=\s|$)")
_SIGNED = re.compile(
    r"(?:\^ ?\w[\w .,-]{0,30}|(?:^|\n|[.!?…] ?)\s{0,3}[-–—~] ?[^\W\d_][\w .-]{0,30}"
    r"|\n[^\W\d_][\w .-]{0,30}|\b[-/]{1,2} ?[A-Z]{2,3})\s*$"
)
_NAMES_ITSELF = re.compile(
    r"^(?:[^\W\d_]{2,20} (?:here|hier|ici|här|aquí|tukaj|ovdje|тук)[.,:;!-]"
    r"|(?:ici|hier ist|aquí|tukaj|här är|ovdje|тук е) [^\W\d_]{2,20}\b)",
    re.IGNORECASE,
)


def too_long(reading: Reading, context: Context) -> Sequence[Hit]:
    """Return the whole text when the network would not take it, and the marks of a reply cut into parts."""
    over = context.count(reading.text) - context.length
    if over > 0:
        return (Hit(0, 0, f"{over:,} {context.unit} over the limit of {context.length:,}"),)
    if context.audience is not Audience.PUBLIC or "/" not in reading.text:
        return ()
    ends = {0, len(reading.text)}
    marks = (match.span() for match in _SPLIT.finditer(reading.text))
    return [Hit(*span, "Is cut into parts") for span in marks if ends & set(span)]


def other_language(reading: Reading, context: Context) -> Sequence[Hit]:  # noqa: ARG001  # the shape of a judge
    """Return the whole text when the complaint is known to be in another language (region aside)."""
    theirs = (context.mention_language or "").partition("-")[0].lower()
    if len(theirs) == 2 and theirs != context.language:  # networks say "und" or "zxx" when they do not know
        return (Hit(0, 0, f"The complaint is in {theirs}, this reply in {context.language}"),)
    return ()


def copied(reading: Reading, context: Context) -> Sequence[Hit]:
    """Return the whole text when one of our recent public replies was nearly the same."""
    if context.playbook == Playbook.OUTAGE:
        return ()  # everybody who is hit gets the same status
    alike = max((similar(reading.text, other) for other in context.recent), default=0.0)
    return (Hit(0, 0, f"Is to {alike:.0%} what we told somebody else"),) if alike >= SAME else ()


def unsigned(reading: Reading, context: Context) -> Sequence[Hit]:
    """Return the whole text when nobody puts their name to it."""
    text = reading.text.rstrip()
    if context.signature and context.signature in text[-len(context.signature) - 3 :]:
        return ()
    return () if _SIGNED.search(text) or _NAMES_ITSELF.match(text) else (WHOLE,)


def ping_pong(reading: Reading, context: Context) -> Sequence[Hit]:  # noqa: ARG001  # the shape of a judge
    """Return the whole text when we have answered often enough in front of everybody."""
    if context.turns < _TURNS:
        return ()
    return (Hit(0, 0, f"We have answered {context.turns} times in this thread already"),)


def uninvited(reading: Reading, context: Context) -> Sequence[Hit]:  # noqa: ARG001  # the shape of a judge
    """Return the whole text when the post does not speak to us."""
    return (WHOLE,) if context.addressed is False else ()


def long_or_telling_voicemail(reading: Reading, context: Context) -> Sequence[Hit]:
    """Return what a voicemail should not be: longer than half a minute, or about something."""
    if context.playbook != "voicemail":
        return ()
    words = len(reading.text.split())
    out = [Hit(0, 0, f"Has {words} words; half a minute holds {_VOICEMAIL}")] if words > _VOICEMAIL else []
    if context.topic_of and (topic := context.topic_of(reading.text, context.language)):
        out.append(Hit(0, 0, f"Tells whoever listens what it is about: {topic.replace('_', ' ')}"))
    return out


def restated(stop: Collection[str]) -> Callable[[Reading, Context], Sequence[Hit]]:
    """Return the judge of whether a reply names the problem; `stop` are words that name none."""
    idle = frozenset(stop)

    def judge(reading: Reading, context: Context) -> Sequence[Hit]:
        theirs = (context.mention_language or context.language).partition("-")[0].lower()
        if not context.mention_text or theirs != context.language:
            return ()
        if context.origin is Origin.OURS:
            return ()  # the planner names what it is sure of, and asks where it is not
        told = _stems(context.mention_text, idle)
        if len(told) < 2 or told & _stems(reading.text, idle):  # too little was said to name it
            return ()
        if context.topic_of and (topic := context.topic_of(context.mention_text, context.language)):
            return () if context.topic_of(reading.text, context.language) == topic else (WHOLE,)
        return (WHOLE,)

    return judge


def mixed_register(
    formal: Callable[[Reading], Sequence[tuple[int, int]]],
    informal: Callable[[Reading], Sequence[tuple[int, int]]],
) -> Callable[[Reading, Context], Sequence[Hit]]:
    """Return the judge of whether a reply keeps to one way of saying you, and to the company's own."""

    def judge(reading: Reading, context: Context) -> Sequence[Hit]:
        polite, close = formal(reading), informal(reading)
        if polite and close:
            return [
                Hit(*reading.place(*span), "Says you in two ways") for span in min(close, polite, key=len)
            ]
        wrong = close if context.register == "formal" else polite if context.register == "informal" else ()
        return [Hit(*reading.place(*span), f"Is not {context.register}, as we speak") for span in wrong]

    return judge


def unapproved(hits: Sequence[Hit], reading: Reading, context: Context) -> Sequence[Hit]:
    """Return the remedies nobody approved; in public, an approved one still keeps its figures to itself."""
    if not context.remedy:
        return hits
    if context.remedy_ended:
        says = f"Offers {context.remedy}, which ended on {context.remedy_ended.isoformat()}"
        return [Hit(hit.start, hit.end, says) for hit in hits]
    if context.audience is not Audience.PUBLIC:
        return list(_above_the_cap(hits, reading, context))
    if not context.remedy_in_public:
        return hits
    return [hit for hit in hits if any(char.isdecimal() for char in reading.text[hit.start : hit.end])]


def _above_the_cap(hits: Sequence[Hit], reading: Reading, context: Context) -> Iterator[Hit]:
    """Yield the offers in whose sentence more money stands than anybody may grant, each sentence once."""
    most, seen = context.remedy_most, set[int]()
    for hit in sorted(hits) if most is not None else ():
        number = reading.sentence_number(hit.start)
        start, end = reading.place(*reading.sentence(reading.unplace(hit.start)))
        told = max(map(_value, _MONEY.findall(reading.text[start:end])), default=0.0)
        if most is not None and told > most and number not in seen:
            seen.add(number)
            yield Hit(hit.start, hit.end, f"Offers {told:g}, and nobody may grant more than {most:g}")


def _value(found: tuple[str, str]) -> float:
    """Return an amount as it was written: "1,250.00", "1.250,00", "20"."""
    told = (found[0] or found[1]).rstrip(".,")
    whole, mark, part = told.replace(",", ".").rpartition(".")
    if mark and len(part) == 3:  # it sets thousands apart
        whole, part = f"{whole}{part}", "0"
    return float(f"{(whole or part).replace('.', '')}.{part if whole else 0}")


def asked_again(hits: Sequence[Hit], reading: Reading, context: Context) -> Sequence[Hit]:  # noqa: ARG001  # the shape
    """Return open questions to somebody who has told already."""
    told = len(_WORD.findall(context.mention_text))
    return hits if told >= _TOLD else ()


def off_key(hits: Sequence[Hit], reading: Reading, context: Context) -> Sequence[Hit]:  # noqa: ARG001  # the shape
    """Return cheer where somebody complains; there is none to spoil where nothing is wrong."""
    return hits if context.tier is None or context.tier > 0 or context.mention_text else ()


def too_many_causes(hits: Sequence[Hit], reading: Reading, context: Context) -> Sequence[Hit]:
    """Return the sentences with a cause past what a reply may hold: one in public, two elsewhere."""
    most = _CAUSES.get(context.audience, _MOST_CAUSES)
    sentences: dict[int, Hit] = {}
    for hit in sorted(hits):
        sentences.setdefault(reading.sentence_number(hit.start), hit)
    return list(sentences.values())[most:]


def told_from_files(hits: Sequence[Hit], reading: Reading, context: Context) -> Sequence[Hit]:
    """Return what our files say about a customer, unless all its words are the customer's own in public."""
    if context.regulated or not context.mention_text:
        return hits
    said = _stems(context.mention_text, frozenset())
    return [hit for hit in hits if not _stems(reading.text[hit.start : hit.end], frozenset()) <= said]


def as_found(hits: Sequence[Hit], reading: Reading, context: Context) -> Sequence[Hit]:  # noqa: ARG001  # the shape
    """Return what was found."""
    return hits


@lru_cache(maxsize=256)
def _stems(text: str, idle: frozenset[str]) -> frozenset[str]:
    """Return the beginnings of the words of `text` that mean something."""
    words = _WORD.findall(Reading(text[:20_000]).folded)
    return frozenset(word[:_STEM] for word in words if word not in idle and len(word) > 3)
