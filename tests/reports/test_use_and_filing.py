"""Seats in use, requests and the list of missing returns: what people filed and when."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from accounts.permissions import Role
from reports.assembly import assemble
from reports.display import Edition, document_of
from reports.drilldown import drill
from reports.models import ReportKind, Target
from reports.services.building import build_report
from reports.services.snapshots import read
from returns.services import send_back_return
from seats.models import AllocationKind
from seats.services.requests import submit_request, take_up_request
from tests.conftest import NOW
from tests.factories.accounts import UserFactory
from tests.factories.returns import make_return, make_tenant, submit
from tests.factories.seats import make_allocation, make_request
from tests.factories.tenants import EnterpriseFactory
from tests.reports.conftest import JANUARY
from tests.reports.test_against_paper import tables_of

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2024, month, day, hour, tzinfo=SHANGHAI)


class TestSeatsInUse:
    def test_are_a_dash_where_nobody_filed_them(self, small_park):
        total = tables_of(ReportKind.OCCUPANCY, JANUARY)["use"]["total"]

        assert (total["in_use"], total["use_rate"]) == (None, None)

    @pytest.mark.parametrize(("filers", "in_use"), [(2, None), (3, 60)])
    def test_are_those_filed_unless_that_would_tell_what_one_filed(
        self, small_park, filers, in_use
    ):
        for _ in range(filers):
            figures = {"revenue": Decimal(5), "headcount": 3, "peak_seats": 20}
            submit(make_return(enterprise=make_tenant(), **figures))

        tables = tables_of(ReportKind.OCCUPANCY, JANUARY)

        assert list(tables["use"]) == ["total"]
        assert tables["use"]["total"]["in_use"] == in_use

    def test_behind_the_total_nobody_else_reads_whose_they_are(self, small_park):
        for _ in range(3):
            figures = {"revenue": Decimal(5), "headcount": 3, "peak_seats": 20}
            submit(make_return(enterprise=make_tenant(), **figures))
        snapshot = read(ReportKind.OCCUPANCY, JANUARY)
        content = assemble(ReportKind.OCCUPANCY, JANUARY, snapshot.facts)

        seen = drill(content, snapshot.frozen(), "use:total:in_use", with_names=False)

        assert [line.text for part in seen.parts for line in part.lines] == ["60"]


def asked(small_park, enterprise, now):
    """A request that the park writes and submits for an enterprise."""
    who = {"now": now, "acting_user": small_park.operator}
    request = make_request(enterprise=enterprise, seats=5, **who)
    return submit_request(request_id=request.pk, **who)


class TestRequests:
    def test_are_counted_in_the_month_that_they_came_with_their_first_answer(self, small_park):
        """Friday 10 o'clock to Monday 11 o'clock: seven hours and two of the working day."""
        request = asked(small_park, small_park.ping_an, at(1, 5))
        manager = UserFactory(roles=[Role.OPERATOR_MANAGER])
        take_up_request(request_id=request.pk, now=at(1, 8, 11), acting_user=manager)
        asked(small_park, small_park.kai_chang, at(1, 8))

        total = tables_of(ReportKind.REQUESTS, JANUARY)["request_kinds"]["total"]

        assert total["requests_received"] == 2
        assert total["requests_answered"] == 1
        assert total["requests_first_answer"] == Decimal("9.0")
        assert (total["requests_settled"], total["requests_open"]) == (0, 2)
        assert total["requests_overdue"] == 1  # nobody has answered it for three weeks

    def test_of_other_months_are_not_in_it(self, small_park):
        asked(small_park, small_park.ping_an, at(2, 5))

        total = tables_of(ReportKind.REQUESTS, JANUARY)["request_kinds"]["total"]

        assert total["requests_received"] == 0
        assert total["requests_first_answer"] is None


class TestFiling:
    @pytest.fixture
    def firms(self):
        """In time; nine days late; sent back twice and not filed again; nothing."""
        in_time, late, returned, nothing = (make_tenant() for _ in range(4))
        figures = {"revenue": Decimal(5), "headcount": 3}
        submit(make_return(enterprise=in_time, **figures), now=at(2, 8, 23))
        submit(make_return(enterprise=late, **figures), now=at(2, 17))
        row = submit(make_return(enterprise=returned, **figures), now=at(2, 5))
        operator = UserFactory(roles=[Role.OPERATOR_MANAGER])
        send_back_return(return_id=row.pk, question="请核对", now=at(2, 6), acting_user=operator)
        submit(row, now=at(2, 7), reason="核对无误")
        send_back_return(
            return_id=row.pk,
            question="V2 三类之和须等于执行额。",
            now=at(2, 8),
            acting_user=operator,
        )
        return in_time, late, returned, nothing

    def test_says_who_is_in_time_late_and_missing(self, firms):
        total = tables_of(ReportKind.FILING, JANUARY)["filing_classes"]["total"]

        assert [
            total[f"filings_{word}"] for word in ("expected", "in_time", "late", "missing")
        ] == [4, 1, 1, 2]
        assert total["filings_were_sent_back"] == 1
        assert total["filings_in_time_rate"] == Decimal("25.0")

    def test_lists_the_others_with_days_times_rule_and_reason(self, firms):
        _in_time, late, returned, nothing = firms
        rows = {row["enterprise"]: row for row in self.content()["troubles"]}

        assert rows.keys() == {late.pk, returned.pk, nothing.pk}
        assert (rows[late.pk]["days_late"], rows[late.pk]["due"]) == (9, "2024-02-08")
        assert rows[late.pk]["submitted"] == "2024-02-17"
        assert (rows[returned.pk]["sent_back"], rows[returned.pk]["rule"]) == (2, "V2")
        assert rows[returned.pk]["question"] == "V2 三类之和须等于执行额。"
        assert (rows[nothing.pk]["trouble"], rows[nothing.pk]["submitted"]) == ("missing", "")

    def test_is_read_with_a_dash_for_what_is_not_there(self, firms):
        content = self.content()
        edition = Edition(ReportKind.FILING, JANUARY, 1, NOW)

        (listed,) = document_of(edition, content).lists

        assert len(listed.rows) == 3
        assert all(len(row) == len(listed.heads) for row in listed.rows)
        assert any("–" in row for row in listed.rows)

    def content(self):
        snapshot = read(ReportKind.FILING, JANUARY)
        content = assemble(ReportKind.FILING, JANUARY, snapshot.facts)
        return content | {**snapshot.head, "filing": snapshot.filing}


class TestTargets:
    @pytest.mark.django_db(transaction=True)
    def test_say_what_is_reached_of_what_with_scope_and_source(self, small_park):
        for code, more in (
            ("seats", {"indicator": "seats", "value": 320, "unit": "seat"}),
            (
                "city",
                {
                    "indicator": "seats",
                    "value": 5,
                    "unit": "seat",
                    "scope": "city",
                    "scope_code": "511000",
                },
            ),
        ):
            Target.objects.create(
                code=code, name_zh=f"目标{code}", scope_zh="全园", source="报道", **more
            )

        report = build_report(
            kind=ReportKind.TARGETS, month=JANUARY, now=NOW, owner=small_park.operator
        )

        ours, citys = report.content["targets"]
        assert (ours["actual"], ours["share"], ours["year"]) == ("160", "50.0", None)
        assert (citys["actual"], citys["why"]) == (None, "elsewhere")
        (listed,) = document_of(Edition.of(report), report.content).lists
        assert listed.rows[0] == (
            *(
                "目标seats",
                "320 席",
                "160 席（现有席位）",
                "50.0%",
                "–",  # what there was a year before is not known
                "–",
                "全园",
                "2024年1月",
                "报道",
            ),
        )


class TestProjects:
    def test_are_those_whom_seats_are_held_for_or_who_chose_ahead(self, small_park):
        tables = tables_of(ReportKind.PROJECTS, JANUARY)
        total = tables["project_standing"]["total"]

        assert (total["project_enterprises"], total["project_held"]) == (1, 0)
        assert (total["project_ahead"], total["project_preselected"]) == (30, 30)
        assert list(tables["project_standing"]) == [
            *("tenancy.tenant", f"enterprise.{small_park.ping_an.pk}", "total")
        ]

    def test_of_who_is_no_tenant_yet_stand_first(self, small_park):
        prospect = EnterpriseFactory()
        make_allocation(
            small_park.c,
            (21, 25),
            kind=AllocationKind.HOLD,
            to=prospect,
            start=date(2024, 1, 10),
            expires_at=NOW + timedelta(days=9),
            acting_user=small_park.operator,
        )

        table = tables_of(ReportKind.PROJECTS, JANUARY)["project_standing"]

        assert list(table)[:2] == ["tenancy.prospect", f"enterprise.{prospect.pk}"]
        assert table["tenancy.prospect"]["project_held"] == 5
        assert table["total"]["project_enterprises"] == 2


@pytest.mark.parametrize("kind", [ReportKind.POLICIES, ReportKind.DRIVES])
def test_what_nobody_keeps_yet_is_named_and_not_a_row_of_noughts(make_document, kind):
    document = make_document(kind)

    assert document.tables == ()
    (listed,) = document.lists
    assert listed.title == "尚待建设的指标"
    assert len(listed.rows) >= 6
    assert {row[1] for row in listed.rows} == {"尚待建设"}
