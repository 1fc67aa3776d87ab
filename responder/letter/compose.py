"""Compose: a digest in the words of its reader, the worst first."""

from collections.abc import Iterator
from datetime import timedelta, tzinfo

from responder.letter.afterwards import debriefs, follow_ups, grants
from responder.letter.pieces import Cases, Chart, Fact, Facts, Page, Part, Row, Topics
from responder.letter.tongue import Tongue
from responder.model.blind import Cause
from responder.model.case import Case, Stage
from responder.model.correction import What
from responder.model.digest import OVERDUE_CAP, AccountHealth, Digest
from responder.model.incident import IncidentStage
from responder.model.mention import Author, Mention
from responder.model.visible import one_line

#: The journal's words that a digest tells, in the order it tells them.
_HAPPENED = (
    "answered", "heard", "wrote again", "set aside", "answered by hand", "dismissed", "edited by hand",
    "approval void", "removed by its author", "closed", "malformed",
)  # fmt: skip
_KEYS = {"removed by its author": "removed"}
#: A customer's words, in characters.
_SAID = 66


def compose(digest: Digest, company: str, zone: tzinfo, said: Tongue, *, to: str = "") -> Page:
    """Return the letter about `digest` for somebody who reads `said`; `to` is who gets it by mail."""
    last = [Fact(text=said.say("say.answer", command="responder review"))]
    if to:
        last.append(Fact(text=said.say("say.listed", name=one_line(to))))
    composer = _Composer(digest, zone, said)
    line = composer.quiet()
    return Page(
        language=said.language,
        subject=subject(digest, company, zone, said),
        first=(Fact(text=line),) if line else tuple(composer.first()),
        parts=() if line else tuple(composer.parts()),
        last=() if line else tuple(last),
    )


def subject(digest: Digest, company: str, zone: tzinfo, said: Tongue) -> str:
    """Return the one line that says whether anything is wrong."""
    figures = said.count("figures.open", digest.open)
    late = digest.figures.overdue
    if late:
        figures += f", {said.count('figures.overdue', late, shown=capped(late, said))}"
    day = said.day(digest.at.astimezone(zone))
    whose = one_line(company)
    return (
        said.say("subject.of", figures=figures, company=whose, day=day)
        if whose
        else said.say("subject.plain", figures=figures, day=day)
    )


def capped(n: int, said: Tongue) -> str:
    """Return a number that is counted no further than it helps."""
    return f"{said.number(n)}{'+' if n >= OVERDUE_CAP else ''}"


class _Composer:
    """Makes each part; one that has nothing to say is not there."""

    def __init__(self, digest: Digest, zone: tzinfo, said: Tongue) -> None:
        self._digest = digest
        self._zone = zone
        self._said = said
        self._today = digest.at.astimezone(zone).date()
        self._networks = {one.name: one.network for one in digest.health}

    def quiet(self) -> str:
        """Return the one line of a day on which nothing was and nothing is; "" on any other."""
        digest, said = self._digest, self._said
        short = any(budget.short for budget in digest.money.values())
        told = digest.unsettled or digest.alarmed or digest.by_hand or digest.unsent or digest.paused or short
        owed = digest.blind or digest.incidents or digest.promises or digest.follow_ups
        later = digest.grants or digest.debriefs
        if digest.open or told or owed or later or any(map(_ill, digest.health)) or list(self._happened()):
            return ""
        heard = [one.heard_at for one in digest.health if one.heard_at]
        if not digest.health:
            why = said.say("quiet.none")
        elif len(heard) < len(digest.health):
            never = len(digest.health) - len(heard)
            why = said.count("quiet.never", never, all=said.number(len(digest.health)))
        else:
            last = said.moment(min(heard), self._zone, self._today)
            one = len(heard) == 1
            why = (
                said.say("quiet.one", account=digest.health[0].name, moment=last)
                if one
                else said.say("quiet.all", moment=last)
            )
        return f"{said.count('figures.open', 0)}; {why}"

    def first(self) -> Iterator[Fact]:
        """Give what makes everything below it less true: what is blind, and that nothing is sent."""
        digest, said = self._digest, self._said
        blind = {one.account for one in digest.blind}
        for gone in digest.blind:
            why = one_line(gone.says, 200) or said.say(f"blind.{gone.cause}")
            if gone.cause in (Cause.SILENCE, Cause.UNREAD):
                why = said.say(f"blind.{gone.cause}")
            moment = said.moment(gone.since, self._zone, self._today)
            yield Fact(text=said.say("say.blind", account=gone.account, moment=moment, why=why))
        for one in (one for one in digest.health if _ill(one) and one.name not in blind):
            text = said.say(
                "say.ill", account=one.name, heard=self._heard(one), problem=one_line(one.problem, 300)
            )
            yield Fact(text=f"{text} ({said.say('say.stopped')})" if one.stopped else text)
        if digest.paused:
            pause = digest.pause
            who = [one_line(pause.by, 60) or "responder pause"] if pause.switched or not pause.file else []
            note = f" ({one_line(pause.note, 100)})" if pause.note else ""
            who += [f"{one_line(pause.file, 200)}{note}"] if pause.file else []
            yield Fact(text=said.say("say.paused_by", who=", ".join(who)), command=pause.command)
        if digest.search:
            yield Fact(text=said.say("say.search", search=one_line(digest.search)))

    def parts(self) -> Iterator[Part]:
        """Give the parts in the order in which they matter."""
        digest, said = self._digest, self._said
        yield from self._first_of_all()
        yield from self._cases("overdue", digest.overdue, capped(digest.figures.overdue, said), late=True)
        yield from self._cases("today", digest.waiting, self._waiting(), late=False)
        yield from self._for_hands()
        if under_way := tuple(self._under_way()):
            yield Facts(title=said.say("title.under_way"), facts=under_way)
        yield Facts(title=self._since_when(), facts=tuple(self._since()))
        if any(day.heard or day.answered for day in digest.week):
            yield Chart(
                title=said.say("title.week"),
                days=tuple(said.weekday(one.day) for one in digest.week),
                series=(
                    (said.say("week.heard"), tuple(one.heard for one in digest.week)),
                    (said.say("week.answered"), tuple(one.answered for one in digest.week)),
                ),
            )
        if digest.themes:
            yield Topics(
                title=said.say("title.themes"),
                note=said.say("say.themes"),
                topics=tuple(
                    (self._topic(one.topic), said.number(one.n), _more(one.n - one.before))
                    for one in digest.themes
                ),
            )
        if learned := tuple(debriefs(digest, said, self._topic)):
            yield Facts(title=said.say("title.debriefs"), facts=learned)
        yield Facts(title=said.say("title.health"), facts=tuple(self._health()))
        if money := tuple(self._money()):
            yield Facts(title=said.say("title.money"), facts=money)
        if digest.head and digest.head.seq:
            head = f"{digest.head.hash[:16]}@{digest.head.seq}"  # so much of a hash nobody meets
            events = Fact(text=said.count("count.events", digest.head.seq, head=head))
            yield Facts(title=said.say("title.journal"), facts=(events,))

    def _first_of_all(self) -> Iterator[Part]:
        """Give what is not as approved, what we promised, and what many complain about at once."""
        digest, said = self._digest, self._said
        if digest.alarmed:
            facts = tuple(
                self._about(one.case_id, one.target, one_line(one.alarm, 300)) for one in digest.alarmed
            )
            title = self._counted("look", len(facts))
            yield Facts(title=title, note=said.say("say.look"), facts=facts, alarm=True)
        if owed := tuple(self._promises()):
            yield Facts(title=self._counted("promises", len(owed)), facts=owed, alarm=self._broken())
        if follow := tuple(follow_ups(digest, said)):
            late = any(one.overdue(digest.at) for one in digest.follow_ups)
            yield Facts(title=self._counted("follow_ups", len(follow)), facts=follow, alarm=late)
        if asked := tuple(grants(digest, said)):
            yield Facts(title=said.say("title.grants"), facts=asked)
        if incidents := tuple(self._incidents()):
            yield Facts(title=said.say("title.incidents"), facts=incidents)

    def _broken(self) -> bool:
        return any(one.overdue(self._digest.at) for one in self._digest.promises)

    def _promises(self) -> Iterator[Fact]:
        """Give the promises not kept, and those due by the next letter."""
        said = self._said
        for one in self._digest.promises:
            left = one.due_at - self._digest.at if one.due_at else timedelta(0)
            late = left < timedelta(0)
            due = said.say("say.late" if late else "say.due", span=said.span(left))
            state = f", {said.say('say.broken')}" if late else ""
            text = f"“{one_line(one.quote, _SAID)}”  {due}{state}"
            yield Fact(name=f"c-{one.case_id}", text=text, command=f"responder promises c-{one.case_id}")

    def _incidents(self) -> Iterator[Fact]:
        """Give what many complain about at once; where an update is due, that first."""
        at = self._digest.at
        for one in sorted(self._digest.incidents, key=lambda one: (not one.late(at), -one.id)):
            kind = "due" if one.late(at) else "proposed" if one.stage is IncidentStage.PROPOSED else "open"
            about, n = one_line(one.about, 60), self._said.number(len(one.belonging))
            text = self._said.say(f"incident.{kind}", about=about, n=n)
            yield Fact(name=one.name, text=text, command=f"responder incident show {one.name}")

    def _cases(self, key: str, cases: tuple[Case, ...], shown: str, *, late: bool) -> Iterator[Part]:
        if cases:
            title = f"{self._said.say(f'title.{key}')} ({shown})"
            yield Cases(title=title, rows=tuple(map(self._row, cases)), late=late)

    def _row(self, case: Case) -> Row:
        said = self._said
        network = self._networks.get(case.account, case.account)
        due, late = "", False
        if case.due_at is not None:
            left = case.due_at - self._digest.at
            late = left < timedelta(0)
            due = said.say("say.late" if late else "say.due", span=said.span(left))
        return Row(
            name=case.name,
            tier=case.tier,
            tier_says=said.say(f"tiers.{case.tier}"),
            urgency=case.urgency,
            who=f"{network} {handle(case.target.author)}".strip(),
            owner=one_line(case.owner, 30),
            due=due,
            late=late,
            said=one_line(case.target.text, _SAID),
            url=address(case.target),
        )

    def _about(self, case_id: int, target: Mention, text: str, *, command: str = "") -> Fact:
        url = address(target)
        where = "" if url else one_line(target.external_id, 60)
        words = "  ".join(filter(None, (where, text)))
        return Fact(name=f"c-{case_id}", text=words, url=url, command=command)

    def _counted(self, key: str, n: int) -> str:
        return f"{self._said.say(f'title.{key}')} ({self._said.number(n)})"

    def _for_hands(self) -> Iterator[Part]:
        """Give what only a person can do: replies to send by hand, and those nobody is sure of."""
        digest, said = self._digest, self._said
        by_hand = tuple(
            self._about(one.case_id, one.target, "", command=f"responder settle c-{one.case_id} --sent URL")
            for one in digest.by_hand
        )
        if by_hand:
            note = said.say("say.by_hand")
            yield Facts(title=self._counted("by_hand", len(by_hand)), note=note, facts=by_hand)
        unsure = tuple(
            self._about(one.case_id, one.target, one_line(one.problem, 300)) for one in digest.unsettled
        )
        if unsure:
            title = self._counted("unsettled", len(unsure))
            yield Facts(title=title, note=said.say("say.unsettled"), facts=unsure, alarm=True)

    def _waiting(self) -> str:
        """Return how many wait, are not overdue and do not sleep; what is overdue may stand elsewhere."""
        digest, said = self._digest, self._said
        waiting = digest.figures.by_stage.get("WAITING", 0)
        if len(digest.overdue) < digest.figures.overdue:
            return said.say("say.with_overdue", n=said.number(waiting))
        late = sum(case.stage is Stage.WAITING for case in digest.overdue)
        return said.number(max(0, waiting - late - digest.asleep.n + digest.asleep.late))

    def _under_way(self) -> Iterator[Fact]:
        """Tell what is open and stands in no list: with the machine, approved and not yet sent, asleep."""
        stages, said = self._digest.figures.by_stage, self._said
        if machine := stages.get("NEW", 0) + stages.get("NEEDS_REPLY", 0):
            yield Fact(text=said.count("count.machine", machine))
        if approved := stages.get("APPROVED", 0):
            yield Fact(text=said.count("count.approved", approved))
        if asleep := self._digest.asleep.n:
            text = said.count("count.asleep", asleep, shown=capped(asleep, said))
            yield Fact(text=text, command="responder queue --stage snoozed")

    def _since_when(self) -> str:
        return self._said.say("title.since", moment=self._said.moment(self._digest.since, self._zone))

    def _since(self) -> Iterator[Fact]:
        digest, said = self._digest, self._said
        yield Fact(text=", ".join(self._happened()) or said.say("say.nothing"))
        if one := digest.first:
            half, nine = (timedelta(seconds=seconds) for seconds in (one.median, one.ninetieth))
            text = said.say("say.first", half=said.span(half, up=True), nine=said.span(nine, up=True))
            yield Fact(text=text)

    def _happened(self) -> Iterator[str]:
        happened, said = self._digest.figures.happened, self._said
        for action in _HAPPENED:
            if n := happened.get(action):
                key = f"happened.{_KEYS.get(action, action.replace(' ', '_'))}"
                more = {"command": "responder unread"} if action == "malformed" else {}
                yield said.count(key, n, **more)
            if action == "answered by hand":
                for key, n in (("private", self._digest.private), ("reopened", self._digest.reopened)):
                    if n:
                        yield said.count(f"happened.{key}", n)
        counts = {what: happened.get(what.action, 0) for what in What}
        if n := sum(counts.values()):
            parts = [
                said.say(f"corrected.{what.name.lower()}", n=said.number(count))
                for what, count in counts.items()
                if count
            ]
            yield said.count("happened.corrected", n, what=", ".join(parts))

    def _topic(self, topic: str) -> str:
        """Return what a topic is called; a company's own has no name here but its id."""
        known = f"topics.{topic}"
        return self._said.say(known) if self._said.knows(known) else one_line(topic, 30).replace("_", " ")

    def _health(self) -> Iterator[Fact]:
        if not self._digest.health:
            yield Fact(text=self._said.say("say.no_account"))
        else:
            yield from (Fact(text=f"{one.name}: {self._heard(one)}") for one in self._digest.health)
        for lost in self._digest.unsent:
            when = self._said.moment(lost.made_at, self._zone)
            words = {"name": lost.recipient or lost.way, "way": lost.way, "moment": when}
            yield Fact(text=self._said.say("say.unsent", **words, problem=one_line(lost.problem, 300)))

    def _heard(self, one: AccountHealth) -> str:
        if one.heard_at is None:
            return self._said.say("say.never")
        return self._said.say("say.heard", moment=self._said.moment(one.heard_at, self._zone))

    def _money(self) -> Iterator[Fact]:
        """Give what each account with a budget spent this month, and what the month will come to."""
        said = self._said
        for name, budget in self._digest.money.items():
            of = budget.allowance
            text = said.say(
                "say.money",
                account=name,
                spent=said.amount(of.currency, budget.this_month),
                month=said.amount(of.currency, of.month),
                forecast=said.amount(of.currency, budget.forecast),
            )
            yield Fact(text=f"{text}: {said.say('say.short')}" if budget.short else text)


def handle(author: Author) -> str:
    """Return the public handle: of people who wrote, a letter names no more."""
    return f"@{one_line(author.handle, 20)}" if author.handle else ""


def address(target: Mention) -> str:
    """Return where a post stands, if that is a page that a browser opens; else "".

    What acts or hides in an address is no address of a post.
    """
    url = target.url
    plain = one_line(url) == url and " " not in url and len(url) <= 500
    return url if plain and url.lower().startswith(("http://", "https://")) else ""


def _ill(one: AccountHealth) -> bool:
    return bool(one.problem) or one.stopped


def _more(difference: int) -> str:
    return f"{difference:+d}" if difference else "±0"


__all__ = ["compose", "subject"]
