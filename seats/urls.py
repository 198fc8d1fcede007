"""Pages of requests and allocations."""

app_name = "seats"
urlpatterns: list = []
