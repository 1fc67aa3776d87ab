"""Hearing: one listing a poll, and what is new in it as a page."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from zlib import crc32

from connectors.reddit.asking import Asker, Barred
from connectors.reddit.items import Item, Unreadable, name_of, read, unreadable
from connectors.reddit.options import Options
from connectors.reddit.places import Places, Taken
from connectors.reddit.sources import Source, sources, turns
from connectors.reddit.thread import children
from responder.connector import Malformed, Mention, Page, Refused, Unavailable, Unread

#: After so many failures in a row of a listing that is not the first, people are told.
_TELL_AFTER = 3
#: What a page may go on after: a comment, a post or a message.
_NAME = re.compile(r"t[1-6]_[0-9a-z]{1,20}")
_ANEW = "the cursor could not be read; everything is read again"


class Ear:
    """Reads the sources of one account in turn."""

    def __init__(self, account: str, options: Options, ask: Asker) -> None:
        self._account = account
        self._options = options
        self._ask = ask
        self._sources = sources(options)
        self._turns = turns(self._sources)

    def poll(self, cursor: str | None, whose: str, me: Callable[[], str]) -> Page:
        """Read one page of one source.

        `whose` marks whom the cursor belongs to; when it is another, `me` is asked for our lasting id. The
        failure of the first source is the account's; any other that fails leaves its turn to the next.
        """
        gap = ""
        try:
            places = Places.of(cursor)
        except ValueError:
            places, gap = Places(), _ANEW
        if places.whose != whose:
            places.own_id, places.whose = me(), whose
        source = self._sources[places.next(list(self._sources), self._turns)]
        after = places.by_source[source.key].after
        try:
            listing = self._ask.get(source.path, **self._params(source, after))
        except (Barred, Malformed, Unavailable) as error:
            if source.key == self._turns[0]:
                raise (Refused(str(error)) if isinstance(error, Barred) else error) from None
            return self._passed_over(source, places, error)
        return self._heard(source, places, listing, gap)

    def _params(self, source: Source, after: str) -> dict[str, str | int]:
        params: dict[str, str | int] = {**source.params, "limit": self._options.page}
        return params | {"after": after} if after else params

    def _passed_over(self, source: Source, places: Places, error: Exception) -> Page:
        """Leave the turn to the next source, and tell people of it once."""
        place = places.by_source[source.key]
        place.fails += 1
        places.pass_on(source.key, self._turns)
        told = place.fails == (1 if isinstance(error, Barred) else _TELL_AFTER)
        return self._page(places, gap=f"{source.shown} cannot be read: {error}" if told else "")

    def _heard(self, source: Source, places: Places, listing: Any, gap: str) -> Page:
        """Take what a listing holds."""
        try:
            things, after = children(listing), listing["data"].get("after")
        except Unreadable as error:
            raise Malformed(f"Reddit lists {source.shown} in a way that is not known: {error}.") from None
        items, unread = _sorted_out(things)
        if len(unread) == len(things) > 1:
            raise Malformed(f"Nothing in {source.shown} is as it was: {next(iter(unread.values())).problem}.")
        place = places.by_source[source.key]
        if after and not (isinstance(after, str) and _NAME.fullmatch(after)):
            raise Malformed(f"Reddit goes on with {source.shown} at a name that is none.")
        taken = place.take(items, after or "", self._options.backlog)
        place.fails = 0
        places.pass_on(source.key, self._turns)
        if taken.gap:
            gap = (
                f"{source.shown}: what was said before {taken.gap:%Y-%m-%d %H:%M} UTC cannot be had any more"
            )
        return self._page(
            places,
            mentions=tuple(self._mentions(source, places, taken)),
            malformed=tuple(unread[one.name] for one in taken.fresh if one.name in unread),
            removed=tuple(taken.removed),
            gap=gap,
        )

    def _mentions(self, source: Source, places: Places, taken: Taken) -> Iterator[Mention]:
        """Yield what others said in public, and no other source brought in the same words."""
        for one in (*taken.fresh, *taken.changed):
            known = places.heard_elsewhere(one, source.key)
            if one.thread and not one.by(self._options.username) and not known:
                changed = one in taken.changed
                yield one.mention(self._account, self._options.bots, edited=changed)

    def _page(self, places: Places, mentions: tuple[Mention, ...] = (), **more: Any) -> Page:
        return Page(
            mentions=mentions,
            cursor=places.cursor(),
            more=places.unfinished(),
            own_id=places.own_id,
            **more,
        )


def _sorted_out(things: list[Any]) -> tuple[list[Item], dict[str, Unread]]:
    """Read each thing of a listing; what cannot be read is set aside, and remembered by its name."""
    items, unread = list[Item](), dict[str, Unread]()
    for thing in things:
        try:
            items.append(read(thing))
        except Unreadable as problem:
            body = json.dumps(thing)
            name = name_of(thing) or f"unnamed {crc32(body.encode()):08x}"
            unread[name] = Unread(place=name, problem=str(problem), body=body[:10_000])
            items.append(unreadable(name, items[-1].created if items else 4e10))
    return items, unread
