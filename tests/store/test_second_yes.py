"""Two people say yes to exactly the same words, or nothing goes out: the store's own law."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from responder.model.case import Case, Stage
from responder.model.correction import What
from responder.model.decision import Verdict
from responder.model.delivery import Route
from responder.model.draft import Draft
from responder.model.facts import Facts
from responder.model.people import FourEyes, NotAllowed, Person, Role, Roster
from responder.steps.approve import approve, decide, edit
from responder.steps.correct import Said, correct
from responder.steps.draft import draft
from responder.steps.post import Mode, post
from responder.store.errors import Conflict
from responder.store.store import Store
from tests.desk import seen, stage, street, waiting
from tests.lifecycle.world import TARGETS
from tests.network import ScriptedNetwork, account, at, mention
from tests.policies import PlainPolicy

PEOPLE = tuple(Person(name=name, role=Role.APPROVER) for name in ("Ana", "Bo", "Cy"))
KIM = Person(name="Kim", role=Role.AGENT)
FIRE = FourEyes(from_tier=4)


class Desk:
    """One case of tier 5 (or of `words`) that waits, at a desk with rules."""

    def __init__(self, store: Store, rule: FourEyes = FIRE, words: str = "A fire!") -> None:
        store.roster = Roster(people=(*PEOPLE, KIM), four_eyes=rule)
        self.store = store
        self.net, self.accounts = waiting(store, mention("1", words))

    def yes(self, by: str, card: tuple[Case, Draft] | None = None, minutes: float = 2) -> Route | None:
        return approve(self.store, self.accounts["shop"], card or seen(self.store), by, at(minutes))

    def edits(self, by: str, words: str = "better words") -> None:
        edit(self.store, PlainPolicy(), self.accounts["shop"], seen(self.store), (words, by), at(3))

    def decides(self, verdict: Verdict, by: str = "Ana") -> None:
        decide(self.store, self.store.casework.get(1), verdict, (by, "because"), at(3))

    def posts(self, minutes: float = 5) -> list[tuple[str, str]]:
        post(self.store, self.accounts, Mode.ON, at(minutes))
        return self.net.public

    def happened(self) -> list[str]:
        return [one.action for one in self.store.views.card(1).events]

    def decisions(self) -> list[tuple[str, str]]:
        return [(one.verdict, one.by) for one in self.store.views.card(1).decisions]


def test_the_first_yes_is_kept_and_the_second_lets_the_words_out(any_store: Store) -> None:
    desk = Desk(any_store)
    assert desk.yes("Ana") is None
    assert (stage(any_store), desk.posts()) == (Stage.WAITING, [])
    assert desk.yes("Bo") is Route.API
    assert desk.decisions() == [(Verdict.ENDORSE, "Ana"), (Verdict.APPROVE, "Bo")]
    assert len(desk.posts()) == 1
    assert desk.happened().count("approved once") == desk.happened().count("approved") == 1
    assert any_store.views.verify() == []


def test_a_first_yes_that_is_taken_back_counts_no_more(any_store: Store) -> None:
    desk = Desk(any_store)
    with pytest.raises(Conflict, match="there is no approval to take back"):
        desk.decides(Verdict.WITHDRAW)
    desk.yes("Ana")
    desk.decides(Verdict.WITHDRAW)
    with pytest.raises(Conflict, match="there is no approval to take back"):
        desk.decides(Verdict.WITHDRAW)
    assert any_store.yeses.first([1]) == {}
    assert desk.yes("Bo") is None
    assert (stage(any_store), desk.posts()) == (Stage.WAITING, [])
    assert desk.yes("Ana") is Route.API
    assert any_store.views.verify() == []


def test_a_first_yes_to_words_that_were_edited_is_over_already(store: Store) -> None:
    desk = Desk(store)
    desk.yes("Ana")
    desk.edits("Bo")
    with pytest.raises(Conflict, match="there is no approval to take back"):
        desk.decides(Verdict.WITHDRAW)


def test_the_same_person_twice_is_no_second(any_store: Store) -> None:
    desk = Desk(any_store)
    desk.yes("Ana")
    for spelt in ("Ana", "ana", "ANA"):
        with pytest.raises(NotAllowed, match=r"Ana said yes to c-1 already; the second yes is for Bo or Cy"):
            desk.yes(spelt)
    assert desk.decisions() == [(Verdict.ENDORSE, "Ana")]
    assert desk.posts() == []


def test_where_nothing_asks_for_two_one_is_enough(store: Store) -> None:
    desk = Desk(store, words="My parcel is late.")
    assert desk.yes("Ana") is Route.API
    assert len(desk.posts()) == 1


def test_who_saw_the_card_before_the_first_yes_is_told_to_look_again(any_store: Store) -> None:
    desk = Desk(any_store)
    card = seen(any_store)
    desk.yes("Ana", card)
    with pytest.raises(Conflict, match="c-1 moved while you looked"):
        desk.yes("Bo", card)


def test_who_wrote_the_words_is_the_first_pair_of_eyes(any_store: Store) -> None:
    desk = Desk(any_store)
    desk.edits("Kim")
    assert desk.yes("Ana") is Route.API
    assert desk.store.views.card(1).events[-1].detail["first"] == "Kim"
    assert [words for _, words in desk.posts()] == ["better words"]


def test_a_yes_to_ones_own_words_is_only_the_first(any_store: Store) -> None:
    desk = Desk(any_store)
    desk.edits("Ana")
    assert desk.yes("Ana") is None
    with pytest.raises(NotAllowed):
        desk.yes("Ana")
    assert desk.posts() == []
    assert desk.yes("Bo") is Route.API
    assert len(desk.posts()) == 1


def edited(desk: Desk) -> None:
    desk.edits("Bo")


def taken_back(desk: Desk) -> None:
    desk.yes("Bo")
    desk.decides(Verdict.WITHDRAW)


def drafted_anew(desk: Desk) -> None:
    desk.decides(Verdict.REDO)
    draft(desk.store, PlainPolicy(), desk.accounts, at(4))


def put_aside_and_taken_up(desk: Desk) -> None:
    desk.decides(Verdict.DISMISS)
    desk.decides(Verdict.REOPEN)
    draft(desk.store, PlainPolicy(), desk.accounts, at(4))


def judged_by_other_rules(desk: Desk) -> None:
    case, one = seen(desk.store)
    desk.store.casework.follow(case, replace(one, number=one.number + 1), "judged by other rules")


def written_again(desk: Desk) -> None:
    desk.net.say(mention("2", "A fire, I said!", thread="1", minutes=3))
    street(desk.store, desk.accounts, 4)


def edited_by_the_customer(desk: Desk) -> None:
    desk.net.edit("1", "A big fire!", "e1")
    street(desk.store, desk.accounts, 4)


ENDINGS = [
    *(edited, taken_back, drafted_anew, put_aside_and_taken_up),
    *(judged_by_other_rules, written_again, edited_by_the_customer),
]


@pytest.mark.parametrize("ends", ENDINGS, ids=lambda one: one.__name__)
def test_a_first_yes_ends_with_whatever_happens_to_the_words_or_the_case(
    any_store: Store, ends: Callable[[Desk], None]
) -> None:
    desk = Desk(any_store)
    desk.yes("Ana")
    ends(desk)
    assert stage(any_store) is Stage.WAITING
    assert any_store.yeses.first([1]) == {}
    assert desk.yes("Bo", minutes=5) is None
    assert desk.posts(6) == []


def test_a_yes_of_somebody_who_may_no_longer_approve_does_not_count(any_store: Store) -> None:
    desk = Desk(any_store)
    desk.yes("Ana")
    demoted = (Person(name="Ana", role=Role.AGENT), *PEOPLE[1:])
    any_store.roster = Roster(people=demoted, four_eyes=FIRE)
    assert any_store.yeses.first([1]) == {}
    assert desk.yes("Bo") is None
    assert desk.yes("Cy") is Route.API


def test_a_customers_removed_post_ends_a_first_yes_though_the_draft_stays(any_store: Store) -> None:
    store = any_store
    store.roster = Roster(people=PEOPLE, four_eyes=FIRE)
    net, accounts = waiting(store, mention("1", "A fire!", thread="t"))
    net.say(mention("2", "A fire, I said!", thread="t", minutes=1))
    street(store, accounts, 2)
    approve(store, accounts["shop"], seen(store), "Ana", at(3))
    with store.write() as connection:  # as if a poll had heard of it and left the case where it is
        connection.execute(text("UPDATE mention SET removed_at = 1 WHERE external_id = '1'"))
    assert store.yeses.first([1]) == {}
    assert approve(store, accounts["shop"], seen(store), "Bo", at(4)) is None


REASONS: list[tuple[FourEyes, str]] = [
    (FourEyes(from_tier=5), "it is of tier 5"),
    (FourEyes(remedies=frozenset({"refund"})), "it offers the remedy refund"),
    (FourEyes(first=1), "Ana is new here"),
]


@pytest.mark.parametrize(("rule", "why"), REASONS, ids=lambda one: str(one)[:8])
def test_why_two_are_asked_for_is_told_and_kept(store: Store, rule: FourEyes, why: str) -> None:
    desk = Desk(store, rule)
    decide(store, store.casework.get(1), Verdict.REDO, ("Ana", ""), at(2), news=Facts(remedy="refund"))
    draft(store, PlainPolicy(), desk.accounts, at(2))
    assert store.yeses.why_two(seen(store), "Ana") == why
    assert desk.yes("Ana") is None
    assert store.views.card(1).events[-1].detail["why"] == why


def test_what_was_heard_of_lawyers_asks_for_two(store: Store) -> None:
    desk = Desk(store, FourEyes(legal=True))
    with store.write() as connection:
        found = '[{"rule": "legal", "level": "note", "says": "lawyers"}]'
        connection.execute(text(f"UPDATE cases SET reasons = '{found}'"))
    assert desk.yes("Ana") is None
    assert "regulator" in store.views.card(1).events[-1].detail["why"]


def test_nobody_gets_around_a_second_yes_by_calling_a_case_less_urgent(store: Store) -> None:
    desk = Desk(store, FourEyes(from_tier=5))
    correct(store, TARGETS, store.casework.get(1), Said(What.LESS_URGENT, "Ana"), at(2))
    assert store.casework.get(1).tier == 4
    assert store.yeses.why_two(seen(store), "Ana") == "it is of tier 5"
    assert store.yeses.why_two(seen(store), "Bo") == ""  # Ana's word and Bo's are two
    assert desk.yes("Ana") is None


def test_the_first_replies_of_somebody_new_need_a_second_and_the_next_do_not(any_store: Store) -> None:
    store = any_store
    store.roster = Roster(people=PEOPLE, four_eyes=FourEyes(first=2))
    _, accounts = waiting(store, *(mention(str(n), author=f"a{n}") for n in range(1, 6)))

    def yes(by: str, number: int) -> Route | None:
        return approve(store, accounts["shop"], seen(store, number), by, at(2))

    assert [yes("Ana", 1), yes("Ana", 2)] == [None, None]
    assert store.yeses.approvals("Ana") == 0  # a first yes that nobody followed is no approval
    assert yes("Ana", 3) is None
    assert [yes("Bo", 1), yes("Bo", 2)] == [Route.API, Route.API]
    assert (store.yeses.approvals("Ana"), store.yeses.approvals("Bo")) == (2, 2)
    assert [yes("Ana", 4), yes("Bo", 5)] == [Route.API, Route.API]
    assert store.yeses.approvals("Cy") == 0


def test_first_yeses_are_found_for_the_cases_that_have_one(any_store: Store) -> None:
    store = any_store
    store.roster = Roster(people=PEOPLE, four_eyes=FIRE)
    posts = [mention(str(n), "A fire!", author=f"a{n}") for n in range(1, 4)]
    _, accounts = waiting(store, *posts)
    for number in (1, 3):
        approve(store, accounts["shop"], seen(store, number), "Ana", at(number))
    approve(store, accounts["shop"], seen(store, 3), "Bo", at(4))
    found = store.yeses.first([1, 2, 3, 99])
    assert {number: (one.by, one.at) for number, one in found.items()} == {1: ("Ana", at(1))}
    assert store.yeses.first([]) == {}


# --- what is planned is judged again when it is claimed ----------------------------------------------


def test_a_planned_reply_that_needed_two_and_has_one_is_never_sent(any_store: Store) -> None:
    """Also where a mistake (or a hand in the database) let it into the outbox."""
    desk = Desk(any_store)
    desk.yes("Ana")
    desk.yes("Bo")
    with any_store.write() as connection:
        connection.execute(text("DELETE FROM decision WHERE verdict = 'endorse'"))
    assert desk.posts() == []
    assert stage(any_store) is Stage.WAITING
    assert desk.happened()[-1] == "approval void"


@pytest.mark.parametrize(
    "forged",
    ["fingerprint = 'other'", "draft_number = 7", "seen = 'other'", "\"by\" = 'bO'", "verdict = 'dismiss'"],
)
def test_a_first_yes_to_anything_else_does_not_count_when_it_is_claimed(store: Store, forged: str) -> None:
    desk = Desk(store)
    desk.yes("Ana")
    desk.yes("Bo")
    with store.write() as connection:
        connection.execute(text(f"UPDATE decision SET {forged} WHERE verdict = 'endorse'"))
    assert desk.posts() == []


def test_what_was_rightly_approved_goes_out_though_the_rule_or_the_people_changed_since(store: Store) -> None:
    desk = Desk(store)
    desk.yes("Ana")
    desk.yes("Bo")
    store.roster = Roster(people=PEOPLE[2:], four_eyes=FourEyes())
    assert len(desk.posts()) == 1


# --- at once -----------------------------------------------------------------------------------------


class AtOnce:
    """People who all have the same card before them and say yes at the same moment."""

    def __init__(self, url: str, card: tuple[Case, Draft], roster: Roster) -> None:
        self.url, self.card, self.roster = url, card, roster
        self.told: dict[str, object] = {}
        self.ready = threading.Barrier(len(PEOPLE))

    def by(self, name: str) -> None:
        store = Store(self.url, roster=self.roster)
        store.yeses.approvals(name)  # connected, before the others begin
        self.ready.wait()
        try:
            self.told[name] = approve(store, account(ScriptedNetwork()), self.card, name, at(3))
        except Conflict:  # of one kind or another
            self.told[name] = Conflict
        except Exception as error:  # noqa: BLE001 (whatever it is, it is the finding)
            self.told[name] = type(error)
        store.close()

    def run(self) -> dict[str, object]:
        people = [threading.Thread(target=self.by, args=(one.name,)) for one in PEOPLE]
        for person in people:
            person.start()
        for person in people:
            person.join()
        return self.told


def two_at_once(url: str) -> None:
    """Let three people say the first yes at once, and then three the second."""
    store = Store(url)
    store.prepare()
    desk = Desk(store)
    told = AtOnce(url, seen(store), store.roster).run()
    assert sorted(map(str, told.values())) == sorted(map(str, [None, Conflict, Conflict]))
    (first,) = [name for name, what in told.items() if what is None]
    assert desk.decisions() == [(Verdict.ENDORSE, first)]
    told = AtOnce(url, seen(store), store.roster).run()
    assert list(told.values()).count(Route.API) == 1
    assert told[first] in {NotAllowed, Conflict}  # no second of one's own, however the race went
    assert [verdict for verdict, _ in desk.decisions()] == [Verdict.ENDORSE, Verdict.APPROVE]
    assert len(desk.posts()) == 1
    store.close()


def test_of_several_second_yeses_at_once_one_wins_and_the_others_are_told(tmp_path: Path) -> None:
    two_at_once(f"sqlite:///{tmp_path / 'desk.db'}")


def test_of_several_second_yeses_at_once_one_wins_on_postgresql_too(postgres_url: str) -> None:
    two_at_once(postgres_url)
