"""Approving: exactly the words that were seen, asked for where a person sits, and named where none does."""

import json

import pytest

from responder.model.case import Stage
from responder.model.decision import Verdict
from tests.cli.scene import WARNED, Scene, Terminal, post


def stage(scene: Scene, number: int = 1) -> Stage:
    return scene.store.casework.get(number).stage


def test_a_person_sees_the_complaint_the_findings_and_the_words_and_says_yes(scene: Scene) -> None:
    text = scene.call("show", "c-1", "--json").document["items"][0]["draft"]["text"]
    said = scene.call("approve", "c-1", answers="y\n", width=400)
    assert said.code == 0, said.err
    question = said.out.index("Approve exactly these words? [y/N]")
    for part in ("My parcel never arrived", "nothing to object to", text[:90], "Draft 1"):
        assert said.out.index(part) < question
    assert "Approved c-1 (draft 1)." in said.out[question:]
    assert stage(scene) is Stage.APPROVED
    decision = scene.store.views.card(1).decisions[0]
    assert (decision.verdict, decision.by, decision.draft_number) == (Verdict.APPROVE, "sam", 1)


@pytest.mark.parametrize("answer", ["n\n", "\n", "", "maybe\n"])
def test_everything_but_yes_approves_nothing(scene: Scene, answer: str) -> None:
    said = scene.call("approve", "c-1", answers=answer)
    assert said.code == 3
    assert "Nothing was approved." in said.err
    assert stage(scene) is Stage.WAITING


def test_warnings_are_listed_and_passed_over_only_with_a_reason(scene: Scene) -> None:
    scene.call("edit", "c-4", "--text", WARNED)
    said = scene.call("approve", "c-4", answers="y\n\n", width=200)
    assert said.code == 3
    assert "1 warning. Why approve all the same?" in said.out
    assert stage(scene, 4) is Stage.WAITING
    assert scene.call("approve", "c-4", answers="y\nSie weiß es schon.\n").code == 0
    assert stage(scene, 4) is Stage.APPROVED
    assert scene.store.views.card(4).decisions[0].reason == "Sie weiß es schon."


def test_where_nobody_can_be_asked_a_warning_needs_its_reason_too(scene: Scene) -> None:
    scene.call("edit", "c-4", "--text", WARNED)
    said = scene.call("approve", "c-4", "--draft", "2")
    assert said.code == 2
    assert "no reason to pass over it" in said.err
    assert scene.call("approve", "c-4", "--draft", "2", "--reason", "weiß sie").code == 0


@pytest.mark.parametrize("tokens", [[], ["--yes"], ["--json"]])
def test_where_nobody_can_be_asked_the_draft_must_be_named(scene: Scene, tokens: list[str]) -> None:
    said = scene.call("approve", "c-1", *tokens)
    assert said.code == 2
    assert "approve c-1 --yes --draft 1" in said.err + said.out
    assert stage(scene) is Stage.WAITING


def test_yes_at_a_terminal_needs_the_draft_as_well(scene: Scene) -> None:
    assert scene.call("approve", "c-1", "--yes", answers="").code == 2
    assert scene.call("approve", "c-1", "--yes", "--draft", "1", answers="").code == 0


def test_another_draft_than_the_one_that_was_seen_is_not_approved(scene: Scene) -> None:
    said = scene.call("approve", "c-1", "--draft", "2")
    assert said.code == 6
    assert "c-1 has draft 1 now, not 2" in said.err
    assert stage(scene) is Stage.WAITING


def test_what_is_approved_is_told_to_a_pipe_and_to_a_program(scene: Scene) -> None:
    assert scene.call("approve", "1", "--draft", "1").rows == [
        ["c-1", "approved", "sam", "1", "Approved c-1 (draft 1)."]
    ]
    document = scene.call("approve", "2", "--draft", "1", "--json").document
    assert document["schema"] == "responder.deed/1"
    assert document["items"][0]["case"] == "c-2"


def test_while_posting_is_off_it_says_so_and_how_to_turn_it_on(scene: Scene) -> None:
    words = scene.call("approve", "c-1", answers="y\n").words
    assert "Posting is off: it stays in the outbox." in words
    told = f'To turn it on: mode = "on" under [posting] in {scene.config}'
    assert "".join(told.split()) in "".join(words.split())  # a long path is broken where the line ends


def test_while_sending_is_paused_it_says_so(scene: Scene) -> None:
    scene.configure(mode="on")
    scene.call("pause")
    assert "Sending is paused" in scene.call("approve", "c-1", answers="y\n", width=200).out


def test_several_are_asked_about_once_each_with_its_first_words(scene: Scene) -> None:
    said = scene.call("approve", "c-1", "c-2", "c-1", answers="y\n")
    assert said.code == 0
    assert said.out.count("[y/N]") == 1
    assert "Approve exactly these 2 drafts?" in said.out
    assert "My parcel never arrived" in said.out
    assert "I was charged twice" in said.out
    assert {stage(scene, 1), stage(scene, 2)} == {Stage.APPROVED}


def test_who_approves_sees_the_content_warning_under_which_it_goes_out(empty: Scene) -> None:
    texts = ("[CW: late parcels]\n\nMy parcel never arrived.", "I was charged twice for one order!")
    empty.say(*(post(number, text) for number, text in enumerate(texts)))
    assert empty.call("poll").code == 0
    secret = empty.folder / "secrets" / "shop_access_token"
    secret.parent.mkdir(mode=0o700)
    secret.write_text("t\n")
    secret.chmod(0o600)
    lines = [
        *("[company]", 'name = "Acme"', "[database]", f'url = "sqlite:///{empty.folder}/r.db"'),
        *("[secrets]", f'folder = "{secret.parent}"', "[[accounts]]", 'name = "shop"'),
        *('connector = "mastodon"', "[accounts.options]", 'server = "http://127.0.0.1:1"'),
    ]
    empty.config.write_text("\n".join(lines), encoding="utf-8")
    warning = "It goes out under their content warning: late parcels"
    assert warning in empty.call("show", "c-1", answers="").out
    assert empty.call("show", "c-1", "--json").document["items"][0]["besides"] == warning
    assert ["besides", warning] in empty.call("show", "c-1").rows
    for cases in (("c-1",), ("c-1", "c-2")):
        said = empty.call("approve", *cases, answers="n\n").out
        assert said.count("content warning") == 1
        assert said.index(warning) < said.index("[y/N]")
    assert "content warning" not in empty.call("approve", "c-2", answers="n\n").out


def test_a_draft_that_breaks_a_rule_is_not_approved_and_says_why_and_how_to_mend_it(scene: Scene) -> None:
    scene.call("edit", "c-1", "--text", "Send your card number 4111 1111 1111 1111 here.")
    said = scene.call("approve", "c-1", "c-2", answers="y\ny\n")
    assert said.code == 5
    assert "Not approved: c-1" in said.err
    assert "4111 1111 1111 1111" in said.err
    assert "edit c-1" in said.err
    assert {stage(scene, 1), stage(scene, 2)} == {Stage.WAITING}


def test_a_case_whose_account_the_config_lost_cannot_be_approved(scene: Scene) -> None:
    scene.configure(other="x")
    said = scene.call("approve", "c-1", "--draft", "1")
    assert said.code == 2
    assert "The account shop, which heard c-1, is not in the config any more." in said.err


def test_somebody_else_was_quicker(scene: Scene) -> None:
    scene.call("approve", "c-1", "--draft", "1")
    said = scene.call("approve", "c-1", "--draft", "1")
    assert said.code == 6
    assert "c-1 is approved, in the outbox (sam approved it just now); only a draft" in said.err


def test_somebody_else_is_quicker_while_one_reads(scene: Scene) -> None:
    class Slow(Terminal):
        """Somebody who is asked only after Kim has dismissed the case they were shown."""

        def isatty(self) -> bool:
            scene.call("dismiss", "c-1", "--reason", "spam", who="kim")
            return True

    said = scene.call("approve", "c-1", "c-2", sits=Slow("y\n"))
    assert said.code == 6
    assert "c-1 moved while you looked: kim dismissed it just now" in said.err
    assert "Approved c-2 (draft 1)." in said.out
    assert (stage(scene, 1), stage(scene, 2)) == (Stage.SET_ASIDE, Stage.APPROVED)


def test_a_program_hears_of_both_what_was_done_and_what_was_too_late(scene: Scene) -> None:
    scene.call("approve", "c-2", "--draft", "1")
    said = scene.call("--json", "dismiss", "c-1", "c-2", "--reason", "spam")
    assert said.code == 6
    document = json.loads(said.out)
    assert [item["case"] for item in document["items"]] == ["c-1"]
    assert document["errors"][0]["code"] == 6


def test_a_case_without_a_draft_says_what_comes_first(scene: Scene) -> None:
    scene.call("redo", "c-1")
    said = scene.call("approve", "c-1", "--draft", "1")
    assert said.code == 1
    assert "c-1 has no draft yet." in said.err
    assert "draft" in said.err.splitlines()[-1]


def test_who_approves_must_be_known(scene: Scene) -> None:
    said = scene.call("approve", "c-1", "--draft", "1", who="x" * 101)
    assert said.code == 2
    assert "It is not clear who decides." in said.err


def test_no_id_is_a_mistyped_line(scene: Scene) -> None:
    assert scene.call("approve").code == 2
