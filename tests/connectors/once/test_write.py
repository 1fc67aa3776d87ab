"""The permission to write once, and the one reading of what happened."""

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
import requests
from urllib3.connectionpool import HTTPConnectionPool

from connectors.once.answer import Answer
from connectors.once.passage import Bounds, Fate, Passage, Stopped, now
from connectors.once.session import session
from connectors.once.transport import Transport
from connectors.once.write import write
from responder.connector import ConnectorError, Exhausted, Refused, Unauthorised, Unavailable, Unsure
from responder.model.delivery import Receipt
from tests.connectors.loopback import LOGINS, Answering, Server, closes, hangs, resets, says, served
from tests.connectors.stage import Log

BOUNDS = Bounds(connect=10.0, read=10.0, total=20.0)
PROOF = Receipt(remote_id="7", url="")


@pytest.fixture
def server() -> Iterator[Server]:
    with served(Server(says(200, {"id": "7"}))) as one:
        yield one


@pytest.fixture
def way() -> Iterator[requests.Session]:
    with session(BOUNDS, LOGINS) as one:
        yield one


def failed(call: Callable[[], Receipt]) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        write(call)
    return caught.value


def post(way: requests.Session, url: str, proof: Receipt = PROOF) -> Receipt:
    way.post(url, json={}).raise_for_status()
    return proof


def put(proxy: Server, url: str) -> Receipt:
    with httpx.Client(transport=Transport(BOUNDS, proxy=proxy.url)) as client:
        client.put(url).raise_for_status()
    return PROOF


# --- what is let out


def test_a_second_write_in_one_call_does_not_go_out(way: requests.Session, server: Server) -> None:
    def twice() -> Receipt:
        post(way, server.url)
        return post(way, server.url)

    assert type(failed(twice)) is Unsure
    assert len(server.writes) == 1


def test_a_library_that_tries_again_by_itself_sends_one(way: requests.Session, server: Server) -> None:
    server.answer = says(503)

    def stubborn() -> Receipt:
        for _ in range(5):
            with suppress(Exception):
                return post(way, server.url)
        raise RuntimeError("tried five times")

    assert type(failed(stubborn)) is Unsure
    assert len(server.writes) == 1


def test_every_verb_that_is_no_read_is_a_write(way: requests.Session, server: Server) -> None:
    for verb in ("POST", "PUT", "PATCH", "DELETE", "delete", "PROPFIND"):
        with pytest.raises(Stopped):
            way.request(verb, server.url)
    assert way.get(server.url).status_code == 200
    assert server.writes == []


def test_a_login_needs_no_permission(way: requests.Session, server: Server) -> None:
    assert "access_token" in way.post(server.url + LOGINS[0]).json()


def test_a_login_follows_no_redirect(way: requests.Session, server: Server) -> None:
    server.login = says(307, {}, {"Location": f"{server.url}/elsewhere"})
    assert way.post(server.url + LOGINS[0]).status_code == 307
    with httpx.Client(transport=Transport(BOUNDS, LOGINS), follow_redirects=True) as client:
        assert client.post(server.url + LOGINS[0]).status_code == 307
    assert [one.path for one in server.requests] == [*LOGINS, *LOGINS]


def test_writes_of_several_threads_do_not_meet(way: requests.Session, server: Server) -> None:
    def one(_: int) -> Receipt:
        return write(lambda: post(way, server.url))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(one, range(80))) == [PROOF] * 80
    assert len(server.writes) == server.connections == 80


def test_a_write_within_a_write_is_a_mistake(way: requests.Session, server: Server) -> None:
    assert type(failed(lambda: write(lambda: post(way, server.url)))) is Refused
    assert server.writes == []


# --- what is made of it


def test_a_receipt_without_an_id_proves_nothing(way: requests.Session, server: Server) -> None:
    error = failed(lambda: post(way, server.url, Receipt(remote_id="", url="")))
    assert type(error) is Unsure


def test_a_library_that_says_sent_and_sent_nothing_is_not_believed() -> None:
    assert type(failed(lambda: PROOF)) is Unsure


def test_a_library_that_says_sent_after_an_error_is_not_believed(
    way: requests.Session, server: Server
) -> None:
    server.answer = says(500)

    def blind() -> Receipt:
        way.post(server.url)
        return PROOF

    assert type(failed(blind)) is Unsure


def test_what_a_library_will_not_send_goes_to_a_person() -> None:
    def picky() -> Receipt:
        raise ValueError("text too long: canary")

    error = failed(picky)
    assert type(error) is Refused
    assert str(error) == "The library would not send it (ValueError)."


def test_a_connector_may_refuse_before_anything_went_out() -> None:
    def careful() -> Receipt:
        raise Exhausted("the day's budget")

    assert type(failed(careful)) is Exhausted


def test_a_connector_cannot_talk_a_lost_answer_away(way: requests.Session, server: Server) -> None:
    server.answer = resets

    def rash() -> Receipt:
        try:
            return post(way, server.url)
        except OSError:
            raise Unavailable from None

    assert type(failed(rash)) is Unsure


def test_a_connector_reads_more_out_of_a_whole_answer(way: requests.Session, server: Server) -> None:
    def reading(answer: Answer) -> ConnectorError | None:
        told = answer.json()
        return Exhausted("no credits") if told == {"title": "CreditsDepleted"} else None

    for status in (200, 402, 429):
        server.answer = says(status, {"title": "CreditsDepleted"})
        with pytest.raises(Exhausted):
            write(lambda: post(way, server.url), reading=reading)
    server.answer = says(503, {"title": "CreditsDepleted"})
    with pytest.raises(Unsure):
        write(lambda: post(way, server.url), reading=reading)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (says(400, {"error": "invalid_grant"}), Unauthorised),
        (says(401), Unauthorised),
        (says(403), Unavailable),
        (says(429, {}, {"Retry-After": "9"}), Unavailable),
        (says(503), Unavailable),
        (closes, Unavailable),
    ],
)
def test_a_login_that_failed_means_that_nothing_was_sent(
    way: requests.Session, server: Server, answer: Answering, error: type[ConnectorError]
) -> None:
    server.login = answer

    def with_login() -> Receipt:
        way.post(server.url + LOGINS[0]).raise_for_status()
        return post(way, server.url)

    assert type(failed(with_login)) is error
    assert server.writes == []


def test_an_error_tells_a_host_and_no_address(way: requests.Session) -> None:
    error = failed(lambda: post(way, "http://ana:canary@127.0.0.1:1/canary?token=canary"))
    assert type(error) is Unavailable
    assert str(error) == "127.0.0.1 could not be reached (ConnectionError); nothing was sent."
    assert error.__cause__ is error.__context__ is None


@pytest.mark.parametrize("kind", ["requests", "httpx"])
def test_no_line_of_a_log_tells_a_query(server: Server, kind: str) -> None:
    log, root = Log(), logging.getLogger()
    logged = [logging.getLogger(name) for name in ("urllib3.connectionpool", "httpx", "httpcore.http11")]
    levels = [(one, one.level) for one in (root, *logged)]
    for one in (root, *(logging.getLogger(name) for name in ("urllib3", "httpx", "httpcore"))):
        one.setLevel(logging.DEBUG)
    root.addHandler(log)
    try:
        with session(BOUNDS) if kind == "requests" else httpx.Client(transport=Transport(BOUNDS)) as way:
            way.get(f"{server.url}/?token=canary")
    finally:
        root.removeHandler(log)
        for one, level in levels:
            one.setLevel(level)
    assert [line for line in log.lines if "canary" in line] == []


@pytest.mark.parametrize("kind", ["requests", "httpx"])
def test_a_silent_server_is_left_after_the_time_for_reading(server: Server, kind: str) -> None:
    server.login = hangs
    bounds, began = Bounds(connect=10.0, read=0.2, total=60.0), time.monotonic()
    timeouts = (requests.Timeout, httpx.TimeoutException)
    with (
        session(bounds, LOGINS)
        if kind == "requests"
        else httpx.Client(transport=Transport(bounds, LOGINS), timeout=60) as way,
        pytest.raises(timeouts),
    ):
        way.post(server.url + LOGINS[0])
    assert time.monotonic() - began < 8


# --- what proves that nothing was sent


def test_no_failure_after_the_first_byte_is_a_proof() -> None:
    fate = Fate("net.example")
    one = Passage(BOUNDS, now() + 60, fate)
    one.unreached()
    assert fate.unsent
    one.leave()
    one.unreached()
    assert not fate.unsent


def test_silence_of_the_sockets_proves_nothing(way: requests.Session) -> None:
    """As after an update of urllib3 that no longer calls what we listen to."""
    adapter = way.get_adapter("http://")
    assert isinstance(adapter, requests.adapters.HTTPAdapter)
    adapter.poolmanager.pool_classes_by_scheme = {"http": HTTPConnectionPool}
    assert type(failed(lambda: post(way, "http://127.0.0.1:1/"))) is Unsure


def test_a_proxy_that_opens_no_way_got_nothing(way: requests.Session, server: Server) -> None:
    server.answer = says(502, b"")
    way.proxies = {"https": server.url}
    assert type(failed(lambda: post(way, "https://net.example/"))) is Unavailable
    assert type(failed(lambda: put(server, "https://net.example/"))) is Unavailable
    assert [one.method for one in server.requests] == ["CONNECT", "CONNECT"]


def test_a_proxy_that_lost_the_answer_leaves_it_open(way: requests.Session, server: Server) -> None:
    server.answer = says(502, b"")
    way.proxies = {"http": server.url}
    assert type(failed(lambda: post(way, "http://net.example/"))) is Unsure
    assert type(failed(lambda: put(server, "http://net.example/"))) is Unsure
    assert len(server.writes) == 2


def test_no_login_from_netrc_takes_the_place_of_ours(
    way: requests.Session, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login ana password pw\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    sent = way.get(server.url, headers={"Authorization": "Bearer ours"}).request
    assert sent.headers["Authorization"] == "Bearer ours"
