"""The embedded Redis: awkward folders, its password, and a queue that survives a kill."""

import os
import signal
from pathlib import Path

import pytest
import redis

from launcher.console import LaunchError
from launcher.processes import Processes
from launcher.redis import Redis


class TestRedis:
    def test_what_is_queued_survives_a_kill(self, home: Path, processes: Processes) -> None:
        server = Redis(home)
        child = server.start(processes)
        with redis.Redis.from_url(server.url) as queue:
            queue.rpush("queue", "席园")

        os.kill(child.process.pid, signal.SIGKILL)
        child.process.wait()
        processes.end(child)
        server.start(processes)

        with redis.Redis.from_url(server.url) as queue:
            assert queue.lrange("queue", 0, -1) == ["席园".encode()]

    def test_lets_nobody_in_without_the_password(self, home: Path, processes: Processes) -> None:
        server = Redis(home)
        server.start(processes)
        password = (home / "redis_password").read_text()

        with (
            redis.Redis.from_url(server.url.replace(f":{password}@", "")) as stranger,
            pytest.raises(redis.AuthenticationError),
        ):
            stranger.ping()

    def test_its_files_are_for_its_user_only(self, home: Path, processes: Processes) -> None:
        Redis(home).start(processes)

        modes = {path.name: path.stat().st_mode & 0o077 for path in (home / "redis").iterdir()}

        assert set(modes) == {"redis.conf", "appendonly.aof"}
        assert set(modes.values()) == {0}

    def test_a_failure_shows_the_end_of_the_log(self, home: Path, processes: Processes) -> None:
        (home / "redis").mkdir()
        (home / "redis" / "appendonly.aof").write_text("no such command\n")

        with pytest.raises(LaunchError, match="Bad file format"):
            Redis(home).start(processes)
