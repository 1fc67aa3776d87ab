"""Scenes for the command line; the costly part, reading and drafting by our real rules, is done once."""

from pathlib import Path

import pytest

from tests.cli.scene import Scene, post

#: What the customers of the scene wrote: c-1 ... c-4 wait for a reply, c-5 is set aside.
POSTS = (
    post(1, "My parcel never arrived and nobody answers my mails.", name="Ana Moreau", followers=14300),
    post(2, "I was charged twice for one order, I want my money back."),
    post(3, "The heater you sold me caught fire last night!"),
    post(4, "Mein Paket ist seit zwei Wochen weg, niemand antwortet.", language="de"),
    post(5, "Love the new shop, thank you so much!"),
)


@pytest.fixture(scope="session")
def polled(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A scene in which everything was read, weighed and drafted; not to be changed."""
    scene = Scene(tmp_path_factory.mktemp("polled"))
    scene.configure()
    scene.say(*POSTS)
    said = scene.call("poll")
    assert said.code == 0, said.err
    return scene


@pytest.fixture
def scene(polled: Scene, tmp_path: Path) -> Scene:
    """The same, one's own."""
    return polled.copy(tmp_path)


@pytest.fixture
def empty(tmp_path: Path) -> Scene:
    """A scene in which nothing was read yet."""
    scene = Scene(tmp_path)
    scene.configure()
    scene.say()
    return scene
