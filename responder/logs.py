"""Logs: one line an event, as key=value or JSON, and no secret in any of them, whoever wrote it."""

import json
import logging
import re
import sys
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from typing import Any, Literal, TextIO
from urllib.parse import quote, quote_plus

import structlog

from responder.settings.secret import looks_secret

MASK = "***"
#: A secret shorter than this is looked for by its name only: it would mask half of a line.
_SHORTEST = 4
#: What stands before a secret that nobody told us of.
_AFTER = re.compile(r"(?i)(\b(?:bearer|basic)\s+|://[^/\s:@]*:)[^\s@\"']+")
#: Gives every secret that is known now.
Known = Callable[[], Iterable[str]]


def nothing() -> Iterable[str]:
    """Return the secrets of who has none."""
    return ()


class Masked(structlog.stdlib.ProcessorFormatter):
    """Writes a line, and puts a mask in place of every secret in it: of our own events and of libraries'."""

    def __init__(self, known: Known, **more: Any) -> None:
        super().__init__(**more)
        self._known = known

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        return masked(super().format(record), self._known())


def masked(line: str, known: Iterable[str]) -> str:
    """Return `line` with no secret in it, in none of the forms in which it may stand there."""
    forms = {form for secret in known if len(secret) >= _SHORTEST for form in _forms(secret)}
    for form in sorted(forms, key=len, reverse=True):
        line = line.replace(form, MASK)
    return _AFTER.sub(rf"\1{MASK}", line)


def by_name(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask what stands under the name of a secret, at whatever depth."""
    return {key: MASK if looks_secret(str(key)) else _within(value) for key, value in event.items()}


def set_up_logs(
    stream: TextIO | None = None, *, form: Literal["logfmt", "json"] = "logfmt", known: Known = nothing
) -> None:
    """Log one line an event to `stream` (standard error); what libraries say, from WARNING on.

    No secret that `known` gives stands in any line, nor what stands under the name of one.
    """
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    first = ["timestamp", "level", "event"]
    renderer: Any = (
        structlog.processors.JSONRenderer(sort_keys=False, default=str)
        if form == "json"
        else structlog.processors.LogfmtRenderer(key_order=first)
    )
    formatter = Masked(
        known,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, by_name, renderer],
        foreign_pre_chain=shared,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)  # at DEBUG some libraries write bearer tokens
    logging.getLogger("responder").setLevel(logging.INFO)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def _within(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: MASK if looks_secret(str(key)) else _within(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_within(one) for one in value]
    return value


def _forms(secret: str) -> Iterable[str]:
    """Return how a secret may stand in a line: as it is, escaped, in an address, as it is shown to us."""
    # what is shown of an object that is shown in JSON is escaped twice
    yield secret
    forms = [secret]
    for _ in range(2):
        forms = [other for one in forms for other in _escaped(one)]
        yield from forms
    yield from (quote(secret, safe=""), quote(secret), quote_plus(secret))


def _escaped(text: str) -> Iterable[str]:
    yield json.dumps(text)[1:-1]
    yield json.dumps(text, ensure_ascii=False)[1:-1]
    yield repr(text)[1:-1]
    yield text.replace("\n", "\\n")  # as LogfmtRenderer does it
    yield text.replace('"', '\\"').replace("\n", "\\n")
    yield text.encode("unicode_escape").decode()
