"""Story: the demo as it is told, from the first post to the digest."""

# ruff: noqa: D417 (the desk is no argument that people give)

import sys
from datetime import timedelta
from importlib.resources.abc import Traversable
from pathlib import Path
from shlex import quote
from shutil import which
from typing import TYPE_CHECKING

from responder import letter
from responder.cli import failures
from responder.cli.demo import cases, feed
from responder.cli.demo.place import COMPANY, Place
from responder.cli.desk import AtDesk, Desk
from responder.cli.queue import QueueSheet
from responder.cli.show import card_of
from responder.cli.steps import street
from responder.cli.words import counted, many, who
from responder.model.case import Case, Stage
from responder.model.visible import one_line
from responder.settings import load
from responder.wiring import App

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas

#: Who approves in the demo.
_WHO = "demo"
#: Rows of the queue that are shown: one line each, or two where there is little room.
_ROWS, _ROWS_OF_TWO = 12, 5


def demo(*, folder: Path = Path("demo"), desk: AtDesk) -> int:
    """Show one morning on sample posts: no account, no network, nothing leaves this machine.

    Args:
        folder: Where its config, posts and outbox go, `demo` if it is left out; it is made anew each time.
    """
    if desk.screen.manner.json:
        raise failures.Trouble(
            failures.USAGE,
            "The demo tells a story; it has no JSON form.",
            todo="Run it without --json; the commands after it have one.",
        )
    return tell(desk, folder, feed.packaged())


def tell(desk: Desk, folder: Path, posts: Traversable) -> int:
    """Tell the story with these posts, in `folder`."""
    place = Place(folder)
    place.clear()
    morning = feed.rows(posts, feed.MORNING, desk.now())
    place.furnish(feed.networks(morning), feed.lines(morning))
    app = App(load(place.config, {}))  # what the environment sets is about real cases
    with_app = Desk(screen=desk.screen, named=_WHO, clock=desk.clock, built=app)
    try:
        _Story(with_app, place, posts).tell(morning)
    finally:
        app.close()
    return failures.DONE


class _Story:
    """The scenes, in order."""

    def __init__(self, desk: Desk, place: Place, posts: Traversable) -> None:
        self._desk = desk
        self._place = place
        self._posts = posts
        self._canvas: Canvas = desk.screen.canvas()

    def tell(self, morning: list[feed.Row]) -> None:
        """Tell it all."""
        self._canvas.line(
            (f"One morning at {COMPANY}, on posts that we made up. ", "strong"),
            f"There is no account and no network: everything is in {self._place.folder}/.",
        )
        noon = feed.rows(self._posts, feed.NOON, self._desk.now())
        self._listen()
        self._heard(morning)
        self._queue()
        self._card()
        self._approval(noon)
        self._noon(noon)
        self._digest()
        self._next()

    def _listen(self) -> None:
        for _ in street(self._desk, self._desk.app.accounts.values()):
            pass

    def _scene(self, title: str) -> None:
        self._canvas.blank()
        self._canvas.line((title, "strong"))
        self._canvas.rule()

    def _heard(self, morning: list[feed.Row]) -> None:
        self._scene("1  Listening")
        now = self._desk.now()
        by_stage = self._desk.store.views.figures(now, now).by_stage
        languages = {row["language"] for row in morning if row.get("language")}
        *others, last = feed.networks(morning)
        self._canvas.line(
            f"{many(len(morning), 'post')} in {many(len(languages), 'language')} on {', '.join(others)} "
            f"and {last} became {many(sum(by_stage.values()), 'case')}:"
        )
        lines = [
            (by_stage.get(Stage.WAITING, 0), "need an answer; for each a draft waits for a person"),
            (
                by_stage.get(Stage.SET_ASIDE, 0),
                "need none (praise, questions, spam) and are set aside, within reach",
            ),
            (len(self._desk.store.views.unread()), "could not be read; the rest went on"),
        ]
        for n, says in lines:
            if n:
                self._canvas.item(f"{n:>4}", says, hang=5)

    def _queue(self) -> None:
        self._scene("2  The queue: the most urgent first, by harm and not by tone")
        pairs = cases.waiting(self._desk)
        rows = _ROWS if self._canvas.width >= 100 else _ROWS_OF_TWO
        sheet = QueueSheet(
            cases=[case for case, _ in pairs[:rows]],
            now=self._desk.now(),
            networks=self._desk.networks(),
            drafts={case.id: draft for case, draft in pairs},
        )
        sheet.draw(self._canvas)
        if (others := len(pairs) - rows) > 0:
            self._canvas.line((f"and {others} more", "faint"))

    def _card(self) -> None:
        if pair := cases.most_telling(cases.waiting(self._desk)):
            self._scene("3  One card, with the reasons for everything on it")
            card_of(self._desk, pair[0].id).draw(self._canvas)

    def _approval(self, noon: list[feed.Row]) -> None:
        self._scene("4  One yes, and it is posted once")
        pair = cases.sensible(cases.waiting(self._desk), noon)
        if not pair:
            self._canvas.line("No draft could be approved as it stands.")
            return
        case, draft = pair
        self._canvas.line(f"{self._about(case)} wrote:")
        self._canvas.quote(case.target.text)
        self._approve(pair)
        self._post()
        which = f"draft {draft.number} of {case.name} ({counted(draft.text, self._desk.limits(case))})"
        self._canvas.line(f"A person, here called {_WHO}, approved exactly these words, {which}:")
        self._canvas.quote(draft.text)
        self._canvas.line(f"They are in {self._place.outbox}, which stands for the networks here.")

    def _noon(self, noon: list[feed.Row]) -> None:
        self._scene("5  Noon: people go on writing, and approvals end by themselves")
        changed = set(cases.to_be_changed(noon))
        ended = [pair for pair in cases.waiting(self._desk)
                 if pair[0].target.external_id in changed and not pair[1].blocked]  # fmt: skip
        for pair in ended:
            self._approve(pair)
        before = {case.id: case for case in cases.every(self._desk)}
        self._place.append(feed.lines(noon))
        self._listen()
        self._post()
        after = cases.every(self._desk)
        fresh = [case for case in after if case.id not in before]
        again = [case for case in after if case.id in before and case.posts > before[case.id].posts]
        if ended:
            names = " and ".join(case.name for case, _ in ended)
            self._canvas.line(f"{_WHO} approved {names} as well. Before they were sent, this came in:")
        for case, _ in ended:
            self._canvas.item(case.name, self._ending(case), indent=2, hang=6)
        self._canvas.line(
            f"{many(len(fresh), 'new case')}, and in {many(len(again), 'case')} the customer wrote again."
        )
        self._burst(fresh)
        self._again(again)
        self._proof()

    def _ending(self, case: Case) -> str:
        """Say why the approval of a case ended, and what was done instead of sending."""
        from responder.model.difference import difference

        now = self._desk.store.casework.get(case.id)
        if now.stage is Stage.SET_ASIDE:
            return "was removed by its author. The approval is over, and nothing is sent."
        changed = difference(case.target.text, now.target.text)
        return f"was edited: {one_line(changed, 300)} The approval is over, and a new draft waits."

    def _burst(self, fresh: list[Case]) -> None:
        topic, n = cases.common_topic(fresh)
        if n > 2:
            says = self._desk.app.policy.rulebook.topics.catalogue[topic].says
            self._canvas.line(f"{n} of the new cases are about the same: {says}.", indent=2)

    def _again(self, again: list[Case]) -> None:
        """Show some in which the customer wrote again: two that are settled, the two most urgent."""
        settled = [case for case in again if case.stage is Stage.SET_ASIDE]
        urgent = [case for case in again if case.stage is Stage.WAITING]
        for case in (*settled[:2], *urgent[:2]):
            now = "Set aside." if case in settled else f"Urgency {case.urgency} now, tier {case.tier}."
            said = one_line(case.target.text, 60)
            self._canvas.item(case.name, f"{self._about(case)}: “{said}” {now}", indent=2, hang=6)

    def _proof(self) -> None:
        wrong = self._desk.store.views.verify()
        figures = "it differs from the kept figures" if wrong else "the kept figures are right"
        replies = self._place.replies()
        twice = len(replies) - len({(reply["account"], reply["in_reply_to"]) for reply in replies})
        self._canvas.line(
            f"In the outbox: {many(len(replies), 'reply', 'replies')}, {twice or 'none'} of them twice, "
            f"none without a yes. Every case counted anew: {figures}."
        )

    def _digest(self) -> None:
        from responder.steps.digest import digest

        self._scene("6  The digest, as it is written every morning")
        now = self._desk.now()
        made = digest(self._desk.store, now - timedelta(days=1), now, lines=2)
        company = self._desk.settings.company
        self._canvas.block(letter.text(made, company.name, company.timezone))

    def _next(self) -> None:
        self._scene("Now you")
        call = f"{program()} --config {quote(str(self._place.config))}"
        pairs = cases.waiting(self._desk)
        name = pairs[0][0].name if pairs else "c-1"
        for does, command in (
            ("What waits for you, card by card; ? tells the keys:", f"{call} review"),
            ("The same as commands:", f"{call} queue"),
            ("", f"{call} show {name}"),
            ("", f"{call} approve {name}"),
            ("Send what you approved, into the demo's outbox:", f"{call} post"),
            ("Everything else there is:", f"{program()} --help"),
        ):
            if does:
                self._canvas.line(does)
            self._canvas.command(command)

    def _approve(self, pair: cases.Pair) -> None:
        from responder.steps.approve import approve

        approve(self._desk.store, self._desk.account(pair[0]), pair, _WHO, self._desk.now())

    def _post(self) -> None:
        from responder.steps.post import post

        app = self._desk.app
        post(app.store, app.accounts, app.mode, self._desk.now(), terms=app.terms)

    def _about(self, case: Case) -> str:
        return one_line(who(case.target, self._desk.networks()[case.account]))


def program() -> str:
    """Return how this program is called from here: the one beside this very Python, if it is there."""
    beside, here = Path(sys.executable).parent / "responder", Path.cwd()
    if beside.is_relative_to(here) and beside.exists():
        return str(beside.relative_to(here))
    return str(beside) if beside.exists() and not which("responder") else "responder"
