"""Enterprises through the API: found by code and by any of their names, added, changed."""

from datetime import date
from typing import Any

import pytest

from accounts.permissions import Role
from tenants.models import Contact, Enterprise
from tests.api.conftest import errors_of
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory, credit_code

pytestmark = pytest.mark.django_db

NEW: dict[str, Any] = {
    "credit_code": credit_code(7_654_321),
    "name": "内江迈睿信息技术有限公司",
    "short_name": "迈睿",
    "aliases": ["麦瑞", "迈瑞公司"],
    "origin": "成都",
    "industry_code": "6591",
    "registration_type": "domestic",
    "is_industry_top_100": True,
    "main_business": "customer_service",
    "contact": {"name": "李强", "phone": "0832-2000000"},
}


class TestCreate:
    def test_adds_an_enterprise(self, park, db):
        response = park.post("enterprises/", NEW)
        added = response.json()

        assert response.status_code == 201
        assert response.headers["ETag"] == '"1"'
        assert response.headers["Location"].endswith(f"/api/v1/enterprises/{added['id']}/")
        assert added == {
            "id": added["id"],
            **NEW,
            "state": "prospect",
            "parent_group": "",
            "is_fortune_500": False,
            "note": "",
            "contact": {"name": "李强", "title": "", "phone": "0832-2000000", "email": ""},
            "sample_fields": [],
            "source": "",
        }
        assert park.get(f"enterprises/{added['id']}/").json() == added

    def test_takes_the_beginning_of_the_name_for_a_short_name(self, park, db):
        added = park.post(
            "enterprises/", {"credit_code": NEW["credit_code"], "name": "长" * 60}
        ).json()

        assert added["short_name"] == "长" * 40

    @pytest.mark.parametrize(
        ("code", "reason"),
        [
            ("91511011MA", "invalid_length"),
            ("9151101XMA76543214", "invalid_format"),
            (NEW["credit_code"][:-1] + ("1" if NEW["credit_code"][-1] != "1" else "2"), None),
            ("", "blank"),
            (915110, "invalid"),
            (None, "null"),
            ("٩" * 18, "invalid_format"),
        ],
    )
    def test_refuses_a_credit_code_with_the_reason(self, park, db, code, reason):
        problem = park.post("enterprises/", {**NEW, "credit_code": code})

        assert (problem.status_code, problem.json()["code"]) == (400, "invalid")
        assert errors_of(problem) == {"credit_code": reason or "invalid_checksum"}

    def test_takes_a_code_as_people_type_it(self, park, db):
        typed = f" {NEW['credit_code'][:8]} {NEW['credit_code'][8:].lower()} "

        added = park.post("enterprises/", {**NEW, "credit_code": typed}).json()

        assert added["credit_code"] == NEW["credit_code"]

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"name": "别的公司", "aliases": []}, "credit_code"),
            ({"credit_code": credit_code(8), "aliases": []}, "name"),
            ({"credit_code": credit_code(8), "name": "别的公司"}, "aliases"),
        ],
    )
    def test_refuses_what_is_known_already(self, park, db, change, field):
        park.post("enterprises/", NEW)

        problem = park.post("enterprises/", {**NEW, **change})

        assert (problem.status_code, problem.json()["code"]) == (400, "invalid")
        assert errors_of(problem) == {field: "duplicate"}
        assert Enterprise.objects.count() == 1

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"name": " "}, "name"),
            ({"name": "长" * 121}, "name"),
            ({"short_name": ["迈睿"]}, "short_name"),
            ({"aliases": "麦瑞"}, "aliases"),
            ({"aliases": [5]}, "aliases[0]"),
            ({"is_fortune_500": "true"}, "is_fortune_500"),
            ({"main_business": "farming"}, "main_business"),
            ({"contact": "李强"}, "contact"),
            ({"contact": {"phone": "1"}}, "contact.name"),
            ({"contact": {"name": "李强", "email": "x"}}, "contact.email"),
            ({"contact": {"name": "李强", "fax": "1"}}, "contact.fax"),
            ({"state": "tenant"}, "state"),
            ({"version": 3}, "version"),
        ],
    )
    def test_refuses_by_name_what_makes_no_sense(self, park, db, change, field):
        problem = park.post("enterprises/", {**NEW, **change})

        assert problem.status_code == 400
        assert list(errors_of(problem)) == [field]

    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.OFFICIAL, Role.SYSTEM_ADMINISTRATOR])
    def test_is_not_for_everybody(self, as_role, role):
        assert as_role(role).post("enterprises/", {}).status_code == 403


class TestSee:
    def test_people_of_an_enterprise_see_their_own(self, firm, enterprise):
        other = EnterpriseFactory()

        assert [row["id"] for row in firm.get("enterprises/").json()["results"]] == [enterprise.pk]
        assert firm.get(f"enterprises/{other.pk}/").status_code == 404
        assert firm.get(f"enterprises/?credit_code={other.credit_code}").json()["results"] == []

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            (f"credit_code={NEW['credit_code']}", True),
            (f"credit_code={NEW['credit_code'].lower()}", True),
            (f"credit_code={credit_code(9)}", False),
            ("credit_code=nonsense", False),
            ("q=麦瑞", True),
            ("q=迈睿信息", True),
            ("q=mr", True),
            ("q=91511011MA7654", True),
            ("q=%25", False),
            ("q=_", False),
            ("state=prospect", True),
            ("state=tenant", False),
        ],
    )
    def test_are_found(self, park, db, query, found):
        park.post("enterprises/", NEW)

        rows = park.get(f"enterprises/?{query}").json()["results"]

        assert [row["short_name"] for row in rows] == (["迈睿"] if found else [])

    @pytest.mark.parametrize("query", ["q=%00", "state=gone", "credit_code=%00", "name=x"])
    def test_a_filter_that_makes_no_sense_is_refused(self, park, query):
        assert park.get(f"enterprises/?{query}").status_code == 400

    def test_a_tenant_is_whom_seats_were_given(self, park, enterprise):
        make_allocation(make_floor(), (1, 5), start=date(2024, 2, 1), to=enterprise)

        assert park.get(f"enterprises/{enterprise.pk}/").json()["state"] == "tenant"
        assert len(park.get("enterprises/?state=tenant").json()["results"]) == 1

    def test_come_by_name_as_pinyin_sorts_them(self, park, db):
        for name in ["诚伯", "阿里", "博特", "A公司"]:
            EnterpriseFactory(short_name=name)

        rows = park.get("enterprises/").json()["results"]

        assert [row["short_name"] for row in rows] == ["A公司", "阿里", "博特", "诚伯"]

    def test_lists_take_a_constant_number_of_queries(self, park, django_assert_num_queries):
        EnterpriseFactory()
        park.get("enterprises/")
        EnterpriseFactory.create_batch(5)

        with django_assert_num_queries(2):
            assert len(park.get("enterprises/").json()["results"]) == 6

    def test_pages_do_not_lose_those_of_one_name(self, park, db):
        for _number in range(5):
            EnterpriseFactory(short_name="同名")

        ids, address = [], "enterprises/?page_size=2"
        while address:
            page = park.get(address).json()
            ids += [row["id"] for row in page["results"]]
            address = page["next"]

        assert len(ids) == len(set(ids)) == 5


class TestChange:
    @pytest.fixture
    def known(self, park):
        return park.post("enterprises/", NEW).json()

    def test_changes_only_what_is_told(self, park, known):
        response = park.patch(
            f"enterprises/{known['id']}/", {"origin": "重庆", "aliases": ["麦瑞"]}, If_Match='"1"'
        )

        assert response.json() == {**known, "origin": "重庆", "aliases": ["麦瑞"]}
        assert response.headers["ETag"] == '"2"'

    def test_changes_business_and_contact(self, park, known):
        changed = park.patch(
            f"enterprises/{known['id']}/", {"main_business": "other", "contact": None}
        ).json()

        assert (changed["main_business"], changed["contact"]) == ("other", None)

    def test_takes_a_contact_as_a_whole(self, park, known):
        address = f"enterprises/{known['id']}/"
        assert errors_of(park.patch(address, {"contact": {"phone": "1"}})) == {
            "contact.name": "required"
        }

        changed = park.patch(address, {"contact": {"name": "赵敏"}}).json()

        assert changed["contact"] == {"name": "赵敏", "title": "", "phone": "", "email": ""}

    def test_gives_the_newer_values_to_who_comes_late(self, park, known):
        park.patch(f"enterprises/{known['id']}/", {"origin": "重庆"}, If_Match='"1"')

        problem = park.patch(f"enterprises/{known['id']}/", {"origin": "北京"}, If_Match='"1"')

        assert problem.status_code == 412
        assert problem.json()["current"]["origin"] == "重庆"

    def test_refuses_the_code_of_another(self, park, known):
        other = EnterpriseFactory()

        problem = park.patch(f"enterprises/{known['id']}/", {"credit_code": other.credit_code})

        assert errors_of(problem) == {"credit_code": "duplicate"}

    def test_refuses_what_cannot_be_changed(self, park, known):
        assert errors_of(park.patch(f"enterprises/{known['id']}/", {"id": 5, "state": "left"})) == {
            "id": "unknown",
            "state": "unknown",
        }

    def test_is_not_for_the_enterprise_itself(self, firm, enterprise):
        assert firm.patch(f"enterprises/{enterprise.pk}/", {"name": ""}).status_code == 403


class TestWhatIsForThePark:
    NOTE = "付款拖延，暂不扩租"

    @pytest.fixture
    def noted(self, enterprise):
        enterprise.note = self.NOTE
        enterprise.save(update_fields=["note"])
        Contact.objects.create(
            enterprise=enterprise, name="王芳", phone="13812345678", email="wang@example.test"
        )
        return enterprise

    def read(self, program, enterprise):
        (listed,) = program.get(f"enterprises/?credit_code={enterprise.credit_code}").json()[
            "results"
        ]
        assert program.get(f"enterprises/{enterprise.pk}/").json() == listed
        return listed["note"], listed["contact"]["phone"], listed["contact"]["email"]

    def test_its_note_is_not_shown_to_the_enterprise(self, park, firm, noted):
        assert self.read(park, noted) == (self.NOTE, "13812345678", "wang@example.test")
        assert self.read(firm, noted) == ("", "13812345678", "wang@example.test")

    def test_numbers_are_masked_for_who_calls_nobody(self, as_role, noted):
        auditor = as_role(Role.AUDITOR)

        assert self.read(auditor, noted) == (self.NOTE, "138 **** 5678", "w***@example.test")

    def test_an_address_too_long_is_named(self, park, enterprise):
        long = f"{'x' * 60}@{'y' * 60}.{'z' * 60}.{'z' * 60}.{'z' * 60}.example"

        problem = park.patch(
            f"enterprises/{enterprise.pk}/", {"contact": {"name": "王芳", "email": long}}
        )

        assert errors_of(problem) == {"contact.email": "max_length"}
