"""The way back from a browser: from this machine alone, with our state, once, and never for ever."""

import http.client
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager

import pytest

from responder.cli.failures import Trouble
from responder.cli.redirect import Strange, code_of, landing, uri
from responder.setup import Declined

STATE = "state-1f9a"


def asked(port: int, path: str) -> tuple[int, str, dict[str, str]]:
    """Go there as a browser does; return what it is told."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as browser:
        browser.request("GET", path)
        answer = browser.getresponse()
        return answer.status, answer.read().decode(), {k.lower(): v for k, v in answer.getheaders()}


@contextmanager
def waiting(patience: float = 20) -> Iterator[tuple[int, "Future[str]"]]:
    """Have somebody wait for a browser on a free port; give the port and what they get."""
    with landing(0) as place, ThreadPoolExecutor(1) as people:
        yield place.server.server_port, people.submit(place.code, STATE, patience)


def test_the_code_is_taken_and_the_person_is_told_in_plain_text() -> None:
    with waiting() as (port, code):
        status, words, headers = asked(port, f"/?state={STATE}&code=c%2F1")
        assert code.result(10) == "c/1"
    assert (status, words) == (200, "This is done. You can close this page and go back to responder.\n")
    assert headers["content-type"] == "text/plain; charset=utf-8"
    assert (headers["cache-control"], headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert headers["server"] == "responder"


def test_whoever_does_not_know_the_state_changes_nothing() -> None:
    with waiting() as (port, code):
        for path in ("/?code=evil", "/?state=other&code=evil", f"/?state={STATE}&state=x&code=evil", "/"):
            assert asked(port, path)[0] == 400
        assert asked(port, "/favicon.ico")[0] == 404
        assert not code.done()
        assert asked(port, f"/?code=right&state={STATE}")[0] == 200
        assert code.result(10) == "right"


def test_only_one_answer_is_taken() -> None:
    with landing(0) as place:
        place.server.state = STATE
        place.server.answer = "first"
        with ThreadPoolExecutor(1) as people:
            second = people.submit(asked, place.server.server_port, f"/?state={STATE}&code=second")
            place.server.handle_request()
            assert second.result(10)[0] == 404
        assert place.server.answer == "first"


def test_a_no_in_the_browser_is_a_no() -> None:
    with waiting() as (port, code):
        status, _, _ = asked(port, f"/?state={STATE}&error=access_denied&error_description=You+said+no.")
        assert status == 400
        with pytest.raises(Declined, match=r"The network says: You said no\."):
            code.result(10)


@pytest.mark.slow
def test_a_browser_that_connects_and_says_nothing_is_not_waited_for() -> None:
    with waiting() as (port, code), socket.create_connection(("127.0.0.1", port)):
        assert asked(port, f"/?state={STATE}&code=c")[0] == 200
        assert code.result(10) == "c"


def test_nobody_is_waited_for_for_ever() -> None:
    with waiting(patience=0.2) as (_, code), pytest.raises(Trouble, match="No browser came back in time"):
        code.result(10)


def test_it_listens_on_this_machine_alone() -> None:
    with landing(0) as place:
        assert place.server.server_address[0] == "127.0.0.1"
        assert place.uri == uri(place.server.server_port) == f"http://127.0.0.1:{place.server.server_port}/"


def test_a_port_that_is_taken_is_told_with_what_to_do() -> None:
    with landing(0) as first, pytest.raises(Trouble) as caught, landing(first.server.server_port):
        pass
    assert caught.value.failure.todo.endswith("--port")


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("", Strange),
        ("http://127.0.0.1:1/?code=c", Strange),
        (f"http://127.0.0.1:1/?code=c&state={STATE}x", Strange),
        (f"?state={STATE}", Trouble),
        (f"?state={STATE}&code=", Trouble),
        (f"?state={STATE}&code=a&code=b", Trouble),
        (f"?state={STATE}&error=access_denied", Declined),
    ],
)
def test_what_is_no_answer_to_our_question_gives_no_code(address: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        code_of(address, STATE)


def test_no_thread_and_no_socket_is_left(capfd: pytest.CaptureFixture[str]) -> None:
    before = threading.active_count()
    with waiting() as (port, code):
        asked(port, f"/?state={STATE}&code=canary-code")
        code.result(10)
    assert threading.active_count() == before
    assert "canary" not in "".join(capfd.readouterr())


@pytest.mark.parametrize("address", ["http://[", "http://[bad?state=1", "//[::"])
def test_what_is_no_address_is_strange_and_no_bug(address: str) -> None:
    with pytest.raises(Strange):
        code_of(address, "state")
