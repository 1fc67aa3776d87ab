"""What an answer of our X is, and how it says no."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Request:
    """One request, taken apart."""

    method: str
    path: str
    query: Mapping[str, str]
    #: By lower-case name.
    headers: Mapping[str, str]
    body: bytes
    #: Where it was sent, with scheme and port.
    base: str

    @property
    def endpoint(self) -> str:
        """What its limit is told by, like "GET /2/users/:id/mentions"."""
        parts = [":id" if part.isdigit() and len(part) > 1 else part for part in self.path.split("/")]
        return f"{self.method} {'/'.join(parts)}"

    @property
    def writes(self) -> bool:
        return self.method != "GET" and self.path != "/2/oauth2/token"


@dataclass(frozen=True)
class Answer:
    """A status and what goes with it; what is not bytes goes as JSON."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)


def problem(status: int, title: str, detail: str, kind: str = "about:blank", **more: str) -> Answer:
    """Say no as X does."""
    return Answer(status, {"title": title, "detail": detail, "type": kind, "status": status, **more})


UNAUTHORIZED = problem(401, "Unauthorized", "Unauthorized")
NOT_FOUND = problem(404, "Not Found", "Not Found")
UNSUPPORTED = problem(
    403,
    "Unsupported Authentication",
    "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.",
    "https://api.twitter.com/2/problems/unsupported-authentication",
)
NOT_SUMMONED = problem(
    403,
    "Forbidden",
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by "
    "the author of the post you are replying to.",
)
RESTRICTED = problem(403, "Forbidden", "You are not permitted to reply to this conversation.")
DUPLICATE = problem(403, "Forbidden", "You are not allowed to create a Tweet with duplicate content.")
TARGET_GONE = problem(
    403, "Forbidden", "You attempted to reply to a Tweet that is deleted or not visible to you."
)
TOO_LONG = problem(403, "Forbidden", "Your Tweet text is too long.")
NOT_SET_UP = problem(
    403,
    "Client Forbidden",
    "This request must be made using an approved developer account.",
    "https://api.twitter.com/2/problems/client-forbidden",
    reason="client-not-enrolled",
)
NO_CREDITS = problem(
    402, "CreditsDepleted", "Your enrolled account does not have any credits to fulfill this request."
)
CAPPED = problem(
    429,
    "UsageCapExceeded",
    "Usage cap exceeded: Monthly product cap",
    "https://api.twitter.com/2/problems/usage-capped",
    period="Monthly",
    scope="Product",
)
TOO_MANY = problem(429, "Too Many Requests", "Too Many Requests")
TOO_MANY_OLD = Answer(429, {"errors": [{"code": 88, "message": "Rate limit exceeded"}]})
BUSY = problem(503, "Service Unavailable", "Service Unavailable")
BUSY_PAGE = Answer(503, b"<html><body>Over capacity</body></html>", {"Content-Type": "text/html"})


def invalid(parameter: str, value: str, message: str) -> Answer:
    """Say that a parameter is wrong."""
    body = {
        "errors": [{"parameters": {parameter: [value]}, "message": message}],
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": "https://api.twitter.com/2/problems/invalid-request",
    }
    return Answer(400, body)
