"""The prompt: one card, one question, in a pipe as at a terminal, and nothing that a voice cannot read."""

import re
from pathlib import Path

from syrupy.assertion import SnapshotAssertion

from tests.cli.review.room import Room
from tests.cli.scene import ACTING, WARNED, Said, Scene, Terminal

GOOD = "Hi Ana, we lost track of your parcel, and that's on us. I'm sorry. I'm tracing it now."


def review(scene: Scene, *answers: str, **more: str) -> Said:
    return scene.call("review", "--plain", piped="".join(f"{one}\n" for one in answers), **more)  # type: ignore[arg-type]


def stages(scene: Scene) -> dict[str, str]:
    return {row[0]: row[1] for row in scene.call("queue", "--stage", "all").rows}


def test_a_talk_reads_as_it_did(room: Room, snapshot: SnapshotAssertion) -> None:
    assert room.talk("j", "a", "n", "u", "u", "r", "s", "?", "", "x", "o", "q") == snapshot


def test_answers_in_a_pipe_approve_reject_and_quit(scene: Scene) -> None:
    said = review(scene, "a", "r", "s", "q", "a")
    assert said.code == 0
    assert "Approved c-3." in said.out
    assert "c-4 is set aside: spam." in said.out
    assert stages(scene) == {
        "c-3": "APPROVED", "c-4": "SET_ASIDE", "c-1": "WAITING", "c-2": "WAITING", "c-5": "SET_ASIDE",
    }  # fmt: skip


def test_the_end_of_the_answers_is_quitting(scene: Scene) -> None:
    before = stages(scene)
    said = review(scene)
    assert (said.code, stages(scene)) == (0, before)
    assert "c-3 [a,e,E,n,r,s,x,g,N,m,i,o,space,/,f,j,k,q,?]" in said.out


def test_enter_never_approves(scene: Scene) -> None:
    said = review(scene, "", "", " y", "yes")
    assert said.out.count("Enter alone does nothing") == 2
    assert "APPROVED" not in stages(scene).values()


def test_words_are_taken_line_by_line_judged_and_stored(scene: Scene) -> None:
    said = review(scene, "j", "j", "e", "w", GOOD[:40], GOOD[40:], ".", "s", "q")
    assert f"{len(GOOD) + 1}/300 characters" in said.out
    assert "Stored as draft 2 of c-1; a approves it." in said.out
    draft = scene.store.views.card(1).draft
    assert draft
    assert draft.text == f"{GOOD[:40]}\n{GOOD[40:]}"


def test_of_the_same_card_only_what_changed_is_read_out_again(scene: Scene) -> None:
    said = review(scene, "n", "q")
    assert said.out.count("They wrote") == 1
    assert "Draft 2" in said.out


def test_words_whose_end_never_came_are_kept_in_a_file(scene: Scene) -> None:
    said = review(scene, "e", "w", "Half a sent")
    assert said.code == 0
    (kept,) = re.findall(r"edit c-3 --file (\S+)", said.err)
    assert Path(kept).read_text() == "Half a sent"


def test_a_warning_needs_a_twice_and_a_reason(scene: Scene) -> None:
    scene.call("edit", "c-4", "--text", WARNED)
    said = review(scene, "j", "a", "a", "it is told below", "q")
    assert "1 warning: " in said.out
    assert "Why approve all the same? (nothing: do not) it is told below" in said.out
    assert stages(scene)["c-4"] == "APPROVED"
    assert scene.store.views.card(4).decisions[0].reason == "it is told below"


def test_where_there_is_no_terminal_to_draw_on_it_is_the_prompt(scene: Scene) -> None:
    for said in (
        scene.call("review", piped="q\n"),
        scene.call("review", answers="q\n"),
        scene.call("review", sits=Terminal("")),
    ):
        assert said.code == 0
        assert "c-3 [a," in said.out


def test_it_has_no_json_form(scene: Scene) -> None:
    said = scene.call("review", "--json")
    assert said.code == 2
    (problem,) = said.document["items"]
    assert problem["what"] == "A review is a talk with a person: it takes neither --json nor --yes."


def test_nothing_moves_the_cursor_draws_a_box_or_has_a_colour(scene: Scene) -> None:
    scene.environ = {}
    said = scene.call("review", "--plain", answers="i\nj\n?\nq\n")
    assert not ACTING.search(said.out)
    assert not re.search("[\u2500-\u259f]", said.out)


def test_where_nothing_waits_it_says_so_and_ends(empty: Scene) -> None:
    said = empty.call("review", "--plain", piped="a\n")
    assert said.out == "Nothing waits for you.\n"
    assert said.code == 0


def test_the_last_approval_can_still_be_taken_back_when_nothing_is_left(scene: Scene) -> None:
    said = review(scene, "a", "a", "a", "a", "u", "q")
    assert "Nothing else waits for you." in said.out
    assert sorted(stages(scene).values()).count("WAITING") == 1


def test_the_editor_is_offered_only_where_there_is_a_terminal(scene: Scene) -> None:
    assert "There is no terminal for an editor." in review(scene, "E", "q").out


def test_several_are_chosen_by_a_blank_or_its_name(scene: Scene) -> None:
    said = review(scene, " ", "space", "a", "y", "q")
    assert "Approve exactly these 2 drafts? [y/N] y" in said.out
    assert sorted(stages(scene).values()).count("APPROVED") == 2


def test_a_part_of_the_queue_is_gone_through_from_the_start(scene: Scene) -> None:
    scene.configure("[views]", 'bo = "author:customer3"')
    assert "Card 1 of 1\nc-3 " in scene.call("review", "author:customer3", "--plain", piped="q\n").out
    assert "Card 1 of 1\nc-3 " in scene.call("review", "--view", "bo", "--plain", piped="q\n").out


def test_a_part_of_the_queue_in_which_nothing_waits_is_told(scene: Scene) -> None:
    said = scene.call("review", "author:nobody", "--plain", piped="a\n")
    assert "There is no case for: author:nobody" in said.err
    assert "APPROVED" not in stages(scene).values()
    assert said.code == 0
