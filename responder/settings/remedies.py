"""The section about remedies: what this installation grants, laid over the catalogue of the policies."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Annotated, Any, Literal

from responder.model.people import Role
from responder.model.remedy import RemedyKind
from responder.settings.days import read_day
from responder.settings.kinds import (
    Currency,
    Entry,
    Kind,
    Line,
    Wrong,
    quoted,
    read_amount,
    spelt,
    told,
)

_CAPS = {f"cap_{role}": role for role in Role}
_LANGUAGES = {"type": "object", "additionalProperties": {"type": "string", "maxLength": 200}}


def _read_cap(value: object) -> float | None:
    return None if value == "" else read_amount(value)


def _read_expires(value: object) -> date | None:
    text = "" if value == "" else read_day(value)
    if not text:
        return None
    if len(text) == len("12-31"):
        raise Wrong(f'{quoted(text)} has no year; write the day like "2026-12-31"')
    return date.fromisoformat(text)


def _read_words(value: object) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(one, str) and one.strip() for one in value.values()):
        raise Wrong('this is not a table of words by language; write one like { en = "we send a voucher" }')
    return {str(code): one.strip() for code, one in value.items()}


#: An amount of money; "" is what the catalogue says.
Cap = Annotated[float | None, Kind(_read_cap, {"type": ["number", "string"], "minimum": 0, "maxLength": 0})]
#: A day with its year; "" is none.
LastDay = Annotated[
    date | None, Kind(_read_expires, {"type": "string", "pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$"})
]
RemedyId = Annotated[str, spelt("[a-z][a-z0-9_]{0,31}", "the id of a remedy", "refund")]
#: Words by language.
ByLanguage = Annotated[Mapping[str, str], Kind(_read_words, _LANGUAGES)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedySection:
    """Something you grant to put things right; what is left empty is as in policies/remedies.toml."""

    id: RemedyId = field(
        metadata=told("Its id: one of the catalogue (responder remedies), or a new one that you choose.")
    )
    kind: Literal[
        "",
        "fix",
        "refund",
        "credit",
        "replacement",
        "discount",
        "free_hours",
        "access",
        "reframed_plan",
        "priority",
        "contact",
        "gesture",
        "donation",
    ] = field(default="", metadata=told("What they get; a new one needs it."))
    says: Line = field(default="", metadata=told("What it is, for your colleagues; a new one needs it."))
    public: Literal["", "yes", "no"] = field(
        default="", metadata=told('Whether a public reply may name it, never with its amount: "yes" or "no".')
    )
    cap_agent: Cap = field(default=None, metadata=told("The most an agent may grant alone in one case."))
    cap_approver: Cap = field(
        default=None, metadata=told("The most an approver may grant alone in one case.")
    )
    cap_admin: Cap = field(default=None, metadata=told("The most an admin may grant alone in one case."))
    currency: Currency = field(default="EUR", metadata=told("The currency of these amounts."))
    topics: tuple[Entry, ...] = field(
        default=(), metadata=told("Topics that it fits, beside those that name it in policies/topics.toml.")
    )
    faults: tuple[Literal["ours", "vendor", "unknown"], ...] = field(
        default=(), metadata=told("Whose fault it fits; empty: anybody's.")
    )
    legal: Line = field(default="", metadata=told("What lawyers or the tax office want to be thought of."))
    expires: LastDay = field(
        default=None, metadata=told("The last day on which it may be offered; empty: it stays.")
    )
    words: ByLanguage = field(
        default_factory=dict,
        metadata=told("How a reply says it, by language, where nobody tells another solution."),
    )

    def laid(self) -> dict[str, Any]:
        """Return what is told, as `model.remedy.Remedy` names it."""
        own = {one.name: value for one in fields(self) if (value := getattr(self, one.name)) or value == 0}
        caps = {role: own.pop(key) for key, role in _CAPS.items() if key in own}
        if not caps:  # it is that of the caps
            del own["currency"]
        if "public" in own:
            own["public"] = own["public"] == "yes"
        if "kind" in own:
            own["kind"] = RemedyKind(own["kind"])
        return own | {"caps": caps}
