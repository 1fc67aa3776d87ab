"""kill -9 of a real daemon, anywhere: afterwards no post is missing, double or unapproved."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

ROOT = Path(__file__).parents[2]


def drill(*arguments: str | Path | int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "-m", "tests.drill.life", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_life_may_end_at_any_commit_or_call(tmp_path: Path) -> None:
    done = drill("points", tmp_path, 1)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout.split()[0]) > 15


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_the_drill_catches_a_daemon_that_sends_again_what_a_dead_one_had_in_hand(tmp_path: Path) -> None:
    done = drill("points", tmp_path, 1, "careless")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "fault" in done.stdout


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_a_longer_life_may_end_at_any_commit_or_call(tmp_path: Path) -> None:
    done = drill("points", tmp_path, 8)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_a_replay_survives_forty_lives_that_end_at_random_moments(tmp_path: Path) -> None:
    done = drill("moments", tmp_path, 40, 20260302)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout.split("lives, ")[1].split()[0]) > 20


def pairs(*arguments: str | Path | int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "-m", "tests.drill.pairs", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_life_may_end_anywhere_and_the_next_one_too(tmp_path: Path) -> None:
    done = pairs(tmp_path, 3)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout.split()[-4]) > 100


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_life_may_end_anywhere_and_the_next_one_too_on_postgresql(
    tmp_path: Path, postgres_server: URL
) -> None:
    done = pairs(tmp_path, 3, postgres_server.render_as_string(hide_password=False))
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout.split()[-4]) > 100
