"""Tell: what all of an incident are told becomes the draft of each member, in a reply of their own.

Each of these drafts waits for a person like any other; nothing goes out by this.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from responder.connector import Account, Answerable
from responder.model.case import Case, Stage
from responder.model.draft import Draft, Origin
from responder.model.incident import Incident, IncidentStage, Member, Text
from responder.model.mention import Audience
from responder.policy.policy import Policy
from responder.policy.variants import Told
from responder.steps.draft import as_asked, ours
from responder.steps.report import Report, Stop, never
from responder.store.errors import Conflict
from responder.store.store import Store

#: With so many of our latest replies and drafts each is compared, so that none is nearly the same.
_COMPARED = 60
_TELLABLE = frozenset({Stage.NEEDS_REPLY, Stage.WAITING, Stage.APPROVED})


@dataclass(frozen=True, slots=True)
class Teller:
    """Who tells, with what and when; "" is the machine."""

    policy: Policy
    accounts: Mapping[str, Account]
    by: str
    now: datetime


@dataclass(kw_only=True)
class Telling:
    """What became of the members, by the number of their case."""

    drafted: list[int] = field(default_factory=list)
    #: Each left as it is, with why, in words.
    left: dict[int, str] = field(default_factory=dict)
    #: Languages in which nobody has words yet, with how many wait for them.
    wanted: dict[str, int] = field(default_factory=dict)


def tell_new(
    store: Store, policy: Policy, accounts: Mapping[str, Account], now: datetime, *, stop: Stop = never
) -> Report:
    """Give those words to members of open incidents that have none of them yet; the machine's part.

    Who was drafted them before and wrote again since is for a person: what they say now may be another thing.
    """
    report = Report()
    for one in store.incidents.listed((IncidentStage.OPEN,)):
        new = [member for member in one.belonging if not member.told]
        if stop() or not new or not one.texts:
            continue
        told = tell(store, Teller(policy, accounts, "", now), one, members=new)
        report += Report({"told alike": len(told.drafted)} if told.drafted else {})
    return report


def tell(store: Store, teller: Teller, one: Incident, *, members: Iterable[Member] | None = None) -> Telling:
    """Draft the latest words of an incident for its members (or these), where they wait for an answer.

    Left as it is what a person edited, what nobody may answer, and what is on its way or public: a post is
    answered once. An approval that was not sent is void: its words are stale.
    """
    words, done = one.words(), Telling()
    others = [*store.incidents.replies(_COMPARED), *store.views.recent_drafts(_COMPARED)]
    for member in one.belonging if members is None else members:
        case = store.casework.get(member.case_id)
        current = store.casework.draft(case)
        if why := _left_alone(case, current, member, one):
            done.left[case.id] = why
        elif not (texts := words.get(case.spoken or "", ())):
            done.wanted[case.spoken or "?"] = done.wanted.get(case.spoken or "?", 0) + 1
        elif case.account not in teller.accounts:
            done.left[case.id] = f"its account {case.account} is not in the config"
        elif draft := _tell_one(store, teller, (one, case, texts), others, done):
            done.drafted.append(case.id)
            if draft.audience is Audience.PUBLIC:
                others.append(draft.text)
    return done


def _tell_one(
    store: Store,
    teller: Teller,
    about: tuple[Incident, Case, tuple[Text, ...]],
    others: list[str],
    done: Telling,
) -> Draft | None:
    """Draft the words for one member and return the draft; None, with why in `done`, where it is not."""
    one, case, texts = about
    told = Told(kind=texts[0].kind, texts=tuple(text.text for text in texts), others=others)
    words = teller.policy.alike(case, told, teller.accounts[case.account].connector.limits)
    if words is None:
        done.left[case.id] = "no wording differs enough from the others: another one is needed (--also)"
        return None
    draft = ours(teller.policy, case, words, teller.now, as_asked(case, words.text))
    try:
        store.gathering.tell(one, case, draft, teller.by)
    except Conflict as error:
        done.left[case.id] = str(error)
        return None
    return draft


def _left_alone(case: Case, current: Draft | None, member: Member, one: Incident) -> str:
    """Return why a member is not drafted these words; "" where it may be."""
    if case.stage not in _TELLABLE:
        return (
            "it is answered" if case.stage in {Stage.ANSWERED, Stage.CLOSED} else "it waits for no answer now"
        )
    if case.merged_into:
        return f"c-{case.merged_into} speaks for it"
    if case.opted_out or case.answerable == Answerable.NO:
        return "nobody may answer it"
    if current and current.origin is Origin.PERSON:
        return f"{current.by} wrote its words by hand"
    if current and current.number == member.draft and member.told == one.round:
        return "it has these words"
    return ""
