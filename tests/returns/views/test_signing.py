"""Signing a return: looked at once more, then submitted with a name."""

from decimal import Decimal

import pytest
from django.urls import reverse

from returns import services
from returns.models import ReturnState
from tests.desk import text_of
from tests.factories.accounts import UserFactory
from tests.factories.returns import submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


class TestSigning:
    @pytest.fixture
    def full(self, draft, now):
        return services.save_draft(
            return_id=draft.pk,
            figures={"revenue": Decimal(21_000_000)},
            now=now,
            acting_user=UserFactory(),
        )

    def sign(self, desk, row, **typed):
        page = desk.get("returns:return-submit", row.pk)
        sent = {"version": page.context["form"]["version"].value(), "signer": "孙丽", **typed}
        return desk.post("returns:return-submit", row.pk, **sent)

    def test_shows_the_figures_and_submits_them_signed(self, firm, full):
        page = firm.get("returns:return-submit", full.pk)
        assert page.context["form"]["signer"].value() == "孙丽"
        assert "reason" not in page.context["form"].fields
        assert "2,100.00" in text_of(page)

        answer = self.sign(firm, full)

        full.refresh_from_db()
        assert full.state == ReturnState.SUBMITTED
        assert full.revisions.get().signer == "孙丽"
        assert "The return for January 2024 was submitted." in text_of(firm.follow(answer.url))

    def test_asks_who_signs(self, firm, full):
        page = self.sign(firm, full, signer="  ")

        assert page.context["form"].errors == {"signer": ["This field is required."]}

    def test_asks_for_the_reason_of_a_correction(self, firm, full, now):
        submit(full)
        services.correct_return(return_id=full.pk, now=now, acting_user=firm.user)

        page = self.sign(firm, full)
        assert page.context["form"].errors == {"reason": ["This field is required."]}

        self.sign(firm, full, reason="补记一笔")
        assert full.revisions.get(number=2).reason == "补记一笔"

    def test_figures_that_changed_meanwhile_are_looked_at_first(self, firm, full, now):
        seen = firm.get("returns:return-submit", full.pk).context["form"]["version"].value()
        services.save_draft(
            return_id=full.pk, figures={"headcount": 999}, now=now, acting_user=UserFactory()
        )

        page = firm.post("returns:return-submit", full.pk, version=seen, signer="李娜")

        assert "Somebody changed this while you were working on it." in text_of(page)
        assert "999" in text_of(page)
        assert page.context["form"]["signer"].value() == "李娜"
        full.refresh_from_db()
        assert full.state == ReturnState.DRAFT

        again = page.context["form"]["version"].value()
        firm.post("returns:return-submit", full.pk, version=again, signer="李娜")
        full.refresh_from_db()
        assert full.state == ReturnState.SUBMITTED

    def test_the_button_pressed_twice_submits_once(self, firm, full):
        self.sign(firm, full)

        answer = firm.post("returns:return-submit", full.pk, version=full.version, signer="孙丽")

        assert answer.url == reverse("returns:return-detail", args=[full.pk])
        assert full.revisions.count() == 1

    def test_what_the_park_files_says_so(self, park, firm, full):
        page = park.get("returns:return-submit", full.pk)
        assert "The park files this for the enterprise." in text_of(page)
        assert page.context["form"]["signer"].value() == ""

        self.sign(park, full)

        assert "filed by the park" in text_of(firm.get("returns:return-detail", full.pk))

    def test_what_the_enterprise_files_does_not(self, firm, full):
        self.sign(firm, full)

        assert "filed by the park" not in text_of(firm.get("returns:return-detail", full.pk))
