"""API addresses of returns."""

urlpatterns: list = []
