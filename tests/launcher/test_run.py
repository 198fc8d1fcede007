"""The whole run: from the command to a page that answers, and down again with nothing left."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from launcher import environment, homes, ports
from launcher.processes import ROOT
from launcher.servers import NAMES


@contextmanager
def running(home: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    """A launcher that was told to run, killed at the end if it is still there."""
    theirs = environment.variables(XIYUAN_HOME=str(home), PORT=str(port), XIYUAN_SAMPLE="0")
    for name in NAMES:
        theirs.pop(name, None)
    command = [sys.executable, "-m", "launcher", "run"]
    pipe = subprocess.PIPE
    with subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, env=theirs, stdout=pipe, stderr=pipe, text=True
    ) as launcher:
        try:
            yield launcher
        finally:
            launcher.kill()


def status(port: int, path: str) -> int:
    """What a page answers."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", path)
        return connection.getresponse().status


def is_silent(port: int) -> bool:
    """Tell whether nobody listens."""
    try:
        status(port, "/healthz")
    except OSError:
        return True
    return False


@pytest.mark.worker
class TestRun:
    def test_serves_pages_and_work_and_leaves_nothing(self, home: Path) -> None:
        port = ports.free_port()
        with running(home, port) as launcher:
            assert launcher.stdout
            lines = iter(launcher.stdout.readline, "")
            assert any("Ctrl-C" in line for line in lines)

            assert status(port, "/healthz") == 200
            deadline = time.monotonic() + 30
            while status(port, "/readyz") != 200:  # until a worker has been heard from
                assert time.monotonic() < deadline
                time.sleep(0.2)
            endpoints = home / "endpoints.json"
            assert set(json.loads(endpoints.read_text())) == set(NAMES)
            assert endpoints.stat().st_mode & 0o777 == 0o600

            launcher.send_signal(signal.SIGINT)
            assert launcher.wait(timeout=30) == 0

        assert is_silent(port)
        assert not endpoints.exists()
        assert [pid for pid in homes._processes() if homes._writes_to(pid, home / "logs")] == []

    def test_a_taken_port_is_named_and_nothing_is_made(self, home: Path) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as other:
            port = other.getsockname()[1]

            with running(home / "new", port) as launcher:
                _, problem = launcher.communicate(timeout=30)

        assert launcher.returncode == 1
        assert f"Port {port} is taken" in problem
        assert not (home / "new").exists()
        assert os.listdir(home) == []
