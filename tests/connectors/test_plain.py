"""What HTML says, as plain text."""

import time
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.plain import plain
from tests.standins.mastodon.markup import markup

ANA = "https://far.example/@ana"
_ADDRESS = "https://shop.example/orders/2026/03/late-parcels?from=mail&no=17#answer"
_LINK = (
    '<a href="https://shop.example/orders/2026/03/late-parcels?from=mail&amp;no=17#answer">'
    '<span class="invisible">https://</span><span class="ellipsis">shop.example/orders/2026/03/lat</span>'
    '<span class="invisible">e-parcels?from=mail&amp;no=17#answer</span></a>'
)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One.</p><p>Two,<br />and more.</p>", "One.\n\nTwo,\nand more."),
        ("<p>  My  parcel is late. </p>", "  My  parcel is late. "),
        ("<p>One.</p>\n\n  <p>Two.</p>\n", "One.\n\nTwo."),
        ("One.<br><br><br>Two.<br>", "One.\n\n\nTwo."),
        ("<br><p>One.<br></p><p></p><p>Two.</p>", "One.\n\nTwo."),
        ("5 &lt; 6 &amp; 7 &gt; 6 &#x1F600; &nbsp;x", "5 < 6 & 7 > 6 😀 \xa0x"),
        ("if a < b & b > c", "if a < b & b > c"),
        (f"<p>See {_LINK}, please.</p>", f"See {_ADDRESS}, please."),
        ('<a href="https://a.example/x">a.example/x</a>', "https://a.example/x"),
        ('<a href="https://www.a.example/long/way">a.example/lo…</a>', "https://www.a.example/long/way"),
        ('<a href="https://a.example/">https://a.example</a>', "https://a.example"),
        ('<a href="https://a.example/x">here</a>', "here (https://a.example/x)"),
        ('<a href="https://evil.example/">https://bank.example/</a>',
         "https://bank.example/ (https://evil.example/)"),
        ('<a href="https://a.example/%C5%BE">https://a.example/ž</a>', "https://a.example/ž"),
        ('<a href="https://a.example/x"></a>', "https://a.example/x"),
        ('<a href="javascript:alert(1)">free money</a>', "free money"),
        ('<a href="mailto:care@a.example?subject=x">care@a.example</a>', "care@a.example"),
        ('<a href="mailto:care@a.example">write</a>', "write (care@a.example)"),
        ("<a>nowhere</a>", "nowhere"),
        (f'<span class="h-card"><a href="{ANA}" class="u-url mention">@<span>ana</span></a></span> hi',
         "@ana@far.example hi"),
        ('<a href="https://other.example/@bob" class="mention">@<span>bob</span></a>', "@bob"),
        ('<a href="https://a.example/tags/late" class="mention hashtag">#<span>late</span></a>', "#late"),
        ("<blockquote>They said:<br>soon.</blockquote><p>It is not.</p>",
         "> They said:\n> soon.\n\nIt is not."),
        ("<blockquote><p>One</p><p>Two</p></blockquote>", "> One\n>\n> Two"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>c", "> a\n>\n> > b\n\nc"),
        ("<p>Look:</p><pre><code>if a &lt; b:\n    go</code></pre><p>So.</p>",
         "Look:\n\n```\nif a < b:\n    go\n```\n\nSo."),
        ("a <code>b</code> <strong>c</strong> <em>d</em> <del>e</del>", "a `b` **c** *d* ~~e~~"),
        ("<ul><li>One</li><li>Two</li></ul>", "- One\n- Two"),
        ("<ol><li>One<ul><li>deep</li></ul></li><li>Two</li></ol>", "1. One\n  - deep\n2. Two"),
        ("<h1>Late</h1>again<hr>and again", "Late\n\nagain\n\n---\n\nand again"),
        ('<p>Hi <img src="x" alt=":wave:"></p>', "Hi :wave:"),
        ("a<script>steal()</script><style>x</style>b<!-- c -->d", "abd"),
        ("</b></a></pre></blockquote></ul></script>still <i>open <a href='https://a.example/b'>here",
         "still *open here (https://a.example/b)"),
        ("<table><tr><td>a</td></tr><tr><td>b</td></tr></table>", "a\nb"),
        ("", ""),
    ],
)  # fmt: skip
def test_html_reads_as_people_see_it(html: str, text: str) -> None:
    assert plain(html, {ANA: "ana@far.example"}) == text


def test_quotes_in_quotes_stay_within_reason() -> None:
    assert plain("<blockquote>" * 2000 + "deep") == "> " * 5 + "deep"


@pytest.mark.parametrize(
    "piece",
    ["<a ", '<a a="', "<!--", "<![CDATA[", "<?x", "</", "<b><i></b>", '<a href="https://a.example/b">zz',
     "<a a='><b b=\">", "<script></", "<b>", "&lt"],
)  # fmt: skip
def test_nobody_can_keep_us_busy_with_html(piece: str) -> None:
    began = time.process_time()
    plain(piece * 40_000)
    assert time.process_time() - began < 10  # a second; once it was minutes and hours


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("1 < 2 <3 and a<b", "1 < 2 <3 and a<b"),
        ("one<!-- <p>two --> three<!-->four", "one threefour"),
        ("one <!-- two", "one <!-- two"),
        ("<a href='https://a.example/1'>one<a href='https://a.example/2'>two</a></a>",
         "one (https://a.example/1)two (https://a.example/2)"),
    ],
)  # fmt: skip
def test_what_begins_no_tag_is_text(html: str, text: str) -> None:
    assert plain(html) == text


@given(st.text())
def test_no_html_is_too_broken_to_be_read(html: str) -> None:
    assert isinstance(plain(html), str)


_PIECES = "<p> </p> <br> <a> </a> <li> <ol> </ol> <pre> </pre> <blockquote> </blockquote> <b> </b>"


@given(st.lists(st.sampled_from([*_PIECES.split(), "zz", " ", "\n"])))
def test_no_word_is_lost_in_any_order_of_tags(pieces: list[str]) -> None:
    assert plain("".join(pieces)).count("zz") == pieces.count("zz")


#: What people type: lines of which none is empty but one between two paragraphs.
_WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1).filter(
    lambda line: line.strip() == line and line
)
_TYPED = st.lists(st.lists(_WORDS, min_size=1).map("\n".join), min_size=1).map("\n\n".join)


@given(_TYPED)
def test_what_mastodon_makes_of_a_text_reads_as_that_text(text: str) -> None:
    assert plain(markup(text, lambda _: None)) == text


@given(_TYPED)
def test_what_is_typed_as_html_reads_as_it_was_typed(text: str) -> None:
    assert plain(f"<p>{escape(text).replace(chr(10), '<br>')}</p>") == text
