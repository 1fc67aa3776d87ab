"""Follow-ups in the store: planned once by however many, changed by what is said, and never a delivery."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from responder.connector import Account
from responder.model.calendar import ALWAYS
from responder.model.case import Case, Stage
from responder.model.debrief import Action, DebriefState, DebriefWhy, themes
from responder.model.follow_up import FollowUp, FollowUpKind, FollowUpState, Rhythm, plan
from responder.model.mention import Mention
from responder.model.people import NotAllowed, Person, Role, Roster
from responder.model.promise import Commitment, PromiseKind, PromiseStatus
from responder.model.triage import Finding, Level, Triage
from responder.steps.afterwards import Course, did, done, fixed, move, not_fixed, plan_on, skip
from responder.steps.debrief import changed, write
from responder.steps.follow_up import follow_up
from responder.steps.keep import keep
from responder.steps.opt_out import opt_out
from responder.steps.post import Mode, post
from responder.steps.promise import promise
from responder.store.errors import Conflict, NotFound
from responder.store.follow_ups import Unplanned
from responder.store.store import Store
from tests.desk import approved, seen, stage, street
from tests.network import ScriptedNetwork, account, at, mention
from tests.policies import PlainPolicy

K, S = FollowUpKind, FollowUpState
HOUR, DAY = 60, 24 * 60
FORM = {"happened": "the till froze", "caught": "a test", "change": "test it"}


class Thanking(PlainPolicy):
    """Hears thanks as our rules do, and owns what was promised."""

    def weigh(
        self, mention: Mention, earlier: tuple[Mention, ...], now: datetime, *, language: str = ""
    ) -> Triage:
        said = super().weigh(mention, earlier, now, language=language)
        if said.complaint:
            return said
        praise = Finding(rule="all-praise", level=Level.NOTE, says="thanks", points=-5)
        return replace(said, tier=0, findings=(praise,))

    def owing(self, case: Case, owed: object) -> Case:
        return replace(case, facts=replace(case.facts, broke="late", promised="news"))


POLICY = Thanking()


def course() -> Course:
    return Course(policy=POLICY, accounts={}, rhythm=Rhythm(), calendar=ALWAYS)


def answered(
    store: Store, text: str = "A fire!", promises: str = "We write within 4 hours."
) -> tuple[ScriptedNetwork, dict[str, Account]]:
    """Let a reply go out at minute 3, and plan what follows it."""
    net = ScriptedNetwork()
    net.say(mention("1", text))
    accounts = {"shop": account(net)}

    class Promising(Thanking):
        def write(self, *about, recent=()):  # type: ignore[no-untyped-def]
            written = super().write(*about, recent=recent)
            return replace(written, text=f"{written.text} {promises}")

    street(store, accounts, policy=Promising())
    approved(store)
    assert post(store, accounts, Mode.ON, at(3)).done == {"sent": 1}
    promise(store, POLICY, at(4))
    plan_on(store, course(), at(5))
    return net, accounts


def again(
    store: Store, net: ScriptedNetwork, accounts: dict[str, Account], text: str, minutes: float
) -> None:
    """Let the customer write once more, and the machine do all it can."""
    net.say(mention(f"at {minutes}", text, thread="1", minutes=minutes))
    street(store, accounts, minutes, policy=POLICY)
    plan_on(store, course(), at(minutes))


def due(store: Store) -> list[FollowUpKind]:
    return [one.kind for one in store.follow_ups.due()]


def only(store: Store, kind: FollowUpKind) -> FollowUp:
    (one,) = [one for one in store.follow_ups.due() if one.kind is kind]
    return one


def test_the_promised_word_is_planned_once_however_often_and_by_whomever(any_store: Store) -> None:
    answered(any_store)
    assert plan_on(any_store, course(), at(6)).done == {}
    one = only(any_store, K.UPDATE)
    assert (one.owner, one.text, one.due_at) == ("sam", "update", at(3) + timedelta(hours=4))
    assert any_store.promises.get(one.promise_id or 0).due_at == one.due_at
    assert any_store.views.verify() == []
    assert any_store.audit.verify().sound


def test_two_daemons_at_once_plan_it_once(any_store: Store) -> None:
    net = ScriptedNetwork()
    net.say(*(mention(str(n), "A fire!", author=f"a{n}") for n in range(1, 9)))
    accounts = {"shop": account(net)}
    street(any_store, accounts, policy=POLICY)
    for number in range(1, 9):
        approved(any_store, number)
    post(any_store, accounts, Mode.ON, at(3))
    one_connection = any_store.engine.url.database in {None, "", ":memory:"}
    daemons = 1 if one_connection else 3
    some = [threading.Thread(target=plan_on, args=(any_store, course(), at(5))) for _ in range(daemons)]
    for one in some:
        one.start()
    for one in some:
        one.join()
    plan_on(any_store, course(), at(6))  # what one left to the other
    assert due(any_store) == [K.STATUS] * 8
    assert any_store.views.verify() == []


def _plan_kept(store: Store, read: Unplanned) -> bool:
    planned = plan(read.situation, at(6), course().rhythm, course().calendar)
    return store.follow_ups.keep(read, planned, {}, at(6), debrief_from=4)


def test_a_plan_of_a_reading_that_another_daemon_planned_amid_is_not_kept(any_store: Store) -> None:
    answered(any_store)
    now = any_store.follow_ups.of(1)
    assert now is not None
    torn = replace(now, situation=replace(now.situation, known=[]))  # the new plan's number, the old tasks
    assert not _plan_kept(any_store, torn)
    assert due(any_store) == [K.UPDATE]


def test_a_plan_is_not_kept_over_what_a_person_said_meanwhile(any_store: Store) -> None:
    answered(any_store)
    any_store.follow_ups.did(any_store.casework.get(1), K.CALL, "kim", at(5))
    read = any_store.follow_ups.of(1)
    assert read is not None
    any_store.follow_ups.skip(only(any_store, K.UPDATE), "kim", at(6))
    after = any_store.follow_ups.of(1)
    assert after is not None
    assert after.planned == read.planned
    assert not _plan_kept(any_store, read)


def test_a_status_follows_a_status_until_it_is_fixed(any_store: Store) -> None:
    answered(any_store, promises="")
    for number in range(1, 4):
        one = only(any_store, K.STATUS)
        assert one.mark == f"status:1:{number}"
        done(any_store, course(), one, "", "sam", at(number * 3 * DAY))
    fixed(any_store, course(), any_store.casework.get(1), "paid back", "sam", at(12 * DAY))
    assert due(any_store) == [K.CHECK, K.QUALITY]
    with pytest.raises(Conflict, match="is fixed, as somebody said before"):
        fixed(any_store, course(), any_store.casework.get(1), "", "kim", at(12 * DAY))
    not_fixed(any_store, course(), any_store.casework.get(1), "sam", at(12 * DAY))
    assert due(any_store) == [K.STATUS]
    with pytest.raises(Conflict, match="nobody said that"):
        not_fixed(any_store, course(), any_store.casework.get(1), "sam", at(12 * DAY))


def test_what_is_done_keeps_its_promise_and_its_words_are_read_for_the_next(any_store: Store) -> None:
    answered(any_store)
    made = done(any_store, course(), only(any_store, K.UPDATE), "Not yet; within 9 hours.", "kim", at(HOUR))
    assert [one.due_at for one in made] == [at(HOUR) + timedelta(hours=9)]
    first, second = any_store.promises.of_case(1)
    assert (first.status, first.ended_by) == (PromiseStatus.KEPT, "kim")
    assert second.owner == "kim"
    assert only(any_store, K.UPDATE).promise_id == second.id


def test_a_promise_that_was_kept_elsewhere_ends_its_follow_up(any_store: Store) -> None:
    answered(any_store)
    keep(any_store, any_store.promises.get(1), "called her", "sam", at(HOUR))
    plan_on(any_store, course(), at(HOUR))
    assert [(one.kind, one.state, one.ended_by) for one in any_store.follow_ups.of_case(1)] == [
        (K.UPDATE, S.DONE, ""),
        (K.STATUS, S.DUE, ""),
    ]


def test_a_broken_promise_is_a_task_that_names_it_and_no_second_reply(any_store: Store) -> None:
    answered(any_store)
    promise(any_store, POLICY, at(DAY))
    plan_on(any_store, course(), at(DAY))
    one = only(any_store, K.BROKEN_PROMISE)
    assert one.text == "broken-promise, p-1"
    done(any_store, course(), one, "", "sam", at(DAY))
    assert any_store.promises.get(1).status is PromiseStatus.LATE
    assert len(any_store.views.card(1).deliveries) == 1


def test_who_writes_again_is_answered_with_the_broken_promise_owned(any_store: Store) -> None:
    net, accounts = answered(any_store)
    promise(any_store, POLICY, at(DAY))
    again(any_store, net, accounts, "Still waiting, fire!", DAY + 1)
    assert stage(any_store) is Stage.WAITING
    _, draft = seen(any_store)
    (note,) = [one for one in draft.findings if one.rule == "promise-not-kept"]
    assert note.says.startswith("p-1 was not kept: sam gave it on 02 Mar, due 02 Mar 13:03 UTC")
    assert note.quote == "within 4 hours"
    assert due(any_store) == [K.BROKEN_PROMISE, K.CALL]


def test_thanks_leave_the_closing_note_and_what_was_promised(any_store: Store) -> None:
    net, accounts = answered(any_store)
    again(any_store, net, accounts, "thanks, I wait for that", HOUR)
    assert stage(any_store) is Stage.SET_ASIDE
    assert due(any_store) == [K.UPDATE, K.CLOSING]
    for kind in (K.UPDATE, K.CLOSING):
        done(any_store, course(), only(any_store, kind), "", "sam", at(2 * HOUR))
    (form,) = any_store.debriefs.pending()
    assert (form.state, form.why, form.tier) == (DebriefState.DUE, DebriefWhy.TIER, 5)


def test_who_asks_for_silence_is_not_followed_up(any_store: Store) -> None:
    net, accounts = answered(any_store)
    opt_out(any_store, any_store.casework.get(1), "sam", at(HOUR))
    plan_on(any_store, course(), at(HOUR))
    assert due(any_store) == []
    again(any_store, net, accounts, "Fire, fire!", 2 * HOUR)
    assert due(any_store) == []


def test_a_case_with_something_due_stays_open_and_is_talked_over_when_it_closes(any_store: Store) -> None:
    answered(any_store)
    week = timedelta(days=7)
    assert follow_up(any_store, week, at(30 * DAY)).done == {}
    keep(any_store, any_store.promises.get(1), "called her", "sam", at(HOUR))
    plan_on(any_store, course(), at(HOUR))
    skip(any_store, course(), only(any_store, K.STATUS), "they called us", "sam", at(DAY))
    fixed(any_store, course(), any_store.casework.get(1), "", "sam", at(DAY))
    for kind in (K.CHECK, K.QUALITY, K.CLOSING):
        done(any_store, course(), only(any_store, kind), "", "sam", at(20 * DAY))
    assert follow_up(any_store, week, at(30 * DAY)).done == {"closed": 1}
    assert [one.why for one in any_store.debriefs.pending()] == [DebriefWhy.TIER]
    plan_on(any_store, course(), at(31 * DAY))
    assert due(any_store) == []
    assert any_store.views.verify() == []
    assert any_store.audit.verify().sound


def test_the_owner_follows_the_case(any_store: Store) -> None:
    net, accounts = answered(any_store)
    again(any_store, net, accounts, "Still fire!", HOUR)
    any_store.tending.assign(any_store.casework.get(1), "mira", "sam", at(HOUR + 1))
    plan_on(any_store, course(), at(HOUR + 2))
    assert {one.owner for one in any_store.follow_ups.due()} == {"mira"}


def test_the_ledger_owes_in_the_name_of_who_has_the_case(any_store: Store) -> None:
    net = ScriptedNetwork()
    net.say(mention("1"))
    accounts = {"shop": account(net)}
    street(any_store, accounts, policy=POLICY)
    any_store.tending.assign(any_store.casework.get(1), "mira", "sam", at(2))
    approved(any_store)
    post(any_store, accounts, Mode.ON, at(3))
    (sent,) = any_store.promises.unread()
    said = Commitment(start=0, end=4, quote="soon", kind=PromiseKind.UPDATE)
    any_store.promises.read(sent[0], [said], sent[1], at(4))
    assert any_store.promises.get(1).owner == "mira"


def test_another_time_is_kept_in_its_own_line_and_a_promised_one_is_agreed(any_store: Store) -> None:
    answered(any_store)
    with pytest.raises(Conflict, match="--moved-to"):
        move(any_store, only(any_store, K.UPDATE), at(9 * DAY), "sam", at(HOUR))
    skip(any_store, course(), only(any_store, K.UPDATE), "", "sam", at(HOUR))
    keep(any_store, any_store.promises.get(1), "", "sam", at(HOUR))
    plan_on(any_store, course(), at(HOUR))
    before = only(any_store, K.STATUS)
    for minutes in (HOUR, 400 * DAY):
        with pytest.raises(Conflict):
            move(any_store, before, at(minutes), "sam", at(HOUR))
    moved = move(
        any_store, move(any_store, before, at(9 * DAY), "sam", at(HOUR)), at(5 * DAY), "sam", at(HOUR)
    )
    assert (moved.root, moved.text, moved.due_at) == (before.mark, before.text, at(5 * DAY))
    plan_on(any_store, course(), at(2 * HOUR))
    assert [one.id for one in any_store.follow_ups.due()] == [moved.id]
    with pytest.raises(Conflict, match="is moved; somebody was quicker"):
        done(any_store, course(), before, "", "kim", at(2 * HOUR))


def test_a_call_that_nobody_planned_is_noted_and_written_down_next(any_store: Store) -> None:
    answered(any_store, promises="")
    case = any_store.casework.get(1)
    did(any_store, course(), case, (K.CALL, "We pay within 8 hours"), "sam", at(HOUR))
    assert K.RECAP in due(any_store)
    assert [one.quote for one in any_store.promises.owed()] == ["within 8 hours"]


def test_only_who_may_says_so(any_store: Store) -> None:
    answered(any_store)
    any_store.roster = Roster(people=(Person(name="sam", role=Role.APPROVER),))
    with pytest.raises(NotAllowed):
        done(any_store, course(), only(any_store, K.UPDATE), "", "eve", at(HOUR))


def test_a_form_is_written_once_and_its_actions_come_back_until_they_are_done(any_store: Store) -> None:
    answered(any_store)
    case = any_store.casework.get(1)
    actions = [Action(number=0, what="test it", owner="ana", due=at(9 * DAY).date())]
    one = write(any_store, case, None, (FORM, actions), "sam", at(HOUR))
    with pytest.raises(Conflict, match="written by sam meanwhile"):
        write(any_store, case, None, (FORM, []), "kim", at(HOUR))
    assert any_store.debriefs.pending() == [one]
    changed(any_store, one, 1, "ana", at(2 * HOUR))
    with pytest.raises(Conflict, match="done already"):
        changed(any_store, one, 1, "ana", at(2 * HOUR))
    with pytest.raises(NotFound, match="no action 2"):
        changed(any_store, one, 2, "ana", at(2 * HOUR))
    assert any_store.debriefs.pending() == []
    more = [*actions, Action(number=0, what="tell sales", owner="bo", due=at(9 * DAY).date())]
    kept = write(any_store, case, any_store.debriefs.get(1), (FORM, more), "kim", at(3 * HOUR))
    assert [(each.what, each.done_by) for each in kept.actions] == [("test it", "ana"), ("tell sales", "")]
    assert any_store.audit.verify().sound


def closed(
    store: Store, *posts: Mention, day: int = 0, after: ScriptedNetwork | None = None
) -> ScriptedNetwork:
    """Let these be answered on a day, and closed nine days later, without any follow-up."""
    net = after or ScriptedNetwork()
    before = len(net.feed)
    net.say(*posts)
    accounts, now = {"shop": account(net)}, day * DAY
    street(store, accounts, now + 1, policy=POLICY)
    for number in range(before + 1, before + len(posts) + 1):
        approved(store, number, now + 2)
    post(store, accounts, Mode.ON, at(now + 3))
    follow_up(store, timedelta(days=7), at(now + 9 * DAY))
    return net


def test_the_same_customer_with_the_same_cause_is_talked_over_though_it_is_not_grave(
    any_store: Store,
) -> None:
    closed(any_store, mention("1"), mention("2"), mention("3", author="bo"))
    assert [(one.case_id, one.why) for one in any_store.debriefs.pending()] == [(2, DebriefWhy.AUTHOR)]


def test_a_cause_that_was_talked_over_and_comes_back_is_talked_over_again_once(any_store: Store) -> None:
    net = closed(any_store, mention("1"))
    assert any_store.debriefs.pending() == []
    write(any_store, any_store.casework.get(1), None, (FORM, []), "sam", at(9 * DAY))
    later = [mention(str(n), author=f"a{n}", minutes=10 * DAY) for n in (2, 3)]
    closed(any_store, *later, day=10, after=net)
    found = any_store.debriefs.since()
    assert [(one.case_id, one.why) for one in found] == [(1, DebriefWhy.PERSON), (2, DebriefWhy.TOPIC)]
    (theme,) = themes(found, at(10 * DAY), at(20 * DAY))
    assert (theme.topic, theme.n, theme.before, theme.again) == ("late", 1, 1, True)
    assert themes(found, at(30 * DAY), at(60 * DAY)) == ()


def test_what_was_said_is_done_kept_and_promised_at_once_or_not_at_all(any_store: Store) -> None:
    answered(any_store)
    one = only(any_store, K.UPDATE)
    before = any_store.promises.of_case(1)

    class NoCommitment:
        """Words that no ledger can hold, as when the program ends amid the writing."""

    with pytest.raises(AttributeError):
        any_store.follow_ups.done(one, "kim", at(HOUR), said="Soon.", promised=[NoCommitment()])  # type: ignore[list-item]
    assert due(any_store) == [K.UPDATE]
    assert any_store.promises.of_case(1) == before
    assert len(done(any_store, course(), one, "Not yet; within 9 hours.", "kim", at(HOUR))) == 1
    assert any_store.views.verify() == []
