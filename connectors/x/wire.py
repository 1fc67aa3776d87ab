"""Wire: what X's answers hold, whichever of its two vocabularies (tweet, post) they are written in."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.once.answer import moment
from connectors.x.answers import unknown
from connectors.x.posts import Post, moment_of
from connectors.x.prices import Meter
from connectors.x.texts import hidden, plain
from responder.connector import Unread
from responder.model.mention import Author

#: Codes of languages that X writes in a way of its own; codes of three letters are no languages.
_LANGUAGES = {"in": "id", "iw": "he", "ji": "yi"}
#: How X marks who is no person.
_AUTOMATED = "automated"
#: Problems by which X says that a post cannot be seen.
_GONE = {
    "resource-not-found": "it was deleted, or its author is suspended",
    "not-authorized-for-resource": "its author shows it to some people only",
}

_PAGE = re.compile(r"[!-~]{1,1024}")

_Object = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one answer holds."""

    #: What was asked for, in X's order.
    posts: tuple[Post, ...] = ()
    #: What came with it: posts that are quoted or answered, other versions.
    besides: tuple[Post, ...] = ()
    malformed: tuple[Unread, ...] = ()
    #: The ids of posts that cannot be seen any more, and why.
    gone: Mapping[str, str]
    #: X says that there is nothing; else an answer without posts proves nothing.
    empty: bool = False
    #: The ids of the authors who came with it.
    authors: tuple[str, ...] = ()
    #: The newest id of the page; "" when it is empty.
    newest: str = ""
    #: Where the next page is; "" when there is none.
    next: str = ""

    def pay(self, meter: Meter, name: str) -> None:
        """Have it counted, its posts under `name`."""
        meter.answer(name, [one.id for one in self.posts], [one.id for one in self.besides], self.authors)

    def find(self, ids: Iterable[str]) -> Post | None:
        """Return the newest version at hand of the post that has one of these ids."""
        wanted = set(ids)
        found = [one for one in (*self.posts, *self.besides) if wanted & {one.id, *one.versions}]
        return max(found, key=lambda one: int(one.id), default=None)


def told(body: _Object) -> Told:
    """Read an answer; raises Malformed when it is no list of posts. One post that is broken is set aside."""
    data, meta, includes = (body.get(name) for name in ("data", "meta", "includes"))
    includes = includes if isinstance(includes, Mapping) else {}
    meta = meta if isinstance(meta, Mapping) else {}
    gone, empty = _gone(body), data is None and meta.get("result_count") == 0
    if data is None and not (empty or gone):
        raise unknown("it has no `data`, and does not say that there is none")
    if not isinstance([] if data is None else data, list):
        raise unknown("`data` is no list")
    users = {str(one["id"]): one for one in _objects(includes.get("users")) if "id" in one}
    posts, malformed = [], []
    for item in data or ():
        try:
            posts.append(_post(item, users))
        except (KeyError, TypeError, ValueError, ArithmeticError) as problem:
            malformed.append(_unread(item, problem))
    besides = []
    for item in _objects(_either(includes, "tweets", "posts")):
        try:
            besides.append(_post(item, users))
        except (KeyError, TypeError, ValueError, ArithmeticError):
            continue  # it was not asked for
    return Told(
        posts=tuple(posts),
        besides=tuple(besides),
        malformed=tuple(malformed),
        gone=gone,
        empty=empty,
        authors=tuple(users),
        newest=id_of(meta.get("newest_id")) or max((one.id for one in posts), key=int, default=""),
        next=_page(meta.get("next_token")),
    )


def _post(item: Any, users: Mapping[str, _Object]) -> Post:
    """Read one post; raises KeyError, TypeError or ValueError when what is needed is not there."""
    number = id_of(item["id"]) or _raise("its id is no number")
    text, entities = _words(item)
    author = str(item.get("author_id") or _raise("it does not say whose it is"))
    versions = {id_of(one) for one in _either(item, "edit_history_tweet_ids", "edit_history_post_ids") or ()}
    ordered = tuple(sorted(versions - {""} | {number}, key=int))
    links = {
        str(one.get("type")): str(one.get("id"))
        for one in _objects(_either(item, "referenced_tweets", "referenced_posts"))
    }
    thread = id_of(item.get("conversation_id")) or ordered[0]
    before = hidden(str(item["text"]), _shown_from(item, reply="replied_to" in links))
    user = users.get(author, {})
    mentions = [one for one in _objects(entities.get("mentions")) if _from(one) >= len(before)]
    return Post(
        id=number,
        versions=ordered,
        author=_author(author, user),
        protected=user.get("protected") is True,
        text=plain(text, before, _objects(entities.get("urls"))),
        created_at=moment(str(item.get("created_at"))) or moment_of(int(number)),
        thread=ordered[0] if thread in ordered else thread,
        answers=links.get("replied_to"),
        answers_user=str(item.get("in_reply_to_user_id") or ""),
        repost=not links.keys().isdisjoint({"retweeted", "reposted"}),
        language=_language(item.get("lang")),
        restricted=str(item.get("reply_settings") or "everyone").lower() != "everyone",
        named=frozenset(str(one.get(key) or "").lower() for one in mentions for key in ("id", "username")),
        replies=_count(item.get("public_metrics"), "reply_count"),
    )


def _words(item: _Object) -> tuple[str, _Object]:
    """Return the whole text with what X found in it; `text` holds only the beginning of a long one."""
    text, entities, note = item["text"], item.get("entities"), _either(item, "note_tweet", "note_post")
    if isinstance(note, Mapping) and isinstance(note.get("text"), str):
        text, entities = note["text"], note.get("entities") or entities
    if not isinstance(text, str):
        raise TypeError("it has no text")
    return text, entities if isinstance(entities, Mapping) else {}


def _shown_from(item: _Object, *, reply: bool) -> int:
    """Return where X says that the text begins; a reply that does not say it begins after its names."""
    shown = item.get("display_text_range")
    if isinstance(shown, list) and shown and isinstance(shown[0], int):
        return shown[0]
    return len(item["text"]) if reply else 0


def _author(number: str, user: _Object) -> Author:
    label = user.get("affiliation")
    described = label.get("description") if isinstance(label, Mapping) else None
    return Author(
        id=number,
        handle=str(user.get("username") or ""),
        name=str(user.get("name") or ""),
        followers=_count(user.get("public_metrics"), "followers_count"),
        bot=isinstance(described, str) and described.strip().lower() == _AUTOMATED,
    )


def _gone(body: _Object) -> dict[str, str]:
    """Return the posts that cannot be seen any more, by what is said beside the data."""
    gone = {}
    for problem in _objects(body.get("errors")):
        why = _GONE.get(str(problem.get("type", "")).rpartition("/")[2])
        post = problem.get("resource_type") in {"tweet", "post"}
        number = id_of(problem.get("resource_id")) or id_of(problem.get("value"))
        if why and post and number:
            gone[number] = "its author is suspended" if "suspended" in str(problem.get("detail")) else why
    return gone


def _unread(item: Any, problem: Exception) -> Unread:
    number = item.get("id") if isinstance(item, Mapping) else None
    missing = f"it has no {problem.args[0]}" if isinstance(problem, KeyError) else str(problem)
    return Unread(
        place=str(number or "a post without an id"),
        problem=missing,
        body=json.dumps(item, ensure_ascii=False)[:10_000],
    )


def _either(item: _Object, old: str, new: str) -> Any:
    """Return what stands under the name of either vocabulary."""
    value = item.get(old)
    return item.get(new) if value is None else value


def _objects(value: Any) -> list[_Object]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def id_of(value: Any) -> str:
    """Return an id, or "" when it is none."""
    told = str(value)
    return told if told.isascii() and told.isdigit() and len(told) <= 19 else ""


def _page(told: Any) -> str:
    """Return the name of the next page; what cannot stand in an address is kept out of the cursor."""
    if told is None or told == "":
        return ""
    if isinstance(told, str) and _PAGE.fullmatch(told):
        return told
    raise unknown("its next page has no name that can be asked for")


def _from(entity: _Object) -> int:
    start = entity.get("start")
    return start if isinstance(start, int) else 0


def _count(metrics: Any, name: str) -> int | None:
    value = metrics.get(name) if isinstance(metrics, Mapping) else None
    return value if isinstance(value, int) else None


def _language(code: Any) -> str | None:
    if not isinstance(code, str) or len(code.partition("-")[0]) != 2:
        return None
    return _LANGUAGES.get(code, code)


def _raise(problem: str) -> str:
    raise ValueError(problem)
