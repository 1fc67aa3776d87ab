"""A room to review in."""

from pathlib import Path

import pytest

from responder.store.store import Store
from tests.cli.review.room import Room
from tests.network import mention


@pytest.fixture
def room(store: Store, tmp_path: Path) -> Room:
    """A room in which three cases wait: c-1 is on fire, c-2 and c-3 are not."""
    return Room(store, tmp_path).say(
        mention("1", "My heater is on fire", author="ana", minutes=1),
        mention("2", "My parcel is lost.", author="bo", minutes=2),
        mention("3", "Where is my refund?", author="cy", minutes=3),
    )


@pytest.fixture
def bare(store: Store, tmp_path: Path) -> Room:
    """A room in which nobody wrote yet."""
    return Room(store, tmp_path)
