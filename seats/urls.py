"""Pages of requests and allocations."""

from django.urls import path

from seats.views import allocations, decisions, ends, fit_outs, handovers, offers, planner, requests

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
    path("ends/", ends.ends, name="ends"),
    path("planner/", planner.planner, name="planner"),
    path("planner/hold/", planner.planner_hold, name="planner-hold"),
    path("allocations/", allocations.allocation_list, name="allocation-list"),
    path("allocations/new/", allocations.allocation_create, name="allocation-create"),
    path("allocations/<int:pk>/", allocations.allocation_detail, name="allocation-detail"),
    path(
        "allocations/<int:pk>/confirm/", allocations.allocation_confirm, name="allocation-confirm"
    ),
    path(
        "allocations/<int:pk>/release/", allocations.allocation_release, name="allocation-release"
    ),
    path("fit-outs/", fit_outs.fit_out_list, name="fit-out-list"),
    path("fit-outs/new/", fit_outs.fit_out_create, name="fit-out-create"),
    path("fit-outs/<int:pk>/", fit_outs.fit_out_detail, name="fit-out-detail"),
    path("fit-outs/<int:pk>/days/", fit_outs.fit_out_days, name="fit-out-days"),
    path("fit-outs/<int:pk>/files/", fit_outs.fit_out_file_add, name="fit-out-file-add"),
    path("fit-outs/<int:pk>/files/<int:file_pk>/", fit_outs.fit_out_file, name="fit-out-file"),
    path("fit-outs/<int:pk>/<slug:slug>/", fit_outs.fit_out_step, name="fit-out-step"),
    path("handovers/", handovers.handover_list, name="handover-list"),
    path("allocations/<int:pk>/handover/", handovers.handover_create, name="handover-create"),
    path("handovers/<int:pk>/", handovers.handover_detail, name="handover-detail"),
    path("handovers/<int:pk>/print/", handovers.handover_print, name="handover-print"),
    path("handovers/<int:pk>/edit/", handovers.handover_edit, name="handover-edit"),
    path("handovers/<int:pk>/sign/", handovers.handover_sign, name="handover-sign"),
    path("handovers/<int:pk>/dispute/", handovers.handover_dispute, name="handover-dispute"),
    path("handovers/<int:pk>/recall/", handovers.handover_recall, name="handover-recall"),
    path("handovers/<int:pk>/discard/", handovers.handover_discard, name="handover-discard"),
    path("handovers/<int:pk>/correct/", handovers.handover_correct, name="handover-correct"),
]
