"""The picture in the README; `python -m tests.cli.review.picture` draws it anew, from made-up posts."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from textual.widgets import TextArea

from responder.store.store import Store
from tests.cli.review.room import Room
from tests.cli.review.stage import Stage, on_stage
from tests.network import mention

PICTURE = Path(__file__).parents[3] / "docs" / "pictures" / "review.svg"
_POST = (
    "Third parcel you lost in a row. I took a day off work for each of them, and nobody answers my mails. "
    "@acme, does anybody read this?"
)
_WORDS = "Ana, we lost three of your parcels, and that's on us. I'm sorry for the days it cost you. ^Sam"


def drawn() -> str:
    """Return the picture as SVG: a card after an edit, with nothing from elsewhere in it."""
    store = Store("sqlite://")
    store.prepare()
    pictures: list[str] = []

    async def play(stage: Stage) -> None:
        await stage.press("e")
        stage.app.screen.query_one(TextArea).text = _WORDS
        await stage.press("ctrl+s")
        pictures.append(stage.app.export_screenshot(title="responder review"))

    with TemporaryDirectory() as folder:
        room = Room(store, Path(folder))
        room.say(
            mention("1", _POST, author="ana"), mention("2", "Where is my refund?", author="bo", minutes=5)
        )
        on_stage(room.session(), play, (90, 26))
    store.close()
    # no font is fetched from anywhere, and the ids do not change from one drawing to the next
    own = re.sub(r"@font-face \{.*?\}\s*", "", pictures[0], flags=re.DOTALL)
    return re.sub(r"terminal-\d+", "desk", own)


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(drawn(), encoding="utf-8")
