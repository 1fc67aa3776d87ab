"""What a person is told about a case that somebody else moved meanwhile."""

import pytest

from responder.model.event import ACTIONS, Event
from responder.model.moved import told
from tests.network import at


def happened(action: str, by: str = "", minutes: float = 0, **detail: str) -> Event:
    return Event(at=at(minutes), action=action, by=by, account="shop", case_id=1, detail=detail)


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (happened("approved", "Sam"), "Sam approved it 12 s ago"),
        (happened("assigned", "Sam", to="Ana"), "Sam gave it to Ana 12 s ago"),
        (happened("assigned", "Sam", to=""), "Sam gave it to nobody 12 s ago"),
        (happened("wrote again"), "the customer wrote again 12 s ago"),
        (happened("answered"), "the reply went out 12 s ago"),
        (happened("answered", "Sam"), "Sam said that the reply is public 12 s ago"),
        (happened("approved", "Sam", minutes=3), "Sam approved it just now"),
        (happened("escalated", "Sam"), "Sam escalated it to ... 12 s ago"),
        (happened("approved", "\x1b[31mSam"), "<U+001B>[31mSam approved it 12 s ago"),
    ],
)
def test_who_did_what_and_when_is_said_in_one_sentence(event: Event, words: str) -> None:
    assert told(event, at(0.2)) == words


def test_whatever_the_journal_knows_can_be_told() -> None:
    for action in ACTIONS:
        assert told(happened(action, "Sam"), at(1)).startswith("Sam ")
        assert told(happened(action), at(1)).endswith(" 60 s ago")
