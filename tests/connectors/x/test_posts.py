"""What X sends of a post, in either vocabulary, and what is made of it: as people see it, or set aside."""

from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.x.posts import id_at, moment_of
from connectors.x.texts import hidden, names, plain, quotes
from connectors.x.wire import Told, told
from responder.connector import Malformed
from tests.connectors.stage import heard
from tests.connectors.x.stage import connector
from tests.standins.x import BRAND, Server

POST: dict[str, Any] = {"id": "2117179907896246273", "text": "@acme It is late.", "author_id": "17"}


def read(**more: Any) -> Told:
    """Read one post."""
    return told({"data": [{**POST, **more}]})


# --- both vocabularies


@pytest.mark.parametrize("answers_in", ["tweet", "post"])
@pytest.mark.parametrize("vocabulary", ["tweet", "post"])
def test_a_mention_is_the_same_in_whichever_words_x_is_asked_and_answers(
    x: Server, vocabulary: str, answers_in: str
) -> None:
    x.habits.answers_in = answers_in
    x.world.user("ana", name="Ana 🙂", followers=1234)
    ours = x.world.post(BRAND, "We are open.")
    root = x.world.post("bo", "Anybody else?", answering=ours)
    text = "My @acme parcel & more: https://pics.com/1?a=1&b=2"
    number = x.world.post("ana", text, answering=root)
    newest = x.world.edit(number, f"{text} <3")
    *_, mention = heard(connector(x, vocabulary=vocabulary))
    assert (mention.external_id, mention.edit_mark, mention.thread) == (number, newest, ours)
    assert mention.in_reply_to == root
    assert mention.text == f"{text} <3"
    assert (mention.author.handle, mention.author.name, mention.author.followers) == ("ana", "Ana 🙂", 1234)
    assert mention.url == f"https://x.com/ana/status/{newest}"
    assert mention.language == "en"
    assert mention.created_at == datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("vocabulary", ["tweet", "post"])
def test_a_long_post_is_whole(x: Server, vocabulary: str) -> None:
    text = "It was a long way & a dear one. " * 30 + "@acme https://pics.com/1"
    x.world.post("ana", text, answering=x.world.post(BRAND, "We are open."))
    (mention,) = heard(connector(x, vocabulary=vocabulary))
    assert mention.text == text


@pytest.mark.parametrize(("vocabulary", "bot"), [("tweet", True), ("post", False)])
def test_who_is_labelled_as_automated_is_a_bot_where_x_tells(
    x: Server, vocabulary: str, *, bot: bool
) -> None:
    x.world.user("feed", automated=True)
    x.world.post("feed", "@acme is mentioned")
    (mention,) = heard(connector(x, vocabulary=vocabulary))
    assert mention.author.bot is bot


# --- texts


@pytest.mark.parametrize(
    ("text", "shown_from", "before"),
    [
        ("@acme And now?", 6, "@acme "),
        ("@acme @bo And now?", 10, "@acme @bo "),
        ("@acme @bo And now?", 6, "@acme "),
        ("@acme And now?", 7, "@acme "),  # X's own example is off by one
        ("@acme   And now?", 6, "@acme "),
        ("@acme And now?", 0, ""),
        ("And now, @acme?", 9, ""),
        ("@acme", 5, ""),
    ],
)
def test_only_whole_names_that_x_put_there_are_hidden(text: str, shown_from: int, before: str) -> None:
    assert hidden(text, shown_from) == before


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("&amp;lt; and &amp;amp;", "&lt; and &amp;"),
        ("&copy; &quot;", "&copy; &quot;"),
        ("https://t.co/abc and https://t.co/abcd", "https://a.com/?x=1&y=2 and https://b.com/"),
        ("https://t.co/unknown", "https://t.co/unknown"),
        ("Write to us https://t.co/dm", "Write to us"),
    ],
)
def test_a_text_is_as_people_see_it_with_its_links_in_full(sent: str, seen: str) -> None:
    links = {
        "abc": "https://a.com/?x=1&y=2",
        "abcd": "https://b.com/",
        "dm": "https://x.com/messages/compose?id=7",
    }
    urls = [{"url": f"https://t.co/{short}", "expanded_url": link} for short, link in links.items()]
    assert plain(sent, "", urls) == seen


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@acme", True),
        ("(@ACME)", True),
        ("＠acme。", True),
        ("RT:@acme!", True),
        ("@acme_help", False),
        ("@acme@social.example", False),
        ("mail@acme", False),
        ("@@acme", False),
        ("https://blog.com/@acme", False),
        ("acme", False),
    ],
)
def test_a_name_counts_where_x_would_link_it(text: str, *, named: bool) -> None:
    assert names(text, "acme") is named


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Open, they say. https://twitter.com/acme/status/12", True),
        ("https://x.com/ACME/status/12?s=20 ", True),
        ("See! https://x.com/acme/status/12 https://x.com/ana/status/13/photo/1", True),
        ("See! https://x.com/ana/status/13/photo/1", False),
        ("https://x.com/acme/status/12 is what they say", False),
        ("https://x.com/acme_help/status/12", False),
        ("https://x.com/acme", False),
        ("https://evil.com/x.com/acme/status/12", False),
        ("", False),
    ],
)
def test_a_link_to_a_post_of_ours_at_the_end_is_a_quote(text: str, *, quoted: bool) -> None:
    assert quotes(text, "acme") is quoted


# --- what is missing, odd or broken


def test_a_post_that_tells_little_is_read() -> None:
    (post,) = read().posts
    assert post.versions == (POST["id"],)
    assert (post.thread, post.answers, post.language, post.replies) == (POST["id"], None, None, None)
    assert post.created_at == moment_of(int(POST["id"]))
    assert post.author.handle == ""
    assert not post.restricted


@pytest.mark.parametrize(
    ("more", "language"),
    [("en", "en"), ("pt-BR", "pt-BR"), ("in", "id"), ("iw", "he"), ("und", None), ("qme", None), (7, None)],
)
def test_a_language_is_told_only_where_it_is_one(more: object, language: str | None) -> None:
    assert read(lang=more).posts[0].language == language


def test_nothing_is_put_in_order_but_by_its_id() -> None:
    ids = ["2117179907896246273", "999", "2117179907896246280"]
    assert read(edit_history_tweet_ids=ids).posts[0].versions == (ids[1], ids[0], ids[2])


BROKEN: list[Any] = [
    {},
    7,
    {**POST, "id": "twelve"},
    {**POST, "text": None},
    {**POST, "author_id": None},
    {**POST, "id": "9" * 40},
    {"text": "no id", "author_id": "17"},
]


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_post_is_set_aside_and_the_others_are_read(broken: Any) -> None:
    answer = told({"data": [broken, POST], "includes": {"posts": [broken], "users": [7, {}]}})
    assert [one.id for one in answer.posts] == [POST["id"]]
    (unread,) = answer.malformed
    assert unread.problem
    assert unread.place


ODD: list[dict[str, Any]] = [
    {"created_at": "soon"},
    {"entities": []},
    {"entities": {"mentions": [7, {}]}},
    {"display_text_range": ["a"]},
    {"edit_history_tweet_ids": [None, "x"]},
    {"referenced_tweets": [7]},
    {"public_metrics": 7},
    {"note_tweet": {"text": 7}},
]


@pytest.mark.parametrize("odd", ODD)
def test_what_is_odd_about_a_post_costs_no_complaint(odd: dict[str, Any]) -> None:
    (post,) = read(**odd).posts
    assert post.text == POST["text"]


@pytest.mark.parametrize("data", ["text", {"id": "1"}, 7])
def test_what_is_no_list_is_not_taken_for_an_empty_one(data: object) -> None:
    with pytest.raises(Malformed):
        told({"data": data})


def test_ids_tell_the_time_to_the_millisecond() -> None:
    moment = datetime(2026, 11, 2, 9, 0, 0, 123_000, tzinfo=UTC)
    assert moment_of(id_at(moment.timestamp())) == moment
