"""The type of a request behind `@login_required`: there is somebody."""

from django.http import HttpRequest

from accounts.models import User


class UserRequest(HttpRequest):
    """A request whose user is signed in. Views say so by this type and by their decorator."""

    user: User
