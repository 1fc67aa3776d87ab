"""The X connector keeps the contract, in both vocabularies and with both kinds of keys."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import pytest

from tests.connectors.contract import ConnectorContract
from tests.connectors.stage import Failure
from tests.connectors.x.stage import FAILURES, FEW, RENEWED, XStage
from tests.standins.x import Server, served


class TestX(ConnectorContract):
    failures: ClassVar[Mapping[str, Failure]] = {name: FAILURES[name] for name in FEW}
    chosen: ClassVar[dict[str, Any]] = {}

    @pytest.fixture
    def stage(self) -> Iterator[XStage]:
        with served(Server()) as x:
            yield XStage(x, **self.chosen)


class TestXInTheNewWords(TestX):
    chosen: ClassVar = {"vocabulary": "post"}


class TestXByOAuth2(TestX):
    failures: ClassVar = {**TestX.failures, **RENEWED}
    chosen: ClassVar = {"auth": "oauth2"}


class TestXByOAuth2InTheNewWords(TestXByOAuth2):
    chosen: ClassVar = {"auth": "oauth2", "vocabulary": "post"}


@pytest.mark.slow
class TestXThroughEveryFailure(TestX):
    failures: ClassVar = FAILURES


@pytest.mark.slow
class TestXByOAuth2ThroughEveryFailure(TestXByOAuth2InTheNewWords):
    failures: ClassVar = {**FAILURES, **RENEWED}
