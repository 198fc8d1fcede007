"""Files as bytes in the database."""

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.utils import IntegrityError

from foundation.models import StoredFile
from foundation.storage import DatabaseStorage
from web.refusals import Invalid

pytestmark = pytest.mark.django_db

DATA = bytes(range(256)) * 40


def test_is_where_files_go_by_themselves():
    assert isinstance(default_storage, DatabaseStorage)


def test_gives_back_every_byte():
    name = default_storage.save("reports/2024-02.xlsx", ContentFile(DATA))

    with default_storage.open(name) as file:
        assert file.read() == DATA
    assert default_storage.size(name) == len(DATA)
    assert default_storage.exists(name)
    row = StoredFile.objects.get(name=name)
    assert row.sha256 == hashlib.sha256(DATA).hexdigest()
    assert default_storage.get_created_time(name) == row.created_at


def test_never_overwrites_a_file():
    first = default_storage.save("same.csv", ContentFile(b"1"))
    second = default_storage.save("same.csv", ContentFile(b"2"))

    assert first != second
    with default_storage.open(first) as file:
        assert file.read() == b"1"


def test_forgets_what_is_deleted():
    name = default_storage.save("a.csv", ContentFile(b"1"))

    default_storage.delete(name)

    assert not default_storage.exists(name)


def test_has_no_address_that_would_pass_by_the_views():
    with pytest.raises(NotImplementedError):
        default_storage.url("a.csv")


def test_refuses_what_is_too_large(monkeypatch):
    monkeypatch.setattr(StoredFile, "LARGEST", 10)
    default_storage.save("ten", ContentFile(b"x" * 10))

    with pytest.raises(Invalid):
        default_storage.save("eleven", ContentFile(b"x" * 11))
    assert not StoredFile.objects.filter(name="eleven").exists()


def test_so_does_the_database():
    with pytest.raises(IntegrityError, match="not_too_large"):
        StoredFile.objects.create(name="x", data=b"", size=20 * 1024 * 1024 + 1, sha256="")
