"""What is looked for in the archive, and what is shown of a text in which it was found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.model.archive import Phrase, excerpt, plain_words, wanted


def test_words_are_found_by_their_beginning_and_quoted_ones_as_they_stand() -> None:
    asked = wanted('Posiljk "Lost parcel" -sofa -"grüne Lampe" no')
    assert asked.phrases == (
        Phrase(("posiljk",), begun=True),
        Phrase(("lost", "parcel"), begun=False),
        Phrase(("no",), begun=False),  # so short a beginning is everywhere
    )
    assert asked.without == (Phrase(("sofa",), begun=True), Phrase(("grune", "lampe"), begun=False))


@pytest.mark.parametrize("asked", ["", "   ", "!!!", '""', "-sofa", '-"a b"', "*", "\x1b[2J"[:2]])
def test_without_a_word_there_is_nothing_to_look_for(asked: str) -> None:
    with pytest.raises(ValueError, match="no word"):
        wanted(asked)


def test_words_are_compared_without_case_and_marks() -> None:
    assert plain_words("Pošiljka: ÉTÉ, Straße, Й-4!") == ["posiljka", "ete", "strasse", "и", "4"]


def test_an_excerpt_shows_what_was_found() -> None:
    text = f"{'before ' * 40}the Päckchen that never came {'after ' * 40}"
    shown = excerpt(text, wanted("packch"), 80)
    assert len(shown) <= 80
    assert "Päckchen" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert excerpt("short\n and whole", wanted("whole"), 80) == "short and whole"


@given(st.text(), st.text(), st.integers(20, 200))
def test_an_excerpt_is_of_the_text_and_no_longer_than_asked(text: str, asked: str, width: int) -> None:
    try:
        looked = wanted(asked)
    except ValueError:
        return
    shown = excerpt(text, looked, width)
    assert len(shown) <= width
    assert shown.strip("…").strip() in " ".join(text.split())


@given(st.text())
def test_whatever_is_typed_holds_only_letters_and_digits(asked: str) -> None:
    try:
        looked = wanted(asked)
    except ValueError:
        return
    words = [word for one in (*looked.phrases, *looked.without) for word in one.words]
    assert all(word.isalnum() for word in words)
