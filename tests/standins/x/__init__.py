"""An X on the loopback: it keeps posts, lists mentions, and has the habits that a connector must live with.

    with served(Server()) as x:
        number = x.world.post("ana", "@acme My parcel is late.")
        ...                               # a connector with the option url = x.url and the keys of keys.py
        assert [one.text for one in x.world.by("acme")] == []

`World` is what people do there, and the hour; `Habits` and `Customs` are what it lists and whom it lets
answer; `Limits` how much it takes; `Server.broken` makes it answer otherwise than well. Shapes are those of
the official descriptions in both vocabularies; every word that people say in it is invented.
"""

from tests.standins.x.answering import Answer, Request
from tests.standins.x.keys import Keys
from tests.standins.x.posting import Customs
from tests.standins.x.reading import Habits
from tests.standins.x.server import Exchange, Fault, Server, served
from tests.standins.x.world import BRAND, BRAND_ID, START, Post, World

__all__ = [
    "BRAND",
    "BRAND_ID",
    "START",
    "Answer",
    "Customs",
    "Exchange",
    "Fault",
    "Habits",
    "Keys",
    "Post",
    "Request",
    "Server",
    "World",
    "served",
]
