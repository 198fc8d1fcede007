"""Programs that want the same seats at the same time: processes forked from this one.

Run as `python -m bench.allocators`: a `Task` on its standard input, a list of `Told` on its
standard output, both JSON. Each process opens a connection of its own, waits for the others, then
asks without looking first: runs and days by chance, most of them taken. What it got it gives back
a little later, so that there is always something to win. Whether the answers are right, others say
(bench/crowd.py).
"""

from __future__ import annotations

import json
import multiprocessing
import random
import sys
import time
from collections import deque
from collections.abc import Sequence
from datetime import date, timedelta
from http.client import HTTPConnection
from typing import Any, NamedTuple, Protocol, TypedDict

from django.db import connection
from django.utils import timezone

from accounts.models import User
from seats.models import AllocationKind
from seats.rectangles import Rectangle
from seats.services.allocations import allocate_seats, release_seats
from seats.services.refusals import SeatsTaken
from tenants.models import Enterprise
from web.refusals import Refusal

MOST_KEPT = 3  # allocations that a process has at once
FEWEST_TRIES = 40  # of each process: on a busy machine it may take longer than the seconds
MOST_RUNS, LONGEST_RUN = 3, 30
DAYS_AHEAD, MOST_DAYS = 60, 30


class Block(NamedTuple):
    """A run and its days, as people say them: first and last, both included."""

    first_seat: int
    last_seat: int
    start: str
    end: str


class Rival(NamedTuple):
    """Who a refusal says is in the way: the seats of theirs that were asked for, and their days."""

    holder: str
    block: Block


class Won(TypedDict):
    """What an allocation gave, and when it was asked for."""

    blocks: list[Block]
    asked_at: float


class Refused(TypedDict):
    """What a refusal named, and from when to when there was a try to get these blocks."""

    blocks: list[Block]
    rivals: list[Rival]
    asked_at: float
    answered_at: float


class Task(TypedDict):
    """What is to be done: by HTTP where there is a `url`, else by the service."""

    processes: int
    seconds: float
    floors: list[tuple[int, int]]  # first seat, seats
    operator: int
    enterprises: list[tuple[int, str]]  # number and short name, one for each process
    url: str  # host and port
    tokens: list[str]  # one for each process


class Told(TypedDict):
    """What one process saw. Moments are seconds of the clock that all processes share."""

    name: str  # of its enterprise
    won: dict[str, Won]  # by the number of the allocation
    given_back: dict[str, float]  # when, by the number of the allocation
    refused: list[Refused]  # each with a rival's name for every conflict
    other: list[str]  # every other answer
    waits: list[float]  # ms of each try
    seconds: float


class Answer(NamedTuple):
    """What became of a try: an allocation, a refusal that names the rivals, or something else."""

    allocation: str = ""
    rivals: Sequence[Rival] = ()
    other: str = ""


class Counter(Protocol):
    """Where seats are asked for."""

    def allocate(self, blocks: Sequence[Block]) -> Answer: ...

    def release(self, allocation: str, day: str) -> Answer: ...


class Services:
    """The services, in this process."""

    def __init__(self, task: Task, number: int) -> None:
        self.operator = User.objects.get(pk=task["operator"])
        self.enterprise = Enterprise.objects.get(pk=task["enterprises"][number][0])

    def allocate(self, blocks: Sequence[Block]) -> Answer:
        now = timezone.now()
        try:
            allocation = allocate_seats(
                enterprise=self.enterprise,
                kind=AllocationKind.FIRM,
                rectangles=[
                    Rectangle.of_days(
                        block.first_seat,
                        block.last_seat,
                        date.fromisoformat(block.start),
                        date.fromisoformat(block.end),
                    )
                    for block in blocks
                ],
                today=timezone.localdate(now),
                now=now,
                acting_user=self.operator,
            )
        except SeatsTaken as refusal:
            return _refused(refusal.extra["conflicts"])
        except Refusal as refusal:
            return Answer(other=refusal.code)
        return Answer(str(allocation.pk))

    def release(self, allocation: str, day: str) -> Answer:
        now = timezone.now()
        try:
            release_seats(
                allocation_id=int(allocation),
                start=date.fromisoformat(day),
                today=timezone.localdate(now),
                now=now,
                acting_user=self.operator,
            )
        except Refusal as refusal:
            return Answer(other=refusal.code)
        return Answer(allocation)


class Http:
    """The API, on a connection of its own."""

    def __init__(self, task: Task, number: int) -> None:
        self.connection = HTTPConnection(task["url"], timeout=60)
        self.headers = {
            "Authorization": f"Bearer {task['tokens'][number]}",
            "Content-Type": "application/json",
        }
        self.enterprise, _name = task["enterprises"][number]

    def allocate(self, blocks: Sequence[Block]) -> Answer:
        body = {
            "enterprise": self.enterprise,
            "kind": "firm",
            "blocks": [block._asdict() for block in blocks],
        }
        status, answer = self._post("allocations/", body)
        if status == 201:
            return Answer(str(answer["id"]))
        if status == 409 and answer["code"] == "seats_taken":
            return _refused(answer["conflicts"])
        return Answer(other=f"{status} {answer.get('code')}")

    def release(self, allocation: str, day: str) -> Answer:
        status, answer = self._post(f"allocations/{allocation}/release/", {"start": day})
        return (
            Answer(allocation) if status == 200 else Answer(other=f"{status} {answer.get('code')}")
        )

    def _post(self, address: str, body: Any) -> tuple[int, Any]:
        self.connection.request("POST", f"/api/v1/{address}", json.dumps(body), self.headers)
        response = self.connection.getresponse()
        return response.status, json.loads(response.read())


def _refused(conflicts: Sequence[dict[str, Any]]) -> Answer:
    """A refusal; it must say who has the seats."""
    if not conflicts or not all(conflict["held_by"] for conflict in conflicts):
        return Answer(other="a refusal without a name")
    return Answer(
        rivals=[
            Rival(conflict["held_by"], Block(*(conflict[part] for part in Block._fields)))
            for conflict in conflicts
        ]
    )


def work(task: Task, number: int, barrier: Any, ready: Any, told: Any) -> None:
    """Ask, and give back, until the time is over and every process had its tries (`ready`)."""
    counter: Counter = Http(task, number) if task["url"] else Services(task, number)
    chance = random.Random(number)  # noqa: S311 - nothing here is secret
    _number, name = task["enterprises"][number]
    seen = Told(name=name, won={}, given_back={}, refused=[], other=[], waits=[], seconds=0.0)
    kept: deque[str] = deque()
    barrier.wait()
    start = time.perf_counter()
    end = start + task["seconds"]
    while time.perf_counter() < end or ready.value < task["processes"]:
        if allocation := ask(counter, wish(chance, task["floors"]), seen):
            kept.append(allocation)
        if len(seen["waits"]) == FEWEST_TRIES:
            with ready.get_lock():
                ready.value += 1
        if len(kept) > MOST_KEPT:
            give_back(counter, kept.popleft(), seen)
    seen["seconds"] = time.perf_counter() - start
    told.put(seen)


def ask(counter: Counter, blocks: list[Block], seen: Told) -> str:
    """One try, and what came of it. Gives the number of the allocation, if there is one."""
    asked_at = time.perf_counter()
    answer = counter.allocate(blocks)
    answered_at = time.perf_counter()
    seen["waits"].append((answered_at - asked_at) * 1000)
    if answer.other:
        seen["other"].append(answer.other)
    elif answer.allocation:
        seen["won"][answer.allocation] = Won(blocks=blocks, asked_at=asked_at)
    else:
        rivals = list(answer.rivals)
        seen["refused"].append(
            Refused(blocks=blocks, rivals=rivals, asked_at=asked_at, answered_at=answered_at)
        )
    return answer.allocation


def give_back(counter: Counter, allocation: str, seen: Told) -> None:
    """Release all that an allocation gave."""
    first_day = min(block.start for block in seen["won"][allocation]["blocks"])
    answer = counter.release(allocation, first_day)
    if answer.other:
        seen["other"].append(answer.other)
    else:
        seen["given_back"][allocation] = time.perf_counter()


def wish(chance: random.Random, floors: Sequence[tuple[int, int]]) -> list[Block]:
    """One to three runs on different floors, for some days not far ahead."""
    start = timezone.localdate() + timedelta(days=chance.randrange(DAYS_AHEAD))
    last = start + timedelta(days=chance.randrange(MOST_DAYS))
    blocks = []
    for first_seat, seats in chance.sample(list(floors), chance.randint(1, MOST_RUNS)):
        length = chance.randint(1, min(LONGEST_RUN, seats))
        first = first_seat + chance.randint(0, seats - length)
        blocks.append(Block(first, first + length - 1, start.isoformat(), last.isoformat()))
    return blocks


def main() -> None:
    """Fork before anything connects: a connection belongs to one process."""
    task: Task = json.load(sys.stdin)
    connection.close()
    fork = multiprocessing.get_context("fork")
    shared = fork.Barrier(task["processes"]), fork.Value("i", 0), fork.SimpleQueue()
    workers = [
        fork.Process(target=work, args=(task, number, *shared))
        for number in range(task["processes"])
    ]
    for worker in workers:
        worker.start()
    json.dump([shared[-1].get() for _worker in workers], sys.stdout)
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main()
