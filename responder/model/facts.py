"""Facts: what people know about a case, as far as somebody told it."""

from dataclasses import dataclass, fields, replace

#: What a fact may be; "" is "not told".
FAULTS = ("", "ours", "vendor", "unknown")
BROKEN = ("", "contract", "late", "predecessor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What we know about a case. "" is "not known", and is never made up.

    Words are in the reply's language. Raises ValueError for a fault or a broken promise of no known kind.
    """

    #: Whose fault it is: one of FAULTS.
    fault: str = ""
    #: How a promise was broken: one of BROKEN. "contract": it cannot be delivered; "late": it comes later;
    #: "predecessor": somebody before us promised too much.
    broke: str = ""
    #: What was promised, in words: "a new phone by Friday".
    promised: str = ""
    #: What we will do, a clause: "we'll send a new one on Monday".
    solution: str = ""
    #: What we changed so that it does not happen again, a clause.
    prevention: str = ""
    #: Since when an outage lasts: "13:10".
    since: str = ""
    #: Who looks after it, by the name customers may hear.
    owner: str = ""
    #: The id of the remedy somebody with authority approved; it is for rules and people, no words of a reply.
    remedy: str = ""
    #: A number to call us back, and when we call: "between 10:00 and 12:00".
    number: str = ""
    window: str = ""
    #: The kind of reply a person asked for: a planner.Playbook.
    kind: str = ""

    def __post_init__(self) -> None:
        for key, known in (("fault", FAULTS), ("broke", BROKEN)):
            if getattr(self, key) not in known:
                names = ", ".join(filter(None, known))
                raise ValueError(f"{key} is {getattr(self, key)!r}; it must be one of {names}, or empty.")

    def told(self) -> dict[str, str]:
        """Return what is known, by name."""
        return {one.name: value for one in fields(self) if (value := getattr(self, one.name))}

    def with_news(self, news: "Facts") -> "Facts":
        """Return these facts with what `news` tells laid over them."""
        return replace(self, **news.told())
