"""The options of a Reddit account: each mistake is told, and all at once."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from connectors.reddit import Reddit
from connectors.reddit.options import KNOWN, Search, checked
from tests.connectors.stage import ACCOUNT, Safe

ROOT = Path(__file__).parents[3]
GOOD: dict[str, Any] = {"username": "acme_care", "client_id": "app"}


def test_the_fewest_options_read_the_inbox_and_answer_nowhere() -> None:
    options = checked(GOOD)
    assert (options.inbox, options.subreddits, options.searches) == (True, (), ())
    assert (options.answer_in, options.disclosure) == (frozenset(), "")
    assert (options.backlog, options.page, options.strangers) == (100, 100, True)
    assert options.hosts == ("oauth.reddit.com", "www.reddit.com")
    assert options.bots == {"automoderator"}


def test_names_are_taken_with_and_without_their_letters() -> None:
    options = checked(
        {
            **GOOD,
            "username": "u/acme_care",
            "subreddits": ["r/Acme", "/r/Zoo", "Acme"],
            "answer_in": ["r/Acme"],
            "bots": ["u/Tracker"],
            "searches": [{"subreddit": "r/acme", "query": " late "}, {"query": "late"}, {"query": "late"}],
        }
    )
    assert options.username == "acme_care"
    assert options.subreddits == ("Acme", "Zoo")
    assert options.answer_in == {"acme"}
    assert options.bots == {"automoderator", "tracker"}
    assert options.searches == (
        Search(subreddit="acme", query="late"),
        Search(subreddit="all", query="late"),
    )


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"username": None}, "username: must be the name of our account"),
        ({"username": "not a name"}, "username: must be the name of our account"),
        ({"client_id": ""}, "client_id: must be the id of your app"),
        ({"client_id": "a\nb"}, "client_id: must be"),
        ({"user_agent": "Mozilla/5.0"}, "user_agent: must read platform:app:version (by /u/name)"),
        ({"user_agent": 7}, "user_agent: must read"),
        ({"inbox": "yes"}, "inbox: must be true or false"),
        ({"inbox": False}, "inbox: is false, and there are neither subreddits nor searches"),
        ({"subreddits": "acme"}, "subreddits: must be a list"),
        ({"subreddits": ["a b"]}, "subreddits: must be a list"),
        ({"subreddits": [7]}, "subreddits: must be a list"),
        (
            {"subreddits": [f"sub{number}" for number in range(51)]},
            "subreddits: must be a list of at most 50",
        ),
        ({"searches": {"query": "x"}}, "searches: must be a list"),
        ({"searches": ["late"]}, "searches.1.query: must be 1 to 512 characters"),
        ({"searches": [{"query": "x"}, {"query": " "}]}, "searches.2.query: must be"),
        ({"searches": [{"query": "x" * 513}]}, "searches.1.query: must be"),
        ({"searches": [{"query": "x", "subreddit": "a+b"}]}, "searches.1.subreddit: must be one community"),
        ({"searches": [{"query": "x", "subredit": "a1"}]}, "searches.1.subredit: is not known; did you mean"),
        ({"answer_in": "acme"}, "answer_in: must be a list"),
        ({"disclosure": 3}, "disclosure: must be the line"),
        ({"bots": [""]}, "bots: must be a list"),
        ({"strangers": 1}, "strangers: must be true or false"),
        ({"backlog": 1001}, "backlog: must be a whole number from 0 to 1000"),
        ({"backlog": True}, "backlog: must be a whole number"),
        ({"page": 0}, "page: must be a whole number from 1 to 100"),
        ({"oauth_url": "http://oauth.reddit.com"}, "oauth_url: must be an address like https://oauth"),
        ({"oauth_url": "https://oauth.reddit.com/api"}, "oauth_url: must be"),
        ({"oauth_url": "https://me@oauth.reddit.com"}, "oauth_url: must be"),
        ({"oauth_url": "https://"}, "oauth_url: must be"),
        ({"reddit_url": "https://www.reddit.com:port"}, "reddit_url: must be"),
        ({"reddit_url": 7}, "reddit_url: must be"),
        ({"refresh_token": "x"}, "refresh_token: is not known"),
    ],
)
def test_a_mistake_is_told(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        Reddit(ACCOUNT, GOOD | options, Safe(client_secret="s", refresh_token="r"))
    (line,) = str(caught.value).splitlines()
    assert line.startswith(problem)


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        checked({"usrname": "acme", "page": 0})
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == [
        "usrname",
        "username",
        "client_id",
        "page",
    ]


@pytest.mark.parametrize("address", ["http://127.0.0.1:8091", "http://localhost/", "http://[::1]:1"])
def test_without_tls_only_this_machine_is_spoken_to(address: str) -> None:
    assert checked({**GOOD, "oauth_url": address}).oauth_url == address.rstrip("/")


def test_a_missing_secret_is_told_when_the_account_is_built() -> None:
    with pytest.raises(KeyError):
        Reddit(ACCOUNT, GOOD, Safe(client_secret="s"))


def test_whether_somebody_reads_private_messages_is_told_to_whoever_writes_replies() -> None:
    safe = Safe(client_secret="s", refresh_token="r")
    assert Reddit(ACCOUNT, GOOD, safe).limits.private_messages
    assert not Reddit(ACCOUNT, {**GOOD, "messages": False}, safe).limits.private_messages


def test_building_one_imports_no_praw() -> None:
    program = (
        "import sys; from connectors.reddit import Reddit; "
        "Reddit('shop', {'username': 'acme', 'client_id': 'x'}, lambda name: name); "
        "assert not {'praw', 'prawcore', 'requests'} & set(sys.modules), 'heavy'"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_paper_tells_every_option_and_no_other() -> None:
    paper = (ROOT / "docs" / "connectors.md").read_text(encoding="utf-8")
    table = paper.partition("\n## Reddit\n")[2].partition("| secret |")[0]
    told = {
        name
        for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", row)
    }
    assert told == set(KNOWN)
