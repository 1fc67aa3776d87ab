"""Lives that end at a chosen point, and whose next life ends at another; on SQLite, or on a PostgreSQL.

    python -m tests.drill.pairs FOLDER STEP [SERVER]

Each point is a first death, after which the next life lives. With a STEP it also dies, at every STEPth of its
points (the first of them shifts with the first death, so that all are met), and the third lives. Exits with 1
when a post is missing, double, unapproved or stuck afterwards.
"""

import io
import json
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from sqlalchemy.engine import make_url

from responder.logs import set_up_logs
from tests.drill.life import faults, forked, one_life, prepare, write_feed
from tests.postgres import statement

POSTS = 1


@contextmanager
def place(folder: Path, server: str | None, like: Path | None = None) -> Iterator[Path]:
    """Give a folder with a feed and a prepared database, or as they are in `like`."""
    if like is not None:
        shutil.copytree(like, folder)
    else:
        write_feed(folder, POSTS)
    if server is None:
        if like is None:
            prepare(folder)
        yield folder
    else:
        url, name = make_url(server), f"drill_{folder.name}"
        template = f" TEMPLATE drill_{like.name}" if like else ""
        if like:  # the server may not have noticed yet that the one who was connected is dead
            dead = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname"
            statement(url, f"{dead} = 'drill_{like.name}'")
        statement(url, f"CREATE DATABASE {name}{template}")
        (folder / "address").write_text(url.set(database=name).render_as_string(hide_password=False))
        if like is None:
            prepare(folder)
        yield folder
        statement(url, f"DROP DATABASE {name} WITH (FORCE)")
    shutil.rmtree(folder)


def judged(here: Path, day: int) -> list[str]:
    """Let the last life live, and return what is wrong afterwards."""
    ended = forked(partial(one_life, here, 0, day))
    return faults(here, POSTS) + (["the last life failed"] if ended else [])


def every_death(folder: Path, step: int, server: str | None) -> int:
    """End lives at every point, judge, and return how many faults there were."""
    deaths = bad = 0
    with place(folder / "begun", server) as begun:
        with place(folder / "whole", server, like=begun) as here:
            points = one_life(here, 0, 0)
        for nth, first in enumerate(points):
            with place(folder / "first", server, like=begun) as here:
                ended = forked(partial(one_life, here, first, 0))
                found = [] if ended == -signal.SIGKILL else ["the life did not end there"]
                with place(folder / "second", server, like=here) as there:
                    found += judged(there, 1)
                    later = json.loads((there / "points").read_text())
                deaths += 1
                for second in later[nth % step :: step] if step else ():
                    with place(folder / "second", server, like=here) as there:
                        if forked(partial(one_life, there, second, 1)) != -signal.SIGKILL:
                            found.append(f"the life did not end at {second}")
                        found += [f"then {second}: {fault}" for fault in judged(there, 2)]
                    deaths += 1
            sys.stdout.writelines(f"point {first}: {fault}\n" for fault in found)
            bad += len(found)
    sys.stdout.write(f"{len(points)} points, {deaths} ends, {bad} faults\n")
    return bad


if __name__ == "__main__":
    set_up_logs(io.StringIO())
    sys.exit(1 if every_death(Path(sys.argv[1]), int(sys.argv[2]), next(iter(sys.argv[3:]), None)) else 0)
