"""Enterprises, by id or by credit code."""

from collections.abc import Mapping, Sequence
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from stdnum.cn import uscc

from foundation import clock
from foundation.idempotency import once
from tenants import serializers
from tenants.models import Enterprise
from tenants.services import add_enterprise, edit_enterprise
from web.api import DetailView, ListView, NounView, Row, Rows


class EnterpriseNoun(NounView):
    shape = serializers.EnterpriseShape
    detail_name = "enterprise-detail"

    def rows(self) -> Rows:
        enterprises = Enterprise.objects.visible_to(self.user)
        return serializers.enterprise_values(enterprises.with_state(clock.today()))

    def present(self, rows: Sequence[Row]) -> list[Row]:
        return [serializers.enterprise_row(row, self.user) for row in rows]


class EnterpriseList(EnterpriseNoun, ListView):
    """Enterprises by name, as pinyin sorts them. People of an enterprise see their own."""

    permissions = {"GET": "tenants.view_enterprise", "POST": "tenants.add_enterprise"}
    filters = serializers.EnterpriseFilters
    form = serializers.NewEnterprise
    ordering = ("pinyin", "id")

    def narrowed(self, rows: Rows, wanted: Mapping[str, Any]) -> Rows:
        wanted = dict(wanted)
        if words := wanted.pop("q", None):
            rows = rows.matching(words)  # type: ignore[attr-defined]
        if code := wanted.pop("credit_code", None):
            rows = rows.filter(credit_code=uscc.compact(code))
        return rows.filter(**wanted)

    @once
    def post(self, request: Request) -> Response:
        """Add an enterprise."""
        enterprise = add_enterprise(acting_user=self.user, **self.body())
        return self.shown(enterprise.pk, status=201)


class EnterpriseDetail(EnterpriseNoun, DetailView):
    """An enterprise."""

    permissions = {"GET": "tenants.view_enterprise", "PATCH": "tenants.change_enterprise"}
    form = serializers.EnterpriseChange

    def patch(self, request: Request, pk: int) -> Response:
        """Change what is known of it. A value that is given is no sample value any more."""
        return self.patch_row(pk)

    def change(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        edit_enterprise(enterprise_id=pk, **told, **who)
