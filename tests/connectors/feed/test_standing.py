"""What `responder doctor` learns of a feed account: can its feeds be read, is its folder there?"""

from pathlib import Path

from connectors.feed import Feed
from responder.settings import Secrets
from tests.connectors.feed.stage import Entry, InFolder, OverHttp
from tests.connectors.stage import ACCOUNT
from tests.standins.proxy import Fault, says


def test_a_feed_that_can_be_read_says_how_much_is_in_it_and_how_new_it_is(stage: OverHttp) -> None:
    stage.say("Late!")
    stage.say("Broken!")
    told = stage.connector().whoami()
    assert (told.handle, told.may, told.lacks) == ("", ("read feeds",), ())
    assert told.notes == ("feed 1 (127.0.0.1): 2 entries; the newest is of 2026-03-02 09:02 UTC.",)
    assert len(stage.proxy.requests) == 1


def test_an_empty_feed_is_one_that_can_be_read(stage: OverHttp) -> None:
    assert stage.connector().whoami().notes == ("feed 1 (127.0.0.1): 0 entries.",)


def test_entries_that_cannot_be_read_are_counted(stage: OverHttp) -> None:
    stage.say("Late!")
    stage.site.entries.append(Entry("tag:forum.example,2", "", "Ana", stage.site.now))
    (note,) = stage.connector().whoami().notes
    assert note.startswith("feed 1 (127.0.0.1): 1 entry, and 1 that cannot be read; the newest")


def test_a_feed_that_cannot_be_read_is_to_mend_and_the_others_are_read(stage: OverHttp) -> None:
    stage.proxy.fault = lambda one: Fault(says(500, "oops")) if one.path == "/secret-9" else None
    feeds = [f"{stage.proxy.url}/feed", f"{stage.proxy.url}/secret-9"]
    told = stage.connector(feeds=feeds).whoami()
    assert told.may == ("read feeds",)
    assert told.lacks == ("feed 2 (127.0.0.1): 127.0.0.1 answered 500.",)
    assert len(told.notes) == 1


def test_where_no_feed_can_be_read_nothing_may_be(stage: OverHttp) -> None:
    stage.proxy.fault = lambda _: Fault(says(200, "<html>Welcome</html>"))
    told = stage.connector().whoami()
    assert told.may == ()
    assert told.lacks == ("feed 1 (127.0.0.1): 127.0.0.1 has no feed there; it is neither RSS nor Atom.",)


def test_a_folder_that_is_there_with_its_secret_can_be_read(box: InFolder) -> None:
    told = box.connector().whoami()
    assert (told.may, told.lacks, told.notes) == (("read signed posts",), (), ())


def test_a_folder_that_is_not_there_and_a_missing_secret_are_both_to_mend(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    connector = Feed(ACCOUNT, {"inbox": str(gone)}, Secrets(tmp_path, {}).of(ACCOUNT))
    folder, secret = connector.whoami().lacks
    assert folder.startswith(f"its folder: {gone} cannot be read: No such file or directory.")
    assert secret.startswith(f"secrets: {ACCOUNT}_inbox_key: is missing; put it in a file")
