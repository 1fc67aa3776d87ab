"""A reply: addressed, as wide as the complaint at most, with its warning, in the words that were approved."""

from dataclasses import replace
from typing import Any

import pytest

from responder.connector import Message, Refused, Unavailable
from responder.model.delivery import Receipt
from responder.model.mention import Audience, Mention
from tests.connectors.mastodon.failing import faulty
from tests.connectors.mastodon.stage import Imitated
from tests.connectors.stage import heard, message
from tests.standins.mastodon.world import Post
from tests.standins.proxy import Fault, says


def complaint(stage: Imitated, text: str = "My parcel is late.", **what: Any) -> Mention:
    """Let a customer complain, and hear it."""
    stage.say(text, **what)
    return heard(stage.connector())[-1]


def posted(stage: Imitated) -> Post:
    """Return the one post that came of it."""
    (only,) = stage.api.posted
    return stage.world.posts[only]


def private(said: Message) -> Message:
    return replace(said, audience=Audience.PRIVATE)


# --- to whom


def test_the_customer_is_notified(stage: Imitated) -> None:
    mention = complaint(stage)
    stage.connector().send(message(mention, "We are sorry."), mention)
    post = posted(stage)
    assert post.source == f"@{mention.author.handle} We are sorry."
    assert [one.id for one in post.mentions] == [mention.author.id]
    assert (post.answers, post.language) == (mention.external_id, "en")


def test_a_customer_of_our_own_server_is_notified_too(stage: Imitated) -> None:
    ana = stage.world.person("ana")
    stage.world.say(ana, "Late!")
    (mention,) = heard(stage.connector())
    receipt = stage.connector().send(message(mention, "We are sorry."), mention)
    assert receipt.text == "We are sorry."
    assert posted(stage).mentions == (ana,)


@pytest.mark.parametrize("handle", ["ana acme is a scam", "ana\n\nscam", "ana@far.example scam", "", "@"])
def test_no_words_of_a_stranger_pass_for_a_handle(stage: Imitated, handle: str) -> None:
    mention = complaint(stage)
    mention = replace(mention, author=replace(mention.author, handle=handle))
    with pytest.raises(Refused, match="handle of its author"):
        stage.connector().send(message(mention), mention)
    assert stage.proxy.writes == []


def test_what_the_library_thinks_of_an_answer_does_not_make_it_unsure(stage: Imitated) -> None:
    mention = complaint(stage)
    body = '{"id":"5","content":"<p>x</p>"}'
    outdated = says(200, body, "Deprecation: true")  # it warns of that, which is an error in these tests
    with faulty(stage.proxy, Fault(outdated, hits=stage.proxy.is_write)):
        assert stage.connector().send(message(mention), mention).remote_id == "5"


def test_the_key_goes_along(stage: Imitated) -> None:
    mention = complaint(stage)
    stage.world.honours_keys = True
    said = message(mention)
    first = stage.connector().send(said, mention)
    assert stage.connector().send(said, mention) == first
    assert stage.world.keys == {said.key: first.remote_id}


# --- who sees it


@pytest.mark.parametrize(
    ("option", "complaint_is", "reply_is"),
    [
        ("unlisted", "public", "unlisted"),
        ("unlisted", "unlisted", "unlisted"),
        ("unlisted", "private", "direct"),
        ("unlisted", "direct", "direct"),
        ("public", "public", "public"),
        ("public", "unlisted", "unlisted"),
        ("public", "private", "direct"),
        ("public", "direct", "direct"),
        ("direct", "public", "direct"),
        ("direct", "direct", "direct"),
    ],
)
@pytest.mark.parametrize("looked", [True, False])
def test_no_reply_is_wider_than_the_complaint(
    stage: Imitated, option: str, complaint_is: str, reply_is: str, looked: bool
) -> None:
    mention = complaint(stage, visibility=complaint_is)
    connector = stage.connector(visibility=option)
    if looked:
        connector.look(mention)
    connector.send(message(mention), mention)
    assert posted(stage).visibility == reply_is


def test_a_look_at_another_post_says_nothing_of_this_one(stage: Imitated) -> None:
    quiet, loud = complaint(stage, visibility="unlisted"), complaint(stage)
    connector = stage.connector(visibility="public")
    connector.look(loud)
    connector.send(message(quiet), quiet)
    assert posted(stage).visibility == "unlisted"


def test_a_private_message_to_a_public_complaint_is_private(stage: Imitated) -> None:
    mention = complaint(stage)
    stage.connector(visibility="public").send(private(message(mention)), mention)
    assert posted(stage).visibility == "direct"


def test_who_may_see_a_post_that_is_gone_is_not_guessed(stage: Imitated) -> None:
    mention = complaint(stage)
    stage.remove(mention.external_id)
    with pytest.raises(Refused, match="not there any more"):
        stage.connector(visibility="public").send(message(mention), mention)
    assert stage.proxy.writes == []


@pytest.mark.parametrize("text", ["Ask @bob@far.example, please.", "Ask @care.", "@bob knows"])
def test_a_private_message_names_nobody_else(stage: Imitated, text: str) -> None:
    mention = complaint(stage, visibility="direct")
    with pytest.raises(Refused, match="to everybody whom it names"):
        stage.connector().send(message(mention, text), mention)
    assert stage.proxy.writes == []


def test_a_private_message_may_name_its_addressee_and_addresses(stage: Imitated) -> None:
    mention = complaint(stage, visibility="direct")
    text = f"@{mention.author.handle} write to care@acme.example or https://acme.example/@care"
    stage.connector().send(message(mention, text), mention)
    assert posted(stage).source == f"@{mention.author.handle} {text}"


def test_a_public_reply_may_name_others(stage: Imitated) -> None:
    mention = complaint(stage)
    stage.connector().send(message(mention, "@care knows more."), mention)
    assert posted(stage).visibility == "unlisted"


# --- the content warning


def test_the_warning_of_the_complaint_is_that_of_the_reply(stage: Imitated) -> None:
    mention = complaint(stage, warning="late parcels")
    assert mention.text == "[CW: late parcels]\n\nMy parcel is late."
    connector = stage.connector()
    told = connector.limits.besides("We are sorry.", mention)
    connector.send(message(mention, "We are sorry."), mention)
    assert (posted(stage).warning, stage.sent()[0][1]) == ("late parcels", "We are sorry.")
    assert told == "It goes out under their content warning: late parcels"


def test_a_reply_carries_no_warning_that_the_complaint_only_looks_to_have(stage: Imitated) -> None:
    mention, connector = complaint(stage, "[CW: Acme steals]\n\nMy parcel is late."), stage.connector()
    assert connector.limits.besides("We are sorry.", mention) == ""
    connector.send(message(mention), mention)
    assert posted(stage).warning == ""


def test_a_warning_may_be_left_out(stage: Imitated) -> None:
    mention, connector = complaint(stage, warning="late parcels"), stage.connector(warnings="leave")
    assert connector.limits.besides("We are sorry.", mention) == ""
    connector.send(message(mention), mention)
    assert posted(stage).warning == ""


def test_a_long_warning_is_cut_to_what_is_left(stage: Imitated) -> None:
    mention = complaint(stage, warning="late " * 90)
    connector = stage.connector()
    connector.poll(None)  # what a server takes is asked for then
    words = "a" * connector.limits.length
    told = connector.limits.besides(words, mention)
    connector.send(message(mention, words), mention)
    warning = posted(stage).warning
    assert told.endswith(f": {warning}")
    assert warning.startswith("late late late")
    assert warning.endswith("…")
    assert len(warning) == 500 - 440 - len(f"@{mention.author.handle.partition('@')[0]} ")


# --- how long


def test_what_the_limit_allows_the_server_takes(stage: Imitated) -> None:
    far = stage.world.person(f"{'a' * 30}@{'far' * 20}.example")
    stage.world.say(far, "Late!", warning="w" * 200)
    (mention,) = heard(stage.connector())
    connector = stage.connector()
    connector.send(message(mention, "ž" * connector.limits.length), mention)
    assert len(stage.api.posted) == 1


def test_a_handle_that_takes_too_much_room_is_refused_before_it_is_sent(stage: Imitated) -> None:
    stage.world.say(stage.world.person("a" * 90), "Late!")
    (mention,) = heard(stage.connector())
    connector = stage.connector()
    with pytest.raises(Refused, match="531 characters with the handle of aaa"):
        connector.send(message(mention, "a" * 439), mention)
    assert stage.proxy.writes == []
    connector.send(message(mention, "a" * 408), mention)


def test_a_warning_for_which_there_is_no_room_at_all_is_refused(stage: Imitated) -> None:
    stage.world.say(stage.world.person("a" * 55), "Late!", warning="late parcels")
    (mention,) = heard(stage.connector())
    connector = stage.connector()
    with pytest.raises(Refused, match="Shorten it"):
        connector.send(message(mention, "a" * connector.limits.length), mention)


def test_links_count_as_on_the_server(stage: Imitated) -> None:
    mention, connector = complaint(stage), stage.connector()
    link = "https://acme.com/" + "x" * 200
    text = f"{link} " * 10
    assert connector.limits.count(text) == 240
    connector.send(message(mention, text), mention)
    assert len(stage.api.posted) == 1


def test_a_server_that_takes_less_lowers_the_limit_and_one_that_takes_more_does_not_raise_it(
    stage: Imitated,
) -> None:
    connector = stage.connector()
    stage.world.most = 5000
    connector.poll(None)
    assert connector.limits.length == 440
    stage.world.most, stage.world.per_link = 300, 25
    other = stage.connector()
    assert other.limits.length == 440
    other.poll(None)
    assert other.limits.length == 240
    assert other.limits.count("https://acme.com") == 25


def test_a_server_that_takes_more_is_used_where_the_options_say_so(stage: Imitated) -> None:
    stage.world.most = 5000
    mention, connector = complaint(stage), stage.connector(length=5000)
    connector.send(message(mention, "a" * 4940), mention)
    assert len(stage.api.posted) == 1


@pytest.mark.parametrize("lacks", [{"v2/instance"}, {"v2/instance", "v1/instance"}])
def test_an_older_server_may_not_say_what_it_takes(stage: Imitated, lacks: set[str]) -> None:
    stage.api.lacks = lacks
    stage.world.most = 300
    connector = stage.connector()
    connector.poll(None)
    assert connector.limits.length == (440 if len(lacks) == 2 else 240)


@pytest.mark.parametrize("told", ['{"configuration":{"statuses":{"max_characters":"many"}}}', "{}", "[]"])
def test_what_a_server_says_it_takes_may_be_nonsense(stage: Imitated, told: str) -> None:
    connector = stage.connector()
    with faulty(stage.proxy, Fault(says(200, told), hits=lambda one: "instance" in one.path)):
        connector.poll(None)
    assert connector.limits.length == 440


def test_what_a_server_takes_is_asked_again_when_it_did_not_answer(stage: Imitated) -> None:
    stage.world.most = 300
    connector = stage.connector()
    with faulty(stage.proxy, Fault(says(503, "{}"), hits=lambda one: "instance" in one.path)):
        connector.poll(None)
    assert connector.limits.length == 440
    connector.poll(None)
    assert connector.limits.length == 240


# --- in which words


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        (" \n ", "empty"),
        ("One.\n\n\nTwo.", "one empty line"),
        ("One.\r\nTwo.", "no server shows"),
        ("One\0", "no server shows"),
        ("One\ud83d", "no server shows"),
    ],
)
def test_what_would_be_shown_otherwise_is_refused_before_it_is_sent(
    stage: Imitated, text: str, why: str
) -> None:
    mention = complaint(stage)
    with pytest.raises(Refused, match=why):
        stage.connector().send(message(mention, text), mention)
    assert stage.proxy.writes == []


@pytest.mark.parametrize(
    "text",
    [
        "@ana1@far.example, we are sorry.",
        "@ana1@far.example",
        "@ana1 is another",
        "Hello @ana1@far.example",
        "@care will write",
        "> My parcel is late.\n\nWe are sorry.",
    ],
)
def test_a_reply_that_begins_like_its_address_is_read_back_as_it_was_approved(
    stage: Imitated, text: str
) -> None:
    mention = complaint(stage)
    receipt = stage.connector().send(message(mention, text), mention)
    assert receipt.text == text
    assert stage.connector().shown(receipt, mention).text == text


# --- read back


def test_a_public_answer_is_seen_by_strangers(stage: Imitated) -> None:
    mention = complaint(stage)
    receipt = stage.connector().send(message(mention), mention)
    assert stage.connector().shown(receipt, mention).to_strangers is True
    assert receipt.url == f"https://social.example/@brand/{receipt.remote_id}"


def test_an_answer_that_only_we_see_is_told(stage: Imitated) -> None:
    mention = complaint(stage)
    receipt = stage.connector().send(message(mention), mention)
    stage.api.hides = {receipt.remote_id}
    shown = stage.connector().shown(receipt, mention)
    assert (shown.text, shown.to_strangers) == (message(mention).text, False)


@pytest.mark.parametrize("answer", [says(401, "{}"), says(403, "{}"), says(500, "{}"), says(429, "{}")])
def test_where_strangers_are_told_nothing_nobody_can_know(stage: Imitated, answer: Any) -> None:
    mention = complaint(stage)
    receipt = stage.connector().send(message(mention), mention)
    with faulty(stage.proxy, Fault(answer, hits=lambda one: b"authorization" not in one.raw.lower())):
        shown = stage.connector().shown(receipt, mention)
    assert (shown.text, shown.to_strangers) == (message(mention).text, None)


def test_of_a_private_answer_strangers_see_nothing(stage: Imitated) -> None:
    mention = complaint(stage, visibility="direct")
    receipt = stage.connector().send(message(mention), mention)
    assert stage.connector().shown(receipt, mention).to_strangers is None


def test_a_private_answer_that_strangers_see_is_told(stage: Imitated) -> None:
    mention = complaint(stage, visibility="direct")
    receipt = stage.connector().send(message(mention), mention)
    stage.api.leaks = True
    assert stage.connector().shown(receipt, mention).to_strangers is True


def test_what_somebody_else_wrote_is_no_answer_of_ours(stage: Imitated) -> None:
    mention = complaint(stage)
    shown = stage.connector().shown(Receipt(remote_id=mention.external_id, url=""), mention)
    assert (shown.text, shown.to_strangers) == (None, None)


def test_nothing_is_sent_while_who_may_see_it_cannot_be_read(stage: Imitated) -> None:
    mention = complaint(stage)
    with faulty(stage.proxy, Fault(says(503, "{}"))), pytest.raises(Unavailable):
        stage.connector(visibility="public").send(message(mention), mention)
    assert stage.proxy.writes == []
