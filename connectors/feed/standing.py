"""Whether what a feed account reads can be read, looked at once."""

from connectors.feed.inbox import Inbox
from connectors.feed.sources import Reader
from connectors.form import host_of
from responder.connector import ConnectorError, Standing


def standing(reader: Reader, inbox: Inbox | None) -> Standing:
    """Read every feed once, and see whether the folder is there and what signs its posts."""
    may, lacks, notes = list[str](), list[str](), list[str]()
    for number, address in enumerate(reader.options.feeds, 1):
        name = f"feed {number} ({host_of(address)})"  # an address may hold a key to it
        try:
            notes.append(f"{name}: {reader.summary(address)}.")
        except ConnectorError as error:
            lacks.append(f"{name}: {error}")
    if len(lacks) < len(reader.options.feeds):
        may.append("read feeds")
    if inbox:
        wrong = _wrong_with(inbox)
        lacks += wrong
        may += [] if wrong else ["read signed posts"]
    return Standing(handle="", may=tuple(may), lacks=tuple(lacks), notes=tuple(notes))


def _wrong_with(inbox: Inbox) -> list[str]:
    wrong = []
    for what, look in (("its folder: ", inbox.files), ("", inbox.key)):
        try:
            look()
        except ConnectorError as error:
            wrong.append(f"{what}{error}")
    return wrong
