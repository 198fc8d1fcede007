"""The product as it runs: a web server, a worker with beat and a Redis, each a process."""

import http.client
import socket
import sys
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from foundation.models import Heartbeat
from launcher import redis as embedded
from tests.foundation.test_worker import Server, wait_until

LOOPBACK = "127.0.0.1"


class Product:
    """The servers of the journeys, on the database of the tests and on a Redis of their own."""

    def __init__(self, home: Path) -> None:
        redis_port, self._web_port = _free_port(), _free_port()
        self.address = f"http://{LOOPBACK}:{self._web_port}"
        self._surroundings = {
            "DATABASE_URL": _database_url(),
            "REDIS_URL": f"redis://{LOOPBACK}:{redis_port}/0",
            "XIYUAN_HOME": str(home),
            "XIYUAN_SECRET_KEY": settings.SECRET_KEY,  # tokens that a test makes count there
            "XIYUAN_PLAIN_HTTP": "1",
            "XIYUAN_SHOW_MAIL": "1",
            "XIYUAN_DEBUG": "0",
            "DJANGO_SETTINGS_MODULE": "tests.journeys.settings",
        }
        self.redis = Server(_redis_command(redis_port, home))
        self.web = self._program(
            "granian", *_web_options(self._web_port), "config.wsgi:application"
        )
        self.worker = self._program("celery", "-A", "config", "worker", *_worker_options(home))

    def start(self) -> None:
        """Start everything, and wait until it answers."""
        self.redis.start()
        self.web.start()
        self.worker.start()
        wait_until(self._answers, seconds=60)
        wait_until(Heartbeat.objects.exists, seconds=60)

    def stop(self) -> None:
        """Stop everything. The database can be dropped afterwards: nobody uses it any more."""
        for server in (self.web, self.worker, self.redis):
            server.end()
        wait_until(_is_ours_alone)

    def _program(self, module: str, *options: str) -> Server:
        return Server([sys.executable, "-m", module, *options], **self._surroundings)

    def _answers(self) -> bool:
        web = http.client.HTTPConnection(LOOPBACK, self._web_port, timeout=5)
        with closing(web), suppress(OSError):
            web.request("GET", "/healthz")
            return web.getresponse().status == http.HTTPStatus.OK
        return False


def _is_ours_alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0] == 0


def _web_options(port: int) -> list[str]:
    options = ["--interface", "wsgi", "--host", LOOPBACK, "--port", str(port), "--no-ws"]
    return [*options, "--workers", "1", "--blocking-threads", "4", "--log-level", "warning"]


def _worker_options(home: Path) -> list[str]:
    """One worker with beat. Beat makes its rounds faster, and starts nothing at night."""
    options = ["-B", "-c", "1", "-s", str(home / "beat-schedule"), "--without-mingle"]
    return [*options, "--without-gossip", "-I", "tests.journeys.rounds", "--loglevel", "warning"]


def _redis_command(port: int, home: Path) -> list[str]:
    options = ["--port", str(port), "--bind", LOOPBACK, "--save", "", "--dir", str(home)]
    return [str(embedded.program()), *options, "--loglevel", "warning"]


def _database_url() -> str:
    database = connection.settings_dict
    who = f"{quote(database['USER'])}:{quote(database['PASSWORD'])}"
    return f"postgres://{who}@{database['HOST']}:{database['PORT']}/{quote(database['NAME'])}"


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        return free.getsockname()[1]
