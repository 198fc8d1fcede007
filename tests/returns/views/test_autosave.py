"""The form saves while one types, beside others who type too."""

from decimal import Decimal

import pytest
from django.urls import reverse

from park.services import close_month
from tests.desk import Desk, text_of
from tests.factories.returns import JANUARY, submit
from tests.factories.tenants import make_member
from tests.returns.views.conftest import carried, fill

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


class TestAutosave:
    def test_saves_and_answers_with_the_parts_that_changed(self, firm, draft):
        sent = carried(firm.get("returns:return-edit", draft.pk))

        page = firm.autosave(
            "returns:return-edit", draft.pk, **sent | {"revenue": "21600000", "headcount": "505"}
        )

        html = page.content.decode()
        draft.refresh_from_db()
        assert draft.revenue == 216_000_000_000
        assert html.lstrip().startswith('<div id="return-saved"')
        assert "Saved 10:00:00" in text_of(page)
        for part in ("known-revenue", "return-toc", "return-year", "notice-revenue"):
            assert f'id="{part}"' in html
        assert 'id="notice-age"' not in html, "nothing is said there, as before"
        assert "<html" not in html

    def test_the_next_save_knows_what_was_saved(self, firm, draft):
        sent = carried(firm.get("returns:return-edit", draft.pk))
        first = firm.autosave(
            "returns:return-edit", draft.pk, **sent | {"headcount": "505", "joined": "1"}
        )

        second = firm.autosave(
            "returns:return-edit",
            draft.pk,
            **carried(first) | {"headcount": "505", "joined": "12"},
        )

        draft.refresh_from_db()
        assert draft.joined == 12
        assert not second.context["sheet"].form.clashes

    def test_what_is_stored_already_is_not_saved_again(self, firm, draft):
        """A save that comes late, after the one that led on to the signature, changes nothing."""
        sent = carried(firm.get("returns:return-edit", draft.pk)) | {"headcount": "509"}
        firm.autosave("returns:return-edit", draft.pk, **sent)
        draft.refresh_from_db()
        version = draft.version

        page = firm.autosave("returns:return-edit", draft.pk, **sent)

        draft.refresh_from_db()
        assert draft.version == version
        assert 'id="known-headcount"' in page.content.decode()

    def test_two_people_fill_in_two_sections(self, firm, enterprise, draft):
        colleague = Desk(make_member(enterprise, is_manager=False, name="陈蓉"))
        mine = carried(firm.get("returns:return-edit", draft.pk))
        theirs = carried(colleague.get("returns:return-edit", draft.pk))

        firm.autosave(
            "returns:return-edit", draft.pk, **mine | {"headcount": "505", "revenue": "2"}
        )
        page = colleague.autosave("returns:return-edit", draft.pk, **theirs | {"headcount": "509"})

        draft.refresh_from_db()
        assert (draft.revenue, draft.headcount) == (Decimal("20000.00"), 509)
        assert page.context["sheet"].form.clashes == []

    def test_who_types_over_the_same_figure_is_told_and_may_insist(self, firm, enterprise, draft):
        colleague = Desk(make_member(enterprise, is_manager=False, name="陈蓉"))
        theirs = carried(colleague.get("returns:return-edit", draft.pk))
        fill(firm, draft, headcount="716")

        page = colleague.autosave(
            "returns:return-edit", draft.pk, **theirs | {"headcount": "510", "left": "3"}
        )

        draft.refresh_from_db()
        assert (draft.headcount, draft.left) == (716, 3)
        assert "somebody else saved 716 meanwhile" in text_of(page)

        again = carried(page) | {"headcount": "510", "left": "3"}
        colleague.autosave("returns:return-edit", draft.pk, **again)

        draft.refresh_from_db()
        assert draft.headcount == 510

    def test_says_that_the_month_was_closed_meanwhile(self, firm, draft, operator, now, today):
        sent = carried(firm.get("returns:return-edit", draft.pk))
        close_month(month=JANUARY, now=now, today=today, acting_user=operator)

        page = firm.autosave("returns:return-edit", draft.pk, **sent | {"headcount": "500"})

        assert page.status_code == 200
        assert "January 2024 is closed. To correct it, the park reopens it first." in text_of(page)

    def test_goes_to_the_return_where_it_was_submitted_meanwhile(self, firm, draft):
        fill(firm, draft, revenue="2,000")
        submit(draft)

        page = firm.autosave("returns:return-edit", draft.pk, headcount="1")

        detail = reverse("returns:return-detail", args=[draft.pk])
        assert page.headers["HX-Redirect"] == detail
