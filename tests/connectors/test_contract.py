"""The contract's suite passes a connector as it should be, and finds the mistake in every mutant of it."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta, timezone
from itertools import count
from pathlib import Path

import pytest

from responder.connector import ConnectorError, Limits, Look, Page, Sight, Unavailable, Unsure
from responder.model.delivery import Receipt
from responder.model.draft import Message
from responder.model.mention import Mention
from tests.connectors.acme import FAILURES, Acme, AcmeStage, Post
from tests.connectors.contract import ConnectorContract

_NUMBERS = count()


class TestAcme(ConnectorContract):
    failures = FAILURES

    def make_stage(self, folder: Path) -> AcmeStage:
        return AcmeStage()


class HearsItself(Acme):
    def heard(self, post: Post) -> bool:
        return True


class TidiesText(Acme):
    def mention(self, post: Post) -> Mention:
        return replace(super().mention(post), text=post.text.strip())


class TellsLocalTime(Acme):
    def mention(self, post: Post) -> Mention:
        mention = super().mention(post)
        return replace(mention, created_at=mention.created_at.astimezone(timezone(timedelta(hours=2))))


class CountsAnew(Acme):
    def mention(self, post: Post) -> Mention:
        return replace(super().mention(post), external_id=f"{post.id}-{next(_NUMBERS)}")


class StartsAgain(Acme):
    def poll(self, cursor: str | None) -> Page:
        return super().poll(None if cursor == str(len(self.ask(writes=False))) else cursor)


class NeverEnds(Acme):
    def poll(self, cursor: str | None) -> Page:
        return replace(super().poll(cursor), more=True)


class RetriesBlindly(Acme):
    def send(self, message: Message, to: Mention) -> Receipt:
        with suppress(Unsure):
            return super().send(message, to)
        return super().send(message, to)


class SendsTwice(Acme):
    def send(self, message: Message, to: Mention) -> Receipt:
        super().send(message, to)
        return super().send(message, to)


class CallsTheUnsureUnsent(Acme):
    def send(self, message: Message, to: Mention) -> Receipt:
        try:
            return super().send(message, to)
        except Unsure as error:
            raise Unavailable from error


class ForgetsItsLimit(Acme):
    def send(self, message: Message, to: Mention) -> Receipt:
        return super().send(replace(message, text=message.text[:60]), to)


class LooksForTheText(Acme):
    def find_sent(self, message: Message, to: Mention) -> tuple[Receipt, ...]:
        return tuple(one for one in super().find_sent(message, to) if one.text == message.text)


class TakesBrokenForAbsent(Acme):
    def find_sent(self, message: Message, to: Mention) -> tuple[Receipt, ...]:
        with suppress(ConnectorError):
            return super().find_sent(message, to)
        return ()


class FindsAnybody(Acme):
    def ours(self, post: Post) -> bool:
        return super().ours(post) or bool(post.answers)


class NeverLooks(Acme):
    def look(self, mention: Mention) -> Look:
        super().look(mention)
        return Look(sight=Sight.PRESENT)


class KeepsTheMark(Acme):
    def look(self, mention: Mention) -> Look:
        look = super().look(mention)
        return replace(look, now=look.now and replace(look.now, edit_mark=mention.edit_mark))


class MarksAsRead(Acme):
    def look(self, mention: Mention) -> Look:
        self.ask(writes=True)
        return super().look(mention)


class CallsHome(Acme):
    limits = Limits(length=60, hosts=("acme.example",))


class ShowsItsToken(Acme):
    def __repr__(self) -> str:
        return f"ShowsItsToken({self.token!r})"


class LogsItsToken(Acme):
    def look(self, mention: Mention) -> Look:
        logging.getLogger("acme").debug("looking with %s", self.token)
        return super().look(mention)


class RaisesItsToken(Acme):
    def send(self, message: Message, to: Mention) -> Receipt:
        try:
            return super().send(message, to)
        except Unavailable:
            raise Unavailable(f"not reached with {self.token}") from None


class RaisesItsOwnErrors(Acme):
    def poll(self, cursor: str | None) -> Page:
        try:
            return super().poll(cursor)
        except ConnectorError as error:
            raise OSError("no network") from error


@pytest.mark.parametrize(
    ("mutant", "finder"),
    [
        (HearsItself, "test_our_own_posts_are_left_out"),
        (TidiesText, "test_it_hears_every_word_exactly_as_it_was_said"),
        (TellsLocalTime, "test_times_are_aware_and_utc"),
        (CountsAnew, "test_two_connectors_give_the_same_ids_and_words"),
        (StartsAgain, "test_after_the_end_there_is_nothing_new"),
        (NeverEnds, "test_an_empty_network_is_no_failure"),
        (RetriesBlindly, "test_a_failing_send_writes_once_at_the_most_and_tells_the_truth"),
        (SendsTwice, "test_a_reply_is_written_once_and_comes_back_with_its_id"),
        (CallsTheUnsureUnsent, "test_a_failure_raises_the_error_that_says_what_to_do"),
        (CallsTheUnsureUnsent, "test_a_failing_send_writes_once_at_the_most_and_tells_the_truth"),
        (ForgetsItsLimit, "test_a_longer_reply_is_refused_before_any_request"),
        (LooksForTheText, "test_what_was_sent_is_found_whatever_its_words"),
        (TakesBrokenForAbsent, "test_a_failing_network_is_never_taken_for_nothing_sent"),
        (FindsAnybody, "test_nothing_is_found_that_was_not_sent"),
        (FindsAnybody, "test_an_answer_by_somebody_else_is_not_ours"),
        (NeverLooks, "test_a_removed_post_is_gone"),
        (KeepsTheMark, "test_an_edited_post_is_changed_and_comes_with_its_new_words"),
        (MarksAsRead, "test_reading_never_writes"),
        (CallsHome, "test_it_talks_to_its_own_hosts_only"),
        (ShowsItsToken, "test_no_secret_is_seen_anywhere"),
        (LogsItsToken, "test_no_secret_is_seen_anywhere"),
        (RaisesItsToken, "test_no_secret_is_seen_anywhere"),
        (RaisesItsOwnErrors, "test_a_failure_raises_the_error_that_says_what_to_do"),
    ],
)
def test_the_suite_finds_the_mistake(mutant: type[Acme], finder: str) -> None:
    assert not _fails(Acme, finder)
    assert _fails(mutant, finder)


def _fails(kind: type[Acme], name: str) -> bool:
    """Whether one test of the suite fails on a connector, with any of the failures it is run with."""
    suite = TestAcme()
    test: Callable[..., None] = getattr(suite, name)
    wanted = test.__code__.co_varnames[: test.__code__.co_argcount]
    pairs = suite._pairs() if "failure" in wanted else [("", "")]
    for failure, call in pairs:
        if "call" not in wanted and failure and call != "send":
            continue
        arguments = {"failure": failure, "call": call}
        try:
            test(AcmeStage(kind), **{key: value for key, value in arguments.items() if key in wanted})
        except (Exception, pytest.fail.Exception):  # noqa: BLE001 (a test may fail by any error)
            return True
    return False
