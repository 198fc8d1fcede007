"""The same over the API: a program of each of the three does the main job."""

from accounts.models import User
from accounts.services import make_api_token
from foundation import clock
from tests.journeys.over_the_api import Caller, Journey


def test_the_main_job_passes_over_the_api(product):
    operator, firm, official = (
        Caller(product.address, _token(name)) for name in ("operator", "enterprise", "official")
    )

    Journey(operator, firm, official, today=clock.today()).walk()


def _token(name: str) -> str:
    user = User.objects.get(email=f"{name}@xiyuan.example")
    return make_api_token(user=user, name="journey", now=clock.now())
