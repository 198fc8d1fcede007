"""Pages of enterprises and their people."""

app_name = "tenants"
urlpatterns: list = []
