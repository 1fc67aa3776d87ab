"""A refit to corrections: better on those it did not see, the same each time, and nobody's data in it."""

import json
from dataclasses import replace
from functools import cache

import pytest

from responder.model.correction import What
from responder.model.mention import Author
from responder.policy.learned import read_model
from responder.policy.rulebook import MODEL
from responder.policy.senses import Senses
from responder.policy.tokens import Tokens
from responder.training.corrections import LEAST, Refit, TooFew, earned, refit
from responder.training.local import Lesson
from responder.training.words import learnable, names_of
from tests.policy.sensed import HOME, post, senses
from tests.training.things import THINGS

RAW = (HOME / MODEL).read_bytes()
#: A company where "sick" and "insane" are praise, as triage does not know.
PRAISE = ("sick {} lads, insane value, thanks", "that {} is insane, totally sick, cheers Kim Novak")
TROUBLE = ("the {} arrived broken and nobody answers", "still waiting for my {}, no reply")


def lesson(number: int, text: str, *, complaint: bool, corrected: bool = True, name: str = "") -> Lesson:
    author = Author(id=f"a{number}", handle=f"buyer{number}", name=name)
    said = replace(post(text), id=number, author=author)
    return Lesson(post=said, language="en", complaint=complaint, corrected=corrected)


def lessons() -> list[Lesson]:
    numbered = enumerate(words.format(thing) for words in (*PRAISE, *TROUBLE) for thing in THINGS)
    return [
        lesson(number, text, complaint=number >= 2 * len(THINGS), corrected=number < 2 * len(THINGS))
        for number, text in numbered
    ]


@cache
def made() -> Refit:
    return refit(lessons(), senses(), RAW)


def test_on_corrections_it_did_not_see_it_does_better() -> None:
    assert (made().corrections, made().approved) == (24, 24)
    assert made().after.log_loss < made().before.log_loss
    assert made().after.accuracy > made().before.accuracy
    assert made().lost == 0


def test_the_same_corrections_give_the_same_bytes_and_the_old_model_is_in_them() -> None:
    again = refit(lessons(), senses(), RAW)
    assert again.raw == made().raw
    assert made().raw.partition(b"\n")[2] == RAW.partition(b"\n")[2]
    assert json.loads(made().raw.partition(b"\n")[0])["local"] == made().local
    assert made().local["from"] == {"corrections": 24, "complaints": 0, "approved": 24}


def test_a_refit_begins_with_the_model_itself_and_not_with_the_refit_before() -> None:
    used = replace(senses(), learned=read_model(made().raw))
    assert refit(lessons(), used, made().raw).raw == made().raw


def test_it_changes_the_complaint_alone_and_says_by_what() -> None:
    before, after = senses().learned, read_model(made().raw)
    words = Tokens("sick lamp lads, insane value, thanks").words
    was, now = before.opinion({}, words, "en"), after.opinion({}, words, "en")
    assert now.complaint < was.complaint
    assert (now.tone, now.negative) == (was.tone, was.negative)
    assert [name for name, _ in now.because][-1] == "people's corrections"
    assert now.because[:-1] == was.because


def test_a_model_without_a_local_part_judges_as_before() -> None:
    words = Tokens("sick lamp lads, insane value, thanks").words
    assert read_model(RAW).opinion({"?": 1.0}, words, "en") == senses().learned.opinion(
        {"?": 1.0}, words, "en"
    )
    assert b'"local"' not in RAW.partition(b"\n")[0]


def test_no_word_of_one_person_and_no_name_is_learned() -> None:
    own = lesson(99, "grand kettle, honest ticket ZX81 at 12 rue Basse, ana@x.example", complaint=False)
    learned = set(refit([*lessons(), own], senses(), RAW).local["words"]["en"])
    assert "insane" in learned
    assert learned.isdisjoint({"honest", "grand", "kim", "novak", "ana", "basse", "zx81"})


def test_what_may_stand_for_somebody_is_no_plain_word() -> None:
    text = "Thanks Kim, mail ana@x.example or @sam, t.co/x 040-12 AB12 don’t wait\nLove, maria"
    told = replace(post(text), author=Author(id="1", handle="maria_k", name=""))
    assert learnable(text, names_of([told])) == {"mail", "or", "don't", "wait"}


def test_what_hides_or_acts_is_no_plain_word() -> None:
    assert learnable("so\u202ecret zero\u200bwidth \x1b[2J plain " + "x" * 50, frozenset()) == {"plain"}


def test_too_few_corrections_are_told_and_nothing_is_fitted() -> None:
    few = [lesson(n, f"sick {thing}", complaint=False) for n, thing in enumerate(THINGS)]
    with pytest.raises(TooFew, match=f"12 of the {LEAST} corrections"):
        refit(few, senses(), RAW)
    with pytest.raises(TooFew, match="all 24 corrections say the same"):
        refit([one for one in lessons() if one.corrected], senses(), RAW)


#: Who sets little aside keeps this, for the model is not sure.
UNSURE = "still love my {} after years, you lot are the best and nobody comes close"


@cache
def careful() -> Senses:
    return replace(senses(), set_aside_below=0.1)


def test_what_it_makes_of_triage_as_a_whole_is_told_beside_the_model() -> None:
    alike = [lesson(n, UNSURE.format(THINGS[n % 12]), complaint=False) for n in range(36)]
    answered = [one for one in lessons() if not one.corrected]
    told = refit([*alike, *answered], careful(), RAW)
    assert (told.before.sorted, told.after.sorted, told.lost) == (0.0, 1.0, 0)


def test_a_complaint_that_people_answered_and_that_would_be_lost_is_counted() -> None:
    alike = [lesson(n, UNSURE.format(THINGS[n % 12]), complaint=n >= 36, corrected=n < 36) for n in range(39)]
    assert refit(alike, careful(), RAW).lost == 3


def test_one_person_alone_is_enough_to_fit_and_teaches_no_word() -> None:
    single = [replace(one, post=replace(one.post, author=Author(id="1", handle="a"))) for one in lessons()]
    assert refit(single, senses(), RAW).local["words"] == {}


def test_a_local_part_that_cannot_be_read_is_refused() -> None:
    head, _, body = RAW.partition(b"\n")
    wrong: tuple[object, ...] = (
        [],
        {},
        {"bias": "x", "features": {}, "words": {}},
        {"bias": 1e999, "features": {}, "words": {}},
    )
    for local in wrong:
        raw = json.dumps(json.loads(head) | {"local": local}).encode() + b"\n" + body
        with pytest.raises(ValueError, match="its local part cannot be read"):
            read_model(raw)


def test_the_cues_of_posts_whose_urgency_was_corrected_are_counted() -> None:
    fire = post("The heater caught fire, and I was charged twice!")
    counts = earned(
        [(What.LESS_URGENT, fire), (What.LESS_URGENT, fire), (What.MORE_URGENT, post("hm"))], senses()
    )
    assert counts[What.MORE_URGENT] == {}
    assert counts[What.LESS_URGENT]["overcharged"] == 2
