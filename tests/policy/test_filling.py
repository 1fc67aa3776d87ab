"""Slots become words, sentences begin with a capital, and only names are greeted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.policy.filling import filled, first_name, slots_in, with_capitals
from tests.policy.books import mention


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("we lost it. i'm sorry. really? yes! ok", "We lost it. I'm sorry. Really? Yes! Ok"),
        ("Hi Ana, we lost it.", "Hi Ana, we lost it."),
        ("one: two; three… four", "One: two; three… four"),
        ("we call at 5 p.m. on monday, z.B. hier", "We call at 5 p.m. on monday, z.B. hier"),
        ("see dr. novak, ca. drei, etc. und so", "See dr. novak, ca. drei, etc. und so"),
        ("am 5. mai kommt es", "Am 5. mai kommt es"),
        ("ask at https://acme.example/a.b?c. we answer", "Ask at https://acme.example/a.b?c. We answer"),
        ("write to care@acme.example. we answer", "Write to care@acme.example. We answer"),
        (
            "done. care@acme.example is ours. acme.example too",
            "Done. care@acme.example is ours. acme.example too",
        ),
        ("done. @acme helps. #acme", "Done. @acme helps. #acme"),
        ("¿qué tal? «bien». «así»", "¿Qué tal? «Bien». «Así»"),
        ("žal nam je. щe пишем. école", "Žal nam je. Щe пишем. École"),
        ("dear ana,\n\nwe lost it.\nwe are sorry", "Dear ana,\n\nwe lost it.\nWe are sorry"),
        ("1. greet\n- write\n(pause: listen)", "1. Greet\n- Write\n(pause: listen)"),
        ("it is on us. 24 hours. then", "It is on us. 24 hours. Then"),
        ("straße. ßo", "Straße. ßo"),
        ("", ""),
        (" . ", " . "),
    ],
)
def test_a_sentence_begins_with_a_capital_and_an_address_or_abbreviation_does_not(
    text: str, says: str
) -> None:
    assert with_capitals(text) == says


@given(st.text(max_size=200))
def test_capitals_change_the_case_of_letters_and_nothing_else(text: str) -> None:
    capital = with_capitals(text)
    assert len(capital) == len(text)
    assert all(one in {other, other.upper()} for one, other in zip(capital, text, strict=True))
    assert with_capitals(capital) == capital


def test_slots_and_ways_to_say_you_are_decided_once_and_what_fills_them_is_not_read_again() -> None:
    words = "{own}, {Sie warten|du wartest} {when}"
    slots = {"own": "{when} {a|b}", "when": "seit gestern"}
    assert filled(words, slots, informal=False) == "{when} {a|b}, Sie warten seit gestern"
    assert filled(words, slots, informal=True) == "{when} {a|b}, du wartest seit gestern"
    assert filled("{vous |}venez", {}, informal=True) == "venez"
    assert slots_in(words) == ["own", "when"]


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
    assert first_name(mention(name=name), "Acme Kettles", frozenset({"the", "angry"})) == greeted
