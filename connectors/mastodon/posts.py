"""What a server says of a post, as a mention."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from connectors.plain import plain
from responder.model.mention import Audience, Author, Mention

#: Posts that everybody may read. All others, also those of kinds we do not know, are answered in private.
_PUBLIC = frozenset({"public", "unlisted"})


class Unreadable(Exception):
    """Something is no post; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads the posts of a server for one account of ours."""

    account: str

    def mention(self, status: object, thread: str = "") -> Mention:
        """Return a post as a mention of `thread`, or of a thread of its own; raises Unreadable."""
        post = _table(status, "the post")
        external_id = _id(post.get("id"), "its id")
        answered = post.get("in_reply_to_id")
        return Mention(
            account=self.account,
            external_id=external_id,
            thread=thread or external_id,
            author=_author(post),
            text=words(post),
            created_at=moment(post.get("created_at")),
            url=_address(post),
            language=_language(post.get("language")),
            in_reply_to=_id(answered, "in_reply_to_id") if answered is not None else None,
            edit_mark=str(post.get("edited_at") or ""),
            audience=Audience.PUBLIC if post.get("visibility") in _PUBLIC else Audience.PRIVATE,
        )


def words(post: Mapping[str, Any]) -> str:
    """Return the words of a post: its content warning on a line of its own, its text, what it shows.

    `[CW: ...]` stands for a warning, `[picture: ...]` and the like for what is attached, as it is described.
    A text that only looks as if it had a warning stands behind a blank: our reply would carry its words.
    """
    content = post.get("content")
    if not isinstance(content, str):
        raise Unreadable("its content is no text")
    parts = [plain(content, handles(post))]
    if warning := spoiler(post):
        parts.insert(0, f"[CW: {warning}]")
    shown = [_shown(one) for one in _list(post.get("media_attachments")) if isinstance(one, Mapping)]
    said = "\n\n".join(part for part in (*parts, "\n".join(shown)) if part)
    return said if warning or not warning_of(said) else f" {said}"


def spoiler(post: Mapping[str, Any]) -> str:
    """Return the content warning of a post on one line; "" where it has none."""
    return " ".join(str(post.get("spoiler_text") or "").split())


def warning_of(text: str) -> str:
    """Return the content warning that `words` put before a text; "" where there is none."""
    first, parted, _ = text.partition("\n")
    whole = first.startswith("[CW: ") and first.endswith("]") and (parted or text == first)
    return first[5:-1] if whole else ""


def moment(told: object) -> datetime:
    """Return a time of the server's (UTC)."""
    try:
        read = datetime.fromisoformat(str(told))
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise Unreadable("it tells no time") from None


def _author(post: Mapping[str, Any]) -> Author:
    account = _table(post.get("account"), "its author")
    handle = account.get("acct")
    if not isinstance(handle, str) or not handle.strip().lstrip("@"):
        raise Unreadable("its author has no handle")
    followers = account.get("followers_count")
    told = isinstance(followers, int) and not isinstance(followers, bool) and followers >= 0
    return Author(
        id=_id(account.get("id"), "its author's id"),
        handle=handle.strip().lstrip("@"),
        name=str(account.get("display_name") or ""),
        followers=followers if told else None,
        bot=account.get("bot") is True,
    )


def handles(post: Mapping[str, Any]) -> dict[str, str]:
    """Return the handles of the people a post mentions, by the addresses of their profiles."""
    people = [one for one in _list(post.get("mentions")) if isinstance(one, Mapping)]
    return {str(one["url"]): str(one["acct"]) for one in people if one.get("url") and one.get("acct")}


def _shown(attached: Mapping[str, Any]) -> str:
    kinds = {"image": "picture", "gifv": "moving picture", "video": "video", "audio": "sound"}
    kind = kinds.get(str(attached.get("type")), "file")
    described = " ".join(str(attached.get("description") or "").split())
    return f"[{kind}: {described}]" if described else f"[{kind}]"


def _address(post: Mapping[str, Any]) -> str:
    address = str(post.get("url") or post.get("uri") or "")
    return address if address.startswith(("https://", "http://")) else ""


def _language(told: object) -> str | None:
    code = str(told or "").lower().replace("_", "-").partition("-")[0]
    return code if code.isalpha() and code != "und" else None


def _id(told: object, what: str) -> str:
    if isinstance(told, bool) or not isinstance(told, str | int) or not str(told):
        raise Unreadable(f"{what} is missing")
    return str(told)


def _table(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Unreadable(f"{what} is no JSON object")
    return value


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
