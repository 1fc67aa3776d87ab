"""What somebody else did meanwhile is neither taken back, nor approved unseen, nor settled by mistake."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from responder.cli.review.questions import Question
from responder.connector import Answerable, Eligibility
from responder.model.case import Case, Stage
from responder.model.decision import Verdict
from responder.model.delivery import DeliveryStage
from responder.steps.approve import approve, decide, edit
from responder.steps.assign import assign
from responder.steps.merge import merge
from responder.steps.snooze import snooze, wake
from responder.store.errors import StoreUnusable
from responder.store.store import Store
from tests.cli.review.room import Careful, Room, presses
from tests.cli.review.stage import Stage as Terminal
from tests.cli.review.stage import on_stage
from tests.desk import seen, stage, street
from tests.network import mention

KIMS = "These are Kim's words."


@dataclass
class Kim:
    """Somebody at another desk, who works on the first case."""

    room: Room

    @property
    def case(self) -> Case:
        return self.room.store.casework.get(1)

    def writes(self, words: str = KIMS) -> None:
        pair, by = seen(self.room.store), (words, "kim")
        edit(self.room.store, Careful(), self.room.accounts["shop"], pair, by, self.room.clock())

    def approves(self) -> None:
        approve(self.room.store, self.room.accounts["shop"], seen(self.room.store), "kim", self.room.clock())

    def decides(self, verdict: Verdict) -> None:
        decide(self.room.store, self.case, verdict, ("kim", ""), self.room.clock())

    def merges(self) -> None:
        self.room.say(mention("4", "My heater is still on fire!", author="ana"))
        into = self.room.store.casework.get(4)
        merge(self.room.store, into, self.case, "kim", self.room.clock())

    def puts_off(self) -> None:
        wake(self.room.store, self.case, "kim", self.room.clock())
        now = self.room.clock()
        snooze(self.room.store, self.case, now + timedelta(days=1), "kim", now)

    def drafts(self) -> None:
        street(self.room.store, self.room.accounts, 90, Careful())


def _approves_others(kim: Kim) -> None:
    kim.decides(Verdict.WITHDRAW)
    kim.writes()
    kim.approves()


def _rejects_again(kim: Kim) -> None:
    kim.decides(Verdict.REOPEN)
    kim.drafts()
    kim.decides(Verdict.DISMISS)


def _rejects_and_merges(kim: Kim) -> None:
    kim.decides(Verdict.REOPEN)
    kim.merges()


#: What sam presses, what Kim does then, and who did the last thing.
MEANWHILE: dict[str, tuple[tuple[str, ...], Callable[[Kim], None], str]] = {
    "approves other words": (("a",), _approves_others, "kim approved it"),
    "rejects it again": (("r", "s"), _rejects_again, "kim dismissed it"),
    "merges what was rejected": (("r", "s"), _rejects_and_merges, "kim merged it with c-4"),
    "puts it off for longer": (("s", "h"), Kim.puts_off, "kim put it off "),
    "writes other words": (("n",), Kim.writes, "kim put other words in its place"),
}


@pytest.mark.parametrize("what", MEANWHILE)
def test_u_takes_back_nothing_that_somebody_else_did_since(room: Room, what: str) -> None:
    pressed, does, says = MEANWHILE[what]
    session, kim = room.session(), Kim(room)
    presses(session, *pressed)
    does(kim)
    before = kim.case
    told = presses(session, "u").says
    assert "c-1 is not as you left it" in told.lower()
    assert says in told
    assert kim.case == before


def test_u_leaves_a_case_with_whom_somebody_else_gave_it_to(room: Room) -> None:
    session, kim = room.session(), Kim(room)
    presses(session, "g", "eva")
    assign(room.store, kim.case, "bo", "kim", room.clock())
    assert "is not as you left it (kim gave it to bo" in presses(session, "u").says
    assert kim.case.owner == "bo"


def test_u_twice_takes_two_wordings_back(room: Room) -> None:
    session = room.session()
    words = seen(room.store)[1].text
    presses(session, "e", "Other words.")
    presses(session, "e", "Still other words.")
    assert presses(session, "u").look == "good"
    assert seen(room.store)[1].text == "Other words."
    assert presses(session, "u").look == "good"
    assert seen(room.store)[1].text == words


def test_words_that_changed_during_another_deed_are_asked_for_once_more(room: Room) -> None:
    session, kim = room.session(), Kim(room)

    def types(_: Question) -> str:
        kim.writes()
        return "look at this"

    presses(session, "N", types)
    assert "words of c-1 changed while you looked" in presses(session, "a").says
    assert stage(room.store) is Stage.WAITING
    presses(session, "a")
    assert stage(room.store) is Stage.APPROVED


def test_the_address_pasted_back_is_that_of_the_reply_that_was_asked_about(room: Room) -> None:
    room.network.answerable = Eligibility(answerable=Answerable.BY_HAND, detail="")
    session, kim = room.session(), Kim(room)
    presses(session, "a")

    def pastes(_: Question) -> str:
        _approves_others(kim)
        return "https://net.example/r9"

    told = presses(session, "p", pastes).says
    assert "kim approved it" in told
    assert [one.stage for one in room.store.views.card(1).deliveries] == [
        DeliveryStage.VOID,
        DeliveryStage.PLANNED,
    ]


@pytest.mark.parametrize(
    "pasted",
    ["https://net.example/\x1b[2J", "https://net.example/a b", "http://\u202e", "https://" + "x" * 2000],
)
def test_what_acts_or_hides_is_no_address(room: Room, pasted: str) -> None:
    room.network.answerable = Eligibility(answerable=Answerable.BY_HAND, detail="")
    session = room.session()
    presses(session, "a")
    assert "is no address" in presses(session, "p", pasted).says
    assert stage(room.store) is Stage.APPROVED


def test_a_database_that_is_away_for_a_moment_ends_no_review(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = room.session()

    def away(_: Store) -> None:
        raise StoreUnusable("the database cannot be reached")

    async def play(terminal: Terminal) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(Store, "read", away)
            terminal.app._look()
            await terminal.settle()
        assert "cannot be reached" in terminal.words
        await terminal.press("a")

    assert on_stage(session, play).failed is None
    assert stage(room.store) is Stage.APPROVED
