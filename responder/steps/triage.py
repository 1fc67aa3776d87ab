"""Triage: weigh every new case, with reasons; complaints go on, the rest is set aside within reach."""

from collections.abc import Sequence
from datetime import datetime

from responder.model.case import Case, Stage
from responder.model.clocks import Clocks
from responder.model.triage import Triage
from responder.policy.corrected import weigh
from responder.policy.policy import Policy
from responder.steps.batch import work_through
from responder.steps.report import Report, Stop, never
from responder.store.store import Store


def triage(store: Store, policy: Policy, targets: Clocks, now: datetime, *, stop: Stop = never) -> Report:
    """Weigh the cases that are NEW, and let the clocks run that `targets` sets for them.

    What a person corrected about a case holds.
    """

    def judge(case: Case) -> Triage:
        return weigh(case, policy, now)

    def keep(judged: Sequence[tuple[Case, Triage]]) -> int:
        running = [(case, one, targets.start(case, one.tier, now)) for case, one in judged]
        return store.casework.triaged(running, now)

    return work_through(store, Stage.NEW, now, judge, keep, stop=stop).named("triaged")
