"""Where the result of background work is to be seen: each room says so for its kind of job."""

from collections.abc import Callable
from typing import TypedDict

from django.utils.functional import Promise

from foundation.models import Job


class Link(TypedDict):
    """What the progress part shows when the work is done."""

    result_url: str
    result: str | Promise


_links: dict[str, Callable[[Job], Link]] = {}


def shows(kind: str) -> Callable[[Callable[[Job], Link]], Callable[[Job], Link]]:
    """Make a function say where the result of a finished job of `kind` is."""

    def register(link: Callable[[Job], Link]) -> Callable[[Job], Link]:
        _links[kind] = link
        return link

    return register


def result_of(job: Job) -> Link:
    """The link to a job's result; empty until it is done."""
    link = _links.get(job.kind)
    if link is None or job.state != Job.State.DONE:
        return Link(result_url="", result="")
    return link(job)
