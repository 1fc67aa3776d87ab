"""Follow up: an answered case that stays quiet is closed, and none sleeps for longer than it may."""

from datetime import datetime, timedelta

from responder.steps.report import Report, Stop, never
from responder.steps.snooze import LONGEST
from responder.store.casework import LEARN_FROM
from responder.store.store import Store

#: A clock may be ahead by so much, or somebody quicker than this step, and nothing comes of it.
_AHEAD = timedelta(days=1)


def follow_up(
    store: Store,
    quiet: timedelta,
    now: datetime,
    *,
    longest: timedelta = LONGEST,
    debrief_from: int = LEARN_FROM,
    stop: Stop = never,
) -> Report:
    """Close the answered cases in which nothing happened for `quiet` and nothing is left to follow up.

    Those of tier `debrief_from`, and those that came again, are to be talked over from then on.

    What is put off for a day more than `longest` from now was put off by a clock that was ahead: it is shown
    again, a batch each time.
    """
    closed, woken = 0, store.tending.wake_lost(now + longest + _AHEAD, now)
    while not stop() and (some := store.casework.close_quiet(now - quiet, now, debrief_from=debrief_from)):
        closed += some
    return Report({word: n for word, n in (("closed", closed), ("woken", woken)) if n})
