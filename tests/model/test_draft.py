"""A fingerprint binds words, audience and the exact post; a key belongs to the post alone."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.model.draft import Draft, Origin, delivery_key, fingerprint
from responder.model.mention import Audience, Mention
from responder.model.triage import Finding, Level
from tests.network import at, mention

POST = mention("p1", "It broke.")
WORDS = "We are sorry."
# few letters, so that two texts are often pieces of one another; quotes and commas, to break out with
SHORT = st.text(alphabet='a",[] \\\n', max_size=4)


def prints(*, of: Mention = POST, audience: Audience = Audience.PUBLIC, text: str = WORDS) -> str:
    return fingerprint(of, audience, text)


@pytest.mark.parametrize(
    "other",
    [
        prints(text="We are sorry. "),
        prints(text="we are sorry."),
        prints(audience=Audience.PRIVATE),
        prints(of=replace(POST, external_id="p2")),
        prints(of=replace(POST, account="shop2")),
        prints(of=replace(POST, text="It burnt.")),
        prints(of=replace(POST, edit_mark="e1")),
    ],
)
def test_any_change_gives_another_fingerprint(other: str) -> None:
    assert other != prints()


def test_what_was_not_approved_with_the_words_does_not_change_it() -> None:
    assert prints(of=replace(POST, id=7, url="", language="sl", created_at=at(9))) == prints()


@given(st.tuples(*[SHORT] * 5), st.tuples(*[SHORT] * 5), st.sampled_from(Audience))
def test_no_two_different_inputs_run_together(
    one: tuple[str, ...], other: tuple[str, ...], audience: Audience
) -> None:
    def of(parts: tuple[str, ...]) -> str:
        post = replace(POST, account=parts[0], external_id=parts[1], edit_mark=parts[2], text=parts[3])
        return fingerprint(post, audience, parts[4])

    assert (of(one) == of(other)) is (one == other)


@given(st.tuples(SHORT, SHORT), st.tuples(SHORT, SHORT))
def test_a_key_belongs_to_account_and_post_and_to_nothing_else(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    assert (delivery_key(*one) == delivery_key(*other)) is (one == other)


def test_a_key_is_short_enough_for_every_network() -> None:
    key = delivery_key("shop", "p" * 500)
    assert len(key) == 32
    assert int(key, 16) >= 0


@pytest.mark.parametrize(
    ("level", "blocked"), [(Level.BLOCK, True), (Level.WARN, False), (Level.NOTE, False)]
)
def test_only_a_block_forbids_a_draft(level: Level, blocked: bool) -> None:
    draft = Draft(
        case_id=1,
        number=1,
        target_id=1,
        origin=Origin.OURS,
        by="",
        text=WORDS,
        language="en",
        playbook="first_reply",
        audience=Audience.PUBLIC,
        fingerprint=prints(),
        findings=(Finding(rule="r", level=level, says="so"),),
        created_at=at(0),
    )
    assert draft.blocked is blocked
    assert not replace(draft, findings=()).blocked
