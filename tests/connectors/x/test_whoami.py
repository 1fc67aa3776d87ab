"""Who we are on X, and what the keys may do."""

import pytest

from connectors.x import X
from responder.connector import Introduces, Unauthorised
from tests.connectors.x.stage import connector, keys
from tests.standins.x import Server


def test_x_says_who_we_are_with_one_request_that_writes_nothing(x: Server) -> None:
    asking = connector(x)
    assert isinstance(asking, Introduces)
    assert asking.whoami().handle == "acme"
    assert [request.path for request in x.requests] == ["/2/users/me"]
    assert x.writes == []


def test_keys_that_only_read_are_told_with_what_to_do(x: Server) -> None:
    x.access = "read"
    said = connector(x).whoami()
    assert said.may == ("read mentions and searches",)
    (lack,) = said.lacks
    assert lack.startswith("post replies: give the app the permission Read and write")


@pytest.mark.parametrize("access", ["read-write", "read-write-directmessages"])
def test_keys_that_may_write_lack_nothing(x: Server, access: str) -> None:
    x.access = access
    said = connector(x).whoami()
    assert (said.may, said.lacks) == (("read mentions and searches", "post replies"), ())


def test_where_x_does_not_tell_neither_do_we(x: Server) -> None:
    said = connector(x, keys(x, "oauth2"), auth="oauth2").whoami()
    assert (said.may, said.lacks) == (("read mentions and searches",), ())
    assert "Read and write" in said.notes[0]


def test_somebody_elses_keys_are_no_good(x: Server) -> None:
    other: X = connector(x, handle="acme_uk")
    with pytest.raises(Unauthorised, match="another account than @acme_uk"):
        other.whoami()
