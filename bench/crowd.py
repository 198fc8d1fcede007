"""Sixteen processes at the same floors, by the services and by HTTP: all that must hold of it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import date, timedelta
from typing import Any, NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.services import make_api_token
from bench.allocators import Task, Told
from bench.contending import first_that_meet
from bench.desk import Desk, PlainBlock
from bench.rivals import wrongly_named
from bench.timing import Figure, Wrong
from tenants.models import Enterprise

MANY = 16
SECONDS, SECONDS_ALONE = 20.0, 5.0
LOOPBACK = "127.0.0.1"


class Crowd(NamedTuple):
    """What all processes saw."""

    told: Sequence[Told]

    @property
    def seconds(self) -> float:
        return max(one["seconds"] for one in self.told)

    @property
    def tries(self) -> int:
        return sum(len(one["waits"]) for one in self.told)

    @property
    def won(self) -> int:
        return sum(len(one["won"]) for one in self.told)


def measure(desk: Desk) -> Iterator[Figure]:
    """Tries a second of sixteen processes against one, each way; how many of them win."""
    seconds, alone = (2.0, 1.0) if desk.rounds.races < 9 else (SECONDS, SECONDS_ALONE)
    with web_server() as url:
        for way, where in (("by the service", ""), ("by HTTP", url)):
            one = compete(desk, 1, alone, where)
            many = compete(desk, MANY, seconds, where)
            yield Figure(
                area=f"{MANY} processes against one, {way}: tries",
                product=many.tries / many.seconds,
                floor=one.tries / one.seconds,
                unit="/s",
                bar=0.8,
                at_least=True,
            )
            yield Figure(
                area="... of which got their seats",
                product=many.won / many.seconds,
                floor=many.tries / many.seconds,
                unit="/s",
                bar=None,
            )


def compete(desk: Desk, processes: int, seconds: float, url: str) -> Crowd:
    """Let processes compete for four floors that are emptied first; check it all; clean up."""
    known = desk.last_allocation()
    floors = list(desk.floor_labels().values())[-4:]
    with _emptied(desk, floors):
        task = task_of(
            operator=desk.park.operator,
            enterprises=desk.park.enterprises[:processes],
            floors=[(floor * 4096, 100) for floor in floors],
            seconds=seconds,
            url=url,
        )
        crowd = run(task)
        check(crowd, [block for block in desk.blocks() if (block.allocation or 0) > known])
        desk.undo_allocations_after(known)
    return crowd


@contextmanager
def _emptied(desk: Desk, floors: Sequence[int]) -> Iterator[None]:
    """Take away, by hand, what is on these floors, and put it back."""
    columns = "allocation_id, enterprise_id, floor_id, kind, seats, period, recorded_on"
    of_floors = "FROM seats_seatblock WHERE floor_id = ANY(%s) AND kind <> 'void'"
    rows = desk.plain.execute(f"SELECT {columns} {of_floors}", [list(floors)]).fetchall()
    desk.plain.execute(f"DELETE {of_floors}", [list(floors)])
    yield
    with desk.plain.cursor() as cursor:
        places = ", ".join(["%s"] * 7)
        cursor.executemany(f"INSERT INTO seats_seatblock ({columns}) VALUES ({places})", rows)  # noqa: S608


def task_of(
    *,
    operator: User,
    enterprises: Sequence[Enterprise],
    floors: Sequence[tuple[int, int]],
    seconds: float,
    url: str = "",
) -> Task:
    """A task for as many processes as there are enterprises; with tokens where it is by HTTP."""
    now = timezone.now()
    return Task(
        processes=len(enterprises),
        seconds=seconds,
        floors=list(floors),
        operator=operator.pk,
        enterprises=[(one.pk, one.short_name) for one in enterprises],
        url=url,
        tokens=[make_api_token(user=operator, name="crowd", now=now) for _ in enterprises]
        if url
        else [],
    )


def run(task: Task) -> Crowd:
    """Start the processes, and wait until they have told what they saw."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.allocators"],
        input=json.dumps(task).encode(),
        stdout=subprocess.PIPE,
        env=_surroundings(),
        cwd=settings.BASE_DIR,
        check=True,
    )
    return Crowd(json.loads(done.stdout))


def check(crowd: Crowd, blocks: Iterable[PlainBlock]) -> None:
    """Raise `Wrong` unless every seat was given once, to whom it was said to be given.

    And whoever was refused must have been told of those who had the seats at that moment.
    `blocks`: all that came of it, read by hand.
    """
    blocks = list(blocks)
    if pair := first_that_meet(blocks):
        raise Wrong(f"two blocks share a seat on a day: {pair}")
    if other := [answer for one in crowd.told for answer in one["other"]]:
        raise Wrong(f"answers that should not be: {sorted(set(other))}")
    if losers := [number for number, one in enumerate(crowd.told) if not one["won"]]:
        raise Wrong(f"processes that never won: {losers}")
    if any(len(one["waits"]) != len(one["won"]) + len(one["refused"]) for one in crowd.told):
        raise Wrong("an answer is neither a success nor a refusal that names the rival")
    if strangers := list(wrongly_named(crowd.told)):
        raise Wrong(f"named, though it had no such seats then: {strangers[:3]}")
    promised = {
        (int(allocation), *_half_open(*block))
        for one in crowd.told
        for allocation, given in one["won"].items()
        if allocation not in one["given_back"]
        for block in given["blocks"]
    }
    there = {(one.allocation, one.lower, one.upper, one.start, one.end) for one in blocks}
    if there != promised:
        raise Wrong(f"lost: {sorted(promised - there)[:3]}; nobody's: {(there - promised)}")


def _half_open(first: int, last: int, start: str, end: str) -> tuple[int, int, date, date]:
    day_after = date.fromisoformat(end) + timedelta(days=1)
    return first, last + 1, date.fromisoformat(start), day_after


@contextmanager
def web_server() -> Iterator[str]:
    """The web server as it runs, on the database in use. Gives its host and port."""
    port = _free_port()
    options = ["--interface", "wsgi", "--host", LOOPBACK, "--port", str(port), "--no-ws"]
    options += ["--workers", "1", "--blocking-threads", "4", "--log-level", "warning"]
    server = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "granian", *options, "config.wsgi:application"],
        env=_surroundings(),
        cwd=settings.BASE_DIR,
        start_new_session=True,
        stderr=subprocess.DEVNULL,  # a line for each request
    )
    try:
        _wait_for(port)
        yield f"{LOOPBACK}:{port}"
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait(20)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        port: int = free.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    for _attempt in range(600):
        web = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
        with closing(web), suppress(OSError):
            web.request("GET", "/healthz")
            if web.getresponse().status == http.HTTPStatus.OK:
                return
        time.sleep(0.1)
    raise Wrong("the web server does not answer")


def _surroundings() -> dict[str, str]:
    """The environment of a program that works on the same database."""
    database: dict[str, Any] = connection.settings_dict
    who = f"{quote(database['USER'])}:{quote(database['PASSWORD'])}"
    where = f"{database['HOST']}:{database['PORT']}/{quote(database['NAME'])}"
    return {
        **os.environ,
        "DATABASE_URL": f"postgres://{who}@{where}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "XIYUAN_SECRET_KEY": settings.SECRET_KEY,
        "XIYUAN_PLAIN_HTTP": "1",
    }
