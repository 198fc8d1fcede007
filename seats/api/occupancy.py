"""Answers rather than lists: how the seats are taken, and which runs are free."""

from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from foundation import clock
from foundation.months import last_day, next_month
from park.axis import LAST_DAY
from seats.free_runs import free_runs
from seats.occupancy import occupancy_during, occupancy_on
from seats.rectangles import ONE_DAY
from seats.seat_days import seat_days_by_enterprise
from seats.serializers import occupancy, seat_days
from tenants.models import Enterprise
from web.api import ApiView
from web.refusals import Invalid


class OccupancyView(ApiView):
    """Seats of a day, or seat-days of a month, by what they are.

    A floor that is not handed over has seats only on days to come: it exists in the plan.
    """

    permissions = {"GET": "seats.view_occupancy"}
    filters = occupancy.OccupancyQuery
    shape = occupancy.OCCUPANCY_SHAPE

    def get(self, request: Request) -> Response:
        wanted, today = self.query(), clock.today()
        by = wanted["by"]
        if month := wanted.get("month"):
            seat_days = occupancy_during(month, next_month(month), today=today, by=by)
            at_the_end = occupancy_on(last_day(month), today=today, by=by)
            return Response(occupancy.month_answer(month, by, seat_days, at_the_end))
        day = wanted.get("on", today)
        return Response(occupancy.day_answer(day, by, *occupancy_on(day, today=today, by=by)))


class SeatDaysView(ApiView):
    """Seat-days of every enterprise in each month of a range: ten years in one answer."""

    permissions = {"GET": "seats.view_occupancy"}
    filters = seat_days.SeatDaysQuery
    shape = seat_days.SeatDaysShape

    def get(self, request: Request) -> Response:
        wanted = self.query()
        first, last = wanted["first"], wanted["last"]
        rows = seat_days_by_enterprise(
            first, last, today=clock.today(), enterprise_id=wanted.get("enterprise")
        )
        firms = Enterprise.objects.visible_to(self.user).order_by("pinyin", "pk")
        names = firms.values_list("pk", "short_name")
        return Response(seat_days.answer(first, last, rows, list(names)))


class FreeRunsView(ApiView):
    """The runs of seats that nothing covers on any day of a period, longest first."""

    permissions = {"GET": "seats.view_occupancy"}
    filters = occupancy.FreeRunsQuery
    shape = occupancy.FreeRunsShape

    def get(self, request: Request) -> Response:
        wanted = self.query()
        start, last = wanted.get("start", clock.today()), wanted.get("end")
        if last is not None and last < start:
            raise Invalid({"end": _("The last day must not come before the first.")})
        end = None if last is None or last >= LAST_DAY else last + ONE_DAY
        runs = free_runs(
            start,
            end,
            min_seats=wanted["min_seats"],
            zones=wanted.get("zone"),
            delivered=wanted.get("delivered"),
        )
        return Response(occupancy.free_runs_answer(start, end, runs))
