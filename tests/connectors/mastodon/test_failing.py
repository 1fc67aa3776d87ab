"""A failing server, call by call: what each failure becomes, and that one write goes out at the most."""

import pytest

from connectors.mastodon import Mastodon
from responder.connector import ConnectorError, Refused, Unauthorised, Unavailable, Unsure
from responder.model.mention import Mention
from tests.connectors.mastodon.failing import FAILURES, faulty
from tests.connectors.mastodon.stage import Imitated
from tests.connectors.stage import ACCOUNT, CALLS, Safe, heard, message
from tests.standins.mastodon.server import TOKEN
from tests.standins.proxy import Fault, closes, says

_PAIRS = [(name, call) for name, failure in FAILURES.items() for call in failure.calls]


@pytest.fixture
def mention(stage: Imitated) -> Mention:
    """A complaint that was heard."""
    stage.say("My parcel is late.")
    return heard(stage.connector())[0]


@pytest.mark.parametrize(("failure", "call"), _PAIRS)
def test_every_failure_is_what_the_caller_must_do(
    stage: Imitated, mention: Mention, failure: str, call: str
) -> None:
    connector = stage.connector()
    with stage.broken(failure), pytest.raises(ConnectorError) as caught:
        CALLS[call](connector, mention)
    assert type(caught.value) is FAILURES[failure].error
    assert len(stage.proxy.writes) <= (call == "send")
    assert bool(stage.sent()) == failure.startswith("after the effect")


@pytest.mark.parametrize("path", ["/statuses/", "/context", "/accounts/"])
@pytest.mark.parametrize("call", ["look", "find_sent"])
def test_a_call_of_several_requests_fails_when_one_does(
    stage: Imitated, mention: Mention, path: str, call: str
) -> None:
    connector = stage.connector()
    fault = Fault(says(500, "{}"), hits=lambda one: path in one.path and "verify" not in one.path)
    with faulty(stage.proxy, fault):
        if (path, call) == ("/accounts/", "look"):
            CALLS[call](connector, mention)
        else:
            with pytest.raises(Unavailable):
                CALLS[call](connector, mention)


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (403, "This action is outside the authorized scopes", "lacks a right"),
        (403, "Your login is currently disabled", "suspended"),
        (403, "Your login is missing a confirmed e-mail address", "not confirmed"),
        (403, "Your login is currently pending approval", "waits for approval"),
        (403, "Something new", "no reason that we know"),
        (401, "The access token expired", "access token"),
    ],
)
@pytest.mark.parametrize("call", ["poll", "send"])
def test_a_person_is_told_why_an_account_stops(
    stage: Imitated, mention: Mention, status: int, error: str, words: str, call: str
) -> None:
    fault = Fault(says(status, f'{{"error":"{error}"}}'))
    with faulty(stage.proxy, fault), pytest.raises(Unauthorised) as caught:
        CALLS[call](stage.connector(), mention)
    assert words in str(caught.value) or (call == "send" and status == 401)


def test_a_server_that_counts_characters_otherwise_says_that_it_is_too_long(
    stage: Imitated, mention: Mention
) -> None:
    stage.world.most = 200
    with pytest.raises(Refused, match="too long"):
        stage.connector().send(message(mention, "a" * 300), mention)
    assert stage.sent() == []


@pytest.mark.parametrize("call", ["poll", "send"])
def test_a_server_says_how_long_to_wait(stage: Imitated, mention: Mention, call: str) -> None:
    with stage.broken("read: 429"), pytest.raises(Unavailable) as caught:
        CALLS[call](stage.connector(), mention)
    assert caught.value.retry_after == 77


# --- so many requests and no more


def test_polls_leave_the_last_requests_to_replies(stage: Imitated, mention: Mention) -> None:
    connector = stage.connector(page=40)
    stage.api.grants = 25
    cursor = connector.poll(None).cursor
    connector.poll(cursor)
    asked = len(stage.proxy.requests)
    with pytest.raises(Unavailable, match="grants few more requests") as caught:
        connector.poll(cursor)
    assert caught.value.retry_after is not None
    assert 0 < caught.value.retry_after <= 300
    assert len(stage.proxy.requests) == asked
    connector.look(mention)
    connector.send(message(mention), mention)
    assert len(stage.sent()) == 1


def test_no_reply_is_sent_when_none_is_granted(stage: Imitated, mention: Mention) -> None:
    connector = stage.connector()
    stage.api.grants = 1
    connector.send(message(mention), mention)
    with pytest.raises(Unavailable, match="grants few more requests"):
        connector.send(message(mention), mention)
    assert len(stage.proxy.writes) == 1


def test_a_server_that_tells_nothing_is_asked_as_often_as_needed(stage: Imitated, mention: Mention) -> None:
    stage.api.grants = 0
    stage.api.tells_grants = False
    connector = stage.connector()
    for _ in range(3):
        connector.poll(None)
    connector.send(message(mention), mention)


# --- another token


def test_a_new_token_is_found_without_a_restart(stage: Imitated) -> None:
    safe = Safe(access_token="old")
    connector = Mastodon(ACCOUNT, {"server": stage.proxy.url}, safe)
    with pytest.raises(Unauthorised):
        connector.poll(None)
    safe.secrets["access_token"] = TOKEN
    connector.poll(None)


def test_a_token_of_another_account_makes_us_that_one(stage: Imitated, mention: Mention) -> None:
    other = stage.world.person("helpdesk")
    safe = Safe(access_token=TOKEN)
    connector = Mastodon(ACCOUNT, {"server": stage.proxy.url}, safe)
    assert connector.poll(None).own_id == stage.world.brand.id
    stage.api.tokens = {"new": other}
    with pytest.raises(Unauthorised):
        connector.send(message(mention), mention)
    safe.secrets["access_token"] = "new"
    assert connector.poll(None).own_id == other.id


def test_a_missing_token_is_told_when_it_is_needed(stage: Imitated) -> None:
    with pytest.raises(KeyError):
        Mastodon(ACCOUNT, {"server": stage.proxy.url}, Safe()).poll(None)
    assert stage.proxy.requests == []


# --- looking for what may have been sent


def test_a_lost_answer_leaves_a_reply_that_is_found(stage: Imitated, mention: Mention) -> None:
    said = message(mention, "We are sorry.")
    with faulty(stage.proxy, Fault(closes, after=True, hits=stage.proxy.is_write)), pytest.raises(Unsure):
        stage.connector().send(said, mention)
    (found,) = stage.connector().find_sent(said, mention)
    assert (found.remote_id, found.text) == (stage.api.posted[0], "We are sorry.")


def test_all_answers_are_found_the_oldest_first(stage: Imitated, mention: Mention) -> None:
    first = stage.say("One.", by_us=True, answering=mention.external_id, visibility="direct")
    connector = stage.connector()
    second = connector.send(message(mention, "Two."), mention).remote_id
    other = stage.say("Same here!", answering=mention.external_id)
    stage.say("To you too.", by_us=True, answering=other)
    found = connector.find_sent(message(mention), mention)
    assert [(one.remote_id, one.text) for one in found] == [(first, "One."), (second, "Two.")]


def test_an_answer_is_found_below_when_our_own_posts_do_not_show_it(
    stage: Imitated, mention: Mention
) -> None:
    sent = stage.connector().send(message(mention), mention)
    with faulty(stage.proxy, Fault(says(200, "[]"), hits=lambda one: one.path.endswith("/statuses"))):
        assert [one.remote_id for one in stage.connector().find_sent(message(mention), mention)] == [
            sent.remote_id
        ]


def test_an_answer_is_found_among_our_own_posts_when_it_is_not_below(
    stage: Imitated, mention: Mention
) -> None:
    sent = stage.connector().send(message(mention), mention)
    empty = says(200, '{"ancestors":[],"descendants":[]}')
    with faulty(stage.proxy, Fault(empty, hits=lambda one: one.path.endswith("/context"))):
        assert [one.remote_id for one in stage.connector().find_sent(message(mention), mention)] == [
            sent.remote_id
        ]


def test_our_own_posts_are_looked_through_page_by_page(stage: Imitated, mention: Mention) -> None:
    sent = stage.connector().send(message(mention), mention)
    for number in range(90):
        stage.say(f"News {number}", by_us=True)
    empty = says(200, '{"ancestors":[],"descendants":[]}')
    with faulty(stage.proxy, Fault(empty, hits=lambda one: one.path.endswith("/context"))):
        assert [one.remote_id for one in stage.connector().find_sent(message(mention), mention)] == [
            sent.remote_id
        ]


def test_an_answer_to_what_is_gone_is_found_by_its_words_and_its_addressee(
    stage: Imitated, mention: Mention
) -> None:
    said = message(mention, "We are sorry.")
    sent = stage.connector().send(said, mention)
    other = stage.world.person("bob@far.example")
    stage.world.typed(stage.world.brand, f"@{other.acct} We are sorry.")
    stage.world.typed(stage.world.brand, f"@{mention.author.handle} Welcome!")
    stage.world.typed(stage.world.brand, "We are sorry.")
    stage.remove(mention.external_id)
    assert [one.remote_id for one in stage.connector().find_sent(said, mention)] == [sent.remote_id]
    assert stage.connector().find_sent(message(mention, "Other words."), mention) == ()
