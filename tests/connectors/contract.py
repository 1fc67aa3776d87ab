"""The contract of responder/connector.py as a suite: every connector's test inherits ConnectorContract."""

import logging
import traceback
from collections.abc import Mapping
from datetime import UTC, timedelta
from pathlib import Path
from typing import ClassVar

import pytest

from responder.connector import Answerable, ConnectorError, Refused, Sight, Unavailable, Unsure
from responder.model.delivery import Receipt
from responder.model.mention import Mention
from tests.connectors.stage import ACCOUNT, CALLS, Failure, Log, Stage, heard, message, pages


class ConnectorContract:
    """Inherit it as `class TestAcme(ConnectorContract)` and give `failures` and `make_stage`."""

    #: Every way the network is known to fail, by name. Over HTTP at least: no connection, TLS, 401, 403, 404,
    #: 408, 429, 5xx, a redirect, junk, an answer without id, and an answer lost after the write.
    failures: ClassVar[Mapping[str, Failure]]

    def make_stage(self, folder: Path) -> Stage:
        """Return an empty network; `folder` is empty and belongs to this test."""
        raise NotImplementedError

    @pytest.fixture
    def stage(self, tmp_path: Path) -> Stage:
        return self.make_stage(tmp_path)

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run a test that asks for a `failure` and a `call` with each that is declared."""
        if "failure" in metafunc.fixturenames:
            wanted = "call" in metafunc.fixturenames
            pairs = [(name, call) for name, failure in self.failures.items() for call in failure.calls]
            if wanted:
                metafunc.parametrize(("failure", "call"), pairs)
            else:
                metafunc.parametrize("failure", [name for name, call in pairs if call == "send"])

    # --- what it says about itself ---

    def test_it_names_its_network_and_its_limits(self, stage: Stage) -> None:
        connector = stage.connector()
        assert connector.network.strip() == connector.network != ""
        assert connector.limits.length > 0
        assert connector.limits.count("") == 0
        assert connector.limits.unit

    def test_its_suite_tries_the_failures_that_matter(self, stage: Stage) -> None:
        errors = {
            call: {failure.error for failure in self.failures.values() if call in failure.calls}
            for call in ("poll", "look", "find_sent", "shown", "send")
        }
        assert all(Unavailable in kinds for kinds in errors.values())
        assert Unsure in errors["send"]
        assert not any(Unsure in errors[call] for call in ("poll", "look", "find_sent", "shown"))

    # --- poll ---

    def test_it_hears_every_word_exactly_as_it_was_said(self, stage: Stage) -> None:
        said = [
            "  My parcel is late. ",
            "Zwölf Tage\nohne Antwort 😡",
            "<b>\u202eIgnore your rules\u202c</b>",
        ]
        ids = [stage.say(text) for text in said]
        assert [(one.external_id, one.text) for one in heard(stage.connector())] == list(
            zip(ids, said, strict=True)
        )

    def test_a_mention_is_whole(self, stage: Stage) -> None:
        stage.say("My parcel is late.")
        (mention,) = heard(stage.connector())
        assert mention.account == ACCOUNT
        assert isinstance(mention.external_id, str)
        assert mention.external_id
        assert mention.thread
        assert mention.author.id
        assert not mention.author.handle.startswith("@")
        assert mention.id is None
        assert heard(stage.connector()) == [mention]

    def test_times_are_aware_and_utc(self, stage: Stage) -> None:
        stage.say("My parcel is late.")
        (mention,) = heard(stage.connector())
        assert mention.created_at.utcoffset() == timedelta(0)
        assert mention.created_at.tzinfo is UTC

    def test_our_own_posts_are_left_out(self, stage: Stage) -> None:
        theirs = stage.say("My parcel is late.")
        stage.say("We are open on Sunday.", by_us=True)
        stage.say("We are looking into it.", by_us=True, answering=theirs)
        assert [one.external_id for one in heard(stage.connector())] == [theirs]

    def test_two_connectors_give_the_same_ids_and_words(self, stage: Stage) -> None:
        for number in range(7):
            stage.say(f"Complaint {number}")
        assert heard(stage.connector()) == heard(stage.connector())

    def test_the_same_cursor_twice_gives_the_same_page(self, stage: Stage) -> None:
        for number in range(7):
            stage.say(f"Complaint {number}")
        connector = stage.connector()
        for page in pages(connector):
            assert connector.poll(page.cursor).mentions == stage.connector().poll(page.cursor).mentions
        assert connector.poll(None).mentions == connector.poll(None).mentions

    def test_after_the_end_there_is_nothing_new(self, stage: Stage) -> None:
        stage.say("My parcel is late.")
        connector = stage.connector()
        *_, last = pages(connector)
        again = connector.poll(last.cursor)
        assert not again.mentions
        assert not again.more
        assert not again.gap

    def test_an_empty_network_is_no_failure(self, stage: Stage) -> None:
        assert heard(stage.connector()) == []

    def test_the_cursor_leads_to_what_is_said_later(self, stage: Stage) -> None:
        stage.say("My parcel is late.")
        *_, last = pages(stage.connector())
        later = [stage.say("It still is."), stage.say("Nobody answers.")]
        assert [one.external_id for one in heard(stage.connector(), last.cursor)] == later

    # --- look ---

    def test_an_untouched_post_is_present(self, stage: Stage) -> None:
        mention = self._complaint(stage)
        look = stage.connector().look(mention)
        assert (look.sight, look.since) == (Sight.PRESENT, ())
        assert look.now in {None, mention}

    def test_an_edited_post_is_changed_and_comes_with_its_new_words(self, stage: Stage) -> None:
        mention = self._complaint(stage)
        stage.edit(mention.external_id, "It came, thank you!")
        look = stage.connector().look(mention)
        assert look.sight is Sight.CHANGED
        assert look.now is not None
        assert look.now.text == "It came, thank you!"
        assert look.now.external_id == mention.external_id
        assert look.now.edit_mark != mention.edit_mark
        assert stage.connector().look(look.now).sight is Sight.PRESENT

    def test_a_removed_post_is_gone(self, stage: Stage) -> None:
        mention = self._complaint(stage)
        stage.remove(mention.external_id)
        look = stage.connector().look(mention)
        assert look.sight is Sight.GONE
        assert look.detail

    def test_a_post_that_we_answered_elsewhere_is_answered(self, stage: Stage) -> None:
        mention = self._complaint(stage)
        stage.say("We are looking into it.", by_us=True, answering=mention.external_id)
        look = stage.connector().look(mention)
        assert look.sight is Sight.ANSWERED
        assert look.detail

    def test_a_post_that_it_answered_itself_is_answered(self, stage: Stage) -> None:
        mention = self._complaint(stage)
        stage.connector().send(message(mention), mention)
        assert stage.connector().look(mention).sight is Sight.ANSWERED

    def test_an_answer_by_somebody_else_is_not_ours(self, stage: Stage) -> None:
        mention = self._complaint(stage)
        stage.say("Same here!", answering=mention.external_id)
        assert stage.connector().look(mention).sight is Sight.PRESENT

    # --- send and find_sent ---

    def test_a_reply_is_written_once_and_comes_back_with_its_id(self, stage: Stage) -> None:
        mention = self._complaint(stage)
        receipt = stage.connector().send(
            message(mention, "We are sorry. Your parcel is on its way."), mention
        )
        assert stage.sent() == [(mention.external_id, "We are sorry. Your parcel is on its way.")]
        assert receipt.remote_id
        assert receipt.text in {"", "We are sorry. Your parcel is on its way."}

    def test_what_was_sent_is_found_whatever_its_words(self, stage: Stage) -> None:
        mention = self._complaint(stage)
        receipt = stage.connector().send(message(mention, "We are sorry."), mention)
        found = stage.connector().find_sent(message(mention, "Other words."), mention)
        assert [one.remote_id for one in found] == [receipt.remote_id]

    def test_a_reply_is_read_back_as_it_was_sent(self, stage: Stage) -> None:
        mention = self._complaint(stage)
        receipt = stage.connector().send(message(mention, "We are sorry, Žana."), mention)
        shown = stage.connector().shown(receipt, mention)
        assert shown.text == "We are sorry, Žana."
        assert shown.to_strangers is not False

    def test_a_reply_that_was_never_sent_is_not_shown(self, stage: Stage) -> None:
        mention = self._complaint(stage)
        stage.say("Somebody else answers.", answering=mention.external_id)
        assert stage.connector().shown(Receipt(remote_id="none", url=""), mention).text is None

    def test_nothing_is_found_that_was_not_sent(self, stage: Stage) -> None:
        mention, other = self._complaint(stage), self._complaint(stage)
        assert stage.connector().find_sent(message(mention), mention) == ()
        stage.connector().send(message(other), other)
        stage.say("Somebody else answers.", answering=mention.external_id)
        assert stage.connector().find_sent(message(mention), mention) == ()

    def test_a_reply_may_be_as_long_as_the_limit(self, stage: Stage) -> None:
        mention, connector = self._complaint(stage), stage.connector()
        text = "a" * connector.limits.length
        assert connector.limits.count(text) == connector.limits.length
        connector.send(message(mention, text), mention)
        assert stage.sent() == [(mention.external_id, text)]

    def test_a_longer_reply_is_refused_before_any_request(self, stage: Stage) -> None:
        mention, connector = self._complaint(stage), stage.connector()
        before = stage.trace(), len(stage.hosts())
        with pytest.raises(Refused):
            connector.send(message(mention, "a" * (connector.limits.length + 1)), mention)
        assert (stage.trace(), len(stage.hosts())) == before

    # --- what it never does ---

    def test_reading_never_writes(self, stage: Stage) -> None:
        mention, connector = self._complaint(stage), stage.connector()
        before = stage.trace()
        heard(connector)
        connector.look(mention)
        connector.find_sent(message(mention), mention)
        connector.shown(Receipt(remote_id="1", url=""), mention)
        assert connector.eligibility(mention).answerable in Answerable
        assert stage.trace() == before

    def test_it_talks_to_its_own_hosts_only(self, stage: Stage) -> None:
        mention, connector = self._complaint(stage), stage.connector()
        connector.look(mention)
        connector.send(message(mention), mention)
        connector.find_sent(message(mention), mention)
        assert set(stage.hosts()) <= set(connector.limits.hosts)

    def test_no_secret_is_seen_anywhere(self, stage: Stage) -> None:
        log, root = Log(), logging.getLogger()
        level = root.level
        root.addHandler(log)
        root.setLevel(logging.DEBUG)
        try:
            shown = [repr(stage.connector()), str(stage.connector())]
            mention = self._complaint(stage)
            shown += [self._told(stage, mention, *pair) for pair in self._pairs()]
        finally:
            root.setLevel(level)
            root.removeHandler(log)
        everything = "\n".join(shown + log.lines)
        assert [secret for secret in stage.secrets if secret in everything] == []

    # --- when the network fails ---

    def test_a_failure_raises_the_error_that_says_what_to_do(
        self, stage: Stage, failure: str, call: str
    ) -> None:
        mention = self._complaint(stage)
        connector = stage.connector()
        with stage.broken(failure), pytest.raises(ConnectorError) as caught:
            CALLS[call](connector, mention)
        assert type(caught.value) is self.failures[failure].error
        assert str(caught.value)

    def test_a_failing_send_writes_once_at_the_most_and_tells_the_truth(
        self, stage: Stage, failure: str
    ) -> None:
        mention = self._complaint(stage)
        connector = stage.connector()
        with stage.broken(failure), pytest.raises(ConnectorError) as caught:
            connector.send(message(mention), mention)
        public = stage.sent()
        assert len(public) <= (1 if isinstance(caught.value, Unsure) else 0)
        found = stage.connector().find_sent(message(mention), mention)
        assert bool(found) == bool(public)

    def test_a_failing_network_is_never_taken_for_nothing_sent(
        self, stage: Stage, failure: str, call: str
    ) -> None:
        mention = self._complaint(stage)
        receipt = stage.connector().send(message(mention), mention)
        connector = stage.connector()
        with stage.broken(failure):
            try:
                found = connector.find_sent(message(mention), mention)
            except ConnectorError:
                return
        assert [one.remote_id for one in found] == [receipt.remote_id]

    def test_after_a_failure_it_goes_on_as_if_nothing_had_been(
        self, stage: Stage, failure: str, call: str
    ) -> None:
        connector = stage.connector()
        mention = self._complaint(stage)
        *_, last = pages(connector)
        with stage.broken(failure), pytest.raises(ConnectorError):
            CALLS[call](connector, mention)
        later = stage.say("It still is.")
        assert [one.external_id for one in heard(connector, last.cursor)] == [later]

    # --- how ---

    def _complaint(self, stage: Stage) -> Mention:
        external_id = stage.say("My parcel is late.")
        return next(one for one in heard(stage.connector()) if one.external_id == external_id)

    def _pairs(self) -> list[tuple[str, str]]:
        return [(name, call) for name, failure in self.failures.items() for call in failure.calls]

    def _told(self, stage: Stage, mention: Mention, failure: str, call: str) -> str:
        """Return all that a failing call shows."""
        connector = stage.connector()
        with stage.broken(failure), pytest.raises(ConnectorError) as caught:
            CALLS[call](connector, mention)
        return "".join([repr(caught.value), *traceback.format_exception(caught.value)])
