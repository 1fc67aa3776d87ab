"""Find: the case of which somebody says the code, on the phone, in a letter or in private."""

# ruff: noqa: D417 (the desk is no argument that people give)

from responder.cli import failures
from responder.cli.desk import AtDesk
from responder.cli.show import card_of


def find(code: str, /, *more: str, desk: AtDesk) -> int:
    """Show the case that a customer's code finds; spaces, hyphens and capitals do not matter.

    Args:
        code: The code as it was said: lomi-rusa-bato-fikun.
        more: The rest of it, where it was typed in pieces.
    """
    keep_for = desk.settings.offline.reference_for
    words = " ".join([code, *more])
    number = desk.store.references.find(words, desk.user, desk.now(), keep_for=keep_for)
    if number is None:
        raise failures.Trouble(
            failures.FAILED,
            "No case is found by that code.",
            todo="Have it said again, letter by letter; or search by name: responder queue --help",
        )
    desk.screen.show(card_of(desk, number))
    desk.screen.hint(
        "The code proves nothing about who says it: it may stand where others read. Tell them nothing that"
        " they did not tell you."
    )
    return failures.DONE
