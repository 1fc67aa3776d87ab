"""Cases: which of them the demo shows, approves and comes back to."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from responder.cli.demo.feed import Row
from responder.model.case import Case, Stage
from responder.model.draft import Draft
from responder.model.mention import Audience
from responder.model.triage import Level

if TYPE_CHECKING:
    from responder.cli.desk import Desk

#: A case with its draft.
Pair = tuple[Case, Draft]
#: More cases than the demo ever has.
_ALL = 1000


def waiting(desk: "Desk") -> list[Pair]:
    """Return the drafts that wait, the most urgent first."""
    cases = desk.store.views.page(Stage.WAITING, limit=_ALL)
    return [(case, draft) for case in cases if (draft := desk.store.casework.draft(case))]


def every(desk: "Desk") -> list[Case]:
    """Return every case."""
    return [case for stage in Stage for case in desk.store.views.page(stage, limit=_ALL)]


def most_telling(pairs: Sequence[Pair]) -> Pair | None:
    """Return the most urgent draft about a public post of some length, in the language of most readers."""

    def telling(pair: Pair) -> bool:
        said = pair[0].target
        return (
            said.audience is Audience.PUBLIC
            and pair[1].language == (said.language or pair[1].language)
            and 60 < len(said.text) < 600
        )

    return _first(pairs, telling) or _first(pairs, lambda _: True)


def sensible(pairs: Sequence[Pair], noon: Iterable[Row]) -> Pair | None:
    """Return a draft that anybody would approve: no finding against it, and neither harm nor law at stake.

    The customer does not write again at noon.
    """
    touched = {str(row.get(key)) for row in noon for key in ("id", "thread")}

    def fine(pair: Pair) -> bool:
        case, draft = pair
        doubts = any(one.level in {Level.BLOCK, Level.WARN} for one in draft.findings)
        return (
            0 < case.tier < 4
            and not doubts
            and touched.isdisjoint({case.target.thread, case.target.external_id})
        )

    def everyday(pair: Pair) -> bool:
        case, _ = pair
        return (
            fine(pair)
            and case.topic in {"late", "lost", "no_answer", "long_hold"}
            and case.target.language == "en"
        )

    return _first(pairs, everyday) or _first(pairs, fine)


def to_be_changed(rows: Iterable[Row]) -> list[str]:
    """Return the ids of the posts that these rows edit or remove."""
    return list(dict.fromkeys(str(row["id"]) for row in rows if row.get("edited") or row.get("removed")))


def common_topic(cases: Iterable[Case]) -> tuple[str, int]:
    """Return the topic that most of these complaints are about, and how many are."""
    topics = Counter(case.topic for case in cases if case.topic and case.stage is not Stage.SET_ASIDE)
    return topics.most_common(1)[0] if topics else ("", 0)


def _first(pairs: Sequence[Pair], fits: Callable[[Pair], bool]) -> Pair | None:
    return next((pair for pair in pairs if fits(pair)), None)
