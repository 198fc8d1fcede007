"""Two operators press the button at the same moment."""

import pytest

from accounts.permissions import Role
from park.axis import seat_at
from seats.models import SeatBlock
from seats.services import requests as services
from tests.desk import Desk, text_of
from tests.factories.accounts import UserFactory
from tests.factories.seats import make_request
from tests.factories.tenants import EnterpriseFactory
from tests.together import together

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("frozen_clock"),
]


def test_one_gets_the_seats_and_the_other_is_told_who_has_them(floor, now):
    names = ["诚伯信息", "京阿唯"]
    asked = []
    for name in names:
        writer = UserFactory(roles=[Role.OPERATOR_STAFF])
        request = make_request(
            enterprise=EnterpriseFactory(short_name=name), seats=60, acting_user=writer
        )
        services.submit_request(request_id=request.pk, now=now, acting_user=writer)
        asked.append((Desk(writer), request))
    key = seat_at(floor.pk, 1)

    def approve(desk, request, first):
        typed = {f"take_first_{key}": first, f"take_last_{key}": first + 59, "take": key}
        return desk.post("seats:request-approve", request.pk, **typed)

    answers = together(
        *(
            lambda desk=desk, request=request, first=first: approve(desk, request, first)
            for (desk, request), first in zip(asked, [1, 31], strict=True)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [303, 409]
    winner = SeatBlock.objects.real().get().enterprise.short_name
    loser = next(answer for answer in answers if answer.status_code == 409)
    assert f"is taken by {winner} until further notice." in text_of(loser)
    assert sum(row.length for row in loser.context["form"].take.rows) == 40
