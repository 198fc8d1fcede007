"""Pages of the place and what is free in it: zones, buildings, floors."""

app_name = "place"
urlpatterns: list = []
