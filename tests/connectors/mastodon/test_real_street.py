"""A customer complains on a real server, a person approves, and the answer stands there once."""

import time
from contextlib import ExitStack
from dataclasses import replace

import pytest

from responder.connector import Unsure
from responder.model.case import Stage
from responder.model.delivery import DeliveryStage
from responder.model.mention import Audience
from responder.store.store import Store
from tests.connectors.mastodon.failing import faulty
from tests.connectors.mastodon.real import Real, in_time
from tests.connectors.mastodon.street import Street
from tests.connectors.stage import heard, message
from tests.standins.proxy import Fault, closes

pytestmark = pytest.mark.slow


@pytest.fixture
def street(real: Real, store: Store) -> Street:
    """The street of a new account."""
    return Street(store, real.connector(page=40))


def test_a_complaint_is_answered_and_its_follow_up_is_the_same_case(real: Real, street: Street) -> None:
    complaint = real.say("My parcel is late.", name="ana")
    street.listen()
    (case,) = street.waiting()
    assert case.target.external_id == complaint

    street.send()
    assert real.sent() == []  # nobody approved anything

    words = street.approve(1)
    street.send()
    assert real.sent() == [(complaint, words)]
    assert street.case().stage is Stage.ANSWERED
    (reply,) = real.below(complaint)
    assert reply["id"] == street.delivery().receipt.remote_id  # type: ignore[union-attr]

    assert in_time(lambda: any(real.is_told(one, "ana", words) for one in real.far.received))

    real.say("Still nothing.", name="ana", answering=reply["id"])
    street.listen()
    (again,) = street.waiting()
    assert (again.id, again.posts) == (1, 2)
    second = street.approve(1, "We are still sorry.")
    street.send()
    assert [text for _, text in real.sent()] == [words, second]
    street.send(minutes=20)
    assert [one.alarm for one in street.card().deliveries] == ["", ""]


def test_two_people_of_one_server_find_each_other(real: Real, street: Street) -> None:
    neighbour = Real(real.snac, real.far, ExitStack())
    said = neighbour.api("statuses", {"status": f"@{real.brand} Late!", "visibility": "public"})
    assert in_time(lambda: street.listen().done.get("heard", 0) == 1)
    words = street.approve(1)
    street.send()
    assert real.sent() == [(said["id"], words)]

    def told() -> bool:
        return any(words in one["status"]["content"] for one in neighbour.api("notifications"))

    assert in_time(told)


def test_a_complaint_in_private_is_answered_in_private(real: Real, street: Street) -> None:
    complaint = real.say("My address is wrong.", direct=True)
    street.listen()
    assert street.case().target.audience is Audience.PRIVATE
    street.approve(1)
    street.send()
    (reply,) = real.below(complaint)
    assert reply["visibility"] == "private"
    assert in_time(lambda: any(one["type"] == "Create" for one in real.far.received))
    delivered = [one for one in real.far.received if one["id"].startswith(reply["uri"])]
    assert delivered or in_time(lambda: any(one["id"].startswith(reply["uri"]) for one in real.far.received))
    assert not any("Public" in str(one["to"]) + str(one["cc"]) for one in delivered)


def test_a_content_warning_comes_along(real: Real, street: Street) -> None:
    complaint = real.say("My parcel is late.", summary="late parcels")
    street.listen()
    assert street.case().target.text == "[CW: late parcels]\n\nMy parcel is late."
    street.approve(1)
    street.send()
    assert real.below(complaint)[0]["spoiler_text"] == "late parcels"


def test_a_lost_answer_is_found_and_not_sent_again(real: Real, street: Street) -> None:
    complaint = real.say("My parcel is late.")
    street.listen()
    words = street.approve(1)
    with faulty(real.proxy, Fault(closes, after=True, hits=real.proxy.is_write)):
        street.send()
    assert street.delivery().stage is DeliveryStage.UNSURE
    street.send()
    assert street.settled()
    assert real.sent() == [(complaint, words)]


def test_a_server_that_is_down_gets_the_reply_when_it_is_back(real: Real, street: Street) -> None:
    complaint = real.say("My parcel is late.")
    street.listen()
    words = street.approve(1)
    with real.proxy.away():
        street.send()
        assert street.listen().problems
    assert street.delivery().stage is DeliveryStage.PLANNED
    street.send(minutes=10)
    assert real.sent() == [(complaint, words)]


def test_a_token_that_is_taken_back_stops_the_account_until_there_is_another(
    real: Real, street: Street
) -> None:
    complaint = real.say("My parcel is late.")
    street.listen()
    words = street.approve(1)
    real.snac.revoke(real.token)
    street.send()
    assert street.listen().problems
    assert street.delivery().stage is DeliveryStage.PLANNED
    real.renew()
    street.listen()
    street.send(minutes=70)
    assert real.sent() == [(complaint, words)]


def test_a_post_that_is_deleted_meanwhile_is_not_answered(real: Real, street: Street) -> None:
    complaint = real.say("My parcel is late.")
    street.listen()
    street.approve(1)
    real.remove(complaint)
    street.send()
    assert real.sent() == []
    assert street.delivery().stage is DeliveryStage.VOID
    assert street.case().stage is Stage.SET_ASIDE or street.case().stage is Stage.NEW


def test_a_post_that_is_edited_meanwhile_is_shown_to_a_person_again(real: Real, street: Street) -> None:
    complaint = real.say("My parcel is late.")
    street.listen()
    street.approve(1)
    time.sleep(1.1)  # an edit within the second is none to this server
    real.edit(complaint, "My parcel came, broken.")
    street.send()
    assert real.sent() == []
    street.listen()
    (case,) = street.waiting()
    assert case.target.text == "My parcel came, broken."
    words = street.approve(1)
    street.send()
    assert [text for _, text in real.sent()] == [words]
    street.send(minutes=20)
    assert street.delivery().alarm == ""


def test_a_colleague_who_was_quicker_is_not_doubled(real: Real, street: Street) -> None:
    complaint = real.say("My parcel is late.")
    street.listen()
    street.approve(1)
    real.say("We are on it.", by_us=True, answering=complaint)
    street.send()
    assert real.sent() == []
    assert street.delivery().stage is DeliveryStage.VOID


def test_a_key_is_ignored_by_this_server_and_nothing_rests_on_it(real: Real) -> None:
    real.say("My parcel is late.")
    connector = real.connector()
    (mention,) = heard(connector)
    said = message(mention)
    with faulty(real.proxy, Fault(closes, after=True, hits=real.proxy.is_write)), pytest.raises(Unsure):
        connector.send(said, mention)
    connector.send(said, mention)  # what the core never does
    assert len(real.sent()) == 2
    assert len(connector.find_sent(replace(said, text="other words"), mention)) == 2
