"""The rates of a month: the park sets them, enterprises read them, a closed month keeps them."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.permissions import Role
from park.models import ReportingMonth
from park.services import MonthClosed
from returns.catalogue import currencies
from returns.checking import checked
from returns.models import ExchangeRate, MonthlyReturn
from returns.services import save_draft, set_rate, set_rates
from tests.conftest import NOW
from tests.desk import Desk, text_of
from tests.factories.accounts import UserFactory
from tests.factories.returns import JANUARY, make_return, make_tenant
from tests.factories.tenants import make_member
from tests.returns.conftest import fields_of
from web.refusals import Invalid

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

DECEMBER, FEBRUARY = date(2023, 12, 1), date(2024, 2, 1)
PAGE = "returns:rate-list"


@pytest.fixture
def rate(operator):
    def make(currency, value, month=JANUARY, source="中间价"):
        return set_rate(
            month=month,
            currency=currency,
            rate=None if value is None else Decimal(value),
            source=source,
            acting_user=operator,
        )

    return make


def rates(month=JANUARY):
    rows = ExchangeRate.objects.filter(month=month).order_by("currency")
    return {row.currency: (row.rate, row.source) for row in rows}


def save(desk, month="2024-01", **typed):
    return desk.client.post(f"{reverse(PAGE)}?month={month}", typed)


class TestSetting:
    def test_a_rate_is_set_changed_and_taken_back(self, rate):
        assert rate("USD", "7.1").rate == Decimal("7.1")
        assert rate("USD", "7.2", source="新").source == "新"
        assert rate("USD", None) is None
        assert rates() == {}

    def test_what_says_the_same_keeps_its_source(self, rate):
        rate("USD", "7.1", source="一")
        rate("USD", "7.100", source="二")
        assert rates() == {"USD": (Decimal("7.1"), "一")}

    @pytest.mark.parametrize(
        ("changed", "fields"),
        [
            ({"CNY": Decimal(1)}, ["CNY"]),
            ({"XXX": Decimal(1)}, ["XXX"]),
            ({"USD": Decimal(0)}, ["USD"]),
            ({"USD": Decimal(-1), "HKD": Decimal("0.0000001")}, ["USD", "HKD"]),
            ({"USD": Decimal("NaN")}, ["USD"]),
            ({"USD": Decimal(10**6)}, ["USD"]),
            ({"USD": Decimal(7), "JPY": Decimal(0)}, ["JPY"]),
        ],
    )
    def test_what_cannot_be_is_refused_and_nothing_is_set(self, operator, changed, fields):
        with pytest.raises(Invalid) as refusal:
            set_rates(month=JANUARY, rates=changed, source="x", acting_user=operator)

        assert fields_of(refusal) == fields
        assert rates() == {}

    def test_a_closed_month_keeps_its_rates(self, rate):
        rate("USD", "7.1")
        ReportingMonth.objects.create(month=JANUARY, closed_at=NOW)

        for value in ("7.2", None):
            with pytest.raises(MonthClosed):
                rate("USD", value)
        assert rates() == {"USD": (Decimal("7.1"), "中间价")}


class TestThePark:
    def test_types_rates_with_their_source(self, park):
        answer = save(park, USD="7.1234", JPY="0.050012", HKD="", source="中国人民银行")

        assert answer.url == f"{reverse(PAGE)}?month=2024-01"
        assert rates() == {
            "JPY": (Decimal("0.050012"), "中国人民银行"),
            "USD": (Decimal("7.1234"), "中国人民银行"),
        }

    def test_changes_only_what_it_typed_over(self, park, rate):
        rate("USD", "7.1", source="一")
        rate("HKD", "0.91", source="一")

        save(park, USD="7.10", HKD="0.92", source="二")

        assert rates() == {"HKD": (Decimal("0.92"), "二"), "USD": (Decimal("7.1"), "一")}

    def test_takes_a_rate_back_by_emptying_it_and_needs_no_source_for_that(self, park, rate):
        rate("USD", "7.1")
        save(park, USD="", source="")
        assert rates() == {}

    @pytest.mark.parametrize(
        ("typed", "message"),
        [
            ({"USD": "7.1", "source": ""}, "Say where the rates are from."),
            ({"USD": "0", "source": "x"}, "greater than or equal to"),
            ({"USD": "7.1234567", "source": "x"}, "At most 6 decimal places."),
            ({"USD": "seven", "source": "x"}, "Type a number"),
            ({"USD": "-7", "source": "x"}, "greater than or equal to"),
        ],
    )
    def test_is_told_beside_the_entry_what_cannot_be(self, park, typed, message):
        page = save(park, **typed)

        assert page.status_code == 200
        assert message in text_of(page)
        assert rates() == {}

    def test_has_last_month_s_rates_beside_it_and_none_is_put_in_silently(self, park, rate):
        rate("USD", "7.05", month=DECEMBER)

        page = park.get(PAGE, month="2024-01")

        text = text_of(page)
        assert "US dollar USD yuan 7.05" in text
        assert "Take over 1 rate of December 2023" in text
        assert page.context["form"]["USD"].value() is None
        assert rates() == {}

    def test_takes_over_what_is_empty_with_a_button_that_says_so_as_the_source(self, park, rate):
        rate("USD", "7.05", month=DECEMBER)
        rate("HKD", "0.9", month=DECEMBER)
        rate("HKD", "0.92", source="中间价")

        park.post("returns:rate-copy", month="2024-01")

        assert rates() == {
            "HKD": (Decimal("0.92"), "中间价"),
            "USD": (Decimal("7.05"), "as last month"),
        }
        assert "Take over" not in text_of(park.get(PAGE, month="2024-01"))

    def test_changes_nothing_of_a_closed_month(self, park, rate):
        rate("USD", "7.05", month=DECEMBER)
        ReportingMonth.objects.create(month=JANUARY, closed_at=NOW)

        page = park.get(PAGE, month="2024-01")
        assert "The month is closed" in text_of(page)
        save(park, USD="7.1", source="x")
        park.post("returns:rate-copy", month="2024-01")

        assert rates() == {}

    def test_sees_the_current_month_where_none_is_named(self, park):
        for query in ({}, {"month": ""}):
            assert park.get(PAGE, **query).context["desk"].month == FEBRUARY
        assert "March 2024" not in text_of(park.get(PAGE))

    @pytest.mark.parametrize("month", ["2024-03", "9999-12", "x", "2024-13", "2024-1"])
    def test_a_month_to_come_or_none_at_all_is_not_there(self, park, month):
        assert park.get(PAGE, month=month).status_code == 404
        assert save(park, month=month, USD="7.1", source="x").status_code == 404
        assert park.post("returns:rate-copy", month=month).status_code == 404
        assert rates(FEBRUARY) == {}

    def test_every_currency_is_there_but_the_yuan(self, park):
        form = park.get(PAGE).context["form"]
        names = [name for name in form.fields if name != "source"]
        assert names == [entry.code for entry in currencies(FEBRUARY) if entry.code != "CNY"]

    def test_asks_as_many_things_with_many_rates(self, park, rate, django_assert_num_queries):
        park.get(PAGE, month="2024-01")
        counts = []
        for values in ({}, {"USD": 7, "HKD": 1, "JPY": 1, "EUR": 8}):
            for currency, value in values.items():
                rate(currency, value)
                rate(currency, value, month=DECEMBER)
            with django_assert_num_queries(QUERIES):
                park.get(PAGE, month="2024-01")
            counts.append(len(values))
        assert counts == [0, 4]


class TestWhoWaits:
    @pytest.fixture
    def waiting(self):
        """A draft whose market has no rate, by currency; the third has one of its own."""

        def make(currency, rate=None, enterprise=None):
            row = make_return(enterprise=enterprise)
            line = {"rate": rate, "executed_amount": Decimal(100)}
            return save_draft(
                return_id=row.pk,
                figures={"executed_value": Decimal(1), "offshore_executed_value": Decimal(1)},
                markets={("HKG", currency): line},
                now=NOW,
                acting_user=UserFactory(roles=[Role.OPERATOR_MANAGER]),
            )

        return make

    def rate_of(self, row):
        return row.markets.get().rate

    def test_is_said_to_the_park_beside_the_currency_and_on_the_month(self, park, waiting):
        for currency in ("USD", "USD", "HKD"):
            waiting(currency)
        waiting("JPY", rate=Decimal("0.05"))

        text = text_of(park.get(PAGE, month="2024-01"))
        assert "US dollar USD 2 enterprises wait for it" in text
        assert "Hong Kong dollar HKD 1 enterprise waits for it" in text
        assert text.count("for it") == 2
        month = text_of(park.get("returns:month-detail", "2024-01"))
        assert "wait for a rate of the park: HKD (1 enterprise), USD (2 enterprises)" in month

    def test_is_not_told_to_enterprises(self, waiting):
        tenant = make_tenant()
        waiting("USD", enterprise=tenant)
        assert "wait" not in text_of(Desk(make_member(tenant)).get(PAGE, month="2024-01"))

    def test_gets_the_rate_once_it_is_set_and_others_keep_theirs(self, rate, waiting):
        late, own, other = waiting("USD"), waiting("USD", rate=Decimal(7)), waiting("HKD")

        rate("USD", "7.1234")

        assert self.rate_of(late) == Decimal("7.1234")
        assert self.rate_of(own) == 7
        assert self.rate_of(other) is None
        versions = [MonthlyReturn.objects.get(pk=one.pk).version for one in (late, own, other)]
        assert versions == [late.version + 1, own.version, other.version]

    def test_of_another_month_gets_nothing(self, rate, waiting):
        late = waiting("USD")
        rate("USD", "7.1", month=DECEMBER)
        assert self.rate_of(late) is None

    def test_is_told_what_to_do(self, waiting):
        row = waiting("USD")
        with translation.override("en"):
            [found] = [one for one in checked(row).blocking if one.place == "market:HKG.USD:rate"]
            assert "what it sets comes here by itself" in found.message
            row.markets.update(executed_amount=None)
            [found] = [one for one in checked(row).blocking if one.place == "market:HKG.USD:rate"]
            assert "take it out if there was nothing" in found.message


class TestAnEnterprise:
    @pytest.fixture
    def firm(self):
        return Desk(make_member(make_tenant()))

    def test_reads_what_is_known_and_where_it_is_from(self, firm, rate):
        rate("USD", "7.1234", source="中国人民银行")

        page = firm.get(PAGE, month="2024-01")

        text = text_of(page)
        assert "US dollar USD 7.1234" in text
        assert "中国人民银行" in text
        assert "Euro" not in text
        assert b'name="USD"' not in page.content

    def test_is_told_what_to_do_where_nothing_is_known(self, firm):
        assert "Give the rate of your contract" in text_of(firm.get(PAGE))

    def test_sets_nothing(self, firm):
        assert save(firm, USD="7.1", source="x").status_code == 403
        assert firm.post("returns:rate-copy", month="2024-01").status_code == 403
        assert rates() == {}

    def test_comes_there_from_its_returns(self, firm):
        assert reverse(PAGE) in firm.get("returns:return-list").content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", ["2024年1月汇率", "美元", "同上月"]), ("en", ["January 2024: exchange rates"])],
)
def test_in_both_languages(operator, rate, language, words):
    rate("USD", "7", month=DECEMBER)
    desk = Desk(operator)
    desk.client.cookies["django_language"] = language

    text = text_of(desk.get(PAGE, month="2024-01"))

    assert all(word in text for word in words), text


def test_an_auditor_reads_them_and_sets_none(person):
    desk = Desk(person(Role.AUDITOR))
    assert desk.get(PAGE).status_code == 200
    assert save(desk, USD="7", source="x").status_code == 403


QUERIES = 7
