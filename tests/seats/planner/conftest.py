"""Plans are read in English here."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _in_english(_nobodys_language: None) -> Iterator[None]:
    with translation.override("en"):
        yield
