"""Export: one case, whole, as a document that a person reads, prints or keeps."""

# ruff: noqa: D417 (the desk is no argument that people give)

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from cyclopts import Parameter

from responder.cli import words
from responder.cli.desk import AtDesk
from responder.cli.failures import USAGE, Trouble
from responder.cli.log import events_of
from responder.cli.summary.whole import named_form, write_whole
from responder.letter import drawn
from responder.letter.pieces import Fact, Facts, Page
from responder.model.delivery import DeliveryStage
from responder.model.visible import visible

if TYPE_CHECKING:
    from responder.cli.desk import Desk
    from responder.model.promise import Promise
    from responder.store.views import Card

Form = Literal["md", "html", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """Everything that goes into the document."""

    card: "Card"
    network: str
    promises: Sequence["Promise"]
    company: str
    now: datetime
    zone: tzinfo

    def when(self, at: datetime) -> str:
        """Return a moment as people read it."""
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M}"


def export(
    id: words.CaseId,  # noqa: A002 (what people type)
    /,
    *,
    form: Annotated[Form | None, Parameter(name="--format")] = None,
    out: Annotated[Path | None, Parameter(metavar="FILE")] = None,
    desk: AtDesk,
) -> None:
    """Write one case whole: what they said, what we answered and promised, and what happened.

    It holds what the customer wrote and who they are: keep it where such things may be kept.

    Args:
        id: The case, like c-101.
        form: md, html (to look at and to print) or text; md if nothing tells.
        out: Write it into this file, whole or not at all; how it ends tells the format.
    """
    if desk.screen.manner.json:
        what = "A document is no JSON."
        raise Trouble(USAGE, what, todo=f"All of it as data: responder show c-{id} --history --json")
    chosen = form or (named_form(out, get_args(Form)) if out else "md")
    written = drawn(_page(_file(desk, id)), chosen)
    if out is None:
        desk.screen.write(written, safe=True)
        return
    write_whole(out, [written])
    if not desk.screen.manner.quiet:
        desk.screen.note(f"c-{id} is in {out}.")


def _file(desk: "Desk", number: int) -> _File:
    card = desk.store.views.card(number)
    account = card.case.account
    return _File(
        card=card,
        network=desk.networks().get(account, account),
        promises=desk.store.promises.of_case(number),
        company=desk.settings.company.name,
        now=desk.now(),
        zone=desk.settings.company.timezone,
    )


def _page(file: _File) -> Page:
    """Return the document as pieces, in the order in which a stranger to the case asks."""
    case = file.card.case
    parts = (
        Facts(title="Where it stands", facts=tuple(_standing(file))),
        Facts(title="What they wrote", facts=tuple(_said(file))),
        Facts(title="What was said in the cases it speaks for", facts=tuple(_joined(file))),
        Facts(title="What we answered", facts=tuple(_answered(file))),
        Facts(title="What we promised", facts=tuple(_promised(file))),
        Facts(title="What happened", facts=tuple(_happened(file))),
    )
    zone = file.now.astimezone(file.zone).tzname() or "UTC"
    return Page(
        language="en",
        subject=f"{case.name}: {words.who(case.target, file.network)}",
        first=(),
        parts=tuple(one for one in parts if one.facts),
        last=(
            Fact(
                text=f"Written by {file.company or 'responder'} on {file.when(file.now)}; times are {zone}."
                " It tells what was said and done, so that we keep our word; it is not there to prove"
                " a customer wrong, and it holds what is theirs."
            ),
        ),
    )


def _standing(file: _File) -> Iterator[Fact]:
    case = file.card.case
    stage = str(case.stage).lower().replace("_", " ")
    yield Fact(
        text=f"It is {stage} since {file.when(case.moved_at)}, and open since {file.when(case.opened_at)}."
    )
    yield Fact(text=f"Tier {case.tier}, urgency {case.urgency}; about: {case.topic or 'unknown'}.")
    yield Fact(text=f"Whose it is: {case.owner or 'nobody’s'}.")
    if case.merged_into:
        yield Fact(text=f"It is of one matter with c-{case.merged_into}, which speaks for both.")


def _said(file: _File) -> Iterator[Fact]:
    for post in file.card.posts:
        gone = " (its author removed it)" if post.id in file.card.removed else ""
        text = "" if gone else f": “{_text(post.text)}”"
        yield Fact(
            name=file.when(post.created_at), text=f"@{visible(post.author.handle)}{gone}{text}", url=post.url
        )


def _joined(file: _File) -> Iterator[Fact]:
    for number, posts in file.card.also.items():
        for post in posts:
            says = f"@{visible(post.author.handle)}: “{_text(post.text)}”"
            yield Fact(name=f"c-{number}, {file.when(post.created_at)}", text=says, url=post.url)


def _answered(file: _File) -> Iterator[Fact]:
    for sent in file.card.deliveries:
        if sent.stage is DeliveryStage.SENT:
            url = sent.receipt.url if sent.receipt else ""
            yield Fact(text=f"“{_text(sent.message.text)}”", url=url)


def _promised(file: _File) -> Iterator[Fact]:
    for one in file.promises:
        due = f", due {file.when(one.due_at)}" if one.due_at else ""
        owner = f" ({one.owner})" if one.owner else ""
        yield Fact(name=one.name, text=f"“{_text(one.quote)}”{owner}{due}: {str(one.status).lower()}.")


def _happened(file: _File) -> Iterator[Fact]:
    for told in events_of(file.card, file.network, file.zone):
        yield Fact(name=file.when(told.event.at), text=told.says)


def _text(said: str) -> str:
    return visible(" ".join(said.split()))
