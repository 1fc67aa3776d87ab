"""On the real Bluesky network, with faults on the way: nothing is posted twice, nothing is lost."""

import base64
import hmac
import json
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from connectors.bluesky.words import GRAPHEMES, length
from responder.connector import Unavailable, Unsure
from responder.model.case import Stage
from responder.model.delivery import DeliveryStage
from responder.model.mention import Mention
from responder.store.store import Store
from tests.connectors.bluesky.real import RealStage
from tests.connectors.bluesky.stage import asked, error
from tests.connectors.bluesky.street import Street
from tests.connectors.bluesky.test_corpus import carried, everything
from tests.connectors.stage import heard, message
from tests.standins.bluesky.people import Person
from tests.standins.proxy import Fault, Request, closes, resets, says, stops_short

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def complaint(stage: RealStage, text: str = "My parcel is late.") -> Mention:
    uri = stage.say(text)
    return next(one for one in heard(stage.connector()) if one.external_id == uri)


def test_the_server_keeps_one_record_under_our_key_whatever_is_sent_and_how_often(
    real_stage: RealStage,
) -> None:
    mention, connector = complaint(real_stage), real_stage.connector()
    first = connector.send(message(mention), mention)
    before = real_stage.brand.read(first.remote_id)
    for _ in range(3):
        assert connector.send(message(mention), mention).remote_id == first.remote_id
    with pytest.raises(Unsure):
        connector.send(message(mention, "Other words."), mention)
    assert real_stage.brand.read(first.remote_id) == before
    assert len(real_stage.sent()) == 1


def test_a_lost_answer_is_found_by_looking_and_no_second_post_is_made(
    store: Store, real_stage: RealStage
) -> None:
    street = Street(store, real_stage)
    uri = real_stage.say("My parcel is late.")
    street.hear()
    (case,) = street.waiting()
    words = street.approve(case)
    with real_stage.broken("lost answer"):
        assert street.post().done == {"unsure": 1}
    assert street.delivery(case).stage is DeliveryStage.UNSURE
    assert street.post(60).done == {"found": 1}
    assert street.delivery(case).stage is DeliveryStage.SENT
    assert real_stage.sent() == [(uri, words)]


def test_a_lost_request_goes_out_again_under_its_key(store: Store, real_stage: RealStage) -> None:
    street = Street(store, real_stage)
    uri = real_stage.say("My parcel is late.")
    street.hear()
    (case,) = street.waiting()
    words = street.approve(case)
    with real_stage.broken("lost write"):
        assert street.post().done == {"unsure": 1}
    assert street.post(60).done.get("sent") == 1
    assert real_stage.sent() == [(uri, words)]


def test_eight_at_once_leave_one_post(real_stage: RealStage) -> None:
    mention = complaint(real_stage)
    connectors = [real_stage.connector() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        came = list(pool.map(lambda one: one.send(message(mention), mention), connectors))
    assert len({one.remote_id for one in came}) == 1
    assert len(real_stage.sent()) == 1


def test_a_server_that_was_down_is_gone_on_with(store: Store, real_stage: RealStage) -> None:
    street = Street(store, real_stage)
    real_stage.say("My parcel is late.")
    street.hear()
    (case,) = street.waiting()
    street.approve(case)
    with real_stage.proxy.away():
        assert street.post().done == {"postponed": 1}
        assert "could not be reached" in street.hear().problems[0]
    assert street.post(3600).done == {"sent": 1}
    assert len(real_stage.sent()) == 1


def expired(token: str, secret: str) -> str:
    """Return a token like this one, as it would be after its time."""
    head, body, _ = token.split(".")
    told = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    told |= {"iat": int(time.time()) - 9000, "exp": int(time.time()) - 100}
    body = base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")
    signed = hmac.digest(secret.encode(), f"{head}.{body}".encode(), "sha256")
    return f"{head}.{body}.{base64.urlsafe_b64encode(signed).decode().rstrip('=')}"


def age(stage: RealStage, *kinds: str) -> None:
    session = json.loads(stage.safe.secrets["session"])
    old = {kind: expired(session[kind], stage.real.secret) for kind in kinds}
    stage.safe.secrets["session"] = json.dumps(session | old)


def test_a_session_that_ended_is_refreshed(real_stage: RealStage) -> None:
    mention = complaint(real_stage)
    age(real_stage, "access")
    connector = real_stage.connector()
    asked(real_stage)
    with pytest.raises(Unavailable, match="ExpiredToken"):
        connector.send(message(mention), mention)
    connector.look(mention)
    connector.send(message(mention), mention)
    assert asked(real_stage)[:4] == ["putRecord", "getPostThread", "refreshSession", "getPostThread"]
    assert len(real_stage.sent()) == 1


def test_a_session_that_cannot_be_refreshed_is_made_anew(real_stage: RealStage) -> None:
    mention = complaint(real_stage)
    age(real_stage, "access", "refresh")
    asked(real_stage)
    assert [one.external_id for one in heard(real_stage.connector())] == [mention.external_id]
    assert asked(real_stage) == ["listNotifications", "refreshSession", "createSession", "listNotifications"]


def test_logins_beyond_the_limit_are_told_with_how_long_to_wait(real_stage: RealStage) -> None:
    real_stage.proxy.headers.clear()
    login = {"identifier": real_stage.brand.handle, "password": "wrong"}
    turned_away = real_stage.brand.http.get("com.atproto.server.describeServer")
    for _ in range(31):
        turned_away = real_stage.brand.http.post(
            f"{real_stage.proxy.url}/xrpc/com.atproto.server.createSession",
            json=login,
            headers={"x-ratelimit-bypass": ""},
        )
    assert turned_away.status_code == 429
    with pytest.raises(Unavailable, match="asks us to wait") as caught:
        real_stage.connector().poll(None)
    assert 0 < (caught.value.retry_after or 0) <= 300


#: What a person takes for one sign; in the last two one of us counts bytes.
CLUSTERS = (
    "a",
    "e\u0301",
    "👍🏽",
    "🇸🇮",
    "กำ",
    "\u1100\u1161\u11a8",
    "1️⃣",
    "\r\n",
    "ä\u0323\u0308",
    "🏳️‍🌈",
    "👨‍👩‍👧‍👦",
)


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_the_network_counts_as_we_do(real_stage: RealStage, cluster: str) -> None:
    most = next(number for number in range(400, 0, -1) if length(cluster * number) <= GRAPHEMES)
    assert real_stage.brand.say(cluster * most)
    body = {"$type": "app.bsky.feed.post", "text": cluster * (most + 1), "createdAt": "2026-03-02T09:00:00Z"}
    answer = real_stage.brand.http.post(
        "com.atproto.repo.createRecord",
        json={"repo": real_stage.brand.did, "collection": "app.bsky.feed.post", "record": body},
    )
    assert (answer.status_code, answer.json().get("error")) == (400, "InvalidRequest")


def test_where_letters_of_indian_scripts_are_joined_we_count_no_less_than_the_network(
    real_stage: RealStage,
) -> None:
    text = "क्ष" * 150
    assert length(text) == GRAPHEMES
    assert real_stage.brand.say(text)
    assert real_stage.brand.say(text + text)


def test_awkward_posts_come_through_unchanged(real_stage: RealStage) -> None:
    carried(real_stage)


# --- 250 replies with faults on the way

FAULTS = (
    Fault(resets, after=True),
    Fault(closes, after=True),
    Fault(stops_short, after=True),
    Fault(says(503, error("Busy")), after=True),
    Fault(says(200, "{}"), after=True),
    Fault(closes),
    Fault(resets),
    Fault(says(502, error("BadGateway"))),
    Fault(says(429, error("RateLimitExceeded"), "Retry-After: 0")),
    Fault(says(400, error("ExpiredToken"))),
)


@pytest.mark.timeout(900)
def test_of_250_replies_among_faults_none_is_lost_and_none_is_public_twice(
    store: Store, real_stage: RealStage
) -> None:
    chance, street, ana = random.Random(250), Street(store, real_stage), real_stage.person()  # noqa: S311
    said = [Person.say(ana, f"Parcel {number} is late.", to=real_stage.brand) for number in range(250)]
    real_stage.settle(said[-1])
    while len(street.waiting()) < 250:
        street.hear()
    for case in street.waiting():
        street.approve(case)
    hit: Counter[int] = Counter()

    def fault(request: Request) -> Fault | None:
        share = 0.35 if real_stage.proxy.is_write(request) else 0.05
        if chance.random() > share:
            return None
        drawn = chance.randrange(len(FAULTS))
        hit[drawn] += 1
        return FAULTS[drawn]

    real_stage.proxy.fault = fault
    for _ in range(2000):  # runs of the sender, which leaves a network in peace that is out of order
        if len(store.views.page(Stage.ANSWERED, limit=500)) == 250:
            break
        street.post(2)
    real_stage.proxy.fault = lambda _: None
    public = Counter(parent for parent, _ in everything(real_stage))
    assert set(public) == set(said)
    assert set(public.values()) == {1}
    assert set(hit) == set(range(len(FAULTS)))
    assert sum(hit.values()) > 100
