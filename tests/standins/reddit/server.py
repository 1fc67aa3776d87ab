"""The server: logins, rate limit headers, and answers that go wrong when they are told to."""

import base64
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

from tests.standins.reddit.answering import NOT_FOUND, Answer, Office
from tests.standins.reddit.failing import Fail, Which, to_logins
from tests.standins.reddit.wire import Listener, Request
from tests.standins.reddit.world import World

#: Made-up keys; they may be seen nowhere.
CLIENT_ID = "app-1234"
CLIENT_SECRET = "canary-secret-77b1"
REFRESH_TOKEN = "canary-refresh-30fa"
#: Every access token begins so.
ACCESS = "canary-access-"
BASIC = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
SCOPES = "identity read submit privatemessages history"


@dataclass
class Server:
    """A Reddit that listens at `url`."""

    world: World
    port: int = 0
    requests: list[Request] = field(default_factory=list)
    #: What the refresh token may do, and for how many seconds an access token is good.
    scopes: str = SCOPES
    lasts: int = 86_400
    #: Access token -> whether it is the brand's.
    tokens: dict[str, bool] = field(default_factory=dict)
    #: Told with every answer: requests left, requests made, seconds until both begin anew.
    left: float = 9324.0
    used: int = 676
    reset: int = 53
    stopped: threading.Event = field(default_factory=threading.Event)
    _failing: list[tuple[Which, Fail, list[int]]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)
    _tcp: Listener | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def writes(self) -> list[Request]:
        """What came in that is neither a read nor a login."""
        return [one for one in self.requests if one.method != "GET" and not to_logins(one)]

    @property
    def reads(self) -> list[Request]:
        return [one for one in self.requests if one.method == "GET"]

    @contextmanager
    def failing(self, which: Which, fail: Fail, times: int = 1_000_000) -> Iterator[None]:
        """Let some requests fail for as long as the context lasts, or so many times."""
        told = (which, fail, [times])
        self._failing.append(told)
        try:
            yield
        finally:
            self._failing.remove(told)

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Let nobody listen; the port stays taken."""
        self._close()
        try:
            yield
        finally:
            self._listen()

    def forget_tokens(self) -> None:
        """Let every access token end now."""
        self.tokens.clear()

    # --- what comes in

    def _said(self, request: Request) -> tuple[Answer, dict[str, str], Fail | None]:
        """Do what a request asks for, unless it is to fail before; return what is said, and how it fails."""
        self.requests.append(request)
        fail = self._fail_of(request)
        if fail and not fail.effect:
            return NOT_FOUND, {}, fail
        answer = self._answer(request)
        headers = {
            "x-ratelimit-remaining": f"{self.left:.1f}",
            "x-ratelimit-used": str(self.used),
            "x-ratelimit-reset": str(self.reset),
        }
        if answer.status == 401:
            headers["www-authenticate"] = 'Bearer realm="reddit", error="invalid_token"'
        return answer, headers, fail

    def _fail_of(self, request: Request) -> Fail | None:
        for which, fail, times in self._failing:
            if times[0] > 0 and which(request):
                times[0] -= 1
                return fail
        return None

    def _answer(self, request: Request) -> Answer:
        if to_logins(request):
            return self._login(request)
        token = request.headers.get("authorization", "").removeprefix("bearer ")
        if token not in self.tokens:
            return Answer(401, {"message": "Unauthorized", "error": 401})
        ours = self.tokens[token]
        if request.method == "GET":
            return Office(self.world).read(request.path, request.query, ours=ours)
        if request.path.rstrip("/") == "/api/comment" and ours:
            return Office(self.world).comment(request.form)
        return NOT_FOUND

    def _login(self, request: Request) -> Answer:
        if request.headers.get("authorization") != f"Basic {BASIC}":
            return Answer(401, {"message": "Unauthorized", "error": 401})
        kind = request.form.get("grant_type")
        ours = kind == "refresh_token"
        if ours and request.form.get("refresh_token") != REFRESH_TOKEN:
            return Answer(400, {"message": "Bad Request", "error": 400})
        if not ours and kind != "client_credentials":
            return Answer(200, {"error": "unsupported_grant_type"})
        token = f"{ACCESS}{next(self._numbers)}"
        self.tokens[token] = ours
        said = {"access_token": token, "token_type": "bearer", "expires_in": self.lasts}
        more = {"refresh_token": REFRESH_TOKEN, "scope": self.scopes} if ours else {"scope": "*"}
        return Answer(200, said | more)

    # --- how it listens

    def _listen(self) -> None:
        self._tcp = Listener(self.port, self._said, self.stopped)
        threading.Thread(target=self._tcp.serve_forever, args=(0.005,), daemon=True).start()

    def _close(self) -> None:
        if self._tcp:
            self._tcp.shutdown()
            self._tcp.server_close()
            self._tcp = None


@contextmanager
def served(world: World | None = None) -> Iterator[Server]:
    """Let a Reddit listen for as long as the context lasts."""
    server = Server(world or World())
    with socket.socket() as holder:  # keeps the port ours while nobody listens
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        holder.bind(("127.0.0.1", 0))
        server.port = holder.getsockname()[1]
        server._listen()
        try:
            yield server
        finally:
            server.stopped.set()
            server._close()
