"""Alerts: one message to each for whatever stands, at once, within their hours, and never a flood."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from responder import letter
from responder.model.alert import Round, Waits, is_due, reachable
from responder.model.clocks import Clocks
from responder.model.recipient import Alerts, Recipient
from responder.notify.sender import Sender
from responder.notify.tell import Notice, tell
from responder.settings import Settings
from responder.steps.report import Report, Stop, never
from responder.store.store import Store

KIND = "alert"


def send_alerts(
    store: Store, settings: Settings, clocks: Clocks, sender: Sender, now: datetime, *, stop: Stop = never
) -> Report:
    """Write to everybody who is to know now; one message that fails holds up no other, and is tried again.

    What a message says is what stands when it goes out. It is begun in the database before it goes to
    anybody: two daemons begin one, and a crash lets the same be sent again, under the same name.
    """
    sent, problems = 0, []
    for to in settings.told:
        if to.alerts is Alerts.NONE or not to.ways or stop():
            continue
        for problem in _Post(store, settings.company.name, clocks, sender, to).deliver(now):
            sent += problem == ""
            if problem:
                problems.append(f"the alert for {to.name} did not go out: {problem}")
    return Report({"alerts": sent} if sent else {}, tuple(problems))


@dataclass(frozen=True, slots=True)
class _Post:
    """The messages to one recipient."""

    store: Store
    company: str
    clocks: Clocks
    sender: Sender
    to: Recipient

    def deliver(self, now: datetime) -> list[str]:
        """Send what is due; return what came of each way: "" when it went out, else what went wrong."""
        name, alerts = self.to.name, self.store.alerts
        told = alerts.told(name)
        if not self._wants(told, self._waits(told), now):
            return []
        alerts.sweep(self.clocks, now, unseen=True)  # what ended before anybody was told is not told
        waits = self._waits(told)
        if told.begun == told.over:
            if not is_due(self.to, told, waits, now) or not alerts.begin(name, told):
                return []
            told = alerts.told(name)
        return self._send(told, waits, now)

    def _wants(self, told: Round, waits: Waits, now: datetime) -> bool:
        """Whether there is anything to do: a message to begin, or to bring to its end."""
        if told.begun == told.over:
            return is_due(self.to, told, waits, now)
        return not waits.n or reachable(self.to, waits, now)

    def _send(self, told: Round, waits: Waits, now: datetime) -> list[str]:
        """Bring the message that is begun to its end; one with nothing to say goes to nobody."""
        name, alerts, notices = self.to.name, self.store.alerts, self.store.notices
        if not waits.n:
            alerts.finish(name, told, None, now)
            return []
        said = letter.write_alert(waits, self.company, now, self.to)
        ways = {
            Notice(kind=KIND, about=str(told.begun), recipient=name, way=way): way for way in self.to.ways
        }
        keys = [one.key for one in ways]
        due, came = notices.due(keys, now), []
        for one, way in ways.items():
            if one.key in due:
                send = partial(self.sender.send, said, self.to, way, one.key, now)
                came.append(tell(self.store, one, send, now))
        if len(notices.over(keys)) == len(keys):
            # what another process sent may not have held all that stands here
            sure = waits if "" in came else replace(waits, alerts=(), latest=told.upto)
            alerts.finish(name, told, sure, now)
        return [problem for problem in came if problem is not None]

    def _waits(self, told: Round) -> Waits:
        return self.store.alerts.waits(told, urgent=self.to.alerts is Alerts.URGENT)
