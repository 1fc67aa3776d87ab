"""The desk at a real terminal: keys go in, the store moves, and the terminal is left as it was."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pexpect
import pytest

from responder.model.case import Stage
from responder.store.store import Store
from tests.cli.scene import Scene, Terminal

#: Seconds for a key to have its effect on a busy machine.
_PATIENCE = 30.0
#: Seconds after which a key that had no effect by then is thought to have asked something.
_SOON = 2.0
#: Longer than a card has to be there before a key approves it.
_A_MOMENT = 0.4


class Person:
    """Somebody at a terminal of 80 x 24."""

    def __init__(self, config: Path, folder: Path, *options: str, **environ: str) -> None:
        here = {"PYTHONPATH": str(Path(__file__).parents[3]), "TERM": "xterm", "TMPDIR": str(folder)}
        kept = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "COLUMNS"}}
        self.child: pexpect.spawn[str] = pexpect.spawn(
            sys.executable,
            ["-m", "responder", "--config", str(config), "--as", "sam", "review", *options],
            env={**kept, **here, **environ},
            encoding="utf-8",
            timeout=60,
            dimensions=(24, 80),
        )
        self.seen = ""

    def sees(self, words: str) -> None:
        """Wait until the terminal gets these words; a line that is drawn over may bring them in parts."""
        self.child.expect_exact(words)
        self.seen += str(self.child.before) + str(self.child.after)

    def types(self, keys: str) -> None:
        """Type, not faster than one reads."""
        time.sleep(_A_MOMENT)
        self.child.send(keys)

    def until(self, true: Callable[[], bool], patience: float = _PATIENCE) -> bool:
        """Wait for something to become true; whether it did."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            self._read()
            if true():
                return True
        return False

    def leaves(self) -> int | None:
        """Wait for the end, and return the exit code."""
        self.child.expect(pexpect.EOF)
        self.seen += str(self.child.before)
        self.child.close()
        return self.child.exitstatus

    def _read(self) -> None:
        try:
            self.seen += self.child.read_nonblocking(10_000, timeout=0.05)
        except (pexpect.TIMEOUT, pexpect.EOF):
            return


@contextmanager
def at_the_desk(scene: Scene, *options: str, **environ: str) -> Iterator[Person]:
    """Sit down; whatever happens, nobody is left sitting there."""
    person = Person(scene.config, scene.folder, *options, **environ)
    try:
        yield person
    finally:
        person.child.close(force=True)


def stage(scene: Scene, number: int) -> Stage:
    return scene.store.casework.get(number).stage


@pytest.mark.slow
def test_keys_decide_and_the_terminal_is_left_as_it_was(scene: Scene) -> None:
    with at_the_desk(scene) as person:
        person.sees("caught fire")
        person.types("\r")
        person.types("a")
        assert person.until(lambda: stage(scene, 3) is Stage.APPROVED)
        person.types("u")
        assert person.until(lambda: stage(scene, 3) is Stage.WAITING)
        person.types("rs")
        assert person.until(lambda: stage(scene, 3) is Stage.SET_ASIDE)
        person.types("e")
        person.sees("Ctrl+S stores")
        person.types(" Wirklich.\x13")
        assert person.until(lambda: scene.store.casework.get(4).draft_number == 2)
        person.types("q")
        assert person.leaves() == 0
        assert "\x1b[?1049l" in person.seen  # out of the other screen, to what stood there before
    draft = scene.store.views.card(4).draft
    assert draft
    assert draft.text.endswith(" Wirklich.")


@pytest.mark.slow
def test_the_editor_takes_the_terminal_and_gives_it_back(scene: Scene, tmp_path: Path) -> None:
    editor = tmp_path / "editor.py"
    does = (
        "import pathlib, sys\np = pathlib.Path(sys.argv[1])\nt = p.read_text('utf-8')\n"
        "p.write_text('Other words, quite other ones.\\n' + t[t.index('# ---'):], 'utf-8')\n"
    )
    editor.write_text(f"{does}sys.exit(7)\n")
    with at_the_desk(scene, VISUAL=f"'{sys.executable}' '{editor}'") as person:
        person.sees("caught fire")
        person.types("E")
        person.sees("was not taken")  # and what it left is kept in a file
        editor.write_text(does)
        person.types("E")
        assert person.until(lambda: scene.store.casework.get(3).draft_number == 2)
        person.types("q")
        assert person.leaves() == 0
    draft = scene.store.views.card(3).draft
    assert draft
    assert draft.text == "Other words, quite other ones."


@pytest.mark.slow
def test_what_is_being_typed_outlives_the_terminal(scene: Scene) -> None:
    with at_the_desk(scene) as person:
        person.sees("caught fire")
        person.types("e")
        person.sees("Ctrl+S stores")
        person.types(" Half a sent")
        person.sees("Half a sent"[-3:])
        person.child.kill(signal.SIGHUP)
        person.leaves()
    (kept,) = scene.folder.glob("responder-c-3-*.txt")
    assert kept.read_text(encoding="utf-8").endswith("Half a sent")
    assert scene.store.casework.get(3).draft_number == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "pasted", "most"),
    [
        ((), "\x1b[200~aaaa\x1b[201~", 0),
        ((), "aaaa", 1),  # by a terminal that does not say that it is a paste
        (("--plain",), "a\na\na\na\n", 1),
    ],
)
def test_what_is_pasted_approves_no_card_that_nobody_saw(
    scene: Scene, options: tuple[str, ...], pasted: str, most: int
) -> None:
    def approved() -> int:
        return len(scene.store.views.page(Stage.APPROVED))

    with at_the_desk(scene, *options) as person:
        person.sees("caught fire")
        person.sees("quit" if not options else "q,?")
        person.types(pasted)
        assert not person.until(lambda: approved() > most, _SOON)
        person.types("q\n")
        assert person.leaves() == 0
    assert approved() == most


@pytest.mark.slow
def test_twenty_cards_of_the_demo_are_cleared_from_the_home_row(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    assert scene.call("demo", "--folder", str(tmp_path / "demo"), sits=Terminal()).code == 0
    config = tmp_path / "demo" / "responder.toml"
    store = Store(f"sqlite:///{tmp_path / 'demo' / 'demo.db'}")
    store.prepare()

    def waiting() -> int:
        now = store.views.page(Stage.WAITING, limit=1)[0].target.created_at
        return store.views.figures(now, now).by_stage[Stage.WAITING]

    before = waiting()
    person = Person(config, tmp_path)
    try:
        person.sees("1 of ")
        for cleared in range(1, 21):
            person.types("a")
            if not person.until(lambda n=cleared: waiting() == before - n, _SOON):  # type: ignore[misc]
                person.types("a")  # a warning: once more, and why
                person.types("it is told below\r")
            if not person.until(lambda n=cleared: waiting() == before - n, _SOON):  # type: ignore[misc]
                person.types("\x1brs")  # a block, or by hand: no reply
                assert person.until(lambda n=cleared: waiting() == before - n)  # type: ignore[misc]
        person.types("q")
        assert person.leaves() == 0
    finally:
        person.child.close(force=True)
    assert store.views.verify() == []
