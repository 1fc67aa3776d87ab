"""The form of a worksheet: one TOML file with a comment on each answer, written and read back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from textwrap import wrap
from typing import Any
from unicodedata import normalize

from responder.model.facts import BROKEN, FAULTS, Facts
from responder.model.promise import Promise
from responder.model.remedy import Remedy
from responder.model.visible import one_line, visible
from responder.model.worksheet import KEYS, LEGAL, LINES, OPTIONS, Option, Worksheet, missing
from responder.policy.sheets import Sheet, Table
from responder.settings.showing import toml

_WIDTH = 100
#: A word for whoever fills it in.
WORD = (
    "A word for you who write this: things go wrong, and promises cannot always be kept; that is normal."
    " Somebody who owns it, comes prepared and puts it right often binds a customer more than if nothing had"
    " happened. Take your time for this page; the talk gets short by it."
)
#: What each answer is, in the order of the form.
HELP = {
    "happened": f"What led to it, in at most {LINES} lines, in order. No blame, no names: what happened.",
    "effect": "What it did to them: time, money, trouble, how it felt.",
    "why": "Why it went wrong, as far as you know. Not known yet is an answer too.",
    "prevention": "What you change so that it does not come back: by whom, until when.",
    "goal": "Why they came to you in the first place: what they want to reach. With nothing else in hand,"
    " this is where you go back to: what of it can you still make happen, and how?",
    "promised_by": "Where a promise was broken: who gave it (also somebody who has left, or who sold it).",
    "promised_when": "When, and on which way: in a mail, on the phone, in the contract.",
    "evidence": "Where that can be seen: an address, a ticket, a mail. Ask before you doubt them.",
    "informed": "Everybody who must know or help, and whom you have told: team, manager, who delivers it.",
    "legal": 'Whether lawyers have to look, as where there is a contract: "no" or "yes".',
    "longer": "More of it, for when they ask: dates, steps, how it works. Answer what they ask, no more.",
}
_OPTIONS = (
    f"What you may offer, at most {OPTIONS}, the better one first; each with the authority for it. To use"
    ' one, take away the "#" before its lines. remedy: an id of the catalogue (responder remedies), or empty.'
    " authorised_by: who with the authority said yes."
)
_REPLY = (
    "Only what stands below may be in words that they get, in the language of the reply. All above stays with"
    " us. What you tell with `responder redo` wins over it."
)
#: What may be said, and an example of each.
REPLY = {
    "fault": f"Whose fault it is: {', '.join(filter(None, FAULTS))}.",
    "broke": f"How a promise was broken: {', '.join(filter(None, BROKEN))}.",
    "promised": 'What was promised: "a new phone by Friday".',
    "solution": 'What we will do: "we send a new one on Monday".',
    "prevention": "What we changed so that it does not happen again.",
    "since": 'Since when an outage lasts: "13:10".',
    "owner": "Who looks after it, by the name customers may hear.",
    "number": "The number to call us back.",
    "window": 'When we call: "between 10:00 and 12:00".',
}
_LISTS = ("happened", "informed")
_TEXTS = tuple(key for key in KEYS if key not in _LISTS)
_OPTION = tuple(one.name for one in fields(Option))


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the form says of the case it is for."""

    name: str
    #: What they wrote last.
    said: str
    #: What fits it, of the catalogue.
    fitting: Sequence[Remedy] = ()
    #: What we promised them in replies, as the ledger has it.
    promised: Sequence[Promise] = ()


def form(sheet: Worksheet | None, about: About) -> str:
    """Return the form with what is filled in; what a customer wrote stands in comments alone."""
    sheet = sheet or Worksheet()
    return (
        "\n".join([*_top(sheet, about), *_answers(sheet, about), *_offers(sheet, about), *_reply(sheet)])
        + "\n"
    )


def read_form(text: str, path: Path, base: Worksheet | None) -> tuple[Worksheet, list[str]]:
    """Return the worksheet that a form tells, and every problem as `path:line: message`.

    `base` is the one that is kept now: a form says which version it was made from.
    """
    problems: list[str] = []
    sheet = Sheet(path, text.encode("utf-8", "replace"), problems)
    if not sheet.readable:
        return Worksheet(), problems
    sheet.known("version", *HELP, "options", "reply")
    top = sheet.whole()
    if cut := _cut(top, base):
        top.problem(cut)
        return Worksheet(), problems
    told: dict[str, Any] = {key: _text(top, key) for key in _TEXTS}
    told |= {key: tuple(line.strip() for line in top.lines(key) if line.strip()) for key in _LISTS}
    kept = base.version if base else 0
    version = top.number("version", 0, 1_000_000) if top.has("version") else kept
    if told["legal"] not in LEGAL:
        top.problem(f'legal is "{one_line(told["legal"], 40)}"; it must be "no" or "yes"', key="legal")
    options = tuple(filter(None, (_option(one) for one in sheet.tables("options"))))
    reply = _facts(sheet.table("reply"))
    if problems:
        return Worksheet(), problems
    try:
        return Worksheet(**told, options=options, reply=reply, version=version), []
    except ValueError as error:
        key = str(error).split()[0].partition(".")[0]
        top.problem(str(error).rstrip("."), key=key)
        return Worksheet(), problems


def _cut(top: Table, base: Worksheet | None) -> str:
    """Return why a form is not one that somebody left on purpose: an editor that broke off leaves such."""
    if not top.keys:
        return "nothing stands in it; to take an answer out, leave its line and empty its quotes"
    if base and base.answers() and top.has("version") and not top.has("reply"):
        return "it ends before [reply], as if it was cut off; leave that line in, also with nothing under it"
    return ""


def line_of(text: str, key: str) -> int:
    """Return the line on which "effect" or "options.2.remedy" gets its value, or its table begins."""
    sheet = Sheet(Path("form"), text.encode("utf-8", "replace"), [])
    head, _, rest = key.partition(".")
    if head != "options":
        return sheet.line_of_key(rest or head)
    number, _, name = rest.partition(".")
    found = sheet.tables("options")[int(number) - 1]
    return sheet.line_of_key(name, found.line)


def _top(sheet: Worksheet, about: About) -> Iterator[str]:
    yield f"# The worksheet of {about.name}: what we know before anybody speaks to them."
    yield "#"
    yield from _comment(WORD)
    yield "#"
    yield "# They wrote last:"
    said = visible(about.said).split("\n")
    yield from (f"#   {line}" for one in said for line in wrap(one, _WIDTH - 4) or [""])
    if lacks := missing(sheet):
        yield "#"
        yield from _comment(f"Still to be filled in before a call or an e-mail: {', '.join(lacks)}.")
    yield ""
    yield "# Leave this as it is: it tells which one you began from."
    yield f"version = {sheet.version}"


def _answers(sheet: Worksheet, about: About) -> Iterator[str]:
    for key, says in HELP.items():
        yield ""
        yield from _comment(says)
        for one in about.promised if key == "promised_by" else ():
            told = (
                f"{one.name}, {one.made_at:%Y-%m-%d}, {one_line(one.owner, 40)}: {one_line(one.quote, 120)}"
            )
            yield from _comment(f"In the ledger: {told} ({str(one.status).lower()}).")
        value = getattr(sheet, key)
        if key in _LISTS:
            yield from (
                (f"{key} = [", *(f"    {toml(one)}," for one in value), "]") if value else (f"{key} = []",)
            )
        else:
            yield f"{key} = {_quoted(value)}"


def _offers(sheet: Worksheet, about: About) -> Iterator[str]:
    yield ""
    yield from _comment(_OPTIONS)
    for one in about.fitting:
        legal = f" Think of: {one.legal}" if one.legal else ""
        yield from _comment(f"Fits: {one.id}, {one.says}.{legal}")
    for option in sheet.options:
        yield "[[options]]"
        yield from (f"{key} = {toml(getattr(option, key))}" for key in _OPTION)
    for number in range(len(sheet.options), OPTIONS):
        guess = about.fitting[number].id if number < len(about.fitting) and not sheet.options else ""
        yield "# [[options]]"
        yield from (f"# {key} = {toml(guess if key == 'remedy' else '')}" for key in _OPTION)


def _reply(sheet: Worksheet) -> Iterator[str]:
    yield ""
    yield from _comment(_REPLY)
    yield "[reply]"
    for key, says in REPLY.items():
        yield f"# {says}"
        yield f"{key} = {toml(getattr(sheet.reply, key))}"


def _comment(says: str) -> Iterator[str]:
    yield from (f"# {line}" for line in wrap(says, _WIDTH - 2))


def _quoted(value: str) -> str:
    """Return a text as TOML writes it, over several lines where it has them."""
    if "\n" not in value:
        return toml(value)
    lines = [toml(line)[1:-1] for line in value.split("\n")]
    return '"""\n' + "\n".join(lines) + '"""'


def _text(table: Table, key: str) -> str:
    said = normalize("NFC", table.words(key, needed=False).strip())
    if visible(said) != said:  # it can come into words of ours, and people approve what they see
        table.problem(f"{key} holds something that cannot be seen; type it again", key=key)
    return said


def _option(table: Table) -> Option | None:
    """Return an option; None for one with nothing in it."""
    table.known(_OPTION, "an option")
    told = {key: _text(table, key) for key in _OPTION}
    if any(told.values()) and not told["what"]:
        table.problem("what is missing: say what you may offer", key="what")
    return Option(**told) if any(told.values()) else None


def _facts(table: Table) -> Facts:
    table.known(REPLY, "what may be said")
    told = {key: _text(table, key) for key in REPLY}
    for key, known in (("fault", FAULTS), ("broke", BROKEN)):
        if told[key] not in known:
            one_of = ", ".join(filter(None, known))
            table.problem(
                f'{key} is "{one_line(told[key], 40)}"; it must be one of {one_of}, or empty', key=key
            )
            told[key] = ""
    return Facts(**told)
