"""What Reddit really answered: stock PRAW replays it from its own source, and we read the same."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.once.session import session
from connectors.reddit import Reddit
from connectors.reddit.items import Item, Unreadable, read
from connectors.reddit.thread import read_info
from responder.connector import ConnectorError, Malformed, Refused, Sight, Unauthorised, Unavailable, Unsure
from responder.model.mention import Author, Mention
from tests.connectors.libraries import praw_client
from tests.connectors.reddit.recordings import Player, Said, answers, fetched, playing
from tests.connectors.reddit.stages import PATIENT
from tests.connectors.stage import ACCOUNT, Safe, message
from tests.standins.cache import do_without

pytestmark = pytest.mark.slow

#: The only thing in the recordings that is not as things are: its authors took its fields away by hand.
SPOILT = "TestComment.test_refresh__raises_exception.json"


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the recordings."""
    folder = tmp_path_factory.mktemp("recordings")
    if why := fetched(folder):
        do_without(f"PRAW's source distribution cannot be had: {why}")
    return folder


@pytest.fixture
def player() -> Iterator[Player]:
    with playing() as one:
        yield one


def recorded(recordings: Path, name: str, *, logins: bool = False) -> list[Said]:
    """Return the answers of one recording, by the name of the test of PRAW's that made it."""
    (path,) = recordings.glob(f"praw*/tests/integration/cassettes/{name}.json")
    return answers(path, logins=logins)


def connector(player: Player, **options: Any) -> Reddit:
    given = {
        "username": "replayer",
        "client_id": "c",
        "answer_in": ["test"],
        "oauth_url": player.url,
        "reddit_url": player.url,
    }
    return Reddit(ACCOUNT, given | options, Safe(client_secret="s", refresh_token="r"), PATIENT)


def stock(player: Player) -> Any:
    return praw_client(player.url, player.url, session(PATIENT, ("/api/v1/access_token", "/api/comment/")))


def mention_of(one: Item, **changes: Any) -> Mention:
    known: dict[str, Any] = {
        "account": ACCOUNT,
        "external_id": one.name,
        "thread": one.thread,
        "author": Author(id=one.author_id, handle=one.author or ""),
        "text": one.text,
        "created_at": datetime.fromtimestamp(one.created, UTC),
        "url": "https://www.reddit.com/r/test/comments/a/b/",
    }
    return Mention(**(known | changes))


def things(said: Any) -> Iterator[dict[str, Any]]:
    """Yield every post, comment and message, at any depth."""
    if isinstance(said, dict):
        if said.get("kind") in {"t1", "t3", "t4"} and isinstance(said.get("data"), dict):
            yield said
        for value in said.values():
            yield from things(value)
    elif isinstance(said, list):
        for value in said:
            yield from things(value)


class TestEveryThing:
    def test_that_was_ever_recorded_can_be_read(self, recordings: Path) -> None:
        counts, unread = Counter[str](), []
        for path in recordings.glob("praw-*/tests/integration/cassettes/*.json"):
            for thing in (one for said in answers(path) for one in things(said.json())):
                try:
                    item = read(thing)
                except Unreadable:
                    unread.append(path.name)
                    continue
                counts[thing["kind"]] += 1
                counts["gone"] += item.gone
                counts["closed"] += bool(item.closed)
                if item.thread:
                    assert item.mention(ACCOUNT, ()).created_at.tzinfo is UTC
                    assert item.url.startswith("https://www.reddit.com/")
        assert unread == [SPOILT]
        assert counts["t1"] > 15_000
        assert counts["t3"] > 20_000
        assert counts["t4"] > 2_000
        assert counts["gone"] > 200
        assert counts["closed"] > 10_000


class TestTheInbox:
    @pytest.mark.parametrize(
        ("name", "listing", "comments"),
        [
            ("TestInbox.test_mentions", "mentions", 16),
            ("TestInbox.test_comment_replies", "comment_replies", 64),
            ("TestInbox.test_submission_replies", "submission_replies", 64),
            ("TestInbox.test_all", "all", 2),
        ],
    )
    def test_is_read_by_stock_praw_and_by_us_alike(
        self, recordings: Path, player: Player, name: str, listing: str, comments: int
    ) -> None:
        (said,) = recorded(recordings, name)
        player.knows(said)
        player.knows(said, at="/message/inbox")
        known = len(said.json()["data"]["children"])
        theirs = list(getattr(stock(player).inbox, listing)(limit=known))
        ours = connector(player, page=100, backlog=known).poll(None).mentions
        expected = {one.fullname: one.body for one in theirs if one.fullname.startswith("t1_")}
        assert {one.external_id: one.text for one in ours} == expected
        assert len(ours) == comments
        assert all(one.thread.startswith("t3_") and one.created_at.tzinfo is UTC for one in ours)

    @pytest.mark.parametrize(
        "name", ["TestSubredditListings.test_new", "TestSubredditListings.test_comments"]
    )
    def test_so_are_listings_of_a_community(self, recordings: Path, player: Player, name: str) -> None:
        (said,) = recorded(recordings, name)
        player.knows(said)
        other = "new" if name.endswith("comments") else "comments"
        empty = Said("GET", f"/r/askreddit/{other}", 200, {}, b'{"kind":"Listing","data":{"children":[]}}')
        player.knows(empty)
        asked = connector(player, inbox=False, subreddits=["askreddit"])
        first = asked.poll(None)
        ours = {one.external_id: one.text for one in (*first.mentions, *asked.poll(first.cursor).mentions)}
        place = stock(player).subreddit("askreddit")
        theirs = list(place.new(limit=100) if other == "comments" else place.comments(limit=100))
        assert set(ours) <= {one.fullname for one in theirs}
        assert len(ours) > 90
        for one in theirs:
            told = vars(one)  # what is not told, PRAW would ask for
            said_there = told.get("body") or f"{told['title']}\n\n{told['selftext']}".strip()
            assert ours.get(one.fullname, said_there).startswith(said_there)

    def test_so_is_a_search(self, recordings: Path, player: Player) -> None:
        (said,) = recorded(recordings, "TestSubreddit.test_search")
        player.knows(said)
        ours = connector(player, inbox=False, searches=[{"query": "praw oauth search"}]).poll(None).mentions
        theirs = list(stock(player).subreddit("all").search("praw oauth search", limit=None, syntax="lucene"))
        assert {one.external_id for one in ours} <= {one.fullname for one in theirs}
        assert len(ours) == 6


class TestAReply:
    @pytest.mark.parametrize("name", ["TestComment.test_reply", "TestSubmission.test_reply"])
    def test_is_the_same_to_stock_praw_and_to_us(self, recordings: Path, player: Player, name: str) -> None:
        (said,) = recorded(recordings, name)
        player.knows(said)
        (made,) = things(said.json())
        parent = made["data"]["parent_id"]
        target = mention_of(read(made), external_id=parent)
        receipt = connector(player).send(message(target, made["data"]["body"]), target)
        assert (receipt.remote_id, receipt.text) == (made["data"]["name"], made["data"]["body"])
        sent = player.requests[-1]
        assert sent.form == {"api_type": "json", "thing_id": parent, "text": made["data"]["body"]}
        assert (sent.path, sent.query) == ("/api/comment/", {"raw_json": "1"})

    def test_that_gives_nothing_back_is_unsure(self, recordings: Path, player: Player) -> None:
        (said,) = recorded(recordings, "TestComment.test_reply__none")
        player.knows(said)
        target = mention_of(read(next(things(recorded(recordings, "TestComment.test_refresh")[0].json()))))
        with pytest.raises(Unsure):
            connector(player).send(message(target), target)


class TestAThread:
    def test_is_looked_at(self, recordings: Path, player: Player) -> None:
        info, thread = recorded(recordings, "TestComment.test_refresh")
        player.knows(info, thread)
        target = mention_of(read(next(things(info.json()))))
        look = connector(player).look(target)
        assert (look.sight, look.now and look.now.text) == (Sight.PRESENT, target.text)
        theirs = stock(player).comment(target.external_id[3:])
        theirs.refresh()
        assert theirs.body == target.text
        (answer,) = theirs.replies
        mine = connector(player, username=answer.author.name)
        assert mine.look(target).sight is Sight.ANSWERED

    def test_whose_comment_was_deleted_is_told(self, recordings: Path, player: Player) -> None:
        info, thread = recorded(recordings, "TestComment.test_refresh__deleted_comment")
        player.knows(info, thread)
        item = read(next(things(info.json())))
        assert (item.gone, item.author) == (True, None)
        target = mention_of(item, text="words of before")
        assert connector(player).look(target).sight is Sight.GONE
        assert connector(player).eligibility(target).detail == "it is not there any more"

    def test_that_is_locked_is_told(self, recordings: Path) -> None:
        (said,) = recorded(recordings, "TestRedditorListings.test_overview__new")
        closed = {item.closed for item in map(read, things(said.json()))}
        assert "the post is locked" in closed or "the comment is locked" in closed

    def test_that_is_quarantined_is_told(self, recordings: Path) -> None:
        said = [
            one for one in recorded(recordings, "TestSubredditQuarantine.test_opt_in") if one.status == 200
        ]
        found = {read(thing).closed for one in said for thing in things(one.json())}
        assert "the community is quarantined" in found

    def test_infos_by_the_hundred_are_read(self, recordings: Path) -> None:
        said = recorded(recordings, "TestReddit.test_info")
        for one in said:
            named = next(things(one.json()))["data"]["name"]
            assert read_info(_without_communities(one.json()), named).target is not None


def _without_communities(said: Any) -> Any:
    children = [one for one in said["data"]["children"] if one["kind"] in {"t1", "t3"}]
    return {**said, "data": {**said["data"], "children": children}}


class TestErrors:
    @pytest.mark.parametrize(
        ("name", "error"),
        [
            ("bad_gateway", Unavailable),
            ("service_unavailable", Unavailable),
            ("gateway_timeout", Unavailable),
            ("internal_server_error", Unavailable),
            ("cloudflare_connection_timed_out", Unavailable),
            ("cloudflare_unknown_error", Unavailable),
            ("too__many_requests__with_retry_headers", Unavailable),
            ("bad_json", Malformed),
            ("redirect", Malformed),
            ("forbidden", Refused),
            ("not_found", Refused),
            ("with_insufficient_scope", Unauthorised),
            ("with_invalid_access_token", Unauthorised),
        ],
    )
    def test_recorded_by_prawcore_mean_what_the_caller_has_to_do(
        self, recordings: Path, player: Player, name: str, error: type[ConnectorError]
    ) -> None:
        said = recorded(recordings, f"TestSession.test_request__{name}")[0]
        player.knows(Said("GET", "/message/inbox", said.status, said.headers, said.body))
        with pytest.raises(ConnectorError) as caught:
            connector(player).poll(None)
        assert type(caught.value) is error
        if name.endswith("with_retry_headers"):
            assert isinstance(caught.value, Unavailable)
            assert caught.value.retry_after == float(said.headers["retry-after"])

    @pytest.mark.parametrize(
        ("name", "error"),
        [
            ("TestSession.test_request__too__many_requests__without_retry_headers", Unavailable),
            ("TestAuthorizer.test_refresh__with_invalid_token", Unauthorised),
            ("TestScriptAuthorizer.test_refresh__with_invalid_username_or_password", Unauthorised),
        ],
    )
    def test_recorded_of_a_login_do_so_too(
        self, recordings: Path, player: Player, name: str, error: type[ConnectorError]
    ) -> None:
        player.knows(*recorded(recordings, name, logins=True))
        with pytest.raises(ConnectorError) as caught:
            connector(player).poll(None)
        assert type(caught.value) is error


def test_the_stand_in_shows_no_field_that_was_never_recorded(recordings: Path) -> None:
    from tests.standins.reddit import BRAND, World
    from tests.standins.reddit.shapes import Shapes

    world = World()
    ours = world.post(BRAND, "How was it?")
    said = world.comment("ana", "Badly.", ours)
    shapes = Shapes(world, ours=True)
    (inbox,) = recorded(recordings, "TestInbox.test_comment_replies")
    (comments,) = recorded(recordings, "TestSubredditListings.test_comments")
    (posts,) = recorded(recordings, "TestSubredditListings.test_new")
    for shown, real in (
        (shapes.inbox(said), inbox),
        (shapes.thing(said), comments),
        (shapes.thing(ours), posts),
    ):
        assert shown is not None
        known = {name for thing in things(real.json()) for name in thing["data"]}
        extra = set(shown["data"]) - known
        assert extra <= {"author_fullname", "locked", "permalink", "removed_by_category", "collapsed"}, (
            json.dumps(sorted(extra))
        )
