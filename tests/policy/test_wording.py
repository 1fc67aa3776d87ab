"""The words of a draft: whole, fitting, ours, and the same for the same post."""

import re
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.model.mention import Audience, Mention
from responder.policy.frames import SACRIFICE, SMALLEST_LIMIT, Reply, WordBook, Words
from responder.policy.hours import When
from responder.policy.lengths import topics_of
from responder.policy.planner import SCRIPTS, Facts, Plan, Playbook
from responder.policy.similar import similar
from responder.policy.wording import Room, Voice, Wording, write
from tests.policy.books import VOICE, mention
from tests.policy.wordbooks import words_of

ROOMY = Room(length=10_000)
SOON = When(hours=4)
REPLIES = [playbook for playbook in Playbook if playbook not in SCRIPTS]
FIRST = Plan(playbook=Playbook.FIRST_PUBLIC_REPLY, topic="late")
KNOWN = Facts(
    broke="late",
    promised="a new kettle by Friday",
    solution="we'll send another one on Monday",
    prevention="we pack every kettle twice",
    since="13:10",
    owner="Ana",
    number="020 7946 0000",
    window="between 10:00 and 12:00",
)


def english() -> Words:
    return words_of().languages["en"]


def written(plan: Plan, room: Room = ROOMY, voice: Voice = VOICE, when: When = SOON, **post: Any) -> Wording:
    """Return our draft to a post."""
    return write(replace(plan, when=when), voice, mention(**post), room, words_of())


def only(words: Words, **parts: str) -> WordBook:
    """Return a book with one frame for everything."""
    frame = Reply(id="one", language="en", playbook="first_public_reply", parts=tuple(parts.items()))
    return WordBook(languages={"en": replace(words, replies=dict.fromkeys(Playbook, (frame,)))})


plans = st.builds(
    lambda playbook, topic, number, informal, facts: Plan(
        playbook=playbook,
        topic=topic if topic in topics_of(playbook, english()) else topics_of(playbook, english())[0],
        number=number,
        informal=informal,
        facts=facts,
    ),
    st.sampled_from(REPLIES),
    st.sampled_from(sorted(words_of().languages["en"].tellings)),
    st.integers(1, 60),
    st.booleans(),
    st.sampled_from([Facts(), KNOWN, Facts(broke="contract"), Facts(since="noon")]),
)
words = st.text(st.characters(categories=["L", "N", "P"], exclude_characters="{}"), min_size=1, max_size=20)
voices = st.builds(
    Voice,
    company=words,
    signature=words | st.just(""),
    contact=st.just("") | words,
    private_messages=st.booleans(),
)
promises = (
    st.builds(When, hours=st.integers(1, 23))
    | st.builds(When, days=st.integers(2, 30))
    | st.just(When(by=600))
)


@given(
    plan=plans,
    voice=voices,
    name=st.text(max_size=40) | st.sampled_from(["Sam", "Maximilianalexandria Doe", "Žofia Novak"]),
    audience=st.sampled_from([Audience.PUBLIC, Audience.PRIVATE]),
    length=st.integers(SMALLEST_LIMIT, 600),
    when=promises,
)
def test_a_draft_never_exceeds_a_limit_and_never_shows_a_slot(
    plan: Plan, voice: Voice, name: str, audience: Audience, length: int, when: When
) -> None:
    post = mention(name=name, audience=audience)
    wording = write(replace(plan, when=when), voice, post, Room(length=length), words_of())
    assert len(wording.text) <= length
    assert not {"{", "}", "|"} & set(wording.text)
    assert wording.text == " ".join(wording.text.split())
    assert wording.text[0] == wording.text[0].upper()
    assert set(wording.dropped) <= {*SACRIFICE, "acknowledge", "invite", "ask"}


@given(plans, st.text(min_size=1, max_size=30), promises)
def test_the_same_post_gives_the_same_draft_byte_for_byte(plan: Plan, external_id: str, when: When) -> None:
    post = mention(external_id=external_id)
    plan = replace(plan, when=when)
    one = write(plan, VOICE, post, Room(length=SMALLEST_LIMIT), words_of())
    assert one == write(plan, VOICE, post, Room(length=SMALLEST_LIMIT), words_of())


@pytest.mark.parametrize("playbook", REPLIES)
def test_apology_ownership_and_the_next_step_stay_whatever_the_room(playbook: Playbook) -> None:
    plan = Plan(playbook=playbook, topic=topics_of(playbook, english())[0], facts=KNOWN)
    for length in (10, SMALLEST_LIMIT):
        wording = written(plan, Room(length=length))
        assert "within 4 hours of this reply" in wording.text
        assert "sorry" in wording.text
        assert re.search(r"on us\b|ours to\b|we charged", wording.text), wording.text


class TestVariants:
    def test_another_number_is_another_wording_until_all_have_been_said(self) -> None:
        frames = english().frames("first_public_reply")
        drafts = [written(replace(FIRST, number=number)) for number in range(1, 4 * len(frames) + 2)]
        texts = [draft.text for draft in drafts]
        assert {draft.reply for draft in drafts[: len(frames)]} == {frame.id for frame in frames}
        assert len(set(texts[:-1])) == len(texts) - 1
        assert texts[-1] == texts[0]

    def test_posts_in_a_row_do_not_get_the_same_words(self) -> None:
        texts = [written(FIRST, external_id=str(number), name="").text for number in range(60)]
        assert max(texts.count(text) for text in texts) <= 12

    def test_what_we_told_others_lately_is_not_said_again(self) -> None:
        recent = [written(FIRST).text.replace("Sam", "Kim").replace("4 hours", "3 hours")]
        assert similar(recent[0], written(FIRST).text) >= 0.8
        post = mention()
        for _ in range(6):
            text = write(replace(FIRST, recent=tuple(recent)), VOICE, post, ROOMY, words_of()).text
            assert max(similar(text, other) for other in recent) < 0.8
            recent.append(text)

    def test_the_same_is_said_again_rather_than_nothing(self) -> None:
        recent = [written(replace(FIRST, number=number)).text for number in range(1, 40)]
        post = mention()
        assert write(replace(FIRST, recent=tuple(recent)), VOICE, post, ROOMY, words_of()) == written(FIRST)


class TestRoom:
    def test_a_code_goes_before_what_is_said_and_brings_the_greeting_back(self) -> None:
        book = only(
            english(),
            greet="Hi {name},",
            own="it is on us.",
            apologise="I'm sorry.",
            step="I look {when}.",
            invite="To see to it, {reach}.",
        )
        plan = replace(FIRST, reference="lomi-rusa-bato-fikun")
        whole = write(plan, VOICE, mention(name="Ana"), ROOMY, book).text
        seen: list[tuple[bool, bool]] = []
        for length in range(len(whole), len(whole) - 60, -1):
            text = write(plan, VOICE, mention(name="Ana"), Room(length=length), book).text
            assert len(text) <= length
            now = ("lomi-rusa" in text, "Hi Ana" in text)
            seen += [now] if seen[-1:] != [now] else []
        assert seen[:3] == [(True, True), (True, False), (False, True)]

    def test_greeting_thanks_explanation_prevention_and_signature_go_in_this_order(self) -> None:
        book = only(
            english(),
            greet="Hi {name},",
            own="it is on us.",
            apologise="I'm sorry.",
            thanks="Thank you.",
            explain="The press broke.",
            prevent="We mend it.",
            step="I look {when}.",
        )
        dropped: list[tuple[str, ...]] = []
        whole = len(write(FIRST, VOICE, mention(), ROOMY, book).text)
        for length in range(whole, 60, -1):
            wording = write(FIRST, VOICE, mention(), Room(length=length), book)
            if wording.dropped not in dropped:
                dropped.append(wording.dropped)
        assert dropped == [SACRIFICE[:count] for count in range(len(SACRIFICE) + 1)]

    def test_where_even_that_is_too_much_facts_go_before_the_invitation(self) -> None:
        book = only(
            english(),
            acknowledge="We said: {promised}.",
            own="It is on us.",
            apologise="I'm sorry.",
            step="I look {when}.",
            invite="{reach}.",
        )
        post = mention(audience=Audience.PUBLIC)
        plan = replace(FIRST, facts=replace(KNOWN, promised="x" * 300))
        wording = write(plan, VOICE, post, Room(length=SMALLEST_LIMIT), book)
        assert wording.dropped == ("sign", "acknowledge")
        assert wording.text.endswith("Send us a DM.")
        assert write(plan, VOICE, post, Room(length=9), book).dropped == (
            "sign",
            "acknowledge",
            "invite",
        )

    def test_a_wording_that_fits_is_taken_before_one_that_must_lose_more(self) -> None:
        short = dict(english().frames("first_public_reply")[0].parts)
        long = short | {"own": "{own}, and " + "x" * 300}
        frames = tuple(
            Reply(id=name, language="en", playbook="first_public_reply", parts=tuple(parts.items()))
            for name, parts in (("short", short), ("long", long))
        )
        book = WordBook(languages={"en": replace(english(), replies={"first_public_reply": frames})})
        for number in range(1, 5):
            plan = replace(FIRST, number=number)
            room = Room(length=SMALLEST_LIMIT)
            assert write(plan, VOICE, mention(), room, book).reply == "short"

    def test_the_networks_own_count_decides(self) -> None:
        double = Room(length=600, count=lambda text: 2 * len(text))
        assert written(FIRST, Room(length=300)) == written(FIRST, double)


class TestLanguage:
    @pytest.mark.parametrize(
        ("told", "ours", "says"),
        [
            ("en", "fr", "en"),
            ("en-GB", "fr", "en"),
            ("fr", "en", "fr"),
            ("fi", "fr", "fr"),
            (None, "fr", "fr"),
        ],
    )
    def test_it_is_the_complaints_where_we_speak_it_and_else_the_companys(
        self, told: str | None, ours: str, says: str
    ) -> None:
        book = WordBook(languages={"en": english(), "fr": replace(english(), language="fr")})
        post = replace(mention(), language=told)
        voice = replace(VOICE, language=ours)
        assert write(FIRST, voice, post, ROOMY, book).language == says

    def test_a_company_that_speaks_what_the_book_does_not_is_a_clear_error(self) -> None:
        with pytest.raises(LookupError, match="There are no words in 'fi'; known: en"):
            written(FIRST, voice=replace(VOICE, language="fi"))

    def test_it_says_you_as_the_plan_asks(self) -> None:
        book = only(
            english(),
            own="{Sie warten|du wartest}.",
            apologise="Es tut uns leid.",
            step="{Ihr|dein} Paket {when}.",
        )
        texts = [
            write(replace(FIRST, informal=informal), VOICE, mention(), ROOMY, book).text
            for informal in (False, True)
        ]
        assert texts == [
            f"{you} Es tut uns leid. {your} Paket within 4 hours of this reply. ^Ana"
            for you, your in (("Sie warten.", "Ihr"), ("Du wartest.", "Dein"))
        ]


class TestFacts:
    def test_what_nobody_told_is_left_out_and_told_to_be_missing(self) -> None:
        plan = Plan(playbook=Playbook.OUTAGE, topic="outage")
        wording = written(plan)
        assert wording.missing == ("since",)
        told = written(replace(plan, facts=Facts(since="13:10")))
        assert told.missing == ()
        assert "13:10" in told.text
        assert "13:10" not in wording.text

    def test_a_broken_promise_of_no_known_kind_claims_the_least(self) -> None:
        wording = written(Plan(playbook=Playbook.BROKEN_PROMISE, topic="promise"))
        assert (wording.reply, wording.missing) == ("promise-late", ("broke", "promised", "prevention"))
        for kind in ("contract", "late", "predecessor"):
            plan = Plan(playbook=Playbook.BROKEN_PROMISE, topic="promise", facts=Facts(broke=kind))
            assert english().frames("broken_promise", kind)[0].id == written(plan).reply
            assert "broke" not in written(plan).missing

    def test_facts_stand_as_they_were_told(self) -> None:
        plan = Plan(playbook=Playbook.BROKEN_PROMISE, topic="promise", facts=KNOWN)
        assert "we promised you a new kettle by Friday." in written(plan).text.replace("We p", "we p")
        odd = replace(KNOWN, promised="{own} by 5 p.m. at https://acme.example")
        assert "{own} by 5 p.m. at https://acme.example." in written(replace(plan, facts=odd)).text


class TestAudience:
    def test_an_invitation_is_for_the_public_and_a_question_for_private(self) -> None:
        assert "send us a DM" in written(FIRST).text
        private = Plan(playbook=Playbook.PRIVATE_MESSAGE, topic="late")
        text = written(private, audience=Audience.PRIVATE).text
        assert "DM" not in text
        assert text.removesuffix(" ^Ana").endswith(english().telling("late").ask)

    def test_the_invitation_has_a_reason_a_channel_and_a_time_and_comes_after_the_apology(self) -> None:
        for number in range(1, 4):
            text = written(replace(FIRST, number=number)).text
            assert re.search(r"To keep your address private, send us a DM; I'll answer there by then\.", text)
            assert text.index("sorry") < text.index("send us a DM")

    def test_where_a_network_has_no_private_messages_it_names_our_contact_or_nothing(self) -> None:
        desk = Voice(company="Acme", contact="care@acme.example", private_messages=False)
        assert "write to us: care@acme.example;" in written(FIRST, voice=desk).text
        nowhere = written(FIRST, voice=Voice(company="Acme", private_messages=False)).text
        assert "write to us" not in nowhere
        assert "DM" not in nowhere

    def test_where_no_topic_is_sure_it_quotes_nothing_and_asks_one_good_question(self) -> None:
        plan = replace(FIRST, topic="unclear")
        wording = written(plan)
        assert wording.topic == "unclear"
        assert wording.text.count("?") == 1
        assert "What would put it right for you?" in wording.text
        assert "What would put it right for you?" in written(plan, Room(length=SMALLEST_LIMIT)).text
        assert "?" not in written(FIRST).text

    def test_the_customers_own_words_are_never_repeated(self) -> None:
        for playbook in REPLIES:
            plan = Plan(playbook=playbook, topic=topics_of(playbook, english())[0])
            assert "zyx-blue-teapot" not in written(plan, text="Where is my zyx-blue-teapot?").text


class TestScripts:
    @pytest.mark.parametrize("playbook", sorted(SCRIPTS))
    def test_a_script_has_all_the_room_it_needs_and_shows_no_slot(self, playbook: Playbook) -> None:
        plan = Plan(playbook=playbook, topic="late", facts=KNOWN)
        wording = written(plan, Room(length=10))
        assert wording.missing == ()
        assert len(wording.text.splitlines()) >= 5
        assert not {"{", "}", "|"} & set(wording.text)
        assert "\n\n\n" not in wording.text

    @pytest.mark.parametrize("playbook", sorted(SCRIPTS))
    def test_a_line_with_something_nobody_told_is_left_out(self, playbook: Playbook) -> None:
        plan = Plan(playbook=playbook, topic="late")
        wording = written(plan, name="")
        assert "number" in wording.missing
        assert "020 7946" not in wording.text
        assert not {"{", "}"} & set(wording.text)

    def test_what_is_spoken_is_no_reply_and_does_not_say_so(self) -> None:
        text = written(Plan(playbook=Playbook.CALL, topic="late", facts=KNOWN)).text
        assert "within 4 hours." in text
        assert "of this reply" not in text

    def test_a_voicemail_is_short_and_says_nothing_of_the_case(self) -> None:
        for topic in english().tellings:
            text = written(Plan(playbook=Playbook.VOICEMAIL, topic=topic, facts=KNOWN)).text
            assert len(text.split()) <= 75
            assert text == written(Plan(playbook=Playbook.VOICEMAIL, topic="unclear", facts=KNOWN)).text
            for told in ("Ana", "Acme Kettles", "priority", "020 7946 0000", "between 10:00 and 12:00"):
                assert told in text


@pytest.mark.parametrize(
    ("when", "says"),
    [
        (When(hours=1), "within an hour of this reply"),
        (When(hours=23), "within 23 hours of this reply"),
        (When(days=2), "within 2 days of this reply"),
        (When(days=99), "within 14 days of this reply"),
        (When(by=545), "by 9:05 on our next working day"),
    ],
)
def test_the_next_word_from_us_is_promised_in_words_that_do_not_go_stale(when: When, says: str) -> None:
    assert says in written(FIRST, when=when).text


def test_a_plan_that_nothing_answers_is_a_clear_error() -> None:
    book = WordBook(languages={"en": replace(english(), replies={}, scripts={})})
    for playbook, says in ((Playbook.CLOSED, "No reply in 'en'"), (Playbook.CALL, "No script in 'en'")):
        with pytest.raises(LookupError, match=says):
            write(Plan(playbook=playbook, topic="late"), VOICE, mention(), ROOMY, book)


def test_one_draft_is_planned_and_written_in_less_than_a_millisecond() -> None:
    posts: list[Mention] = [mention(external_id=str(number)) for number in range(300)]
    recent = tuple(written(replace(FIRST, topic="lost", number=number)).text for number in range(1, 21))
    plan = replace(FIRST, recent=recent)
    started = time.process_time()
    for post in posts:
        write(plan, VOICE, post, Room(length=SMALLEST_LIMIT), words_of())
    assert (time.process_time() - started) / len(posts) < 0.001
