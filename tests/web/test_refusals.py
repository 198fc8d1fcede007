"""A refusal that no view catches is said calmly, and nothing typed is lost."""

from typing import Any

import pytest
from django.test import Client
from django.utils.translation import gettext_lazy

from web.refusals import Invalid, NotFound, Refusal, Stale

HTMX = {"HX-Request": "true"}


class TestRefusal:
    def test_keeps_message_field_and_extra(self) -> None:
        refusal = Refusal("Not now.", field="start", extra={"month": "2024-01"})

        assert str(refusal) == "Not now."
        assert refusal.field == "start"
        assert refusal.errors == [{"field": "start", "code": "refused", "message": "Not now."}]
        assert refusal.extra == {"month": "2024-01"}

    def test_speaks_for_itself_without_a_message(self) -> None:
        assert str(NotFound())
        assert Stale(extra={"version": 3}).extra == {"version": 3}

    def test_takes_a_message_that_is_translated_later(self) -> None:
        assert str(Refusal(gettext_lazy("Back"))) in ("Back", "返回")

    def test_extra_never_hides_a_member_of_the_problem(self) -> None:
        assert Refusal("No.", extra={"status": 200}).as_problem()["status"] == 409

    @pytest.mark.parametrize(
        "errors",
        [
            {"seats": "Type a number.", "": ["Say why."]},
            [
                {"field": "seats", "code": "invalid", "message": "Type a number."},
                {"field": None, "code": "invalid", "message": "Say why."},
            ],
        ],
    )
    def test_invalid_is_made_of_field_errors(self, errors: Any) -> None:
        assert [(error["field"], error["message"]) for error in Invalid(errors).errors] == [
            ("seats", "Type a number."),
            (None, "Say why."),
        ]


@pytest.mark.urls("tests.web.urls")
class TestRefusalMiddleware:
    def test_shows_a_page_with_the_message_and_a_way_back(self) -> None:
        response = Client().get(
            "/page/taken/", headers={"Referer": "http://testserver/seats/?zone=C"}
        )

        assert response.status_code == 409
        assert "Choose other seats." in response.text
        assert 'href="http://testserver/seats/?zone=C"' in response.text

    def test_never_leads_to_another_site(self) -> None:
        response = Client().get("/page/taken/", headers={"Referer": "https://evil.example/"})

        assert "evil.example" not in response.text

    def test_carries_what_was_typed_and_no_secret(self) -> None:
        typed = {"note": '写了"一半"', "zones": ["A", "C"], "password1": "hidden-word"}

        response = Client().post("/page/busy/", typed)

        assert response.status_code == 503
        assert response.headers["Retry-After"] == "5"
        assert '<input type="hidden" name="note" value="写了&quot;一半&quot;">' in response.text
        assert response.text.count('name="zones"') == 2
        assert "hidden-word" not in response.text

    def test_answers_htmx_with_a_message_for_the_head_of_the_page(self) -> None:
        response = Client().post("/page/taken/", headers=HTMX)

        assert response.status_code == 409
        assert response.headers["HX-Retarget"] == "#messages"
        assert "<html" not in response.text
        assert "Choose other seats." in response.text

    def test_leaves_other_errors_alone(self) -> None:
        with pytest.raises(RuntimeError, match="the fault"):
            Client().get("/page/fault/")
