"""Planning: what is asked is a need, what is answered are plans. Nothing is written."""

from rest_framework.request import Request
from rest_framework.response import Response

from foundation import clock
from seats.planner import find_plans, nearest_alternatives
from seats.serializers import plans
from web.api import ApiView


class SeatPlansView(ApiView):
    """Up to five plans for a need, best first; where nothing fits, the nearest that would."""

    permissions = {"POST": "seats.view_occupancy"}
    form = plans.NeedBody
    shape = plans.PlansShape
    answers = {"200": plans.PlansShape}

    def post(self, request: Request) -> Response:
        """Plan; nothing is written."""
        need = self.body()["need"]
        found = find_plans(need, today=clock.today())
        instead = None if found else nearest_alternatives(need)
        named = self.user.has_perm("seats.view_every_allocation")
        return Response(plans.plans_answer(need, found, instead, named=named))
