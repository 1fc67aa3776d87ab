"""What the imitation does the real Bluesky network does too: the same tests, on the other stage."""

from collections.abc import Callable

import pytest

from tests.connectors.bluesky import test_listening as listening
from tests.connectors.bluesky import test_looking as looking
from tests.connectors.bluesky import test_sending as sending
from tests.connectors.bluesky.real import RealStage

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

HOLDS: tuple[Callable[..., None], ...] = (
    listening.test_an_idle_account_costs_one_request,
    listening.test_mentions_replies_and_quotes_are_heard_and_nothing_else,
    listening.test_more_than_a_page_is_read_in_parts,
    listening.test_a_post_that_says_it_is_old_is_heard_all_the_same,
    listening.test_the_first_poll_goes_back_some_days_and_no_further,
    listening.test_an_edit_is_heard_as_the_same_post_with_another_mark,
    listening.test_a_post_that_its_author_deleted_is_told_as_removed_once,
    listening.test_who_blocks_us_is_not_taken_for_gone_and_is_heard_again_later,
    listening.test_whom_we_mute_we_do_not_hear,
    looking.test_what_its_author_wrote_since_comes_with_it_whoever_answered_in_between,
    looking.test_an_answer_of_ours_further_down_answers_something_else,
    looking.test_whom_we_block_we_do_not_answer,
    looking.test_a_closed_thread_a_block_or_a_deletion_forbids_it_with_the_reason,
    looking.test_a_reply_that_was_deleted_is_not_shown,
    sending.test_a_reply_deep_in_a_thread_names_its_first_post,
    sending.test_what_goes_out_is_frozen,
    sending.test_other_words_never_replace_what_is_public,
    sending.test_handles_lead_to_their_people_and_unknown_ones_to_nobody,
    sending.test_an_answer_from_the_app_is_found_and_the_oldest_comes_first,
)


@pytest.mark.parametrize("holds", HOLDS, ids=lambda test: test.__name__)
def test_what_holds_on_the_imitation_holds_there(real_stage: RealStage, holds: Callable[..., None]) -> None:
    holds(real_stage)


def test_a_search_finds_who_speaks_about_us(real_stage: RealStage) -> None:
    word = real_stage.brand.handle.partition(".")[0]  # nobody else's
    uri = real_stage.person().say(f"The kettle of {word} leaks.", langs=["en"])
    real_stage.say(f"{word} is open.", by_us=True)
    connector = real_stage.connector(searches=[word], languages=["en"])
    page = connector.poll(None)
    assert [one.external_id for one in page.mentions] == [uri]


def test_the_password_of_the_account_is_told_from_an_app_password(real_stage: RealStage) -> None:
    assert ["app password" in one for one in real_stage.connector().whoami().lacks] == [True]
    made = real_stage.brand.post("com.atproto.server.createAppPassword", name="responder")
    real_stage.safe.secrets = {"app_password": made["password"]}
    standing = real_stage.connector().whoami()
    assert (standing.handle, standing.lacks) == (real_stage.brand.handle, ())
    uri = real_stage.say("My parcel is late.")
    assert [one.external_id for one in real_stage.connector().poll(None).mentions] == [uri]


def test_a_bot_says_that_it_is_one(real_stage: RealStage) -> None:
    robot = real_stage.newcomer("robot")
    kind = "app.bsky.actor.profile"
    labels = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "bot"}]}
    value = {"$type": kind, "displayName": "Robot", "labels": labels}
    robot.post("com.atproto.repo.putRecord", repo=robot.did, collection=kind, rkey="self", record=value)
    robot.say("Beep.", to=real_stage.brand)
    (mention,) = real_stage.connector().poll(None).mentions
    assert (mention.author.bot, mention.author.name) == (True, "Robot")
