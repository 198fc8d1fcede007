"""Pages of messages, the outbox and background work; health."""

from django.urls import path

from foundation import views

app_name = "foundation"
urlpatterns = [
    path("messages/", views.message_list, name="message-list"),
    path("messages/read/", views.message_read_all, name="message-read-all"),
    path("messages/<int:pk>/", views.message_open, name="message-open"),
    path("outbox/", views.outbox_list, name="outbox-list"),
    path("progress/<int:pk>/", views.job_detail, name="job-detail"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
