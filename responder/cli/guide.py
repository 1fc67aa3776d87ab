"""Guide: a person at the terminal, as a network's setup meets them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from secrets import token_urlsafe

from responder.cli.failures import Trouble
from responder.cli.redirect import Strange, code_of, landing, uri
from responder.cli.screen import Screen
from responder.setup import Declined

#: How long a browser may take to come back, in seconds.
PATIENCE = 600.0


class TerminalGuide:
    """Asks on a screen; listens for a browser on `port` of this machine."""

    def __init__(
        self, screen: Screen, port: int, now: Callable[[], datetime], patience: float = PATIENCE
    ) -> None:
        self.now = now
        self._screen, self._port, self._patience = screen, port, patience
        self._canvas = screen.canvas()

    @property
    def redirect_uri(self) -> str:
        """Where a browser on this machine comes back to."""
        return uri(self._port)

    def say(self, words: str) -> None:
        """Draw paragraphs; one that is only an address is left whole, to be copied."""
        for line in words.splitlines():
            if line.startswith(("http://", "https://")):
                self._canvas.command(line)
            else:
                self._canvas.line(line)

    def ask(self, question: str, default: str | None = None) -> str:
        """Ask until something is typed; nothing is the default where there is one."""
        return self._asked(question, default, hidden=False)

    def ask_secret(self, question: str, default: str | None = None) -> str:
        """Ask for what nobody is to see."""
        return self._asked(question, default, hidden=True)

    def choose(self, question: str, among: Mapping[str, str]) -> str:
        """Ask for one of some words, told first with what they mean."""
        for word, means in among.items():
            self._canvas.item((word, "strong"), means, indent=2, hang=max(map(len, among)) + 2)
        first = next(iter(among))
        while (answer := self.ask(question, first).lower()) not in among:
            self._canvas.line((f"Type one of: {', '.join(among)}", "care"))
        return answer

    def consent(self, address: Callable[[str], str]) -> str:
        """Send a browser to the network and wait for it, or take the address it ended at."""
        state = token_urlsafe(24)
        here = self.choose(
            "Where is your browser?",
            {"here": "on this machine", "elsewhere": "on another one, as with a server far away"},
        )
        if here == "elsewhere":
            return self._pasted(address(state), state)
        with landing(self._port) as place:
            self._canvas.line("Open this address and agree there:")
            self._canvas.command(address(state))
            self._canvas.line(("Waiting for the browser to come back; Ctrl-C gives up.", "faint"))
            return place.code(state, self._patience)

    def _pasted(self, address: str, state: str) -> str:
        """Take the address that a browser far away could not show."""
        self._canvas.line("Open this address there and agree:")
        self._canvas.command(address)
        self._canvas.line(
            f"The browser then goes to {self.redirect_uri} and says that it cannot connect. That is right:"
            " copy the whole address from its address bar, and paste it here. It is not shown."
        )
        while True:
            try:
                return code_of(self.ask_secret("The address"), state)
            except Strange as error:
                self._canvas.line((error.failure.what, "care"))
            except Trouble as error:
                self._canvas.line((f"{error.failure.what} Copy the whole of it.", "care"))

    def _asked(self, question: str, default: str | None, *, hidden: bool) -> str:
        offered = f" [{default}]" if default and not hidden else " (not shown)" if hidden else ""
        while True:
            answer = self._screen.line(f"{question}{offered}: ", hidden=hidden)
            if answer is None:
                raise Declined
            if answer or default is not None:
                return answer or default or ""
