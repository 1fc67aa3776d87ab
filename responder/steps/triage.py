"""Triage: weigh every new case, with reasons; complaints go on, the rest is set aside within reach."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from responder.model.case import Case, Stage
from responder.model.triage import Triage
from responder.policy.corrected import weigh
from responder.policy.policy import Policy
from responder.steps.batch import work_through
from responder.steps.report import Report, Stop, never
from responder.store.store import Store


def triage(
    store: Store, policy: Policy, targets: Mapping[int, timedelta], now: datetime, *, stop: Stop = never
) -> Report:
    """Weigh the cases that are NEW; `targets` says by tier how soon the first answer is due.

    It counts from when the customer wrote (a post from the future, by somebody's wrong clock, from now), in
    the company's hours for what can wait for them. What a person corrected about a case holds.
    """

    def judge(case: Case) -> Triage:
        return weigh(case, policy, now)

    def keep(judged: Sequence[tuple[Case, Triage]]) -> int:
        due = [
            (case, one, policy.due(one.tier, min(case.target.created_at, now), targets[one.tier]))
            for case, one in judged
        ]
        return store.casework.triaged(due, now)

    return work_through(store, Stage.NEW, now, judge, keep, stop=stop).named("triaged")
