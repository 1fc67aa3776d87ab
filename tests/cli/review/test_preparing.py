"""The worksheet in the desk: one key opens the form, and what is typed is never lost."""

from collections.abc import Callable
from pathlib import Path

from responder.cli.review.questions import Choice, Form, Question
from tests.cli.review.room import Room, presses


def types(words: dict[str, str]) -> Callable[[Question], str]:
    """Fill a form in by replacing words."""

    def answer(question: Question) -> str:
        assert isinstance(question, Form)
        text = question.text
        for before, after in words.items():
            assert before in text
            text = text.replace(before, after, 1)
        return text

    return answer


def left(room: Room) -> list[Path]:
    return sorted(room.folder.glob("responder-*worksheet*.toml"))


def test_m_f_opens_the_form_and_keeps_what_is_filled_in(room: Room) -> None:
    session = room.session()
    told = presses(session, "m", "f", types({'effect = ""': 'effect = "no tea"'}))
    assert told.says.startswith("The worksheet of c-1 is kept; still missing: happened")
    sheet = room.store.worksheets.of(1)
    assert sheet
    assert sheet.effect == "no tea"
    assert session.shown
    assert session.shown.case.version == room.store.casework.get(1).version


def test_a_form_that_is_left_as_it_was_changes_nothing(room: Room) -> None:
    assert presses(room.session(), "mf", types({})).says == "Nothing was changed."
    assert room.store.worksheets.of(1) is None


def test_what_is_wrong_is_told_and_the_form_opens_again_with_all_that_was_typed(room: Room) -> None:
    asked: list[str] = []

    def opens_again(question: Question) -> str:
        assert isinstance(question, Choice)
        asked.append(question.asks)
        return "o"

    wrong = types({'effect = ""': 'effect = "no tea"', 'legal = ""': 'legal = "maybe"'})
    mended = types({'effect = "no tea"': 'effect = "no tea at all"', 'legal = "maybe"': 'legal = "no"'})
    told = presses(room.session(), "mf", wrong, opens_again, mended)
    assert told.look == "good"
    assert 'legal is "maybe"' in asked[0]
    sheet = room.store.worksheets.of(1)
    assert sheet
    assert sheet.effect == "no tea at all"


def test_who_does_not_want_to_mend_it_now_finds_it_in_a_file(room: Room) -> None:
    wrong = types({'effect = ""': 'effect = "no tea"', 'legal = ""': 'legal = "maybe"'})
    told = presses(room.session(), "mf", wrong, "k")
    (file,) = left(room)
    assert str(file) in told.says
    assert 'effect = "no tea"' in file.read_text(encoding="utf-8")
    assert room.store.worksheets.of(1) is None


def test_of_two_who_fill_it_in_at_once_the_second_loses_nothing(room: Room) -> None:
    session, eva = room.session(), room.session("eva")

    def meanwhile(question: Question) -> str:
        presses(eva, "mf", types({'goal = ""': 'goal = "tea"'}))
        assert isinstance(question, Form)
        return question.text.replace('effect = ""', 'effect = "no tea"')

    told = presses(session, "mf", meanwhile, "k")
    (file,) = left(room)
    assert str(file) in told.says
    sheet = room.store.worksheets.of(1)
    assert sheet
    assert (sheet.by, sheet.goal) == ("eva", "tea")
