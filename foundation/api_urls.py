"""API addresses of foundation."""

from django.urls import path

from foundation.api import JobDetail

urlpatterns = [path("jobs/<int:pk>/", JobDetail.as_view(), name="job-detail")]
