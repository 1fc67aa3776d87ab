"""What people do on our X: who they are, what they post, change and take away, and what the hour is."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import RLock

#: The account whose connector is tried, and the number of it.
BRAND, BRAND_ID = "acme", "700100200300"
#: When every test begins.
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
#: Ids hold the milliseconds since this moment.
_EPOCH_MS = 1288834974657
_LINK = re.compile(r"(?:https?://)?(?:[a-z0-9-]+\.)+(?:com|co|de|example|net|org)\b(?:/\S*)?", re.IGNORECASE)


def id_of(moment: datetime, number: int = 0) -> int:
    """Return the id of what is posted at a moment as the so-many-th."""
    return (int(moment.timestamp() * 1000) - _EPOCH_MS << 22) + number


@dataclass
class User:
    """Somebody on X."""

    id: str
    handle: str
    name: str = ""
    followers: int = 12
    automated: bool = False
    protected: bool = False
    #: We follow them, and see what they show to some only.
    followed: bool = False
    suspended: bool = False


@dataclass
class Version:
    """What a post says, from one edit to the next."""

    id: str
    #: As its author typed it.
    text: str
    made: datetime
    #: Link as typed -> X's short one.
    short: dict[str, str]


@dataclass
class Post:
    """One post with all its versions, the newest last."""

    author: User
    versions: list[Version]
    conversation: str
    #: The id of the post it answers or quotes; "" when it does not.
    answers: str = ""
    quotes: str = ""
    #: The names that X puts before it.
    before: str = ""
    settings: str = "everyone"
    #: A link that X puts after it for a button.
    button: str = ""
    language: str = "en"
    repost: bool = False
    #: It came through the API.
    by_app: bool = False
    gone: bool = False

    @property
    def id(self) -> str:
        return self.versions[-1].id

    @property
    def ids(self) -> list[str]:
        return [one.id for one in self.versions]

    @property
    def text(self) -> str:
        return self.versions[-1].text


@dataclass
class World:
    """Everything that is public, and the hour."""

    now: datetime = START
    users: dict[str, User] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)
    #: By the id that they answer.
    replies: dict[str, list[Post]] = field(default_factory=dict)
    #: Posts that X has not put into anybody's mentions yet, or never will.
    unlisted: set[str] = field(default_factory=set)
    #: Posts that a search finds three times as late as others.
    slow: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.lock = RLock()
        self._numbers = count(1)
        self._by_id: dict[str, Post] = {}
        #: How many versions there were when they were put in order, and the order.
        self._ordered: tuple[int, list[Post]] = (0, [])
        self.user(BRAND, id=BRAND_ID)

    def ticks(self) -> float:
        """Return the seconds since the start, as a clock that nobody sets."""
        return (self.now - START).total_seconds()

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)

    def user(self, handle: str, *, id: str = "", **traits: object) -> User:  # noqa: A002
        """Return who has this handle, a new one where nobody has; change what is told of them."""
        with self.lock:
            if handle not in self.users:
                self.users[handle] = User(id or str(900_000_000 + len(self.users)), handle, handle.title())
            one = self.users[handle]
            for name, value in traits.items():
                setattr(one, name, value)
            return one

    def post(
        self, handle: str, text: str, *, answering: str = "", quoting: str = "", **traits: object
    ) -> str:
        """Let somebody post, and return the id."""
        with self.lock:
            parent = self._by_id.get(answering)
            version = self._version(text)
            post = Post(
                self.user(handle),
                [version],
                parent.conversation if parent else version.id,
                answers=answering,
                quotes=quoting,
                before=self._before(self.user(handle), parent),
                settings=self._by_id[parent.conversation].settings if parent else "everyone",
            )
            for name, value in traits.items():
                setattr(post, name, value)
            self.posts.append(post)
            self.replies.setdefault(answering, []).append(post)
            self._by_id[version.id] = post
            return version.id

    def edit(self, number: str, text: str) -> str:
        """Let its author change a post: X gives the new words an id of their own, which is returned."""
        with self.lock:
            post = self._by_id[number]
            post.versions.append(self._version(text))
            self._by_id[post.id] = post
            return post.id

    def remove(self, number: str) -> None:
        """Let its author take a post away."""
        self._by_id[number].gone = True

    def find(self, number: str) -> Post | None:
        """Return the post one of whose versions has this id."""
        return self._by_id.get(number)

    def newest_first(self) -> list[Post]:
        """Return every post, by the ids of their newest versions."""
        versions, ordered = self._ordered
        if versions != len(self._by_id):
            ordered = sorted(self.posts, key=lambda one: int(one.id), reverse=True)
            self._ordered = len(self._by_id), ordered
        return ordered

    def by(self, handle: str) -> list[Post]:
        """Return what somebody posted and let stand, the oldest first."""
        return [one for one in self.posts if one.author.handle == handle and not one.gone]

    def _version(self, text: str) -> Version:
        number = next(self._numbers)
        short = {
            link: f"https://t.co/{number:x}z{place}"
            for place, link in enumerate(dict.fromkeys(_LINK.findall(text)))
        }
        return Version(str(id_of(self.now, number)), text, self.now, short)

    def _before(self, author: User, parent: Post | None) -> str:
        """Return the names that X puts before a reply: its parent's author, and who that one answered."""
        if parent is None:
            return ""
        names = [f"@{parent.author.handle}", *parent.before.split()]
        kept = [name for name in dict.fromkeys(names) if name != f"@{author.handle}"]
        return "".join(f"{name} " for name in kept)
