"""API addresses of seats."""

urlpatterns: list = []
