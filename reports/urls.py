"""Pages of monthly reports and indicators."""

app_name = "reports"
urlpatterns: list = []
