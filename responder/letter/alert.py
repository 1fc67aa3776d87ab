"""Alert: what somebody must know now, in their words, the gravest first."""

from collections.abc import Iterator
from datetime import datetime

from responder.letter.pieces import Fact, Facts, Page
from responder.letter.tongue import Tongue
from responder.model.alert import OF_CASES, Alert, Kind, Waits
from responder.model.pause import removal
from responder.model.recipient import Recipient
from responder.model.visible import one_line


def compose_alert(waits: Waits, company: str, now: datetime, to: Recipient, said: Tongue) -> Page:
    """Return the letter about what stands and nobody has seen."""
    capped = f"{said.number(waits.n)}{'+' if waits.n >= _MANY else ''}"
    figures = said.count("alerts.subject", waits.n, shown=capped)
    whose = one_line(company)
    subject = said.say("alerts.of", figures=figures, company=whose) if whose else figures
    facts = tuple(_fact(one, now, to, said) for one in waits.alerts)
    left = waits.n - len(facts)
    last = [Fact(text=said.count("alerts.more", left), command="responder alerts")] if left > 0 else []
    last.append(Fact(text=said.say("alerts.seen", command="responder alerts --seen")))
    last.append(Fact(text=said.say("say.listed", name=one_line(to.name))))
    title = said.say("title.look")
    return Page(
        language=said.language,
        subject=subject,
        first=(),
        parts=(Facts(title=title, facts=facts, alarm=True),),
        last=tuple(last),
    )


#: What to type about what is no case's.
_COMMANDS = {
    Kind.PAUSED: "responder resume",
    Kind.BLIND: "responder status",
    Kind.NEWS: "responder incident list",
}
#: Counting ends there.
_MANY = 1_000


def _fact(one: Alert, now: datetime, to: Recipient, said: Tongue) -> Fact:
    found = one.found
    name = f"c-{found.case_id}" if found.case_id else ""
    since = said.moment(one.since, to.zone, now.astimezone(to.zone).date())
    words = " · ".join([*_words(one, said), said.say("alerts.since", moment=since)])
    command = f"responder show {name}" if name else _COMMANDS.get(found.kind, "")
    if found.kind is Kind.PAUSED and found.subject:  # the switch does not take a file away
        command = removal(found.detail)
    return Fact(name=name, text=words, command=command)


def _words(one: Alert, said: Tongue) -> Iterator[str]:
    """Give what it is, what its tier means, and what is known of it."""
    found, key = one.found, f"alerts.{one.found.kind.replace(' ', '_')}"
    detail = one_line(found.detail, 200)
    if found.kind is Kind.PAUSED:
        yield said.say(key, by=detail or "-")
    elif found.kind in {Kind.ILL, Kind.BLIND}:
        yield said.say(key, account=one_line(found.account))
        if detail:
            yield detail
    else:
        yield said.say(key)
        if found.kind in OF_CASES:
            yield said.say(f"tiers.{found.tier}")
        elif detail:
            yield detail


__all__ = ["compose_alert"]
