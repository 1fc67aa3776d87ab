"""What ended while a card waited: the review finds it out at the yes."""

from datetime import datetime
from pathlib import Path

from responder.model.case import Case, Stage
from responder.model.decision import Verdict
from responder.model.draft import Draft
from responder.model.facts import Facts
from responder.model.limits import Limits
from responder.model.triage import Finding, Level
from responder.steps.approve import decide
from responder.store.store import Store
from tests.cli.review.room import Careful, Room, presses
from tests.desk import seen, stage
from tests.network import mention


class Ends(Careful):
    """Finds out only later that the mug it offers is no more to be had."""

    def ended(self, now: datetime) -> frozenset[str]:
        return frozenset({"mug"})

    def check_again(
        self, draft: Draft, case: Case, limits: Limits, now: datetime | None = None
    ) -> tuple[Finding, ...]:
        return (Finding(rule="mug", level=Level.BLOCK, says="Offers mug, which ended"),)


def test_a_approves_no_words_whose_remedy_ended_since(store: Store, tmp_path: Path) -> None:
    room = Room(store, tmp_path, judge=Ends()).say(mention("1", "My mug broke."))
    case, _ = seen(store)
    decide(store, case, Verdict.REDO, ("sam", ""), room.clock(), news=Facts(remedy="mug"))
    room.street()
    assert "Offers mug, which ended" in presses(room.session(), "a").says
    assert stage(store) is Stage.WAITING
