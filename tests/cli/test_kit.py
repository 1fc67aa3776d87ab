"""The offline kit and the code of a case, at the command line."""

import pytest

from responder.model.promise import PromiseKind, PromiseStatus
from responder.model.reference import spelt
from responder.policy.kit import Kind
from responder.settings import SettingsError, load
from tests.cli.scene import Scene
from tests.cli.test_json import documented, told
from tests.network import at

CONTACTS = (
    "[[contacts]]", 'name = "tel"', 'phone = "+386 1 555 0100"',
    "[[contacts]]", 'name = "tel-de"', 'language = "de"', 'phone = "+49 30 5550100"',
)  # fmt: skip


@pytest.fixture
def reachable(scene: Scene) -> Scene:
    """The scene of a company that can be called."""
    scene.configure(*CONTACTS)
    return scene


def code_of(scene: Scene, number: int) -> str:
    return spelt(scene.store.casework.get(number).reference)


def test_the_whole_kit_is_printed_in_the_language_of_the_case(reachable: Scene) -> None:
    said = reachable.call("kit", "c-4", answers="", width=120)
    assert said.code == 0
    for piece in ("Private message", "Call", "Voicemail", "Recap", "Word on where it stands", "Public note"):
        assert f"{piece}" in said.out
    assert "in German" in said.out
    assert "+49 30 5550100" in said.out
    assert "responder kit c-4 --kind email" in said.words.replace(f"--config {reachable.config} ", "")
    document = reachable.call("kit", "c-4", "--json").document
    assert told(document) == documented("responder.kit/1")
    assert [one["kind"] for one in document["items"]] == list(Kind)
    assert [row[1] for row in reachable.call("kit", "c-4").rows if row[0] == "c-4"] == list(Kind)
    assert reachable.store.promises.of_case(4) == []


def test_an_email_asks_why_and_promises_the_call_once(reachable: Scene) -> None:
    refused = reachable.call("kit", "c-1", "--kind", "email")
    assert refused.code == 2
    assert "Call first." in refused.err
    said = reachable.call("kit", "c-1", "--kind", "email", "--why", "no number yet", answers="")
    assert said.code == 0
    assert "today between 12:00 and 13:00" in said.words or "between" in said.words
    (call,) = reachable.store.promises.of_case(1)
    assert (call.kind, call.channel, call.status, call.owner) == (
        PromiseKind.ACTION,
        "call",
        PromiseStatus.OPEN,
        "sam",
    )
    assert call.told in call.quote
    assert call.quote.startswith("I'll call you")
    assert reachable.call("kit", "c-1", "--kind", "email", "--why", "still none").code == 0
    assert len(reachable.store.promises.of_case(1)) == 1
    assert "no number yet" in reachable.call("log", "c-1").out
    assert "I'll call you" in reachable.call("digest").out
    reachable.now = at(60 * 30)
    reachable.call("daemon", "--once")
    assert reachable.store.promises.of_case(1)[0].status is PromiseStatus.BROKEN


def test_another_time_for_the_call_takes_the_place_of_the_first(reachable: Scene) -> None:
    reachable.call("kit", "c-1", "--kind", "email", "--why", "no number yet")
    said = reachable.call("kit", "c-1", "--kind", "email", "--why", "no number yet", "--at", "15:00")
    assert "between 15:00 and 16:00" in said.out
    first, second = reachable.store.promises.of_case(1)
    assert (first.status, second.status) == (PromiseStatus.MOVED, PromiseStatus.OPEN)
    again = reachable.call("kit", "c-1", "--kind", "email", "--why", "no number yet")
    assert "between 15:00 and 16:00" in again.out
    assert len(reachable.store.promises.of_case(1)) == 2


def test_a_dry_run_promises_nothing(reachable: Scene) -> None:
    said = reachable.call("kit", "c-1", "--kind", "email", "--why", "no number yet", "--dry-run")
    assert said.code == 0
    assert reachable.store.promises.of_case(1) == []


def test_a_recap_holds_what_we_still_owe(reachable: Scene) -> None:
    assert reachable.call("promise", "c-1", "We send a new kettle", "--due", "tomorrow").code == 0
    assert reachable.call("promise", "c-1", "A word from the manager", "--due", "2h").code == 0
    assert reachable.call("promise", "p-2", "--kept").code == 0
    text = reachable.call("kit", "c-1", "--kind", "recap").out
    assert "We send a new kettle (tomorrow by 9:00)" in text
    assert "manager" not in text


def test_news_are_told_and_a_piece_that_there_is_not_is_refused(reachable: Scene) -> None:
    said = reachable.call(
        "kit", "c-1", "--kind", "status", "--news", "the parcel is in Graz", "--caller", "Mia"
    )
    assert "Here is where things stand: the parcel is in Graz." in said.out
    assert "Mia" in said.out
    wrong = reachable.call("kit", "c-1", "--kind", "fax")
    assert (wrong.code, "message, call, voicemail" in wrong.err) == (2, True)


def test_a_piece_that_a_rule_forbids_is_printed_and_says_so(reachable: Scene) -> None:
    assert reachable.call("redo", "c-1", "--reason", "r", "--number", "020 7946 0999").code == 0
    said = reachable.call("kit", "c-1", "--kind", "recap", answers="")
    assert said.code == 5
    assert "block" in said.out


def test_a_code_finds_its_case_as_show_shows_it(scene: Scene) -> None:
    code = code_of(scene, 2)
    shown = scene.call("show", "c-2", answers="").out
    for typed in ((code,), (code.upper(),), tuple(code.split("-")), (code.replace("-", ""),)):
        said = scene.call("find", *typed, answers="")
        assert said.code == 0
        assert said.out.startswith(shown)
        assert "proves nothing about who says it" in said.words
    assert scene.call("find", code, "--json").document["items"][0]["id"] == "c-2"


def test_every_code_that_finds_nothing_gets_one_and_the_same_answer(scene: Scene) -> None:
    code = code_of(scene, 2)
    mistyped = ("b" if code[0] != "b" else "k") + code[1:]
    wrong = "lomi-rusa-bato-fikun"
    answers = {(one.code, one.out, one.err) for one in (scene.call("find", code) for code in (mistyped, "x"))}
    closed = scene.store
    with closed.write() as connection:
        connection.exec_driver_sql("UPDATE cases SET stage = 'CLOSED' WHERE id = 2")
    scene.now = at(60 * 24 * 91)
    expired = scene.call("find", code)
    unknown = scene.call("find", wrong)
    answers |= {(expired.code, expired.out, expired.err), (unknown.code, unknown.out, unknown.err)}
    ((number, out, err),) = answers
    assert (number, out) == (1, "")
    assert "No case is found by that code." in err


def test_many_codes_in_vain_are_told_by_the_doctor(scene: Scene) -> None:
    for _ in range(20):
        scene.call("find", "bobo")
    assert "20 codes looked for in vain" in scene.call("doctor").out


def test_with_codes_switched_off_no_reply_names_one(empty: Scene) -> None:
    from tests.cli.conftest import POSTS

    empty.configure("[offline]", "reference = false")
    empty.say(*POSTS[:1])
    assert empty.call("poll").code == 0
    assert empty.store.casework.get(1).reference == ""
    assert "Your code" not in empty.call("show", "c-1").out
    assert "code with us" not in empty.call("kit", "c-1", "--kind", "recap").out


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (('name = "a"',), "it names no phone, no mail and no page"),
        (('name = "a"', 'phone = "call me"'), "not a phone number"),
        (('name = "a"', 'phone = "+386 1 555 0100"', 'account = "bakery"'), "there is no account"),
        (('name = "a"', f'page = "acme.example/{"x" * 60}"'), "no reply has room for it"),
    ],
)
def test_a_contact_that_reaches_nobody_is_refused(scene: Scene, lines: tuple[str, ...], says: str) -> None:
    scene.configure("[[contacts]]", *lines)
    with pytest.raises(SettingsError) as error:
        load(scene.config, {})
    assert says in str(error.value)
