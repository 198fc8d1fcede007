"""Start pages, and the one page per enterprise."""

app_name = "portal"
urlpatterns: list = []
