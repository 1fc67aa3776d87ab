"""The X connector keeps the contract, in both vocabularies and with both kinds of keys."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import pytest

from tests.connectors.contract import ConnectorContract
from tests.connectors.stage import Failure
from tests.connectors.x.stage import FAILURES, FEW, LEAST, RENEWED, XStage
from tests.standins.x import Server, served
from tests.standins.x.described import description


class TestX(ConnectorContract):
    failures: ClassVar[Mapping[str, Failure]] = {name: FAILURES[name] for name in FEW}
    chosen: ClassVar[dict[str, Any]] = {}

    @pytest.fixture
    def stage(self) -> Iterator[XStage]:
        with served(Server()) as x:
            yield XStage(x, **self.chosen)
            if official := description(self.chosen.get("vocabulary", "tweet")):
                assert official.problems(x.requests, x.exchanges) == []


class TestXInTheNewWords(TestX):
    failures: ClassVar = {name: FAILURES[name] for name in LEAST}
    chosen: ClassVar = {"vocabulary": "post"}


class TestXByOAuth2(TestX):
    failures: ClassVar = {**TestXInTheNewWords.failures, **RENEWED}
    chosen: ClassVar = {"auth": "oauth2"}


class TestXByOAuth2InTheNewWords(TestXInTheNewWords):
    chosen: ClassVar = {"auth": "oauth2", "vocabulary": "post"}


@pytest.mark.slow
class TestXThroughEveryFailure(TestX):
    failures: ClassVar = FAILURES


@pytest.mark.slow
class TestXByOAuth2ThroughEveryFailure(TestXByOAuth2InTheNewWords):
    failures: ClassVar = {**FAILURES, **RENEWED}
