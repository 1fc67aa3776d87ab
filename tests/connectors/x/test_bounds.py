"""A server that stalls holds nobody up, one that is not safe hears nothing, and no secret is told."""

import logging
import traceback
from collections.abc import Callable, Iterator

import pytest

from connectors.x import X
from responder.connector import ConnectorError, Mention, Unavailable, Unsure
from tests.connectors.loopback import Answering, hangs, never_ends, trickles
from tests.connectors.stage import CALLS, Log, heard
from tests.connectors.x.stage import FAULTS, connector, keys
from tests.standins.x import Answer, Fault, Server

STALLS: dict[str, Answering] = {
    "says nothing": hangs,
    "trickles from the first byte": trickles(0.0),
    "trickles in the body": trickles(0.7),
    "never ends": never_ends,
}
#: Seconds that one request may take; what does not end by it ends the test by the test's own time.
QUICK = 0.4


def brand(x: Server, **chosen: object) -> tuple[X, Mention]:
    """Return an impatient connector and a complaint that it heard."""
    x.world.post("ana", "@acme My parcel is late.")
    calling = connector(x, None, timeout=QUICK, **chosen)
    (mention,) = heard(connector(x))
    x.requests.clear()
    return calling, mention


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("stall", "call"),
    [
        *(("says nothing", call) for call in ("look", "find_sent", "shown")),
        *((stall, call) for stall in STALLS for call in ("poll", "send")),
    ],
)
def test_a_server_that_stalls_is_given_up(x: Server, stall: str, call: str) -> None:
    calling, mention = brand(x)
    with x.broken(Fault(does=STALLS[stall], after=True)), pytest.raises(ConnectorError) as caught:
        CALLS[call](calling, mention)
    assert type(caught.value) is (Unsure if call == "send" else Unavailable)
    assert len(x.requests) == 1


@pytest.mark.timeout(20)
def test_a_login_that_stalls_is_given_up_before_anything_is_sent(x: Server) -> None:
    calling, mention = brand(x, auth="oauth2", user_id=x.world.users["acme"].id)
    calling.poll(None)
    x.world.wait(hours=3)
    with x.broken(Fault(does=hangs)), pytest.raises(Unavailable):
        CALLS["send"](calling, mention)
    assert x.writes == []


def test_an_answer_without_end_is_not_read_to_it(x: Server) -> None:
    with x.broken(Fault(Answer(200, b"[" * (33 << 20)))), pytest.raises(Unavailable):
        connector(x).poll(None)
    assert len(x.requests) == 1


def test_nothing_is_said_to_a_server_that_is_not_safe(x: Server) -> None:
    x.world.post("ana", "@acme My parcel is late.")
    (mention,) = heard(connector(x))
    x.requests.clear()
    calling = X("shop", {"handle": "acme", "url": x.url.replace("http:", "https:")}, keys(x), x.world.ticks)
    for call in CALLS:
        with pytest.raises(Unavailable):
            CALLS[call](calling, mention)
    assert x.requests == []


# --- secrets


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


@pytest.mark.parametrize("auth", ["oauth1", "oauth2"])
def test_no_secret_and_no_word_of_ours_stands_in_a_log_an_error_or_a_name(
    x: Server, log: Log, auth: str, capfd: pytest.CaptureFixture[str]
) -> None:
    x.world.post("ana", "@acme My parcel is late.")
    (mention,) = heard(connector(x))
    kept = keys(x, auth)
    told = []
    echo = Answer(
        403, {"detail": " ".join(kept.secrets.values()), "errors": [{"message": str(kept.secrets)}]}
    )
    for fault in (*FAULTS.values(), Fault(echo), Fault(Answer(200, {"data": str(kept.secrets)}))):
        for call in CALLS.values():
            x.world.wait(hours=3)
            calling = connector(x, kept, auth=auth)
            told += [
                repr(calling),
                str(calling),
                repr(calling._way),
                repr(calling._way.login),
                repr(vars(calling)),
            ]
            with x.broken(fault):
                told += outcome(lambda call=call, calling=calling: call(calling, mention))  # type: ignore[misc]
    everything = "\n".join([*told, *log.lines, *capfd.readouterr()])
    assert [secret for secret in (*x.keys.secrets(), "We are sorry") if secret in everything] == []
    assert "403" in everything


def outcome(call: Callable[[], object]) -> list[str]:
    """Return all that a call shows."""
    try:
        return [repr(call())]
    except ConnectorError as error:
        return [repr(error), *traceback.format_exception(error)]
