"""Review: going through what waits; on the whole terminal, or (--plain) at a prompt."""

# ruff: noqa: D417 (the desk is no argument that people give)

from datetime import timedelta
from functools import partial

from responder.cli import failures
from responder.cli.desk import AtDesk
from responder.cli.filters import Filter, View, search_of
from responder.cli.review.browsing import browse

#: A card has to be there for so long before one key approves it: a key that is held repeats faster.
_LEAST = timedelta(milliseconds=300)


def review(
    *filter: Filter,  # noqa: A002 (what people read in the help)
    view: View = "",
    desk: AtDesk,
) -> int:
    """Go through what waits, the most urgent first: one card, one key. ? tells the keys.

    With --plain, or where there is no terminal to draw on, it is a prompt that also takes its answers from a
    pipe and suits a screen reader. Every key means the same in both.

    Args:
        view: The cases of a saved view: responder views.
    """
    if desk.screen.manner.json or not desk.screen.manner.asking:
        raise failures.Trouble(
            failures.USAGE,
            "A review is a talk with a person: it takes neither --json nor --yes.",
            todo="Each of its keys is a command that has one: responder queue --json, responder approve ...",
        )
    from responder.cli.review.session import Session
    from responder.cli.review.writing import left_over

    full = desk.screen.full
    # what is pasted comes as fast; out of a pipe it was written by who meant it
    session = Session(desk, least=_LEAST if full or desk.screen.asks else timedelta(0))
    _ = desk.user  # not to be found out only at the first deed
    wanted = search_of(desk, filter, view)
    if (filter or view) and not session.look_for(wanted):
        session.leave()
        desk.screen.note(f"There is no case for: {wanted}. All that waits: responder review")
        return failures.DONE
    try:
        if full:
            from responder.cli.review.desk_app import run

            run(session, partial(browse, environ=desk.screen.environ))
        else:
            from responder.cli.review.plain import Talk

            Talk(session, partial(browse, environ=desk.screen.environ)).talk()
    finally:
        session.leave()
        for name, path in left_over(session):
            desk.screen.note(f"What you wrote for {name} is kept: responder edit {name} --file {path}")
    return failures.DONE
