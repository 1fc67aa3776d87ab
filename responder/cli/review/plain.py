"""Plain: the same session at a prompt, one card, one question; for screen readers, ssh, answers in a pipe.

Every line is written once and never over another; there are no boxes and no colours.
"""

from collections.abc import Callable
from typing import assert_never

from responder.cli import editor
from responder.cli.card_drawing import draw_case, draw_findings, draw_history, draw_reply
from responder.cli.failures import USAGE, Trouble
from responder.cli.review.key import Key
from responder.cli.review.keys import keys, press
from responder.cli.review.preparing import filled_in
from responder.cli.review.questions import (
    Choice,
    Copy,
    Dialogue,
    Form,
    Judged,
    Line,
    Open,
    Outside,
    Question,
    Read,
    Sure,
    Told,
    Words,
)
from responder.cli.review.session import Session
from responder.cli.screen import Screen
from responder.cli.worksheet import again
from responder.model.visible import visible

#: What ends words of several lines.
_END = "."


class Talk:
    """A session at a prompt."""

    def __init__(self, session: Session, browse: Callable[[str], bool]) -> None:
        """`browse` opens an address in a browser and says whether it did."""
        self._session = session
        self._browse = browse
        self._screen: Screen = session.desk.screen
        self._canvas = self._screen.canvas(spoken=True)
        #: The card that was read out last: its case and version.
        self._read: tuple[int, int] | None = None

    def talk(self) -> None:
        """Go on until the person quits, the answers end, or nothing is left."""
        session = self._session
        while not session.over:
            self._card()
            if session.shown is None and not session.done:
                return
            said = self._ask(self._prompt())
            if said is None:
                return
            self._answer(said)

    def _prompt(self) -> str:
        on = [one.label for one in keys(self._session) if not one.off(self._session)]
        name = f"{self._session.shown.case.name} " if self._session.shown else ""
        return f"{name}[{','.join([*on, '?'])}] "

    def _answer(self, said: str) -> None:
        """Do what a line means that was typed at the prompt."""
        letter = " " if said in {" ", "space"} else said.strip()
        if not letter:
            self._say("Enter alone does nothing; ? tells the keys.")
        elif letter == "?":
            self._keys()
        else:
            self._told(self._through(press(self._session, letter)))

    def _through(self, dialogue: Dialogue) -> Told:
        """Put all questions of a deed, and return what became of it."""
        try:
            question = next(dialogue)
            while True:
                try:
                    answer = self._put(question)
                except Trouble as trouble:
                    question = dialogue.throw(trouble)
                else:
                    question = dialogue.send(answer)
        except StopIteration as end:
            told: Told = end.value
            return told

    def _put(self, question: Question) -> str | None:
        match question:
            case Choice():
                return self._choice(question)
            case Line():
                answer = self._ask(f"{question.asks} ")
                return None if answer is None else answer.strip()
            case Sure():
                for line in question.lines:
                    self._say(line)
                answer = self._ask(f"{question.asks} [y/N] ") or ""
                return "y" if answer.strip().lower() in {"y", "yes"} else None
            case Words():
                return self._words(question)
            case _:
                return self._hand(question)

    def _hand(self, question: Outside | Form | Open | Copy | Read) -> str | None:
        match question:
            case Form():
                return self._form(question)
            case Outside():
                return self._outside(question)
            case Open():
                return "y" if self._browse(question.url) else None
            case Copy():
                return None  # the words are told, and that is all a prompt can do
            case Read():
                draw_case(question.sheet, self._canvas)
                draw_reply(question.sheet, self._canvas, "e")
                draw_history(question.sheet, self._canvas)
                return None
            case _:
                assert_never(question)

    def _choice(self, question: Choice) -> str | None:
        for letter, what in question.options:
            self._say(f"  {letter}  {what}")
        letters = ",".join(letter for letter, _ in question.options)
        answer = (self._ask(f"{question.asks} [{letters}; nothing: leave] ") or "").strip()
        return answer if answer in dict(question.options) else None

    def _outside(self, question: Outside) -> str:
        if not self._screen.asks:
            raise Trouble(USAGE, "There is no terminal for an editor.", todo="e takes the words here.")
        return editor.write(question.sheet, question.draft, self._screen.environ)

    def _form(self, question: Form) -> str:
        if not self._screen.asks:
            todo = f"{again(question.name)} FILE takes it."
            raise Trouble(USAGE, "There is no terminal for an editor.", todo=todo)
        return filled_in(question, self._screen.environ)

    def _words(self, question: Words) -> str | None:
        """Take words line by line, say how they are judged, and ask what to do with them."""
        text = question.text
        self._say("These are the words now:")
        self._quote(text)
        while True:
            self._judged(question.judge(text))
            answer = (self._ask("w writes other words, s stores these, nothing leaves [w,s] ") or "").strip()
            if answer == "s":
                return text
            if answer != "w":
                return None
            text = self._lines(question) or text
            self._quote(text)

    def _lines(self, question: Words) -> str:
        """Return the words that are typed until a line with a dot alone, or the end of the answers."""
        self._say(f"Write the reply; a line with only {_END} ends it.")
        lines: list[str] = []
        while (line := self._ask("")) not in {None, _END}:
            lines.append(line or "")
            question.keep("\n".join(lines))
        return "\n".join(lines).strip()

    def _judged(self, judged: Judged) -> None:
        draw_findings(self._canvas, judged.findings, "write other words")
        self._say(judged.counted)

    def _card(self) -> None:
        """Read the card out; of the one that was read out last, only the reply, where that changed."""
        shown, session = self._session.shown, self._session
        now = (shown.case.id, shown.case.version) if shown else None
        if shown is None:
            if self._read is not None or not session.done:
                self._say("Nothing waits for you.")
        elif now != self._read:
            if self._read is None or self._read[0] != shown.case.id:
                chosen = f", {len(session.chosen)} chosen" if session.chosen else ""
                self._canvas.blank()
                if session.pause:
                    self._say(f"All sending is paused {session.pause.whose}.")
                self._canvas.line(f"Card {session.listing.position} of {session.left:,}{chosen}")
                draw_case(shown.sheet, self._canvas)
            draw_reply(shown.sheet, self._canvas, "e")
            approve = next((one for one in keys(session) if one.letter == "a"), None)
            if approve and (why := approve.off(session)):
                self._say(f"a is off: {why}.")
        self._read = now

    def _keys(self) -> None:
        for one in keys(self._session):
            self._say(_in_words(one, self._session))
        self._say("?  Tell the keys.")

    def _told(self, told: Told) -> None:
        if told.says:
            self._say(told.says)
        for line in told.lines:
            self._say(line)

    def _ask(self, question: str) -> str | None:
        """Return what is answered, as it was typed; what comes out of a pipe is told, for who reads along."""
        answer = self._screen.line(question, whole=True)
        if answer is not None and not self._screen.asks:
            self._say(answer)
        return answer

    def _quote(self, words: str) -> None:
        self._canvas.quote(words)

    def _say(self, words: str) -> None:
        self._screen.write(f"{visible(words)}\n", safe=True)


def _in_words(key: Key, session: Session) -> str:
    why = key.off(session)
    return f"{key.label}  {key.does}{f' Off: {why}.' if why else ''}"
