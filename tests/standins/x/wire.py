"""How our X writes users and posts down, in the words of either vocabulary, and only what was asked for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.standins.x.world import BRAND, Post, User, Version, World

#: What a request may ask of posts -> what that is, by vocabulary. In the newer one some are expansions.
_ASKED: Mapping[str, Mapping[str, str]] = {
    "tweet": {
        "author_id": "author", "edit_history_tweet_ids": "history", "in_reply_to_user_id": "answered",
        "referenced_tweets": "references", "note_tweet": "note",
    },
    "post": {
        "author_id": "author", "edit_history_post_ids": "history", "in_reply_to_user_id": "answered",
        "referenced_posts": "references", "note_post": "note",
    },
}  # fmt: skip
#: What is called the same in both.
_SAME = (
    "conversation_id", "created_at", "display_text_range", "entities", "lang", "public_metrics",
    "reply_settings",
)  # fmt: skip
_PROBLEMS = {"tweet": "https://api.twitter.com/2/problems/", "post": "https://api.x.com/2/problems/"}
_NAMED = re.compile(r"@(\w{1,15})", re.ASCII)
#: Longer than this a text is cut, and whole only in the note.
CUT = 280


@dataclass(frozen=True)
class Asked:
    """What one request wants to be told."""

    #: In which words the answer is written.
    vocabulary: str
    fields: frozenset[str]
    expansions: frozenset[str]
    of_users: frozenset[str]

    @classmethod
    def by(cls, query: Mapping[str, str], answers_in: str) -> "Asked":
        """Read it out of a request's parameters; `answers_in`: whatever it is asked in."""
        newer = "post.fields" in query or "_post" in query.get("expansions", "")
        asked_in = "post" if newer else "tweet"
        wanted, expansions = (_list(query, name) for name in (f"{asked_in}.fields", "expansions"))
        words = _ASKED[asked_in]
        told = wanted & set(_SAME) | {words[one] for one in (wanted | expansions) & words.keys()}
        told |= {"history"} if asked_in == "tweet" else set()
        grown = {"edit_history_tweet_ids", "edit_history_post_ids"} & expansions
        meant = expansions | ({"versions"} if grown else set())
        meant |= {"referenced"} if {"referenced_posts", "referenced_tweets.id"} & expansions else set()
        vocabulary = answers_in or asked_in
        return cls(vocabulary, frozenset(told), frozenset(meant), frozenset(_list(query, "user.fields")))


def _list(query: Mapping[str, str], name: str) -> set[str]:
    return {one for one in query.get(name, "").split(",") if one}


class Writing:
    """Writes what is public for one request."""

    def __init__(self, world: World, asked: Asked) -> None:
        self._world, self._asked = world, asked
        self._tweet = asked.vocabulary == "tweet"

    def posts(self, versions: Sequence[tuple[Post, Version]]) -> dict[str, Any]:
        """Return `data` and what goes with it; no key without anything under it."""
        shown = [self._post(post, version) for post, version in versions]
        besides, errors = self._besides([post for post, _ in versions])
        users = self._users([post for post, _ in versions])
        includes = {"users": users, "tweets" if self._tweet else "posts": besides}
        includes = {name: some for name, some in includes.items() if some}
        body = {"data": shown, "includes": includes, "errors": errors}
        return {name: some for name, some in body.items() if some}

    def user(self, user: User) -> dict[str, Any]:
        """Write a user down."""
        count = "tweet_count" if self._tweet else "post_count"
        metrics = {"followers_count": user.followers, "following_count": 3, count: 40, "listed_count": 0}
        told: dict[str, Any] = {"protected": user.protected, "public_metrics": metrics}
        if user.automated:
            told["affiliation"] = {"badge_url": "https://abs.example/bot.png", "description": "Automated"}
        known = {name: value for name, value in told.items() if name in self._asked.of_users}
        return {"id": user.id, "name": user.name, "username": user.handle, **known}

    def missing(self, number: str, parameter: str) -> dict[str, Any]:
        """Say why a post cannot be shown."""
        post = self._world.find(number)
        private = post is not None and not post.gone and post.author.protected
        kind = "not-authorized-for-resource" if private else "resource-not-found"
        suspended = post is not None and post.author.suspended
        why = "User has been suspended: " if suspended else "Sorry, not to be seen: " if private else ""
        return {
            "value": number,
            "detail": f"{why}Could not find it with {parameter}: [{number}].",
            "title": "Authorization Error" if private else "Not Found Error",
            "resource_type": "tweet" if self._tweet else "post",
            "parameter": parameter,
            "resource_id": number,
            "type": _PROBLEMS[self._asked.vocabulary] + kind,
            **({"section": "data"} if private else {}),
        }

    def _post(self, post: Post, version: Version) -> dict[str, Any]:
        """Write one version of a post down."""
        text, entities, shown = self._text(post, version)
        long = len(version.text) > CUT
        parent = self._world.find(post.answers)
        note = {"text": text, "entities": entities} if entities else {"text": text}
        told: dict[str, tuple[str, Any]] = {
            "author": ("author_id", post.author.id),
            "conversation_id": ("conversation_id", post.conversation),
            "created_at": ("created_at", f"{version.made:%Y-%m-%dT%H:%M:%S}.000Z"),
            "display_text_range": ("display_text_range", [shown[0], CUT if long else shown[1]]),
            "entities": ("entities", {} if long else entities),
            "lang": ("lang", post.language),
            "public_metrics": ("public_metrics", self._metrics(post)),
            "reply_settings": ("reply_settings", post.settings),
            "history": ("edit_history_tweet_ids" if self._tweet else "edit_history_post_ids", post.ids),
            "answered": ("in_reply_to_user_id", parent.author.id if parent else None),
            "references": (
                "referenced_tweets" if self._tweet else "referenced_posts",
                self._references(post),
            ),
            "note": ("note_tweet" if self._tweet else "note_post", note if long else None),
        }
        known = {name: value for key, (name, value) in told.items() if key in self._asked.fields and value}
        return {"id": version.id, "text": text[: CUT - 1] + "…" if long else text, **known}

    def _text(self, post: Post, version: Version) -> tuple[str, dict[str, Any], tuple[int, int]]:
        """Return a text as X sends it, what it finds in it, and from where to where people see it."""
        typed = version.text
        for char, escape in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
            typed = typed.replace(char, escape)
        links = dict(version.short)
        for link, short in version.short.items():
            typed = typed.replace(link.replace("&", "&amp;"), short)
        shown = len(post.before), len(post.before) + len(typed)
        text = post.before + typed
        added = {self._quoted(post): f"https://t.co/q{version.id[-9:]}", post.button: "https://t.co/button1"}
        for link, short in added.items():
            if link:
                links[link] = short
                text += f" {short}"
        return text, self._entities(text, links), shown

    def _quoted(self, post: Post) -> str:
        quoted = self._world.find(post.quotes)
        return f"https://twitter.com/{quoted.author.handle}/status/{post.quotes}" if quoted else ""

    def _entities(self, text: str, links: Mapping[str, str]) -> dict[str, Any]:
        mentions = [
            {
                "start": one.start(),
                "end": one.end(),
                "username": one[1],
                "id": self._world.users[one[1].lower()].id,
            }
            for one in _NAMED.finditer(text)
            if one[1].lower() in self._world.users
        ]
        urls = [
            {
                "start": text.find(short),
                "end": text.find(short) + len(short),
                "url": short,
                "expanded_url": link if "://" in link else f"http://{link}",
                "display_url": link.removeprefix("https://"),
            }
            for link, short in links.items()
        ]
        return {name: some for name, some in (("mentions", mentions), ("urls", urls)) if some}

    def _metrics(self, post: Post) -> dict[str, int]:
        replies = sum(not one.gone for number in post.ids for one in self._world.replies.get(number, ()))
        repeated = "retweet_count" if self._tweet else "repost_count"
        return {
            repeated: 0, "reply_count": replies, "like_count": 1, "quote_count": 0, "bookmark_count": 0,
            "impression_count": 9,
        }  # fmt: skip

    def _references(self, post: Post) -> list[dict[str, str]]:
        kinds = (("replied_to", post.answers), ("retweeted" if post.repost else "quoted", post.quotes))
        return [{"type": kind, "id": number} for kind, number in kinds if number]

    def _besides(self, posts: Sequence[Post]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Write down what was asked for beside the posts, and what of it cannot be shown."""
        wanted: dict[str, Post | None] = {}
        for post in posts:
            if "versions" in self._asked.expansions and len(post.ids) > 1:
                wanted |= dict.fromkeys(post.ids, post)
            if "referenced" in self._asked.expansions:
                numbers = [number for number in (post.answers, post.quotes) if number]
                wanted |= {number: self._world.find(number) for number in numbers}
        shown, errors = [], []
        for number, one in wanted.items():
            if one is None or not visible(one):
                errors.append(
                    self.missing(number, "referenced_tweets.id" if self._tweet else "referenced_posts")
                )
            else:
                shown.append(self._post(one, next(kept for kept in one.versions if kept.id == number)))
        return shown, errors

    def _users(self, posts: Sequence[Post]) -> list[dict[str, Any]]:
        users: dict[str, User] = {}
        for post in posts:
            if "author_id" in self._asked.expansions:
                users[post.author.id] = post.author
            parent = self._world.find(post.answers)
            if parent and "in_reply_to_user_id" in self._asked.expansions:
                users[parent.author.id] = parent.author
        return [self.user(one) for one in users.values()]


def visible(post: Post) -> bool:
    """Whether we may see a post."""
    private = post.author.protected and not post.author.followed and post.author.handle != BRAND
    return not (post.gone or post.author.suspended or private)
