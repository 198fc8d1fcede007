"""The page of exports: what was taken, and what the workbook that is being chosen would hold."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from django.http import QueryDict

from accounts.requests import UserRequest
from foundation.months import add_months, month_of
from reports.exports.layout import Workbook, workbook
from reports.exports.periods import Length, Period
from reports.forms import ExportForm
from reports.models import ExportKind, StatisticsExport
from reports.services.exporting import period_of
from returns.models import MonthlyReturn
from returns.owing import owing
from web.forms import add_refusal
from web.pagination import Page
from web.refusals import Invalid


class ExportDesk:
    """What the page shows to whoever asks. `typed`: a choice to look at; `form`: one refused."""

    def __init__(
        self,
        request: UserRequest,
        typed: QueryDict | None = None,
        form: ExportForm | None = None,
        *,
        today: date,
    ) -> None:
        self.user = request.user
        self.today = today
        exports = StatisticsExport.objects.visible_to(self.user)
        rows = exports.select_related("enterprise", "made_by").order_by("-data_as_of", "-pk")
        self.page = Page(request, rows, size=20)
        self.form = form or self._form(typed or QueryDict())
        self.period = self._period()

    @property
    def may_export(self) -> bool:
        return self.user.has_perm("reports.export_statistics")

    @property
    def workbooks(self) -> list[Workbook]:
        """Those that this person may take."""
        is_of_park = self.user.has_perm("reports.view_every_statisticsexport")
        kinds = list(ExportKind) if is_of_park else [ExportKind.COMMERCE]
        return [workbook(kind) for kind in kinds]

    @property
    def workbook(self) -> Workbook:
        """The one that is chosen; call it where there is a period."""
        return workbook(self.form.told["kind"])

    @cached_property
    def counts(self) -> tuple[int, int]:
        """How many of the returns of the chosen period are filed, and how many are owed."""
        if self.period is None:
            return 0, 0
        enterprise = self.form.told["enterprise"]
        owed = {
            (firm, month)
            for month, firms in owing(self.period.months).items()
            for firm in firms
            if enterprise is None or firm == enterprise.pk
        }
        rows = MonthlyReturn.objects.filed().filter(month__in=self.period.months)
        filed = owed & set(rows.values_list("enterprise", "month"))
        return len(filed), len(owed)

    @property
    def can_be_downloaded(self) -> set[int]:
        """The ids of those on the page whose file is still there for this person."""
        return {one.pk for one in self.page if one.file and one.made_by_id == self.user.pk}

    def _form(self, typed: QueryDict) -> ExportForm:
        if "month" in typed:
            return ExportForm(typed, user=self.user)
        last = add_months(month_of(self.today), -1)
        usual = {"month": last, "length": Length.MONTH, "kind": ExportKind.COMMERCE}
        return ExportForm(user=self.user, initial=usual)

    def _period(self) -> Period | None:
        """The period that is chosen and can be exported; else None, and the form says why."""
        if not self.form.is_bound or not self.form.is_valid():
            return None
        told = self.form.told
        try:
            period = period_of(
                kind=told["kind"],
                length=told["length"],
                month=told["month"],
                today=self.today,
            )
        except Invalid as refusal:
            add_refusal(self.form, refusal)
            return None
        return period.to_date if told["kind"] == ExportKind.ZONE else period
