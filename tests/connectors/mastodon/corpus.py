"""Two hundred replies that are hard on whatever carries text, made by rule; no person wrote any of them."""

from itertools import product

_OPENINGS = ("We are sorry", "Žal nam je", "Det är vårt fel", "Съжаляваме", "Es tut uns leid")
_EMOJI = ("👨‍👩‍👧‍👦", "🏳️‍🌈", "🇸🇮🇧🇬🇸🇪", "👍🏽👍🏿👍", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣ ™️ ☎️", "🧑🏾‍🚒", "❤️‍🔥")
_SCRIPTS = (
    "نأسف لذلك، رقم الطلب 17 قيد البحث.",
    "אנחנו מצטערים (מאוד), הזמנה 17.",
    "\u2067שלום\u2069 and \u2066hello\u2069",
    "हमें खेद है, क्षमा करें।",
    "ご迷惑をおかけして、申し訳ございません。",
    "죄송합니다. 주문 17번입니다.",
    "ขออภัยเป็นอย่างสูง",
    "Λυπούμαστε πολύ· η παραγγελία 17",
)
_MARKS = (
    "Z\u030cal, e\u0301te\u0301, a\u0308rgerlich",
    "Žal, été, ärgerlich",
    "t\u0301\u0323\u0316o\u0302\u0323w\u0307e\u0313r",
    "S\u0323\u0307 is not \u1e69",
    "ﬁne ﬂow Ⅷ ½ ²",
    "soft\u00adhyphen, no\u00a0break, thin\u2009space",
    "zero\u200bwidth and joi\u200dner",
    "İstanbul ıssız ß ẞ ǅ",
)
_LINKS = (
    "https://shop.example.org/help#late-parcels",
    "https://shop.example.org/help?from=mail&order=17#answer-2",
    "https://shop.example.org/a/very/long/way/to/the/page/that/tells/all/about/parcels/that/are/late#end",
    "http://www.shop.example.org/",
    "https://shop.example.org",
    "https://shop.example.org/wiki/Parcel_(lost)",
    "https://shop.example.org/%C5%BEal?q=%20x",
    "https://shop.example.org:8443/~care/index;v=2",
)
_QUOTES = (
    "> My parcel is late.",
    "> My parcel is late.\n> And nobody answers.",
    "> One.\n>\n> Two.",
    "> « Où est-il ? »",
)
_CODE = (
    "```\nif late:\n    say(sorry)\n```",
    "```\n<b>17</b> & more\n```",
    "`#17`",
    "`a < b && c`",
)
_HANDLES = (
    "@care",
    "@care@shop.example",
    "care@shop.example",
    "(@care)",
    "#late #2026parcels #ŽalNamJe",
    "the user @ home",
    "@@ and ##",
    "care+late@shop.example",
)
_BLANKS = (
    "two  blanks   and more",
    "a line\nand a line\n\nand a paragraph",
    "dots... and more … dots",
    "“quotes”, ‘more’, „noch“, «encore», \"plain\", 'single'",
    "- one\n- two\n- three",
    "1. one\n2. two",
    "half past 3:30 – or 4 — or 5",
    "50 % off, 17 €, £3, $4, §5, ©, ®",
)
#: What a server that takes marks for markup shows otherwise.
MARKUP = (
    "<b>not bold</b>",
    "5 < 6 & 7 > 6",
    "&amp; &lt;p&gt; &#x41;",
    "<script>alert(1)</script>",
    "2*3*4 = 24 and _so_ on",
    "**loud** ~~not~~ __under__",
    "[here](https://shop.example.org/)",
    "# no heading",
    "---",
    "https://shop.example.org/picture.png",
    "  blanks before\n  and on a line",
    "a line with blanks at its end  \nand one without",
)


def _mixed() -> list[str]:
    """Return a little of everything together."""
    parts = zip(_EMOJI, _SCRIPTS, _MARKS, _LINKS, _HANDLES, _BLANKS, strict=True)
    return [
        "\n".join([emoji, script, mark, f"See {link}.", handle, blank])
        for emoji, script, mark, link, handle, blank in parts
    ]


def _corpus() -> list[str]:
    said = [*_mixed(), *_SCRIPTS, *_BLANKS]
    said += [f"{opening}! {one}" for opening, one in product(_OPENINGS, (*_EMOJI, *_SCRIPTS[:5], *_MARKS))]
    said += [
        f"{opening}: {one}" for opening, one in product(_OPENINGS[:2], (*_LINKS, *_HANDLES, *_BLANKS[:4]))
    ]
    said += [f"{one}, {two}" for one, two in zip(_LINKS, _EMOJI, strict=True)]
    said += [f"{opening}.\n\n{quote}\n\nThat is all." for quote, opening in product(_QUOTES, _OPENINGS)]
    said += [f"{opening}:\n\n{code}\n\nThat is all." for code, opening in product(_CODE[:2], _OPENINGS[:3])]
    said += [f"{opening}: {code}" for code, opening in product(_CODE[2:], _OPENINGS[:2])]
    return said


#: Each as it is approved and as it must come back.
CORPUS: tuple[str, ...] = tuple(dict.fromkeys(_corpus()))[:200]
