"""X's limits: what its headers told is kept to without asking, the day's limits too, by X's own clock."""

import pytest

from connectors.x import X
from connectors.x.limiter import Hour, Limiter
from responder.connector import Exhausted, Mention, Unavailable
from tests.connectors.stage import heard, message
from tests.connectors.x.stage import FAULTS, connector
from tests.standins.x import Answer, Fault, Server
from tests.standins.x.answering import TOO_MANY

MENTIONS, POSTING = "GET /2/users/:id/mentions", "POST /2/tweets"
#: Accounts come back so many seconds after a limit ends at the most.
JITTER = 5


@pytest.fixture
def asking(x: Server) -> X:
    """A connector that has read once."""
    made = connector(x)
    x.world.post("ana", "@acme My parcel is late.")
    made.poll(None)
    x.requests.clear()
    return made


def waits(asking: X, mention: Mention | None = None) -> float:
    """Poll or send, which must not work, and return how long we are to wait."""
    with pytest.raises(Unavailable) as caught:
        asking.send(message(mention), mention) if mention else asking.poll(None)
    assert caught.value.retry_after is not None
    return caught.value.retry_after


def test_a_limit_that_is_used_up_is_waited_for_without_asking(x: Server, asking: X) -> None:
    x.limits.use_up(MENTIONS, left=1)
    asking.poll(None)  # the last one
    assert 900 <= waits(asking) <= 900 + JITTER
    x.world.wait(minutes=14)
    assert 60 <= waits(asking) <= 60 + JITTER
    assert len(x.requests) == 1
    x.world.wait(minutes=1, seconds=JITTER)
    assert asking.poll(None).mentions


@pytest.mark.parametrize("kind", ["x-app-limit-24hour", "x-user-limit-24hour"])
def test_the_limit_of_a_day_outlasts_that_of_a_quarter_of_an_hour(x: Server, kind: str) -> None:
    sending = connector(x)
    x.world.post("ana", "@acme My parcel is late.")
    (mention,) = heard(sending)
    x.limits.use_up(POSTING)
    x.limits.use_up(POSTING, kind)
    assert 86_000 < waits(sending, mention) <= 86_400
    assert len(x.writes) == 1  # X said no
    x.world.wait(minutes=20)
    assert waits(sending, mention) > 80_000
    assert len(x.writes) == 1  # and was not asked again
    x.world.wait(hours=24)
    assert sending.send(message(mention), mention).remote_id


def test_a_limit_holds_for_its_own_endpoint_only(x: Server, asking: X) -> None:
    (mention,) = heard(asking)
    x.limits.use_up(MENTIONS, left=1)
    asking.poll(None)
    waits(asking)
    assert asking.look(mention).now == mention
    assert asking.send(message(mention), mention).remote_id


@pytest.mark.parametrize("name", ["429", "429 of old"])
def test_a_refusal_that_does_not_say_how_long_is_a_quarter_of_an_hour(
    x: Server, asking: X, name: str
) -> None:
    with x.broken(FAULTS[name]):
        assert waits(asking) == 900
    assert asking.poll(None).mentions  # and X may be asked: who waits is told, and nothing is known to hold


def test_a_limit_that_ends_without_a_word_is_asked_about_again(x: Server, asking: X) -> None:
    x.limits.silent = True
    x.limits.use_up(MENTIONS)
    assert waits(asking) == 900
    x.world.wait(minutes=15, seconds=1)
    assert asking.poll(None).mentions


@pytest.mark.parametrize("reset", ["soon", "", "nan", "-1", "99999999999999999999"])
def test_a_header_that_says_nothing_sensible_keeps_us_away_for_a_day_at_the_most(
    x: Server, asking: X, reset: str
) -> None:
    told = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": reset}
    with x.broken(Fault(Answer(429, {}, told))):
        assert 0 <= waits(asking) <= 86_400


def test_a_full_month_and_an_empty_purse_are_no_limit_that_ends(x: Server, asking: X) -> None:
    (mention,) = heard(asking)
    for name in ("429, the month's cap", "402"):
        with x.broken(FAULTS[name]):
            x.requests.clear()
            with pytest.raises(Exhausted):
                asking.poll(None)
            with pytest.raises(Exhausted):
                asking.send(message(mention), mention)
            assert len(x.requests) == 2


def test_limits_are_held_against_x_s_clock_and_not_ours(x: Server, asking: X) -> None:
    ends = int(x.world.now.timestamp()) + 300
    told = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(ends)}
    with x.broken(Fault(Answer(TOO_MANY.status, TOO_MANY.body, told))):
        assert 300 <= waits(asking) <= 300 + JITTER  # the world's clock is years off this machine's


def test_two_accounts_of_one_app_do_not_come_back_in_the_same_second(x: Server) -> None:
    ticking = x.world.ticks
    headers = {
        "x-rate-limit-remaining": "0",
        "x-rate-limit-reset": "900",
        "date": "Thu, 01 Jan 1970 00:00:00 GMT",
    }
    hour = Hour(ticking)
    hour.heard(headers)
    assert Limiter("shop", hour, ticking).wait(headers) != Limiter("service", hour, ticking).wait(headers)
