"""Uploading a list of enterprises, and the empty list to fill in."""

import io

import pytest
from django.urls import reverse

from tenants.blank_list import blank_list
from tenants.models import BusinessClass, BusinessLine, Enterprise
from tests.desk import text_of
from tests.factories.tenants import credit_code
from tests.factories.workbooks import workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

HEADS = ["企业全称", "简称", "统一社会信用代码", "主营业务"]


def upload(park, data):
    file = io.BytesIO(data)
    file.name = "企业.xlsx"
    return park.post("tenants:enterprise-import", file=file)


class TestImport:
    def test_adds_the_enterprises_of_a_workbook_and_says_how_many(self, park, maxrieny):
        rows = [
            HEADS,
            ["诚伯信息有限公司", "诚伯", credit_code(1), "数据处理"],
            ["内江迈睿信息技术有限公司", "迈睿中国", credit_code(7000), "客服服务"],
        ]

        answer = upload(park, workbook({"企业": rows}))

        assert answer.url == reverse("tenants:enterprise-list")
        said = text_of(park.follow(answer.url))
        assert "1 enterprises were added; 1 were known just the same." in said

    def test_lists_every_error_with_its_cell_and_adds_nothing(self, park):
        rows = [HEADS, ["甲", "甲", "915", "种地"], ["乙", "乙", credit_code(2), ""]]

        page = upload(park, workbook({"企业": rows}))

        cells = [error["cell"] for error in page.context["refusal"].errors]
        assert cells == ["C2", "D2"]
        assert "企业!C2 A credit code has 18 characters" in text_of(page)
        assert not Enterprise.objects.exists()

    def test_says_beside_the_file_what_is_no_workbook(self, park):
        page = upload(park, b"name,code\n")

        assert "This is not an .xlsx workbook." in text_of(page)

    def test_asks_for_a_file(self, park):
        page = park.post("tenants:enterprise-import", file="")

        assert page.status_code == 200

    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_gives_an_empty_list_that_can_be_uploaded(self, park, language):
        park.client.cookies["django_language"] = language

        answer = park.get("tenants:import-template")
        data = b"".join(answer.streaming_content)

        assert upload(park, data).status_code == 303

    def test_every_word_that_the_empty_list_offers_is_understood(self, park, settings):
        rows = [["Name", "Short name", "Credit code", "Business"]]
        for number, business in enumerate(BusinessClass):
            word = business.value.replace("_", " ").capitalize()
            rows.append([f"企业{number}", f"企{number}", credit_code(number), word])

        assert upload(park, workbook({"Enterprises": rows})).status_code == 303
        assert BusinessLine.objects.count() == len(BusinessClass)
        assert blank_list().startswith(b"PK")
