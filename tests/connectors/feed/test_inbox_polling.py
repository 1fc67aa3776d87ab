"""What an account hears of its folder of signed posts, poll by poll."""

import json
from pathlib import Path

import pytest

from connectors.feed import Feed
from responder.connector import Sight, Unavailable
from responder.model.mention import Audience
from tests.connectors.feed.stage import KEY, InFolder, signed
from tests.connectors.stage import ACCOUNT, Safe, heard, pages


def test_every_field_of_a_signed_post_finds_its_place(box: InFolder) -> None:
    box.post(
        id=17,
        text=" Late \n again ",
        author="@Ana",
        author_id="u1",
        name="Ana K.",
        bot=False,
        thread="t1",
        created_at="2026-03-02T10:00:00+01:00",
        url="https://reviews.example/17",
        language="en-GB",
        audience="private",
        edited="v2",
    )
    (mention,) = heard(box.connector())
    assert (mention.external_id, mention.thread, mention.text) == ("inbox 17", "inbox t1", " Late \n again ")
    assert (mention.author.id, mention.author.handle, mention.author.name) == ("u1", "Ana", "Ana K.")
    assert mention.created_at.isoformat() == "2026-03-02T09:00:00+00:00"
    assert (mention.language, mention.edit_mark, mention.audience) == ("en", "v2", Audience.PRIVATE)


def test_several_posts_may_come_in_one_file(box: InFolder) -> None:
    body = json.dumps([{"id": n, "text": f"Late {n}"} for n in (1, 2)]).encode()
    box.put(signed(body))
    assert [one.text for one in heard(box.connector())] == ["Late 1", "Late 2"]


def test_a_post_that_cannot_be_read_keeps_none_beside_it_from_being_heard(box: InFolder) -> None:
    deep = json.loads("[" * 300 + "]" * 300)
    told = [{"id": 1, "text": "Late 1"}, {"id": 2}, deep, {"id": 3, "text": "Late 3"}]
    name = box.put(signed(json.dumps(told).encode()))
    page = box.connector().poll(None)
    assert [one.text for one in page.mentions] == ["Late 1", "Late 3"]
    assert [(one.place, one.problem) for one in page.malformed] == [
        (name, "a post in it has no text"),
        (name, "a post in it is no JSON object"),
    ]
    assert page.malformed[0].body == '{"id": 2}'


def test_a_file_of_nothing_but_junk_is_not_told_post_by_post(box: InFolder) -> None:
    box.put(signed(json.dumps([1] * 50_000).encode()))
    page = box.connector().poll(None)
    assert len(page.malformed) == 21
    assert page.malformed[-1].problem == "49,980 more posts in it are none"


def test_a_folder_with_more_files_than_are_looked_at_says_so_once(box: InFolder) -> None:
    for number in range(10_001):
        (box.folder / f"{number:05}").touch()
    connector = box.connector()
    page = connector.poll(None)
    assert page.gap == (
        "inbox: it holds more than 10,000 files; clear old ones away, or the newest are not read"
    )
    assert connector.poll(page.cursor).gap == ""
    (box.folder / "00000").unlink()
    assert connector.poll(page.cursor).gap == ""


@pytest.mark.parametrize("header", ["X-Hub-Signature-256", "x-signature-256", "X-Signature"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_signatures_come_in_several_ways(box: InFolder, header: str, end: bytes) -> None:
    raw = signed(b'{"id":1,"text":"Late!\\n\\nx"}', header=header)
    head, body = raw.split(b"\n\n", 1)
    box.put(b"Content-Type: application/json" + end + head + end + end + body)
    assert len(heard(box.connector())) == 1


_BODY = b'{"id":1,"text":"Late!"}'


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (_BODY, "no empty line"),
        (b"X-Signature: 00\n\n" + _BODY, "not signed with our secret"),
        (b"Signature-Of: nobody\n\n" + _BODY, "not signed with our secret"),
        (signed(_BODY, key="another"), "not signed with our secret"),
        (signed(_BODY) + b" ", "not signed with our secret"),
        (signed(b"junk"), "not JSON"),
        (signed(b"[" * 100_000), "not JSON"),
        (signed(b'"Late!"'), "no JSON object"),
        (signed(b'{"text":"Late!"}'), "has no id"),
        (signed(b'{"id":{},"text":"Late!"}'), "its id is neither"),
        (signed(b'{"id":1}'), "has no text"),
        (signed(b'{"id":1,"text":" "}'), "has no text"),
        (signed(b'{"id":1,"text":5}'), "has no text"),
        (signed(b'{"id":1,"text":"x","created_at":"soon"}'), "no time like"),
        (signed(b'{"id":1,"text":"' + b"x" * 300_000 + b'"}'), "longer than 262,144 bytes"),
    ],
)
def test_a_file_that_is_no_signed_post_is_set_aside_once(box: InFolder, raw: bytes, problem: str) -> None:
    name = box.put(raw)
    good = box.post(id="good", text="Late!")
    connector = box.connector()
    page = connector.poll(None)
    assert [one.external_id for one in page.mentions] == [good]
    (unread,) = page.malformed
    assert unread.place == name
    assert problem in unread.problem
    assert connector.poll(page.cursor).malformed == ()
    assert KEY not in unread.problem + page.cursor


def test_half_written_files_wait(box: InFolder) -> None:
    for name in (".a.post", "b.tmp", "c.part", "d~"):
        box.put(signed(_BODY), name)
    assert pages(box.connector())[0].malformed == ()
    assert heard(box.connector()) == []
    (box.folder / "b.tmp").rename(box.folder / "b.post")
    assert len(heard(box.connector())) == 1


def test_no_link_leads_out_of_the_folder(box: InFolder, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(signed(_BODY))
    (box.folder / "link.post").symlink_to(outside)
    (box.folder / "sub").mkdir()
    page = box.connector().poll(None)
    assert page.mentions == ()
    assert sorted(one.problem for one in page.malformed) == ["it is a link", "it is no file"]
    assert all(one.body == "" for one in page.malformed)


def test_many_files_are_read_in_several_polls_in_order(box: InFolder) -> None:
    for number in range(450):
        box.say(f"Late {number}")
    read = pages(box.connector())
    assert [page.more for page in read] == [True, True, False]
    assert len({one.external_id for page in read for one in page.mentions}) == 450


def test_a_folder_may_be_cleared_away(box: InFolder) -> None:
    box.say("Late!")
    connector = box.connector()
    (mention,) = heard(connector)
    cursor = connector.poll(None).cursor
    for one in box.folder.iterdir():
        one.unlink()
    page = connector.poll(cursor)
    assert (page.mentions, page.removed) == ((), ())
    assert json.loads(page.cursor)["kept"]["inbox"] == []
    assert connector.look(mention).sight is Sight.PRESENT


def test_a_removed_post_is_told(box: InFolder) -> None:
    post = box.say("Late!")
    connector = box.connector()
    cursor = connector.poll(None).cursor
    box.remove(post)
    assert connector.poll(cursor).removed == (post,)


def test_other_words_without_a_mark_are_a_change(box: InFolder) -> None:
    box.post(id="1", text="Late!")
    (mention,) = heard(box.connector())
    box.post(id="1", text="It came.")
    look = box.connector().look(mention)
    assert (look.sight, look.now and look.now.edit_mark[:5]) == (Sight.CHANGED, "text ")
    assert look.now is not None
    assert box.connector().look(look.now).sight is Sight.PRESENT


def test_a_folder_that_is_not_there_is_told_with_what_to_do(tmp_path: Path) -> None:
    connector = Feed(ACCOUNT, {"inbox": str(tmp_path / "none")}, Safe(inbox_key=KEY))
    with pytest.raises(Unavailable, match="Correct the option `inbox`"):
        connector.poll(None)


def test_without_the_secret_nothing_is_read(box: InFolder) -> None:
    box.say("Late!")
    with pytest.raises(KeyError):
        Feed(ACCOUNT, {"inbox": str(box.folder)}, Safe()).poll(None)
