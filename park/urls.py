"""Pages of quoted figures."""

app_name = "park"
urlpatterns: list = []
