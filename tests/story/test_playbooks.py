"""A story for each kind of reply: from the complaint to the closing note, and to the debrief."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from responder.policy.planner import Playbook
from tests.cli.scene import Scene
from tests.story.laws import all_hold
from tests.story.tale import RANG, Tale


def first_public_reply(tale: Tale) -> None:
    tale.customer_writes("My parcel never arrived and nobody answers my mails.")
    tale.waits_with("first_public_reply")
    tale.answers()


def still_angry(tale: Tale) -> None:
    tale.customer_writes("Dvaput ste mi naplatili istu narudžbu i nitko se ne javlja.")
    tale.answers()
    tale.scene.now += timedelta(hours=2)
    tale.customer_writes("I dalje ništa. Gdje je moj novac?")
    tale.waits_with("still_angry")
    tale.answers()


def outage(tale: Tale) -> None:
    tale.customer_writes("Eure App ist schon wieder down, ich kann nichts bezahlen.")
    tale.learns(kind="outage", since="13:10")
    tale.waits_with("outage")
    tale.answers()


def vendor_fault(tale: Tale) -> None:
    tale.customer_writes("Mon colis n'est jamais arrivé, j'attends depuis deux semaines.")
    tale.learns(fault="vendor")
    tale.waits_with("vendor_fault")
    tale.answers()


def broken_promise(tale: Tale) -> None:
    tale.customer_writes("Me prometisteis la lámpara para el viernes y no ha llegado nada.")
    tale.learns(broke="late", promised="la lámpara para el viernes")
    tale.waits_with("broken_promise")
    tale.answers()


def closed(tale: Tale) -> None:
    tale.customer_writes("Paketet kom aldrig fram och ingen svarar på mina mejl.")
    tale.answers()
    tale.scene.now += timedelta(hours=2)
    tale.customer_writes("Fortfarande inget paket. Vad händer?")
    tale.learns(kind="closed", solution="ett nytt paket är framme i dag")
    tale.waits_with("closed")
    tale.answers()


def safety(tale: Tale) -> None:
    tale.customer_writes("Brödrosten fattade eld i natt, köksväggen är svart och min son brände sig.")
    assert tale.waits_with("safety")["tier"] == 5
    tale.answers()


def legal(tale: Tale) -> None:
    tale.customer_writes("Moj odvetnik vam bo pisal ta teden.")
    tale.learns(kind="legal")
    tale.waits_with("legal")
    tale.answers()


def private_message(tale: Tale) -> None:
    tale.customer_writes("Таксувахте ме два пъти за една и съща поръчка.", audience="private")
    tale.waits_with("private_message")
    tale.answers()


def call(tale: Tale) -> None:
    tale.customer_writes("Wir sitzen mit den Kindern am Flughafen fest und haben kein Zimmer.")
    tale.answers()
    assert tale.held_back("call"), "a grave case is called only by who is prepared"
    tale.scene.now += timedelta(hours=1)
    tale.customer_writes("Immer noch kein Zimmer, wir sitzen hier seit Stunden!")
    assert "call" in [one["kind"] for one in tale.items("follow-ups")]
    tale.answers()


def voicemail(tale: Tale) -> None:
    tale.customer_writes("Bloqués à l'aéroport avec les enfants, nous allons dormir par terre.")
    tale.answers()
    tale.scene.now += timedelta(hours=1)
    tale.customer_writes("Toujours rien, toujours à l'aéroport avec les enfants !")
    tale.kit("call")
    tale.kit("voicemail")
    tale.call("follow-up", tale.case, "call", "--move", "2h")
    tale.answers()


def email(tale: Tale) -> None:
    tale.customer_writes("Estamos tirados en el aeropuerto con los niños y sin alojamiento.")
    tale.answers()
    piece = tale.kit("email", "--why", "no number yet")
    assert piece["promise"], "the call it announces stands in the ledger"


def recap(tale: Tale) -> None:
    tale.customer_writes("Zaglavili smo na aerodromu s djecom i nemamo gdje spavati.")
    tale.answers()
    tale.kit("call")
    tale.call("follow-up", tale.case, "call", "--said", "Razgovarali smo.")
    assert "recap" in [one["kind"] for one in tale.items("follow-ups")]
    tale.deeds.append(("call", tale.scene.now, tale.scene.now))


def status(tale: Tale) -> None:
    tale.customer_writes("Сайтът пак не работи, не мога да платя.")
    tale.answers()
    (owed,) = [one for one in tale.items("follow-ups") if one["kind"] == "update"]
    tale.call("promise", owed["promise"], "--kept", "--where", "told them by phone")
    tale.call("daemon", "--once", codes=RANG)
    assert [one["kind"] for one in tale.items("follow-ups")] == ["status"]
    tale.kit("status", "--news", "намерихме грешката")


#: Who tells what, in which language.
STORIES: dict[Playbook, tuple[str, Callable[[Tale], None]]] = {
    Playbook.FIRST_PUBLIC_REPLY: ("en", first_public_reply),
    Playbook.STILL_ANGRY: ("hr", still_angry),
    Playbook.OUTAGE: ("de", outage),
    Playbook.VENDOR_FAULT: ("fr", vendor_fault),
    Playbook.BROKEN_PROMISE: ("es", broken_promise),
    Playbook.CLOSED: ("sv", closed),
    Playbook.SAFETY: ("sv", safety),
    Playbook.LEGAL: ("sl", legal),
    Playbook.PRIVATE_MESSAGE: ("bg", private_message),
    Playbook.CALL: ("de", call),
    Playbook.VOICEMAIL: ("fr", voicemail),
    Playbook.EMAIL: ("es", email),
    Playbook.RECAP: ("hr", recap),
    Playbook.STATUS: ("bg", status),
}


#: Whose customers are looked after on each day: what comes between two looks comes on a day of its own.
DAILY = {Playbook.STILL_ANGRY, Playbook.CLOSED, Playbook.SAFETY, Playbook.CALL}


def test_every_playbook_and_every_language_has_a_story() -> None:
    assert set(STORIES) == set(Playbook)
    assert {language for language, _ in STORIES.values()} == {"en", "de", "fr", "es", "sv", "sl", "hr", "bg"}


def told(story: tuple[str, Callable[[Tale], None]], folder: Path, pace: timedelta, *config: str) -> Tale:
    """Tell a story to its end."""
    language, begins = story
    scene = Scene(folder)
    scene.configure('undo = "0s"', *config, mode="on")
    tale = Tale(scene, language, pace)
    begins(tale)
    tale.lives_on()
    return tale


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("playbook", [Playbook.FIRST_PUBLIC_REPLY, Playbook.CALL], ids=str)
def test_a_complaint_is_followed_to_its_end(playbook: Playbook, tmp_path: Path) -> None:
    all_hold(told(STORIES[playbook], tmp_path, timedelta(days=9)))


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("playbook", STORIES, ids=str)
def test_every_complaint_is_followed_to_its_end(playbook: Playbook, tmp_path: Path) -> None:
    all_hold(told(STORIES[playbook], tmp_path, timedelta(days=1 if playbook in DAILY else 4)))


def broken_and_owned(tale: Tale) -> None:
    """Nobody kept the promised time: the house says so itself, and what it says is there to be posted."""
    tale.customer_writes("Mon colis n'est jamais arrivé et personne ne me répond.")
    tale.answers()
    tale.forgets()
    (owned,) = [one for one in tale.items("follow-ups") if one["kind"] == "broken-promise"]
    assert owned["promise"] in tale.broken


def two_yeses(tale: Tale) -> None:
    """Lawyers are named: one person's yes sends nothing."""
    tale.second = "kim"
    tale.customer_writes("Mein Anwalt wird Ihnen diese Woche schreiben.")
    tale.learns(kind="legal")
    tale.answers()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_promise_that_was_broken_is_owned_and_followed_to_its_end(tmp_path: Path) -> None:
    all_hold(told(("fr", broken_and_owned), tmp_path, timedelta(days=4)))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_complaint_that_two_people_must_answer_is_followed_to_its_end(tmp_path: Path) -> None:
    both = ["[approval]", "second_for_legal = true"]
    for name in ("sam", "kim"):
        both += ["[[people]]", f'name = "{name}"', 'role = "approver"']
    all_hold(told(("de", two_yeses), tmp_path, timedelta(days=4), *both))
