"""A person's own page: name, language, how one signs in, tokens for programs."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django.views.i18n import set_language as remember_in_this_browser

from accounts import services
from accounts.forms import ProfileForm, TokenForm
from accounts.models import ApiToken
from accounts.requests import UserRequest
from web.htmx import see_other
from web.posting import posted_from


@require_http_methods(["GET", "POST"])
@login_required
def profile(request: UserRequest) -> HttpResponse:
    """Change one's name and language; see the tokens."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        services.edit_profile(user=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return see_other(request, reverse("accounts:profile"))
    return _profile_page(request, form=form)


@posted_from("accounts:profile")
@never_cache
@login_required
def token_create(request: UserRequest) -> HttpResponse:
    """Make a token and show it, this once."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _profile_page(request, token_form=form)
    token = services.make_api_token(
        user=request.user, name=form.cleaned_data["name"], now=timezone.now()
    )
    return _profile_page(request, new_token=token)


@posted_from("accounts:profile")
@login_required
def token_revoke(request: UserRequest, pk: int) -> HttpResponse:
    """End one of one's tokens at once."""
    token = get_object_or_404(ApiToken, pk=pk, user=request.user)
    services.revoke_api_token(token=token, now=timezone.now())
    messages.success(request, _("The token ended. Programs that use it are signed out."))
    return see_other(request, reverse("accounts:profile"))


@posted_from("portal:start")
def set_language(request: UserRequest) -> HttpResponseBase:
    """Switch the language in this browser and, for who is signed in, for good."""
    response = remember_in_this_browser(request)
    if request.user.is_authenticated:
        services.set_language(user=request.user, language=request.POST.get("language", ""))
    return response


def _profile_page(
    request: UserRequest,
    *,
    form: ProfileForm | None = None,
    token_form: TokenForm | None = None,
    new_token: str = "",
) -> HttpResponse:
    tokens = request.user.api_tokens.usable(timezone.now()).order_by("-created_at")
    context = {
        "form": form or ProfileForm(instance=request.user),
        "token_form": token_form or TokenForm(),
        "tokens": tokens,
        "new_token": new_token,
    }
    return render(request, "accounts/profile.html", context)
