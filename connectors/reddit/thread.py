"""A post or comment as it stands now, with what it hangs on and what was said beneath it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.reddit.items import Item, Unreadable, read
from responder.connector import Malformed, Mention


@dataclass(frozen=True, slots=True)
class Thread:
    """What one request told of a thread."""

    #: The post at its top, and what was looked at; None: it was not told.
    post: Item | None
    target: Item | None
    #: What was said beneath it, in no order.
    said: tuple[Item, ...] = ()

    @property
    def gone(self) -> bool:
        """Whether what was looked at is not there any more."""
        return self.target is None or self.target.gone

    @property
    def closed(self) -> str:
        """Why it takes no answer, in a few words; "" when nothing speaks against one."""
        return next((one.closed for one in (self.target, self.post) if one and one.closed), "")

    def answers(self, username: str) -> list[Item]:
        """Return the answers of an account to what was looked at, the oldest first."""
        if self.target is None:
            return []
        name = self.target.name
        ours = [one for one in self.said if one.parent == name and one.by(username)]
        return sorted(ours, key=lambda one: one.created)

    def since(self, mention: Mention) -> list[Item]:
        """Return what the author of a mention wrote beneath it, the oldest first."""
        theirs = (one for one in self.said if one.author and one.author_id == mention.author.id)
        return sorted((one for one in theirs if not one.gone), key=lambda one: one.created)


def path_of(mention: Mention) -> str:
    """Return where a post is read with the newest beneath it, or a comment with its answers."""
    path = f"comments/{mention.thread.removeprefix('t3_')}/"
    is_comment = mention.external_id.startswith("t1_")
    return f"{path}_/{mention.external_id.removeprefix('t1_')}/" if is_comment else path


def read_thread(said: Any, target: str) -> Thread:
    """Read what Reddit answers to `path_of`; raises Malformed."""
    try:
        top, tree = list(said)
        (post,) = [read(one) for one in children(top)]
        below = list(_every(tree))
    except (Unreadable, ValueError) as error:
        raise Malformed(f"Reddit shows a thread in a way that is not known: {error}.") from None
    looked_at = next((one for one in (post, *below) if one.name == target), None)
    return Thread(post, looked_at, tuple(one for one in below if one.name != target))


def read_info(said: object, target: str) -> Thread:
    """Read what Reddit tells of a thing and of the post it belongs to; raises Malformed."""
    try:
        told = [read(one) for one in children(said)]
    except Unreadable as error:
        raise Malformed(f"Reddit shows a thing in a way that is not known: {error}.") from None
    by_name = {one.name: one for one in told}
    post = next((one for one in told if one.name.startswith("t3_")), None)
    return Thread(post, by_name.get(target))


def children(listing: object) -> list[Any]:
    """Return what stands in a listing; raises Unreadable."""
    data = listing.get("data") if isinstance(listing, Mapping) else None
    found = data.get("children") if isinstance(data, Mapping) else None
    if not isinstance(found, list):
        raise Unreadable("it is no listing")
    return found


def _every(listing: object) -> Iterator[Item]:
    """Yield each comment of a tree; what is folded away in it is not told."""
    waiting = [listing]
    while waiting:
        for thing in children(waiting.pop()):
            if isinstance(thing, Mapping) and thing.get("kind") == "more":
                continue
            yield read(thing)
            if isinstance(replies := thing["data"].get("replies"), Mapping):  # "" when there are none
                waiting.append(replies)
