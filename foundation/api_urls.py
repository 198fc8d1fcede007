"""API addresses of foundation."""

urlpatterns: list = []
