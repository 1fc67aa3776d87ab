"""What strangers write is data: in no form of output does any of it act, and none of it is markup."""

import json
import re
from pathlib import Path

import pytest

from responder.connector import Account
from responder.steps.approve import edit
from tests.cli.scene import ACTING, Scene, Terminal, post
from tests.desk import seen
from tests.network import ScriptedNetwork
from tests.policies import PlainPolicy

#: Colours, cursor moves, a clipboard write (OSC 52), a title, C1 controls, overrides, markup.
EVIL = (
    "\x1b[2J\x1b[31mred\x1b[0m \x1b]52;c;ZXZpbA==\x07 \x1b]0;title\x07 \x9b31m\x90q\x9c \u202eelbis\u202c "
    "\u2066iso\u2069 \u200bzero\ufeff [red]markup[/red] %s \t tab \r\n \u2028 sep \x7f \x08"
)
#: Commands that show or take what strangers and people at the keyboard write.
COMMANDS = [
    ("queue", "--stage", "all"),
    ("show", "c-1"),
    ("show", "c-1", "--history"),
    ("digest",),
    ("unread",),
    ("poll",),
    ("approve", "c-1"),
    ("approve", "c-1", "c-2"),
    ("dismiss", "c-1", "--reason", EVIL),
    ("redo", "c-1", "--reason", EVIL),
    ("correct", "c-1", "not-a-complaint", "--reason", EVIL),
    ("correct", "c-1", EVIL),
    ("edit", "c-1", "--text", EVIL),
    ("rules", "test", EVIL),
    ("queue", "--account", EVIL),
    ("poll", EVIL),
    ("show", EVIL),
    (EVIL,),
    ("edit", "c-1", "--file", EVIL.replace("\n", "")),
    ("config", "show"),
    ("audit", "verify", "--expect", EVIL),
    ("audit", "export"),
    ("audit", "export", "--format", "csv"),
    ("review",),
]
#: A command in one form of output; all forms for what shows most.
CALLS = [(form, tokens) for tokens in COMMANDS for form in ("table", "pipe", "json")]
CALLS += [(form, tokens) for tokens in COMMANDS[:4] for form in ("narrow", "plain", "debug")]
CALLS += [("debug", (EVIL,))]


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A scene in which everything a stranger can set is hostile, and so is a reply of a colleague."""
    scene = Scene(tmp_path_factory.mktemp("evil"))
    scene.configure()
    more = {"author": EVIL[:80], "name": EVIL, "language": "e\x1bn", "url": f"https://x.example/{EVIL}"}
    scene.say(
        post(1, f"My parcel never arrived! {EVIL}", **more, thread=EVIL[:60], author_id="1"),
        post(2, f"I was charged twice! {EVIL}", **more, author_id="2"),
        post(3, f"Still nothing! {EVIL}", **more, thread=EVIL[:60], author_id="1"),
    )
    with (scene.folder / "feed.jsonl").open("a", encoding="utf-8", newline="") as file:
        file.write(f'{{"id": "{EVIL}\n'.replace("\r\n", " "))
    assert scene.call("poll").code == 0
    return scene


@pytest.mark.parametrize(("form", "tokens"), CALLS)
def test_no_form_of_output_lets_it_act(
    evil: Scene, tmp_path: Path, form: str, tokens: tuple[str, ...]
) -> None:
    scene = evil.copy(tmp_path)
    answers = "y\ny\n" if form in {"table", "narrow", "plain"} else None
    options = [f"--{form}"] if form in {"json", "plain", "debug"} else []
    said = scene.call(*tokens, *options, answers=answers, width=40 if form == "narrow" else 100)
    bars = re.compile(r"\r|\x1b\[[0-9?;]*[A-Za-z]")  # rich moves its own cursor on standard error
    for stream in (said.out, bars.sub("", said.err)):
        assert not ACTING.search(stream), stream
    if form == "json" and "export" not in tokens:  # a line an event, in no envelope
        json.loads(said.out)
    if form == "pipe" and tokens == COMMANDS[0]:
        assert {len(row) for row in said.rows} == {13}


def test_markup_stays_what_it_is(evil: Scene) -> None:
    assert "[red]markup[/red]" in evil.call("show", "c-1", answers="", width=200).out
    assert "[red]markup[/red]" in evil.call("queue").out


def test_what_was_written_is_whole_in_json(evil: Scene) -> None:
    items = evil.call("queue", "--json").document["items"]
    texts = {item["text"] for item in items}
    assert f"I was charged twice! {EVIL}".strip() in {text.strip() for text in texts}


def test_no_colour_of_ours_is_mistaken_for_theirs(evil: Scene) -> None:
    """With colour on, every escape sequence is one of our few styles."""
    drawn = Scene(evil.folder, evil.now, {}).call("show", "c-1", answers="", width=100).out
    styles = {"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[33m", "\x1b[1;31m", "\x1b[32m"}
    assert set(re.findall("\x1b[^m]*m", drawn)) <= styles
    assert not ACTING.search(re.sub("\x1b\\[[0-9;]*m", "", drawn))


def test_the_editors_file_holds_nothing_that_acts(evil: Scene, tmp_path: Path) -> None:
    scene = evil.copy(tmp_path)
    store, account = scene.store, Account(name="shop", connector=ScriptedNetwork())
    edit(store, PlainPolicy(), account, seen(store, 1), (f"Sorry. {EVIL}", EVIL), scene.now)
    left, script = tmp_path / "left.txt", tmp_path / "editor.sh"
    script.write_text(f'#!/bin/sh\ncp "$1" "{left}"\n')
    script.chmod(0o700)
    scene.environ = {"EDITOR": str(script)}
    assert scene.call("edit", "c-1", sits=Terminal()).code == 3
    assert not ACTING.search(left.read_text(encoding="utf-8"))
    assert all(
        line.startswith("#") for line in left.read_text(encoding="utf-8").split(">8")[1].splitlines()[1:]
    )
