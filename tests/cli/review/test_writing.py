"""Other words: by hand, in the editor, or our next wording. What is typed is never lost."""

import sys

from responder.cli.review.questions import Outside, Question, Words
from responder.cli.review.writing import left_over
from responder.model.case import Stage
from responder.model.draft import Origin
from tests.cli.review.room import Room, presses
from tests.cli.review.test_session import at
from tests.desk import seen, stage
from tests.network import mention

GOOD = "We are sorry about the fire, and on our way."


def test_words_that_are_stored_are_the_next_draft_and_the_card_shows_them(room: Room) -> None:
    session = room.session()
    assert presses(session, "e", GOOD).says == "Stored as draft 2 of c-1; a approves it."
    draft = seen(room.store)[1]
    assert (draft.text, draft.origin, draft.by) == (GOOD, Origin.PERSON, "sam")
    assert session.shown
    assert session.shown.draft == draft
    assert at(session) == "c-1"


def test_while_one_writes_the_rules_and_the_counter_of_the_network_speak(room: Room) -> None:
    def types(question: Question) -> None:
        assert isinstance(question, Words)
        assert question.text == seen(room.store)[1].text
        assert question.judge("ten chars.").counted == "10/120 characters"
        assert question.judge("x" * 131).counted == "131/120 characters, 11 over"
        (found,) = question.judge("a forbidden word").findings
        assert found.rule == "forbidden"

    presses(room.session(), "e", types)


def test_words_that_are_not_stored_are_kept_and_gone_on_with(room: Room) -> None:
    session = room.session()

    def leaves(question: Question) -> None:
        assert isinstance(question, Words)
        question.keep("Half a sent")

    told = presses(session, "e", leaves)
    assert told.says == "What you wrote is not stored, and kept: e goes on with it."
    presses(session, "j")
    presses(session, "k")

    def comes_back(question: Question) -> str:
        assert isinstance(question, Words)
        assert question.text == "Half a sent"
        return f"{question.text}ence."

    presses(session, "e", comes_back)
    assert seen(room.store)[1].text == "Half a sentence."
    assert session.unsaved == {}


def test_words_that_are_as_they_were_are_not_kept(room: Room) -> None:
    session = room.session()

    def leaves(question: Question) -> None:
        assert isinstance(question, Words)
        question.keep("Other")
        question.keep(question.text)

    assert presses(session, "e", leaves).says == "Nothing was changed."
    assert session.unsaved == {}
    assert presses(session, "e", seen(room.store)[1].text).says == "The words are the same."
    assert presses(session, "e", " \n").says == "There are no words; nothing was changed."
    assert seen(room.store)[1].number == 1


def test_what_was_never_stored_is_in_a_file_at_the_end(room: Room) -> None:
    session = room.session()
    presses(session, "e", lambda question: question.keep("Half a sent"))  # type: ignore[union-attr]
    ((name, path),) = left_over(session)
    assert name == "c-1"
    assert path.read_text() == "Half a sent"


def test_words_with_something_that_cannot_be_seen_are_not_stored_and_kept(room: Room) -> None:
    session = room.session()
    told = presses(session, "e", "Sorry\u202e about that")
    assert "something that cannot be seen, <U+202E>" in told.says
    assert seen(room.store)[1].number == 1
    assert session.unsaved == {1: "Sorry\u202e about that"}


def test_who_is_overtaken_while_writing_is_told_by_whom_and_keeps_the_words(room: Room) -> None:
    sam, eva = room.session("sam"), room.session("eva")

    def types(_: Question) -> str:
        presses(eva, "a")
        return GOOD

    told = presses(sam, "e", types).says
    assert told.startswith("c-1: eva approved it")
    assert told.endswith("as a note on the case: e goes on with it.")
    assert sam.unsaved == {1: GOOD}
    noted = room.store.views.card(1).events[-1]
    assert (noted.action, noted.by) == ("noted", "sam")
    assert noted.detail["note"].endswith(GOOD)
    assert stage(room.store) is Stage.APPROVED


def test_a_blocked_edit_is_stored_and_says_that_it_cannot_be_approved(room: Room) -> None:
    session = room.session()
    told = presses(session, "e", "a forbidden word").says
    assert told == "Stored as draft 2 of c-1; it cannot be approved as it stands."
    assert presses(session, "a").says.startswith("a is off: a forbidden word")


def test_u_puts_the_words_before_back(room: Room) -> None:
    session = room.session()
    before = seen(room.store)[1].text
    presses(session, "e", GOOD)
    assert presses(session, "u").says == "The words before are the draft of c-1 again."
    draft = seen(room.store)[1]
    assert (draft.text, draft.number, draft.origin) == (before, 3, Origin.OURS)


def test_n_takes_the_next_wording_and_u_the_one_before(room: Room) -> None:
    session = room.session()
    first = seen(room.store)[1].text
    assert presses(session, "n").says == "Another wording, draft 2; u puts the one before back."
    assert seen(room.store)[1].text != first
    presses(session, "u")
    assert seen(room.store)[1].text == first
    presses(session, "a")
    room.send()
    assert room.network.public == [("1", first)]


def test_n_is_off_where_there_is_nothing_to_vary(room: Room) -> None:
    session, eva = room.session(), room.session("eva")
    presses(eva, "a")
    assert presses(session, "n").says.startswith("c-1: eva approved it")
    assert presses(session, "n").says == "n is off: c-1 is approved, in the outbox."


def test_words_are_written_in_the_editor_too(room: Room) -> None:
    def types(question: Question) -> str:
        assert isinstance(question, Outside)
        assert question.draft.text == seen(room.store)[1].text
        return GOOD

    assert presses(room.session(), "E", types).says.startswith("Stored as draft 2 of c-1")


def test_an_approved_reply_can_be_edited_and_has_to_be_approved_again(room: Room) -> None:
    session, eva = room.session(), room.session("eva")
    presses(eva, "a")
    session.look_again()
    told = presses(session, "e", GOOD).says
    assert told.endswith("The approval of the words before is over.")
    room.send()
    assert room.network.public == []


def test_what_was_typed_outlives_even_a_rejection(room: Room) -> None:
    session = room.session()
    presses(session, "e", lambda question: question.keep("Half a sent"))  # type: ignore[union-attr]
    presses(session, "r", "s")
    assert [name for name, _ in left_over(session)] == ["c-1"]


def test_hostile_words_in_a_draft_are_shown_and_not_stored_as_they_are(bare: Room) -> None:
    bare.say(mention("1", "hello \x1b[31m [bold]x[/bold] \u202e"))
    session = bare.session()

    def types(question: Question) -> None:
        assert isinstance(question, Words)
        assert question.text.isprintable()

    presses(session, "e", types)
    assert sys.getdefaultencoding() == "utf-8"
