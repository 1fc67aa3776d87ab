"""The replay connector keeps the contract, over JSONL and over CSV."""

from pathlib import Path

from tests.connectors.contract import ConnectorContract
from tests.connectors.replay.files import FAILURES, FilesStage


class TestReplayOfJsonl(ConnectorContract):
    failures = FAILURES

    def make_stage(self, folder: Path) -> FilesStage:
        return FilesStage(folder, ".jsonl")


class TestReplayOfCsv(ConnectorContract):
    failures = FAILURES

    def make_stage(self, folder: Path) -> FilesStage:
        return FilesStage(folder, ".csv")
