"""Sessions: kept, refreshed and shared; a login, of which there are few, only where there is no other way."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from connectors.bluesky import Bluesky
from connectors.bluesky.pace import Kind, Pace
from connectors.once.answer import Answer
from responder.connector import Answerable, Malformed, Unauthorised, Unavailable
from responder.settings.secret import Secrets
from tests.connectors.bluesky.stage import BlueskyStage, asked, error
from tests.connectors.bluesky.test_looking import Memory, complaint
from tests.connectors.stage import ACCOUNT, Safe, heard, message
from tests.standins.bluesky.imitation import Imitation
from tests.standins.bluesky.people import PASSWORD
from tests.standins.proxy import Fault, Request, says

LOGIN, REFRESH = "/xrpc/com.atproto.server.createSession", "/xrpc/com.atproto.server.refreshSession"


def kept(stage: BlueskyStage) -> dict[str, str]:
    session: dict[str, str] = json.loads(stage.safe.secrets["session"])
    return session


def expire(imitation: Imitation, stage: BlueskyStage, *kinds: str) -> None:
    imitation.methods.ended |= {kept(stage)[kind] for kind in kinds or ("access",)}


def test_a_second_start_needs_no_login(stage: BlueskyStage) -> None:
    heard(stage.connector())
    heard(stage.connector())
    assert asked(stage) == ["createSession", "listNotifications", "listNotifications"]


def test_what_is_kept_is_the_session_and_no_password(stage: BlueskyStage) -> None:
    heard(stage.connector())
    session = kept(stage)
    assert set(session) == {"did", "access", "refresh", "of"}
    assert (session["did"], session["of"]) == (stage.brand.did, f"{stage.brand.handle} {stage.proxy.url}")


def test_a_session_that_ended_is_refreshed_once(imitation: Imitation, stage: BlueskyStage) -> None:
    connector = stage.connector()
    heard(connector)
    before = kept(stage)
    expire(imitation, stage)
    asked(stage)
    heard(connector)
    heard(stage.connector())
    assert asked(stage) == ["listNotifications", "refreshSession", "listNotifications", "listNotifications"]
    assert kept(stage)["access"] != before["access"]
    assert kept(stage)["did"] == before["did"]


def test_one_that_cannot_be_refreshed_makes_a_login(imitation: Imitation, stage: BlueskyStage) -> None:
    connector = stage.connector()
    heard(connector)
    expire(imitation, stage, "access", "refresh")
    asked(stage)
    heard(connector)
    assert asked(stage) == ["listNotifications", "refreshSession", "createSession", "listNotifications"]


def test_a_network_that_takes_no_session_stops_the_account(stage: BlueskyStage) -> None:
    connector = stage.connector()
    heard(connector)
    stage.proxy.fault = lambda one: Fault(says(400, error("ExpiredToken"))) if one.method == "GET" else None
    asked(stage)
    with pytest.raises(Unauthorised, match="does not accept our session"):
        connector.poll(None)
    assert asked(stage) == [
        "listNotifications", "refreshSession", "listNotifications", "createSession", "listNotifications",
    ]  # fmt: skip


def test_a_write_with_a_session_that_ended_goes_out_with_the_next(
    imitation: Imitation, stage: BlueskyStage
) -> None:
    mention, connector = complaint(stage), stage.connector()
    connector.look(mention)
    expire(imitation, stage)
    with pytest.raises(Unavailable, match="nothing was sent"):
        connector.send(message(mention), mention)
    connector.look(mention)
    connector.send(message(mention), mention)
    assert len(stage.sent()) == 1


def test_a_wrong_password_stops_the_account_and_is_not_shown(stage: BlueskyStage) -> None:
    stage.safe = Safe(app_password="canary-wrong-0d4e")
    with pytest.raises(Unauthorised) as caught:
        stage.connector().poll(None)
    assert str(caught.value) == "127.0.0.1 does not accept the app password (AuthenticationRequired)."
    assert "session" not in stage.safe.secrets


@pytest.mark.parametrize(
    ("answer", "raised", "said"),
    [
        (says(401, error("AuthFactorTokenRequired")), Unauthorised, "make an app password"),
        (says(200, '{"did": "did:plc:a", "active": false, "status": "takendown"}'),
         Unauthorised, "The account is takendown at 127.0.0.1."),
        (says(200, '{"did": "did:plc:a"}'), Malformed, "gave a session without 'accessJwt'"),
        (says(429, error("RateLimitExceeded"), "Retry-After: 200"), Unavailable, "asks us to wait"),
        (says(503, "Busy", kind="text/plain"), Unavailable, "answered 503"),
        (says(200, "<p>", kind="text/html"), Malformed, "something else than an object"),
    ],
)  # fmt: skip
def test_a_login_that_fails_says_what_to_do(
    stage: BlueskyStage, answer: Any, raised: type[Exception], said: str
) -> None:
    stage.proxy.fault = lambda one: Fault(answer) if one.path == LOGIN else None
    with pytest.raises(raised, match=said):
        stage.connector().poll(None)


def test_a_refresh_that_fails_on_the_way_is_tried_again_later(
    imitation: Imitation, stage: BlueskyStage
) -> None:
    connector = stage.connector()
    heard(connector)
    expire(imitation, stage)
    stage.proxy.fault = lambda one: (
        Fault(says(503, "Busy", kind="text/plain")) if one.path == REFRESH else None
    )
    before = kept(stage)
    with pytest.raises(Unavailable):
        connector.poll(None)
    assert kept(stage) == before
    stage.proxy.fault = lambda _: None
    assert heard(connector) == []


def test_two_processes_refresh_one_session_once(imitation: Imitation, stage: BlueskyStage) -> None:
    first, second = stage.connector(), stage.connector()
    heard(first)
    heard(second)
    expire(imitation, stage)
    asked(stage)
    heard(first)
    heard(second)
    assert asked(stage).count("refreshSession") == 1


def test_threads_share_one_login(stage: BlueskyStage) -> None:
    connector = stage.connector()
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: connector.poll(None), range(6)))
    assert asked(stage).count("createSession") == 1


def test_where_nothing_can_be_kept_the_session_lives_in_memory(
    imitation: Imitation, stage: BlueskyStage
) -> None:
    stage.safe = Memory(app_password=PASSWORD)
    connector = stage.connector()
    heard(connector)
    heard(connector)
    assert asked(stage) == ["createSession", "listNotifications", "listNotifications"]
    assert stage.safe.secrets == {"app_password": PASSWORD}
    imitation.methods.ended |= {token for token, (_, access) in imitation.methods.tokens.items() if access}
    heard(connector)
    assert asked(stage) == ["listNotifications", "refreshSession", "listNotifications"]


@pytest.mark.parametrize(
    "session", ["", "junk", "{}", "[]", '{"did": 1, "access": "", "refresh": "", "of": ""}']
)
def test_a_kept_session_that_is_none_is_replaced(stage: BlueskyStage, session: str) -> None:
    stage.safe.secrets["session"] = session
    assert heard(stage.connector()) == []
    assert kept(stage)["did"] == stage.brand.did


def test_a_session_that_somebody_wrote_down_in_another_form_is_renewed_like_any(
    imitation: Imitation, stage: BlueskyStage
) -> None:
    heard(stage.connector())
    stage.safe.secrets["session"] = json.dumps(dict(reversed(kept(stage).items())), indent=1)
    connector = stage.connector()
    heard(connector)
    expire(imitation, stage)
    asked(stage)
    heard(connector)
    assert asked(stage) == ["listNotifications", "refreshSession", "listNotifications"]


def test_another_account_s_session_is_not_used(stage: BlueskyStage) -> None:
    heard(stage.connector())
    other = stage.person("other")
    connector = stage.connector(handle=other.handle)
    assert connector.poll(None).own_id == other.did
    assert kept(stage)["did"] == other.did


class Full(Safe):
    """Secrets on a disk that is full."""

    def renew(self, name: str, old: str, by: Any) -> str:
        raise OSError("no room for the session")


def test_a_session_that_cannot_be_written_down_is_told(stage: BlueskyStage) -> None:
    stage.safe = Full(app_password=PASSWORD)
    with pytest.raises(Unavailable, match="The session cannot be kept: no room for the session"):
        stage.connector().poll(None)


def test_a_session_is_kept_in_a_file_that_only_we_can_read(stage: BlueskyStage, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    password = tmp_path / "shop_app_password"
    password.write_text(PASSWORD)
    password.chmod(0o600)
    options = {"handle": stage.brand.handle, "service": stage.proxy.url}
    for _ in range(2):
        Bluesky(ACCOUNT, options, Secrets(tmp_path).of("shop")).poll(None)
    assert asked(stage) == ["createSession", "listNotifications", "listNotifications"]
    session = tmp_path / "shop_session"
    assert stat.S_IMODE(session.stat().st_mode) == 0o600
    session.chmod(0o644)
    connector = Bluesky(ACCOUNT, options, Secrets(tmp_path).of("shop"))
    mention = complaint(stage)
    assert connector.eligibility(mention).answerable is Answerable.API
    with pytest.raises(Unauthorised, match=r"shop_session can be read by others; type: chmod 600"):
        connector.poll(None)


# --- limits


def test_what_is_used_up_is_not_asked_for(imitation: Imitation, stage: BlueskyStage) -> None:
    connector = stage.connector()
    imitation.left["listNotifications"] = (0, 40)
    connector.poll(None)
    asked(stage)
    with pytest.raises(Unavailable, match="limit of reads is used up") as caught:
        connector.poll(None)
    assert 30 < (caught.value.retry_after or 0) <= 41
    assert asked(stage) == []


def test_a_limit_of_writes_leaves_reading_alone(imitation: Imitation, stage: BlueskyStage) -> None:
    first, second, connector = complaint(stage), complaint(stage), stage.connector()
    imitation.left["putRecord"] = (0, 600)
    connector.send(message(first), first)
    connector.look(second)
    writes = len(stage.proxy.writes)
    with pytest.raises(Unavailable, match="limit of writes is used up"):
        connector.send(message(second), second)
    assert len(stage.proxy.writes) == writes


def test_a_read_that_is_turned_away_says_for_how_long(stage: BlueskyStage) -> None:
    def fault(one: Request) -> Fault | None:
        return (
            Fault(says(429, error("RateLimitExceeded"), "Retry-After: 90")) if one.method == "GET" else None
        )

    stage.proxy.fault = fault
    with pytest.raises(Unavailable) as caught:
        stage.connector().poll(None)
    assert caught.value.retry_after == 90


def test_logins_are_few() -> None:
    pace = Pace()
    for _ in range(5):
        pace.begin(Kind.LOGIN)
    with pytest.raises(Unavailable, match="limit of logins") as caught:
        pace.begin(Kind.LOGIN)
    assert 1490 < (caught.value.retry_after or 0) <= 1500
    pace.begin(Kind.READ)


@pytest.mark.parametrize(
    ("headers", "waits"),
    [
        ({"ratelimit-remaining": "0", "retry-after": "30"}, True),
        ({"ratelimit-remaining": "1", "retry-after": "30"}, False),
        ({"ratelimit-remaining": "0"}, False),
        ({"ratelimit-remaining": "", "ratelimit-reset": "x"}, False),
        ({}, False),
    ],
)
def test_only_what_is_used_up_and_comes_back_is_waited_for(headers: dict[str, str], waits: bool) -> None:
    pace = Pace()
    pace.heard(Kind.READ, Answer(200, headers, b""))
    if waits:
        with pytest.raises(Unavailable):
            pace.begin(Kind.READ)
    else:
        pace.begin(Kind.READ)
