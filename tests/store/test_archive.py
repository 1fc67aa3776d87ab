"""The archive finds what was said, promised, noted and written down, in every language, on each database."""

import random
from dataclasses import replace

import pytest
from sqlalchemy import update

from responder.connector import Page
from responder.model.archive import Kind, plain_words, wanted
from responder.model.debrief import Action
from responder.model.follow_up import FollowUpKind
from responder.model.worksheet import Option, Worksheet
from responder.steps.note import note
from responder.store.debrief_tables import debrief
from responder.store.journal import erase
from responder.store.store import Store
from responder.store.tables import mention
from tests.network import at
from tests.network import mention as post

SAID = (
    "My parcel is lost, and nobody answers.",
    "Die Lieferung kam nie an. Straße und Hausnummer stimmen!",
    "Pošiljka je izgubljena, ŽELIM DENAR NAZAJ",
    "Посылка потеряна? Кошмар!",
    "Où est mon colis ? ÉTÉ comme hiver, rien.",
    "Paketet är borta; inte ens ett svar på mina mejl.",
    "¿Dónde está mi pedido? La señora del mañana no sabe.",
    "order no. LR-40817 / e-mail: ana@mail.example",
)


@pytest.fixture
def kept(any_store: Store) -> Store:
    """A store that heard each of those, an author a post."""
    any_store.intake.introduce({"shop": "scripted"})
    posts = tuple(post(f"{n}", said, author=f"who{n}", minutes=n) for n, said in enumerate(SAID))
    any_store.intake.keep("shop", None, Page(mentions=posts, cursor="1"), at(60))
    return any_store


def found(store: Store, asked: str, **limits: object) -> list[str]:
    return [one.text for one in store.archive.find(wanted(asked), **limits)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "which"),
    [
        ("parcel", [0]), ("PARCEL lost", [0]), ('"is lost"', [0]), ('"lost is"', []), ("parcels", []),
        ("lieferung -sofa", [1]), ("lieferung -strasse hausnummer", []), ("posiljk", [2]), ("želim", [2]),
        ("zelim denar", [2]), ("посылк", [3]), ("ПОСЫЛКА", [3]), ("кошмар", [3]), ("ete", [4]), ("été", [4]),
        ("mejl", [5]), ("manana senora", [6]), ("donde", [6]), ("40817", [7]), ("e-mail", [7]),
        ("nobody parcel answers", [0]), ("pa", [5]), ("par", [0]), ("paket", [5]),
    ],
)  # fmt: skip
def test_words_are_found_whatever_their_case_and_their_marks(
    kept: Store, asked: str, which: list[int]
) -> None:
    assert found(kept, asked) == [SAID[n] for n in which]


def test_the_latest_come_first_and_no_more_than_asked(kept: Store) -> None:
    assert found(kept, "is") == [SAID[0]]
    more = tuple(post(f"b{n}", f"again the parcel {n}", author=f"b{n}", minutes=20 + n) for n in range(5))
    kept.intake.keep("shop", "1", Page(mentions=more, cursor="2"), at(61))
    assert found(kept, "parcel", limit=3) == [f"again the parcel {n}" for n in (4, 3, 2)]


def test_what_an_author_edits_is_found_by_its_new_words_alone(kept: Store) -> None:
    edited = replace(post("0", "My sofa came late.", author="who0", minutes=0), edit_mark="2")
    kept.intake.keep("shop", "1", Page(mentions=(edited,), cursor="2"), at(61))
    assert found(kept, "parcel") == []
    assert found(kept, "sofa") == ["My sofa came late."]


def test_what_an_author_removed_is_not_found(kept: Store) -> None:
    with kept.write() as connection:
        connection.execute(update(mention).where(mention.c.external_id == "0").values(removed_at=at(61)))
    assert found(kept, "parcel") == []


def test_a_note_is_found_until_its_words_are_erased(kept: Store) -> None:
    case = kept.casework.get(1)
    note(kept, case, "The driver is new, and called Émile.", "sam", at(62))
    (hit,) = kept.archive.find(wanted("emile"))
    assert (hit.kind, hit.case_id, hit.by, hit.at) == (Kind.NOTED, 1, "sam", at(62))
    assert found(kept, "emile", kinds=[Kind.SAID]) == []
    assert found(kept, "emile", case_id=2) == []
    with kept.write() as connection:
        erase(connection, [1], "sam", at(63))
    assert found(kept, "emile") == []


def test_a_worksheet_is_found_as_it_was_written_last(kept: Store) -> None:
    case = kept.casework.get(1)
    sheet = Worksheet(
        happened=("The lorry broke down.",), goal="A dress for Žana", options=(Option(what="a taxi"),)
    )
    written = kept.worksheets.write(case, sheet, "kim", at(62))
    (hit,) = kept.archive.find(wanted("zana"))
    assert (hit.kind, hit.case_id, hit.by, hit.at) == (Kind.PREPARED, 1, "kim", at(62))
    assert len(found(kept, "lorry taxi")) == 1
    assert found(kept, "happened") == []  # the form's own words are nobody's
    kept.worksheets.write(kept.casework.get(1), replace(written, goal="A suit"), "sam", at(63))
    assert found(kept, "zana") == []
    assert [one.by for one in kept.archive.find(wanted("suit"), kinds=[Kind.PREPARED])] == ["sam"]


def test_a_debrief_is_found_by_its_answers_and_by_what_is_to_change(kept: Store) -> None:
    case = kept.casework.get(3)
    change = Action(number=1, what="Weigh the parcels twice", owner="kim", due=None)
    kept.debriefs.write(case, None, {"happened": "The scales were off."}, [change], by="sam", now=at(62))
    for asked in ("scales", "weigh twice"):
        (hit,) = kept.archive.find(wanted(asked))
        assert (hit.kind, hit.case_id, hit.by, hit.at) == (Kind.LEARNED, 3, "sam", at(62))
    with kept.write() as connection:
        connection.execute(update(debrief).values(words=""))
    assert found(kept, "scales") == []


def test_what_came_of_a_follow_up_is_found(kept: Store) -> None:
    case = kept.casework.get(2)
    kept.follow_ups.did(case, FollowUpKind.CALL, "kim", at(62), said="She wants the blue sofa.")
    (hit,) = kept.archive.find(wanted("blue sofa"))
    assert (hit.kind, hit.case_id, hit.by, hit.at) == (Kind.FOLLOWED, 2, "kim", at(62))


WORDS = ("lost", "Lost", "parcel", "Parcels", "ŽELIM", "želim", "straße", "é", "no", "не", "Не")


def test_what_holds_a_word_is_what_is_found(any_store: Store) -> None:
    dice = random.Random(7)  # noqa: S311 (no secret; the same texts each time)
    said = [" ".join(dice.choices(WORDS, k=dice.randint(1, 4))) for _ in range(60)]
    any_store.intake.introduce({"shop": "scripted"})
    posts = tuple(post(f"{n}", text, author=f"{n}", minutes=-n) for n, text in enumerate(said))
    any_store.intake.keep("shop", None, Page(mentions=posts, cursor="1"), at(60))
    for word in WORDS:
        (bare,) = plain_words(word)
        begins = str.startswith if len(bare) > 2 else str.__eq__
        held = [text for text in said if any(begins(one, bare) for one in plain_words(text))]
        assert held
        assert found(any_store, word, limit=100) == held
