"""PRAW as it is built: its settings come from us alone, its token in time, and it never sleeps."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from connectors.once.passage import Bounds
from connectors.reddit.limiter import Limiter
from responder.connector import ConnectorError, Unauthorised, Unavailable, Unsure
from tests.connectors.reddit.stages import HTML, anything, reddit
from tests.connectors.stage import CALLS, heard, message
from tests.standins.reddit import (
    BRAND,
    Fail,
    Server,
    World,
    hangs,
    instead,
    to_comments,
    to_logins,
    to_path,
    to_reads,
)
from tests.standins.reddit.server import SCOPES

ROOT = Path(__file__).parents[3]
#: Builds a client where a hostile praw.ini lies, and tells what it would use.
PROBE = """
import json, socket, sys, warnings
def refuse(*args, **more): raise SystemExit("it asked the network")
socket.socket.connect = refuse
warnings.simplefilter("error")
if "before" in sys.argv:  # somebody else in this process has PRAW read what lies there
    from praw.config import Config
    warnings.simplefilter("ignore")
    Config._load_config()
    warnings.simplefilter("error")
from connectors.reddit.client import Keys, client
from connectors.reddit.limiter import Limiter
from connectors.once.passage import Bounds
keys = Keys(client_id="ours", client_secret="s", refresh_token="r", user_agent="web:a.b:v1 (by /u/acme)",
            oauth_url="https://oauth.reddit.com", reddit_url="https://www.reddit.com")
made = client(keys, Limiter(), Bounds())
config = {name: str(value) for name, value in vars(made.config).items() if name[0] != "_"}
core = made._core
print(json.dumps([config, core.requestor.oauth_url, core.requestor.reddit_url, type(core.authorizer).__name__,
                  core.authorizer.refresh_token, dict(core.requestor.headers)]))
"""
HOSTILE = """[DEFAULT]
client_id=theirs
client_secret=theirs
refresh_token=theirs
username=theirs
password=theirs
redirect_uri=http://evil.example
user_agent=theirs:x:1 (by /u/evil)
oauth_url=http://evil.example
reddit_url=http://evil.example
short_url=http://evil.example
comment_kind=t9
check_for_updates=True
check_for_async=True
ratelimit_seconds=600
timeout=1
window_size=1
"""


def probed(folder: Path, environment: Mapping[str, str], when: str = "") -> list[object]:
    """Return what a client in `folder` would use."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, when],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "HOME": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said: list[object] = json.loads(done.stdout)
    return said


class TestItsSettings:
    @pytest.mark.parametrize(("ini", "when"), [(HOSTILE, ""), (HOSTILE, "before"), ("this is no [ini", "")])
    def test_neither_a_file_nor_the_environment_changes_any(
        self, tmp_path: Path, ini: str, when: str
    ) -> None:
        (tmp_path / "empty").mkdir()
        plain = probed(tmp_path / "empty", {})
        (tmp_path / "praw.ini").write_text(ini)
        (tmp_path / ".config").mkdir()
        (tmp_path / ".config" / "praw.ini").write_text(ini)
        named = [line.partition("=") for line in HOSTILE.splitlines()[1:]]
        environment = {f"praw_{name}": value for name, _, value in named} | {"praw_site": "theirs"}
        assert probed(tmp_path, environment, when) == plain
        assert "theirs" not in json.dumps(plain)
        assert plain[1:5] == ["https://oauth.reddit.com", "https://www.reddit.com", "Ours", "r"]
        assert isinstance(plain[0], dict)
        assert (plain[0]["check_for_updates"], plain[0]["ratelimit_seconds"]) == ("False", "0")


class TestItsToken:
    def test_one_is_good_for_many_requests(self, server: Server, world: World) -> None:
        world.comment("ben", "Badly.", world.post(BRAND, "How was it?"))
        connector = reddit(server)
        (mention,) = heard(connector)
        connector.look(mention)
        connector.send(message(mention), mention)
        assert len([one for one in server.requests if to_logins(one)]) == 1

    def test_one_that_ends_within_a_minute_is_renewed_before_it_is_used(self, server: Server) -> None:
        server.lasts = 55
        connector = reddit(server)
        cursor = connector.poll(None).cursor
        before = len(server.requests)
        connector.poll(cursor)
        assert [one.path for one in server.requests[before:]] == ["/api/v1/access_token", "/message/inbox/"]

    @pytest.mark.parametrize("told", [True, False])
    def test_one_that_ended_early_is_renewed_once_for_a_read(self, server: Server, told: bool) -> None:
        connector = reddit(server)
        cursor = connector.poll(None).cursor
        server.forget_tokens()
        headers = {"www-authenticate": 'Bearer realm="reddit", error="invalid_token"'} if told else {}
        before = len(server.requests)
        with server.failing(to_path("/message"), instead(401, headers=headers), times=1):
            connector.poll(cursor)
        assert [one.path for one in server.requests[before:]] == [
            "/message/inbox/",
            "/api/v1/access_token",
            "/message/inbox/",
        ]

    def test_an_answer_of_401_again_and_again_ends(self, server: Server) -> None:
        connector = reddit(server)
        cursor = connector.poll(None).cursor
        before = len(server.requests)
        with server.failing(to_reads, instead(401)), pytest.raises(Unauthorised):
            connector.poll(cursor)
        assert len(server.requests) - before == 3

    @pytest.mark.parametrize(
        ("granted", "options", "lacking"),
        [
            ("identity read privatemessages history", {}, "submit"),
            ("identity read submit privatemessages", {}, "history"),
            ("read", {}, "history, identity, privatemessages, submit"),
            ("identity read", {"answer_in": []}, "privatemessages"),
            ("identity read", {"answer_in": [], "inbox": False, "subreddits": ["a1"]}, ""),
            ("*", {}, ""),
            (SCOPES + " edit", {}, ""),
        ],
    )
    def test_each_permission_that_lacks_is_named_before_anything_is_asked(
        self, server: Server, granted: str, options: dict[str, object], lacking: str
    ) -> None:
        server.scopes = granted
        connector = reddit(server, **options)  # type: ignore[arg-type]
        if not lacking:
            connector.poll(None)
            return
        for _ in range(2):
            with pytest.raises(Unauthorised, match=f"lacks the permission {lacking}; make"):
                connector.poll(None)
        assert server.reads == []

    @pytest.mark.parametrize(
        ("path", "scope"),
        [("/message", "privatemessages"), ("/user", "history"), ("/api/v1/me", "identity"), ("/r/", "read")],
    )
    def test_one_that_was_taken_back_is_named_by_what_was_asked(
        self, server: Server, world: World, path: str, scope: str
    ) -> None:
        world.comment("ben", "Badly.", world.post(BRAND, "How was it?"))
        (mention,) = heard(reddit(server))
        headers = {"www-authenticate": 'Bearer realm="reddit", error="insufficient_scope"'}
        connector = reddit(server, inbox=path != "/r/", subreddits=["acme"])
        with (
            server.failing(to_path(path), instead(403, headers=headers)),
            pytest.raises(Unauthorised, match=f"permission {scope};"),
        ):
            connector.poll(None) if path != "/user" else connector.find_sent(message(mention), mention)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class TestItsLimit:
    def test_reading_stops_before_the_last_requests_and_says_until_when(
        self, server: Server, world: World
    ) -> None:
        world.comment("ben", "Badly.", world.post(BRAND, "How was it?"))
        clock = Clock()
        server.left, server.reset = 4.0, 53
        connector = reddit(server, clock=clock)
        page = connector.poll(None)
        server.left = 3.0
        connector.poll(page.cursor)
        before = len(server.requests)
        with pytest.raises(Unavailable) as caught:
            connector.poll(page.cursor)
        assert caught.value.retry_after == 53
        (mention,) = page.mentions
        connector.send(message(mention), mention)  # what was left is for this
        assert len(server.requests) == before + 1
        clock.seconds += 54
        connector.poll(page.cursor)

    def test_writing_stops_when_nothing_is_left(self, server: Server, world: World) -> None:
        world.comment("ben", "Badly.", world.post(BRAND, "How was it?"))
        connector = reddit(server, clock=Clock())
        (mention,) = heard(connector)
        server.left, server.reset = 0.5, 600
        connector.look(mention)
        with pytest.raises(Unavailable) as caught:
            connector.send(message(mention), mention)
        assert (caught.value.retry_after, server.writes) == (600, [])

    def test_when_reddit_says_wait_nothing_is_asked_until_then(self, server: Server) -> None:
        clock = Clock()
        connector = reddit(server, clock=clock)
        cursor = connector.poll(None).cursor
        slow = instead(429, b"<html>slow down</html>", {**HTML, "Retry-After": "120"})
        with server.failing(to_reads, slow), pytest.raises(Unavailable) as caught:
            connector.poll(cursor)
        assert caught.value.retry_after == 120
        before = len(server.requests)
        clock.seconds += 119
        with pytest.raises(Unavailable):
            connector.poll(cursor)
        assert len(server.requests) == before
        clock.seconds += 2
        connector.poll(cursor)

    def test_headers_that_are_no_numbers_change_nothing(self) -> None:
        clock = Clock()
        limiter = Limiter(clock)
        for headers in (
            {},
            {"x-ratelimit-remaining": "many", "x-ratelimit-reset": "9"},
            {"x-ratelimit-remaining": "9.5"},
        ):
            limiter.note(headers)
        limiter.ask(writing=False)
        limiter.note({"x-ratelimit-remaining": "0.0", "x-ratelimit-reset": "9.5"})
        with pytest.raises(Unavailable):
            limiter.ask(writing=True)

    def test_an_answer_that_tells_nothing_counts(self) -> None:
        limiter = Limiter(Clock())
        limiter.note({"x-ratelimit-remaining": "5.0", "x-ratelimit-reset": "60"})
        limiter.ask(writing=False)
        for _ in range(4):
            limiter.note({})
        limiter.ask(writing=True)
        with pytest.raises(Unavailable):
            limiter.ask(writing=False)

    def test_broken_headers_after_a_comment_do_not_hide_it(self, server: Server, world: World) -> None:
        world.comment("ben", "Badly.", world.post(BRAND, "How was it?"))
        (mention,) = heard(reddit(server))
        server.used, server.reset = "12.5", "soon"  # type: ignore[assignment]
        assert reddit(server).send(message(mention), mention).remote_id


class TestAServerThatStalls:
    """By structure: what hangs for ever would hang here, were it not cut."""

    BOUNDS = Bounds(connect=10.0, read=0.7, total=1.4)

    @pytest.mark.parametrize("call", ["poll", "send"])
    def test_holds_no_call_for_ever(self, server: Server, world: World, call: str) -> None:
        self.stall(server, world, call, hangs())

    @pytest.mark.slow
    @pytest.mark.parametrize("call", CALLS)
    @pytest.mark.parametrize("fail", [hangs(effect=False), Fail(effect=True, right=True, pace=0.2)])
    def test_holds_no_call_by_a_word_now_and_then(
        self, server: Server, world: World, call: str, fail: Fail
    ) -> None:
        self.stall(server, world, call, fail)

    def stall(self, server: Server, world: World, call: str, fail: Fail) -> None:
        world.comment("ben", "Badly.", world.post(BRAND, "How was it?"))
        (mention,) = heard(reddit(server))
        connector = reddit(server, bounds=self.BOUNDS)
        connector.poll(None)
        which = to_comments if call == "send" else to_reads
        with server.failing(which, fail), pytest.raises(ConnectorError) as caught:
            CALLS[call](connector, mention)
        assert type(caught.value) is (Unsure if call == "send" else Unavailable)
        assert len(server.writes) == (1 if call == "send" else 0)

    @pytest.mark.slow
    def test_holds_no_login_either_and_nothing_is_sent(self, server: Server, world: World) -> None:
        world.comment("ben", "Badly.", world.post(BRAND, "How was it?"))
        (mention,) = heard(reddit(server))
        connector = reddit(server, bounds=self.BOUNDS)
        with server.failing(to_logins, hangs()):
            for call in ("poll", "send"):
                with pytest.raises(Unavailable):
                    CALLS[call](connector, mention)
        assert server.writes == []

    def test_asks_once_and_not_again(self, server: Server) -> None:
        connector = reddit(server, bounds=self.BOUNDS)
        cursor = connector.poll(None).cursor
        before = len(server.reads)
        with server.failing(anything, hangs()), pytest.raises(Unavailable):
            connector.poll(cursor)
        assert len(server.reads) - before == 1
