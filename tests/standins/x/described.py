"""The official descriptions of X's API: whether a request is one of theirs, and an answer as promised."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse

from tests.standins.x.answering import Request
from tests.standins.x.server import TOKEN_PATH, Exchange

#: By the words they are written in.
FILES: Mapping[str, Path] = {
    words: Path(__file__).parents[4] / "shared" / "data" / "x-api" / f"openapi-{version}.json"
    for words, version in (("tweet", "2.166"), ("post", "2.167"))
}
#: The addresses that anybody here asks for.
_PATHS = (
    "/2/tweets", "/2/tweets/search/recent", "/2/users/me", "/2/users/{id}/mentions", "/2/users/{id}/tweets",
)  # fmt: skip


class Description:
    """One of the descriptions, in as far as we use it."""

    def __init__(self, words: str) -> None:
        whole = json.loads(FILES[words].read_text(encoding="utf-8"))
        whole["paths"] = {path: whole["paths"][path] for path in _PATHS}
        for operation in (one for path in whole["paths"].values() for one in path.values()):
            operation.pop("security", None)  # it knows no signature by OAuth 1.0a; our X checks keys itself
        _mend(whole)
        self._whole = whole
        self._seen: set[str] = set()
        # the files themselves are as they are; checking them takes seconds
        config = Config(spec_validator_cls=None)  # type: ignore[arg-type]
        self._described = OpenAPI.from_dict(whole, config=config)

    def problems(self, requests: Sequence[Request], exchanges: Sequence[Exchange]) -> list[str]:
        """Return what is wrong with requests, and with good answers; those of a shape are looked at once.

        How X says no is described otherwise than it is seen: with a type "about:blank" that is not listed.
        """
        found: list[str] = []
        for request in requests:
            if request.path != TOKEN_PATH and self._new(request):  # it is no part of the descriptions
                found += self._of_request(request)
        for exchange in exchanges:
            good = 200 <= exchange.answer.status < 300 and exchange.request.path != TOKEN_PATH
            if good and self._new(exchange.request, exchange.answer.body):
                found += self._of_answer(exchange)
        return found

    def _new(self, request: Request, answer: Any = None) -> bool:
        """Whether nothing of this shape was seen: all the same but for numbers and words."""
        query = {
            name: re.sub("[0-9]+", "7", value) for name, value in request.query.items() if name != "query"
        }
        body = _shape(json.loads(request.body)) if request.body else None
        shape = json.dumps([request.endpoint, query, body, _shape(answer)], sort_keys=True)
        if shape in self._seen:
            return False
        self._seen.add(shape)
        return True

    def _of_request(self, request: Request) -> Iterator[str]:
        try:
            self._described.validate_request(_asked(request))
        except OpenAPIError as error:
            yield f"{request.endpoint}: {_told(error)}"
        yield from (f"{request.endpoint}: ?{name} is not described" for name in self._unknown(request))

    def _of_answer(self, exchange: Exchange) -> Iterator[str]:
        body = json.dumps(exchange.answer.body).encode()
        answer = MockResponse(body, status_code=exchange.answer.status)
        try:
            self._described.validate_response(_asked(exchange.request), answer)
        except OpenAPIError as error:
            yield f"the answer to {exchange.request.endpoint}: {_told(error)}"

    def _unknown(self, request: Request) -> set[str]:
        """Return the parameters that are not described; the library does not mind them."""
        path = next(one for one in _PATHS if re.fullmatch(re.sub(r"\{\w+\}", "[0-9]+", one), request.path))
        told = self._whole["paths"][path][request.method.lower()].get("parameters", [])
        known = {self._resolved(one)["name"] for one in told}
        return {name for name in request.query if name not in known}

    def _resolved(self, part: Any) -> Any:
        while "$ref" in part:
            place = self._whole
            for name in part["$ref"].removeprefix("#/").split("/"):
                place = place[name]
            part = place
        return part


@cache
def description(words: str) -> Description | None:
    """Return the description in these words; None where the files are not there."""
    return Description(words) if FILES[words].exists() else None


def _shape(value: Any) -> Any:
    """Return a value of JSON with its numbers and texts made alike."""
    if isinstance(value, dict):
        return {name: _shape(one) for name, one in value.items()}
    if isinstance(value, list):
        return sorted({json.dumps(_shape(one), sort_keys=True) for one in value})
    return type(value).__name__


def _asked(request: Request) -> MockRequest:
    return MockRequest(
        "https://api.x.com",
        request.method.lower(),
        request.path,
        args=dict(request.query),
        data=request.body or None,
        content_type=request.headers.get("content-type", ""),
    )


def _mend(part: Any) -> None:
    """Take out what a description says twice: the newer one lists some values of a kind more than once."""
    if isinstance(part, dict):
        if isinstance(part.get("enum"), list):
            part["enum"] = list(dict.fromkeys(part["enum"]))
        for one in part.values():
            _mend(one)
    elif isinstance(part, list):
        for one in part:
            _mend(one)


def _told(error: BaseException) -> str:
    """Return an error with those it came from."""
    words = []
    told: BaseException | None = error
    while told:
        words.append(f"{type(told).__name__}: {told}")
        words += [str(one) for one in getattr(told, "schema_errors", ())]
        told = told.__cause__
    return " < ".join(words)
