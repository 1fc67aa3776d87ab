"""What an account reads on Reddit: its inbox, new posts and comments of communities, and searches."""

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.reddit.options import Options


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A listing that is read again and again."""

    #: Its place in a cursor.
    key: str
    path: str
    params: Mapping[str, str]
    #: What people call it.
    shown: str


#: Mentions of us, replies to our comments and to our posts: one listing holds them all.
_INBOX = Source(key="inbox", path="message/inbox/", params={"mark": "false"}, shown="the inbox")


def sources(options: Options) -> dict[str, Source]:
    """Return what `options` name, by key; the first of them is what matters most."""
    named = [_INBOX] if options.inbox else []
    if options.subreddits:
        together = "+".join(options.subreddits)
        for what, words in (("new", "the posts"), ("comments", "the comments")):
            path, shown = f"r/{together}/{what}/", f"{words} of r/{together}"
            named.append(Source(key=f"{what}:{together.casefold()}", path=path, params={}, shown=shown))
    for one in options.searches:
        params = {"q": one.query, "sort": "new", "t": "all", "type": "link", "syntax": "lucene"}
        if one.subreddit.casefold() != "all":
            params["restrict_sr"] = "on"
        named.append(
            Source(
                key=f"search:{one.subreddit.casefold()}:{one.query}",
                path=f"r/{one.subreddit}/search/",
                params=params,
                shown=f"the search for {one.query} in r/{one.subreddit}",
            )
        )
    return {source.key: source for source in named}


def turns(named: Mapping[str, Source]) -> list[str]:
    """Return in which order they are read, one a poll, over and over: the inbox every second time."""
    keys = list(named)
    if keys[0] != _INBOX.key or len(keys) == 1:
        return keys
    return [key for other in keys[1:] for key in (_INBOX.key, other)]
