"""Posts as X sends them, in the words of either vocabulary, read into one form."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from responder.model.mention import Author, Mention

#: Ids hold the milliseconds since this moment, above 22 bits of other things.
_FIRST = datetime(2010, 11, 4, 1, 42, 54, 657_000, tzinfo=UTC)
_BITS = 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One version of a post."""

    id: str
    #: The ids of all its versions, the first one first.
    versions: tuple[str, ...]
    author: Author
    #: Its author shows what they write only to people of their choice.
    protected: bool
    #: As people see it.
    text: str
    created_at: datetime
    thread: str
    #: The post it answers, and whose that is.
    answers: str | None
    answers_user: str
    #: It only shows another post once more.
    repost: bool
    language: str | None
    #: Only some people may answer it.
    restricted: bool
    #: The ids and, in small letters, the handles that its author named: not those X put before a reply.
    named: frozenset[str]
    #: How many answers X counts; None where it does not tell.
    replies: int | None

    @property
    def first(self) -> str:
        """The id of its first version, by which it is known for ever."""
        return self.versions[0]

    @property
    def newest(self) -> str:
        """The id of its newest version."""
        return self.versions[-1]

    def mention(self, account: str, *, of_us: bool = True) -> Mention:
        """Return it as a mention; `of_us`: it stands in the timeline of our mentions.

        The address tells which, and leads to the same post: what only a search found goes by X's short one.
        """
        whose = self.author.handle if of_us and self.author.handle else "i"
        return Mention(
            account=account,
            external_id=self.first,
            thread=self.thread,
            author=self.author,
            text=self.text,
            created_at=self.created_at,
            url=f"https://x.com/{whose}/status/{self.newest}",
            language=self.language,
            in_reply_to=self.answers,
            edit_mark=self.newest if len(self.versions) > 1 else "",
        )


def moment_of(post_id: int) -> datetime:
    """Return when a post was made, by its id; to the millisecond."""
    return _FIRST + timedelta(milliseconds=post_id >> _BITS)


def id_at(moment: float) -> int:
    """Return the smallest id of a moment, in seconds since 1970."""
    return span(max(moment - _FIRST.timestamp(), 0.0))


def span(seconds: float) -> int:
    """Return by how much ids grow in so many seconds."""
    return round(seconds * 1000) << _BITS
