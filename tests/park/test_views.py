"""The page of quoted figures."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.permissions import Role
from park.models import ReferenceFigure
from park.views import _said

pytestmark = pytest.mark.django_db

PAGE = "/park/figures/"


@pytest.fixture
def figures(db):
    shared = {"source": "文章 S1", "qualifier": "over"}
    ReferenceFigure.objects.create(
        code="jobs",
        name_zh="带动就业",
        name_en="Jobs",
        value=5000,
        unit_zh="人",
        unit_en="people",
        scope_zh="东兴区",
        scope_en="Dongxing district",
        stated_on=date(2024, 2, 22),
        quote="带动五千余人就业",
        **shared,
    )
    ReferenceFigure.objects.create(
        code="output",
        name_zh="总产值",
        name_en="Output",
        value=130,
        unit_zh="亿元",
        unit_en="100 million yuan",
        scope_zh="全园建成后",
        scope_en="The park when complete",
        stated_on=date(2021, 12, 1),
        quote="总产值超130亿元",
        is_ambition=True,
        **shared,
    )


def page_for(user, language):
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client.get(PAGE).content.decode()


class TestFigureList:
    def test_says_value_scope_day_source_and_words(self, figures, operator):
        page = page_for(operator, "en")

        for expected in ("Jobs", "5,000", "people", "Dongxing district", "2024-02-22"):
            assert expected in page
        assert '<q lang="zh-Hans">带动五千余人就业</q>' in page
        assert "文章 S1" in page
        assert "Xiyuan does not compute them" in page

    def test_marks_ambitions(self, figures, operator):
        page = page_for(operator, "en")

        assert page.count("Ambition") == 1
        assert page.index("Output") < page.index("Ambition")

    def test_speaks_the_language_of_the_page(self, figures, operator):
        page = page_for(operator, "zh-hans")

        assert "东兴区" in page
        assert "Dongxing" not in page

    def test_says_what_would_be_here(self, operator):
        assert "Figures that others state" in page_for(operator, "en")

    def test_asks_once_however_many_there_are(
        self, figures, operator, django_assert_max_num_queries
    ):
        client = Client()
        client.force_login(operator)
        with django_assert_max_num_queries(4):
            client.get(PAGE)

    @pytest.mark.parametrize("role", list(Role))
    def test_is_open_to_who_may_read_figures(self, person, role):
        client = Client()
        client.force_login(person(role))
        closed = {Role.ENTERPRISE_MANAGER, Role.ENTERPRISE_MEMBER, Role.SYSTEM_ADMINISTRATOR}

        assert client.get(PAGE).status_code == (403 if role in closed else 200)

    def test_asks_who_is_not_signed_in(self, client):
        assert client.get(reverse("park:figure-list")).url.startswith("/accounts/login/")


class TestLargeSums:
    @pytest.mark.parametrize(
        ("value", "unit", "said"),
        [
            ("13000000000", "元", ("130", "亿元")),
            ("60000000", "元", ("6000", "万元")),
            ("3000", "元", ("3000", "元")),
            ("13000000000", "yuan", ("13", "billion yuan")),
            ("60000000", "yuan", ("60", "million yuan")),
            ("150000000", "席", ("150000000", "席")),
        ],
    )
    def test_are_said_as_people_say_them(self, value, unit, said):
        assert _said(Decimal(value), unit) == (Decimal(said[0]), said[1])
