"""Versions as ETags."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from web.etags import expected_version, set_etag
from web.refusals import Invalid


@pytest.mark.parametrize(
    ("given", "version"), [('"7"', 7), ('W/"7"', 7), ("7", 7), ("*", None), ("", None)]
)
def test_reads_if_match(given: str, version: int | None) -> None:
    request = RequestFactory().patch("/", headers={"If-Match": given})

    assert expected_version(request) == version


@pytest.mark.parametrize("given", ['"x"', '"7", "8"', '"-1"', "٣"])
def test_refuses_what_is_no_version_of_ours(given: str) -> None:
    request = RequestFactory().patch("/", headers={"If-Match": given})

    with pytest.raises(Invalid) as refusal:
        expected_version(request)

    assert refusal.value.errors[0]["field"] == "If-Match"


def test_writes_the_version() -> None:
    assert set_etag(HttpResponse(), 7).headers["ETag"] == '"7"'
