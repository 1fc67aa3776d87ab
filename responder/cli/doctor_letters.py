"""Doctor's look at what our own people are told: mail, chats, and what did not go out."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from responder.cli.doctor_checks import Check, fail, ok, warn

if TYPE_CHECKING:
    from responder.cli.desk import Desk
    from responder.model.notice import Failed
    from responder.store.store import Store

#: How far back letters are told that did not go out.
_LATELY = timedelta(days=2)


def of_letters(desk: "Desk", store: "Store | None") -> Iterator[Check]:
    """Connect and sign in where mail goes, read each chat's address, and send nothing."""
    from responder.model.recipient import Way
    from responder.notify import NotifyError

    sender, told = desk.app.sender, desk.settings.told
    mailed = [one for one in told if one.mail]
    # one server takes all mail: it is asked once
    looks = [("mail", one, Way.MAIL) for one in mailed[:1]]
    looks += [(f"chat of {one.name}", one, Way.CHAT) for one in told if one.chat]
    for what, one, way in looks:
        try:
            sender.look(one, way)
        except NotifyError as error:
            yield fail(what, str(error), "See [mail] and [[recipients]] in the config")
        else:
            names = ", ".join(each.name for each in mailed)
            in_there = f"{desk.settings.mail.host} lets us in, for {names}"
            says = in_there if way is Way.MAIL else "it has an address"
            yield ok(what, f"{says}; to try it: responder digest --send --to {one.name}")
    for lost in failing(desk, store) if store else ():
        whose = f"{lost.kind} for {lost.recipient or 'the folder'} by {lost.way} did not go out"
        again = "it is tried again" if lost.again_at else "it is not tried again"
        todo = "When it is mended: responder digest --send"
        if lost.kind != "digest":  # its next message tells the same anew
            again, todo = "it comes again", "See [mail] and [[recipients]] in the config"
        elif not lost.recipient:
            todo = "When it is mended, it is written by itself"
        yield warn("letters", f"{whose}; {again}: {lost.problem}", todo)


def failing(desk: "Desk", store: "Store") -> list["Failed"]:
    """Return whom our letters do not reach, of those whom the settings list today."""
    listed = {(one.name, str(way)) for one in desk.settings.told for way in one.ways} | {("", "folder")}
    return [one for one in store.notices.failing(desk.now() - _LATELY) if (one.recipient, one.way) in listed]
