"""Lists in parts: cursors for programs, numbered pages for people."""

from collections.abc import Iterator, Sequence
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.paginator import Paginator
from django.db import DataError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework import exceptions, pagination
from rest_framework.request import Request

Row = TypeVar("Row")

PAGE_SIZE = 50


class CursorPagination(pagination.CursorPagination):
    """{"next", "previous", "results"}, also of `.values()` dicts.

    A view may set `ordering`; without it the queryset's own order counts, else `id`. The first
    field of the order must be in the row.
    """

    page_size = PAGE_SIZE
    page_size_query_param = "page_size"
    max_page_size = 1000
    ordering = ("id",)

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        own = getattr(queryset, "query", None)
        ordering = getattr(view, "ordering", None) or getattr(own, "order_by", ()) or self.ordering
        return (ordering,) if isinstance(ordering, str) else tuple(ordering)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (exceptions.NotFound, ValueError, DjangoValidationError, DataError):
            if self.cursor_query_param not in request.query_params:
                raise
            # Somebody changed the cursor: its position does not fit the field it is compared with.
            raise exceptions.ValidationError(
                {self.cursor_query_param: [_('Take the cursor from "next" or "previous".')]}
            ) from None


class Page(Generic[Row]):
    """One page of a list for people, with links that keep the filters.

    `for row in page`; `page.count` for the head of the list; `{% pager page %}` for its foot.
    Counting is one query: right for lists of thousands. A page number that makes no sense is the
    nearest page that exists.
    """

    def __init__(
        self,
        request: HttpRequest,
        rows: "QuerySet[Any, Row] | Sequence[Row]",
        *,
        size: int = PAGE_SIZE,
        parameter: str = "page",
    ) -> None:
        self._query = request.GET.copy()
        self._parameter = parameter
        self._page = Paginator(rows, size).get_page(request.GET.get(parameter))

    def __iter__(self) -> Iterator[Row]:
        return iter(self._page.object_list)

    def __len__(self) -> int:
        return len(self._page.object_list)

    def __bool__(self) -> bool:
        return self.count > 0

    @property
    def count(self) -> int:
        """All rows of the list, on whatever page."""
        return self._page.paginator.count

    @property
    def number(self) -> int:
        return self._page.number

    @property
    def pages(self) -> int:
        return self._page.paginator.num_pages

    @property
    def first(self) -> int:
        """The number of the first row on this page, from 1."""
        return self._page.start_index()

    @property
    def last(self) -> int:
        return self._page.end_index()

    @property
    def previous_url(self) -> str | None:
        return self.url(self.number - 1) if self._page.has_previous() else None

    @property
    def next_url(self) -> str | None:
        return self.url(self.number + 1) if self._page.has_next() else None

    def url(self, number: int) -> str:
        """Give the address of page ``number`` with the same filters."""
        query = self._query.copy()
        query[self._parameter] = str(number)
        return f"?{query.urlencode()}"
