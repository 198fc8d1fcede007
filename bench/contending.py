"""Sixteen at once: each takes the lock, plans on what is free then, and takes seats."""

from __future__ import annotations

import random
import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from threading import Barrier, Thread

from django.db import connection

from bench.desk import Desk, PlainBlock
from bench.park import Park
from bench.timing import Figure, Wrong
from park.axis import Span
from seats.free_runs import free_runs
from seats.models import Allocation, AllocationKind
from seats.rectangles import Rectangle
from seats.services.allocations import place
from seats.services.planning import planning_seats

MANY = 16
FEWEST_SEATS, MOST_SEATS = 5, 30


def measure(desk: Desk) -> Iterator[Figure]:
    """How many allocations a second, how long each waits, and whether all get their turn."""
    known = desk.last_allocation()
    deadlocks = _deadlocks(desk)
    alone: list[_Race] = []
    together: list[_Race] = []
    for number in range(desk.rounds.races):
        for threads, races in ((1, alone), (MANY, together)):
            race = _Race(desk.park, threads, desk.rounds.seconds_of_race, seed=number)
            race.run()
            races.append(race)
            if pair := first_that_meet(desk.blocks()):
                raise Wrong(f"two blocks share a seat on a day: {pair}")
            desk.undo_allocations_after(known)
    if deadlocks != _deadlocks(desk):
        raise Wrong("there was a deadlock")
    yield Figure(
        area=f"lock, plan, insert: {MANY} threads against one",
        product=statistics.median(race.rate for race in together),
        floor=statistics.median(race.rate for race in alone),
        unit="/s",
        bar=0.8,
        at_least=True,
    )
    waits = sorted(wait for race in together for own in race.waits for wait in own)
    yield Figure(
        area="... the slowest of a hundred against the middle",
        product=waits[len(waits) * 99 // 100],
        floor=waits[len(waits) // 2],
        bar=5,
    )
    yield Figure(
        area="... fairness (Jain: 1 is every thread the same)",
        product=jain([sum(len(race.waits[n]) for race in together) for n in range(MANY)]),
        floor=1,
        unit="",
        bar=0.95,
        at_least=True,
    )


class _Race:
    """Threads that allocate until the time is over."""

    def __init__(self, park: Park, threads: int, seconds: float, seed: int) -> None:
        self.park = park
        self.seconds = seconds
        self.seed = seed
        self.waits: list[list[float]] = [[] for _ in range(threads)]  # ms of each allocation
        self.errors: list[Exception] = []
        self.start = Barrier(threads)
        self.began = self.ended = 0.0

    @property
    def rate(self) -> float:
        """Allocations a second, until the last was done."""
        return sum(map(len, self.waits)) / (self.ended - self.began)

    def run(self) -> None:
        threads = [Thread(target=self._work, args=[number]) for number in range(len(self.waits))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.ended = time.perf_counter()
        if self.errors:
            raise Wrong(f"an allocation failed: {self.errors[0]!r}") from self.errors[0]

    def _work(self, number: int) -> None:
        sizes = random.Random(self.seed * MANY + number)  # noqa: S311 - nothing here is secret
        try:
            connection.ensure_connection()
            self.start.wait()
            self.began = time.perf_counter()
            end = self.began + self.seconds
            while (began := time.perf_counter()) < end:
                allocate_best_fit(self.park, sizes.randint(FEWEST_SEATS, MOST_SEATS))
                self.waits[number].append((time.perf_counter() - began) * 1000)
        except Exception as error:  # told by the thread that waits for this one
            self.errors.append(error)
        finally:
            connection.close()


def allocate_best_fit(park: Park, seats: int) -> None:
    """Under the lock: the shortest free run of the whole park that is long enough."""
    with planning_seats(park.operator, now=park.now):
        runs = free_runs(park.today, None, min_seats=seats)
        first = min(runs, key=lambda run: run.seats.length).seats.lower
        allocation = Allocation(
            enterprise=park.enterprises[seats],
            kind=AllocationKind.FIRM,
            created_by=park.operator,
            created_at=park.now,
        )
        place(allocation, [Rectangle(Span(first, first + seats), park.today)], today=park.today)


def first_that_meet(blocks: Iterable[PlainBlock]) -> tuple[PlainBlock, PlainBlock] | None:
    """Two blocks that share a seat on a day, found without the product; None if no two do."""
    by_floor: dict[int, list[PlainBlock]] = defaultdict(list)
    for block in sorted(blocks, key=lambda block: block.lower):
        so_far = [other for other in by_floor[block.floor] if other.upper > block.lower]
        for other in so_far:
            if other.start < block.end and block.start < other.end:
                return other, block
        by_floor[block.floor] = [*so_far, block]
    return None


def jain(counts: list[int]) -> float:
    """(Σx)² ÷ n·Σx²: 1 where all are the same, 1/n where one has everything."""
    return sum(counts) ** 2 / (len(counts) * sum(count**2 for count in counts))


def _deadlocks(desk: Desk) -> int:
    (count,) = desk.plain.execute(
        "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    ).fetchall()[0]
    return count
