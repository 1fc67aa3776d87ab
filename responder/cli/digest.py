"""Digest: what is open, late and happened, as it goes out each day; printed, or sent now."""

# ruff: noqa: D417 (the desk is no argument that people give)

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from responder import letter
from responder.cli import failures
from responder.cli.desk import AtDesk
from responder.cli.filters import Filter, View, search_of
from responder.cli.reading import read_since
from responder.model.visible import visible

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas
    from responder.cli.desk import Desk
    from responder.model.digest import Digest
    from responder.model.recipient import Recipient
    from responder.model.search import Search

#: Stands after an "@" or a "<" in Markdown, so that a chat calls nobody.
_JOINER = "\u2060"
#: What `--format` takes.
Form = Literal["text", "html", "md", "json"]


@dataclass(frozen=True, slots=True)
class SentSheet:
    """To whom the digest went, by which way, and what went wrong."""

    sent: Sequence[Mapping[str, str]]
    schema: str = "responder.sent/1"

    def items(self) -> Sequence[Mapping[str, str]]:
        """Return one item for each recipient and way."""
        return self.sent

    def rows(self) -> Sequence[Sequence[str]]:
        """Return recipient, way, and the problem."""
        return [tuple(one.values()) for one in self.sent]

    def draw(self, canvas: "Canvas") -> None:
        """Draw a line for each."""
        for one in self.sent:
            style = "alarm" if one["problem"] else "good"
            said = one["problem"] or "sent"
            canvas.item((f"{one['recipient']} by {one['way']}", "strong"), (said, style), hang=4)


def digest(  # noqa: PLR0913 (one for each option)
    *filter: Filter,  # noqa: A002 (what people read in the help)
    view: View = "",
    since: Annotated[timedelta, Parameter(converter=read_since, metavar="TIME")] = timedelta(days=1),
    format: Form = "text",  # noqa: A002 (what people type)
    reader: Annotated[str, Parameter(name="--for", metavar="NAME")] = "",
    send: bool = False,
    to: Annotated[str, Parameter(metavar="NAME")] = "",
    desk: AtDesk,
) -> int:
    """Tell what is open, what is late and what happened; a filter limits its lists of cases, not its counts.

    Args:
        view: Limit the lists to a saved view.
        since: How far back "what happened" goes, like 24h or 7d; a day if it is left out.
        format: text, html, md or json; text if it is left out.
        reader: As this recipient of the config gets it: their time zone and language.
        send: Send it now by mail and chat, whatever was sent today: to all recipients, or to that of --to.
        to: Only to this recipient; see --send.
    """
    if send or to:
        if filter or view or not send:
            what = "A letter is not limited to cases." if send else f"Nothing goes to {to} without --send."
            raise failures.Trouble(failures.USAGE, what, todo="See: responder digest --help")
        return _send(desk, to)
    from responder.notify import folder_of

    as_of = _recipient(desk, reader) if reader else folder_of(desk.settings)
    now = desk.now().astimezone(as_of.zone)
    search = search_of(desk, filter, view) if filter or view else None
    _show(desk, _made(desk, search, since, now), as_of, format)
    return failures.DONE


def _made(desk: "Desk", search: "Search | None", since: timedelta, now: datetime) -> "Digest":
    from responder.steps.digest import digest as step

    accounts = {one.name: one.allowance for one in desk.settings.accounts}
    return step(desk.store, now - since, now, accounts=accounts, search=search)


def _show(desk: "Desk", made: "Digest", as_of: "Recipient", form: Form) -> None:
    """Print the digest in one of its four forms."""
    if desk.screen.manner.json:
        desk.screen.document("responder.digest/1", [letter.figures(made)])
        return
    if form == "json":
        desk.screen.write(json.dumps(letter.figures(made), indent=2, ensure_ascii=True) + "\n")
        return
    written = letter.write(made, desk.settings.company.name, as_of.zone, as_of.language, to=as_of.name)
    forms = {"text": written.text, "html": written.html, "md": written.markdown}
    if form == "md":
        # strangers' word joiners are written out by now; those that keep their @names quiet are ours
        desk.screen.write(_JOINER.join(map(visible, forms[form].split(_JOINER))), safe=True)
        return
    desk.screen.write(forms[form])


def _send(desk: "Desk", name: str) -> int:
    """Send the digest to one recipient, or to all; the code of the worst that happened."""
    from responder.notify import Desk as Letters
    from responder.notify import send_again

    told = desk.settings.told
    if not told:
        raise failures.Trouble(
            failures.USAGE,
            "Nobody is listed who could get it.",
            f"The digest is written into the folder {desk.settings.digest.folder}.",
            "List people as [[recipients]] in the config, and a mail server under [mail].",
        )
    letters = Letters(desk.store, desk.settings, desk.now())
    sent = [
        {"recipient": one.name, "way": str(way), "problem": problem}
        for one in ([_recipient(desk, name)] if name else told)
        for way, problem in send_again(letters, desk.app.sender, one)
    ]
    desk.screen.show(SentSheet(sent))
    return failures.FAILED if any(one["problem"] for one in sent) else failures.DONE


def _recipient(desk: "Desk", name: str) -> "Recipient":
    told = desk.settings.told
    found = next((one for one in told if one.name == name), None)
    if found is None:
        there = ", ".join(one.name for one in told) or "none; add [[recipients]] to the config"
        raise failures.Trouble(
            failures.USAGE, f"There is no recipient {name!r} in the config.", todo=f"There are: {there}"
        )
    return found
