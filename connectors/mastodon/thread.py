"""What stands below a post, and which of it is ours."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from connectors.mastodon.posts import Reading, Unreadable, handles
from connectors.mastodon.reply import bare
from connectors.plain import plain
from responder.connector import Malformed, Message, Receipt
from responder.model.mention import Mention

#: Posts as the server tells of them.
Told = Mapping[str, Any]
#: Who may answer where a server tells it: everybody, whoever is mentioned, this account.
_ANYBODY = frozenset({"public", "mentioned", "me"})


@dataclass(frozen=True, slots=True)
class Thread:
    """A post we heard, and the posts around it; `me` is our own id."""

    target: Mention
    me: str
    #: The post as its server tells of it now, where it was asked.
    told: Told = field(default_factory=dict)

    def answers(self, posts: Iterable[Told]) -> list[Told]:
        """Return our answers to it among these posts, the oldest first."""
        # there is a server that gives an edited post another id
        names = {self.target.external_id, _text(self.told, "id") or self.target.external_id}
        ours = [one for one in posts if self.ours(one) and _text(one, "in_reply_to_id") in names]
        return sorted(ours, key=lambda one: (_text(one, "created_at"), _text(one, "id")))

    def orphans(self, posts: Iterable[Told], message: Message) -> list[Told]:
        """Return our posts of these words to its author that answer nothing, as when their target is gone."""
        alone = [one for one in posts if self.ours(one) and not _text(one, "in_reply_to_id")]
        return [
            one
            for one in alone
            if self._names_author(one) and self.words(one).strip() == message.text.strip()
        ]

    def ours(self, post: Told) -> bool:
        """Whether we wrote it."""
        account = post.get("account")
        return isinstance(account, Mapping) and _text(account, "id") == self.me

    def words(self, post: Told) -> str:
        """Return the words of an answer of ours, as they were approved."""
        return bare(plain(_text(post, "content"), handles(post)), self.target.author.handle)

    def receipt(self, post: Told) -> Receipt:
        """Return an answer of ours as the proof of it."""
        return Receipt(remote_id=_text(post, "id"), url=_text(post, "url"), text=self.words(post))

    def since(self, posts: Iterable[Told], reading: Reading) -> tuple[Mention, ...]:
        """Return what its author wrote among these posts, the oldest first."""
        said = []
        for one in posts:
            try:
                mention = reading.mention(one, self.target.thread)
            except Unreadable:
                continue
            if mention.author.id == self.target.author.id and mention.external_id != self.target.external_id:
                said.append(mention)
        return tuple(sorted(said, key=lambda one: (one.created_at, one.external_id)))

    def now(self, reading: Reading) -> Mention:
        """Return the post as it reads now; where it reads otherwise, its mark is another one."""
        try:
            read = reading.mention(self.told, self.target.thread)
        except Unreadable as problem:
            raise Malformed(
                f"The post {self.target.external_id} cannot be read any more: {problem}."
            ) from None
        now = replace(read, external_id=self.target.external_id)
        same = (now.text, now.audience) == (self.target.text, self.target.audience)
        if same and now.edit_mark in {"", self.target.edit_mark}:
            return replace(now, edit_mark=self.target.edit_mark)
        if now.edit_mark in {"", self.target.edit_mark}:
            digest = sha256(f"{now.audience} {now.text}".encode("utf-8", "replace")).hexdigest()
            return replace(now, edit_mark=f"text {digest[:12]}")
        return now

    def _names_author(self, post: Told) -> bool:
        people = post.get("mentions")
        named = [one for one in people if isinstance(one, Mapping)] if isinstance(people, list) else []
        return any(_text(one, "id") == self.target.author.id for one in named)


def closed(post: Told) -> str:
    """Say why nobody may answer a post, where its server tells so; "" when we may."""
    policy = post.get("interaction_policy")
    reply = policy.get("can_reply") if isinstance(policy, Mapping) else None
    if not isinstance(reply, Mapping):
        return ""
    may = {str(one) for kind in ("always", "with_approval") for one in reply.get(kind) or []}
    return "" if may & _ANYBODY else "its author lets only others answer it"


def _text(post: Told, key: str) -> str:
    value = post.get(key)
    return "" if value is None else str(value)
