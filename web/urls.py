"""Addresses that only a developer sees; config.urls includes them while DEBUG is on."""

from django.urls import path

from web import styleguide

app_name = "web"
urlpatterns = [
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("styleguide/progress/<int:done>/", styleguide.work_in_progress, name="work-in-progress"),
]
