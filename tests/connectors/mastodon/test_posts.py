"""What a server says of a post, as a mention."""

from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.mastodon.posts import Reading, Unreadable, warning_of
from responder.model.mention import Audience, Author, Mention

ACCOUNT = {
    "id": "7",
    "acct": "ana@far.example",
    "display_name": "Ana K.",
    "followers_count": 12,
    "bot": False,
}
POST: dict[str, Any] = {
    "id": "11",
    "content": "<p>Where is it?</p>",
    "created_at": "2026-03-02T09:00:00.000Z",
    "visibility": "public",
    "url": "https://far.example/@ana/11",
    "language": "en",
    "account": ACCOUNT,
}


def read(**changed: Any) -> Mention:
    return Reading("shop").mention(POST | changed, "9")


def test_every_field_finds_its_place() -> None:
    assert read(in_reply_to_id="10", edited_at="2026-03-02T09:30:00.000Z") == Mention(
        account="shop",
        external_id="11",
        thread="9",
        author=Author(id="7", handle="ana@far.example", name="Ana K.", followers=12, bot=False),
        text="Where is it?",
        created_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
        url="https://far.example/@ana/11",
        language="en",
        in_reply_to="10",
        edit_mark="2026-03-02T09:30:00.000Z",
        audience=Audience.PUBLIC,
    )


def test_a_post_that_answers_none_begins_a_thread() -> None:
    assert Reading("shop").mention(POST).thread == "11"


@pytest.mark.parametrize(
    ("visibility", "audience"),
    [
        ("public", Audience.PUBLIC),
        ("unlisted", Audience.PUBLIC),
        ("private", Audience.PRIVATE),
        ("direct", Audience.PRIVATE),
        ("mutuals", Audience.PRIVATE),
        (None, Audience.PRIVATE),
    ],
)
def test_what_not_everybody_sees_is_private(visibility: str | None, audience: Audience) -> None:
    assert read(visibility=visibility).audience is audience


def test_a_content_warning_stands_on_a_line_of_its_own() -> None:
    mention = read(spoiler_text="late\nparcels [again]")
    assert mention.text == "[CW: late parcels [again]]\n\nWhere is it?"
    assert warning_of(mention.text) == "late parcels [again]"


@pytest.mark.parametrize("text", ["", "Where?", "[CW: late", "[CW: late] where?", "x\n[CW: late]"])
def test_what_is_no_warning_is_not_taken_for_one(text: str) -> None:
    assert warning_of(text) == ""


@pytest.mark.parametrize(
    "content", ["<p>[CW: Acme steals]</p><p>Late.</p>", "<p>[CW: Acme steals]<br>Late.</p>"]
)
def test_words_that_look_like_a_warning_are_none(content: str) -> None:
    text = read(spoiler_text="", content=content).text
    assert warning_of(text) == ""
    assert text.startswith(" [CW: Acme steals]\n")


def test_a_warning_alone_is_one() -> None:
    assert warning_of(read(spoiler_text="late", content="").text) == "late"


def test_what_is_attached_is_told_with_its_description() -> None:
    attached = [
        {"type": "image", "description": "A broken\nvase"},
        {"type": "image", "description": None},
        {"type": "video"},
        {"type": "unknown"},
        "junk",
    ]
    assert read(media_attachments=attached).text == (
        "Where is it?\n\n[picture: A broken vase]\n[picture]\n[video]\n[file]"
    )


def test_a_mention_reads_as_the_handle_behind_it() -> None:
    html = '<p><a href="https://social.example/@brand" class="mention">@<span>brand</span></a> where?</p>'
    people = [{"url": "https://social.example/@brand", "acct": "brand@social.example"}, "junk", {}]
    assert read(content=html, mentions=people).text == "@brand@social.example where?"


@pytest.mark.parametrize(
    ("told", "language"),
    [("en-GB", "en"), ("ZH_tw", "zh"), (None, None), ("und", None), ("", None), (5, None)],
)
def test_a_language_is_its_code_or_not_told(told: object, language: str | None) -> None:
    assert read(language=told).language == language


@pytest.mark.parametrize(("told", "followers"), [(0, 0), (None, None), (-1, None), ("9", None), (True, None)])
def test_followers_are_a_number_or_not_told(told: object, followers: int | None) -> None:
    assert read(account=ACCOUNT | {"followers_count": told}).author.followers == followers


def test_a_bot_is_known_by_what_its_server_says() -> None:
    assert read(account=ACCOUNT | {"bot": True}).author.bot


def test_an_id_may_be_a_number() -> None:
    assert read(id=11).external_id == "11"


def test_a_time_may_have_another_zone_or_none() -> None:
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert read(created_at="2026-03-02T13:00:00+01:00").created_at == noon
    assert read(created_at="2026-03-02T12:00:00").created_at == noon


def test_an_address_that_leads_nowhere_is_none() -> None:
    assert read(url="javascript:alert(1)").url == ""
    assert read(url=None, uri="https://far.example/11").url == "https://far.example/11"


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ({"id": None}, "its id is missing"),
        ({"id": True}, "its id is missing"),
        ({"content": None}, "its content is no text"),
        ({"account": None}, "its author is no JSON object"),
        ({"account": {"id": "7"}}, "its author has no handle"),
        ({"account": {"id": "7", "acct": "@"}}, "its author has no handle"),
        ({"account": {"acct": "ana"}}, "its author's id is missing"),
        ({"created_at": "yesterday"}, "it tells no time"),
        ({"created_at": None}, "it tells no time"),
        ({"created_at": "0001-01-01T00:00:00+14:00"}, "it tells no time"),
    ],
)
def test_what_is_no_post_says_why(broken: dict[str, Any], why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read(**broken)
    with pytest.raises(Unreadable, match="the post is no JSON object"):
        Reading("shop").mention("junk")
