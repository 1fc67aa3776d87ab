"""The outbox: whole lines only, one a reply, and a torn one is no reply."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.replay import Replay
from responder.connector import Refused, Unavailable, Unsure
from responder.model.mention import Audience, Mention
from tests.connectors.replay.files import FilesStage, replay, write_rows
from tests.connectors.stage import PLANNED, heard, message


@pytest.fixture
def complaint(tmp_path: Path) -> tuple[Replay, Mention]:
    """A connector, and a complaint that it heard."""
    connector = replay(write_rows(tmp_path / "feed.jsonl", {"id": "5", "text": "Late!"}))
    return connector, heard(connector)[0]


def test_a_reply_is_one_line_that_says_all(tmp_path: Path, complaint: tuple[Replay, Mention]) -> None:
    connector, mention = complaint
    sent = replace(message(mention, "Žal nam je.\nPišite nam."), audience=Audience.PRIVATE, language="sl")
    receipt = connector.send(sent, mention)
    lines = (tmp_path / "feed.outbox.jsonl").read_text(encoding="utf-8")
    assert lines.endswith("\n")
    assert "Žal nam je." in lines
    assert [json.loads(line) for line in lines.splitlines()] == [
        {
            "id": receipt.remote_id,
            "at": PLANNED.isoformat(),
            "in_reply_to": "5",
            "account": "shop",
            "text": "Žal nam je.\nPišite nam.",
            "audience": "private",
            "language": "sl",
            "key": sent.key,
        }
    ]


def test_two_accounts_share_an_outbox_and_find_their_own(tmp_path: Path) -> None:
    feed = write_rows(tmp_path / "feed.jsonl", {"id": "5", "text": "Late!"})
    ours = replay(feed)
    other = Replay("bakery", {"file": str(feed)}, str)
    mention = heard(ours)[0]
    other.send(message(mention), mention)
    assert ours.find_sent(message(mention), mention) == ()
    assert ours.look(mention).sight == "present"
    assert other.find_sent(message(mention), mention)


def test_a_torn_line_is_no_reply_and_the_next_one_starts_afresh(
    tmp_path: Path, complaint: tuple[Replay, Mention]
) -> None:
    connector, mention = complaint
    outbox = tmp_path / "feed.outbox.jsonl"
    connector.send(message(mention), mention)
    line = outbox.read_bytes()
    for cut in (1, len(line) // 2, len(line) - 2):
        outbox.write_bytes(line[:cut])
        assert connector.find_sent(message(mention), mention) == ()
        connector.send(message(mention), mention)
        assert outbox.read_bytes() == line[:cut] + b"\n" + line
        assert connector.find_sent(message(mention), mention)


def test_a_line_that_lacks_only_its_end_is_a_reply(tmp_path: Path, complaint: tuple[Replay, Mention]) -> None:
    connector, mention = complaint
    outbox = tmp_path / "feed.outbox.jsonl"
    connector.send(message(mention), mention)
    outbox.write_bytes(outbox.read_bytes()[:-1])
    assert connector.find_sent(message(mention), mention)


@pytest.mark.parametrize("text", ["", " \n", "half \ud83d a pair"])
def test_what_can_never_be_written_is_refused(
    tmp_path: Path, complaint: tuple[Replay, Mention], text: str
) -> None:
    connector, mention = complaint
    with pytest.raises(Refused):
        connector.send(message(mention, text), mention)
    assert not (tmp_path / "feed.outbox.jsonl").exists()


@pytest.mark.parametrize(
    ("network", "length"),
    [("x", 280), ("bluesky", 300), ("mastodon", 500), ("reddit", 10_000), ("forum", 10_000)],
)
def test_the_limit_is_that_of_the_network(tmp_path: Path, network: str, length: int) -> None:
    connector = replay(write_rows(tmp_path / "feed.jsonl", {"text": "Late!"}), network=network)
    mention = heard(connector)[0]
    assert (connector.network, connector.limits.length) == (network, length)
    with pytest.raises(Refused, match=f"{length + 1} characters; {network} takes {length}"):
        connector.send(message(mention, "a" * (length + 1)), mention)


def test_what_is_no_file_takes_no_reply(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.jsonl"
    os.mkfifo(pipe)
    connector = replay(write_rows(tmp_path / "feed.jsonl", {"text": "Late!"}), outbox=str(pipe))
    mention = heard(connector)[0]
    with pytest.raises(Unavailable, match="is not a regular file"):
        connector.send(message(mention), mention)
    with pytest.raises(Unavailable, match="is not a regular file"):
        connector.find_sent(message(mention), mention)


def test_a_disk_that_gets_full_at_the_last_byte_leaves_a_reply(tmp_path: Path) -> None:
    stage = FilesStage(tmp_path, ".jsonl")
    stage.say("Late!")
    stage.say("Late too!")
    mentions = heard(stage.connector())
    stage.connector().send(message(mentions[0]), mentions[0])
    size = stage.outbox.stat().st_size
    with stage.full_disk(2 * size - 1), pytest.raises(Unsure):
        stage.connector().send(message(mentions[1]), mentions[1])
    assert stage.connector().find_sent(message(mentions[1]), mentions[1])
    assert len(stage.sent()) == 2


def test_several_may_write_at_once(tmp_path: Path) -> None:
    feed = write_rows(
        tmp_path / "feed.jsonl", *({"id": f"p{number}", "text": "Late!"} for number in range(80))
    )
    mentions = heard(replay(feed))

    def send(mention: Mention) -> str:
        return replay(feed).send(message(mention, "We are sorry. " * 200), mention).remote_id

    with ThreadPoolExecutor(8) as pool:
        sent = set(pool.map(send, mentions))
    lines = (tmp_path / "feed.outbox.jsonl").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["id"] for line in lines if line} == sent
    assert len(sent) == 80
