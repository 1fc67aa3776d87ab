"""Lives that end at a chosen point, and whose next life ends at another; on SQLite, or on a PostgreSQL.

    python -m tests.drill.pairs FOLDER STEP [SERVER]

Each point is a first death. With STEP 0 the next life lives; else it dies too, at every STEPth point (where
the first is shifts with the first death, so that all are met), and the third lives. Exits with 1 when a
post is missing, double, unapproved or stuck afterwards.
"""

import io
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from sqlalchemy.engine import make_url

from responder.logs import set_up_logs
from tests.drill.life import faults, forked, one_life, write_feed
from tests.postgres import statement

POSTS = 1


@contextmanager
def place(folder: Path, server: str | None, like: Path | None = None) -> Iterator[Path]:
    """Give a folder with a feed and a database, empty or as they are in `like`."""
    if like is None:
        write_feed(folder, POSTS)
    else:
        shutil.copytree(like, folder)
    if server is None:
        yield folder
    else:
        url, name = make_url(server), f"drill_{folder.name}"
        template = f" TEMPLATE drill_{like.name}" if like else ""
        if like:  # the server may not have noticed yet that the one who was connected is dead
            dead = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname"
            statement(url, f"{dead} = 'drill_{like.name}'")
        statement(url, f"CREATE DATABASE {name}{template}")
        (folder / "address").write_text(url.set(database=name).render_as_string(hide_password=False))
        yield folder
        statement(url, f"DROP DATABASE {name} WITH (FORCE)")
    shutil.rmtree(folder)


def judged(here: Path, day: int) -> list[str]:
    """Let the last life live, and return what is wrong afterwards."""
    ended = forked(partial(one_life, here, 0, day))
    return faults(here, POSTS) + (["the last life failed"] if ended else [])


def every_death(folder: Path, step: int, server: str | None) -> int:
    """End lives at every point, judge, and return how many faults there were."""
    with place(folder / "whole", server) as here:
        points = one_life(here, 0, 0)
    deaths = bad = 0
    for first in range(1, points + 1):
        with place(folder / "first", server) as here:
            ended = forked(partial(one_life, here, first, 0))
            found = [] if ended == -signal.SIGKILL else ["the life did not end there"]
            if step == 0:
                deaths, found = deaths + 1, found + judged(here, 1)
            for second in range(1 + first % step, points + 1, step) if step else ():
                with place(folder / "second", server, like=here) as there:
                    last = forked(partial(one_life, there, second, 1)) != -signal.SIGKILL
                    deaths += 1
                    found += [f"then {second}: {fault}" for fault in judged(there, 2)]
                if last:
                    break  # this life has fewer points
        sys.stdout.writelines(f"point {first}: {fault}\n" for fault in found)
        bad += len(found)
    sys.stdout.write(f"{deaths} ends, {bad} faults\n")
    return bad


if __name__ == "__main__":
    set_up_logs(io.StringIO())
    sys.exit(1 if every_death(Path(sys.argv[1]), int(sys.argv[2]), next(iter(sys.argv[3:]), None)) else 0)
