"""The JSON envelope is lossless, and safe to look at."""

import json

from hypothesis import given
from hypothesis import strategies as st

from responder.cli.envelope import envelope
from tests.cli.scene import ACTING

#: Any character, half surrogates and all that hides among them.
ANYTHING = st.text(st.characters(codec=None, exclude_categories=()))


@given(ANYTHING)
def test_whatever_people_write_comes_out_as_it_went_in(text: str) -> None:
    assert json.loads(envelope("responder.queue/1", [{"text": text}]))["items"] == [{"text": text}]


@given(ANYTHING)
def test_nothing_that_acts_or_hides_stands_in_it_raw(text: str) -> None:
    document = envelope("responder.queue/1", [{"text": text, text: 1}])
    assert not ACTING.search(document)
    assert document.isprintable() or not any(ord(char) < 32 and char != "\n" for char in document)
    document.encode()  # no half of a surrogate pair


def test_letters_of_all_languages_stay_readable() -> None:
    said = "čšž åäö ñ ъ 客户 ß “ ”"
    assert said in envelope("responder.queue/1", [{"text": said}])


def test_an_override_and_a_tag_are_escaped_as_json_escapes_them() -> None:
    document = envelope("responder.queue/1", [{"text": "a\u202eb\U000e0041\x9bc\x7f"}])
    assert r"a\u202eb\udb40\udc41\u009bc\u007f" in document


def test_an_envelope_tells_its_schema_its_items_and_more() -> None:
    assert json.loads(envelope("responder.queue/1", [], next=None)) == {
        "schema": "responder.queue/1",
        "items": [],
        "next": None,
    }
