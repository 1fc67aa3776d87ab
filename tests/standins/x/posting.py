"""What our X does with a post that it is sent: whom it lets answer, and what it does not take."""

import json
import re
from dataclasses import dataclass
from typing import Any

from tests.standins.x.answering import (
    DUPLICATE,
    NOT_SUMMONED,
    RESTRICTED,
    TARGET_GONE,
    TOO_LONG,
    Answer,
    Request,
    invalid,
)
from tests.standins.x.wire import visible
from tests.standins.x.world import BRAND, Post, World


@dataclass
class Customs:
    """Which rules hold."""

    #: The app may answer only who names or quotes the account; X exempts its large customers.
    summoned_only: bool = True
    #: The longest text it takes.
    longest: int = 280


class Posting:
    """Takes posts of the one account whose keys there are."""

    def __init__(self, world: World, customs: Customs) -> None:
        self._world, self._customs = world, customs

    def answer(self, request: Request) -> Answer:
        """Take a post, or say why not."""
        try:
            body = json.loads(request.body)
        except ValueError:
            return invalid("body", "", "it is no JSON")
        text, target = str(body.get("text", "")), str(body.get("reply", {}).get("in_reply_to_tweet_id", ""))
        parent = self._world.find(target) if target else None
        if refused := self._refused(text, target, parent):
            return refused
        number = self._world.post(BRAND, text, answering=target, button=self._button(body), by_app=True)
        shown = f"{self._world.by(BRAND)[-1].before}{text}"
        return Answer(201, {"data": {"id": number, "text": shown}})

    def _refused(self, text: str, target: str, parent: Post | None) -> Answer | None:
        if target and not target.isdigit():
            return invalid("reply.in_reply_to_tweet_id", target, "Your reply tweet ID is invalid.")
        if target and (parent is None or not visible(parent)):
            return TARGET_GONE
        if parent and parent.settings != "everyone" and not names(parent.text, BRAND):
            return RESTRICTED
        if parent and self._customs.summoned_only and not self._summoned(parent):
            return NOT_SUMMONED
        if weight(text) > self._customs.longest:
            return TOO_LONG
        if any(
            one.text == text and one.answers in (parent.ids if parent else [""])
            for one in self._world.by(BRAND)
        ):
            return DUPLICATE
        return None

    def _summoned(self, parent: Post) -> bool:
        """Whether an author called us: by our name in what they typed, or by quoting us."""
        quoted = self._world.find(parent.quotes)
        return names(parent.text, BRAND) or (quoted is not None and quoted.author.handle == BRAND)

    def _button(self, body: dict[str, Any]) -> str:
        return str(body.get("direct_message_deep_link") or "")


def names(text: str, handle: str) -> bool:
    """Whether a text names somebody, elsewhere than in a link."""
    words = re.sub(r"https?://\S+", " ", text)
    return re.search(rf"(?<![\w@])@{handle}\b", words, re.IGNORECASE) is not None


def weight(text: str) -> int:
    """Weigh a text roughly, not as the connector does it: a link is 23, European letters 1, all else 2."""
    words = re.sub(r"https?://\S+", "x" * 23, text)
    return sum(1 if ord(char) < 0x1100 or 0x2000 <= ord(char) < 0x2038 else 2 for char in words)
