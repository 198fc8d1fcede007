"""Pages of requests and allocations."""

from django.urls import path

from seats.views import allocations, decisions, offers, requests

app_name = "seats"
urlpatterns = [
    path("requests/", requests.request_list, name="request-list"),
    path("requests/new/", requests.request_create, name="request-create"),
    path("requests/<int:pk>/", requests.request_detail, name="request-detail"),
    path("requests/<int:pk>/edit/", requests.request_edit, name="request-edit"),
    path("requests/<int:pk>/submit/", requests.request_submit, name="request-submit"),
    path("requests/<int:pk>/withdraw/", requests.request_withdraw, name="request-withdraw"),
    path("requests/<int:pk>/take-up/", decisions.request_take_up, name="request-take-up"),
    path("requests/<int:pk>/hand-over/", decisions.request_hand_over, name="request-hand-over"),
    path("requests/<int:pk>/send-back/", decisions.request_send_back, name="request-send-back"),
    path("requests/<int:pk>/reject/", decisions.request_reject, name="request-reject"),
    path("requests/<int:pk>/approve/", decisions.request_approve, name="request-approve"),
    path("requests/<int:pk>/offer/", offers.request_offer, name="request-offer"),
    path("requests/<int:pk>/recall/", offers.request_recall, name="request-recall"),
    path("requests/<int:pk>/accept/", offers.request_accept, name="request-accept"),
    path("requests/<int:pk>/decline/", offers.request_decline, name="request-decline"),
    path("requests/<int:pk>/fulfil/", offers.request_fulfil, name="request-fulfil"),
    path("allocations/", allocations.allocation_list, name="allocation-list"),
    path("allocations/new/", allocations.allocation_create, name="allocation-create"),
    path("allocations/<int:pk>/", allocations.allocation_detail, name="allocation-detail"),
    path(
        "allocations/<int:pk>/confirm/", allocations.allocation_confirm, name="allocation-confirm"
    ),
    path(
        "allocations/<int:pk>/release/", allocations.allocation_release, name="allocation-release"
    ),
]
