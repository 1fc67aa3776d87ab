"""Two hundred awkward replies go out through a real server, and come back unchanged."""

import pytest

from responder.model.mention import Mention
from tests.connectors.mastodon.corpus import CORPUS, MARKUP
from tests.connectors.mastodon.real import Real
from tests.connectors.stage import heard, message, pages

pytestmark = pytest.mark.slow


def complaints(real: Real, many: int) -> list[Mention]:
    """Let so many strangers complain, and hear them all."""
    connector, said = real.connector(page=64), list[Mention]()
    cursor = pages(connector)[-1].cursor
    for first in range(0, many, 50):
        real.say_much([f"Complaint {number}" for number in range(first, min(first + 50, many))])
        said += heard(connector, cursor)
        cursor = pages(connector, cursor)[-1].cursor
    return said


@pytest.mark.timeout(300)
def test_what_goes_out_comes_back_unchanged(real: Real) -> None:
    mentions, connector = complaints(real, len(CORPUS)), real.connector()
    assert len(mentions) == len(CORPUS)
    changed = []
    for mention, text in zip(mentions, CORPUS, strict=True):
        receipt = connector.send(message(mention, text), mention)
        shown = connector.shown(receipt, mention)
        if (receipt.text, shown.text) != (text, text):
            changed.append((text, receipt.text, shown.text))
    assert changed == []
    assert sorted(text for _, text in real.sent()) == sorted(CORPUS)


@pytest.mark.parametrize("text", MARKUP)
def test_this_server_takes_marks_for_markup_and_we_see_what_it_made_of_them(real: Real, text: str) -> None:
    real.say("My parcel is late.")
    (mention,), connector = heard(real.connector()), real.connector()
    receipt = connector.send(message(mention, text), mention)
    assert connector.shown(receipt, mention).text == receipt.text


@pytest.mark.timeout(300)
def test_what_customers_say_is_heard_unchanged(real: Real) -> None:
    connector, cursor = real.connector(page=64), None
    said = [*CORPUS, *MARKUP]
    said_back: list[str] = []
    for first in range(0, len(said), 50):
        real.say_much(said[first : first + 50])
        read = pages(connector, cursor)
        cursor = read[-1].cursor
        said_back += [one.text for page in read for one in page.mentions]
    assert sorted(said_back) == sorted(said)
