"""Files as bytes in PostgreSQL: several machines need no shared disk, one dump holds everything."""

import hashlib
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible

from foundation.models import StoredFile
from web.refusals import Invalid


@deconstructible
class DatabaseStorage(Storage):
    """Django's storage interface over `StoredFile`. Views that check serve files, no URL does."""

    def _open(self, name: str, mode: str = "rb") -> File:
        return ContentFile(bytes(StoredFile.objects.get(name=name).data), name=name)

    def _save(self, name: str, content: File) -> str:
        data = content.read()
        if len(data) > StoredFile.LARGEST:
            raise Invalid({"file": "too_large"})
        StoredFile.objects.create(
            name=name, data=data, size=len(data), sha256=hashlib.sha256(data).hexdigest()
        )
        return name

    def delete(self, name: str) -> None:
        StoredFile.objects.filter(name=name).delete()

    def exists(self, name: str) -> bool:
        return StoredFile.objects.filter(name=name).exists()

    def size(self, name: str) -> int:
        return StoredFile.objects.values_list("size", flat=True).get(name=name)

    def get_created_time(self, name: str) -> Any:
        return StoredFile.objects.values_list("created_at", flat=True).get(name=name)
