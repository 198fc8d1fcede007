"""API addresses of the place, of who holds which seats, and of who asks for some."""

from django.urls import path

from seats.api import allocations, occupancy, place, requests, steps

urlpatterns = [
    path("zones/", place.ZoneList.as_view(), name="zone-list"),
    path("zones/<int:pk>/", place.ZoneDetail.as_view(), name="zone-detail"),
    path("buildings/", place.BuildingList.as_view(), name="building-list"),
    path("buildings/<int:pk>/", place.BuildingDetail.as_view(), name="building-detail"),
    path("floors/", place.FloorList.as_view(), name="floor-list"),
    path("floors/<int:pk>/", place.FloorDetail.as_view(), name="floor-detail"),
    path("occupancy/", occupancy.OccupancyView.as_view(), name="occupancy"),
    path("seat-days/", occupancy.SeatDaysView.as_view(), name="seat-days"),
    path("free-runs/", occupancy.FreeRunsView.as_view(), name="free-runs"),
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
        allocations.AllocationRelease.as_view(),
        name="allocation-release",
    ),
    path(
        "allocations/<int:pk>/confirm/",
        allocations.AllocationConfirm.as_view(),
        name="allocation-confirm",
    ),
]
