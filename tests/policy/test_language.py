"""Which language a post is in: never a guess at one of ours."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from responder.policy.language import OURS, Known, _identifier, identify
from responder.policy.tokens import Tokens


def known(text: str, told: str | None = None, home: str = "en") -> Known:
    return identify(Tokens(text).words, told, home)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("bg", "пратката още не е пристигнала, къде е?"),
        ("de", "mein Paket ist immer noch nicht da"),
        ("en", "my parcel has still not arrived"),
        ("es", "mi paquete todavía no ha llegado"),
        ("fr", "mon colis n'est toujours pas arrivé"),
        ("hr", "moja pošiljka još uvijek nije stigla, što se događa?"),
        ("sl", "moj paket še vedno ni prišel, kaj se dogaja?"),
        ("sv", "mitt paket har fortfarande inte kommit"),
    ],
)
def test_our_languages_are_told_by_their_words_whatever_the_network_says(code: str, text: str) -> None:
    assert known(text).code == code
    assert known(text, told="en" if code != "en" else "de").code == code


@pytest.mark.parametrize(
    "text",
    [
        "il mio pacco non è mai arrivato e nessuno risponde",
        "a minha encomenda nunca chegou e ninguém responde",
        "mijn pakket is nooit aangekomen en niemand reageert",
        "min pakke er aldrig kommet og ingen svarer",
        "moja paczka nigdy nie dotarła i nikt nie odpowiada",
        "pakettini ei koskaan saapunut eikä kukaan vastaa",
        "моя посылка так и не пришла, никто не отвечает",
        "моя посилка так і не прийшла, ніхто не відповідає",
        "το δέμα μου δεν ήρθε ποτέ",
        "私の荷物が届きません",
        "حزمتي لم تصل",
    ],
)
def test_another_language_is_none_of_ours_and_says_so(text: str) -> None:
    said = known(text)
    assert said.code is None
    assert "none of ours" in said.says or "no language of ours" in said.says


def test_what_is_too_close_to_call_is_decided_by_the_account_and_heard_in_both() -> None:
    text = "nova hrana za pse"
    slovenian, croatian = known(text, home="sl"), known(text, home="hr")
    assert (slovenian.code, croatian.code) == ("sl", "hr")
    assert {*slovenian.codes} == {*croatian.codes} == {"sl", "hr"}


@pytest.mark.parametrize("text", ["", "42", "?!", "😡😡", "@someone https://a.example"])
def test_without_words_the_language_is_what_the_network_told_or_unknown(text: str) -> None:
    assert known(text, told="sv").code == "sv"
    assert known(text, told="it").code is None
    assert known(text).code is None


@given(st.text(max_size=300), st.sampled_from([None, "en", "it", "sl"]), st.sampled_from(OURS))
def test_any_text_has_one_of_our_languages_or_none_and_always_the_same(
    text: str, told: str | None, home: str
) -> None:
    said = known(text, told, home)
    assert said.code in {None, *OURS}
    assert known(text, told, home) == said


@given(st.text(min_size=1, max_size=20))
def test_a_word_is_told_as_the_library_tells_it_whatever_of_its_table_is_kept(word: str) -> None:
    whole, kept = library(), _identifier()._library
    assert list(kept.rank(f" {word} ")) == list(whole.rank(f" {word} "))


@cache
def library() -> LanguageIdentifier:
    whole = LanguageIdentifier.from_model_file(MODEL_FILE)
    whole.set_languages(set(_identifier()._library.nb_classes))
    return whole
