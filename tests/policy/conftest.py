"""What tests of policy may ask for."""

from pathlib import Path

import pytest

from tests.policy.books import copy_of_ours


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Return a copy of our own English policy."""
    return copy_of_ours(tmp_path)
