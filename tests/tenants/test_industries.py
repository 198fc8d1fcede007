"""Industries: the code that people type, the class and the section that it stands for."""

import pytest
from django.db.utils import IntegrityError
from django.utils import translation

from tenants.industries import clean_industry_code, industries, industry_name, section_of, sections
from tenants.models import Enterprise
from tenants.services.enterprises import edit_enterprise
from tests.factories.tenants import EnterpriseFactory
from web.refusals import Invalid


class TestCode:
    @pytest.mark.parametrize(
        "typed", ["6591", " 6591 ", "６５９１", "6591 呼叫中心", "I6591", "6591呼叫中心"]
    )
    def test_is_found_however_it_is_typed(self, typed):
        assert clean_industry_code(typed) == "6591"

    def test_may_be_left_out(self):
        assert clean_industry_code("  ") == ""

    @pytest.mark.parametrize("typed", ["659", "65911", "呼叫中心", "9999", "0000", "=6591"])
    def test_is_refused_where_it_is_none(self, typed):
        with pytest.raises(Invalid) as refusal:
            clean_industry_code(typed)
        assert refusal.value.errors[0]["field"] == "industry_code"

    # From the table of contents of GB/T 4754-2017
    @pytest.mark.parametrize(
        ("code", "section"),
        [
            ("0111", "A"),
            ("4390", "C"),
            ("5292", "F"),
            ("6020", "G"),
            ("6311", "I"),
            ("6599", "I"),
            ("6940", "J"),
            ("7010", "K"),
            ("7110", "L"),
            ("7299", "L"),
            ("7590", "M"),
            ("8399", "P"),
            ("8411", "Q"),
            ("9053", "R"),
            ("9700", "T"),
            ("9800", ""),
        ],
    )
    def test_stands_in_its_section(self, code, section):
        assert section_of(code) == section


class TestNames:
    def test_of_a_class_in_both_languages(self):
        with translation.override("zh-hans"):
            assert industry_name("6591") == "呼叫中心"
        with translation.override("en"):
            assert industry_name("6591") == "Call centres"

    def test_of_a_class_without_a_name_here_is_that_of_its_section(self):
        with translation.override("zh-hans"):
            assert industry_name("8311") == "教育"

    def test_every_division_from_01_to_97_is_in_one_section(self):
        assert all(section_of(f"{number:02d}00") for number in range(1, 98))
        assert len(sections()) == 20
        assert all(section_of(code) and len(code) == 4 for code in industries())


@pytest.mark.django_db
class TestEnterprise:
    def test_keeps_it_and_is_no_sample_there_any_more(self, operator):
        firm = EnterpriseFactory(industry_code="6550", sample_fields=["industry_code"])

        edit_enterprise(
            enterprise_id=firm.pk,
            industry_code="6591 呼叫中心",
            registration_type="foreign",
            acting_user=operator,
        )

        firm.refresh_from_db()
        assert (firm.industry_code, firm.registration_type) == ("6591", "foreign")
        assert firm.sample_fields == []

    def test_refuses_what_is_no_code_and_changes_nothing(self, operator):
        firm = EnterpriseFactory(industry_code="6550")

        with pytest.raises(Invalid):
            edit_enterprise(
                enterprise_id=firm.pk, industry_code="call", origin="成都", acting_user=operator
            )

        firm.refresh_from_db()
        assert (firm.industry_code, firm.origin) == ("6550", "")

    @pytest.mark.parametrize(
        "facts", [{"industry_code": "65"}, {"industry_code": "65a1"}, {"registration_type": "x"}]
    )
    def test_the_database_keeps_the_form(self, facts):
        with pytest.raises(IntegrityError):
            Enterprise.objects.filter(pk=EnterpriseFactory().pk).update(**facts)
