"""The journal in sentences: one for every action there is, with what is known and without."""

import re

import pytest

from responder.model.event import ACTIONS, Event
from responder.story import SENTENCES, sentence
from tests.network import at

#: A detail with everything that any action carries.
DETAIL = {
    "draft": "2",
    "text": "We got this wrong.",
    "reason": "they asked twice",
    "told": "fault",
    "tier": "3",
    "urgency": "40",
    "why": "it was edited",
    "problem": "The network is down.",
    "before": "Where is it",
    "fence": "1",
    "url": "https://net.example/r1",
    "what": "there are two",
    "language": "de",
    "place": "feed:3",
    "day": "2026-03-02",
    "events": "4",
    "shown": "We got this",
    "first": "ana",
    "fingerprint": "f00",
    "id": "r1",
    "since": "2026-03-02T09:00:00+00:00",
    "says": "it is far away",
    "filled": "may be missing",
    "missing": "the list was cut",
    "incident": "i-3",
    "cases": "14",
    "cause": "the app is down",
    "every": "2 h",
    "promise": "p-7",
    "quote": "We write again today",
    "due": "2026-03-02T17:00:00+00:00",
    "evidence": "https://net.example/r2",
    "about": "c-12",
    "kind": "status",
    "how": "the money is back",
    "actions": "2",
    "number": "1",
    "code": "0f3a5d1e9b72",
    "grant": "g-3",
    "remedy": "refund",
    "amount": "EUR 20.00",
    "asked": "bo",
    "version": "2",
}
MORE = {"network": "mastodon", "handle": "ana", "said": "My parcel is lost"}


def event(action: str, detail: dict[str, str], by: str = "Sam") -> Event:
    return Event(at=at(0), action=action, by=by, account="shop", case_id=1, detail=detail)


@pytest.mark.parametrize("action", sorted(ACTIONS))
@pytest.mark.parametrize("detail", [{}, DETAIL], ids=["bare", "whole"])
def test_every_action_is_a_sentence_of_its_own(action: str, detail: dict[str, str]) -> None:
    assert action in SENTENCES
    for by in ("", "Sam"):
        says = sentence(event(action, detail, by), MORE if detail else {})
        assert re.fullmatch(r"[A-Z@s][^{}\[\]]*[.!?…]”?", says), says
        assert not re.search(r"\.\.|  | ,| \.|: [.]|“”", says), says


def test_every_part_of_a_sentence_comes_from_something_that_is_told() -> None:
    filled = {"by", "who", "customer", "account", "action", "everything", *DETAIL, *MORE}
    coming = {"to", "note", "until", "wakes", "with", "into", "from"}
    for pattern in SENTENCES.values():
        assert set(re.findall(r"\{(\w+)\}", pattern)) <= filled | coming


@pytest.mark.parametrize(
    ("action", "detail", "says"),
    [
        ("heard", {}, "Heard on mastodon from @ana: “My parcel is lost”."),
        ("triaged", {"tier": "3", "urgency": "40"}, "Triaged as a complaint, tier 3, urgency 40."),
        ("approved", {"draft": "2", "text": "Sorry."}, "Sam approved draft 2, the words: “Sorry.”"),
        ("dismissed", {"reason": "spam"}, "Sam decided that it needs no reply: spam."),
        (
            "answered",
            {"url": "https://n.example/1"},
            "Sam says that the reply is public at https://n.example/1.",
        ),
        (
            "not sent yet",
            {"problem": "It is down."},
            "It could not be sent yet, and is tried again: It is down.",
        ),
        ("assigned", {"to": ""}, "Sam gave it to nobody."),
        ("teleported", {"where": "Mars"}, "Sam: teleported (where Mars)."),
        ("noted", {"note": "a\n\x1b[2Jb"}, "Sam noted: “a <U+001B>[2Jb”."),
    ],
)
def test_a_sentence_says_what_happened(action: str, detail: dict[str, str], says: str) -> None:
    assert sentence(event(action, detail), MORE) == says


def test_what_the_machine_did_is_told_without_a_name() -> None:
    told = sentence(event("answered", {"text": "Sorry"}, by=""))
    assert told == "The reply is public: “Sorry”."
