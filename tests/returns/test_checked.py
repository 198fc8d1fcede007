"""What a return is checked against is read from what counts: replayed here in plain Python."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from statistics import median

import pytest

from foundation.months import add_months
from returns.checking import case_of, checked, most_seats
from returns.content import Content
from returns.models import MonthlyReturn
from returns.past import past_of, usual_per_head
from returns.services import save_draft, send_back_return
from tests.conftest import NOW
from tests.factories.accounts import UserFactory
from tests.factories.park import make_floor
from tests.factories.returns import make_return, make_tenant, submit
from tests.factories.seats import make_allocation

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2023, 7, 1), date(2023, 12, 1)
MONTHS = [add_months(FIRST, number) for number in range(6)]


class Ledger:
    """What counts of each enterprise and month, kept by hand beside the product."""

    def __init__(self, operator):
        self.operator = operator
        self.counts = {}

    def file(self, enterprise, month, random):
        """Most are filed; some are sent back, some only drafted, some not begun."""
        fate = random.choice(["filed"] * 6 + ["corrected", "sent_back", "draft", "none"])
        said = {
            "revenue": Decimal(random.choice([0, random.randint(1, 9) * 1000])),
            "headcount": random.choice([0, random.randint(1, 30)]),
        }
        if random.random() < 0.6:
            said["contract_value"] = Decimal(random.randint(0, 9) * 1000)
        done = random.choice([None, Decimal(random.randint(0, 9) * 500)])
        said |= {"executed_value": done, "onshore_executed_value": done}
        lines = {"contract_value": said.get("contract_value"), "executed_value": done}
        if fate == "none":
            return
        row = make_return(enterprise=enterprise, month=month, **said)
        notes = {f"V12:{name}": "已核对" for name in ("revenue", "contract_value", *lines)}
        save = {"return_id": row.pk, "now": NOW, "acting_user": self.operator}
        save_draft(figures={}, classes={"BPO-2-3": lines}, notes=notes, **save)
        if fate == "draft":
            return
        submit(row, acting_user=self.operator)
        if fate == "sent_back":
            send_back_return(question="?", **save)
        else:
            self.counts[enterprise.pk, month] = said


@pytest.fixture(params=range(4))
def ledger(request, operator):
    random = Random(request.param)  # noqa: S311 - not a secret
    ledger = Ledger(operator)
    for enterprise in [make_tenant() for _ in range(7)]:
        for month in MONTHS:
            ledger.file(enterprise, month, random)
    return ledger


def test_contracts_left_are_those_of_all_months_before(ledger):
    for enterprise in {pk for pk, _month in ledger.counts}:
        for month in [*MONTHS, add_months(LAST, 1), add_months(LAST, 30)]:
            before = [
                said for (pk, at), said in ledger.counts.items() if pk == enterprise and at < month
            ]
            signed = [said["contract_value"] for said in before if "contract_value" in said]
            done = sum(said["executed_value"] or 0 for said in before)

            left = past_of(enterprise, month).contracts_left

            assert left == (sum(signed) - done if signed else None)


def test_the_month_before_is_what_counts_of_it(ledger):
    for enterprise in {pk for pk, _month in ledger.counts}:
        for month in MONTHS[1:]:
            past = past_of(enterprise, month)
            before = ledger.counts.get((enterprise, add_months(month, -1)))
            assert past.opening == (before["headcount"] if before else None)
            assert past.before["revenue"] == (before["revenue"] if before else None)


def test_the_park_s_median_is_of_all_who_filed_the_month_before(ledger):
    for month in MONTHS[1:]:
        per_head = [
            said["revenue"] / said["headcount"]
            for (_pk, at), said in ledger.counts.items()
            if at == add_months(month, -1) and said["revenue"] and said["headcount"]
        ]
        assert usual_per_head(month) == (median(per_head) if len(per_head) >= 5 else None)


class TestSeats:
    @pytest.mark.parametrize("seed", range(6))
    def test_are_the_most_of_any_day_of_the_month(self, seed):
        random = Random(seed)  # noqa: S311 - not a secret
        tenants, floor = [make_tenant(), make_tenant()], make_floor(seats=100)
        runs = []
        for number in range(8):
            width, to = random.randint(1, 10), random.choice(tenants)
            start = date(2023, 12, 20) + timedelta(random.randint(0, 50))
            last = random.choice([None, start + timedelta(random.randint(0, 40))])
            runs.append((to, width, start, last or date.max))
            place = (number * 10 + 1, number * 10 + width)
            make_allocation(floor, place, to=to, start=start, last=last)
        make_allocation(floor, (81, 100), to=tenants[0], kind="hold", start=date(2024, 1, 1))

        found = most_seats(date(2024, 1, 1), [one.pk for one in tenants])

        for tenant in tenants:
            held = [
                sum(
                    width
                    for to, width, start, last in runs
                    if to == tenant and start <= day <= last
                )
                for day in (date(2024, 1, number) for number in range(1, 32))
            ]
            assert found[tenant.pk] == max(held)

    def test_none_are_none(self):
        assert most_seats(date(2024, 1, 1), [make_tenant().pk]) == {}

    def test_who_gave_seats_back_in_the_month_is_not_asked(self):
        tenant, floor = make_tenant(), make_floor(seats=50)
        make_allocation(floor, (1, 20), to=tenant, start=date(2024, 1, 1))
        make_allocation(floor, (21, 25), to=tenant, start=date(2024, 1, 1), last=date(2024, 1, 9))
        row = make_return(enterprise=tenant, peak_seats=25, revenue=1, headcount=1)
        assert checked(row).findings == []

        save_draft(return_id=row.pk, figures={"peak_seats": 26}, now=NOW, acting_user=UserFactory())

        row.refresh_from_db()
        assert [one.rule.code for one in checked(row).findings] == ["V8"]


def test_a_check_asks_five_things_however_much_was_filed(ledger, django_assert_num_queries):
    row = MonthlyReturn.objects.order_by("-month").first()
    content = Content.of(row)
    with django_assert_num_queries(5):
        case_of(row, content)
