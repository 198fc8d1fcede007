"""What the worker does for the seats."""

from typing import Any

from celery import shared_task
from django.conf import settings
from django.utils import translation

from accounts.models import User
from foundation import clock
from foundation.services.jobs import Progress, handles
from seats.services.expiry import end_expired_holds as end_them
from seats.services.holds import warn_of_ending_holds as warn_of_them
from seats.services.imports import apply_import, check_import
from seats.services.imports.applying import APPLY, ImportOvertaken
from seats.services.imports.checking import CHECK
from seats.services.lending import mind_loans as mind_them
from seats.services.serving import serve_waiting_list as serve_it
from web.refusals import Refusal


@shared_task
def end_expired_holds() -> None:
    end_them(now=clock.now())


@shared_task
def warn_of_ending_holds() -> None:
    warn_of_them(now=clock.now())


@shared_task
def serve_waiting_list() -> None:
    serve_it(now=clock.now(), today=clock.today())


@shared_task
def mind_loans() -> None:
    mind_them(today=clock.today(), now=clock.now())


@handles(CHECK)
def check(progress: Progress) -> dict[str, Any]:
    """Compare a list with the park."""
    owner, pk = _owner(progress), progress.arguments["import"]
    with translation.override(owner.language or settings.LANGUAGE_CODE):
        try:
            check_import(import_id=pk, now=clock.now(), acting_user=owner, progress=progress)
        except Refusal as refusal:
            return {"import": pk, "refused": str(refusal)}
    return {"import": pk}


@handles(APPLY)
def apply(progress: Progress) -> dict[str, Any]:
    """Apply a list. Where the park has changed since it was looked at, compare it anew and say so.

    A worker that dies in the middle has written nothing: who takes the job over begins again.
    """
    owner, pk = _owner(progress), progress.arguments["import"]
    with translation.override(owner.language or settings.LANGUAGE_CODE):
        try:
            apply_import(
                import_id=pk,
                expected_version=progress.arguments["version"],
                today=clock.today(),
                now=clock.now(),
                acting_user=owner,
                progress=progress,
            )
        except Refusal as refusal:
            if isinstance(refusal, ImportOvertaken):
                check_import(import_id=pk, now=clock.now(), acting_user=owner)
            return {"import": pk, "refused": str(refusal)}
    return {"import": pk}


def _owner(progress: Progress) -> User:
    owner = progress.job.owner
    assert owner is not None  # noqa: S101 - pages ask for these jobs in somebody's name
    return owner
