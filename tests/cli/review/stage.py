"""A terminal in memory on which the desk is tried; the only place that looks into Textual's compositor."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from textual.pilot import Pilot

from responder.cli.review.desk_app import DeskApp
from responder.cli.review.session import Session

#: Waits of 10 ms until a deed is done: many, for a busy machine.
_PATIENCE = 1000


@dataclass
class Stage:
    """The desk while it is tried."""

    app: DeskApp
    pilot: Pilot[None]
    browsed: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What the terminal shows, line by line."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(part.text for part in strip).rstrip() for strip in strips)

    @property
    def words(self) -> str:
        """The same, wherever lines were broken."""
        return " ".join(self.text.replace("│", " ").split())

    async def press(self, *keys: str) -> None:
        """Press keys, one after what the one before did."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def settle(self) -> None:
        """Wait until the deed is done, or asks something."""
        for _ in range(_PATIENCE):
            await self.pilot.pause()
            if self.app.quiet or len(self.app.screen_stack) > 1 or not self.app.is_running:
                break
            await asyncio.sleep(0.01)
        else:
            raise AssertionError("the deed does not end")
        await self.pilot.pause()


def on_stage(
    session: Session, play: Callable[[Stage], Awaitable[None]], size: tuple[int, int] = (80, 24)
) -> DeskApp:
    """Let a play go on at a desk, and return it as it was left."""
    browsed: list[str] = []

    def browse(url: str) -> bool:
        browsed.append(url)
        return True

    app = DeskApp(session, browse)

    async def whole() -> None:
        async with app.run_test(size=size) as pilot:
            stage = Stage(app, pilot, browsed)
            await stage.settle()
            await play(stage)

    asyncio.run(whole())
    return app


def keys(*pressed: str) -> Callable[[Stage], Awaitable[None]]:
    """Return a play of keys."""

    async def play(stage: Stage) -> None:
        await stage.press(*pressed)

    return play
