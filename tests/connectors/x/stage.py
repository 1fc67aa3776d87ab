"""X's stage: our X on the loopback, with the connector on it, and the ways in which it fails."""

from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from connectors.x import X
from responder.connector import Exhausted, Malformed, Refused, Unauthorised, Unavailable, Unsure
from tests.connectors.loopback import breaks_off, closes, resets
from tests.connectors.stage import ACCOUNT, Failure, Safe, Stage
from tests.standins.x import BRAND, Answer, Fault, Request, Server, answering
from tests.standins.x.keys import ACCESS_SECRET, ACCESS_TOKEN, API_KEY, API_SECRET, CLIENT_ID
from tests.standins.x.server import TOKEN_PATH

READS = ("poll", "look", "find_sent", "shown")
ALL = (*READS, "send")
PAGE = Answer(200, b"<html>Welcome</html>", {"Content-Type": "text/html"})
HOME = Answer(307, {}, {"Location": "https://x.com/"})

#: How our X fails: what it does, and whether it does so to reads, to writes or to both.
FAULTS: Mapping[str, Fault] = {
    "400": Fault(answering.invalid("ids", "x", "it is wrong")),
    "401": Fault(answering.UNAUTHORIZED),
    "402": Fault(answering.NO_CREDITS),
    "403, the app is not set up": Fault(answering.NOT_SET_UP),
    "403, not summoned": Fault(answering.NOT_SUMMONED),
    "403, only some may reply": Fault(answering.RESTRICTED),
    "403, the same words": Fault(answering.DUPLICATE),
    "403, the target is gone": Fault(answering.TARGET_GONE),
    "404": Fault(answering.NOT_FOUND),
    "408": Fault(answering.problem(408, "Request Timeout", "Request Timeout")),
    "429": Fault(answering.TOO_MANY),
    "429 of old": Fault(answering.TOO_MANY_OLD),
    "429, the month's cap": Fault(answering.CAPPED),
    "503": Fault(answering.BUSY),
    "503 as a page": Fault(answering.BUSY_PAGE),
    "503 after it": Fault(answering.BUSY, after=True),
    "redirect": Fault(HOME),
    "junk": Fault(PAGE),
    "junk after it": Fault(PAGE, after=True),
    "no list": Fault(Answer(200, {"data": {"id": 7}})),
    "no id": Fault(Answer(201, {"data": {"text": "We are sorry."}}), after=True),
    "reset": Fault(does=resets),
    "reset after it": Fault(does=resets, after=True),
    "closed after it": Fault(does=closes, after=True),
    "cut short after it": Fault(does=breaks_off(0.9), after=True),
}
#: What each call must make of a fault, by the fault's name and, where that matters, what it happens to.
FAILURES: Mapping[str, Failure] = {
    "nobody listens": Failure(Unavailable, ALL),
    "400": Failure(Refused, ALL),
    "401": Failure(Unauthorised, ALL),
    "402": Failure(Exhausted, ALL),
    "403, the app is not set up": Failure(Unauthorised, ALL),
    "403, not summoned": Failure(Refused, ("send",)),
    "403, only some may reply": Failure(Refused, ("send",)),
    "403, the same words": Failure(Unsure, ("send",)),
    "403, the target is gone": Failure(Refused, ("send",)),
    "404": Failure(Refused, ALL),
    "429": Failure(Unavailable, ALL),
    "429 of old": Failure(Unavailable, ALL),
    "429, with a limit that ends": Failure(Unavailable, ALL),
    "429, the month's cap": Failure(Exhausted, ALL),
    "no list, reading": Failure(Malformed, READS),
    "junk, reading": Failure(Malformed, READS),
    "408, reading": Failure(Unavailable, READS),
    "503, reading": Failure(Unavailable, READS),
    "503 as a page, reading": Failure(Unavailable, READS),
    "redirect, reading": Failure(Unavailable, READS),
    "reset, reading": Failure(Unavailable, READS),
    "cut short after it, reading": Failure(Unavailable, READS),
    "no id": Failure(Unsure, ("send",)),
    "junk, sending": Failure(Unsure, ("send",)),
    "junk after it, sending": Failure(Unsure, ("send",)),
    "408, sending": Failure(Unsure, ("send",)),
    "503, sending": Failure(Unsure, ("send",)),
    "503 as a page, sending": Failure(Unsure, ("send",)),
    "503 after it, sending": Failure(Unsure, ("send",)),
    "redirect, sending": Failure(Unsure, ("send",)),
    "reset, sending": Failure(Unsure, ("send",)),
    "reset after it, sending": Failure(Unsure, ("send",)),
    "closed after it, sending": Failure(Unsure, ("send",)),
    "cut short after it, sending": Failure(Unsure, ("send",)),
}
#: With OAuth 2 a token that X does not accept is renewed: a reply is then sent the next time.
RENEWED: Mapping[str, Failure] = {
    "401": Failure(Unauthorised, READS),
    "401, sending": Failure(Unavailable, ("send",)),
    "401, and it renews nothing": Failure(Unauthorised, ALL),
}
#: One of each kind, for every day, and the least that the suite asks for.
LEAST = ("nobody listens", "reset after it, sending")
FEW = (
    "nobody listens",
    "401",
    "429, with a limit that ends",
    "503 as a page, sending",
    "reset after it, sending",
)


def options(x: Server, **more: Any) -> dict[str, Any]:
    """Return the options of the brand's account on our X."""
    return {"handle": BRAND, "url": x.url, **more}


def keys(x: Server, auth: str = "oauth1") -> Safe:
    """Return the secrets of the brand's account."""
    if auth == "oauth2":
        return Safe(oauth2=x.keys.kept())
    return Safe(
        api_key=API_KEY, api_secret=API_SECRET, access_token=ACCESS_TOKEN, access_token_secret=ACCESS_SECRET
    )


def connector(x: Server, secret: Safe | None = None, **more: Any) -> X:
    """Build the connector for the brand's account."""
    chosen = options(x, **more)
    if chosen.get("auth") == "oauth2":
        chosen.setdefault("client_id", CLIENT_ID)
    return X(ACCOUNT, chosen, secret or keys(x, chosen.get("auth", "oauth1")), x.world.ticks)


class XStage(Stage):
    """Our X, where anybody may be answered, so that what people say can be heard exactly as they said it.

    What they say answers a post of ours: X puts our name before it, where nobody sees it, and lists it among
    our mentions. That X lets small apps answer only who names us is tried elsewhere.
    """

    def __init__(self, x: Server, **chosen: Any) -> None:
        self.x = x
        self._chosen = {"enterprise": True, **chosen}
        x.habits.page = 3
        x.customs.summoned_only = False
        self.secret = keys(x, chosen.get("auth", "oauth1"))
        self.secrets = x.keys.secrets()
        self._ours = x.world.post(BRAND, "We are open on Saturday.")
        self._people = 0

    def connector(self) -> X:
        return connector(self.x, self.secret, **self._chosen)

    def say(self, text: str, *, by_us: bool = False, answering: str = "") -> str:
        self.x.world.wait(seconds=1)
        if by_us:
            return self.x.world.post(BRAND, text, answering=answering)
        self._people += 1
        return self.x.world.post(f"ana{self._people}", text, answering=answering or self._ours)

    def edit(self, external_id: str, text: str) -> None:
        self.x.world.edit(external_id, text)

    def remove(self, external_id: str) -> None:
        self.x.world.remove(external_id)

    def sent(self) -> list[tuple[str, str]]:
        return [(one.answers, one.text) for one in self.x.world.by(BRAND) if one.by_app]

    def trace(self) -> Hashable:
        return len(self.x.writes)

    def hosts(self) -> list[str]:
        return [urlsplit(f"//{one.headers['host']}").hostname or "" for one in self.x.requests]

    @contextmanager
    def broken(self, failure: str) -> Iterator[None]:
        if failure == "nobody listens":
            with self.x.away():
                yield
            return
        name, _, when = failure.rpartition(", ")
        fault = FAULTS.get(failure) or FAULTS.get(name)
        if failure == "429, with a limit that ends":
            fault = Fault(Answer(429, {}, self._limit_until(minutes=10)))
        if when == "and it renews nothing":
            fault = FAULTS["401"]
        assert fault, failure

        def only(request: Request) -> bool:
            token = request.path == TOKEN_PATH
            return when == "and it renews nothing" if token else when != "reading" or not request.writes

        with self.x.broken(fault, only):
            yield
        self.x.world.wait(minutes=16)

    def _limit_until(self, *, minutes: int) -> dict[str, str]:
        ends = int(self.x.world.now.timestamp()) + minutes * 60
        return {"x-rate-limit-limit": "300", "x-rate-limit-remaining": "0", "x-rate-limit-reset": str(ends)}
