"""API addresses of the place, of who holds which seats, and of who asks for some."""

from django.urls import path

from seats.api import allocations, occupancy, place, requests

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
        requests.RequestSubmit.as_view(),
        name="seat-request-submit",
    ),
    path(
        "seat-requests/<int:pk>/withdraw/",
        requests.RequestWithdraw.as_view(),
        name="seat-request-withdraw",
    ),
    path(
        "seat-requests/<int:pk>/take-up/",
        requests.RequestTakeUp.as_view(),
        name="seat-request-take-up",
    ),
    path(
        "seat-requests/<int:pk>/send-back/",
        requests.RequestSendBack.as_view(),
        name="seat-request-send-back",
    ),
    path(
        "seat-requests/<int:pk>/reject/",
        requests.RequestReject.as_view(),
        name="seat-request-reject",
    ),
    path(
        "seat-requests/<int:pk>/approve/",
        requests.RequestApprove.as_view(),
        name="seat-request-approve",
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
