"""The desk on the whole terminal: every flow by its keys, and every screen as it looked."""

from dataclasses import replace
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from responder.connector import Answerable, Eligibility
from responder.model.case import Stage as CaseStage
from responder.store.store import Store
from tests.cli.review.room import Room, presses
from tests.cli.review.stage import Stage, keys, on_stage
from tests.cli.scene import ACTING
from tests.cli.test_hostile import EVIL
from tests.desk import seen, stage
from tests.network import mention

SIZES = [(80, 24), (120, 40)]
#: What each screen is reached by.
SCREENS = {
    "a card": [],
    "the next card": ["j"],
    "after an approval": ["a"],
    "a blocked draft": ["j", "j", "j"],
    "a warning, told": ["j", "j", "a"],
    "a warning, asked": ["j", "j", "a", "a"],
    "a rejection": ["r"],
    "writing": ["e", "S", "o"],
    "writing what is blocked": ["e", *"forbidden"],
    "several": ["space", "space", "a"],
    "history": ["e", "x", "ctrl+s", "i"],
    "the keys": ["question_mark"],
    "nothing left": ["space", "space", "a", "y", "r", "s", "r", "s"],
}


@pytest.fixture
def busy(store: Store, tmp_path: Path) -> Room:
    """A room with four cases: fine, fine, one that warns, one that is blocked."""
    return Room(store, tmp_path).say(
        mention("1", "My parcel is lost. The third time, and nobody answers!", author="ana", minutes=1),
        mention("2", "Where is my refund?", author="bo", minutes=2),
        mention("3", "This is careless.", author="cy", minutes=3),
        mention("4", "This should be forbidden.", author="di", minutes=4),
    )


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_looks_as_it_did(
    busy: Room, name: str, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    async def play(stage: Stage) -> None:
        await stage.press(*SCREENS[name])
        lines = stage.text.split("\n")
        assert len(lines) == size[1]
        assert all(len(line) <= size[0] for line in lines)
        assert stage.text == snapshot

    on_stage(busy.session(), play, size)


def test_a_approves_shows_the_next_card_and_u_takes_it_back(room: Room) -> None:
    async def play(stage: Stage) -> None:
        await stage.press("a")
        assert "Approved c-1. It goes out in 20 s; u takes it back." in stage.words
        assert "c-2 urgency" in stage.words
        await stage.press("u")
        assert "c-1 is not sent; it waits for you again." in stage.words
        assert "c-1 urgency" in stage.words

    on_stage(room.session(), play)
    room.send()
    assert room.network.public == []


@pytest.mark.parametrize("key", ["enter", "tab", "ctrl+m", "ctrl+j"])
def test_enter_approves_nothing(room: Room, key: str) -> None:
    on_stage(room.session(), keys(key, key))
    assert stage(room.store) is CaseStage.WAITING


@pytest.mark.parametrize(("back", "on"), [("k", "j"), ("up", "down")])
def test_letters_and_arrows_go_through_the_cards(room: Room, back: str, on: str) -> None:
    async def play(stage: Stage) -> None:
        await stage.press(on, on)
        assert "c-3 urgency" in stage.words
        await stage.press(back)
        assert "c-2 urgency" in stage.words

    on_stage(room.session(), play)


def test_words_are_edited_in_place_judged_and_stored_by_ctrl_s(room: Room) -> None:
    async def play(stage: Stage) -> None:
        await stage.press("e", *" forbidden")
        assert "block a forbidden word" in stage.words
        assert "63/120 characters" in stage.words
        await stage.press(*["backspace"] * 10, "!", "ctrl+s")
        assert "Stored as draft 2 of c-1" in stage.words

    on_stage(room.session(), play)
    assert seen(room.store)[1].text == "We got this wrong and we are sorry (c-1, 1, draft 1).!"


@pytest.mark.slow
def test_esc_leaves_and_keeps_what_was_typed_for_the_next_e(room: Room) -> None:
    async def play(stage: Stage) -> None:
        await stage.press("e", *" More", "escape")
        assert "e goes on with it." in stage.words
        await stage.press("j", "k", "e")
        assert "draft 1). More" in stage.words
        await stage.press("ctrl+s")

    on_stage(room.session(), play)
    assert seen(room.store)[1].text.endswith(" More")


@pytest.mark.slow
def test_what_is_being_typed_is_kept_wherever_the_desk_ends(room: Room) -> None:
    async def play(stage: Stage) -> None:
        await stage.press("e", *" More")
        stage.app.exit()

    app = on_stage(room.session(), play)
    assert app.session.unsaved[1].endswith(" More")


@pytest.mark.slow
def test_a_letter_typed_into_words_is_a_letter_and_no_deed(room: Room) -> None:
    on_stage(room.session(), keys("e", "a", "r", "q", "u", "escape"))
    assert stage(room.store) is CaseStage.WAITING


@pytest.mark.slow
def test_a_warning_asks_twice_and_takes_the_reason_on_a_line(busy: Room) -> None:
    async def play(stage: Stage) -> None:
        await stage.press("j", "j", "a")
        assert "1 warning: a careless word" in stage.words
        await stage.press("a", *"why", "space", *"not", "enter")
        assert "Approved c-3." in stage.words

    on_stage(busy.session(), play)
    assert busy.store.views.card(3).decisions[0].reason == "why not"


def test_a_blocked_draft_says_on_the_card_why_a_is_off(busy: Room) -> None:
    async def play(stage: Stage) -> None:
        await stage.press("j", "j", "j")
        assert "a is off: a forbidden word" in stage.words
        assert "a approve" not in stage.words
        await stage.press("a")
        assert stage.words.count("a is off: a forbidden word") == 2

    on_stage(busy.session(), play)


@pytest.mark.parametrize("key", ["escape", "x", "enter"])
def test_a_reason_is_one_of_the_letters_or_none(room: Room, key: str) -> None:
    async def play(stage: Stage) -> None:
        await stage.press("r", key)
        if key != "escape":
            assert "Why does c-1 need no reply?" in stage.words
            await stage.press("escape")
        assert "Nothing was changed." in stage.words

    on_stage(room.session(), play)
    assert stage(room.store) is CaseStage.WAITING


@pytest.mark.parametrize(
    ("opens", "twice"),
    [("r", "h"), ("r", "escape"), ("g", "enter"), ("e", "ctrl+s"), ("i", "escape")],
)
def test_a_key_that_is_pressed_twice_answers_once(room: Room, opens: str, twice: str) -> None:
    async def play(stage: Stage) -> None:
        await stage.press(opens)
        for _ in range(2):
            stage.app.simulate_key(twice)
        await stage.settle()
        await stage.press("j", "k")
        assert len(stage.app.screen_stack) == 1

    app = on_stage(room.session(), play)
    assert app.failed is None


def test_several_are_approved_after_one_question(room: Room) -> None:
    async def play(stage: Stage) -> None:
        await stage.press("space", "space")
        assert "2 chosen" in stage.words
        await stage.press("a", "enter")
        assert "Approve exactly these 2 drafts?" in stage.words
        await stage.press("y")
        assert "Approved c-1 and c-2." in stage.words

    on_stage(room.session(), play)
    assert [stage(room.store, number) for number in (1, 2, 3)] == [
        CaseStage.APPROVED, CaseStage.APPROVED, CaseStage.WAITING,
    ]  # fmt: skip


@pytest.mark.slow
def test_a_reply_by_hand_is_copied_opened_and_its_address_pasted_back(room: Room) -> None:
    where = "https://net.example/answer"
    room.network.answerable = Eligibility(answerable=Answerable.BY_HAND, detail=where)
    text = seen(room.store)[1].text

    async def play(stage: Stage) -> None:
        room.network.answerable = Eligibility(answerable=Answerable.BY_HAND, detail=where)
        await stage.press("a")
        assert "c copy p paste address" in stage.words
        await stage.press("c")
        assert stage.app.clipboard == text
        await stage.press("o")
        assert stage.browsed == ["https://net.example/1"]
        await stage.press("p", *"https://net.example/r1", "enter")
        assert "Noted: the reply of c-1 is public." in stage.words

    on_stage(room.session(), play)
    assert stage(room.store) is CaseStage.ANSWERED


@pytest.mark.slow
def test_the_palette_finds_a_deed_by_its_name_and_shows_its_key(room: Room) -> None:
    async def play(stage: Stage) -> None:
        await stage.press("ctrl+p", *"reject")
        await stage.pilot.pause(0.5)
        assert "reject (r)" in stage.words
        await stage.press("enter")
        await stage.settle()
        assert "Why does c-1 need no reply?" in stage.words

    on_stage(room.session(), play)


def test_what_somebody_else_did_is_told_without_a_key(room: Room) -> None:
    session, eva = room.session(), room.session("eva")

    async def play(stage: Stage) -> None:
        presses(eva, "a")
        stage.app._look()
        await stage.settle()
        assert "eva approved it" in stage.words
        assert "c-1 is approved, in the outbox" in stage.words

    on_stage(session, play)


def test_keys_that_come_while_a_deed_is_under_way_are_not_taken_for_the_next_card(room: Room) -> None:
    async def play(stage: Stage) -> None:
        stage.app.do("a")
        stage.app.do("a")
        await stage.settle()

    on_stage(room.session(), play)
    assert [stage(room.store, number) for number in (1, 2)] == [CaseStage.APPROVED, CaseStage.WAITING]


def test_a_bug_ends_the_desk_and_is_raised_by_who_runs_it(room: Room) -> None:
    session = room.session()
    room.store.close()
    session.desk.built.held.views.card = None  # type: ignore[union-attr]

    app = on_stage(session, keys("j"))
    assert isinstance(app.failed, TypeError)


def test_q_ends_the_desk(room: Room) -> None:
    app = on_stage(room.session(), keys("q"))
    assert app.session.over
    assert app.failed is None


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
def test_what_a_stranger_wrote_shows_itself_and_does_nothing(bare: Room, size: tuple[int, int]) -> None:
    evil = mention("1", f"{EVIL} [bold]x[/bold] [@click=app.exit]y[/] " + "zero\u200b " * 2000)
    author = replace(evil.author, name=EVIL, handle=EVIL[:50])
    bare.say(replace(evil, author=author, url=f"https://x.example/{EVIL}"))

    async def play(stage: Stage) -> None:
        seen = stage.words
        for pressed in ("pagedown", "pageup", "i", "escape", "e", "escape", "r", "escape", "o"):
            await stage.press(pressed)
            assert not ACTING.search(stage.text), pressed
            seen += stage.words
        assert "[bold]x[/bold]" in seen
        assert "<U+001B>[31mred" in seen
        assert "Draft 1" in stage.words

    on_stage(bare.session(), play, size)


def test_a_long_card_is_read_on_by_pages_while_the_draft_stays_in_sight(bare: Room) -> None:
    bare.say(mention("1", " ".join(f"word{n}" for n in range(1000))))

    async def play(stage: Stage) -> None:
        assert "word1 " in stage.words
        await stage.press("end")
        assert "word1 " not in stage.words
        assert "Draft 1" in stage.words
        await stage.press("home")
        assert "word1 " in stage.words

    on_stage(bare.session(), play)


@pytest.mark.slow
def test_a_long_reply_is_read_to_its_end_after_what_they_wrote(bare: Room) -> None:
    bare.say(mention("1", "My parcel is endless."))

    async def play(stage: Stage) -> None:
        await stage.press("e", *" and the last of it.", "ctrl+s")
        for _ in range(9):
            await stage.press("pagedown")
        assert "and the last of it." in stage.words
        await stage.press(*["pageup"] * 9)
        assert "c-1 urgency" in stage.words

    on_stage(bare.session(), play, (60, 20))


@pytest.mark.parametrize("size", [(60, 20), *SIZES])
def test_many_findings_leave_the_words_and_the_keys_in_sight(bare: Room, size: tuple[int, int]) -> None:
    bare.say(mention("1", f"This should be forbidden, it is careless. {'It goes on. ' * 200}"))

    async def play(stage: Stage) -> None:
        await stage.press("a", "a")
        assert "We got this wrong" in stage.words
        assert "a is off: a forbidden word." in stage.words
        assert "They wrote" in stage.words or size < (80, 24)
        assert stage.text.rstrip().endswith("? keys")
        assert stage.app.screen.max_scroll_y == 0

    on_stage(bare.session(), play, size)


def test_a_card_that_is_chosen_says_so(room: Room) -> None:
    async def play(stage: Stage) -> None:
        await stage.press("space")
        assert "1 chosen sam" in stage.words
        await stage.press("k")
        assert "1 chosen, this one too" in stage.words

    on_stage(room.session(), play)


@pytest.mark.slow
def test_words_that_nobody_changed_are_judged_as_on_the_card(bare: Room) -> None:
    bare.say(mention("1", "This is careless."))

    async def play(stage: Stage) -> None:
        await stage.press("e")
        assert "warn a careless word" in stage.words
        await stage.press(*["backspace"] * 9)
        assert "nothing to object to" in stage.words

    on_stage(bare.session(), play)


def test_another_width_draws_the_card_anew(room: Room) -> None:
    async def play(stage: Stage) -> None:
        await stage.pilot.resize_terminal(60, 30)
        await stage.settle()
        assert all(len(line) <= 60 for line in stage.text.split("\n"))
        assert "c-1 urgency" in stage.words

    on_stage(room.session(), play)


def test_nothing_on_the_desk_moves_by_itself(room: Room) -> None:
    app = on_stage(room.session(), keys("j"))
    assert app.animation_level == "none"


def test_where_the_terminal_cannot_be_left_the_editor_is_not_started(room: Room) -> None:
    async def play(stage: Stage) -> None:
        await stage.press("E")
        assert "This terminal cannot be left to an editor." in stage.words

    on_stage(room.session(), play)
