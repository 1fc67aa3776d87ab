"""Searching: who speaks about us without speaking to us is heard too."""

import json

from tests.connectors.bluesky.stage import BlueskyStage, ago, asked, error
from tests.connectors.stage import heard
from tests.standins.bluesky.imitation import Imitation
from tests.standins.proxy import Fault, says

SEARCH = "/xrpc/app.bsky.feed.searchPosts"


def test_a_search_finds_who_speaks_about_us(stage: BlueskyStage) -> None:
    uri = stage.person().say("The Acme kettle leaks.")
    stage.say("Acme is open.", by_us=True)
    connector = stage.connector(searches=["acme"])
    page = connector.poll(None)
    assert [one.external_id for one in page.mentions] == [uri]
    asked(stage)
    assert connector.poll(page.cursor).mentions == ()
    assert asked(stage) == ["listNotifications"]  # the search rests


def test_who_is_found_and_speaks_to_us_too_is_heard_once(stage: BlueskyStage) -> None:
    uri = stage.say("The Acme kettle leaks.")
    connector = stage.connector(searches=["acme", "kettle"])
    first = connector.poll(None)
    assert [one.external_id for one in first.mentions] == [uri]
    assert connector.poll(first.cursor).mentions == ()


def test_one_poll_makes_one_search(stage: BlueskyStage) -> None:
    connector = stage.connector(searches=["acme", "kettle"])
    asked(stage)
    first = connector.poll(None)
    second = connector.poll(first.cursor)
    connector.poll(second.cursor)
    assert [name for name in asked(stage) if not name.endswith("Session")] == [
        "listNotifications", "searchPosts", "listNotifications", "searchPosts", "listNotifications",
    ]  # fmt: skip


def test_a_search_keeps_to_our_languages(stage: BlueskyStage) -> None:
    ana = stage.person()
    german = ana.say("Acme ist zu spät", langs=["de"])
    ana.say("Acme är sen", langs=["sv"])
    untold = ana.say("Acme?")
    page = stage.connector(searches=["acme"], languages=["de", "en"]).poll(None)
    assert [one.external_id for one in page.mentions] == [german, untold]


def test_a_search_passes_over_what_the_network_hides(imitation: Imitation, stage: BlueskyStage) -> None:
    uri = stage.person().say("Acme acme acme")
    imitation.state.of("app.bsky.feed.post")[uri].labels.append("!hide")
    assert stage.connector(searches=["acme"]).poll(None).mentions == ()


def test_a_search_goes_back_some_days_and_no_further(stage: BlueskyStage) -> None:
    ana = stage.person()
    ana.say("Acme, years ago", createdAt=ago(days=400))
    recent = ana.say("Acme, this week", createdAt=ago(days=2))
    page = stage.connector(searches=["acme"]).poll(None)
    assert [one.external_id for one in page.mentions] == [recent]


def test_a_search_that_fails_is_told_once_and_stops_nobody(stage: BlueskyStage) -> None:
    uri = stage.say("My parcel is late.")
    stage.proxy.fault = lambda one: Fault(says(403, error("Forbidden"))) if one.path == SEARCH else None
    page = stage.connector(searches=["acme"]).poll(None)
    assert [one.external_id for one in page.mentions] == [uri]
    assert page.gap.startswith("the search 'acme' does not work: ")
    told = json.loads(page.cursor)
    told["searched"]["acme"] -= 1000  # it is due again
    again = stage.connector(searches=["acme"]).poll(json.dumps(told))
    assert again.gap == ""
    stage.proxy.fault = lambda _: None
    told = json.loads(again.cursor)
    told["searched"]["acme"] -= 1000
    found = stage.person().say("The Acme kettle leaks.")
    assert [one.external_id for one in heard(stage.connector(searches=["acme"]), json.dumps(told))] == [found]


def test_more_than_a_search_can_show_is_told_as_a_gap(stage: BlueskyStage) -> None:
    connector = stage.connector(searches=["acme"], page=5)
    told = json.loads(connector.poll(None).cursor)
    ana = stage.person()
    for number in range(6):
        ana.say(f"Acme {number}")
    told["searched"]["acme"] -= 1000
    page = connector.poll(json.dumps(told))
    assert len(page.mentions) == 5
    assert page.gap == "the search 'acme' found more posts than one answer holds"
