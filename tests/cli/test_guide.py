"""The guide at a terminal: it asks until it has an answer, shows no secret, and brings a code back."""

import http.client
import re
import socket
import threading
from collections.abc import Callable
from io import StringIO

import pytest

from responder.cli.failures import Trouble
from responder.cli.guide import TerminalGuide
from responder.cli.screen import Manner, Screen, Streams
from responder.setup import Declined, Guide
from tests.cli.scene import Terminal
from tests.network import START

Typed = str | Callable[[str], str]


class Person(Terminal):
    """Sits at a terminal and types these lines; one may depend on what the terminal shows by then."""

    def __init__(self, shown: StringIO, *typed: Typed) -> None:
        super().__init__()
        self._shown, self._typed = shown, list(typed)

    def readline(self, _size: int = -1, /) -> str:  # type: ignore[override]  # as StringIO has it
        if not self._typed:
            return ""
        line = self._typed.pop(0)
        return f"{line if isinstance(line, str) else line(self._shown.getvalue())}\n"


def sitting(*typed: Typed, port: int = 8723, patience: float = 20) -> tuple[Guide, StringIO]:
    """Return a guide for a person who types this, and what they are shown."""
    out = Terminal()
    environ = {"NO_COLOR": "1", "TERM": "xterm", "COLUMNS": "100"}
    screen = Screen(Streams(out, StringIO(), Person(out, *typed), environ), Manner())
    return TerminalGuide(screen, port, lambda: START, patience), out


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def agree(state: str) -> str:
    return f"https://net.example/agree?client=1&state={state}"


def state_in(shown: str) -> str:
    found = re.findall(r"&state=(\S+)", shown)
    assert found, shown
    return str(found[-1])


def test_a_question_is_asked_until_it_is_answered_or_has_its_default() -> None:
    guide, out = sitting("", "  acme ", "", "")
    assert guide.ask("Name") == "acme"
    assert guide.ask("Name", "shop") == "shop"
    assert guide.ask_secret("Key", "") == ""
    assert out.getvalue().count("Name: ") == 2
    assert "Name [shop]: " in out.getvalue()


def test_an_old_secret_is_never_offered_in_sight() -> None:
    guide, out = sitting("")
    assert guide.ask_secret("Key", "canary-old") == "canary-old"
    assert "canary" not in out.getvalue()
    assert "Key (not shown): " in out.getvalue()


def test_one_of_some_words_is_taken_however_it_is_spelt() -> None:
    guide, out = sitting("both", "BROWSER", "")
    among = {"keys": "with four keys", "browser": "in a browser"}
    assert guide.choose("How?", among) == "browser"
    assert "Type one of: keys, browser" in out.getvalue()
    assert guide.choose("How?", among) == "keys"


@pytest.mark.parametrize("ask", ["ask", "ask_secret"])
def test_who_goes_away_is_let_go(ask: str) -> None:
    guide, _ = sitting()
    with pytest.raises(Declined):
        getattr(guide, ask)("Name", "default")


def test_an_address_stands_whole_on_a_line_of_its_own() -> None:
    guide, out = sitting()
    address = f"https://net.example/{'a' * 150}"
    guide.say(f"Look here:\n{address}\nand \x1b[2Jcome back")
    assert f"\n  {address}\n" in out.getvalue()
    assert "\x1b" not in out.getvalue()


def test_a_browser_on_this_machine_brings_the_code() -> None:
    port = free_port()
    guide, out = sitting("here", port=port)

    def browse() -> None:
        while "&state=" not in out.getvalue():
            threading.Event().wait(0.01)
        browser = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        browser.request("GET", f"/?code=code-7&state={state_in(out.getvalue())}")
        browser.getresponse().read()
        browser.close()

    person = threading.Thread(target=browse)
    person.start()
    assert guide.consent(agree) == "code-7"
    person.join(10)
    assert guide.redirect_uri == f"http://127.0.0.1:{port}/"
    assert "code-7" not in out.getvalue()


def test_a_browser_elsewhere_is_followed_by_its_pasted_address() -> None:
    guide, out = sitting(
        "elsewhere",
        "http://127.0.0.1:8723/?code=evil&state=guessed",
        lambda shown: f"http://127.0.0.1:8723/?state={state_in(shown)}",
        lambda shown: f" http://127.0.0.1:8723/?code=code%2B8&state={state_in(shown)} ",
    )
    assert guide.consent(agree) == "code+8"
    assert "This is the answer to another question." in out.getvalue()
    assert "The browser came back without a code. Copy the whole of it." in " ".join(out.getvalue().split())
    assert "evil" not in out.getvalue()


def test_a_no_in_a_browser_elsewhere_is_a_no() -> None:
    guide, _ = sitting("elsewhere", lambda shown: f"?error=access_denied&state={state_in(shown)}")
    with pytest.raises(Declined, match="access_denied"):
        guide.consent(agree)


def test_every_question_has_a_state_of_its_own() -> None:
    states = set()
    for _ in range(5):
        guide, out = sitting("elsewhere")
        with pytest.raises(Declined):
            guide.consent(agree)
        states.add(state_in(out.getvalue()))
    assert len(states) == 5
    assert all(len(state) >= 32 for state in states)


def test_a_browser_that_never_comes_is_told_of() -> None:
    guide, _ = sitting("here", port=free_port(), patience=0.1)
    with pytest.raises(Trouble, match="No browser came back"):
        guide.consent(agree)
