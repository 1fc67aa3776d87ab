"""What all are told about an incident, for each in a reply of their own; none nearly the same as another."""

from dataclasses import replace
from functools import cache
from itertools import combinations

import pytest

from responder.model.case import Case, Stage
from responder.model.incident import Kind
from responder.model.limits import Limits
from responder.model.mention import Author, Mention
from responder.model.triage import Level
from responder.policy.policy import Policy
from responder.policy.rulebook import Rulebook, load
from responder.policy.similar import SAME, similar
from responder.policy.variant_files import load_around
from responder.policy.variants import Told, lasting
from responder.policy.wording import Voice
from tests.network import at
from tests.policy.books import OURS

#: What a person wrote for all, by language, and how somebody there says how long it lasts.
STATEMENTS = {
    "en": (
        "We broke the log-in of our app, and we are fixing it now. I will write here by 17:00.",
        "since this morning",
    ),
    "de": (
        "Wir haben die Anmeldung der App kaputt gemacht und arbeiten daran. Ich schreibe hier bis 17:00 Uhr.",
        "seit gestern",
    ),
    "fr": (
        "Nous avons cassé la connexion de notre appli et nous la réparons. J'écris ici avant 17 h.",
        "depuis ce matin",
    ),
    "es": (
        "Hemos roto el acceso a nuestra app y lo estamos arreglando. Escribiré aquí antes de las 17:00.",
        "desde ayer",
    ),
    "sv": (
        "Vi har haft sönder inloggningen i appen och lagar den nu. Jag skriver här före klockan 17.",
        "sedan i morse",
    ),
    "sl": ("Pokvarili smo prijavo v aplikacijo in jo zdaj popravljamo. Tukaj pišem do 17. ure.", "od jutra"),
    "hr": ("Pokvarili smo prijavu u aplikaciju i sada je popravljamo. Pišem ovdje do 17 sati.", "od jutros"),
    "bg": ("Повредихме входа в приложението и го оправяме сега. Ще пиша тук до 17 часа.", "от сутринта"),
}
LIMITS = Limits(length=300)
#: Proving the rules of a language takes a second: every day two alphabets, the others by the slow suite.
LANGUAGES = [
    pytest.param(code, marks=[] if code in {"en", "bg"} else [pytest.mark.slow]) for code in STATEMENTS
]


@cache
def _book() -> Rulebook:
    """Return our rulebook in every language; each is proven when it is first asked for."""
    return load([OURS], whole=False)


def policy() -> Policy:
    return Policy(rulebook=_book(), voice=Voice(company="Acme", signature="^Ana"))


def case(number: int, language: str, text: str = "It is broken!", name: str = "Mira Kos") -> Case:
    target = Mention(
        account="shop",
        external_id=f"p{number}",
        thread=f"p{number}",
        author=Author(id=f"a{number}", handle=f"h{number}", name=name),
        text=text,
        created_at=at(1),
        language=language,
        id=number,
    )
    return Case(
        id=number, account="shop", stage=Stage.WAITING, version=1, target=target, posts=1, replies=0,
        opened_at=at(1), moved_at=at(1), language=language, topic="outage", tier=3,
    )  # fmt: skip


def several(language: str, n: int, kind: Kind = Kind.STATEMENT) -> list[str]:
    made: list[str] = []
    for number in range(n):
        told = Told(kind=kind, texts=(STATEMENTS[language][0],), others=tuple(made))
        words = policy().alike(case(number, language), told, LIMITS)
        assert words is not None, f"{language}: no wording for the {number + 1}th"
        blocks = [(one.rule, one.quote, words.text) for one in words.findings if one.level is Level.BLOCK]
        assert blocks == []
        made.append(words.text)
    return made


@pytest.mark.parametrize("language", LANGUAGES)
def test_thirty_replies_hold_the_same_words_and_none_is_nearly_another(language: str) -> None:
    made = several(language, 30)
    assert all(STATEMENTS[language][0] in one for one in made)
    assert all(len(one) <= LIMITS.length for one in made)
    assert max(similar(one, other) for one, other in combinations(made, 2)) < SAME


@pytest.mark.parametrize("kind", [Kind.UPDATE, Kind.CLOSING])
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_update_differs_for_each_too(language: str, kind: Kind) -> None:
    made = several(language, 3, kind)
    assert max(similar(one, other) for one, other in combinations(made, 2)) < SAME


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_long_it_lasts_is_told_back_in_their_own_words(language: str) -> None:
    statement, since = STATEMENTS[language]
    words = policy().alike(
        case(1, language, f"Broken {since}! Call me."), Told(kind=Kind.STATEMENT, texts=(statement,)), LIMITS
    )
    assert words is not None
    assert since in words.text.lower()
    assert "Call me" not in words.text


def test_nothing_else_that_a_stranger_wrote_is_taken() -> None:
    around = _book().around["en"]
    assert lasting("since idiots like you run it", around) == ""
    assert lasting("for 3 hours and my number is 555 0100", around) == "for 3 hours"
    assert lasting("FOR 3 HOURS {name} {long}", around) == "FOR 3 HOURS"


def test_the_same_post_gets_the_same_words() -> None:
    told = Told(kind=Kind.STATEMENT, texts=(STATEMENTS["en"][0],))
    assert policy().alike(case(7, "en"), told, LIMITS) == policy().alike(case(7, "en"), told, LIMITS)


def test_a_name_that_is_none_is_left_out_and_the_words_stay_whole_where_there_is_little_room() -> None:
    statement = STATEMENTS["en"][0]
    told = Told(kind=Kind.STATEMENT, texts=(statement,))
    words = policy().alike(case(1, "en", name="xX Slayer Xx"), told, Limits(length=170))
    assert words is not None
    assert "Slayer" not in words.text
    assert statement in words.text
    assert len(words.text) <= 170


def test_where_nothing_fits_there_is_no_reply() -> None:
    told = Told(kind=Kind.STATEMENT, texts=("word " * 80,))
    assert policy().alike(case(1, "en"), told, LIMITS) is None


def test_where_every_wording_was_told_to_somebody_there_is_none_left() -> None:
    told = Told(kind=Kind.UPDATE, texts=(" ".join(f"word{n}" for n in range(28)),))
    made: list[str] = []
    while words := policy().alike(case(len(made), "en", name=""), replace(told, others=tuple(made)), LIMITS):
        made.append(words.text)
        assert len(made) < 10
    assert made
    other = replace(told, texts=(*told.texts, " ".join(f"other{n}" for n in range(28))), others=tuple(made))
    assert policy().alike(case(99, "en", name=""), other, LIMITS) is not None


def test_a_language_without_its_lists_or_with_odd_ones_is_told() -> None:
    around, problems = load_around([OURS])
    assert (set(around), problems) == (set(STATEMENTS), [])
