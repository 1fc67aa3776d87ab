"""A network in a package of its own that can be set up and says who we are, for `connect` and `doctor`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Its setup asks for a topic, a key and the consent of a browser; its connector tells by the key who we are.
CODE = '''
"""A message board in memory."""

from responder.connector import (
    Answerable, Charge, Eligibility, Limits, Look, Page, Sight, Standing, Unauthorised, Unavailable
)
from responder.model.delivery import Receipt, Shown
from responder.setup import Keys


def setup(guide, options):
    guide.say("This board is for trying. Its keys are in its settings, at\\nhttps://board.example/keys")
    topic = guide.ask("The topic", options.get("topic", "Bread"))
    way = guide.choose("How do you sign in?", {"key": "with a key", "browser": "in a browser"})
    if way == "key":
        key = guide.ask_secret("The key")
        if key == "refused":
            raise Unauthorised("the board does not let us in")
        return Keys(options={"topic": topic}, secrets={"token": key})
    code = guide.consent(lambda state: f"https://board.example/agree?state={state}&to={guide.redirect_uri}")
    return Keys(options={"topic": topic}, secrets={"token": code, "session": f"since {guide.now():%H:%M}"})


class Board:
    network = "board"
    limits = Limits(length=100)

    def __init__(self, account, options, secret):
        if set(options) - {"topic"}:
            raise ValueError("topic: is the only option")
        if not options.get("topic", "Bread").isalpha():
            raise ValueError("topic: is no word")
        self.token, self.asked = secret("token"), 0

    def whoami(self):
        self.asked += 1
        if self.token == "wrong":
            raise Unauthorised("the board does not accept the key")
        if self.token == "down":
            raise Unavailable("the board does not answer")
        if self.token == "bug":
            raise KeyError("me")
        lacks = () if self.token != "half" else ("to post replies: tick Write in the board's settings",)
        return Standing(
            handle="acme", may=("read mentions", "post replies"), lacks=lacks, notes=("It closes in March.",)
        )

    def spent(self):
        charges = (Charge(kind="who we are", units=1, micros=1000),) * self.asked
        self.asked = 0
        return charges

    def poll(self, cursor):
        return Page(mentions=(), cursor="end")

    def eligibility(self, mention):
        return Eligibility(answerable=Answerable.API)

    def look(self, mention):
        return Look(sight=Sight.PRESENT)

    def send(self, message, to):
        return Receipt(remote_id="r1", url="")

    def find_sent(self, message, to):
        return ()

    def shown(self, receipt, to):
        return Shown(text=None)
'''


def laid_out(folder: Path, code: str = CODE) -> Path:
    """Lay the distribution out in a folder as an installer would; return the folder."""
    folder.mkdir(exist_ok=True)
    (folder / "acme_board.py").write_text(code, encoding="utf-8")
    about = folder / "acme_board-1.2.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-board\nVersion: 1.2\n")
    (about / "entry_points.txt").write_text(
        "[responder.connectors]\nboard = acme_board:Board\n[responder.setups]\nboard = acme_board:setup\n"
    )
    return folder


@contextmanager
def installed(folder: Path, code: str = CODE) -> Iterator[None]:
    """Have it installed for this process for as long as the context lasts."""
    sys.path.insert(0, str(laid_out(folder, code)))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        sys.modules.pop("acme_board", None)
