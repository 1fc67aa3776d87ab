"""The digest on the command line: in four forms, as a recipient reads it, and sent when somebody asks."""

import json
from datetime import timedelta

import pytest

from tests.cli.scene import Scene, post
from tests.notify.post_office import PostOffice, open_office

RECIPIENTS = """
[mail]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "responder@acme.example"
[[recipients]]
name = "ana"
mail = "ana@acme.example"
language = "de"
timezone = "Asia/Kathmandu"
[[recipients]]
name = "bo"
mail = "bo@acme.example"
"""


def with_recipients(scene: Scene, port: int) -> Scene:
    scene.config.write_text(scene.config.read_text() + RECIPIENTS.format(port=port), encoding="utf-8")
    return scene


def test_it_is_told_in_four_forms(scene: Scene) -> None:
    forms = {form: scene.call("digest", "--format", form).out for form in ("text", "html", "md", "json")}
    subject = forms["text"].splitlines()[0].split(";")[0]
    assert forms["html"].startswith("<!doctype html>") or "<!doctype html>" in forms["html"]
    assert subject.split(" - ")[0] in forms["html"]
    assert forms["md"].replace("\\", "").find(subject.split(" - ")[0]) >= 0
    assert json.loads(forms["json"]) == scene.call("digest", "--json").document["items"][0]


def test_markdown_can_be_pasted_into_a_chat_and_calls_nobody_there(scene: Scene) -> None:
    scene.say(post(9, "Fire\u2060 in \u202e my kitchen, @everyone!"))
    scene.call("poll")
    said = scene.call("digest", "--format", "md").out
    assert "@\u2060everyone" in said, "a word joiner, not the name of one"
    assert "Fire\\<\u2060U\\+2060\\> in \\<\u2060U\\+202E\\>" in said, "what a stranger hid is shown"


def test_it_is_told_as_a_recipient_reads_it(scene: Scene) -> None:
    said = with_recipients(scene, 9).call("digest", "--for", "ana", "--format", "html").out
    assert 'lang="de"' in said
    assert "offen" in said


def test_it_is_sent_on_request_to_one_or_to_all_and_once_more(scene: Scene) -> None:
    office = PostOffice()
    with open_office(office) as port:
        with_recipients(scene, port)
        assert scene.call("digest", "--send", "--to", "ana").code == 0
        scene.now += timedelta(seconds=1)
        said = scene.call("digest", "--send", "--json")
    assert [mail["To"] for mail in office.taken] == [
        "ana@acme.example",
        "ana@acme.example",
        "bo@acme.example",
    ]
    assert said.document["schema"] == "responder.sent/1"
    assert [(one["recipient"], one["problem"]) for one in said.document["items"]] == [("ana", ""), ("bo", "")]


def test_what_did_not_go_out_is_told_with_exit_1_and_by_doctor(scene: Scene) -> None:
    with open_office(PostOffice()) as port:
        pass
    said = with_recipients(scene, port).call("digest", "--send", "--to", "bo")
    assert said.code == 1
    assert "cannot be reached: connection refused" in said.out
    looked = scene.call("doctor")
    assert looked.code == 1
    assert "cannot be reached: connection refused" in looked.out
    assert "digest for bo by mail did not go out; it is not tried again" in " ".join(looked.out.split())


def test_doctor_tells_of_an_alert_that_was_refused_what_mends_it(scene: Scene) -> None:
    with open_office(PostOffice()) as port:
        with_recipients(scene, port)
        store = scene.store
        lost = store.notices.claim("alert 1 ana mail", "alert", "ana", scene.now)
        assert lost
        store.notices.failed(lost, "550 nobody of this name", scene.now, again_at=None)
        store.close()
        (row,) = [one for one in scene.call("doctor").rows if one[1] == "letters"]
    assert row[2] == "alert for ana by mail did not go out; it comes again: 550 nobody of this name"
    assert row[3] == "See [mail] and [[recipients]] in the config", "no digest --send mends an alert"


def test_doctor_signs_in_and_sends_nothing(scene: Scene) -> None:
    office = PostOffice()
    with open_office(office) as port:
        said = with_recipients(scene, port).call("doctor").out
    assert "127.0.0.1 lets us in, for ana, bo" in " ".join(said.split())
    assert office.taken == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("--send",), "Nobody is listed who could get it."),
        (("--to", "ana"), "Nothing goes to ana without --send."),
        (("--send", "tier:3"), "A letter is not limited to cases."),
        (("--for", "eve"), "There is no recipient 'eve' in the config."),
    ],
)
def test_what_cannot_be_meant_is_refused(scene: Scene, given: tuple[str, ...], says: str) -> None:
    said = scene.call("digest", *given)
    assert said.code == 2
    assert says in said.err


def test_an_account_that_nobody_polled_yet_is_set_up_all_the_same(empty: Scene) -> None:
    assert empty.call("digest").out == "0 open; 1 of 1 accounts never polled yet\n"
