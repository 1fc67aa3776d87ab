"""Listen: see which account hears nothing any more, for whatever reason, and note it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from responder.connector import Account
from responder.model.blind import Blind, Cause
from responder.model.rhythm import Rhythm, hour_of
from responder.model.span import span
from responder.steps.report import Report, Stop, never
from responder.store.blindness import Sight
from responder.store.store import Store

#: These do not heal by themselves: told at once.
_TOLD_AT_ONCE = frozenset({Cause.CREDENTIAL, Cause.BUDGET})
#: Of others, told when polls failed for so many of the account's intervals, and so often.
_INTERVALS, _FAILURES = 2.5, 2


@dataclass
class Listener:
    """Remembers the rhythm of each account; it changes with the hour of its last post only."""

    rhythms: dict[str, Rhythm] = field(default_factory=dict)

    def listen(
        self, store: Store, accounts: Iterable[Account], now: datetime, *, stop: Stop = never
    ) -> Report:
        """Note every account that went blind, and tell of it; what is read makes it see again."""
        sights = store.blindness.sights()
        problems: list[str] = []
        for account in accounts:
            if stop():
                break
            sight = sights.get(account.name)
            found = self._blind(store, account, sight, now) if sight else None
            if found and store.blindness.note(found, now):
                problems.append(f"{found.account} has been blind for {span(now - found.since)}: {found.says}")
        return Report({"blind": len(problems)} if problems else {}, tuple(problems))

    def _blind(self, store: Store, account: Account, sight: Sight, now: datetime) -> Blind | None:
        if sight.ill_since is not None:
            return failing(account, sight, now)
        if sight.blind or sight.spoke_at is None or sight.heard_at is None:
            return None
        rhythm = self.rhythms.get(account.name)
        if rhythm is None or rhythm.until != hour_of(sight.spoke_at) + 1:
            rhythm = self.rhythms[account.name] = store.blindness.rhythm(account.name, sight.spoke_at)
        # as far as it was read: what was said since may be read yet
        if not rhythm.unusual(sight.spoke_at, min(now, sight.heard_at)):
            return None
        usual = rhythm.expected(sight.spoke_at, now)
        says = (
            f"it is read without a problem, but nobody said anything, where some {usual:.0f} posts are usual"
        )
        return Blind(account=account.name, since=sight.spoke_at, cause=Cause.SILENCE, says=says)


def failing(account: Account, sight: Sight, now: datetime) -> Blind | None:
    """Return how an account is blind whose polls fail; None while it may be over in a moment."""
    if sight.ill_since is None:
        return None
    since = min(sight.heard_at or sight.ill_since, sight.ill_since)
    cause = Cause(sight.cause or Cause.NETWORK)
    patience = timedelta(seconds=_INTERVALS * account.every)
    if cause not in _TOLD_AT_ONCE and (now - since < patience or sight.failures < _FAILURES):
        return None
    return Blind(account=account.name, since=since, cause=cause, says=sight.problem)
