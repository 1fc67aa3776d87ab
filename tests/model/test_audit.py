"""Whatever single thing is done to a journal, the walk finds it and names the place."""

import re
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from responder.model.audit import MOST, Audit, Walk
from responder.model.chain import START, Head, Link, canonical, hash_of, mark_of

WORDS = st.text(max_size=6)
Row = tuple[int | None, str, int, str, str, dict[str, str]]
#: A journal before it is chained: case, account, at, action, by, detail.
ROWS = st.lists(
    st.tuples(
        st.none() | st.integers(1, 9), WORDS, st.integers(0, 10**15), WORDS, WORDS,
        st.dictionaries(WORDS, WORDS, max_size=2),
    ),
    min_size=2,
    max_size=30,
)  # fmt: skip


def journal(rows: list[Row]) -> list[Link]:
    """Return these events, chained."""
    links, before = [], START
    for seq, (case, account, at, action, by, told) in enumerate(rows, 1):
        salt, detail = f"salt{seq}", canonical(told)
        link = Link(
            id=seq, seq=seq, case_id=case, account=account, at=at, action=action, by=by, detail=detail,
            salt=salt, mark=mark_of(salt, detail), hash="",
        )  # fmt: skip
        before = hash_of(before, seq, link)
        links.append(link._replace(hash=before))
    return links


def walked(links: list[Link], head: Head, noted: Head | None = None) -> Audit:
    """Return what a walk finds among events as a database gives them."""
    walk = Walk(noted)
    for link in sorted((one for one in links if one.seq is not None), key=lambda one: (one.seq, one.id)):
        walk.step(link)
    for link in links:
        if link.seq is None:
            walk.stray(link)
    return walk.end(head)


def head_of(links: list[Link]) -> Head:
    return Head(links[-1].seq or 0, links[-1].hash)


def numbers(audit: Audit) -> set[int]:
    """Return every number that is named as an event's."""
    told: set[int] = set()
    for words in audit.broken:
        told |= {int(one) for one in re.findall(r"events? (\d+)", words)}
        told |= {int(one) for one in re.findall(r" to (\d+)", words)}
    return told


@given(ROWS)
def test_a_journal_as_it_was_written_is_sound(rows: list[Row]) -> None:
    links = journal(rows)
    assert walked(links, head_of(links)).sound
    assert walked(links, head_of(links), Head(1, links[0].hash[:16])).sound


CHANGES: dict[str, Any] = {
    "case_id": 77, "account": "else", "at": -1, "action": "forged", "by": "eve",
    "detail": '{"forged":"words"}', "salt": "forged", "mark": "f" * 64, "hash": "f" * 64,
}  # fmt: skip


@given(ROWS, st.data(), st.sampled_from(sorted(CHANGES)))
def test_any_single_change_is_found_and_named(rows: list[Row], data: st.DataObject, name: str) -> None:
    links = journal(rows)
    head, place = head_of(links), data.draw(st.integers(0, len(links) - 1))
    changed = links[place]._replace(**{name: CHANGES[name]})
    assume(changed != links[place])
    links[place] = changed
    found = walked(links, head)
    assert place + 1 in numbers(found)
    assert len(found.broken) == 1 or place + 1 == len(links)


@given(ROWS, st.data())
def test_a_change_with_its_hash_made_anew_is_found_at_the_next(rows: list[Row], data: st.DataObject) -> None:
    links = journal(rows)
    head, place = head_of(links), data.draw(st.integers(0, len(links) - 1))
    forged = links[place]._replace(by="nobody at all")
    links[place] = forged._replace(hash=hash_of(links[place - 1].hash if place else START, place + 1, forged))
    assert numbers(walked(links, head)) >= {place + 1}


@given(ROWS, st.data())
def test_any_single_removal_is_found_and_named(rows: list[Row], data: st.DataObject) -> None:
    links = journal(rows)
    head, place = head_of(links), data.draw(st.integers(0, len(links) - 1))
    del links[place]
    found = walked(links, head)
    if place == len(rows) - 1:
        assert found.broken == (f"the head says {len(rows)} events, the journal ends at {len(links)}",)
    else:
        assert found.broken == (f"event {place + 1} is missing",)


@given(ROWS, st.data())
def test_any_swap_is_found_and_both_are_named(rows: list[Row], data: st.DataObject) -> None:
    links = journal(rows)
    head = head_of(links)
    one, two = data.draw(st.lists(st.integers(0, len(links) - 1), min_size=2, max_size=2, unique=True))
    links[one], links[two] = links[one]._replace(seq=two + 1), links[two]._replace(seq=one + 1)
    found = walked(links, head)
    assert numbers(found) >= {one + 1, two + 1}
    assert sum("stands where" in words for words in found.broken) == 2


@given(ROWS, st.data(), st.booleans())
def test_any_insertion_is_found(rows: list[Row], data: st.DataObject, shift: bool) -> None:
    links = journal(rows)
    head, place = head_of(links), data.draw(st.integers(0, len(links)))
    new = Link(99, place + 1, 1, "shop", 5, "forged", "eve", "{}", "s", mark_of("s", "{}"), "")
    new = new._replace(hash=hash_of(links[place - 1].hash if place else START, place + 1, new))
    if shift:  # the others make room, or (where the index is gone) they stay
        links[place:] = [link._replace(seq=(link.seq or 0) + 1) for link in links[place:]]
    assert not walked([*links, new], head).sound
    assert not walked([*links, new._replace(seq=None)], head).sound


def erased(links: list[Link], which: set[int]) -> list[Link]:
    return [link._replace(detail="{}", salt="") if at in which else link for at, link in enumerate(links)]


@given(ROWS, st.sets(st.integers(0, 29)))
def test_erased_words_that_a_later_event_tells_of_break_nothing(rows: list[Row], which: set[int]) -> None:
    cases = dict.fromkeys(row[0] for row in rows)
    links = journal([*rows, *((case, "", 5, "words erased", "ana", {}) for case in cases)])
    found = walked(erased(links, which & set(range(len(rows)))), head_of(links))
    assert (found.broken, found.erased) == ((), len(which & set(range(len(rows)))))


@given(ROWS, st.sets(st.integers(0, 29), min_size=1))
def test_erased_words_that_nothing_tells_of_are_found_once_a_case(rows: list[Row], which: set[int]) -> None:
    links = journal(rows)
    cases = {rows[at][0] for at in which if at < len(rows)}
    found = walked(erased(links, which), head_of(links))
    assert len(found.broken) == len(cases)
    assert all("no later event tells of it" in words for words in found.broken)


@given(ROWS, st.data())
def test_a_tail_cut_off_with_the_head_is_found_by_a_head_noted_elsewhere(
    rows: list[Row], data: st.DataObject
) -> None:
    links = journal(rows)
    noted, left = head_of(links), links[: data.draw(st.integers(1, len(links) - 1))]
    assert walked(left, head_of(left)).sound
    (words,) = walked(left, head_of(left), noted).broken
    assert words == f"event {len(links)}, which you noted, is gone; the journal ends at {len(left)}"


@given(ROWS)
def test_a_journal_written_anew_is_found_by_a_head_noted_elsewhere(
    rows: list[Row],
) -> None:
    noted = head_of(journal(rows))
    anew = journal([(*rows[0][:4], "somebody else", rows[0][5]), *rows[1:]])
    assert walked(anew, head_of(anew)).sound
    assert "does not have the hash that you noted" in walked(anew, head_of(anew), noted).broken[0]


def test_what_is_told_reads_as_a_person_looks_for_it() -> None:
    at = 1_772_442_720_000_000  # 2 March 2026, 09:12
    links = journal([(4, "shop", at, "approved", "sam", {"text": "Sorry."})] * 25)
    head = head_of(links)
    links[16] = links[16]._replace(detail='{"text":"Not sorry."}')
    links[21], links[22] = links[21]._replace(seq=23), links[22]._replace(seq=22)
    del links[17:20]
    assert walked(links, head).broken == (
        "event 17 (approved, c-4, 2 March 2026 09:12) was changed: its words are others",
        "events 18 to 20 are missing",
        "event 23 (approved, c-4, 2 March 2026 09:12) stands where 22 should",
        "event 22 (approved, c-4, 2 March 2026 09:12) stands where 23 should",
    )


def test_beyond_twenty_broken_places_the_others_are_counted() -> None:
    links = journal([(1, "shop", 5, "heard", "", {})] * 50)
    links = [link._replace(mark="x") for link in links]
    found = walked(links, head_of(links))
    assert (len(found.broken), found.others) == (MOST, 30)
