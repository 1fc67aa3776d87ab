"""Two hundred awkward replies go out, and come back unchanged."""

import pytest

from responder.connector import Message
from responder.model.mention import Mention
from tests.connectors.mastodon.corpus import CORPUS, MARKUP
from tests.connectors.mastodon.stage import Imitated
from tests.connectors.stage import heard, message

#: What Mastodon shows otherwise, and we therefore take for the same: blanks at the ends of a post.
_KEPT = tuple(text for text in MARKUP if not text.startswith(" "))


def answered(stage: Imitated, texts: tuple[str, ...]) -> list[tuple[Message, Mention, str | None]]:
    """Send these texts, each as an answer to a complaint, and read each back."""
    stage.api.tells_grants = False
    for number in range(len(texts)):
        stage.say(f"Complaint {number}", warning="late parcels" if number % 3 == 0 else "")
    connector, read = stage.connector(page=80), []
    for mention, text in zip(heard(connector), texts, strict=True):
        said = message(mention, text)
        receipt = connector.send(said, mention)
        assert receipt.text == text
        read.append((said, mention, connector.shown(receipt, mention).text))
    return read


def test_there_are_two_hundred_of_them() -> None:
    assert len(CORPUS) == 200
    assert len(set(CORPUS)) == 200


@pytest.mark.slow
def test_what_goes_out_comes_back_unchanged(stage: Imitated) -> None:
    read = answered(stage, CORPUS)
    assert [shown for _, _, shown in read] == list(CORPUS)
    assert stage.sent() == [(mention.external_id, said.text) for said, mention, _ in read]


def test_what_looks_like_markup_comes_back_unchanged(stage: Imitated) -> None:
    assert [shown for _, _, shown in answered(stage, _KEPT)] == list(_KEPT)


@pytest.mark.parametrize("start", [0, 100])
def test_what_customers_say_is_heard_unchanged(stage: Imitated, start: int) -> None:
    said = [*CORPUS, *MARKUP][start : start + 112]
    for text in said:
        stage.say(text)
    stage.api.tells_grants = False
    assert [one.text for one in heard(stage.connector(page=80))] == said
