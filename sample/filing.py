"""The sample's returns: who filed which month when, and what a month that is still open lacks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from accounts.models import User
from foundation.months import last_day, month_of, months_between, next_month
from park.month_days import MonthCalendar
from park.services import close_month
from returns.models import MonthlyReturn
from returns.services import FiledElsewhere, send_back_return, take_over_returns
from sample.chance import chance
from sample.days import at
from sample.monthly import NOVEMBER_2021, Months, Said, Stay
from sample.rates import set_sample_rates
from seats.models import BlockKind, SeatBlock
from tenants.models import Contact, Enterprise, Tenancy

ONE_DAY = timedelta(days=1)


class Filing(NamedTuple):
    """The instants at which a return came in and was accepted; None: not yet."""

    submitted_at: datetime | None
    accepted_at: datetime | None


class Returns:
    """Files everybody's returns and closes the months that are over."""

    def __init__(
        self,
        enterprises: dict[str, Enterprise],
        businesses: dict[str, str],
        signers: dict[str, User],
        now: datetime,
        today: date,
        acting_user: User,
    ) -> None:
        self.enterprises = enterprises
        self.businesses = businesses
        self.signers = signers
        self.now = now
        self.today = today
        self.acting_user = acting_user
        self.months = Months()
        self.days = MonthCalendar.load()

    def file(self) -> int:
        """File all that has come in by now; return how many."""
        set_sample_rates(self.months.first_month, self.today, self.acting_user)
        contacts = dict(Contact.objects.values_list("enterprise", "name"))
        filed = [
            one
            for stay in self._stays()
            for one in self._filed_by(stay, contacts[self.enterprises[stay.key].pk])
        ]
        count = take_over_returns(filed=filed, today=self.today, acting_user=self.acting_user)
        self._ask()
        return count

    def close_months(self) -> int:
        """Close every month whose closing day is over; return how many."""
        months = [month for month in self._months_over() if self.is_closed(month)]
        for month in months:
            close_month(
                month=month,
                now=at(self.days.of(month).closes_on, 23, 59),
                today=self.today,
                acting_user=None,
            )
        return len(months)

    def is_closed(self, month: date) -> bool:
        """Whether the month's closing day is over."""
        return self.today > self.days.of(month).closes_on

    def _months_over(self) -> Iterator[date]:
        return (
            month
            for month in months_between(self.months.first_month, self.today)
            if next_month(month) <= self.today
        )

    def _stays(self) -> Iterator[Stay]:
        """Every tenancy with the seats held at the end of each month that is over."""
        months = list(self._months_over())
        blocks: dict[int, list[Any]] = {}
        for enterprise, seats, period in SeatBlock.objects.filter(kind=BlockKind.FIRM).values_list(
            "enterprise", "seats", "period"
        ):
            blocks.setdefault(enterprise, []).append((seats.upper - seats.lower, period))
        keys = {enterprise.pk: key for key, enterprise in self.enterprises.items()}
        for tenancy in Tenancy.objects.order_by("enterprise"):
            first, end = tenancy.period.lower, tenancy.period.upper
            here = [
                month
                for month in months
                if first <= last_day(month) and (end is None or month < end)
            ]
            held = blocks.get(tenancy.enterprise_id, [])
            key = keys[tenancy.enterprise_id]
            yield Stay(
                key=key,
                business=self.businesses[key],
                seats={month: _held_on(held, last_day(month)) for month in here},
                first_day=first,
                left_in=month_of(end - timedelta(days=1)) if end else None,
            )

    def _filed_by(self, stay: Stay, contact: str) -> Iterator[FiledElsewhere]:
        enterprise = self.enterprises[stay.key]
        signer = self.signers.get(stay.key)
        for month, said in self.months.of(stay, lambda month: not self.is_closed(month)):
            filing = self.filing(stay.key, month)
            if filing.submitted_at is None:
                continue
            source, sample_fields = self._provenance(stay.key, month, said)
            yield FiledElsewhere(
                enterprise=enterprise,
                month=month,
                figures=said.figures,
                classes=said.classes,
                markets=said.markets,
                notes=said.notes,
                signer=signer.name if signer else contact,
                submitted_by=signer or self.acting_user,
                submitted_at=filing.submitted_at,
                accepted_at=filing.accepted_at,
                source=source,
                sample_fields=sample_fields,
            )

    def filing(self, key: str, month: date) -> Filing:
        """When the return of a month came in: most in time, a few late; at last before closing."""
        luck = chance("filed", key, month)
        days = self.days.of(month)
        late = luck.random() < 0.03 and (days.closes_on - days.due_on).days > 1
        first, last = (
            (days.due_on + ONE_DAY, days.closes_on - ONE_DAY)
            if late
            else (days.opens_on, min(days.due_on, days.closes_on - ONE_DAY))
        )
        day = first + timedelta(days=luck.randint(0, (last - first).days))
        submitted_at = at(day, luck.randint(9, 16))
        submitted_at += timedelta(minutes=luck.randint(0, 59))
        accepted_at = submitted_at + timedelta(hours=luck.choice([2, 5, 23]))
        if self.is_closed(month):
            return Filing(submitted_at, accepted_at)
        missing = key in self.months.data["missing_while_open"] or submitted_at > self.now
        if missing:
            return Filing(None, None)
        asked = key in self.months.data["asked_while_open"] or accepted_at > self.now
        return Filing(submitted_at, None if asked else accepted_at)

    def _provenance(self, key: str, month: date, said: Said) -> tuple[str, tuple[str, ...]]:
        """November 2021 is a breakdown that fits what was stated; 迈睿's people are stated."""
        if month != NOVEMBER_2021 or key not in self.months.november:
            return "", ("*",)
        growth = self.months.data["growth"].get(key)
        if growth is None:
            return self.months.data["november_2021"]["source"], ("*",)
        stated = {"headcount"}
        fields = tuple(name for name in said.figures if name not in stated)
        return growth["source"], (*fields, "classes", "notes")

    def _ask(self) -> None:
        """Send back what the park asks about in a month that is still open."""
        for key, question in self.months.data["asked_while_open"].items():
            for row in MonthlyReturn.objects.filter(
                enterprise=self.enterprises[key], state="submitted"
            ):
                send_back_return(
                    return_id=row.pk,
                    question=question,
                    now=min(self.now, row.since + timedelta(hours=3)),
                    acting_user=self.acting_user,
                )


def _held_on(blocks: list[Any], day: date) -> int:
    """The seats of those blocks that hold on `day`."""
    return sum(
        seats
        for seats, period in blocks
        if period.lower <= day and (period.upper is None or period.upper > day)
    )
