"""Loads the sample park: five years of decisions in their order, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from foundation.services.jobs import enqueue
from park.models import Park
from sample import files, place
from sample.cases import Cases
from sample.desk import add_requests
from sample.enterprises import add_enterprises, businesses
from sample.filing import Returns
from sample.lines import add_lines
from sample.people import add_members, add_people
from sample.quotes import add_figures
from sample.reporting import REPORTS_JOB, reports_to_issue
from sample.seating import Decision, Seating
from sample.targets import add_targets
from seats.models import Allocation
from tenants.models import Enterprise


class Event(NamedTuple):
    """Something that happens on a day; on the same day, in the order of `rank`."""

    day: date
    rank: int
    happen: Callable[[], object]


@transaction.atomic
def load_sample(*, password: str, now: datetime) -> bool:
    """Load the sample into a system without a park; return whether there was anything to do.

    All of it is there afterwards, or nothing. Its reports are made by a worker.
    """
    if Park.objects.exists():
        return False
    today = timezone.localdate(now)
    people = add_people(password)
    operator = people["operator"]
    add_figures(operator)
    enterprises = add_enterprises(operator)
    signers = add_members(people, enterprises, operator)
    for event in sorted(_events(enterprises, today, operator), key=lambda event: event[:2]):
        if event.day <= today:
            event.happen()
    add_lines(enterprises, today, operator)
    add_targets(operator)
    add_requests(people, enterprises, signers, now, today)
    Cases(people, enterprises, signers, now, today).add()
    returns = Returns(enterprises, businesses(), signers, now, today, operator)
    returns.file()
    returns.close_months()
    enqueue(
        kind=REPORTS_JOB,
        key="sample",
        arguments={"reports": reports_to_issue(today)},
        owner=operator,
    )
    return True


def _events(enterprises: dict[str, Enterprise], today: date, operator: User) -> Iterator[Event]:
    yield from _events_of_the_place(today, operator)
    seating = Seating(enterprises, today, operator)
    for decision in files.read("seats.yaml"):
        decided = seating.day(decision["decided"])
        if "take" in decision:
            yield from _taking(seating, decision, decided)
        elif "leave" in decision:
            yield Event(decided, 3, partial(seating.leave, decision))
        elif "lend" in decision:
            yield Event(decided, 4, partial(seating.lend, decision))
        else:
            yield Event(decided, 3, partial(seating.close, decision))


def _events_of_the_place(today: date, operator: User) -> Iterator[Event]:
    described = place.read_place(today)
    for stage in place.STAGES:
        yield Event(stage, 0, partial(place.open_stage, described, stage, operator))
    floors: dict[date, list[str]] = {}
    for day, label in place.deliveries(described):
        floors.setdefault(day, []).append(label)
    for day, labels in floors.items():
        yield Event(day, 1, partial(place.hand_over, labels, day, operator))


def _taking(seating: Seating, decision: Decision, decided: date) -> Iterator[Event]:
    """The decision itself, and where it was a hold, its confirmation."""
    taken: list[Allocation] = []

    def take() -> None:
        taken.append(seating.take(decision))

    def confirm() -> None:
        seating.confirm(decision, taken[0])

    yield Event(decided, 2, take)
    if "confirmed" in decision:
        yield Event(seating.day(decision["confirmed"]), 4, confirm)
