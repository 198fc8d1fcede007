"""Enterprises from a spreadsheet: every error of every row with its cell, then all or none."""

from typing import Any

import pytest
from django.utils import translation

from foundation.spreadsheets import NotAWorkbook, SpreadsheetErrors
from tenants.models import Alias, BusinessLine, Contact, Enterprise
from tenants.services.imports import import_enterprises
from tests.factories.history import history_of
from tests.factories.tenants import EnterpriseFactory, credit_code
from tests.factories.workbooks import workbook, written

HEADS = [
    "企业全称",
    "简称",
    "统一社会信用代码",
    "别名",
    "主营业务",
    "联系人",
    "联系电话",
    "世界500强",
]

pytestmark = pytest.mark.django_db


def rows_of(*rows, heads=HEADS, sheet="企业") -> bytes:
    return workbook({sheet: [heads, *rows]})


def cells_of(refused) -> dict[str, list[str]]:
    """The codes of what is wrong, by cell."""
    found: dict[str, list[str]] = {}
    for error in refused.value.errors:
        found.setdefault(error["cell"], []).append(error["code"])
    return found


class TestImportEnterprises:
    def test_adds_every_row(self, operator):
        data = rows_of(
            [
                "内江甲有限公司",
                "甲",
                credit_code(900_001),
                "甲公司；阿甲",
                "呼叫中心",
                "王一",
                13800000000,
                "是",
            ],
            ["内江乙有限公司", None, credit_code(900_002)],
        )

        counts = import_enterprises(data=data, acting_user=operator)

        assert counts == (2, 0)
        first = Enterprise.objects.get(credit_code=credit_code(900_001))
        assert (first.short_name, first.is_fortune_500) == ("甲", True)
        assert set(first.aliases.values_list("name", flat=True)) == {"甲公司", "阿甲"}
        assert BusinessLine.objects.get(enterprise=first).business_class == "customer_service"
        assert Contact.objects.get(enterprise=first).phone == "13800000000"
        second = Enterprise.objects.get(credit_code=credit_code(900_002))
        assert (second.short_name, second.pinyin) == ("内江乙有限公司", second.pinyin)
        assert second.pinyin

    def test_reads_english_heads_and_words_too(self, operator):
        data = rows_of(
            ["Sunrise Ltd", credit_code(900_003), "Data processing", "yes"],
            heads=["Name", "Credit code", "Business", "Industry top 100"],
            sheet="Sheet1",
        )

        import_enterprises(data=data, acting_user=operator)

        enterprise = Enterprise.objects.get(name="Sunrise Ltd")
        assert enterprise.is_industry_top_100
        assert BusinessLine.objects.get(enterprise=enterprise).business_class == "data_processing"

    def test_says_every_error_of_every_row_with_its_cell_and_imports_nothing(self, operator):
        EnterpriseFactory(name="内江丙有限公司", credit_code=credit_code(900_007))
        other: Any = EnterpriseFactory()
        Alias.objects.create(enterprise=other, name="老丁")
        wrong_digit = credit_code(900_008)[:-1] + ("0" if credit_code(900_008)[-1] != "0" else "1")
        data = rows_of(
            ["内江好有限公司", "好", credit_code(900_001)],
            [None, "没名字", credit_code(900_002)],
            ["内江短码有限公司", "短码", "9151"],
            ["内江错码有限公司", "错码", wrong_digit],
            ["内江重码有限公司", "重码", credit_code(900_001)],
            ["内江丙有限公司", "丙", credit_code(900_009)],
            ["内江丁有限公司", "丁", credit_code(900_010), "老丁", "种菜", None, None, "也许"],
            ["内江数码有限公司", "数码", 911511011000000001],
            ["内江甲有限公司" * 8, None, credit_code(900_011)],
            ["内江长别名有限公司", "长", credit_code(900_012), "名" * 121],
        )

        with pytest.raises(SpreadsheetErrors) as refused:
            import_enterprises(data=data, acting_user=operator)

        assert cells_of(refused) == {
            "A3": ["required"],
            "C4": ["invalid_length"],
            "C5": ["invalid_checksum"],
            "C6": ["duplicate"],
            "C7": ["duplicate"],
            "D8": ["duplicate"],
            "E8": ["invalid"],
            "H8": ["invalid"],
            "C9": ["number_not_text"],
            "B10": ["required"],
            "D11": ["invalid"],
        }
        assert Enterprise.objects.count() == 2

    def test_says_of_a_formula_without_a_value_that_it_is_not_read(self, operator):
        def fill(book) -> None:
            sheet = book.add_worksheet("企业")
            sheet.write_row(0, 0, ["企业全称", "统一社会信用代码"])
            sheet.write_formula(1, 0, '=A9&"有限公司"', None, "")
            sheet.write(1, 1, credit_code(900_001))

        with translation.override("en"), pytest.raises(SpreadsheetErrors) as refused:
            import_enterprises(data=written(fill), acting_user=operator)

        (error,) = refused.value.errors
        assert (error["cell"], error["code"]) == ("A2", "formula")
        assert error["message"].startswith("Formulas are not read")

    @pytest.mark.parametrize(
        ("language", "words"), [("en", "人力资源, 旅游咨询"), ("zh-hans", "人力资源、旅游咨询")]
    )
    def test_lists_what_may_stand_in_a_cell_as_the_language_does(self, operator, language, words):
        data = rows_of(["内江甲有限公司", "甲", credit_code(900_001), None, "种菜"])

        with translation.override(language), pytest.raises(SpreadsheetErrors) as refused:
            import_enterprises(data=data, acting_user=operator)

        assert words in refused.value.errors[0]["message"]

    def test_an_error_in_one_cell_of_a_known_enterprise_hides_none_in_another(self, operator):
        import_enterprises(
            data=rows_of(["内江甲有限公司", "甲", credit_code(900_001)]), acting_user=operator
        )
        data = rows_of(["内江甲有限公司", "小甲", credit_code(900_001), None, "种菜"])

        with pytest.raises(SpreadsheetErrors) as refused:
            import_enterprises(data=data, acting_user=operator)

        assert list(cells_of(refused)) == ["B2", "E2"]

    def test_what_is_known_just_the_same_changes_nothing(self, operator):
        data = rows_of(["内江甲有限公司", "甲", credit_code(900_001), "阿甲", "呼叫中心", "王一"])
        import_enterprises(data=data, acting_user=operator)
        events = history_of(Enterprise).count()

        counts = import_enterprises(data=data, acting_user=operator)

        assert counts == (0, 1)
        assert history_of(Enterprise).count() == events

    def test_what_contradicts_is_refused_at_its_cell(self, operator):
        import_enterprises(
            data=rows_of(["内江甲有限公司", "甲", credit_code(900_001), None, "呼叫中心", "王一"]),
            acting_user=operator,
        )
        data = rows_of(["内江甲有限公司", "小甲", credit_code(900_001), "新甲", "电子商务", "王二"])

        with pytest.raises(SpreadsheetErrors) as refused:
            import_enterprises(data=data, acting_user=operator)

        assert sorted(cells_of(refused)) == ["B2", "D2", "E2", "F2"]

    @pytest.mark.parametrize(
        ("heads", "cell", "code"),
        [
            (["企业全称", "统一社会信用代码", "信用等级"], "C1", "unknown_column"),
            (["企业全称", "统一社会信用代码", "信用代码"], "C1", "column_twice"),
            (["企业全称", "简称"], "A1", "column_missing"),
        ],
    )
    def test_heads_that_are_unknown_repeated_or_missing_are_told(self, operator, heads, cell, code):
        with pytest.raises(SpreadsheetErrors) as refused:
            import_enterprises(data=workbook({"企业": [heads]}), acting_user=operator)

        assert cells_of(refused) == {cell: [code]}

    def test_of_several_sheets_one_must_be_called_so(self, operator):
        data = workbook({"甲": [["x"]], "乙": [["y"]]})

        with pytest.raises(SpreadsheetErrors) as refused:
            import_enterprises(data=data, acting_user=operator)

        assert refused.value.errors[0]["code"] == "sheet_missing"

    def test_a_file_that_is_no_workbook_is_refused(self, operator):
        with pytest.raises(NotAWorkbook):
            import_enterprises(data=b"<html>", acting_user=operator)
