"""Fit-outs: opened, planned, their steps, their files."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from foundation import clock
from foundation.downloads import stored_file
from foundation.idempotency import once
from foundation.uploads import MEDIA_TYPES, checked_upload
from seats.models import FitOut, FitOutFile, FitOutRun, FitOutStage
from seats.serializers import fit_outs
from seats.services import fit_outs as services
from seats.services.fit_out_steps import take_step
from web.api import ActionView, ApiView, DetailView, ListView, NounView, Row, Rows
from web.negotiation import WhateverIsAccepted
from web.serializers import Body


class FitOutNoun(NounView):
    shape = fit_outs.FitOutDetailShape
    detail_name = "fit-out-detail"

    def rows(self) -> Rows:
        return fit_outs.fit_out_values(FitOut.objects.visible_to(self.user))

    def present(self, rows: Sequence[Row]) -> list[Row]:
        return fit_outs.fit_out_rows(rows, clock.today())

    def more(self, row: Row) -> Row:
        return {
            "milestones": fit_outs.milestone_rows(row["id"]),
            "files": fit_outs.file_rows(row["id"], self._file),
            "changes": fit_outs.change_rows(row["id"]),
        }

    def _file(self, pk: int, file_pk: int) -> str:
        return self.address("fit-out-file", pk, file_pk)


class FitOutList(FitOutNoun, ListView):
    """Fit-outs, newest first."""

    permissions = {"GET": "seats.view_fitout", "POST": "seats.add_fitout"}
    row_shape = fit_outs.FitOutShape
    filters = fit_outs.FitOutFilters
    form = fit_outs.NewFitOut
    renamed = {"spans": "runs", **{stage: f"planned.{stage}" for stage in FitOutStage.values}}

    def narrowed(self, rows: Rows, wanted: Mapping[str, Any]) -> Rows:
        wanted = dict(wanted)
        if zone := wanted.pop("zone", None):
            there = FitOutRun.objects.filter(
                fit_out=OuterRef("pk"), floor__building__zone__code=zone
            )
            rows = rows.filter(Exists(there))
        overdue = wanted.pop("overdue", None)
        if overdue is not None:
            late = FitOut.objects.overdue(clock.today()).values("pk")
            rows = rows.filter(pk__in=late) if overdue else rows.exclude(pk__in=late)
        return rows.filter(**wanted)

    @once
    def post(self, request: Request) -> Response:
        """Open a case."""
        case = services.open_fit_out(
            **self.body(), today=clock.today(), now=clock.now(), acting_user=self.user
        )
        return self.shown(case.pk, status=201)


class FitOutDetail(FitOutNoun, DetailView):
    """A fit-out."""

    permissions = {"GET": "seats.view_fitout"}


class FitOutDays(FitOutNoun, ActionView):
    """Plan the days of the milestones anew, all of them."""

    permissions = {"POST": "seats.decide_fitout"}
    form = fit_outs.PlannedDays

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        planned = {FitOutStage(stage): day for stage, day in told.items()}
        services.plan_days(fit_out_id=pk, planned=planned, **who)


class FitOutStep(FitOutNoun, ActionView):
    permissions = {"POST": "seats.decide_fitout"}
    form: ClassVar[type[Body]] = fit_outs.FitOutStepForm
    step: ClassVar[str]

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        told |= {"today": clock.today(), "now": clock.now()}
        take_step(fit_out_id=pk, step=self.step, **told, **who)


class EnterprisesStep(FitOutStep):
    permissions = {"POST": "seats.add_fitout"}


class FitOutSubmit(EnterprisesStep):
    """Hand in the plan: at least one file is there."""

    step = "submit"


class FitOutApprove(FitOutStep):
    """The plan is approved; next is the deposit."""

    step = "approve"


class FitOutSendBack(FitOutStep):
    """Ask for another plan; `note` says why."""

    step = "send_back"


class FitOutTakeDeposit(FitOutStep):
    """Record the deposit; 0 where none is asked for."""

    step = "take_deposit"
    form = fit_outs.FitOutMoneyForm


class FitOutStart(FitOutStep):
    """Record the start of the works; closes what is vacant, where the case says so."""

    step = "start"


class FitOutAskInspection(EnterprisesStep):
    """Ask for the inspection: the works are finished, or mended."""

    step = "ask_inspection"


class FitOutPassInspection(FitOutStep):
    """Record the inspection as passed."""

    step = "pass_inspection"


class FitOutFailInspection(FitOutStep):
    """Record what is to be mended, in `note`."""

    step = "fail_inspection"


class FitOutAccept(FitOutStep):
    """Record the acceptance; what the case closed is vacant again."""

    step = "accept"


class FitOutWithdraw(EnterprisesStep):
    """Take the case back before the deposit is paid; `note` says why."""

    step = "withdraw"


class FitOutCancel(FitOutStep):
    """Cancel a case that is not over; `note` says why."""

    step = "cancel"


class FitOutReturnDeposit(FitOutStep):
    """Record what was returned of the deposit of a case that is over; less needs a `note`."""

    step = "return_deposit"
    form = fit_outs.FitOutMoneyForm


class FitOutFiles(FitOutNoun, ActionView):
    """Keep a file with the case, at the milestone that it is at."""

    permissions = {"POST": "seats.add_fitout"}
    parser_classes = [MultiPartParser]
    form = fit_outs.FitOutUpload

    def body(self, *, partial: bool = False) -> dict[str, Any]:
        form = self.form(data=self.request.data, context={"user": self.user})
        form.is_valid(raise_exception=True)
        return form.validated_data

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        upload = checked_upload(told["file"])
        services.add_file(
            fit_out_id=pk, upload=upload, now=clock.now(), acting_user=who["acting_user"]
        )


class FitOutFileView(ApiView):
    """A file of a case, as it was sent. Accept is ignored; the ETag is the file's SHA-256."""

    permissions = {"GET": "seats.view_fitout"}
    content_negotiation_class = WhateverIsAccepted
    answers = {
        ("200", media_type): OpenApiTypes.BINARY for media_type in sorted(set(MEDIA_TYPES.values()))
    }

    def get(self, request: Request, pk: int, file_pk: int) -> HttpResponseBase:
        cases = FitOut.objects.visible_to(self.user).filter(pk=pk)
        row = FitOutFile.objects.filter(fit_out__in=cases, pk=file_pk).first()
        if row is None:
            raise Http404
        return stored_file(request, row, plain=f"fit-out-{pk}-{file_pk}")
