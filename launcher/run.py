"""`launcher run`: everything, from a bare clone to a page that answers, until Ctrl-C."""

import contextlib
import hashlib
import http.client
import os
import time
from pathlib import Path

from launcher import clone, environment, homes, ports, servers, watch, welcome
from launcher.console import LaunchError, say, step
from launcher.environment import PYTHON
from launcher.ports import LOOPBACK
from launcher.processes import ROOT, WEB, WORKER, Child, Processes, Program

HEALTH = "/healthz"
PATIENCE = 120.0  # seconds until the first answer


def run() -> int:
    """Start everything and keep it running. Ctrl-C ends it in order."""
    home, port = homes.chosen(), os.environ.get("PORT")
    if not home.exists():
        ports.chosen(port)  # before anything is made; below, what may hold it is stopped first
    with homes.held(home) as lock, Processes(home / "logs", lock) as processes:
        try:
            services = _start(processes, home, ports.chosen(port))
            watch.keep_running(processes, services)
        except LaunchError as problem:
            problem.add_note(f"All logs: {processes.logs}")
            raise


def _start(processes: Processes, home: Path, port: int) -> list[watch.Service]:
    """Start everything in order, and say so when the first page answers."""
    say("席园 Xiyuan")
    clone.make_ready(processes, environment.RUN)
    backing = servers.start(processes, home, given=os.environ)
    environ = _variables(home, port, backing.addresses)
    static = _static_hash()
    collecting = _start_collecting(processes, home, environ, static)
    with step("Database and sample"):
        prepare = Program("prepare", [PYTHON, "manage.py", "prepare"], environ, private=True)
        processes.must_run(prepare)
    if collecting:
        with step("Static files"):
            processes.finish(collecting)
            _static_stamp(home).write_text(static)
    ports.chosen(str(port))  # the first start takes a while: still free?
    with step("Web server"):
        web = watch.start(processes, lambda processes: processes.start(_web(port, environ)))
        _wait_for_answer(processes, web.child, port)
    worker = watch.start(processes, lambda processes: processes.start(_worker(environ)))
    say(welcome.text(port, environ))
    return [*backing.services, web, worker]


def _variables(home: Path, port: int, addresses: dict[str, str]) -> dict[str, str]:
    """What Django is told: plain HTTP on loopback, mail shown in the outbox, unless set already."""
    # The sample's people keep the password of the first start, whatever is given later.
    given = os.environ.get("XIYUAN_SAMPLE_PASSWORD")
    password = homes.secret(home / "sample_password", 9, given)
    usual = {
        "XIYUAN_PLAIN_HTTP": "1",
        "XIYUAN_SHOW_MAIL": "1",
        "XIYUAN_SAMPLE": "1",
        "XIYUAN_URL": f"http://{LOOPBACK}:{port}",
    }
    chosen = {name: os.environ.get(name, value) for name, value in usual.items()}
    return environment.variables(
        XIYUAN_HOME=str(home), XIYUAN_SAMPLE_PASSWORD=password, **addresses, **chosen
    )


def _web(port: int, environ: dict[str, str]) -> Program:
    """Granian: two processes of four threads each, started again if one fails."""
    options = ["--interface", "wsgi", "--host", LOOPBACK, "--port", str(port), "--no-ws"]
    options += ["--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers"]
    options += ["--workers-kill-timeout", "4"]  # one that stops while starting hangs otherwise
    command = [PYTHON, "-m", "granian", *options, "config.wsgi:application"]
    return Program("web", command, environ, rank=WEB, private=True)


def _worker(environ: dict[str, str]) -> Program:
    """Celery with beat: one worker, so it has no others to greet."""
    schedule = Path(environ["XIYUAN_HOME"]) / "beat-schedule"
    options = ["-B", "-c", "2", "-s", str(schedule), "--loglevel", "info"]
    options += ["--without-mingle", "--without-gossip"]
    command = [PYTHON, "-m", "celery", "-A", "config", "worker", *options]
    return Program("worker", command, environ, rank=WORKER, private=True)


def _wait_for_answer(processes: Processes, web: Child, port: int) -> None:
    """Wait for the first 200 of the health page."""
    host = os.environ.get("XIYUAN_HOSTS", LOOPBACK).split(",")[0]
    deadline = time.monotonic() + PATIENCE
    while not _answers(port, host):
        if web.has_ended() or time.monotonic() > deadline:
            raise LaunchError(f"The web server gives no answer:\n{processes.last_words('web')}")
        time.sleep(0.05)


def _answers(port: int, host: str) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
        connection.request("GET", HEALTH, headers={"Host": host})
        return connection.getresponse().status == http.HTTPStatus.OK
    return False


def _start_collecting(
    processes: Processes, home: Path, environ: dict[str, str], wanted: str
) -> Child | None:
    """Start collecting static files (seconds, for compressing) unless none has changed."""
    stamp = _static_stamp(home)
    collected = (home / "static" / "staticfiles.json").exists()
    if collected and stamp.exists() and stamp.read_text() == wanted:
        return None
    command = [PYTHON, "manage.py", "collectstatic", "--noinput", "--clear", "--verbosity", "0"]
    return processes.start(Program("static", command, environ, private=True))


def _static_stamp(home: Path) -> Path:
    return home / "static.sha256"


def _static_hash() -> str:
    """What the result depends on: our files, and the versions of packages that bring some."""
    rooms = [path.parent for path in ROOT.glob("*/__init__.py")]
    files = [path for room in (ROOT, *rooms) for path in room.glob("static/**/*")]
    digest = hashlib.sha256((ROOT / environment.RUN).read_bytes())
    for path in sorted(path for path in files if path.is_file()):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()
