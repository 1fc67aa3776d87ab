"""Hearing what is said to us and about us: one poll over notifications, hashtags and searches."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from connectors.mastodon.options import Options
from connectors.mastodon.posts import Reading, Unreadable
from connectors.mastodon.walk import Entry, Fetch, Place, Walk, Walked
from connectors.mastodon.wire import Missing, Wire
from connectors.once.answer import moment
from responder.connector import ConnectorError, Malformed, Page, Unauthorised, Unavailable, Unread
from responder.model.mention import Mention

#: The version of the cursor.
_VERSION = 1
#: Posts that stand in a list no more are asked for one by one; so many a poll.
_ASKED_FOR = 5
#: So many of the requests that the server still grants are left to looking at posts and answering them.
_FOR_REPLIES = 20
_INBOX = "inbox"
_UNKNOWN = "the cursor is none of ours; what is new is told from the lists as they are now"


@dataclass(slots=True)
class _Haul:
    """What one poll has brought so far."""

    #: The external id of a post -> what is heard of it.
    mentions: dict[str, Mention] = field(default_factory=dict)
    malformed: list[Unread] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    #: Why a hashtag or a search could not be read, by its name.
    problems: dict[str, str] = field(default_factory=dict)


class Ear:
    """What one account listens to."""

    def __init__(self, options: Options, wire: Wire, reading: Reading) -> None:
        self._options, self._wire, self._reading = options, wire, reading
        #: Posts whose thread could not be found out once; the next time they are heard without it.
        self._lost: set[str] = set()

    def poll(self, cursor: str | None) -> Page:
        """Return one page of what is new in all the lists.

        Notifications come first: they must be readable. A hashtag or a search that is not is told in
        Page.gap, once, and does not keep the rest from being heard.
        """
        places, told, gap = _opened(cursor)
        haul = _Haul()
        for name, fetch in self._lists():
            place = places.get(name)
            try:
                walked = Walk(place, self._floor).down(fetch, self._options.page)
            except Unauthorised:
                raise
            except ConnectorError as error:
                if name == _INBOX:
                    raise
                haul.problems[name] = str(error)
                haul.places |= {name: place} if place else {}
                continue
            self._keep(haul, name, walked)
        return self._page(haul, told, gap)

    def _lists(self) -> Iterator[tuple[str, Fetch]]:
        """Yield the name of each list, and what gives a page of it."""
        yield _INBOX, self._notifications
        for tag in self._options.hashtags:
            yield f"#{tag}", partial(self._tagged, tag)
        for words in self._options.searches:
            yield f"?{words}", partial(self._found, words)

    def _notifications(self, under: str | None, since: str | None) -> list[Any]:
        limit = self._options.page
        told: list[Any] = self._ask(
            lambda client: client.notifications(types=["mention"], max_id=under, since_id=since, limit=limit),
            list,
            filtered=True,
        )
        return told

    def _tagged(self, tag: str, under: str | None, since: str | None) -> list[Any]:
        limit = min(self._options.page, 40)
        told: list[Any] = self._ask(
            lambda client: client.timeline_hashtag(tag, max_id=under, since_id=since, limit=limit), list
        )
        return told

    def _found(self, words: str, under: str | None, since: str | None) -> list[Any]:
        limit = min(self._options.page, 40)
        told = self._ask(
            lambda client: client.search_v2(
                words,
                resolve=False,
                result_type="statuses",
                exclude_unreviewed=False,
                max_id=under,
                min_id=since,
                limit=limit,
            ),
            dict,
        )
        found = told.get("statuses")
        return found if isinstance(found, list) else []

    def _ask(self, question: Callable[[Any], object], kind: type, *, filtered: bool = False) -> Any:
        return self._wire.ask(question, kind, leave=_FOR_REPLIES, filtered=filtered)

    def _floor(self, newest: datetime | None) -> datetime:
        """Return how far back a list is read that nothing was read of, by the server's own clock."""
        day = timedelta(days=self._options.history)
        base = moment(self._wire.date) or newest
        if not (base and day):
            return datetime.min.replace(tzinfo=UTC)
        return max(base, datetime(1970, 1, 1, tzinfo=UTC)) - day

    def _keep(self, haul: _Haul, name: str, walked: Walked) -> None:
        haul.places[name] = walked.place
        for raw, problem in walked.unreadable:
            haul.malformed.append(_unread(name, raw, problem))
        for entry in reversed(walked.news):
            try:
                mention = self._heard(entry)
            except Unreadable as problem:
                haul.malformed.append(_unread(f"{name} {entry.id}", entry.post, str(problem)))
            else:
                haul.mentions |= {mention.external_id: mention} if mention else {}
        if name == _INBOX:
            haul.removed += [post for post in walked.vanished[:_ASKED_FOR] if self._gone(post)]

    def _heard(self, entry: Entry) -> Mention | None:
        """Return a new entry as a mention; None for our own, for a share, and for what is gone by now."""
        post = entry.post or {}
        if post.get("reblog"):
            return None
        mention = self._reading.mention(post)
        if mention.author.id == str(self._wire.me()["id"]):
            return None
        name = entry.known_as or mention.external_id
        thread = self._thread(mention) if mention.in_reply_to else name
        return replace(mention, external_id=name, thread=thread) if thread else None

    def _thread(self, mention: Mention) -> str:
        """Return the id of the first post of a conversation that we may see; "" when the post is gone.

        A server tells of no conversations, only which post answers which.
        """
        try:
            context = self._ask(lambda client: client.status_context(mention.external_id), dict)
        except Missing:
            return ""
        except (Unavailable, Malformed):
            if mention.external_id in self._lost:  # nothing else may wait for one post for ever
                return mention.in_reply_to or mention.external_id
            self._lost.add(mention.external_id)
            raise
        ancestors = context.get("ancestors")
        first = ancestors[0] if isinstance(ancestors, list) and ancestors else None
        told = first.get("id") if isinstance(first, dict) else None
        return str(told or mention.in_reply_to)

    def _gone(self, post: str) -> bool:
        """Whether a post that is in the list no more is there no more."""
        try:
            self._ask(lambda client: client.status(post), dict)
        except Missing:
            return True
        except Unauthorised:
            raise
        except ConnectorError:  # a look at it will tell
            return False
        return False

    def _page(self, haul: _Haul, told: dict[str, str], gap: list[str]) -> Page:
        gap += [
            f"{name} could not be read: {problem}"
            for name, problem in haul.problems.items()
            if told.get(name) != problem
        ]
        state = {
            "v": _VERSION,
            "lists": {name: place.as_json() for name, place in haul.places.items()},
            "problems": haul.problems,
        }
        return Page(
            mentions=tuple(sorted(haul.mentions.values(), key=lambda one: one.created_at)),
            cursor=json.dumps(state, ensure_ascii=False, separators=(",", ":")),
            more=any(place.below for place in haul.places.values()),
            malformed=tuple(haul.malformed),
            removed=tuple(haul.removed),
            own_id=str(self._wire.me()["id"]),
            gap="; ".join(gap),
        )


def _opened(cursor: str | None) -> tuple[dict[str, Place], dict[str, str], list[str]]:
    """Take a cursor apart: the places by list, the problems that were told, and what to tell of it."""
    if cursor is None:
        return {}, {}, []
    try:
        state = json.loads(cursor)
        places = {name: Place.of(told) for name, told in state["lists"].items()}
        problems = dict(state["problems"])
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}, {}, [_UNKNOWN]
    return {name: place for name, place in places.items() if place}, problems, []


def _unread(place: str, raw: object, problem: str) -> Unread:
    return Unread(
        place=place, problem=problem, body=json.dumps(raw, ensure_ascii=False, default=str)[:10_000]
    )
