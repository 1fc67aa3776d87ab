"""The letter in eight languages: each whole, each in 78 columns, and no stranger's word acts in any form."""

from dataclasses import replace
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder import letter
from responder.letter.compose import address
from responder.letter.languages import languages, spoken
from responder.letter.markdown import escaped
from responder.letter.plain import WIDTH, marks
from responder.letter.tongue import LetterError, _wrong, tongue
from responder.model.digest import Day, Digest, Theme
from responder.model.letter import Letter
from responder.model.mention import Author
from responder.model.statistics import Spread
from tests.network import START, mention
from tests.test_letter import case, delivery, full_day

ZONE = ZoneInfo("Europe/Ljubljana")
EVIL = "<script>alert(1)</script> <img src=x onerror=y> \x1b[2J\u202e\u2066 **b** [x](javascript:1) @everyone"


def whole_day() -> Digest:
    """A day with something in every part."""
    day = full_day()
    return replace(
        day,
        first=Spread(n=31, median=2280, ninetieth=10_500),
        private=2,
        reopened=5,
        week=tuple(Day(START.date(), n, 3 * n) for n in (1, 5, 3, 9, 2, 0, 1_234)),
        themes=(Theme("lost", 4, 1), Theme("late", 1, 5), Theme("our_own", 2, 2)),
        alarmed=(replace(delivery(""), alarm="It stands there twice."),),
        by_hand=(delivery(""),),
    )


def written(digest: Digest, language: str = "en") -> Letter:
    return letter.write(digest, "Lindenrowe", ZONE, language, to="ana")


class Read(HTMLParser):
    """What a mail program sees of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.loads += [str(value) for name, value in attrs if name in {"src", "background", "srcset", "data"}]
        self.loads += [name for name, _ in attrs if name.startswith("on")]
        self.links += [str(value) for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.words += data


def test_there_are_letters_in_the_languages_that_we_answer_in() -> None:
    assert languages() == ("bg", "de", "en", "es", "fr", "hr", "sl", "sv")
    assert (spoken("sl"), spoken("it")) == ("sl", "en")


@pytest.mark.parametrize("language", languages())
def test_every_language_is_whole(language: str) -> None:
    assert tongue(language).language == language  # loading compares keys, forms and braces
    ours, english = tongue(language).words, tongue("en").words
    assert ours.keys() == english.keys()
    same = [key for key, words in ours.items() if words == english[key]]
    assert language == "en" or len(same) < len(english) / 8


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ({}, "a.b is missing"),
        ({"a.b": "x {n}", "a.c": {"other": "{n}"}, "z.z": "y"}, "z.z is not known"),
        ({"a.b": "x", "a.c": {"other": "{n}"}}, "a.b must have the braces ['n']"),
        ({"a.b": "x {n}", "a.c": {"other": "{m}"}}, "a.c must have the braces ['n']"),
        ({"a.b": "x {n}", "a.c": {"one": "{n}", "other": "{n}"}}, "a.c must have the forms other"),
        ({"a.b": "x {n}", "a.c": "{n}"}, "a.c must have a form for each kind of number"),
        ({"a.b": "x\n{n}", "a.c": {"other": "{n}"}}, "a.b must be one line of words"),
    ],
)
def test_a_language_that_is_not_whole_does_not_load(
    broken: dict[str, str | dict[str, str]], says: str
) -> None:
    wanted: dict[str, str | dict[str, str]] = {"a.b": "w {n}", "a.c": {"other": "{n}"}}
    assert says in list(_wrong(broken, wanted, {"other"}))
    assert list(_wrong(wanted, wanted, {"other"})) == []
    assert issubclass(LetterError, Exception)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("sl", "1 odprta, 2 odprti, 3 odprte, 5 odprtih, 21 odprtih, 101 odprta, 102 odprti"),
        ("hr", "1 otvorena, 2 otvorene, 3 otvorene, 5 otvorenih, 21 otvorena, 101 otvorena, 102 otvorene"),
        ("bg", "1 отворено, 2 отворени, 3 отворени, 5 отворени, 21 отворени, 101 отворени, 102 отворени"),
        ("de", "1 offen, 2 offen, 3 offen, 5 offen, 21 offen, 101 offen, 102 offen"),
    ],
)
def test_each_number_has_the_form_that_its_language_asks_for(language: str, told: str) -> None:
    numbers = (1, 2, 3, 5, 21, 101, 102)
    assert ", ".join(tongue(language).count("figures.open", n) for n in numbers) == told


@pytest.mark.parametrize("language", languages())
def test_a_whole_letter_keeps_to_its_columns_in_every_language(language: str) -> None:
    one = written(whole_day(), language)
    long = [line for line in one.text.splitlines() if len(line) > WIDTH]
    assert [line for line in long if " " in line.strip()] == []
    assert "{" not in one.text + one.markdown
    assert f'lang="{language}"' in one.html
    assert all(name in one.text and name in one.html and name in one.markdown for name in ("c-1", "c-104"))


def test_the_parts_come_in_the_order_in_which_they_matter() -> None:
    one = written(whole_day())
    titles = ["forum is not well", "Look at once", "Overdue (", "Today (", "To send by hand", "Look yourself"]
    titles += ["Under way", "Since Sun", "Last seven days", "Themes", "Health", "responder review"]
    for words in (one.text.lower(), Read(one.html).words.lower(), one.markdown.lower().replace("\\", "")):
        places = [words.index(title.lower()) for title in titles]
        assert places == sorted(places)


def test_the_page_loads_nothing_and_links_to_posts_alone() -> None:
    read = Read(written(whole_day()).html)
    assert read.loads == []
    assert read.tags.isdisjoint({"img", "script", "link", "iframe", "object", "form", "video", "svg"})
    assert set(read.links) == {"https://net.example/1", "https://net.example/9"}
    assert "url(" not in written(whole_day()).html


def test_a_chart_is_marks_and_numbers() -> None:
    assert marks((1, 4, 2, 8, 0)) == "▁▄▂█ "
    one = written(whole_day())
    assert "1,234" not in one.text.split("LAST SEVEN DAYS")[1].split("THEMES")[0]
    assert "1234" in one.text
    assert "lost parcel 4 (+3), late delivery 1 (-4), our own 2 (±0)" in one.text


@pytest.mark.parametrize("language", ["en", "sl"])
def test_nothing_a_stranger_wrote_acts_in_any_form(language: str) -> None:
    stranger = case(1, author=Author(id=EVIL, handle=EVIL, name=EVIL), said=EVIL, url=EVIL)
    post = replace(mention("9"), url=f"https://x.example/{EVIL}", external_id=EVIL)
    lost = replace(delivery(EVIL), target=post)
    evil = replace(whole_day(), overdue=(stranger,), waiting=(stranger,), unsettled=(lost,), by_hand=(lost,))
    one = letter.write(evil, EVIL, ZONE, language, to="ana")
    for words in (one.subject, one.text, one.markdown, Read(one.html).words):
        assert not set("\x1b\u202e\u2066") & set(words)
    read = Read(one.html)
    assert read.tags.isdisjoint({"script", "img"})
    assert read.loads == []
    assert set(read.links) == {"https://net.example/9"}
    assert "](javascript" not in one.markdown
    assert "@everyone" not in one.markdown
    assert " **b** " not in one.markdown


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://net.example/1?a=b&c", True),
        ("HTTP://net.example/1", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https://net.example/a b", False),
        ("https://net.example/\u202e", False),
        ("https://net.example/\n", False),
        ("", False),
    ],
)
def test_only_a_page_that_a_browser_opens_is_linked(url: str, shown: bool) -> None:
    assert address(replace(mention("1"), url=url)) == (url if shown else "")


@given(st.text(max_size=40))
def test_no_words_are_markup_in_markdown(words: str) -> None:
    bare = escaped(words)
    for at, char in enumerate(bare):
        if char in "*_[]()<>`#|~":
            assert bare[at - 1] == "\\"
