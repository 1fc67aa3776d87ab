"""What feeds say: in every dialect, in every letter, and what is refused before it is taken apart."""

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from connectors.feed import entries
from responder.connector import ConnectorError, Malformed, Unavailable
from responder.model.mention import Author, Mention

FEED = "https://shop.example/reviews.xml"
NOW = datetime(2026, 3, 5, 9, tzinfo=UTC)
_ATOM = '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{lang}"><title>F</title>{entries}</feed>'


def taken(body: str | bytes, kind: str = "application/xml") -> entries.Feed:
    raw = body if isinstance(body, bytes) else body.encode()
    return entries.read(raw, kind, FEED, "shop.example")


def one(entry: str, lang: str = "en") -> Mention:
    """Return what the only entry of an Atom feed says."""
    feed = taken(_ATOM.format(entries=f"<entry>{entry}</entry>", lang=lang))
    return entries.mention(feed.entries[0], FEED, "shop", now=NOW, language=feed.language)


def item(xml: str) -> Mention:
    """Return what the only item of an RSS feed says."""
    feed = taken(f"<rss version='2.0'><channel><title>R</title><item>{xml}</item></channel></rss>")
    return entries.mention(feed.entries[0], FEED, "shop", now=NOW, language=feed.language)


def refused(body: str | bytes, kind: str = "application/xml") -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        taken(body, kind)
    return caught.value


def test_an_atom_entry_finds_its_place() -> None:
    told = one(
        """<id>tag:shop.example,17</id><title>Late again</title>
        <published>2026-03-02T10:00:00+01:00</published>
        <updated>2026-03-03T09:00:00Z</updated><link href="/reviews/17"/>
        <author><name>Ana K.</name><uri>https://shop.example/people/ana</uri></author>
        <content type="html">&lt;p&gt;My &lt;a href="/parcels#17"&gt;parcel&lt;/a&gt; is late.</content>""",
        lang="en-GB",
    )
    name = f"{entries.mark_of(FEED)} tag:shop.example,17"
    assert told == Mention(
        account="shop",
        external_id=name,
        thread=name,
        author=Author(id="https://shop.example/people/ana", handle="Ana K.", name="Ana K."),
        text="Late again\n\nMy parcel (https://shop.example/parcels#17) is late.",
        created_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
        url="https://shop.example/reviews/17",
        language="en",
    )


def test_an_rss_item_finds_its_place() -> None:
    told = item(
        """<guid isPermaLink="false">17</guid><title>★☆☆☆☆</title><link>https://shop.example/reviews/17</link>
        <author>ana@mail.com (Ana)</author><pubDate>Mon, 02 Mar 2026 10:00:00 +0100</pubDate>
        <description><![CDATA[Two weeks &amp; <b>nothing</b>.<br>Nobody answers.]]></description>"""
    )
    assert told.external_id.endswith(" 17")
    assert told.text == "★☆☆☆☆\n\nTwo weeks & **nothing**.\nNobody answers."
    assert (told.author.id, told.author.handle) == ("ana@mail.com", "Ana")
    assert told.created_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert told.url == "https://shop.example/reviews/17"


def test_two_feeds_may_call_their_entries_alike() -> None:
    feed = taken(_ATOM.format(entries="<entry><id>1</id><summary>x</summary></entry>", lang="en"))
    here, there = (entries.name_of(feed.entries[0], where) for where in (FEED, "https://b.example/feed"))
    assert here != there


@pytest.mark.parametrize(
    ("title", "text", "said"),
    [
        ("Late", "", "Late"),
        ("", "It is late.", "It is late."),
        ("It is late", "It is late. And broken.", "It is late. And broken."),
        ("It is late…", "It is late. And broken.", "It is late. And broken."),
        ("Review", "It is late.", "Review\n\nIt is late."),
    ],
)
def test_a_title_that_only_begins_the_words_is_left_out(title: str, text: str, said: str) -> None:
    assert one(f"<id>1</id><title>{title}</title><summary>{text}</summary>").text == said


def test_the_fullest_of_several_texts_is_taken() -> None:
    assert one("<id>1</id><summary>It is …</summary><content>It is late.</content>").text == "It is late."


def test_a_plain_text_is_taken_as_it_is() -> None:
    assert one('<id>1</id><content type="text">5 &lt; 6 &amp;amp; *</content>').text == "5 < 6 &amp; *"


def test_nobody_named_is_a_stranger_of_their_own() -> None:
    first, second = one("<id>1</id><summary>x</summary>"), one("<id>2</id><summary>x</summary>")
    assert first.author.id != second.author.id
    assert first.author.handle == ""


def test_an_entry_without_a_name_is_called_by_what_it_is() -> None:
    first = one("<title>Late</title><published>2026-03-02T09:00:00Z</published>")
    again = one("<title>Late</title><published>2026-03-02T09:00:00Z</published><summary>more</summary>")
    other = one("<title>Late</title><published>2026-03-03T09:00:00Z</published>")
    assert first.external_id == again.external_id != other.external_id
    assert one("<link href='https://shop.example/1'/><title>x</title>").external_id.endswith("/1")


def test_a_name_of_any_length_is_kept_short() -> None:
    assert len(one(f"<id>{'x' * 5000}</id><title>Late</title>").external_id) < 50


def test_a_time_that_is_not_told_is_the_one_of_reading() -> None:
    assert one("<id>1</id><title>x</title><published>soon</published>").created_at == NOW


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://shop.example/1"])
def test_an_address_that_no_browser_opens_is_none(link: str) -> None:
    assert one(f'<id>1</id><title>x</title><link href="{link}"/>').url == ""


def test_an_entry_may_lead_nowhere() -> None:
    assert one("<id>tag:shop.example,1</id><title>x</title>").url == ""


@pytest.mark.parametrize(("lang", "code"), [("", None), ("sl-SI", "sl"), ("*", None)])
def test_a_language_is_its_code_or_not_told(lang: str, code: str | None) -> None:
    assert one("<id>1</id><title>x</title>", lang=lang).language == code


@pytest.mark.parametrize(
    "entry", ["<id>1</id>", "<id>1</id><title> </title><content> </content>", "<author/>"]
)
def test_an_entry_that_says_nothing_is_none(entry: str) -> None:
    with pytest.raises(entries.Unreadable):
        one(entry)


# --- letters

_LATE = (
    "<rss version='2.0'><channel><item><guid>1</guid><title>Žal zamuja – „so“</title></item></channel></rss>"
)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (_LATE.encode(), "application/rss+xml"),
        (b"\xef\xbb\xbf" + _LATE.encode(), "text/xml; charset=iso-8859-1"),
        (_LATE.encode("utf-16"), "text/xml"),
        (_LATE.encode("utf-32"), "text/xml"),
        (
            b'<?xml version="1.0" encoding="windows-1250"?>' + _LATE.encode("cp1250"),
            "text/xml; charset=utf-8",
        ),
        (_LATE.encode("cp1250"), 'text/xml; charset="windows-1250"'),
        (b"<?xml version='1.0' encoding='UTF-8'?>\n" + _LATE.encode(), ""),
    ],
)
def test_a_feed_is_read_in_its_own_letters(body: bytes, kind: str) -> None:
    assert taken(body, kind).entries[0]["title"] == "Žal zamuja – „so“"


@pytest.mark.parametrize("codec", ["utf-7", "punycode", "zip", "rot13", "unicode_escape", "nonsense", "idna"])
def test_letters_that_hide_what_they_hold_are_refused(codec: str) -> None:
    body = f'<?xml version="1.0" encoding="{codec}"?>{_LATE}'.encode()
    assert "letters that we do not read" in str(refused(body))
    assert "letters that we do not read" in str(refused(_LATE, f"text/xml; charset={codec}"))


# --- what could blow up

_BOMBS = (
    '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>',
    '<!DOCTYPE rss SYSTEM "x" [<!ENTITY % c SYSTEM "http://10.0.0.1/x"> %c;]>',
    "<!doctype rss [ ]>",
    '<!ENTITY a "x">',
    '<?xml-stylesheet href="x"?><!-- c --><!DOCTYPE rss [<!ELEMENT rss ANY>]>',
    '<!-- <rss> --><!DOCTYPE rss [<!ENTITY a "ha">]>',
    '<?x <rss ?><!DOCTYPE rss [<!ENTITY a "ha">]>',
    """<!DOCTYPE rss SYSTEM '<rss' [<!ENTITY a "ha">]>""",
    """<!DOCTYPE rss SYSTEM "'" [<!ENTITY a "ha">]>""",
    '\n<!ENTITY x><!-- <rss> --><!DOCTYPE rss [<!ENTITY a "ha">]>',
    '<?x\n<!ENTITY y?><!-- ?><!DOCTYPE rss [<!ENTITY a "ha">]> -->',
    '<!-- never closed <!DOCTYPE rss [<!ENTITY a "ha">]>',
)


@pytest.mark.parametrize("bomb", _BOMBS)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "utf-32"])
def test_a_feed_that_declares_entities_is_refused_before_it_is_taken_apart(bomb: str, codec: str) -> None:
    error = refused(f"{bomb}{_LATE}".encode(codec))
    assert type(error) is Malformed
    assert "declares entities" in str(error)


def test_a_feed_may_name_what_it_is_and_speak_of_entities() -> None:
    body = '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://x.example/rss.dtd">' + _LATE
    assert len(taken(body).entries) == 1
    assert (
        "<!ENTITY"
        in item("<guid>1</guid><description><![CDATA[<code>&lt;!ENTITY a&gt;</code>]]></description>").text
    )


def test_what_stands_before_a_feed_may_be_long_and_is_no_trouble() -> None:
    body = "<!-- made by a tool: <rss> -->\n<?xml-stylesheet href='a>b'?>\n" * 20_000 + _LATE
    began = time.process_time()
    assert len(taken(body).entries) == 1
    assert time.process_time() - began < 5


def test_no_file_and_no_address_is_read_in_its_place(tmp_path: Any) -> None:
    secret = tmp_path / "secret"
    secret.write_text(_LATE)
    for body in (str(secret), f"file://{secret}", "http://127.0.0.1:9/feed"):
        assert type(refused(body)) is Malformed


# --- what is no feed


@pytest.mark.parametrize("body", ["", "junk", "<html><body>Welcome</body></html>", "{}", "\0\0\0"])
def test_what_is_no_feed_is_told(body: str) -> None:
    assert "neither RSS nor Atom" in str(refused(body))


@pytest.mark.parametrize("cut", [0.5, 0.9])
def test_a_part_of_a_feed_is_not_taken_for_the_whole(cut: float) -> None:
    assert type(refused(_LATE[: int(len(_LATE) * cut)])) is Unavailable


def test_a_feed_with_a_mistake_in_it_is_read_all_the_same() -> None:
    body = _LATE.replace(
        "</item>", "<b>&nbsp; & <i></item><item><guid>2</guid><title>And this</title></item>"
    )
    assert [one["title"] for one in taken(body).entries] == ["Žal zamuja – „so“", "And this"]


def test_so_many_entries_are_read_and_no_more() -> None:
    many = "".join(f"<item><guid>{n}</guid><title>x</title></item>" for n in range(1200))
    assert len(taken(f"<rss version='2.0'><channel>{many}</channel></rss>").entries) == entries.MOST


@pytest.mark.parametrize("step", [1, -1, 7])
def test_of_more_entries_than_are_read_the_newest_are_wherever_they_stand(step: int) -> None:
    begin = datetime(2026, 3, 2, tzinfo=UTC)
    dated = [format_datetime(begin + timedelta(minutes=n * step % 1200)) for n in range(1200)]
    many = "".join(f"<item><title>x</title><pubDate>{one}</pubDate></item>" for one in dated)
    read = taken(f"<rss version='2.0'><channel>{many}</channel></rss>").entries
    newest = [begin + timedelta(minutes=n) for n in range(200, 1200)]
    assert sorted(map(entries.moment, read), key=str) == newest


def test_an_empty_feed_is_one() -> None:
    assert taken("<rss version='2.0'><channel><title>R</title></channel></rss>").entries == ()
