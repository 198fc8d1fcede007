"""Pages of monthly returns and of the months they belong to."""

app_name = "returns"
urlpatterns: list = []
