"""How far a source was read: nothing lost, nothing twice, whatever happens to a listing between two pages."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.reddit.items import Item
from connectors.reddit.places import REMEMBERED, Place, Places
from responder.connector import Refused
from tests.connectors.reddit.stages import reddit
from tests.connectors.stage import pages
from tests.standins.reddit import BRAND, Server, Thing, World, instead, to_path

PAGE = 100


def item(number: int, text: str = "Late.", *, gone: bool = False) -> Item:
    """Return a comment; the higher the number, the later it came."""
    return Item(
        name=f"t1_{number}",
        author="ana",
        author_id="t2_a",
        text=text,
        created=float(number),
        edited=False,
        gone=gone,
        thread="t3_p",
        parent="t3_p",
        url="",
        closed="",
    )


class Shelf:
    """A listing: the newest first, a thousand at the most, pages by name."""

    def __init__(self, numbers: Sequence[int] = ()) -> None:
        self.numbers = list(numbers)

    def page(self, after: str) -> tuple[list[Item], str]:
        listed = sorted(self.numbers, reverse=True)[:1000]
        names = [f"t1_{one}" for one in listed]
        begin = names.index(after) + 1 if after in names else (len(names) if after else 0)
        shown = listed[begin : begin + PAGE]
        more = shown and begin + PAGE < len(listed)
        return [item(one) for one in shown], f"t1_{shown[-1]}" if more else ""


def read(
    place: Place, shelf: Shelf, backlog: int = 1000, between: Callable[[Place], object] = lambda _: None
) -> tuple[list[int], bool, Place]:
    """Read a listing to its end, the place kept as JSON between pages; return what was new, and if a gap."""
    found, gap = list[int](), False
    for _ in range(100):
        items, after = shelf.page(place.after)
        taken = place.take(items, after, backlog)
        found += [int(one.name[3:]) for one in taken.fresh]
        gap |= taken.gap is not None
        place = Places.of(Places(by_source={"a": place}).cursor()).by_source["a"]
        if place.walk is None:
            return found, gap, place
        between(place)
    raise AssertionError("it never ends")


class TestOnePlace:
    def test_the_first_reading_takes_the_newest_and_leaves_the_rest(self) -> None:
        shelf = Shelf(range(1, 501))
        found, gap, place = read(Place(), shelf, backlog=150)
        assert (sorted(found), gap) == (list(range(351, 501)), False)
        assert read(place, shelf)[:2] == ([], False)

    def test_the_first_reading_may_take_nothing(self) -> None:
        shelf = Shelf(range(1, 51))
        found, _, place = read(Place(), shelf, backlog=0)
        assert found == []
        shelf.numbers.append(51)
        assert read(place, shelf)[0] == [51]

    def test_of_an_empty_listing_what_comes_later_is_new(self) -> None:
        shelf = Shelf()
        _, _, place = read(Place(), shelf, backlog=0)
        shelf.numbers += range(1, 301)
        assert sorted(read(place, shelf, backlog=0)[0]) == list(range(1, 301))

    def test_each_page_is_given_the_oldest_first(self) -> None:
        assert read(Place(), Shelf(range(1, 51)))[0] == list(range(1, 51))

    def test_more_than_a_page_since_then_is_read_down_to_what_is_known(self) -> None:
        shelf = Shelf(range(1, 51))
        place = read(Place(), shelf)[2]
        shelf.numbers += range(51, 400)
        assert sorted(read(place, shelf)[0]) == list(range(51, 400))

    def test_what_comes_while_it_is_read_is_found_next_time(self) -> None:
        shelf = Shelf(range(1, 51))
        place = read(Place(), shelf)[2]
        shelf.numbers += range(51, 400)
        found, _, place = read(place, shelf, between=lambda _: shelf.numbers.append(max(shelf.numbers) + 1))
        later, _, _ = read(place, shelf)
        assert sorted(found + later) == list(range(51, max(shelf.numbers) + 1))

    def test_what_comes_late_into_a_listing_is_heard(self) -> None:
        shelf = Shelf([1, 2, 3, 5, 6, 7])
        place = read(Place(), shelf)[2]
        shelf.numbers.append(4)
        assert read(place, shelf)[0] == [4]

    def test_when_the_newest_known_ones_were_deleted_nothing_is_lost_or_heard_again(self) -> None:
        shelf = Shelf(range(1, 301))
        place = read(Place(), shelf)[2]
        shelf.numbers = [*range(1, 200), 301, 302]
        found, gap, place = read(place, shelf)
        assert (found, gap) == ([301, 302], False)
        shelf.numbers = list(range(1, 100))  # so many that none is left of those we know
        assert read(place, shelf)[:2] == ([], False)

    def test_when_all_known_names_are_deleted_reading_ends_at_what_is_old(self) -> None:
        shelf = Shelf(range(1, 1001))
        place = read(Place(), shelf)[2]
        shelf.numbers = [*range(1, 1001 - REMEMBERED), 1001]
        assert read(place, shelf)[:2] == ([1001], False)

    def test_a_foothold_that_is_deleted_ends_no_reading(self) -> None:
        shelf = Shelf(range(1, 51))
        place = read(Place(), shelf)[2]
        shelf.numbers += range(51, 400)
        deleted = list[int]()

        def delete_the_foothold(place: Place) -> None:
            number = int(place.after.removeprefix("t1_") or 0)
            if number in shelf.numbers and len(deleted) < 5:
                shelf.numbers.remove(number)
                deleted.append(number)

        found, gap, _ = read(place, shelf, between=delete_the_foothold)
        assert (set(range(51, 400)) - set(found), gap) == (set(), False)
        assert len(deleted) == 5

    def test_a_listing_that_ends_with_a_full_page_ends(self) -> None:
        shelf = Shelf(range(1, 301))
        real = shelf.page
        shelf.page = lambda after: (real(after)[0], f"t1_{min(range(1, 301))}")  # type: ignore[method-assign]
        assert len(set(read(Place(), shelf)[0])) == 300

    def test_more_than_reddit_lists_is_a_gap(self) -> None:
        shelf = Shelf(range(1, 51))
        place = read(Place(), shelf)[2]
        shelf.numbers += range(51, 1300)
        found, gap, place = read(place, shelf)
        assert (sorted(found), gap) == (list(range(300, 1300)), True)
        assert read(place, shelf)[:2] == ([], False)

    def test_a_small_listing_whose_known_ones_all_went_is_no_gap(self) -> None:
        shelf = Shelf([1, 2])
        place = read(Place(), shelf)[2]
        shelf.numbers = [3]
        assert read(place, shelf)[:2] == ([3], False)

    def test_what_was_passed_over_as_old_may_be_new_to_another_source(self) -> None:
        shelf = Shelf(range(1, 151))
        place = read(Place(), shelf, backlog=100)[2]
        shelf.numbers.remove(150)  # so that an old one moves up onto the page
        assert read(place, shelf)[0] == []
        places = Places(by_source={"a": place, "b": Place()})
        assert [number for number in range(1, 151) if places.heard_elsewhere(item(number), "b")] == [
            *range(51, 151)
        ]

    def test_no_more_names_are_remembered_than_needed(self) -> None:
        place = read(Place(), Shelf(range(1, 1001)))[2]
        assert len(place.seen) == REMEMBERED
        assert place.floor == 1000 - REMEMBERED

    @pytest.mark.slow
    @settings(max_examples=50)
    @given(st.integers(0, 2**32), st.lists(st.integers(0, 900), min_size=1, max_size=8))
    def test_whatever_happens_between_two_readings_all_that_stands_is_heard_once(
        self, seed: int, bursts: list[int]
    ) -> None:
        chance = Random(seed)  # noqa: S311 (a replay)
        shelf, place = Shelf(), Place()
        heard, ever = list[int](), 0
        for burst in bursts:
            shelf.numbers += range(ever + 1, ever + burst + 1)
            ever += burst
            known = sorted(set(shelf.numbers) & set(heard))
            for one in chance.sample(known, min(len(known), chance.randrange(40))):
                shelf.numbers.remove(one)
            found, gap, place = read(place, shelf, backlog=1000)
            heard += found
            assert not gap or not (set(known) & set(shelf.numbers))  # then nobody can know
        assert sorted(heard) == list(range(1, ever + 1))


SEARCH: dict[str, Any] = {"searches": [{"query": "parcel"}, {"subreddit": "acme", "query": "late"}]}


def talk(world: World) -> Thing:
    """Let the brand say something that people answer."""
    return world.post(BRAND, "How was it?")


class TestTurns:
    def test_the_inbox_is_read_every_second_time_and_the_others_in_turn(self, server: Server) -> None:
        connector = reddit(server, subreddits=["acme"], **SEARCH)
        *_, last = pages(connector)
        before, cursor = len(server.reads), last.cursor
        for _ in range(8):
            page = connector.poll(cursor)
            assert not page.more
            cursor = page.cursor
        paths = [one.path for one in server.reads[before:]]
        assert paths[::2] == ["/message/inbox/"] * 4
        others = ["/r/acme/comments/", "/r/acme/new/", "/r/acme/search/", "/r/all/search/"]
        assert sorted(paths[1::2]) == others

    def test_the_first_time_everything_is_read(self, server: Server) -> None:
        read_now = pages(reddit(server, subreddits=["acme"], **SEARCH))
        assert len(read_now) == 5
        assert len({one.path for one in server.reads}) == 6  # and who we are

    def test_a_source_that_was_added_is_read_at_once(self, server: Server, world: World) -> None:
        *_, last = pages(reddit(server))
        post = world.post("ana", "A parcel.")
        page = reddit(server, **SEARCH).poll(last.cursor)
        assert [one.external_id for one in page.mentions] == [post.name]

    def test_a_search_keeps_to_its_community(self, server: Server) -> None:
        pages(reddit(server, inbox=False, **SEARCH))
        everywhere, there = (one.query for one in server.reads if one.path.endswith("/search/"))
        assert "restrict_sr" not in everywhere
        assert there["restrict_sr"] == "on"
        assert (there["q"], there["sort"], there["t"]) == ("late", "new", "all")

    def test_what_the_search_finds_late_is_heard(self, server: Server, world: World) -> None:
        connector = reddit(server, inbox=False, searches=[{"query": "parcel"}])
        world.post("ana", "First parcel.")
        world.search_lags = True
        slow = world.post("ben", "Second parcel.")
        world.search_lags = False
        world.post("cleo", "Third parcel.")
        *_, last = pages(connector)
        world.index()
        assert [one.external_id for one in connector.poll(last.cursor).mentions] == [slow.name]


class TestSourcesThatFail:
    def test_a_closed_community_leaves_its_turn_and_is_told_of_once(
        self, server: Server, world: World
    ) -> None:
        world.private.add("acme")
        connector = reddit(server, searches=[{"subreddit": "acme", "query": "late"}])
        told, cursor = list[str](), None
        said = talk(world)
        for number in range(6):
            world.comment(f"ana{number}", "Badly.", said)
            page = connector.poll(cursor)
            told, cursor = told + [page.gap] * bool(page.gap), page.cursor
        assert told == [
            "the search for late in r/acme cannot be read: Reddit does not show it to us: it is private."
        ]
        world.private.clear()
        post = world.post("eva", "Always late.")
        heard = [*connector.poll(cursor).mentions, *connector.poll(connector.poll(cursor).cursor).mentions]
        assert post.name in {one.external_id for one in heard}

    @pytest.mark.parametrize("status", [503, 429])
    def test_a_search_that_is_ill_does_not_keep_the_inbox_waiting(
        self, server: Server, world: World, status: int
    ) -> None:
        connector = reddit(server, **SEARCH)
        *_, last = pages(connector)
        told, heard, cursor = list[str](), list[str](), last.cursor
        top, said = talk(world), list[str]()
        with server.failing(to_path("/r/"), instead(status)):
            for number in range(12):
                said.append(world.comment(f"ana{number}", "Badly.", top).name)
                page = connector.poll(cursor)
                told, cursor = told + [page.gap] * bool(page.gap), page.cursor
                heard += [one.external_id for one in page.mentions]
        assert heard in (said, said[:-1])  # it was the inbox's turn, or that of a search
        assert len(told) == 2  # once for each search, after some time

    def test_a_community_that_does_not_exist_leaves_its_turn(self, server: Server) -> None:
        away = instead(302, b"", {"Location": "https://www.reddit.com/subreddits/search?q=acme"})
        with server.failing(to_path("/r/"), away):
            first, second = pages(reddit(server, searches=[{"subreddit": "acme", "query": "late"}]))
        assert "there is no such community" in f"{first.gap}{second.gap}"

    def test_the_only_source_that_fails_is_a_failure_of_the_account(self, server: Server) -> None:
        with server.failing(to_path("/r/"), instead(403)), pytest.raises(Refused):
            reddit(server, inbox=False, searches=[{"query": "late"}]).poll(None)
