"""The frame of the API's views: may this person, is it there, does it make sense, in this order.

A noun of the API says which rows there are (`rows`, already narrowed to the person, as `.values()`
of its queryset) and how they are shown (`present`). Lists, details and the answers to POST, PATCH
and actions are all made of these two, so that they cannot drift apart.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework.exceptions import ParseError
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from web.etags import etag, expected_version, fingerprint
from web.openapi import ApiSchema
from web.pagination import CursorPagination
from web.parsers import ExactJSONParser
from web.refusals import Refusal, Stale
from web.serializers import Body, Query

Row = dict[str, Any]
Rows = QuerySet[Any, Any]


class NamedPermission(BasePermission):
    """The view names the permission that each method needs; None: to be signed in is enough."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not request.user.is_authenticated:
            return False
        method = "GET" if request.method == "HEAD" else str(request.method)
        if method in view.permissions:
            needed = view.permissions[method]
            return needed is None or request.user.has_perm(needed)
        # What the view does not offer goes on to its 405; what it forgot to name stays shut.
        return method == "OPTIONS" or not hasattr(view, method.lower())


class ApiView(APIView):
    """A view of the API. What it says of itself here, its schema tells too (`web.openapi`)."""

    permission_classes = [NamedPermission]
    parser_classes = [ExactJSONParser]
    schema = ApiSchema()

    permissions: ClassVar[Mapping[str, str | None]] = {}
    renamed: ClassVar[Mapping[str, str]] = {}  # fields that a service calls by another name
    shape: ClassVar[type[Serializer] | PolymorphicProxySerializer]
    form: ClassVar[type[Body]]
    filters: ClassVar[type[Query]]

    @property
    def user(self) -> Any:
        """Who asks: signed in, when the view runs."""
        return self.request.user

    @property
    def default_response_headers(self) -> dict[str, str]:
        return {**super().default_response_headers, "Cache-Control": "private, no-cache"}

    def body(self, *, partial: bool = False) -> dict[str, Any]:
        """What was sent, checked by the view's form. `partial`: only what is there, for PATCH."""
        data = self.request.data
        if isinstance(data, QueryDict):  # nothing was sent, and it was called a form
            data = {}
        form = self.form(data=data, partial=partial, context={"user": self.user})
        try:
            form.is_valid(raise_exception=True)
        except RecursionError:
            raise ParseError(_("The body is not JSON that can be read.")) from None
        return form.validated_data

    def query(self) -> dict[str, Any]:
        """What the query string asks for, checked by the view's filters."""
        filters = self.filters(data=self.request.query_params)
        filters.is_valid(raise_exception=True)
        return filters.validated_data

    def handle_exception(self, exc: Exception) -> Response:
        """Name the fields of a refusal as the sender knows them."""
        if isinstance(exc, Refusal):
            for error in exc.errors:
                error["field"] = self.renamed.get(error["field"], error["field"])
        return super().handle_exception(exc)

    def address(self, name: str, *arguments: int | str) -> str:
        """The whole address of something in the API."""
        return self.request.build_absolute_uri(reverse(f"api:{name}", args=arguments))


class NounView(ApiView):
    """A view of one noun's rows."""

    detail_name: ClassVar[str]

    def rows(self) -> Rows:
        """The rows that this person may see, as dicts."""
        raise NotImplementedError

    def present(self, rows: Sequence[Row]) -> list[Row]:
        """`rows` as the API shows them, in a constant number of queries."""
        raise NotImplementedError

    def more(self, row: Row) -> Row:
        """What the detail of `row` shows beyond the list."""
        return {}

    def shown(self, pk: int, *, status: int = 200) -> Response:
        """The row `pk` as its detail, with its ETag; 404 where this person may not see it."""
        body, tag = self._one(pk)
        headers = {"ETag": tag}
        if status == 201:
            headers["Location"] = self.address(self.detail_name, pk)
        return Response(body, status, headers=headers)

    def must_exist(self, pk: int) -> None:
        """404 unless this person may see the row `pk`: before anything that was sent is judged."""
        if not self.rows().filter(pk=pk).exists():
            raise Http404

    def handle_exception(self, exc: Exception) -> Response:
        """Give whoever came late the newer values."""
        if not isinstance(exc, Stale):
            return super().handle_exception(exc)
        exc.extra["current"], tag = self._one(self.kwargs["pk"])
        response = super().handle_exception(exc)
        response.headers["ETag"] = tag
        return response

    def _one(self, pk: int) -> tuple[Row, str]:
        row = self.rows().filter(pk=pk).first()
        if row is None:
            raise Http404
        body = {**self.present([row])[0], **self.more(row)}
        return body, etag(row["version"]) if "version" in row else fingerprint(body)


class ListView(NounView):
    """A page of rows; `filters` by their `source` say which. A subclass may take POST.

    `row_shape`: what a row looks like, where details show more.
    """

    pagination_class = CursorPagination
    row_shape: ClassVar[type[Serializer] | None] = None
    ordering: ClassVar[tuple[str, ...]] = ("-id",)

    def get(self, request: Request) -> Response:
        """Give one page."""
        paginator = self.pagination_class()
        rows = self.narrowed(self.rows(), self.query())
        page = paginator.paginate_queryset(rows, request, view=self)
        return paginator.get_paginated_response(self.present(page))

    def narrowed(self, rows: Rows, wanted: Mapping[str, Any]) -> Rows:
        """Those of `rows` that are wanted."""
        return rows.filter(**wanted)

    @property
    def created(self) -> dict[Any, Any]:
        """What POST answers, for the schema."""
        return {"201": self.shape}


class DetailView(NounView):
    """One row. A subclass may take PATCH."""

    def get(self, request: Request, pk: int) -> Response:
        """Give the row."""
        return self.shown(pk)

    def patch_row(self, pk: int) -> Response:
        """Change the row as the subclass says in `change`; a subclass with PATCH calls this."""
        self.must_exist(pk)
        who = {"acting_user": self.user, "expected_version": expected_version(self.request)}
        self.change(pk, self.body(partial=True), **who)
        return self.shown(pk)

    def change(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        """Change the row `pk` by what was told."""
        raise NotImplementedError


class ActionView(NounView):
    """One step in the life of a row: POST, answered with the row as it is then."""

    def post(self, request: Request, pk: int) -> Response:
        """Take the step."""
        self.must_exist(pk)
        who = {"acting_user": self.user, "expected_version": expected_version(request)}
        self.act(pk, self.body(), **who)
        return self.shown(pk)

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        """Take the step with the row `pk`; `who`: acting_user and expected_version."""
        raise NotImplementedError
