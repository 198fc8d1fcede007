"""Pages of the place and what is free in it: zones, buildings, floors."""

from django.urls import path

from seats.views import floor_delays, floors, layouts, places

app_name = "place"
urlpatterns = [
    path("", places.zone_list, name="zone-list"),
    path("zones/<str:code>/", places.zone_detail, name="zone-detail"),
    path("zones/<str:code>/delay/", floor_delays.floors_delay, name="floors-delay"),
    path("buildings/<int:pk>/", places.building_detail, name="building-detail"),
    path("floors/<int:pk>/", places.floor_detail, name="floor-detail"),
    path("floors/<int:pk>/layout/", layouts.floor_layout, name="floor-layout"),
    path("floors/<int:pk>/deliver/", floors.floor_deliver, name="floor-deliver"),
    path("floors/<int:pk>/delay/", floors.floor_delay, name="floor-delay"),
]
