"""Known: what a person tells about a case, as options of a command."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Group, Parameter

from responder.cli import failures
from responder.model.facts import Facts
from responder.policy.planner import Playbook

if TYPE_CHECKING:
    from responder.policy.policy import Policy

_GROUP = Group("What you know, in the reply's language", sort_key=5)


def _told(says: str) -> Parameter:
    return Parameter(help=says, group=_GROUP)


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known about a case; nothing is made up for what is not."""

    kind: Annotated[str, _told("The kind of reply, like vendor_fault, closed or call.")] = ""
    fault: Annotated[Literal["", "ours", "vendor", "unknown"], _told("Whose fault it is.")] = ""
    broke: Annotated[
        Literal["", "contract", "late", "predecessor"],
        _told("How a promise was broken: it cannot be kept, comes late, or somebody before us gave it."),
    ] = ""
    promised: Annotated[str, _told('What was promised: "a new phone by Friday".')] = ""
    solution: Annotated[str, _told('What we will do: "we send a new one on Monday".')] = ""
    prevention: Annotated[str, _told("What we changed so that it does not happen again.")] = ""
    since: Annotated[str, _told('Since when an outage lasts: "13:10".')] = ""
    owner: Annotated[str, _told("Who looks after it, by the name customers may hear.")] = ""
    remedy: Annotated[str, _told("The id of a remedy that somebody with the authority approved.")] = ""
    number: Annotated[str, _told("The number to call us back.")] = ""
    window: Annotated[str, _told('When we call: "between 10:00 and 12:00".')] = ""


_PREVIEW = Group("A post that you type in", sort_key=4)


def _typed(says: str, *, leading_hyphen: bool = False) -> Parameter:
    return Parameter(help=says, group=_PREVIEW, allow_leading_hyphen=leading_hyphen)


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A post that somebody types in to see what it would get."""

    preview: Annotated[
        str,
        _typed(
            'Show the reply to this post, and keep nothing; "-" is what is piped in.', leading_hyphen=True
        ),
    ] = ""
    lang: Annotated[str, _typed("Its language, like sl; the company's if it is left out.")] = ""
    name: Annotated[str, _typed("The name its author displays.")] = ""
    private: Annotated[bool, _typed("It came in private.")] = False
    variant: Annotated[int, _typed("Which wording, from 1.")] = 1
    length: Annotated[int, _typed("The longest text the network takes.")] = 280


def facts_of(known: Known | None) -> Facts:
    """Return the facts as policy takes them; Trouble for a kind of reply nobody knows."""
    if known is None:
        return Facts()
    told = {name: value.strip() for name, value in asdict(known).items()}
    return Facts(**{**told, "kind": playbook_of(known.kind)})


def playbook_of(kind: str) -> str:
    """Return the kind of reply by its name, "" for none, or raise Trouble with those that there are."""
    name = kind.strip().replace("-", "_").lower()
    if name and name not in list(Playbook):
        raise failures.Trouble(
            failures.USAGE, f"There is no kind of reply {kind!r}.", todo=f"Known: {', '.join(Playbook)}."
        )
    return name


def remedy_of(name: str, policy: "Policy", now: datetime) -> str:
    """Return the id of a remedy that may be offered now, "" for none; Trouble for any other."""
    remedy = policy.remedies.get(name)
    if name and remedy is None:
        known = ", ".join(policy.remedies)
        raise failures.Trouble(failures.USAGE, f"There is no remedy {name!r}.", todo=f"Known: {known}.")
    if remedy and name in policy.ended(now):
        what = f"The remedy {name} ended on {remedy.expires}."
        raise failures.Trouble(failures.USAGE, what, todo="Those that may be offered: responder remedies")
    return name


def language_of(lang: str, policy: "Policy") -> str:
    """Return the language's code, or raise with those that have rules."""
    code = lang.replace("_", "-").partition("-")[0].lower()
    known = sorted(policy.rulebook.rules.keys() - {"*"})
    if code not in known:
        raise failures.Trouble(
            failures.USAGE,
            f"There are no rules for the language {lang!r}.",
            todo=f"Known: {', '.join(known)}.",
        )
    return code
