"""Intake of everything a network can say, however large, odd or late."""

from dataclasses import replace

import pytest

from responder.connector import Page
from responder.model.case import Stage
from responder.model.mention import Author, Mention
from responder.model.page import Unread
from responder.store.errors import NotFound
from responder.store.intake import Taken
from responder.store.store import Store
from tests.desk import approved, stage, waiting
from tests.network import at, mention
from tests.steps.sending import ready, send


def take(store: Store, *mentions: Mention, removed: tuple[str, ...] = (), page: int = 1) -> Taken:
    """Keep the next page of account "shop", whatever its cursor is."""
    store.intake.introduce({"shop": "scripted"})
    before = store.intake.cursor("shop")
    return store.intake.keep(
        "shop", before, Page(mentions=mentions, cursor=f"{before}+", removed=removed), at(page)
    )


def actions(store: Store, number: int = 1) -> list[str]:
    return [one.action for one in store.views.card(number).events]


# --- ids and words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("odd", ["p\0", "p\ud83d", "p" * 5000, "", "p' OR 1=1 --", "ě\u202e\x1b", "%_"])
def test_an_id_of_any_kind_is_one_post_and_stays_so(any_store: Store, odd: str) -> None:
    post = replace(mention("x"), external_id=odd, thread=odd, author=Author(id=odd, handle=odd))
    assert take(any_store, post) == Taken(heard=1, opened=1)
    assert take(any_store, post) == Taken()
    assert take(any_store, replace(post, text="edited", edit_mark="e")) == Taken(edited=1)
    assert take(any_store, removed=(odd,)) == Taken(removed=1)
    assert stage(any_store) is Stage.SET_ASIDE


def test_two_ids_that_the_database_cannot_tell_apart_do_not_stop_the_page(any_store: Store) -> None:
    posts = [replace(mention("x"), external_id=odd) for odd in ("p\0", "p\ufffd", "p1")]
    assert take(any_store, *posts).heard == 2


def test_what_could_not_be_read_is_kept_whatever_it_holds(any_store: Store) -> None:
    any_store.intake.introduce({"shop": "scripted"})
    unread = Unread(place="feed\0:\ud83d", problem="\0\ud83d", body="\0\ud83d")
    page = Page(mentions=(), cursor="1", malformed=(unread,), gap="cut \0 \ud83d")
    assert any_store.intake.keep("shop", None, page, at(1)) == Taken(malformed=1)
    assert len(any_store.views.unread()) == 1


@pytest.mark.parametrize("followers", [None, 0, 2**31, 2**63 - 1, 2**63, 10**30])
def test_any_number_of_followers_is_stored(any_store: Store, followers: int | None) -> None:
    post = replace(mention("1"), author=Author(id="a", handle="a", followers=followers))
    take(any_store, post)
    kept = any_store.casework.get(1).target.author.followers
    assert kept == (None if followers is None else min(followers, 2**63 - 1))


def test_an_author_without_a_handle_or_name_has_a_case(any_store: Store) -> None:
    take(any_store, replace(mention("1"), author=Author(id="42", handle="")))
    assert any_store.casework.get(1).target.author == Author(id="42", handle="")


@pytest.mark.parametrize("number", [0, -1, 2**31, 2**63 - 1, 2**63, 10**30, -(10**30)])
def test_a_number_of_any_size_that_is_no_case_is_told(any_store: Store, number: int) -> None:
    for asked in (any_store.casework.get, any_store.views.card):
        with pytest.raises(NotFound, match=f"there is no case c-{number}"):
            asked(number)


# --- edits, removals and returns --------------------------------------------------------------------------


def test_a_post_that_moved_to_another_thread_is_weighed_again_where_it_was_stored(any_store: Store) -> None:
    waiting(any_store, mention("1"))
    approved(any_store)
    assert take(any_store, replace(mention("1", "It burnt.", thread="elsewhere"), edit_mark="e")).edited == 1
    assert (stage(any_store), any_store.casework.get(1).target.text) == (Stage.NEW, "It burnt.")
    assert actions(any_store)[-3:] == ["edited", "delivery void", "edit weighed"]


def test_a_post_that_was_gone_and_is_back_is_heard_again(any_store: Store) -> None:
    """A look may find nothing because an account was locked for a day; its complaint is not over."""
    take(any_store, mention("1"))
    any_store.intake.gone(mention("1"), at(2))
    assert stage(any_store) is Stage.SET_ASIDE
    assert take(any_store, mention("1")) == Taken(edited=1)
    assert stage(any_store) is Stage.NEW
    assert any_store.views.card(1).removed == frozenset()
    assert actions(any_store)[-2:] == ["is back", "edit weighed"]


def test_a_page_that_holds_a_post_and_its_removal_changes_nothing_the_second_time(any_store: Store) -> None:
    assert take(any_store, mention("1"), removed=("1",)) == Taken(heard=1, opened=1, removed=1)
    before = actions(any_store)
    assert take(any_store, mention("1"), removed=("1",)) == Taken()
    assert (stage(any_store), actions(any_store)) == (Stage.SET_ASIDE, before)


def test_when_the_latest_post_is_gone_the_one_before_it_is_answered(any_store: Store) -> None:
    take(any_store, mention("1"), mention("2", thread="1", minutes=3), mention("3", thread="1", minutes=2))
    assert any_store.casework.get(1).target.external_id == "2"
    take(any_store, removed=("2",))
    assert any_store.casework.get(1).target.external_id == "3"
    take(any_store, removed=("3",))
    assert any_store.casework.get(1).target.external_id == "1"


def test_a_removal_after_the_answer_leaves_it_answered(store: Store) -> None:
    _, accounts = ready(store)
    send(store, accounts)
    take(store, removed=("1",))
    assert stage(store) is Stage.ANSWERED


def test_a_look_and_a_poll_that_bring_the_same_edit_weigh_it_once(any_store: Store) -> None:
    take(any_store, mention("1"))
    edited = replace(mention("1", "It burnt."), edit_mark="e")
    any_store.intake.seen_again([edited], at(2))
    assert take(any_store, edited) == Taken()
    assert actions(any_store) == ["heard", "edited", "edit weighed"]


def test_a_look_of_long_ago_does_not_overwrite_what_was_read_since(any_store: Store) -> None:
    take(any_store, mention("1"))
    before = any_store.casework.get(1).target
    latest = replace(mention("1", "third words"), edit_mark="e2")
    take(any_store, latest, page=2)
    seen = replace(mention("1", "second words"), edit_mark="e1")
    any_store.intake.seen_again([seen], at(3), before=before)
    assert any_store.casework.get(1).target.text == "third words"
    now = any_store.casework.get(1).target
    any_store.intake.seen_again([seen], at(4), before=now)
    assert any_store.casework.get(1).target.text == "second words"


def test_a_look_of_long_ago_does_not_bring_back_what_was_removed_since(any_store: Store) -> None:
    take(any_store, mention("1"))
    target = any_store.casework.get(1).target
    later = mention("2", "It came!", thread="1", minutes=5)
    take(any_store, later, page=2)
    any_store.intake.gone(later, at(6))
    assert any_store.intake.seen_again([later], at(7), before=target) == 0
    assert any_store.views.card(1).removed == {2}


def test_posts_that_arrive_out_of_order_are_put_in_order(any_store: Store) -> None:
    take(any_store, mention("late", thread="t", minutes=9))
    take(any_store, mention("early", thread="t", minutes=1))
    case = any_store.casework.get(1)
    assert (case.target.external_id, [one.external_id for one in case.earlier]) == ("late", ["early"])


# --- size ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_page_longer_than_one_statement_takes_is_kept_whole(store: Store) -> None:
    posts = [mention(str(n), thread=f"t{n % 5500}", author=f"a{n % 5500}", minutes=n) for n in range(6_000)]
    assert take(store, *posts) == Taken(heard=6_000, opened=5_500)
    assert take(store, *(replace(one, edit_mark="e") for one in posts)) == Taken(edited=6_000)
    assert take(store, removed=tuple(one.external_id for one in posts)) == Taken(removed=6_000)
    assert store.views.figures(at(2), at(0)).by_stage == {"SET_ASIDE": 5_500}
    assert store.views.verify() == []


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_page_of_any_length_is_kept(any_url: str) -> None:
    """More posts than a statement takes values: 32,766 on SQLite, 65,535 on PostgreSQL."""
    store = Store(any_url)
    store.prepare()
    many = 33_000 if store.engine.dialect.name == "sqlite" else 66_000
    posts = [mention(str(n), author=f"a{n}") for n in range(many)]
    assert take(store, *posts) == Taken(heard=many, opened=many)
    assert take(store, *(replace(one, edit_mark="e") for one in posts)) == Taken(edited=many)
    assert store.views.verify() == []
    store.close()


@pytest.mark.slow
def test_a_thread_of_ten_thousand_posts_stays_quick_and_small(any_store: Store) -> None:
    take(any_store, *(mention(str(n), "word " * 20, thread="t", minutes=n / 100) for n in range(10_000)))
    for n in range(10):
        take(any_store, mention(f"more {n}", thread="t", minutes=200 + n))
        any_store.casework.due(Stage.NEW, at(300))
    (case,) = any_store.casework.due(Stage.NEW, at(300))
    assert (case.posts, len(case.earlier), case.target.external_id) == (10_010, 20, "more 9")
    assert [one.external_id for one in case.earlier[-2:]] == ["more 7", "more 8"]
