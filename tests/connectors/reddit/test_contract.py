"""The Reddit connector keeps the contract, over its inbox and over a search."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

import pytest

from tests.connectors.contract import ConnectorContract
from tests.connectors.reddit.stages import FAILURES, RedditStage, SearchStage, stage_of
from tests.connectors.stage import Failure, Stage


class TestRedditByItsInbox(ConnectorContract):
    failures = FAILURES

    @pytest.fixture
    def stage(self) -> Iterator[Stage]:
        with stage_of(RedditStage) as one:
            yield one


class TestRedditByASearch(ConnectorContract):
    # the ways in which requests fail are the same ones
    failures: ClassVar[Mapping[str, Failure]] = {
        name: FAILURES[name] for name in ("no connection", "503", "created, then 503", "THREAD_LOCKED")
    }

    @pytest.fixture
    def stage(self) -> Iterator[Stage]:
        with stage_of(SearchStage) as one:
            yield one
