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
from responder.cli.follow_ups import WHAT
from responder.cli.log import events_of
from responder.cli.remedies import status
from responder.cli.summary.whole import named_form, write_whole
from responder.cli.worksheet import called
from responder.letter import drawn
from responder.letter.pieces import Fact, Facts, Page
from responder.model.debrief import QUESTIONS
from responder.model.delivery import DeliveryStage
from responder.model.follow_up import FollowUpState
from responder.model.visible import visible
from responder.store.errors import NotFound

if TYPE_CHECKING:
    from responder.cli.desk import Desk
    from responder.model.debrief import Debrief
    from responder.model.follow_up import FollowUp
    from responder.model.promise import Promise
    from responder.model.remedy import Grant
    from responder.model.worksheet import Worksheet
    from responder.store.views import Card

Form = Literal["md", "html", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """Everything that goes into the document."""

    card: "Card"
    network: str
    promises: Sequence["Promise"]
    worksheet: "Worksheet | None"
    grants: Sequence["Grant"]
    follow_ups: Sequence["FollowUp"]
    #: None where the case was not talked over.
    debrief: "Debrief | None"
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
    """Write one case whole: what they said, what we answered, promised, granted and learned, what happened.

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
        worksheet=desk.store.worksheets.of(number),
        grants=desk.store.grants.of_case(number),
        follow_ups=desk.store.follow_ups.of_case(number),
        debrief=_debrief(desk, number),
        company=desk.settings.company.name,
        now=desk.now(),
        zone=desk.settings.company.timezone,
    )


def _debrief(desk: "Desk", number: int) -> "Debrief | None":
    try:
        return desk.store.debriefs.get(number)
    except NotFound:
        return None


def _page(file: _File) -> Page:
    """Return the document as pieces, in the order in which a stranger to the case asks."""
    case = file.card.case
    parts = (
        Facts(title="Where it stands", facts=tuple(_standing(file))),
        Facts(title="What they wrote", facts=tuple(_said(file))),
        Facts(title="What was said in the cases it speaks for", facts=tuple(_joined(file))),
        Facts(title="What we knew before we spoke to them", facts=tuple(_prepared(file))),
        Facts(title="What we answered", facts=tuple(_answered(file))),
        Facts(title="What we promised", facts=tuple(_promised(file))),
        Facts(title="What was granted", facts=tuple(_granted(file))),
        Facts(title="What followed", facts=tuple(_followed(file))),
        Facts(title="What we learned", facts=tuple(_learned(file))),
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


def _prepared(file: _File) -> Iterator[Fact]:
    for key, said in file.worksheet.answers().items() if file.worksheet else ():
        yield Fact(name=called(key), text=_text(said))


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


def _granted(file: _File) -> Iterator[Fact]:
    for one in file.grants:
        amount = f" {one.amount}" if one.amount else ""
        who = f", {_text(one.granted_by)} said yes" if one.granted_by else ""
        note = f": {_text(one.note)}" if one.note else ""
        told = f"{one.remedy}{amount} is {status(one)}; {_text(one.by)} asked for it{who}{note}"
        yield Fact(name=file.when(one.at), text=told)


def _followed(file: _File) -> Iterator[Fact]:
    for one in file.follow_ups:
        if one.state is FollowUpState.DUE:
            yield Fact(name=file.when(one.due_at), text=f"{WHAT[one.kind]}: still due.")
        elif one.ended_by and one.state is not FollowUpState.MOVED:
            done = "done" if one.state is FollowUpState.DONE else "not needed"
            said = f": “{_text(one.said)}”" if one.said else "."
            told = f"{WHAT[one.kind]}: {done}, said {_text(one.ended_by)}{said}"
            yield Fact(name=file.when(one.ended_at or one.due_at), text=told)


def _learned(file: _File) -> Iterator[Fact]:
    if file.debrief is None:
        return
    for key, question in QUESTIONS.items():
        if said := file.debrief.answers.get(key):
            yield Fact(name=question.partition("?")[0] + "?", text=_text(said))
    for action in file.debrief.actions:
        due = f" by {action.due}" if action.due else ""
        done = "done" if action.done_at else "not done yet"
        yield Fact(
            name="to change", text=f"{_text(action.what)} ({_text(action.owner) or 'nobody'}{due}): {done}."
        )


def _happened(file: _File) -> Iterator[Fact]:
    for told in events_of(file.card, file.network, file.zone):
        yield Fact(name=file.when(told.event.at), text=told.says)


def _text(said: str) -> str:
    return visible(" ".join(said.split()))
