"""API addresses of tenants."""

urlpatterns: list = []
