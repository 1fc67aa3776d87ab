"""What the libraries do as they come, so that we notice a change; and that none of them tells a secret."""

import logging
import traceback
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import requests

from connectors.once.passage import Bounds, hush
from connectors.once.session import session
from connectors.once.write import write
from responder.connector import ConnectorError, Unsure
from tests.connectors.libraries import LIBRARIES, SECRETS, TOKEN, WORDS, Library, comment, praw_client
from tests.connectors.loopback import LOGINS, Answering, Server, closes, redirects, resets, says, served
from tests.connectors.stage import Log

BOUNDS = Bounds(connect=10.0, read=10.0, total=20.0)
BY_NAME = {one.name: one for one in LIBRARIES}


class TestAsTheyCome:
    """Without our transports each of them writes more than once, or says "sent" of what was not."""

    @pytest.mark.parametrize(("name", "writes"), [("tweepy", 31), ("mastodon", 31), ("atproto", 21)])
    def test_three_follow_a_307_again_and_again(self, name: str, writes: int) -> None:
        with served(Server(redirects(307), BY_NAME[name].good)) as server:
            with ExitStack() as end, pytest.raises(Exception, match=r"(?i)redirects"):
                BY_NAME[name].plain(server.url, server.url, end)()
            assert len(server.writes) == writes

    @pytest.mark.parametrize("name", ["tweepy", "mastodon"])
    def test_two_take_a_302_for_success(self, name: str) -> None:
        with served(Server(redirects(302), BY_NAME[name].good)) as server:
            with ExitStack() as end:
                assert BY_NAME[name].plain(server.url, server.url, end)().remote_id
            assert [one.method for one in server.requests] == ["POST", "GET"]

    @pytest.mark.slow
    @pytest.mark.parametrize("answer", [says(503), resets], ids=["503", "reset"])
    def test_praw_sends_three_times(self, answer: Answering) -> None:
        with served(Server(answer, BY_NAME["praw"].good)) as server:
            with ExitStack() as end, pytest.raises(Exception, match=r"503|Connection"):
                BY_NAME["praw"].plain(server.url, server.url, end)()
            assert len(server.writes) == 3

    @pytest.mark.slow
    def test_praw_sends_once_through_our_session_even_so(self) -> None:
        with served(Server(says(503), BY_NAME["praw"].good)) as server:
            reply = comment(praw_client(server.url, server.url, session(BOUNDS, LOGINS)))
            with pytest.raises(Unsure):
                write(reply)
            assert len(server.writes) == 1


@pytest.fixture
def log() -> Iterator[Log]:
    """Everything that is logged while somebody looks for a mistake: the root at DEBUG, no logger silenced."""
    root, kept = logging.getLogger(), Log()
    named = [one for one in root.manager.loggerDict.values() if isinstance(one, logging.Logger)]
    levels = [(one, one.level) for one in (root, *named)]
    for one in named:
        one.setLevel(logging.NOTSET)
    root.setLevel(logging.DEBUG)
    root.addHandler(kept)
    yield kept
    root.removeHandler(kept)
    for one, level in levels:
        one.setLevel(level)


class TestSecrets:
    @pytest.mark.parametrize("library", LIBRARIES, ids=lambda one: one.name)
    @pytest.mark.parametrize(
        "answer",
        [says(200), says(503), says(401, {"error": TOKEN}), says(200, {"echo": SECRETS}), resets, closes],
        ids=["well", "503", "401", "echo", "reset", "closed"],
    )
    def test_no_error_and_no_line_of_a_log_tells_one(
        self, library: Library, answer: Answering, log: Log
    ) -> None:
        told = []
        with (
            served(Server(says(200), library.good)) as fine,
            served(Server(answer, library.good)) as server,
        ):
            reply = library.once(server.url, fine.url, BOUNDS)
            try:
                told.append(repr(write(reply)))
            except ConnectorError as error:
                told += [repr(error), *traceback.format_exception(error)]
        everything = "\n".join([*told, *log.lines])
        assert [one for one in (*SECRETS, WORDS, "canary") if one in everything] == []

    def test_tweepy_would_log_its_token(self, log: Log) -> None:
        import tweepy

        with served(Server(says(502, b""))) as server, requests.Session() as client_session:
            client = tweepy.Client(TOKEN)
            client.session = client_session
            client.session.proxies = {"https": server.url}
            for expected in (True, False):
                with pytest.raises(requests.exceptions.ProxyError):
                    client.get_me(user_auth=False)
                assert any(TOKEN in line for line in log.lines) is expected
                hush("tweepy")
                log.lines.clear()
