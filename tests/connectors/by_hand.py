"""The contract for connectors that only hear: every answer is given by hand, and nothing is seen of it."""

import pytest

from responder.connector import Answerable, Refused, Sight, Unavailable
from responder.model.delivery import Receipt
from tests.connectors.contract import ConnectorContract
from tests.connectors.stage import Stage, message


class ByHandConnectorContract(ConnectorContract):
    """Inherit it as `class TestAcme(ByHandConnectorContract)` and give `failures` and `make_stage`."""

    def test_its_suite_tries_the_failures_that_matter(self, stage: Stage) -> None:
        for call in ("poll", "look"):
            assert Unavailable in {one.error for one in self.failures.values() if call in one.calls}
        assert not any({"send", "find_sent", "shown"} & set(one.calls) for one in self.failures.values())

    def test_it_says_where_a_person_answers_and_that_it_sees_nothing_of_it(self, stage: Stage) -> None:
        mention, connector = self._complaint(stage), stage.connector()
        may = connector.eligibility(mention)
        assert (may.answerable, may.detail) == (Answerable.BY_HAND, mention.url)
        assert connector.limits.sees_answers is False
        assert connector.limits.private_messages is False

    def test_no_reply_is_sent_and_none_is_found(self, stage: Stage) -> None:
        mention, connector = self._complaint(stage), stage.connector()
        before = stage.trace(), len(stage.hosts())
        with pytest.raises(Refused, match="by hand"):
            connector.send(message(mention), mention)
        assert connector.find_sent(message(mention), mention) == ()
        assert connector.shown(Receipt(remote_id=mention.url, url=mention.url), mention).text is None
        assert (stage.trace(), len(stage.hosts())) == before

    def test_it_talks_to_its_own_hosts_only(self, stage: Stage) -> None:
        mention, connector = self._complaint(stage), stage.connector()
        connector.look(mention)
        assert set(stage.hosts()) <= set(connector.limits.hosts)

    def test_a_post_that_we_answered_elsewhere_is_answered(self, stage: Stage) -> None:
        """Nobody tells us: it stays a post that stands."""
        mention = self._complaint(stage)
        stage.say("We are looking into it.", by_us=True, answering=mention.external_id)
        assert stage.connector().look(mention).sight is Sight.PRESENT

    # What follows has no meaning where nothing is sent; `test_no_reply_is_sent` stands for all of it.
    test_a_post_that_it_answered_itself_is_answered = None  # type: ignore[assignment]
    test_a_reply_is_written_once_and_comes_back_with_its_id = None  # type: ignore[assignment]
    test_what_was_sent_is_found_whatever_its_words = None  # type: ignore[assignment]
    test_a_reply_is_read_back_as_it_was_sent = None  # type: ignore[assignment]
    test_nothing_is_found_that_was_not_sent = None  # type: ignore[assignment]
    test_a_reply_may_be_as_long_as_the_limit = None  # type: ignore[assignment]
    test_a_failing_send_writes_once_at_the_most_and_tells_the_truth = None  # type: ignore[assignment]
    test_a_failing_network_is_never_taken_for_nothing_sent = None  # type: ignore[assignment]
