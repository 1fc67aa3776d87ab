"""Reddit's stages: the stand-in, read by its inbox (comments to us) or by a search (posts about us)."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from connectors.once.passage import Bounds, now
from connectors.reddit import Reddit
from responder.connector import Malformed, Refused, Unauthorised, Unavailable, Unsure
from tests.connectors.stage import ACCOUNT, Failure, Safe, Stage
from tests.standins.reddit import (
    BRAND,
    CLIENT_ID,
    CLIENT_SECRET,
    REFRESH_TOKEN,
    Fail,
    Server,
    Thing,
    afterwards,
    breaks_off,
    errors,
    instead,
    served,
    to_comments,
    to_logins,
    to_reads,
)
from tests.standins.reddit.server import ACCESS, BASIC

#: Long enough for a machine that is busy with other tests.
PATIENT = Bounds(connect=20.0, read=20.0, total=40.0, size=24 << 20)
READS = ("poll", "look", "find_sent", "shown")
ALL = (*READS, "send")
HTML = {"Content-Type": "text/html"}
SCOPE = {"www-authenticate": 'Bearer realm="reddit", error="insufficient_scope"'}


def reddit(
    server: Server, *, bounds: Bounds = PATIENT, clock: Callable[[], float] = now, **options: Any
) -> Reddit:
    """Return a connector to the stand-in, as wiring builds it."""
    given = {
        "username": BRAND,
        "client_id": CLIENT_ID,
        "answer_in": ["acme"],
        "oauth_url": server.url,
        "reddit_url": server.url,
    }
    safe = Safe(client_secret=CLIENT_SECRET, refresh_token=REFRESH_TOKEN)
    return Reddit(ACCOUNT, given | options, safe, bounds, clock)


def anything(_: object) -> bool:
    """Whether a request fails: each does, but for those that log in."""
    return not to_logins(_)  # type: ignore[arg-type]


#: By name: how requests fail, which, and what the connector makes of it.
_FAILURES: Mapping[str, tuple[Fail, Any, Failure]] = {
    "401": (instead(401), anything, Failure(Unauthorised, ALL)),
    "401 with the reason": (
        instead(401, headers={"www-authenticate": 'Bearer realm="reddit", error="invalid_token"'}),
        anything,
        Failure(Unauthorised, ALL),
    ),
    "a permission lacks": (instead(403, headers=SCOPE), anything, Failure(Unauthorised, ALL)),
    "403": (instead(403), anything, Failure(Refused, ("poll", "find_sent", "shown", "send"))),
    "403 in HTML": (instead(403, b"<html>no</html>", HTML), to_reads, Failure(Unavailable, READS)),
    "404": (instead(404), anything, Failure(Refused, ("poll", "find_sent", "shown", "send"))),
    "408": (instead(408), to_reads, Failure(Unavailable, READS)),
    "408 to a comment": (instead(408), to_comments, Failure(Unsure, ("send",))),
    "429": (instead(429, b"<html>slow down</html>", HTML), anything, Failure(Unavailable, ALL)),
    "500": (instead(500), to_reads, Failure(Unavailable, READS)),
    "503": (instead(503, b"<html>busy</html>", HTML), to_reads, Failure(Unavailable, READS)),
    "a redirect": (instead(302, b"", {"Location": "/login/"}), to_reads, Failure(Malformed, READS)),
    "a redirect of a comment": (
        instead(307, b"", {"Location": "/api/comment/"}),
        to_comments,
        Failure(Unsure, ("send",)),
    ),
    "junk": (instead(200, b"<html>hello</html>", HTML), to_reads, Failure(Malformed, READS)),
    "a list of nothing": (instead(200, {"kind": "Listing"}), to_reads, Failure(Malformed, READS)),
    "half an answer": (breaks_off(0.7), to_reads, Failure(Unavailable, READS)),
    "the login is refused": (instead(400), to_logins, Failure(Unauthorised, ALL)),
    "the login says no in a 200": (
        instead(200, {"error": "invalid_grant"}),
        to_logins,
        Failure(Unauthorised, ALL),
    ),
    "the login fails": (instead(503, b"", HTML), to_logins, Failure(Unavailable, ALL)),
    "the login breaks off": (breaks_off(0.5), to_logins, Failure(Unavailable, ALL)),
    "the login is junk": (instead(200, b"<html>", HTML), to_logins, Failure(Unavailable, ALL)),
    "created, then 503": (afterwards(503, b"<html>", HTML), to_comments, Failure(Unsure, ("send",))),
    "created, then nothing": (breaks_off(0.0), to_comments, Failure(Unsure, ("send",))),
    "created, then half of it": (breaks_off(0.8), to_comments, Failure(Unsure, ("send",))),
    "created, then junk": (afterwards(200, b"<html>"), to_comments, Failure(Unsure, ("send",))),
    "created, and no things": (
        afterwards(200, {"json": {"errors": [], "data": {"things": []}}}),
        to_comments,
        Failure(Unsure, ("send",)),
    ),
    "created, and errors too": (
        afterwards(
            200, {"json": {"errors": [["TOO_OLD", "zu alt", "parent"]], "data": {"things": [{"kind": "t1"}]}}}
        ),
        to_comments,
        Failure(Unsure, ("send",)),
    ),
    "a comment without an id": (
        afterwards(200, {"json": {"errors": [], "data": {"things": [{"kind": "t1", "data": {}}]}}}),
        to_comments,
        Failure(Unsure, ("send",)),
    ),
    "RATELIMIT": (
        errors(("RATELIMIT", "Mach 6 Minuten Pause.", "ratelimit")),
        to_comments,
        Failure(Unavailable, ("send",)),
    ),
    "THREAD_LOCKED": (
        errors(("THREAD_LOCKED", "Gesperrt.", "parent")),
        to_comments,
        Failure(Refused, ("send",)),
    ),
}
FAILURES: Mapping[str, Failure] = {"no connection": Failure(Unavailable, ALL)} | {
    name: failure for name, (_, _, failure) in _FAILURES.items()
}


class RedditStage(Stage):
    """The stand-in, read by the inbox: strangers answer a post of ours."""

    secrets = (CLIENT_SECRET, REFRESH_TOKEN, ACCESS, BASIC)
    #: What makes the connector read what this stage says.
    reading: Mapping[str, Any] = {}

    def __init__(self, server: Server) -> None:
        self.server = server
        self.world = server.world
        self._top = self.world.post(BRAND, "How was it?", title="Tell us")
        self._count = 0

    def connector(self) -> Reddit:
        return reddit(self.server, page=3, backlog=1000, **self.reading)

    def say(self, text: str, *, by_us: bool = False, answering: str = "") -> str:
        self._count += 1
        author = BRAND if by_us else f"ana{self._count}"
        return self._said(author, text, self.world.things.get(answering)).name

    def _said(self, author: str, text: str, to: Thing | None) -> Thing:
        return self.world.comment(author, text, to or self._top)

    def edit(self, external_id: str, text: str) -> None:
        self.world.edit(self.world.things[external_id], text)

    def remove(self, external_id: str) -> None:
        self.world.delete(self.world.things[external_id])

    def sent(self) -> list[tuple[str, str]]:
        ours = self.world.by(BRAND)
        return [(one.parent, one.text) for one in ours if not one.is_post and self._by_the_api(one)]

    def _by_the_api(self, one: Thing) -> bool:
        return any(
            (write.form.get("thing_id"), write.form.get("text")) == (one.parent, one.text)
            for write in self.server.writes
        )

    def trace(self) -> Hashable:
        return len(self.server.writes), len(self.world.things)

    def hosts(self) -> list[str]:
        return [one.host for one in self.server.requests]

    @contextmanager
    def broken(self, failure: str) -> Iterator[None]:
        with ExitStack() as stack:
            if failure == "no connection":
                stack.enter_context(self.server.silent())
            else:
                fail, which, _ = _FAILURES[failure]
                stack.enter_context(self.server.failing(which, fail))
                if which is to_logins:
                    self.server.forget_tokens()
            yield


class SearchStage(RedditStage):
    """The stand-in, read by a search only: strangers post about us."""

    reading: Mapping[str, Any] = {"inbox": False, "searches": [{"subreddit": "acme", "query": "*"}]}

    def _said(self, author: str, text: str, to: Thing | None) -> Thing:
        if to:
            return super()._said(author, text, to)
        return self.world.post(author, text)


@contextmanager
def stage_of(kind: type[RedditStage]) -> Iterator[RedditStage]:
    """Yield a stage on a server of its own."""
    with served() as server:
        yield kind(server)
