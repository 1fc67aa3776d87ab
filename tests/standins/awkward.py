"""Two hundred posts that are hard to carry: each must come through a network sign by sign."""

import random
from collections.abc import Callable

_FAMILIES = ("👨‍👩‍👧‍👦", "👩🏽‍🚒", "🏳️‍🌈", "🧑🏿‍🤝‍🧑🏻", "❤️‍🔥", "👁️‍🗨️", "1️⃣", "🫱🏼‍🫲🏾")
_FLAGS = ("🇸🇮", "🇭🇷", "🇧🇬🇸🇪", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "🇺", "🏴‍☠️")
_MARKS = ("\u0301", "\u0308\u0323", "\u035c", "\u20e0", "\u0489", "\u0f39")
_SCRIPTS = (
    "החבילה שלי עדיין לא הגיעה",
    "الطرد لم يصل بعد، رقم ٤٧",
    "मेरा पार्सल क्षतिग्रस्त आया है",
    "พัสดุยังไม่มาเลยค่ะ",
    "我的包裹還沒到，三天了",
    "소포가 아직 안 왔어요",
    "Пратката ми още я няма",
    "Çok kızgınım, ığdır'a gelmedi",
    "ⲡⲓⲣⲱⲙⲓ 𐤀𐤁𐤂 𝔓𝔞𝔯𝔠𝔢𝔩 𝟜𝟟",
)
_LINKS = (
    "https://acme.example/returns?order=47&lang=de#step-3",
    "https://acme.example/wiki/Box_(packaging)",
    "http://acme.example:8080/~help/%C3%A4%20b;c=d?x[]=1#/route/!/end",
    "https://xn--pckchen-5wa.example/ä/ö?q=ü",
    "acme.example/contact",
    "see (https://acme.example/a), or https://acme.example/b.",
)
_QUOTES = (
    "“Soon”, they said.",
    "„Bald“ hieß es",
    "« bientôt »",
    '\'tis "late" `now`',
    "»snart«",
    "> first\n>> second",
)
_CODE = (
    "```\nif (late) {\n\tcomplain();\n}\n```",
    "`rm -rf ./parcel`",
    "    four blanks\n\ttab",
    "<b>&amp;</b> <!-- -->",
    "\\n \\u0041 %s {0} $HOME",
)
_HANDLES = (
    "@nobody.example, hello",
    "mail us at help@acme.example",
    "@@double",
    "#late #päckchen #47",
    "@ana.test.",
    "$ACME fell",
)
_INVISIBLE = (
    "a\u200bb\u200cc\u200dd",
    "soft\u00adhyphen",
    "no\u00a0break\u202fhere",
    "\u202eright to left\u202c",
    "\u2066isolate\u2069",
    "\u2028line\u2029paragraph",
    "a\ufeffmark",
    "\ufffd lost",
)
_BLANKS = (
    "  leading",
    "trailing  ",
    "two\n\n\nbreaks",
    "tab\there",
    "\nfirst line empty",
    "ends with a break\n",
    "a\r\nb",
)

Maker = Callable[[random.Random], str]


def _one(among: tuple[str, ...]) -> Maker:
    return lambda chance: chance.choice(among)


def _stacked(chance: random.Random) -> str:
    """Return letters under more marks than anybody types."""
    return "".join(letter + "".join(chance.choices(_MARKS, k=chance.randint(1, 4))) for letter in "spät")


def _many(among: tuple[str, ...]) -> Maker:
    return lambda chance: "".join(chance.choices(among, k=chance.randint(3, 20)))


_MAKERS: tuple[Maker, ...] = (
    _many(_FAMILIES), _many(_FLAGS), _stacked, _one(_SCRIPTS), _one(_LINKS), _one(_QUOTES), _one(_CODE),
    _one(_HANDLES), _one(_INVISIBLE), _one(_BLANKS),
)  # fmt: skip


def posts(room: Callable[[str], int], most: int) -> list[str]:
    """Return two hundred different texts, none longer than `most` as `room` counts; always the same ones."""
    chance = random.Random(47)  # noqa: S311
    alone = [*_FAMILIES, *_FLAGS, *_SCRIPTS, *_LINKS, *_QUOTES, *_CODE, *_HANDLES, *_INVISIBLE, *_BLANKS]
    made = dict.fromkeys(one for one in alone if one.strip())
    made["x" * most] = made["ä" * most] = None
    while len(made) < 200:
        makers = chance.sample(_MAKERS, k=chance.randint(2, 4))
        text = chance.choice((" ", "\n", " – ", "")).join(maker(chance) for maker in makers)
        if room(text) <= most:
            made[text] = None
    return list(made)[:200]
