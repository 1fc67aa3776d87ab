"""The review of a desk with ten thousand, a hundred thousand and a million cases."""

import asyncio
import os
import statistics
import time
from pathlib import Path

from responder.cli.review.desk_app import DeskApp
from responder.cli.review.keys import press
from responder.cli.review.questions import Told
from responder.cli.review.session import Session
from responder.store.store import Store
from tests.bench.desk import ROUNDS, milliseconds
from tests.cli.review.room import Room, RoomDesk
from tests.network import account
from tests.postgres import fresh_database
from tests.store.crowd import crowd


def run(folder: Path, quick: bool) -> dict[str, object]:
    """Return milliseconds to open the desk and to go on to the next card, by number of cases.

    "prompt" is without a terminal; "drawn" until the terminal (80 x 24, in memory) shows it.
    """
    sizes = (1_000, 10_000, 100_000) if quick else (10_000, 100_000, 1_000_000)
    told: dict[str, object] = {"load": round(os.getloadavg()[0], 1)}
    for size in sizes:
        store = _filled(f"sqlite:///{folder / f'{size}.db'}", size)
        told[f"sqlite {size:,}"] = asyncio.run(_measured(store, folder))
        store.close()
        with fresh_database() as url:
            if url is None:
                continue
            store = _filled(url, size)
            told[f"postgresql {size:,}"] = asyncio.run(_measured(store, folder))
            store.close()
    return told


def _filled(url: str, size: int) -> Store:
    store = Store(url)
    store.prepare()
    crowd(store, size, known=True)
    return store


async def _measured(store: Store, folder: Path) -> dict[str, float]:
    desk = _desk(store, folder)
    session = Session(desk)
    figures = {
        "open, prompt": milliseconds(lambda: Session(desk)),
        "next, prompt": milliseconds(lambda: _through(session, "j")),
    }
    begun = time.perf_counter()
    app = DeskApp(Session(desk), lambda _: False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        figures["open, drawn"] = round((time.perf_counter() - begun) * 1000, 1)
        times = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            app.do("j")
            while not app.quiet:  # noqa: ASYNC110 (the app has no event for it)
                await asyncio.sleep(0)
            await pilot.pause()
            times.append((time.perf_counter() - begun) * 1000)
        figures["next, drawn"] = round(statistics.median(times), 1)
    return figures


def _desk(store: Store, folder: Path) -> RoomDesk:
    room = Room(store, folder)
    both = {name: account(room.network) for name in ("shop", "small")}
    desk = room.desk()
    return RoomDesk(screen=desk.screen, named="sam", clock=room.clock, built=desk.built, rooms=both)


def _through(session: Session, letter: str) -> Told:
    try:
        next(press(session, letter))
    except StopIteration as end:
        told: Told = end.value
        return told
    raise AssertionError("it asks something")
