"""The words of a draft: whole, fitting, ours, and the same for the same post."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.model.mention import Audience
from responder.policy.detectors import Context
from responder.policy.planner import REACHABLE, Plan, Playbook
from responder.policy.rules import check
from responder.policy.wording import (
    SACRIFICE,
    SMALLEST_LIMIT,
    Room,
    Voice,
    Wording,
    compose,
    first_name,
    variants_for,
    write,
)
from tests.policy.books import VOICE, good_replies, mention, ours

ROOMY = Room(length=10_000)
PLANS = [Plan(playbook=playbook, topic=topic) for playbook, topic in REACHABLE]


def written(plan: Plan, room: Room = ROOMY, voice: Voice = VOICE, **post: str) -> Wording:
    """Return our draft to a post."""
    return write(plan, voice, mention(**post), room, ours().replies)  # type: ignore[arg-type]


words = st.text(st.characters(categories=["L", "N", "P"], exclude_characters="{}"), min_size=1, max_size=20)
voices = st.builds(
    Voice,
    company=words,
    signature=words | st.just(""),
    contact=st.just("") | words.map(lambda word: f"through {word}"),
    update_within=st.integers(1, 168),
    private_messages=st.booleans(),
)


@given(
    plan=st.sampled_from(PLANS),
    number=st.integers(1, 50),
    voice=voices,
    name=st.text(max_size=40) | st.sampled_from(["Sam", "Maximilianalexandria Doe", "Žofia Novak"]),
    audience=st.sampled_from(Audience),
    length=st.integers(SMALLEST_LIMIT, 600),
)
def test_a_draft_never_exceeds_a_limit_and_never_shows_a_slot(
    plan: Plan, number: int, voice: Voice, name: str, audience: Audience, length: int
) -> None:
    post = mention(name=name, audience=audience)
    wording = write(replace(plan, number=number), voice, post, Room(length=length), ours().replies)
    assert len(wording.text) <= length
    assert not {"{", "}"} & set(wording.text)
    assert wording.text == " ".join(wording.text.split())
    assert wording.text[0] == wording.text[0].upper()


@given(st.sampled_from(PLANS), st.integers(1, 9), st.text(min_size=1, max_size=30), st.sampled_from(Audience))
def test_the_same_post_gives_the_same_draft_and_every_draft_passes_our_rules(
    plan: Plan, number: int, external_id: str, audience: Audience
) -> None:
    post = mention(external_id=external_id, audience=audience)
    room = Room(length=SMALLEST_LIMIT)
    one = write(replace(plan, number=number), VOICE, post, room, ours().replies)
    assert one == write(replace(plan, number=number), VOICE, post, room, ours().replies)
    context = Context(
        audience=audience, playbook=plan.playbook, length=SMALLEST_LIMIT, mention_text=post.text
    )
    assert check(one.text, context, ours()) == ()


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: f"{plan.playbook}-{plan.topic}")
def test_another_number_is_another_wording_and_all_of_them_come_round(plan: Plan) -> None:
    variants = variants_for(plan.playbook, plan.topic, ours().replies["en"])
    assert len(variants) >= 2
    drafts = [written(replace(plan, number=number)) for number in range(1, len(variants) + 2)]
    assert {draft.reply for draft in drafts} == {reply.id for reply in variants}
    assert len({draft.text for draft in drafts[:-1]}) == len(variants)
    assert drafts[-1] == drafts[0]


def test_posts_in_a_row_do_not_get_the_same_words() -> None:
    drafts = [written(PLANS[-1], external_id=str(number)).reply for number in range(60)]
    counts = {reply: drafts.count(reply) for reply in drafts}
    assert min(counts.values()) >= 12


def test_no_two_replies_read_the_same() -> None:
    for audience in Audience:
        texts = [text for _, text in good_replies(audience)]
        assert len(set(texts)) == len(texts)


# --- fitting ------------------------------------------------------------------------------------------------


def test_too_little_room_takes_greeting_thanks_explanation_and_signature_in_this_order() -> None:
    reply = next(reply for reply, _ in good_replies() if dict(reply.parts).get("greet"))
    assert SACRIFICE == ("greet", "thanks", "explain", "sign")
    extended = replace(reply, parts=(*reply.parts, ("thanks", "Thank you."), ("explain", "The press broke.")))
    alone = {"en": (extended, extended)}
    plan = Plan(playbook=Playbook(reply.playbook), topic=reply.topic)
    whole = len(compose(extended, VOICE, mention()))
    dropped: list[tuple[str, ...]] = []
    for length in range(whole, whole - 60, -1):
        wording = write(plan, VOICE, mention(), Room(length=length), alone)
        if wording.dropped not in dropped:
            dropped.append(wording.dropped)
    assert dropped[:5] == [SACRIFICE[:count] for count in range(5)]


def test_apology_ownership_and_step_stay_even_where_nothing_fits() -> None:
    for plan in PLANS:
        wording = written(plan, Room(length=10))
        reply = next(one for one in ours().replies["en"] if one.id == wording.reply)
        parts = dict(reply.parts)
        for part in ("own", "apologise", "step"):
            said = parts[part].replace("{hours}", "4 hours")
            assert said[1:] in wording.text, (reply.id, part)
        assert set(wording.dropped) <= {*SACRIFICE, "invite", "ask"}


def test_the_shortest_variant_is_taken_where_the_chosen_one_does_not_fit() -> None:
    plan = Plan(playbook=Playbook.FIRST_REPLY, topic="delivery")
    variants = variants_for(plan.playbook, plan.topic, ours().replies["en"])
    bare = {reply.id: len(compose(reply, VOICE, mention(), SACRIFICE)) for reply in variants}
    shortest = min(bare, key=lambda name: bare[name])
    room = Room(length=bare[shortest])
    assert {written(replace(plan, number=number), room).reply for number in range(1, 4)} == {shortest}


def test_the_networks_own_count_decides() -> None:
    plan = Plan(playbook=Playbook.FIRST_REPLY, topic="delivery")
    by_letter = written(plan, Room(length=300))
    by_double = written(plan, Room(length=600, count=lambda text: 2 * len(text)))
    assert by_letter == by_double


# --- what the words say -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Sam Weaver", "Sam"),
        ("Žofia", "Žofia"),
        ("Anne-Marie B.", "Anne-Marie"),
        ("Елена Петрова", "Елена"),
        ("Jose\u0301 Luis", "José"),
        ("SAM", ""),
        ("sam", ""),
        ("S", ""),
        ("Sam1984", ""),
        ("xXSamXx", ""),
        ("McFly", ""),
        ("The Sam", ""),
        ("Angry Customer", ""),
        ("Acme Fan", ""),
        ("kettles Acme", ""),
        ("Sаm", ""),  # a Cyrillic letter among Latin ones
        ("{name}", ""),
        ("Sam\u202eevil", ""),
        ("<b>Sam</b>", ""),
        ("-Sam", ""),
        ("Maximilianalexandrias", ""),
        ("", ""),
        ("   ", ""),
        ("😔 Sam", ""),
    ],
)
def test_only_what_looks_like_a_name_is_greeted(name: str, greeted: str) -> None:
    not_names = ours().replies["en"][0].not_names
    assert first_name(mention(name=name), VOICE.company, not_names) == greeted
    text = written(Plan(playbook=Playbook.FIRST_REPLY, topic="money"), name=name).text
    assert (greeted in text) if greeted else ("Sam" not in text)


@pytest.mark.parametrize(
    ("hours", "says"),
    [(1, "an hour"), (4, "4 hours"), (24, "24 hours"), (36, "36 hours"), (48, "2 days"), (168, "7 days")],
)
def test_the_next_word_from_us_is_promised_in_time_since_the_reply_and_never_by_the_clock(
    hours: int, says: str
) -> None:
    for reply in ours().replies["en"]:
        text = compose(reply, replace(VOICE, update_within=hours), mention())
        assert f"within {says} of this reply" in text or f"no later than {says} after this reply" in text
        assert not re.search(r"\d[:.]\d|\b[ap]m\b|today|tonight|tomorrow|\w{3,6}day\b", text), text


def test_an_invitation_into_private_is_only_for_public_and_a_question_only_for_private() -> None:
    public = [text for _, text in good_replies()]
    private = [text for _, text in good_replies(Audience.PRIVATE)]
    assert sum("message us privately" in text for text in public) > 30
    for text in private:
        assert not re.search(r"privately|in public|\bDM\b|thread", text), text
    assert sum("?" in text for text in private) > 25


def test_where_a_network_has_no_private_messages_the_words_lead_to_what_we_have_or_nowhere() -> None:
    plan = Plan(playbook=Playbook.FIRST_REPLY, topic="delivery")
    desk = Voice(company="Acme", contact="at the desk in any shop", private_messages=False)
    assert "reach us at the desk in any shop" in written(plan, voice=desk).text
    nowhere = Voice(company="Acme", private_messages=False)
    text = written(plan, voice=nowhere).text
    assert "privately" not in text
    assert "reach us" not in text


def test_the_customers_own_words_are_never_repeated() -> None:
    marked = "zyx-blue-teapot"
    for plan in PLANS:
        assert marked not in written(plan, text=f"Where is my {marked}?").text


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ({"signature": "x" * 21}, "signature"),
        ({"signature": "^{name}"}, "braces"),
        ({"contact": "by\nmail"}, "one line"),
        ({"contact": "x" * 61}, "contact"),
        ({"update_within": 0}, "update_within is 0"),
        ({"update_within": 169}, "1 to 168 hours"),
    ],
)
def test_a_voice_that_could_not_stand_in_a_reply_is_refused(bad: dict[str, str | int], says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        Voice(company="Acme", **bad)  # type: ignore[arg-type]


def test_a_plan_that_nothing_answers_is_a_clear_error() -> None:
    with pytest.raises(LookupError, match="first_reply with the topic 'money'"):
        write(Plan(playbook=Playbook.FIRST_REPLY, topic="money"), VOICE, mention(), ROOMY, {"en": ()})
