"""Lists in parts."""

from base64 import b64encode
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client, RequestFactory

from web.pagination import Page


@pytest.mark.django_db
@pytest.mark.urls("tests.web.urls")
class TestCursorPagination:
    def get(self, path: str) -> Any:
        return Client().get(path).json()

    def test_walks_through_plain_rows_and_back(self) -> None:
        ids = list(Permission.objects.order_by("id").values_list("id", flat=True))

        first = self.get("/api/v1/permissions/?page_size=5")
        second = self.get(first["next"])
        back = self.get(second["previous"])

        assert [row["id"] for row in first["results"]] == ids[:5]
        assert [row["id"] for row in second["results"]] == ids[5:10]
        assert back["results"] == first["results"]
        assert first["previous"] is None

    def test_every_row_comes_once(self) -> None:
        seen, url = [], "/api/v1/permissions-by-name/?page_size=7"

        while url:
            answer = self.get(url)
            seen += [row["id"] for row in answer["results"]]
            url = answer["next"]

        assert len(seen) == len(set(seen)) == Permission.objects.count()

    @pytest.mark.parametrize(("asked", "given"), [("0", 50), ("x", 50), ("3", 3)])
    def test_page_size_has_a_default(self, asked: str, given: int) -> None:
        assert len(self.get(f"/api/v1/permissions/?page_size={asked}")["results"]) == given

    @pytest.mark.parametrize("cursor", ["nonsense", b64encode(b"p=abc").decode(), "%F0", ""])
    def test_a_changed_cursor_is_refused(self, cursor: str) -> None:
        response = Client().get("/api/v1/permissions/", {"cursor": cursor, "page_size": "5"})

        if response.status_code == 200:
            assert cursor == ""
        else:
            assert response.status_code == 400
            assert response.json()["errors"][0]["field"] == "cursor"


class TestPage:
    def page(self, query: str = "", rows: int = 812) -> Page[int]:
        return Page(RequestFactory().get(f"/tenants/?{query}"), range(1, rows + 1))

    def test_knows_its_rows(self) -> None:
        page = self.page("page=3")

        assert next(iter(page)) == page.first == 101
        assert page.last == 150
        assert len(page) == 50
        assert page.count == 812
        assert page.pages == 17

    def test_links_keep_the_filters(self) -> None:
        page = self.page("zone=C&zone=D&page=2")

        assert page.next_url == "?zone=C&zone=D&page=3"
        assert page.previous_url == "?zone=C&zone=D&page=1"

    @pytest.mark.parametrize(("asked", "given"), [("0", 17), ("99", 17), ("x", 1), ("", 1)])
    def test_is_the_nearest_page_that_exists(self, asked: str, given: int) -> None:
        assert self.page(f"page={asked}").number == given

    def test_nothing_is_one_empty_page(self) -> None:
        page = self.page(rows=0)

        assert not page
        assert list(page) == []
        assert page.next_url is None
        assert page.previous_url is None
