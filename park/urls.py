"""Pages of quoted figures."""

from django.urls import path

from park import views

app_name = "park"
urlpatterns = [path("figures/", views.figure_list, name="figure-list")]
