"""Every figure of the two articles, read out of the running system.

S0: 《成渝新经济产教融合基地 内江软件外包产业发展火热》, December 2021 (as copied on 2024-11-26).
S1: 人民网-四川频道, 2024-02-22, 《内江市东兴区:实干开局 构建百亿服务外包产业新高地》.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum

from accounts.models import User
from foundation import clock
from park.models import Building, Floor, FunctionalArea, Park, Phase, ReferenceFigure, Zone
from returns.models import ReturnRevision
from seats.models import Allocation, SeatBlock
from seats.occupancy import Grouping, occupancy_on
from tenants.models import BusinessLine, Enterprise, Tenancy
from tests.desk import Desk, text_of
from tests.factories.history import history_of
from tests.sample.conftest import SHANGHAI, figure
from tests.sample.quoted_figures import QUOTED

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=SHANGHAI)

NOVEMBER_2021 = date(2021, 11, 1)
END_OF_NOVEMBER_2021 = date(2021, 11, 30)
FEBRUARY_2024 = date(2024, 2, 1)
ARTICLE_DAY = date(2024, 2, 22)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample")]


def seats_on(day: date, *zones: str) -> int:
    """The seats that exist on a day in some zones."""
    rows, _total = occupancy_on(day, today=NOW.date(), by=Grouping.ZONE)
    return sum(row.occupancy.seats for row in rows if row.key in zones)


def zones_of(short_name: str, day: date) -> set[str]:
    """Where an enterprise has seats on a day."""
    blocks = SeatBlock.objects.on(day).filter(enterprise__short_name=short_name, kind="firm")
    return set(blocks.values_list("floor__building__zone__code", flat=True))


def filed(month: date, field: str, short_name: str | None = None) -> Decimal:
    """What the filed returns of a month say, of everybody or of one enterprise."""
    rows = ReturnRevision.objects.counting().filter(monthly_return__month=month)
    if short_name:
        rows = rows.filter(monthly_return__enterprise__short_name=short_name)
    return Decimal(rows.aggregate(sum=Sum(field))["sum"])


def percentage(*fields: str) -> Decimal:
    """The share of the people of November 2021."""
    part = sum(filed(NOVEMBER_2021, field) for field in fields)
    return 100 * part / filed(NOVEMBER_2021, "headcount")


def choosers_known_on(day: date) -> set[str]:
    """Who had chosen seats in zone D, as it was known at the end of a day."""
    known: dict[int, Any] = {}
    for event in (
        history_of(SeatBlock)
        .filter(recorded_on__lte=day, floor__building__zone__code="D", enterprise__isnull=False)
        .order_by("pgh_id")
    ):
        known[event.id] = event
    chosen = [event for event in known.values() if event.pgh_label != "delete"]
    assert all(event.kind == "hold" for event in chosen)
    return {event.enterprise.short_name for event in chosen}


class TestThePlace:
    def test_s1_zones_a_b_b1_c_have_7000_seats(self):
        """S1「现已投入使用A、B、B1、C区…规划席位约7000席」."""
        assert seats_on(ARTICLE_DAY, "A", "B", "B1", "C") == 7000

    def test_s1_zones_a_b_b1_c_have_50000_square_metres(self):
        """S1「总计约5万平方米」."""
        assert figure("lettable_m2", FEBRUARY_2024) == 50_000

    def test_s0_the_transition_park_has_30000_square_metres_leased_in(self):
        """S0「通过租赁方式建设了3万平方米的过渡用地」."""
        assert figure("lettable_m2", NOVEMBER_2021) == 30_000
        assert set(Zone.objects.filter(leased_in=True).values_list("code", flat=True)) == {
            "A",
            "B",
            "B1",
        }

    def test_s0_the_transition_park_is_let_to_nearly_all_of_its_area(self):
        """S0「园区出租率近100%」."""
        assert 98 <= figure("letting_rate", NOVEMBER_2021) < 100

    def test_s0_zone_d_will_have_150000_seats(self):
        """S0「未来可容纳15万个座位」."""
        floors = Floor.objects.filter(building__zone__code="D")
        assert floors.aggregate(seats=Sum("seat_count"))["seats"] == 150_000

    def test_s0_zone_d_lets_less_than_its_1400000_square_metres(self):
        """S0「总建筑面积140万平方米」: what can be let is a part of it, and ours."""
        floors = Floor.objects.filter(building__zone__code="D")
        assert floors.aggregate(area=Sum("lettable_m2"))["area"] == 1_080_000

    def test_s1_zone_d_is_built_in_four_phases(self):
        """S1「整体开发建设分为4期完成」."""
        assert list(
            Phase.objects.filter(zone__code="D").order_by("number").values_list("number", flat=True)
        ) == [1, 2, 3, 4]

    def test_s1_zone_d_has_four_functional_areas(self):
        """S1「综合服务、企业工区、人才公寓、商业街区4大功能分区」."""
        areas = Building.objects.filter(zone__code="D").values_list("functional_area", flat=True)
        assert set(areas) == set(FunctionalArea)
        with_seats = Building.objects.filter(floors__isnull=False)
        assert set(with_seats.values_list("functional_area", flat=True)) == {"workspace"}

    def test_s1_phase_one_is_for_35000_workers_when_complete(self):
        """S1「一期建成后预计可容纳3.5万从业人员」; its 35,000 seats are ours."""
        phase = Phase.objects.get(zone__code="D", number=1)
        assert phase.planned_workers == 35_000
        floors = Floor.objects.filter(building__phase=phase)
        assert floors.aggregate(seats=Sum("seat_count"))["seats"] == 35_000

    def test_s1_phase_one_is_not_there_yet_and_expected_in_march_2024(self):
        """S1「预计3月正式投入运营」, on 22 February 2024."""
        assert seats_on(ARTICLE_DAY, "D") == 0
        phase = Phase.objects.get(zone__code="D", number=1)
        opens = phase.planned_on or ARTICLE_DAY
        assert (opens.year, opens.month) == (2024, 3)
        days = Floor.objects.filter(building__phase=phase).values_list("delivered_on", flat=True)
        assert set(days) == {opens}
        assert seats_on(opens, "D") == 35_000

    @pytest.mark.parametrize(
        "name", ["内江软件与信息技术服务外包产业园", "内江软件和信息技术服务外包产业园"]
    )
    def test_the_park_is_known_by_both_spellings(self, name):
        """S1 writes 与, S0 writes 和."""
        park = Park.objects.get()
        assert name in [park.name, *park.other_names]


class TestThePeopleOfNovember2021:
    def test_s0_nearly_4500_people_work_there(self):
        """S0「从业人员近4500人」; they share seats in shifts."""
        people = filed(NOVEMBER_2021, "headcount")
        assert 4400 < people < 4500
        assert people > seats_on(END_OF_NOVEMBER_2021, "A", "B", "B1")

    @pytest.mark.parametrize(
        ("fields", "places", "stated"),
        [
            (["local"], 2, "82.41"),
            (["postgraduate", "bachelor", "junior_college"], 2, "68.94"),
            (["age_18_26"], 0, "58"),
            (["age_27_35"], 0, "39"),
        ],
        ids=["82.41 % local", "68.94 % college or above", "58 % aged 18–26", "39 % aged 27–35"],
    )
    def test_s0_their_shares_are_as_stated(self, fields, places, stated):
        """S0「82.41%…68.94%…58%…39%」."""
        assert round(percentage(*fields), places) == Decimal(stated)

    @pytest.mark.parametrize(
        "fields",
        [
            ["local", "same_province", "elsewhere"],
            ["postgraduate", "bachelor", "junior_college", "below_college"],
            ["age_18_26", "age_27_35", "age_36_up"],
        ],
        ids=["origin", "education", "age"],
    )
    def test_s0_each_breakdown_is_of_the_same_people(self, fields):
        assert percentage(*fields) == 100


class TestMairui:
    def test_s0_settles_in_march_2021_in_zone_b(self):
        """S0「今年3月…落户内江」, 「过渡园区B区」."""
        tenancy = Tenancy.objects.get(enterprise__short_name="迈睿")
        assert (tenancy.period.lower.year, tenancy.period.lower.month) == (2021, 3)
        assert zones_of("迈睿", END_OF_NOVEMBER_2021) == {"B"}

    def test_s1_is_in_zone_c_by_2024(self):
        """S1「产业园C区已有京阿唯、平安金服、迈睿中国」."""
        assert "C" in zones_of("迈睿", ARTICLE_DAY)

    def test_s0_takes_3000_seats_in_four_steps(self):
        """S0「分四期建设3000个座席」."""
        allocations = Allocation.objects.filter(enterprise__short_name="迈睿", kind="firm")
        assert allocations.count() == 4
        blocks = SeatBlock.objects.on(NOW.date()).filter(allocation__in=allocations)
        assert sum(block.seats.upper - block.seats.lower for block in blocks) == 3000

    def test_s0_has_500_people_at_the_end_of_november_2021(self):
        """S0「半年时间就发展到了500人」."""
        assert filed(NOVEMBER_2021, "headcount", "迈睿") == 500

    def test_s0_nearly_200_of_them_joined_in_november(self):
        """S0「尤其是最近一个月,新增了近200人」."""
        assert 190 <= filed(NOVEMBER_2021, "joined", "迈睿") < 200

    def test_s0_its_business_doubled_in_november(self):
        """S0「业务量也翻了一番」."""
        october = filed(date(2021, 10, 1), "revenue", "迈睿")
        assert filed(NOVEMBER_2021, "revenue", "迈睿") == 2 * october

    def test_s1_belongs_to_a_fortune_500_group(self):
        """S1「500强—贝塔斯曼旗下的迈睿中国」."""
        mairui = Enterprise.objects.get(short_name="迈睿")
        assert mairui.is_fortune_500
        assert mairui.parent_group == "贝塔斯曼集团"


class TestPreSelectionsInZoneD:
    @pytest.mark.parametrize("day", [ARTICLE_DAY, date(2024, 2, 29)])
    def test_s1_25_enterprises_have_chosen_offices(self, day):
        """S1「大宇宙、韵达、知道创宇等25家服务外包企业选定了办公区域」."""
        choosers = choosers_known_on(day)
        assert len(choosers) == 25
        assert {"大宇宙", "韵达", "知道创宇"} <= choosers

    def test_s1_the_report_of_february_2024_counts_25(self):
        """The same out of the registry that the reports are made of."""
        assert figure("ahead_enterprises", FEBRUARY_2024, "zone.D") == 25
        assert figure("ahead_firm", FEBRUARY_2024, "zone.D") == 0

    def test_s1_the_page_of_the_zone_on_that_day_counts_25(self, monkeypatch):
        monkeypatch.setattr(clock, "today", NOW.date)
        desk = Desk(User.objects.get(email="operator@xiyuan.example"))

        page = text_of(desk.get("place:zone-detail", "D", on=ARTICLE_DAY.isoformat()))

        chosen = re.findall(r"As known then, (\d+) enterprises? had pre-selected", page)
        assert sum(map(int, chosen)) == 25

    def test_the_other_22_are_marked_as_invented(self):
        blocks = history_of(SeatBlock).filter(
            recorded_on__lte=ARTICLE_DAY, floor__building__zone__code="D", kind="hold"
        )
        allocations = Allocation.objects.filter(pk__in=blocks.values("allocation"))
        assert allocations.count() == 25
        assert allocations.filter(sample_fields=["*"]).count() == 22
        assert allocations.exclude(source="").count() == 3


class TestTheEnterprises:
    @pytest.mark.parametrize("name", ["京阿唯", "平安金服", "迈睿"])
    def test_s1_three_are_in_zone_c(self, name):
        """S1「产业园C区已有京阿唯、平安金服、迈睿中国等一大批知名企业入驻」."""
        assert "C" in zones_of(name, ARTICLE_DAY)

    def test_s0_pingan_was_there_before(self):
        """S0「较早落户内江的深圳平安综合金融服务有限公司内江分公司」, in zone B."""
        assert Tenancy.objects.get(enterprise__short_name="平安金服").period.lower < date(
            2021, 3, 1
        )
        assert zones_of("平安金服", END_OF_NOVEMBER_2021) == {"B"}

    @pytest.mark.parametrize("name", ["抖音", "大宇宙", "韵达", "知道创宇", "同程旅行", "鸿联九五"])
    def test_s1_others_named_as_of_the_park_have_seats_in_it(self, name):
        """S1「早已入驻产业园的字节跳动（抖音）」; the park's notice; its users."""
        assert zones_of(name, ARTICLE_DAY)

    def test_s1_yixing_signs_on_6_february_2024(self):
        """S1「2月6日,台州亿兴智能科技有限公司签约仪式…正式落户…产业园」."""
        block = (
            history_of(SeatBlock)
            .filter(enterprise__short_name="台州亿兴")
            .order_by("pgh_id")
            .first()
        )
        assert block.recorded_on == date(2024, 2, 6)
        assert zones_of("台州亿兴", date(2024, 3, 31)) == {"C"}

    def test_s1_they_cover_the_businesses_that_are_named(self):
        """S1「涵盖客服服务、内容审核、数据处理、金融服务、数据中心、电子商务、人力资源」, and newly
        「旅游咨询…离岸外包」."""
        tenants = Tenancy.objects.on(ARTICLE_DAY).values("enterprise")
        lines = BusinessLine.objects.filter(enterprise__in=tenants)
        assert set(lines.values_list("business_class", flat=True)) >= {
            "customer_service",
            "content_moderation",
            "data_processing",
            "financial_services",
            "data_centre",
            "e_commerce",
            "human_resources",
            "travel_consulting",
            "offshore_outsourcing",
        }

    @pytest.mark.parametrize("name", ["同程旅行", "诚伯信息"])
    def test_s1_two_of_the_top_100_came_in_2023(self, name):
        """S1「去年,加上诚伯信息、同程旅行2家百强企业进驻内江」."""
        enterprise = Enterprise.objects.get(short_name=name)
        assert enterprise.is_industry_top_100
        assert enterprise.tenancies.get().period.lower.year == 2023

    def test_s1_the_seven_bases_for_internships_are_known(self):
        """S1「上海凯长、京阿唯、平安金服、大宇宙、四川科音、知道创宇、佰里人才7家企业」."""
        names = ["上海凯长", "京阿唯", "平安金服", "大宇宙", "四川科音", "知道创宇", "佰里人才"]
        assert Enterprise.objects.filter(short_name__in=names).count() == 7

    @pytest.mark.parametrize(
        "name",
        [
            "阿里巴巴",
            "博特",
            "效率源",
            "佰吉星",
            "上海凯长",
            "四川科音",
            "佰里人才",
            "卡拉卡尔",
            "嘉磊传媒",
        ],
    )
    def test_those_whose_place_is_not_clear_are_records_without_seats(self, name):
        enterprise = Enterprise.objects.get(short_name=name)
        assert not enterprise.allocations.exists()
        assert not enterprise.tenancies.exists()

    @pytest.mark.parametrize(
        ("garbled", "name"),
        [
            ("迈瑞", "迈睿"),
            ("百吉星", "佰吉星"),
            ("四川效率信息安全", "效率源"),
            ("北京信息产业博特", "博特"),
            ("字节跳动", "抖音"),
            ("平安金融", "平安金服"),
            ("贝塔斯曼", "迈睿"),
        ],
    )
    def test_s0_garbled_and_other_names_lead_to_the_right_enterprise(self, garbled, name):
        assert [found.short_name for found in Enterprise.objects.matching(garbled)] == [name]


class TestQuotedFigures:
    """Figures of other scopes: kept with their words, never computed."""

    @pytest.mark.parametrize("code", QUOTED)
    def test_is_kept_as_stated(self, code):
        value, qualifier, is_ambition, words, article = QUOTED[code]
        figure = ReferenceFigure.objects.get(code=code)
        assert (figure.value, figure.qualifier) == (Decimal(value), qualifier)
        assert figure.is_ambition == is_ambition
        assert words in figure.quote
        assert article in figure.source
        assert figure.stated_on == (ARTICLE_DAY if article == "人民网" else date(2021, 12, 1))
        assert all([figure.name_zh, figure.name_en, figure.scope_zh, figure.scope_en])
        assert all([figure.unit_zh, figure.unit_en])

    def test_none_is_left_out(self):
        assert set(ReferenceFigure.objects.values_list("code", flat=True)) == set(QUOTED)
