"""What a park on squared paper knows of itself while the days go by.

Its cells are on the paper; here are the allocations they belong to, the requests that are answered
by them, the months that are closed, and what follows from them: which holds have expired, whose
days are given up, what stays.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.seats.squared_paper import PaperFloor, SquaredPaper

SHANGHAI = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)
HOLD_DAYS, PRESELECTION_DAYS, WAITING_OFFER_DAYS = 15, 30, 5

Cells = list[tuple[int, date]]


@dataclass
class PaperAllocation:
    """What the paper knows of an allocation beside its cells."""

    kind: str
    expires_at: datetime | None = None
    has_ended: bool = False


@dataclass
class PaperRequest:
    """A request: what it wants, where it is, which hold stands behind it, what it gives back."""

    enterprise: int
    kind: str
    seats: int
    start: date
    last: date | None
    contiguous: bool
    state: str = "submitted"
    offer: int | None = None
    gives_back: list[tuple[range, date]] = field(default_factory=list)


class ParkOnPaper:
    def __init__(self) -> None:
        super().__init__()
        self.today = date(2024, 2, 10)
        self.paper = SquaredPaper(date(2023, 12, 1), date(2024, 7, 31))
        self.allocations: dict[int, PaperAllocation] = {}
        self.requests: dict[int, PaperRequest] = {}
        self.closed: dict[date, dict] = {}

    @property
    def now(self) -> datetime:
        return datetime.combine(self.today, time(10), SHANGHAI)

    def day(self, number: int) -> date:
        return self.today + timedelta(days=number)

    def end_of_day(self, number: int) -> datetime:
        """The midnight after the day `number` days from today."""
        return datetime.combine(self.day(number + 1), time.min, SHANGHAI)

    def floor(self, number: int) -> PaperFloor:
        return list(self.paper.floors.values())[number % len(self.paper.floors)]

    def allocation(self, number: int) -> int:
        return list(self.allocations)[number % len(self.allocations)]

    def cells_of(self, allocation: int) -> Cells:
        return [key for key, cell in self.paper.cells.items() if cell.allocation == allocation]

    def cells_of_enterprise(self, enterprise: int) -> Cells:
        return [key for key, cell in self.paper.cells.items() if cell.enterprise == enterprise]

    def first_open_day(self, day: date) -> date:
        return max([day, *(next_month(month) for month in self.closed)])

    def meets_closed_month(self, start: date, end: date | None) -> bool:
        """Whether [start, end) shares a day with a closed month."""
        return any(
            start < next_month(month) and (end is None or month < end) for month in self.closed
        )

    def delivered_on(self, floor: PaperFloor) -> date:
        return min(opens for opens in floor.opens if opens is not None)

    def floors_are_there(self, allocation: int) -> bool:
        """Whether every floor that the allocation has seats on is handed over."""
        floors = {seat // 4096 for seat, _day in self.cells_of(allocation)}
        return all(self.paper.floors[floor].is_delivered for floor in floors)

    def held_on(self, floor: PaperFloor) -> set[int]:
        return {
            cell.allocation
            for (seat, _), cell in self.paper.cells.items()
            if seat in floor.seats and cell.kind == "hold"
        }

    def request_offering(self, allocation: int) -> PaperRequest | None:
        """The request that offers this hold, or whose enterprise has accepted it."""
        if self.allocations[allocation].kind != "hold":
            return None
        return next(
            (
                request
                for request in self.requests.values()
                if request.offer == allocation and request.state in {"offered", "accepted"}
            ),
            None,
        )

    def let_holds_expire(self) -> None:
        for pk, allocation in self.allocations.items():
            expires_at = allocation.expires_at
            is_running = allocation.kind == "hold" and not allocation.has_ended
            if is_running and expires_at is not None and expires_at <= self.now:
                request = self.request_offering(pk)
                self.end_hold(pk, expires_at.astimezone(SHANGHAI).date())
                if request is not None:
                    request.state, request.offer = "expired", None

    def end_hold(self, pk: int, day: date) -> None:
        """Its seats are free from `day`, or where that is closed from the next open day."""
        first_free = self.first_open_day(day)
        self.free(pk, [key for key in self.cells_of(pk) if key[1] >= first_free])
        self.allocations[pk].has_ended = True

    def free(self, allocation: int, cells: Cells) -> None:
        for seat, day in cells:
            self.paper.clear(allocation, [seat], [day])

    def make_firm(self, pk: int) -> None:
        """On all days whose month is not closed."""
        for key in self.cells_of(pk):
            if key[1] >= self.first_open_day(date.min):
                self.paper.cells[key] = self.paper.cells[key]._replace(kind="firm")
        self.allocations[pk].kind, self.allocations[pk].expires_at = "firm", None

    def move_opening(self, floor: PaperFloor, day: date | None) -> set[int]:
        """Whose days on this floor before `day` are given up."""
        lost = [
            (seat, lost_day)
            for seat, lost_day in self.paper.cells
            if seat in floor.seats and (day is None or lost_day < day)
        ]
        broken = {self.paper.cells.pop(key).allocation for key in lost}
        floor.opens = [day] * len(floor.opens)
        return broken


def next_month(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)
