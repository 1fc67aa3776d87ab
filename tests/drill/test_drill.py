"""kill -9 of a real daemon, anywhere: afterwards no post is missing, double or unapproved."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def drill(*arguments: str | Path | int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "-m", "tests.drill.life", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_life_may_end_at_any_commit_or_call(tmp_path: Path) -> None:
    done = drill("points", tmp_path, 1)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout.split()[0]) > 60


def test_the_drill_catches_a_daemon_that_sends_again_what_a_dead_one_had_in_hand(tmp_path: Path) -> None:
    done = drill("points", tmp_path, 1, "careless")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "fault" in done.stdout


def test_a_replay_survives_lives_that_end_at_random_moments(tmp_path: Path) -> None:
    done = drill("moments", tmp_path, 8, 7)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_longer_life_may_end_at_any_commit_or_call(tmp_path: Path) -> None:
    done = drill("points", tmp_path, 8)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_replay_survives_two_hundred_lives_that_end_at_random_moments(tmp_path: Path) -> None:
    done = drill("moments", tmp_path, 200, 20260302)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout.split("lives, ")[1].split()[0]) > 300
