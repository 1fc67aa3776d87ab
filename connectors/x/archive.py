"""Own: what we ourselves posted, and single posts read anew."""

from dataclasses import dataclass

from connectors.x.answers import StaleCursor, unknown
from connectors.x.posts import Post
from connectors.x.prices import Meter
from connectors.x.vocabulary import FIELDS, WITH_VERSIONS
from connectors.x.way import Way
from connectors.x.wire import Told, told

#: Our own timeline holds our last 3,200 posts, a hundred of them a page.
_PAGES = 40
_PRIVATE = "its author shows it to some people only"


@dataclass(frozen=True, slots=True)
class There:
    """A post that is there."""

    #: Its newest version.
    post: Post
    #: X counts answers to it, or does not say.
    answered: bool


@dataclass(frozen=True, slots=True)
class Archive:
    """Reads posts that are known by their ids, and our own."""

    way: Way
    meter: Meter
    #: "tweet" or "post".
    vocabulary: str

    def lookup(self, number: str) -> There | str:
        """Read the newest version of a post, or say why it is not there."""
        seen = self._asked(number)
        post = seen.find([number])
        if post and post.newest != post.id:  # an older version came alone
            post = self._asked(post.newest).find([post.newest]) or post
        if post is None:
            if number not in seen.gone:
                raise unknown("it neither has the post nor says why not")
            return seen.gone[number]
        if post.protected:
            return _PRIVATE
        versions = (one for one in (post, *seen.posts, *seen.besides) if one.first == post.first)
        return There(post, any(one.replies != 0 for one in versions))

    def ours(self, me: str, since: str) -> list[Post]:
        """Return all that we posted after a post, the newest first; whatever cannot be read is an error."""
        params = {"max_results": "100", "exclude": "retweets", **FIELDS[self.vocabulary], "since_id": since}
        posts: list[Post] = []
        for _ in range(_PAGES):
            try:
                page = told(self.way.ask(f"/2/users/{me}/tweets", params))
            except StaleCursor:  # from our newest post back to that one
                if not params.pop("since_id", ""):
                    raise
                continue
            if page.malformed:
                raise unknown("one of our own posts cannot be read")
            page.pay(self.meter, "own")
            newer = [one for one in page.posts if int(one.id) > int(since)]
            posts += newer
            if not page.next or len(newer) < len(page.posts):
                return posts
            params["pagination_token"] = page.next
        raise unknown("it lists more of our posts than it keeps")

    def _asked(self, number: str) -> Told:
        seen = told(self.way.ask("/2/tweets", {"ids": number, **WITH_VERSIONS[self.vocabulary]}))
        seen.pay(self.meter, "lookup")
        return seen
