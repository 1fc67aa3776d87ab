"""A file stops all sending while it is there, and while nobody can tell whether it is."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from responder.model.delivery import Receipt
from responder.model.pause import Pause
from responder.steps.post import Mode, post
from responder.store.pausing import file_pauses, note_of
from responder.store.store import Store
from tests.desk import approved, waiting
from tests.network import at, mention


def test_only_a_folder_that_is_there_and_does_not_hold_the_name_lets_sending_go_on(tmp_path: Path) -> None:
    assert not file_pauses(tmp_path / "pause")
    assert not file_pauses(None)


def a_file(path: Path) -> None:
    path.write_text("")


def a_folder(path: Path) -> None:
    path.mkdir()


def a_link_to_nowhere(path: Path) -> None:
    path.symlink_to("nowhere")


def a_link_to_itself(path: Path) -> None:
    path.symlink_to(path)


def a_queue(path: Path) -> None:
    os.mkfifo(path)  # reading it would wait for ever


@pytest.mark.parametrize("make", [a_file, a_folder, a_link_to_nowhere, a_link_to_itself, a_queue])
def test_whatever_has_the_name_stops_sending(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "pause")
    assert file_pauses(tmp_path / "pause")
    assert note_of(tmp_path / "pause") == ""


@pytest.mark.parametrize("name", ["gone/pause", "file/pause", "x" * 300, "a\0b", "loop/pause"])
def test_where_nobody_can_tell_nothing_is_sent_and_it_says_why(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert file_pauses(tmp_path / name)
    assert note_of(tmp_path / name)


def test_the_first_words_in_it_are_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "pause"
    path.write_bytes(b"ana:\n wrong \xff prices  " + b"x" * 10_000)
    told = note_of(path)
    assert told is not None
    assert told.startswith("ana: wrong � prices xxx")
    assert len(told) < 500


def test_a_file_stops_sending_and_when_it_is_gone_sending_goes_on(any_store: Store, tmp_path: Path) -> None:
    network, accounts = waiting(any_store, mention("1"))
    approved(any_store)
    any_store.pause_file = tmp_path / "pause"
    any_store.pause_file.touch()
    post(any_store, accounts, Mode.ON, at(3))
    assert network.public == []
    any_store.pause_file.unlink()
    post(any_store, accounts, Mode.ON, at(4))
    assert len(network.public) == 1


def test_a_file_that_appears_after_the_claim_stops_the_call(store: Store, tmp_path: Path) -> None:
    _, accounts = waiting(store, mention("1"))
    approved(store)
    store.pause_file = tmp_path / "pause"
    due = store.outbox.due(at(3), list(accounts))
    claimed = store.outbox.claim(due[0], at(3))
    assert claimed
    assert store.outbox.may_send(claimed)
    store.pause_file.touch()
    assert not store.outbox.may_send(claimed)
    assert store.outbox.due(at(3), list(accounts)) == []


def test_what_is_looked_for_is_not_sent_again_while_the_file_is_there(store: Store, tmp_path: Path) -> None:
    _, accounts = waiting(store, mention("1"))
    approved(store)
    store.pause_file = tmp_path / "pause"
    due = store.outbox.due(at(3), list(accounts))[0]
    store.pause_file.touch()
    assert store.outbox.claim(due, at(3)) is None


def test_it_is_told_who_and_what_stops_sending(any_store: Store, tmp_path: Path) -> None:
    assert not any_store.control.pausing()
    any_store.control.pause("ana", at(5))
    pause = any_store.control.pausing()
    assert (pause.whose, pause.todo, pause.since(at(17))) == (
        "by ana",
        "responder resume",
        "by ana, 12 min ago",
    )
    any_store.pause_file = tmp_path / "pause"
    any_store.pause_file.write_text("fire drill")
    both = any_store.control.pausing()
    assert both.whose == f"by ana and by the file {tmp_path}/pause (fire drill)"
    any_store.control.pause("ana", at(6), on=False)
    left = any_store.control.pausing()
    assert left == Pause(file=str(tmp_path / "pause"), note="fire drill")
    assert left.todo == f"take the file away: {tmp_path}/pause"
    assert any_store.control.paused()


def test_what_stands_in_the_file_cannot_act_on_a_terminal(store: Store, tmp_path: Path) -> None:
    store.pause_file = tmp_path / "pause"
    store.pause_file.write_text("\x1b]52;c;x\x07\u202e")
    assert store.control.pausing().whose.isprintable()


def test_a_receipt_is_kept_though_a_file_appears_during_the_call(store: Store, tmp_path: Path) -> None:
    network, accounts = waiting(store, mention("1"))
    approved(store)
    store.pause_file = tmp_path / "pause"
    network.after_effect.append((tmp_path / "pause").touch)
    post(store, accounts, Mode.ON, at(3))
    sent = store.views.card(1).deliveries[0]
    assert isinstance(sent.receipt, Receipt)
