"""API addresses of the place, of who holds, lends and asks for which seats."""

from django.urls import path

from seats.api import (
    allocations,
    changes,
    fit_outs,
    floor_map,
    floors,
    handovers,
    loans,
    occupancy,
    place,
    plans,
    requests,
    seat_map,
    steps,
)

urlpatterns = [
    path("zones/", place.ZoneList.as_view(), name="zone-list"),
    path("zones/<int:pk>/", place.ZoneDetail.as_view(), name="zone-detail"),
    path("buildings/", place.BuildingList.as_view(), name="building-list"),
    path("buildings/<int:pk>/", place.BuildingDetail.as_view(), name="building-detail"),
    path("floors/", place.FloorList.as_view(), name="floor-list"),
    path("floors/<int:pk>/", place.FloorDetail.as_view(), name="floor-detail"),
    path("floors/<int:pk>/map/", floor_map.FloorMap.as_view(), name="floor-map"),
    path("floors/<int:pk>/delay/", floors.FloorDelay.as_view(), name="floor-delay"),
    path("floors/<int:pk>/deliver/", floors.FloorDeliver.as_view(), name="floor-deliver"),
    path("occupancy/", occupancy.OccupancyView.as_view(), name="occupancy"),
    path("seat-days/", occupancy.SeatDaysView.as_view(), name="seat-days"),
    path("free-runs/", occupancy.FreeRunsView.as_view(), name="free-runs"),
    path("seat-plans/", plans.SeatPlansView.as_view(), name="seat-plans"),
    path("seat-map/", seat_map.SeatMapView.as_view(), name="seat-map"),
    path("seat-map/legend/", seat_map.SeatMapLegendView.as_view(), name="seat-map-legend"),
    path("seat-requests/", requests.RequestList.as_view(), name="seat-request-list"),
    path("seat-requests/<int:pk>/", requests.RequestDetail.as_view(), name="seat-request-detail"),
    path(
        "seat-requests/<int:pk>/submit/",
        steps.RequestSubmit.as_view(),
        name="seat-request-submit",
    ),
    path(
        "seat-requests/<int:pk>/withdraw/",
        steps.RequestWithdraw.as_view(),
        name="seat-request-withdraw",
    ),
    path(
        "seat-requests/<int:pk>/take-up/",
        steps.RequestTakeUp.as_view(),
        name="seat-request-take-up",
    ),
    path(
        "seat-requests/<int:pk>/hand-over/",
        steps.RequestHandOver.as_view(),
        name="seat-request-hand-over",
    ),
    path(
        "seat-requests/<int:pk>/send-back/",
        steps.RequestSendBack.as_view(),
        name="seat-request-send-back",
    ),
    path(
        "seat-requests/<int:pk>/reject/",
        steps.RequestReject.as_view(),
        name="seat-request-reject",
    ),
    path(
        "seat-requests/<int:pk>/approve/",
        steps.RequestApprove.as_view(),
        name="seat-request-approve",
    ),
    path(
        "seat-requests/<int:pk>/offer/",
        steps.RequestOffer.as_view(),
        name="seat-request-offer",
    ),
    path(
        "seat-requests/<int:pk>/recall/",
        steps.RequestRecall.as_view(),
        name="seat-request-recall",
    ),
    path(
        "seat-requests/<int:pk>/accept/",
        steps.RequestAccept.as_view(),
        name="seat-request-accept",
    ),
    path(
        "seat-requests/<int:pk>/decline/",
        steps.RequestDecline.as_view(),
        name="seat-request-decline",
    ),
    path(
        "seat-requests/<int:pk>/fulfil/",
        steps.RequestFulfil.as_view(),
        name="seat-request-fulfil",
    ),
    path("allocations/", allocations.AllocationList.as_view(), name="allocation-list"),
    path("allocations/<int:pk>/", allocations.AllocationDetail.as_view(), name="allocation-detail"),
    path(
        "allocations/<int:pk>/release/",
        changes.AllocationRelease.as_view(),
        name="allocation-release",
    ),
    path(
        "allocations/<int:pk>/confirm/",
        allocations.AllocationConfirm.as_view(),
        name="allocation-confirm",
    ),
    path("fit-outs/", fit_outs.FitOutList.as_view(), name="fit-out-list"),
    path("fit-outs/<int:pk>/", fit_outs.FitOutDetail.as_view(), name="fit-out-detail"),
    path("fit-outs/<int:pk>/days/", fit_outs.FitOutDays.as_view(), name="fit-out-days"),
    path("fit-outs/<int:pk>/files/", fit_outs.FitOutFiles.as_view(), name="fit-out-files"),
    path(
        "fit-outs/<int:pk>/files/<int:file_pk>/",
        fit_outs.FitOutFileView.as_view(),
        name="fit-out-file",
    ),
    path(
        "fit-outs/<int:pk>/submit/",
        fit_outs.FitOutSubmit.as_view(),
        name="fit-out-submit",
    ),
    path(
        "fit-outs/<int:pk>/approve/",
        fit_outs.FitOutApprove.as_view(),
        name="fit-out-approve",
    ),
    path(
        "fit-outs/<int:pk>/send-back/",
        fit_outs.FitOutSendBack.as_view(),
        name="fit-out-send-back",
    ),
    path(
        "fit-outs/<int:pk>/take-deposit/",
        fit_outs.FitOutTakeDeposit.as_view(),
        name="fit-out-take-deposit",
    ),
    path(
        "fit-outs/<int:pk>/start/",
        fit_outs.FitOutStart.as_view(),
        name="fit-out-start",
    ),
    path(
        "fit-outs/<int:pk>/ask-inspection/",
        fit_outs.FitOutAskInspection.as_view(),
        name="fit-out-ask-inspection",
    ),
    path(
        "fit-outs/<int:pk>/pass-inspection/",
        fit_outs.FitOutPassInspection.as_view(),
        name="fit-out-pass-inspection",
    ),
    path(
        "fit-outs/<int:pk>/fail-inspection/",
        fit_outs.FitOutFailInspection.as_view(),
        name="fit-out-fail-inspection",
    ),
    path(
        "fit-outs/<int:pk>/accept/",
        fit_outs.FitOutAccept.as_view(),
        name="fit-out-accept",
    ),
    path(
        "fit-outs/<int:pk>/withdraw/",
        fit_outs.FitOutWithdraw.as_view(),
        name="fit-out-withdraw",
    ),
    path(
        "fit-outs/<int:pk>/cancel/",
        fit_outs.FitOutCancel.as_view(),
        name="fit-out-cancel",
    ),
    path(
        "fit-outs/<int:pk>/return-deposit/",
        fit_outs.FitOutReturnDeposit.as_view(),
        name="fit-out-return-deposit",
    ),
    path("handovers/", handovers.HandoverList.as_view(), name="handover-list"),
    path("handovers/<int:pk>/", handovers.HandoverDetail.as_view(), name="handover-detail"),
    path("handovers/<int:pk>/edit/", handovers.HandoverEdit.as_view(), name="handover-edit"),
    path("handovers/<int:pk>/sign/", handovers.HandoverSign.as_view(), name="handover-sign"),
    path(
        "handovers/<int:pk>/dispute/", handovers.HandoverDispute.as_view(), name="handover-dispute"
    ),
    path("handovers/<int:pk>/recall/", handovers.HandoverRecall.as_view(), name="handover-recall"),
    path(
        "handovers/<int:pk>/discard/", handovers.HandoverDiscard.as_view(), name="handover-discard"
    ),
    path(
        "allocations/<int:pk>/extend-hold/",
        allocations.AllocationExtendHold.as_view(),
        name="allocation-extend-hold",
    ),
    path("allocations/<int:pk>/move/", changes.AllocationMove.as_view(), name="allocation-move"),
    path("allocations/<int:pk>/split/", changes.AllocationSplit.as_view(), name="allocation-split"),
    path(
        "allocations/<int:pk>/extend/",
        changes.AllocationExtend.as_view(),
        name="allocation-extend",
    ),
    path("allocations/<int:pk>/end/", changes.AllocationEnd.as_view(), name="allocation-end"),
    path("seat-loans/", loans.LoanList.as_view(), name="seat-loan-list"),
    path("seat-loans/<int:pk>/", loans.LoanDetail.as_view(), name="seat-loan-detail"),
    path("seat-loans/<int:pk>/agree/", loans.LoanAgree.as_view(), name="seat-loan-agree"),
    path("seat-loans/<int:pk>/refuse/", loans.LoanRefuse.as_view(), name="seat-loan-refuse"),
    path("seat-loans/<int:pk>/cancel/", loans.LoanCancel.as_view(), name="seat-loan-cancel"),
    path("seat-loans/<int:pk>/arrange/", loans.LoanArrange.as_view(), name="seat-loan-arrange"),
    path("seat-loans/<int:pk>/return/", loans.LoanReturn.as_view(), name="seat-loan-return"),
]
