"""The grammar of searches: what people type, what it means, and what they are told when it means nothing."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.model.search import Search, joined, parse
from responder.model.term import KEYS, MARKS, STAGES, SearchError, Term

#: Words that nothing keeps apart from a term but their quotes.
SAYS = st.text(min_size=1, max_size=12).filter(str.strip) | st.sampled_from(
    ["me", "nobody", "-x", "<3", ">=1", "a:b", 'say "no"', "back\\slash", "two words", "tier:>3", "c-3"]
)
LOWER = st.text("abcdefghijk-_", min_size=1, max_size=8)
COMPARED = st.sampled_from(["=", ">", ">=", "<", "<="])
LENGTHS = st.integers(0, 10**8).map(lambda seconds: timedelta(seconds=seconds))


EQUAL = st.just("=")


def term(
    key: str, value: st.SearchStrategy[Any], op: st.SearchStrategy[Any] = EQUAL
) -> st.SearchStrategy[Term]:
    """Return a strategy for the terms of one key."""
    return st.builds(Term, key=st.just(key), value=value, op=op, negated=st.booleans())


TERMS = st.one_of(
    [
        *(term(key, SAYS) for key in ("", "text", "author")),
        *(term(key, LOWER) for key in ("network", "account", "topic", "lang")),
        term("owner", SAYS | st.just("")),
        term("tier", st.integers(0, 5), COMPARED),
        term("urgency", st.integers(0, 100), COMPARED),
        term("stage", st.sampled_from(STAGES)),
        term("mark", st.sampled_from(MARKS)),
        *(term(key, st.sampled_from(["late", "today"])) for key in ("due", "settle", "rule")),
        *(
            term(key, LENGTHS, st.sampled_from([">", ">=", "<", "<="]))
            for key in ("age", "due", "settle", "rule")
        ),
        term("id", st.integers(1, 10**17)),
    ]
)


@given(st.lists(TERMS, max_size=6).map(lambda terms: Search(tuple(terms))))
def test_a_search_is_written_as_it_is_read(search: Search) -> None:
    assert parse(str(search), "sam") == search


@given(st.text(max_size=60) | st.text('abt:"\\-<> 3', max_size=20))
def test_whatever_is_typed_is_read_or_refused_with_its_place(text: str) -> None:
    search = refused = None
    try:
        search = parse(text, "sam")
    except SearchError as error:
        refused = error
    if refused:
        assert all((refused.what, refused.where.startswith("at character"), refused.todo))
    else:
        assert parse(str(search), "sam") == search


def test_the_name_of_a_case_alone_is_that_case_unless_it_is_quoted() -> None:
    assert parse("c-3 C-7 -c-09") == parse("id:c-3 id:c-7 -id:c-9")
    assert parse('"c-3" c-0 c-x').terms == tuple(Term(key="", value=said) for said in ("c-3", "c-0", "c-x"))


def test_each_part_of_a_filter_is_a_term() -> None:
    assert parse('network:x tier:>3 owner:me stage:waiting text:"Refund, now"', me="sam").terms == (
        Term(key="network", value="x"),
        Term(key="tier", value=3, op=">"),
        Term(key="owner", value="sam"),
        Term(key="stage", value="waiting"),
        Term(key="text", value="Refund, now"),
    )


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("lost", Term(key="", value="lost")),
        ('"lost parcel"', Term(key="", value="lost parcel")),
        ("-refund", Term(key="", value="refund", negated=True)),
        ("<3", Term(key="", value="<3")),
        ("-lang:de", Term(key="lang", value="de", negated=True)),
        ("lang:unknown", Term(key="lang", value="und")),
        ("Tier:>=3", Term(key="tier", value=3, op=">=")),
        ("stage:NEEDS_REPLY", Term(key="stage", value="needs-reply")),
        ("owner:nobody", Term(key="owner", value="")),
        ('owner:"nobody"', Term(key="owner", value="nobody")),
        ('owner:"me"', Term(key="owner", value="me")),
        ("topic:unclear", Term(key="topic", value="")),
        ("due:late", Term(key="due", value="late")),
        ("due:<90m", Term(key="due", value=timedelta(minutes=90), op="<")),
        ("age:>2w", Term(key="age", value=timedelta(days=14), op=">")),
        ("id:101", Term(key="id", value=101)),
        (r'text:"say \"no\""', Term(key="text", value='say "no"')),
    ],
)
def test_a_term_means_what_it_says(text: str, term: Term) -> None:
    assert parse(f"  {text}\n", me="sam").terms == (term,)


@pytest.mark.parametrize(
    ("text", "what", "where"),
    [
        (
            "network:x teir:3",
            "teir: is not known; did you mean tier?",
            "at character 11 of the filter: teir:3",
        ),
        ("xyzzy:3", "xyzzy: is not known", "at character 1"),
        ("stage:wating", "stage:wating is not known; did you mean stage:waiting?", "stage:wating"),
        ("mark:blokced", "did you mean mark:blocked?", "mark:blokced"),
        ("tier:9", "tier is a whole number from 0 to 5", "tier:9"),
        ("tier:", "Nothing follows tier:", "tier:"),
        ("due:soon", "due:soon is not known", "due:soon"),
        ("age:1d", "age is compared with a length of time", "age:1d"),
        ("age:>5000d", "Nothing here is longer than ten years", "age:>5000d"),
        ("author:>ana", "author cannot be compared with >", "author:>ana"),
        ("id:x", "This is not the id of a case", "id:x"),
        ("owner:me", "It is not clear who owner:me is", "owner:me"),
        ('lost "parcel', "A quote is not closed", 'at character 6 of the filter: "parcel'),
        ('say"no"', "A quotation mark stands inside a word", 'say"no"'),
        ("x" * 1001, "A filter has at most 1,000 characters", "this one has 1,001"),
    ],
)
def test_what_cannot_be_understood_is_told_with_its_place_and_what_was_meant(
    text: str, what: str, where: str
) -> None:
    with pytest.raises(SearchError) as caught:
        parse(text)
    assert what in caught.value.what
    assert where in caught.value.where
    assert caught.value.todo


@pytest.mark.parametrize("key", KEYS)
def test_the_example_of_every_key_can_be_read(key: str) -> None:
    (term,) = parse(KEYS[key], me="sam").terms
    assert term.key == key


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["network:x", "tier:>3"], "network:x tier:>3"),
        (["network:x tier:>3"], "network:x tier:>3"),
        (["text:money back", "lang:en"], 'text:"money back" lang:en'),
        (["-text:money back"], '-text:"money back"'),
        (["owner:Ana Moreau"], 'owner:"Ana Moreau"'),
        (["lost parcel"], '"lost parcel"'),
        (['text:"money back" -lang:de'], 'text:"money back" -lang:de'),
        (["text:refund lang:en"], "text:refund lang:en"),
    ],
)
def test_the_quotes_that_a_shell_took_off_are_put_back(words: list[str], text: str) -> None:
    assert joined(words) == text
    assert parse(text).terms


def test_a_stage_is_added_only_where_none_is_named() -> None:
    assert str(parse("tier:5").in_stage("waiting")) == "tier:5 stage:waiting"
    assert str(parse("-stage:new").in_stage("waiting")) == "-stage:new"
