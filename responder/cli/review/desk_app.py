"""Desk app: the session on the whole terminal. It shows cards, hands on keys, and puts questions."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import ClassVar

from textual.app import App, ComposeResult, SuspendNotSupported
from textual.command import DiscoveryHit, Hit, Provider
from textual.containers import Vertical
from textual.events import Key
from textual.screen import Screen
from textual.theme import Theme

from responder.cli import editor
from responder.cli.failures import FAILED, Trouble, known
from responder.cli.review import drawing
from responder.cli.review.keys import keys, press
from responder.cli.review.more import rarer
from responder.cli.review.preparing import filled_in
from responder.cli.review.questions import Copy, Dialogue, Form, Open, Outside, Question, Sure, Told
from responder.cli.review.screens import Part, ReadScreen, Scroll, screen_of
from responder.cli.review.session import Session
from responder.store.errors import NotFound, StoreError

#: Names of Textual's for keys, by our letter.
_LETTERS = {"down": "j", "up": "k"}
#: Seconds between two looks whether somebody else moved the case on the card.
_LOOKS = 5.0
#: The terminal's own colours, light or dark; nothing here is told by a colour alone.
_THEME = Theme(
    name="desk",
    ansi=True,
    primary="ansi_default",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    variables={
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "input-selection-background": "ansi_default",
        "input-selection-foreground": "ansi_default",
        "screen-selection-background": "ansi_default",
        "screen-selection-foreground": "ansi_default",
        "border": "ansi_default",
        "border-blurred": "ansi_default",
        "block-cursor-foreground": "ansi_default",
        "block-cursor-background": "ansi_default",
        "block-cursor-text-style": "reverse",
        "input-cursor-foreground": "ansi_default",
        "input-cursor-background": "ansi_default",
        "input-cursor-text-style": "reverse",
    },
)


class Deeds(Provider):
    """What can be done now, by name, each with its key."""

    async def discover(self) -> AsyncIterator[DiscoveryHit]:
        """Give all that can be done."""
        for label, letter in self._all():
            yield DiscoveryHit(label, self._doing(letter))

    async def search(self, query: str) -> AsyncIterator[Hit]:
        """Give what is called so."""
        matcher = self.matcher(query)
        for label, letter in self._all():
            if (score := matcher.match(label)) > 0:
                yield Hit(score, matcher.highlight(label), self._doing(letter), text=label)

    def _all(self) -> Iterator[tuple[str, str]]:
        app = self.app
        assert isinstance(app, DeskApp)  # noqa: S101 (for mypy: no other app has this provider)
        for one in [*keys(app.session), *rarer(app.session)]:
            if not one.off(app.session):
                yield f"{one.name} ({one.label})  {one.does}", one.letter

    def _doing(self, letter: str) -> Callable[[], None]:
        app = self.app
        assert isinstance(app, DeskApp)  # noqa: S101 (the same)
        return lambda: app.do(letter)


class Card(Vertical):
    """The case above the reply; both are drawn anew when the room for them changes."""

    def on_resize(self) -> None:
        """Draw them for the room there is now."""
        for part in self.query(Part):
            part.draw()


class DeskScreen(Screen[None]):
    """The card and what is around it."""

    AUTO_FOCUS = ""
    DEFAULT_CSS: ClassVar[str] = """
    DeskScreen { layout: vertical; }
    #top { height: 1; padding: 0 1; text-style: reverse; }
    #card { height: 1fr; }
    #case { height: 1fr; padding: 0 1; }
    #reply { height: auto; max-height: 70%; padding: 0 1; border-top: solid $foreground; }
    #told { height: auto; max-height: 6; padding: 0 1; }
    #keys { height: auto; padding: 0 1; border-top: solid $foreground; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.told = Told("")

    def compose(self) -> ComposeResult:
        """Show the parts, in the fixed order."""
        session = self._session
        yield Part(lambda width: drawing.top(session, width), id="top")
        with Card(id="card"):
            with Scroll(id="case"):
                yield Part(lambda width: drawing.case(session, width))
            with Scroll(id="reply"):
                yield Part(lambda width: drawing.reply(session, width, self._room()))
        yield Part(lambda width: drawing.told(self.told, width), id="told")
        yield Part(lambda width: drawing.line_of_keys(session, width), id="keys")

    def show(self, told: Told, *, turned: bool) -> None:
        """Draw all anew; `turned`: it is another card, to be read from its beginning."""
        self.told = told
        for part in self.query(Part):
            part.draw()
        if turned:
            for scroll in self.query(Scroll):
                scroll.scroll_home(animate=False)

    def on_key(self, event: Key) -> None:
        """Hand a key on."""
        app = self.app
        if not isinstance(app, DeskApp) or self._turn(event.key):
            return
        event.stop()
        if event.key == "question_mark":
            app.push_screen(ReadScreen(lambda width: drawing.list_of_keys(self._session, width)))
        elif letter := _LETTERS.get(event.key) or (event.character or "")[:1]:
            app.do(letter, event)

    def _turn(self, key: str) -> bool:
        """Read on by a key that does so, what they wrote first and then the reply; whether it was one."""
        case, reply = self.query_one("#case", Scroll), self.query_one("#reply", Scroll)
        if key in {"home", "end"}:
            return case.turn(key) and reply.turn(key)
        if key in {"pagedown", "ctrl+f"}:
            return (case if case.scroll_offset.y < case.max_scroll_y else reply).turn(key)
        return (reply if reply.scroll_offset.y else case).turn(key)

    def _room(self) -> int:
        """Return how many lines the reply may take: its part of the card, without the line above."""
        return self.query_one(Card).size.height * 7 // 10 - 1


class DeskApp(App[None]):
    """A session on the whole terminal."""

    COMMANDS: ClassVar = {Deeds}
    TITLE = "responder review"

    def __init__(self, session: Session, browse: Callable[[str], bool]) -> None:
        """`browse` opens an address in a browser and says whether it did."""
        super().__init__()
        self.session = session
        #: What ended it, where that was no key.
        self.failed: BaseException | None = None
        self.animation_level = "none"
        self._browse = browse
        #: Whether a deed is under way. Keys that come meanwhile are for what it asks, or for nothing: never
        #: for the next card, which nobody had seen when they were pressed.
        self._busy = False
        self._ahead: list[Key] = []
        self.register_theme(_THEME)
        self.theme = "desk"

    @property
    def quiet(self) -> bool:
        """Whether nothing is under way."""
        return not self._busy

    def get_default_screen(self) -> Screen[None]:
        """Begin with the card."""
        return DeskScreen(self.session)

    def on_mount(self) -> None:
        """Look now and then what others do, and end well when the terminal goes away."""
        self.set_interval(_LOOKS, self._look)
        loop = asyncio.get_running_loop()
        for ending in (signal.SIGTERM, getattr(signal, "SIGHUP", None)):
            with suppress(NotImplementedError, RuntimeError, ValueError):  # not everywhere, not in a thread
                if ending:
                    loop.add_signal_handler(ending, self.exit)

    def do(self, letter: str, event: Key | None = None) -> None:
        """Do what a key means, unless something is under way."""
        if self._busy:
            self._ahead += [event] if event else []
            return
        self._busy = True
        self.run_worker(self._through(press(self.session, letter)), group="deeds")

    async def _through(self, dialogue: Dialogue) -> None:
        """Put the questions of a deed, and show what became of it; a bug ends the app and is raised there."""
        before = self.session.shown
        try:
            told = await self._talk(dialogue)
        except Exception as error:  # noqa: BLE001 (it is raised again by who runs the app)
            self.failed = error
            self.exit()
            return
        finally:
            self._busy = False
            self._ahead.clear()
        if self.session.over:
            self.exit()
            return
        now = self.session.shown
        turned = (before and before.case.id) != (now and now.case.id)
        self._desk.show(told, turned=turned)

    async def _talk(self, dialogue: Dialogue) -> Told:
        answer: str | Trouble | None = None
        while True:
            asked = await asyncio.to_thread(_go_on, dialogue, answer)
            if isinstance(asked, Told):
                return asked
            try:
                answer = await self._put(asked)
            except Trouble as trouble:
                answer = trouble

    async def _put(self, question: Question) -> str | None:
        if screen := screen_of(question):
            if not isinstance(question, Sure):  # a yes is given by who has read what to
                screen.call_after_refresh(self._hand_on)
            return await self.push_screen_wait(screen)
        match question:
            case Outside():
                environ = self.session.desk.screen.environ
                return self._away(partial(editor.write, question.sheet, question.draft, environ))
            case Form():
                return self._away(partial(filled_in, question, self.session.desk.screen.environ))
            case Open():
                return "y" if await asyncio.to_thread(self._browse, question.url) else None
            case Copy():
                self.copy_to_clipboard(question.text)
                return "y"
            case _:  # it has a screen
                return None

    def _hand_on(self) -> None:
        """Give a question the keys that were pressed while it was on its way."""
        ahead, self._ahead = self._ahead, []
        for event in ahead:
            self.simulate_key(event.key)

    def _away(self, write: Callable[[], str]) -> str:
        """Leave the terminal to the person's editor; return the words, or raise what went wrong there."""
        said: str | BaseException
        try:
            with self.suspend():  # which does not come back by itself where something is raised within
                try:
                    said = write()
                except BaseException as error:  # noqa: BLE001 (raised again, once we are back)
                    said = error
        except SuspendNotSupported:
            what = "This terminal cannot be left to an editor."
            raise Trouble(FAILED, what, todo="e edits here.") from None
        if isinstance(said, BaseException):
            raise said
        return said

    def _look(self) -> None:
        """Show what somebody else did to the case on the card."""
        if self._busy or self.screen is not self._desk:
            return
        try:
            told = self.session.look_again()
        except (StoreError, NotFound) as error:  # a database that is away for a moment ends no review
            failure = known(error)
            told = Told(failure.sentences() if failure else str(error), "care")
        self._desk.show(told or self._desk.told, turned=False)

    @property
    def _desk(self) -> DeskScreen:
        desk = self.screen_stack[0]
        assert isinstance(desk, DeskScreen)  # noqa: S101 (for mypy: it is the one we gave)
        return desk


def _go_on(dialogue: Dialogue, answer: str | Trouble | None) -> Question | Told:
    """Send an answer and return the next question, or what was told at the end."""
    try:
        return dialogue.throw(answer) if isinstance(answer, Trouble) else dialogue.send(answer)
    except StopIteration as end:
        told: Told = end.value
        return told


def run(session: Session, browse: Callable[[str], bool]) -> None:
    """Let a person review on the whole terminal; what went wrong is raised."""
    if not session.desk.screen.manner.color:
        os.environ["NO_COLOR"] = "1"  # Textual has no other switch
    app = DeskApp(session, browse)
    app.run()
    if app.failed:
        raise app.failed
