"""Two hundred awkward posts go both ways through the imitation, and come out sign by sign."""

import pytest

from connectors.bluesky.words import GRAPHEMES, length
from tests.connectors.bluesky.stage import BlueskyStage
from tests.connectors.stage import heard, message
from tests.standins.awkward import posts
from tests.standins.bluesky.people import Person


def carried(stage: BlueskyStage) -> None:
    """Let a customer write each post, hear it, answer with the same words, and read the answer back."""
    texts, ana = posts(length, GRAPHEMES), stage.person()
    said = [Person.say(ana, text, to=stage.brand) for text in texts]
    stage.settle(said[-1])
    connector = stage.connector(page=100)
    mentions = heard(connector)
    assert {one.external_id: one.text for one in mentions} == dict(zip(said, texts, strict=True))
    hasty = stage.hasty()
    receipts = [hasty.send(message(mention, mention.text), mention) for mention in mentions]
    stage.settle(receipts[-1].remote_id)
    for mention, receipt in zip(mentions, receipts, strict=True):
        assert connector.shown(receipt, mention).text == mention.text
    assert sorted(everything(stage)) == sorted(zip(said, texts, strict=True))


def everything(stage: BlueskyStage) -> list[tuple[str, str]]:
    """Return all that the brand answered: what it answers, its words."""
    found, cursor = [], ""
    while True:
        more = {"cursor": cursor} if cursor else {}
        told = stage.brand.get(
            "com.atproto.repo.listRecords",
            repo=stage.brand.did,
            collection="app.bsky.feed.post",
            limit=100,
            **more,
        )
        found += [(one["value"]["reply"]["parent"]["uri"], one["value"]["text"]) for one in told["records"]]
        if not told["records"] or not (cursor := told.get("cursor", "")):
            return found


@pytest.mark.slow
def test_awkward_posts_come_through_unchanged(stage: BlueskyStage) -> None:
    carried(stage)
