"""How our words are counted, what in them is a link, and under which key they stand."""

from typing import Any

import pytest

from connectors.bluesky.words import Ref, length, moment_of, record_key, reply, whole
from responder.model.draft import Message, delivery_key
from responder.model.mention import Audience
from tests.connectors.stage import PLANNED

ROOT, PARENT = (
    Ref("at://did:plc:a/app.bsky.feed.post/1", "cid1"),
    Ref("at://did:plc:b/app.bsky.feed.post/2", "cid2"),
)


def record(text: str, language: str = "de", **known: str) -> dict[str, Any]:
    message = Message(text=text, audience=Audience.PUBLIC, language=language, key="k", planned_at=PLANNED)
    return reply(message, ROOT, PARENT, lambda handle: known.get(handle.replace(".", "_"), ""))


def marked(text: str, **known: str) -> list[tuple[str, str]]:
    """Return what of a text is marked, and as what."""
    raw, found = text.encode(), []
    for facet in record(text, **known).get("facets", []):
        (feature,) = facet["features"]
        place = facet["index"]
        words = raw[place["byteStart"] : place["byteEnd"]].decode()
        found.append((words, feature.get("uri") or feature.get("did") or feature.get("tag")))
    return found


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("", 0),
        ("a" * 300, 300),
        ("e\u0301" * 300, 300),
        ("👨‍👩‍👧‍👦", 3),  # 25 bytes: they weigh more than the one sign
        ("👨‍👩‍👧‍👦" * 120, 300),
        ("👨‍👩‍👧‍👦" * 130, 325),
        ("🇸🇮🇭🇷", 2),
        ("\r\n", 1),
        ("ä" * 300, 300),
        ("क्षि", 2),
    ],
)
def test_a_text_takes_room_by_graphemes_or_by_bytes(text: str, taken: int) -> None:
    assert length(text) == taken


def test_a_record_key_is_drawn_from_the_delivery_and_nothing_else() -> None:
    keys = {record_key(delivery_key(account, str(post))) for account in ("a", "b") for post in range(500)}
    assert len(keys) == 1000
    assert record_key("k") == record_key("k") == "3klrquhjeme4k"


def test_a_record_key_tells_a_time_that_has_been() -> None:
    for number in range(200):
        moment = moment_of(record_key(str(number)))
        assert moment is not None
        assert 1_672_531_200_000_000 <= moment < 1_743_000_000_000_000  # 2023 to March 2025


@pytest.mark.parametrize("key", ["", "self", "3kvfatkkpzyq", "0kvfatkkpzyqf", "3kvfatkkpzyqff"])
def test_what_is_no_record_key_of_a_time_tells_none(key: str) -> None:
    assert moment_of(key) is None


def test_a_reply_says_where_it_stands_and_when_it_was_planned() -> None:
    assert record("Es tut uns leid.") == {
        "$type": "app.bsky.feed.post",
        "text": "Es tut uns leid.",
        "createdAt": "2026-03-02T09:00:00.000Z",
        "reply": {
            "root": {"uri": ROOT.uri, "cid": "cid1"},
            "parent": {"uri": PARENT.uri, "cid": "cid2"},
        },
        "langs": ["de"],
    }
    assert "langs" not in record("Sorry.", language="")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ärger 😡? https://acme.example/a?b=c#d", [("https://acme.example/a?b=c#d",) * 2]),
        ("(https://acme.example/x_(y)).", [("https://acme.example/x_(y)",) * 2]),
        ("“https://acme.example/q”, see", [("https://acme.example/q",) * 2]),
        ("谢谢，https://acme.example/a，好", [("https://acme.example/a",) * 2]),
        ("https://acme.example/a…", [("https://acme.example/a",) * 2]),
        ("HTTPS://acme.example and acme.com/help", [
            ("HTTPS://acme.example",) * 2,
            ("acme.com/help", "https://acme.com/help"),
        ]),
        ("https:// https://... ftp://acme.example", []),
        ("It is late. #sorry", [("#sorry", "sorry")]),
        ("No link, 3.50 or a.b", []),
    ],
)  # fmt: skip
def test_links_are_marked_by_the_bytes_they_take(text: str, found: list[tuple[str, str]]) -> None:
    assert marked(text) == found


def test_a_handle_is_marked_when_somebody_is_behind_it() -> None:
    text = "Dear 🧑‍🚒 @ana.test, ask @nobody.test or help@acme.test."
    assert marked(text, ana_test="did:plc:ana") == [("@ana.test", "did:plc:ana")]


def link(text: str, shown: str, uri: str) -> dict[str, Any]:
    start = text.encode().index(shown.encode())
    index = {"byteStart": start, "byteEnd": start + len(shown.encode())}
    features = [{"$type": "app.bsky.richtext.facet#link", "uri": uri}]
    return {"index": index, "features": features}


@pytest.mark.parametrize("dots", ["...", "…"])
def test_a_link_that_is_shown_cut_is_given_whole(dots: str) -> None:
    text, uri = f"Žana says acme.example/abc{dots} 😡", "https://www.acme.example/abcdef?x=1#y"
    facets = [link(text, f"acme.example/abc{dots}", uri)]
    assert whole({"text": text, "facets": facets}) == f"Žana says {uri} 😡"


def test_a_link_behind_other_words_leaves_the_words() -> None:
    text = "See here... or acme.example/a"
    facets = [
        link(text, "here...", "https://evil.example/"),
        link(text, "acme.example/a", "https://acme.example/a"),
    ]
    assert whole({"text": text, "facets": facets}) == text


@pytest.mark.parametrize(
    "facet",
    [
        None,
        {},
        {
            "index": {"byteStart": 0, "byteEnd": 900},
            "features": [{"$type": "app.bsky.richtext.facet#link", "uri": "x"}],
        },
        {
            "index": {"byteStart": 5, "byteEnd": 2},
            "features": [{"$type": "app.bsky.richtext.facet#link", "uri": "a"}],
        },
        {"index": {"byteStart": "0", "byteEnd": 2}, "features": []},
        {
            "index": {"byteStart": -3, "byteEnd": 2},
            "features": [{"$type": "app.bsky.richtext.facet#link", "uri": "abc"}],
        },
        {
            "index": {"byteStart": 0, "byteEnd": 4},
            "features": ["x", {"$type": "app.bsky.richtext.facet#link"}],
        },
    ],
)
def test_a_mark_that_makes_no_sense_is_passed_over(facet: Any) -> None:
    assert whole({"text": "abc... ä", "facets": [facet, facet]}) == "abc... ä"


def test_two_marks_over_the_same_words_are_not_read_twice() -> None:
    text = "acme.example/a..."
    facets = [link(text, text, "https://acme.example/abc"), link(text, text, "https://acme.example/abd")]
    assert whole({"text": text, "facets": facets}) == "https://acme.example/abc"
