"""The sample's fit-outs and handover lists, taken as far as they are through the services."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from foundation.uploads import Upload
from park.axis import Span
from sample import files
from sample.days import at, day_of
from sample.people import People
from seats.handover_lines import NewLine
from seats.models import Allocation, Direction, FitOut, FitOutStage, Item
from seats.services.fit_out_steps import take_step
from seats.services.fit_outs import add_file, open_fit_out
from seats.services.handover_lists import candidates
from seats.services.handovers import prepare_handover, sign_handover
from tenants.models import Enterprise

NOON = 11  # what happened on a day that is over; today's came an hour before


class Cases:
    """Takes the cases of sample/data/cases.yaml."""

    def __init__(
        self,
        people: People,
        enterprises: dict[str, Enterprise],
        signers: dict[str, User],
        now: datetime,
        today: date,
    ) -> None:
        self.enterprises, self.now, self.today = enterprises, now, today
        self.people = {**people, **signers}

    def add(self) -> None:
        """Open and prepare all of them."""
        told = files.read("cases.yaml")
        for row in told["fit_outs"]:
            self._fit_out(row)
        for row in told["handovers"]:
            self._handover(row)

    def _at(self, day: date) -> datetime:
        return min(at(day, NOON), self.now - timedelta(hours=1))

    def _day(self, written: date | str) -> date:
        return day_of(written, self.today)

    def _fit_out(self, row: Mapping[str, Any]) -> None:
        opened = self._day(row["opened"])
        case = open_fit_out(
            enterprise=self.enterprises[row["who"]],
            allocation=self._allocation(row),
            description=row["description"],
            planned={FitOutStage(name): self._day(day) for name, day in row["planned"].items()},
            sample_fields=["*"],
            today=opened,
            now=self._at(opened),
            acting_user=self.people[row["by"]],
        )
        for day, name in row["files"]:
            self._file(case, self._day(day), name, self.people[row["by"]])
        for step, who, day, *said in row["steps"]:
            self._step(case, step, self.people[who], self._day(day), *said)

    def _file(self, case: FitOut, day: date, name: str, who: User) -> None:
        upload = Upload(name, "application/pdf", one_page())
        add_file(fit_out_id=case.pk, upload=upload, now=self._at(day), acting_user=who)

    def _step(
        self, case: FitOut, step: str, who: User, day: date, said: Mapping[str, Any] | None = None
    ) -> None:
        told = dict(said or {})
        if "amount" in told:
            told["amount"] = Decimal(told["amount"])
        take_step(
            fit_out_id=case.pk,
            step=step,
            today=day,
            now=self._at(day),
            acting_user=who,
            **told,
        )

    def _handover(self, row: Mapping[str, Any]) -> None:
        on, allocation = self._day(row["day"]), self._allocation(row)
        park, *_others = row["sign"]
        [span] = candidates(allocation, Direction.MOVE_IN, on)
        handover = prepare_handover(
            allocation_id=allocation.pk,
            direction=Direction.MOVE_IN,
            on=on,
            note=row["note"],
            lines=[_line(span, name, counts) for name, counts in row["lines"].items()],
            sample_fields=["*"],
            now=self._at(on),
            acting_user=self.people[park],
        )
        for who in row["sign"]:
            handover = sign_handover(
                handover_id=handover.pk,
                signer=self.people[who].name,
                expected_version=handover.version,
                now=self._at(on),
                acting_user=self.people[who],
            )

    def _allocation(self, row: Mapping[str, Any]) -> Allocation:
        of = Allocation.objects.filter(enterprise=self.enterprises[row["who"]])
        return of.filter(blocks__floor__label=row["floor"]).latest("pk")


def _line(span: Span, name: str, counts: list[int]) -> NewLine:
    """A line: how many, of them worn, damaged. A name of its own is another thing."""
    count, worn, damaged = [*counts, 0, 0][:3]
    item, own_name = (Item(name), "") if name in Item.values else (Item.OTHER, name)
    return NewLine(span, item, count, own_name, worn, damaged)


def one_page() -> bytes:
    """A PDF of one empty page: the sample has no real plans."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(body))
        body += b"%d 0 obj%bendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 4\n0000000000 65535 f \n"
    return (
        body + head + table + b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    )
