"""What a feed account reads, made for one test."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.connectors.feed.stage import InFolder, OverHttp


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """What is closed at the end of a test."""
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def stage(stack: ExitStack) -> OverHttp:
    """A site with a feed."""
    return OverHttp(stack)


@pytest.fixture
def box(tmp_path: Path) -> InFolder:
    """A folder of signed posts."""
    return InFolder(tmp_path)
