"""The Reddit connector keeps the contract, over its inbox and over a search."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

import pytest

from tests.connectors.contract import ConnectorContract
from tests.connectors.reddit.stages import FAILURES, RedditStage, SearchStage, stage_of
from tests.connectors.stage import Failure, Stage

#: What the everyday tests try; each of them stands for others, and the table of test_sending.py has more.
EVERYDAY = (
    "no connection",
    "401",
    "a permission lacks",
    "403",
    "429",
    "503",
    "junk",
    "half an answer",
    "the login is refused",
    "the login fails",
    "created, then 503",
    "created, then nothing",
    "created, and no things",
    "THREAD_LOCKED",
)


class TestRedditByItsInbox(ConnectorContract):
    failures: ClassVar[Mapping[str, Failure]] = {name: FAILURES[name] for name in EVERYDAY}

    @pytest.fixture
    def stage(self) -> Iterator[Stage]:
        with stage_of(RedditStage) as one:
            yield one


@pytest.mark.slow
class TestRedditWithEveryFailure(TestRedditByItsInbox):
    failures = FAILURES


class TestRedditByASearch(ConnectorContract):
    # the ways in which requests fail are the same ones
    failures: ClassVar[Mapping[str, Failure]] = {
        name: FAILURES[name] for name in ("no connection", "503", "created, then 503", "THREAD_LOCKED")
    }

    @pytest.fixture
    def stage(self) -> Iterator[Stage]:
        with stage_of(SearchStage) as one:
            yield one
